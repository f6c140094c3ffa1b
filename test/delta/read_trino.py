"""Reads Delta tables by Trino, and compares each version with the files that the commits name. Trino gives timestamps of
Delta in milliseconds, so both are compared in those.

python read_trino.py URL TABLE VERSIONS [TABLE VERSIONS ...]: as read_delta.py.
"""

import datetime
import decimal
import json
import sys
import time
import urllib.request

import rows as compared_rows
from rows import EPOCH, compare, read_versions, sorted_rows

url = sys.argv[1]
faults = []


class QueryError(Exception):
    pass


def ask(path, body=None):
    headers = {"X-Trino-User": "test", "X-Trino-Catalog": "delta", "X-Trino-Time-Zone": "UTC"}
    return json.load(urllib.request.urlopen(urllib.request.Request(path, body and body.encode(), headers)))


def query(sql):
    answer = ask(f"{url}/v1/statement", sql)
    columns, rows = [], []
    while True:
        columns = answer.get("columns") or columns
        rows += answer.get("data") or []
        if "error" in answer:
            raise QueryError(f"{answer['error']['errorName']}: {answer['error']['message']}")
        if "nextUri" not in answer:
            break
        answer = ask(answer["nextUri"])
    read = [reader(column["type"]) for column in columns]
    return [column["name"] for column in columns], [
        [None if value is None else of(value) for of, value in zip(read, row, strict=True)] for row in rows
    ]


def reader(kind):
    """Turns JSON's value of a Trino type into the value that Arrow has."""
    if kind.startswith("timestamp"):
        return lambda value: datetime.datetime.fromisoformat(value.removesuffix(" UTC"))
    if kind.startswith("decimal"):
        return decimal.Decimal
    if kind == "date":
        return datetime.date.fromisoformat
    return lambda value: value


def in_milliseconds(text):
    def rounded(value):
        if isinstance(value, datetime.datetime):
            naive = value.replace(tzinfo=None) if value.tzinfo is None else value.astimezone(datetime.timezone.utc)
            since = naive.replace(tzinfo=None) - EPOCH
            value = EPOCH + datetime.timedelta(milliseconds=(since + HALF) // MILLISECOND)
        return text(value)

    return rounded


MILLISECOND = datetime.timedelta(milliseconds=1)
HALF = datetime.timedelta(microseconds=500)
compared_rows.text = in_milliseconds(compared_rows.text)

# What Trino says of a table whose writer features it lacks; of a local directory it says no to some writes before.
REFUSALS = ("silversmith", "Writes are not enabled on the file filesystem")
WRITES = (
    "DELETE FROM {} WHERE batch IS NOT NULL",
    "ALTER TABLE {} EXECUTE optimize",
    "CALL delta.system.vacuum('lake', '{name}', '0s')",
    "INSERT INTO {} SELECT * FROM {}",
)


def query_when_ready(sql):
    """A server that has just started has no node for some seconds."""
    for _ in range(120):
        try:
            return query(sql)
        except QueryError as error:
            if not str(error).startswith(("NO_NODES_AVAILABLE", "SERVER_STARTING_UP")):
                raise
            time.sleep(0.5)
    raise QueryError("no node")


query_when_ready("SELECT 1")
query("CREATE SCHEMA delta.lake")
count = 0
for i, (table, versions) in enumerate(zip(sys.argv[2::2], sys.argv[3::2], strict=True)):
    name = f"reviews{i}"
    query(f"CALL delta.system.register_table('lake', '{name}', 'file://{table}')")
    for version in read_versions(versions):
        columns, rows = query(f"SELECT * FROM delta.lake.{name} FOR VERSION AS OF {version['version']}")
        lower = {**version, "columns": [column.lower() for column in version["columns"]]}
        compare("Trino", lower, columns, sorted_rows(rows), faults)
        count += 1
    for write in WRITES:
        try:
            query(write.format(*[f"delta.lake.{name}"] * 2, name=name))
            faults.append(f"Trino, {write}: was not refused")
        except QueryError as error:
            if not any(refusal in str(error) for refusal in REFUSALS):
                faults.append(f"Trino, {write}: {error}")
print("\n".join(faults) or f"Trino: {count} comparisons, {len(WRITES)} foreign writes refused")
sys.exit(1 if faults else 0)
