"""Asks Spark for calls over arguments. It is run by ask.ts, as: spark.py FOLDER

FOLDER has arguments.json (columns, each with its name, type and cells, written as in expect.py) and calls.json (a list of
SQL). Written are answers.jsonl (a line for each call: its SQL, type and cells, or its error) and spark.json (the version
and the list of Spark's functions, each with its group).
"""

import decimal
import importlib.util
import json
import pathlib
import re
import sys

spec = importlib.util.spec_from_file_location("expect", pathlib.Path(__file__).parent.parent / "expect.py")
expect = importlib.util.module_from_spec(spec)
spec.loader.exec_module(expect)

# How a type that Python has not, or not in full, is handed over, and what makes the type of it. Maps keep their order so.
STORED = {
    "date": ("int", "date_from_unix_date({})"),
    "timestamp": ("bigint", "timestamp_micros({})"),
    "tinyint": ("int", "CAST({} AS tinyint)"),
    "smallint": ("int", "CAST({} AS smallint)"),
}


def stored(kind):
    if kind.startswith("map<"):
        key, value = expect.parts(kind[4:-1])
        return f"array<struct<key:{key},value:{value}>>", "map_from_entries({})"
    return STORED.get(kind, (kind, "{}"))


def decode(cell, kind):
    """The value that expect.encode writes so."""
    if cell is None:
        return None
    if kind in ("float", "double"):
        return float(cell)
    if kind in ("bigint", "timestamp"):
        return int(cell)
    if kind.startswith("decimal"):
        return decimal.Decimal(cell).scaleb(-int(re.search(r",(\d+)\)", kind)[1]), decimal.Context(prec=40))
    if kind == "binary":
        return bytearray.fromhex(cell)
    if kind.startswith("array<"):
        return [decode(element, kind[6:-1]) for element in cell]
    if kind.startswith("map<"):
        key, value = expect.parts(kind[4:-1])
        return [(decode(k, key), decode(v, value)) for k, v in cell]
    if kind.startswith("struct<"):
        return tuple(decode(v, field.split(":", 1)[1]) for v, field in zip(cell, expect.parts(kind[7:-1])))
    return cell


def view(spark, columns):
    kinds = [(column["name"], *stored(column["type"])) for column in columns]
    schema = ", ".join(f"{name} {kind}" for name, kind, _ in kinds)
    values = [[decode(cell, column["type"]) for cell in column["cells"]] for column in columns]
    frame = spark.createDataFrame([(*row, i) for i, row in enumerate(zip(*values))], f"{schema}, row int").coalesce(1)
    frame.selectExpr(*[f"{reads.format(name)} AS {name}" for name, _, reads in kinds], "row").cache().createOrReplaceTempView("arguments")


def ask(spark, expressions):
    frame = spark.sql(f"SELECT {', '.join(f'{sql} AS c{i}' for i, sql in enumerate(expressions))}, row FROM arguments")
    kinds = [field.dataType.simpleString() for field in frame.schema.fields[:-1]]
    as_number = {"timestamp": "unix_micros", "date": "unix_date"}
    # A dict of Python has not the map's order.
    function = [as_number.get(kind, "map_entries" if kind.startswith("map<") else "") for kind in kinds]
    rows = frame.selectExpr(*[f"{name}(c{i})" for i, name in enumerate(function)], "row").collect()
    rows.sort(key=lambda row: row[-1])
    return [{"sql": sql, "type": kind, "cells": [expect.encode(row[i], kind) for row in rows]} for i, (sql, kind) in enumerate(zip(expressions, kinds))]


def ask_one_by_one(spark, expressions):
    for sql in expressions:
        try:
            yield from ask(spark, [sql])
        except Exception as error:
            yield {"sql": sql, "error": f"{expect.error_class(error)}: {str(error)[:300]}"}


def main(folder):
    spark = expect.session()
    view(spark, json.loads((folder / "arguments.json").read_text()))
    todo = json.loads((folder / "calls.json").read_text())
    with (folder / "answers.jsonl").open("w") as output:
        for start in range(0, len(todo), 20):
            some = todo[start : start + 20]
            try:
                answers = ask(spark, some)
            except Exception:
                answers = ask_one_by_one(spark, some)
            output.writelines(f"{json.dumps(answer, separators=(',', ':'))}\n" for answer in answers)
    infos = spark._jvm.org.apache.spark.sql.api.python.PythonSQLUtils.listBuiltinFunctionInfos()
    functions = {info.getName(): info.getGroup() for info in infos}
    (folder / "spark.json").write_text(json.dumps({"spark": spark.version, "functions": functions}))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
