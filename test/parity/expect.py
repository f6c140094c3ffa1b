"""Runs the parity queries with Spark and writes what it answers to fixtures/expected.json, and of queries over static tables alone to fixtures/static.json.

    python -m venv .venv && .venv/bin/pip install 'pyspark==3.5.*' pyarrow      (and Java 17)
    .venv/bin/python test/parity/lake.py && .venv/bin/python test/parity/expect.py

Cells are JSON, arrays, structs and maps (as pairs) lists: bigint and timestamp (microseconds) as text, decimal as its unscaled digits, date as days since 1970, binary as hexadecimal, doubles that
JSON lacks by name.
"""

import datetime
import decimal
import json
import math
import pathlib
import re
import tempfile

import pyspark
from pyspark.sql import SparkSession

HERE = pathlib.Path(__file__).parent
LAKE = HERE / "fixtures" / "lake" / "bronze"


def queries():
    for path in sorted((HERE / "queries").glob("*.sql")):
        for block in re.split(r"^(?=-- (?:same|static|refused|refused here): )", path.read_text(), flags=re.M):
            match = re.match(r"-- (same|static|refused|refused here): (.*)\n", block)
            if match:
                yield match[1], f"{path.stem}: {match[2]}", block[match.end():].strip()


def session():
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.ansi.enabled", "false")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.parquet.mergeSchema", "true")
        .config("spark.sql.parquet.datetimeRebaseModeInRead", "CORRECTED")
        .config("spark.sql.parquet.int96RebaseModeInRead", "CORRECTED")
        .config("spark.driver.extraJavaOptions", "-Duser.timezone=UTC")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    return spark


def encode(value, kind):
    if value is None:
        return None
    if kind in ("float", "double"):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return "-0.0" if value == 0 and math.copysign(1, value) < 0 else value
    if kind == "timestamp" and isinstance(value, datetime.datetime):
        return str((value - datetime.datetime(1970, 1, 1)) // datetime.timedelta(microseconds=1))
    if kind in ("bigint", "timestamp"):
        return str(value)
    if kind.startswith("decimal"):
        scale = int(re.search(r",(\d+)\)", kind)[1])
        # Some sums of decimals come with more zeros behind the point than their type has.
        digits = value.scaleb(scale, decimal.Context(prec=80))
        assert digits == digits.to_integral_value(), (value, kind)
        return str(int(digits))
    if kind == "binary":
        return bytes(value).hex()
    if kind == "date" and isinstance(value, datetime.date):
        return (value - datetime.date(1970, 1, 1)).days
    if kind.startswith("array<"):
        return [encode(element, kind[6:-1]) for element in value]
    if kind.startswith("map<"):
        key, of = parts(kind[4:-1])
        pairs = value.items() if isinstance(value, dict) else value
        return [[encode(k, key), encode(v, of)] for k, v in pairs]
    if kind.startswith("struct<"):
        return [encode(v, field.split(":", 1)[1]) for v, field in zip(value, parts(kind[7:-1]))]
    return value


def parts(kinds):
    """What the commas separate that are not inside of a type."""
    found, depth = [""], 0
    for character in kinds:
        depth += character in "<("
        depth -= character in ">)"
        if character == "," and depth == 0:
            found.append("")
        else:
            found[-1] += character
    return found


def answer(spark, sql):
    frame = spark.sql(sql)
    schema = [[field.name, field.dataType.simpleString(), field.nullable] for field in frame.schema.fields]
    plain = frame.toDF(*[f"c{i}" for i in range(len(schema))])
    as_number = {"timestamp": "unix_micros", "date": "unix_date"}
    # A dict of Python has not the map's order.
    function = [as_number.get(kind, "map_entries" if kind.startswith("map<") else "") for _, kind, _ in schema]
    picked = plain.selectExpr(*[f"{name}(c{i})" for i, name in enumerate(function)])
    rows = [[encode(value, kind) for value, (_, kind, _) in zip(row, schema)] for row in picked.collect()]
    rows.sort(key=lambda row: json.dumps(row, ensure_ascii=False))
    return {"schema": schema, "rows": rows}


def stream(spark, sql):
    """Starts the query as the streaming job would, with the reviews as a stream in append mode."""
    with tempfile.TemporaryDirectory() as folder:
        query = (
            spark.sql(sql).writeStream.format("parquet").outputMode("append")
            .option("path", f"{folder}/out").option("checkpointLocation", f"{folder}/checkpoint")
            .trigger(availableNow=True).start()
        )
        query.awaitTermination()


def error_class(error):
    match = re.match(r"\s*\[([A-Z_.]+)\]", str(error))
    return match[1] if match else str(error).strip().split("\n")[0][:120]


def refusal(spark, sql):
    try:
        stream(spark, sql)
        return {"refused": False}
    except Exception as error:
        return {"refused": True, "error": error_class(error)}


def main():
    spark = session()
    reviews = spark.read.parquet(str(LAKE / "reviews"))
    for table in ("customers", "products", "makers", "bands", "empty"):
        spark.read.parquet(str(LAKE / table)).createOrReplaceTempView(f"bronze_{table}")
    expected = {}
    for kind, name, sql in queries():
        assert name not in expected, name
        try:
            if kind in ("same", "static"):
                reviews.createOrReplaceTempView("bronze_reviews")
                # A view hides _metadata; the files themselves have it.
                plain = sql.replace("bronze_reviews", f"parquet.`{LAKE}/reviews`") if "_metadata" in sql else sql
                expected[name] = answer(spark, plain)
            else:
                spark.readStream.schema(reviews.schema).parquet(str(LAKE / "reviews")).createOrReplaceTempView("bronze_reviews")
                expected[name] = refusal(spark, sql)
                if expected[name]["refused"] != (kind == "refused"):
                    print(f"Spark {'refuses' if expected[name]['refused'] else 'takes'} {name}")
        except Exception as error:
            print(f"{name}: {error_class(error)}\n   {str(error)[:300]}")
    static = {name for kind, name, _ in queries() if kind == "static"}
    write("expected.json", {name: value for name, value in expected.items() if name not in static})
    write("static.json", {name: value for name, value in expected.items() if name in static})


def write(file, answers):
    lines = [f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False, separators=(',', ':'))}" for name, value in answers.items()]
    text = f'{{"spark": "{pyspark.__version__}", "queries": {{\n' + ",\n".join(lines) + "\n}}\n"
    (HERE / "fixtures" / file).write_text(text)
    print(f"{len(answers)} queries in {file}")


if __name__ == "__main__":
    main()
