"""Writes the names that Spark gives columns without AS to fixtures/names.json: [[expression, name], …].

    (set up as for expect.py)
    .venv/bin/python test/parity/names.py

The expressions are those of names.txt, and calls of every scalar function that Spark has, with arguments of many types; those that Spark refuses are
left out. The columns are `COLUMNS`, which names.spec.ts has too.
"""

import itertools
import json
import pathlib

import py4j.java_gateway
import py4j.protocol

from expect import session

HERE = pathlib.Path(__file__).parent
COLUMNS = "s string, u string, i int, j int, l bigint, x double, y double, f float, n decimal(10,2), b boolean, c boolean, d date, e date, t timestamp, z binary, k tinyint, h smallint, tags array<string>, a array<int>, aa array<array<int>>, m map<string,int>, g struct<lat:double,city:string>, items array<struct<sku:string,n:int>>"
# each list is tried for each count of arguments, from the left; the first few that Spark takes stay
ONE = ["s", "i", "x", "d", "t", "b", "z", "'a'", "a", "aa", "m", "items"]
TWO = ["s, u", "s, 2", "i, j", "x, 0", "d, 1", "d, e", "t, s", "s, ','", "'a', s", "'month', t", "a, a", "a, i", "m, 'k'", "tags, s"]
THREE = ["s, 'a', 'b'", "s, 1, 2", "i, j, 1", "b, i, j", "s, 2, 'a'", "'a', s, 2", "a, 1, 2", "tags, ',', '-'"]
FOUR = ["s, 'a', 'b', 1", "i, j, 1, 2"]
# more shapes of a function add nothing
KEPT = 2
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
        names = spark._jsparkSession.sql(f"SELECT {expression} FROM t").columns()
    except py4j.protocol.Py4JError:
        return None
    return names[0] if len(names) == 1 else None


def main():
    spark = session()
    # PySpark's own asks for much of each error, of which there are thousands
    py4j.java_gateway.get_return_value = py4j.protocol.get_return_value
    spark.createDataFrame([], COLUMNS).createOrReplaceTempView("t")
    lines = (HERE / "names.txt").read_text().splitlines()
    written = [line for line in lines if line and not line.startswith("#")]
    answers = {}
    for expression in written:
        name = name_of(spark, expression)
        if name is None:
            print("Spark refuses", expression)
        else:
            answers[expression] = name
    for function in functions(spark):
        for shapes in ([""], ONE, TWO, THREE, FOUR):
            calls = (f"{function}({shape})" for shape in shapes)
            named = ((call, name_of(spark, call)) for call in calls)
            answers.update(itertools.islice(((call, name) for call, name in named if name is not None), KEPT))
    # an attribute's number (b#9) is another in each session
    answers = {expression: name for expression, name in answers.items() if "#" not in name}
    text = ",\n".join(json.dumps(pair, ensure_ascii=False) for pair in answers.items())
    (HERE / "fixtures" / "names.json").write_text(f"[\n{text}\n]\n")
    print(len(answers), "names")


if __name__ == "__main__":
    main()
