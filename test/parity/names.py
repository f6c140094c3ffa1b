"""Writes the names that Spark gives columns without AS to fixtures/names.json: [[expression, name], …].

    (set up as for expect.py)
    .venv/bin/python test/parity/names.py

The expressions are those of names.txt, and calls of every scalar function that Spark has, with arguments of many types; those that Spark refuses are
left out. The columns are `COLUMNS`, which names.spec.ts has too.
"""

import json
import pathlib

from expect import session

HERE = pathlib.Path(__file__).parent
COLUMNS = "s string, u string, i int, j int, l bigint, x double, y double, f float, n decimal(10,2), b boolean, c boolean, d date, e date, t timestamp, z binary, k tinyint, h smallint"
# each list is tried for each count of arguments, from the left; the first few that Spark takes stay
ONE = ["s", "i", "x", "n", "d", "t", "b", "z", "l", "'a'", "NULL", "1.50", "-2", "upper(s)"]
TWO = ["s, u", "s, i", "i, j", "x, y", "n, 1", "x, 0", "d, e", "d, 1", "s, 'a'", "'a', s", "t, s", "b, c", "z, i", "'MONTH', t", "i, NULL", "l, i", "s, 'yyyy'", "'UTC', t"]
THREE = ["s, u, s", "i, j, l", "s, 1, 2", "s, 'a', 'b'", "b, i, j", "x, y, 1", "d, e, d", "s, i, 'a'", "t, t, b", "'day', i, d", "'UTC', 'UTC', t"]
FOUR = ["s, 'a', 'b', 1", "i, j, l, 1", "s, u, 'a', 'b'", "x, y, 1, 2"]
# more shapes of a function add nothing
KEPT = 3
AGGREGATES_AND_ROWS = "agg_funcs window_funcs generator_funcs lambda_funcs".split()


def functions(spark):
    for (name,) in spark.sql("SHOW FUNCTIONS").collect():
        if not name.replace("_", "").isalnum():
            continue
        usage = spark._jsparkSession.sessionState().catalog().lookupFunctionInfo(
            spark._jvm.org.apache.spark.sql.catalyst.FunctionIdentifier(name)
        )
        if usage.getGroup() not in AGGREGATES_AND_ROWS:
            yield name


def name_of(spark, expression):
    try:
        names = spark.sql(f"SELECT {expression} FROM t").columns
    except Exception:
        return None
    return names[0] if len(names) == 1 else None


def main():
    spark = session()
    spark.createDataFrame([], COLUMNS).createOrReplaceTempView("t")
    lines = (HERE / "names.txt").read_text().splitlines()
    written = [line for line in lines if line and not line.startswith("#")]
    answers = {}
    for expression in written:
        name = name_of(spark, expression)
        assert name is not None, f"Spark refuses {expression}"
        answers[expression] = name
    for function in functions(spark):
        for shapes in ([""], ONE, TWO, THREE, FOUR):
            kept = 0
            for shape in shapes:
                expression = f"{function}({shape})"
                name = name_of(spark, expression) if kept < KEPT else None
                if name is not None:
                    answers[expression] = name
                    kept += 1
    text = ",\n".join(json.dumps(pair, ensure_ascii=False) for pair in answers.items())
    (HERE / "fixtures" / "names.json").write_text(f"[\n{text}\n]\n")
    print(len(answers), "names")


if __name__ == "__main__":
    main()
