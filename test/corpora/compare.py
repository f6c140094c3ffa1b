"""Compares silver with bronze as pyarrow reads it, or DuckDB where pyarrow can't.

Each line of the input is {"bronze": path, "silver": [path of the file alone, path of the file doubled]}; an empty silver
file is not compared. Each line of the output says whether pyarrow and DuckDB read bronze, and what differs.
"""

import datetime
import decimal
import json
import math
import os
import re
import sys
import uuid

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq


def plain(value):
    """A value without what its type adds: zones, units, widths."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, uuid.UUID):
        return value.bytes
    if isinstance(value, str):
        # an enum is text to some and bytes to others; beyond Python's years a timestamp is text, with a zone or without
        return re.sub(r"^(\d+-\d\d-\d\d \d\d:\d\d:.*)\+00$", r"\1", value).encode()
    if isinstance(value, (bytearray, memoryview)):
        return bytes(value)
    if hasattr(value, "to_pydatetime"):
        value = value.floor("us").to_pydatetime(warn=False)
    if isinstance(value, datetime.datetime) and value.tzinfo:
        return value.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, decimal.Decimal):
        return value.normalize() if value.is_finite() else str(value)
    if isinstance(value, int):
        return decimal.Decimal(value)
    if isinstance(value, float) or type(value).__name__ == "float16":
        return "NaN" if math.isnan(value) else float(value)
    return value


def values(column):
    """A column's values; timestamps as microseconds, since Python's datetimes end at the year 9999."""
    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        column = pa.chunked_array([chunk.storage for chunk in column.chunks], kind.storage_type)
        kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
    if pa.types.is_timestamp(kind):
        by = {"s": 10**6, "ms": 1000, "us": 1}.get(kind.unit)
        raw = column.cast(pa.int64()).to_pylist()
        return [None if each is None else each * by if by else each // 1000 for each in raw]
    return [plain(each) for each in column.to_pylist()]


def with_pyarrow(path):
    table = pq.ParquetFile(path).read()
    table.validate(full=False)
    return {name.lower(): table.column(i) for i, name in enumerate(table.column_names)}


def with_duckdb(path):
    rows = connection.execute("SELECT * FROM read_parquet(?)", [path])
    names = [column[0].lower() for column in rows.description]
    columns = list(zip(*rows.fetchall())) or [()] * len(names)
    micros = lambda at: round((at - datetime.datetime(1970, 1, 1)).total_seconds() * 10**6)
    found = {name: [plain(each) for each in column] for name, column in zip(names, columns)}
    return {
        name: [micros(each) if isinstance(each, datetime.datetime) else each for each in column]
        for name, column in found.items()
    }


def read_by_duckdb(path):
    """Whether DuckDB reads each value of a file: a count would be taken from the footer. Compared is what pyarrow has."""
    return connection.execute("SELECT bit_xor(hash(COLUMNS(*))) FROM read_parquet(?)", [path]).fetchall()


def same(found, wanted, copies):
    """Whether two columns of pyarrow are equal as they are, which is quicker to find out than value by value."""
    if not isinstance(found, pa.ChunkedArray) or not isinstance(wanted, pa.ChunkedArray) or found.type != wanted.type:
        return False
    rows = len(wanted)
    if not copies:
        return found.equals(wanted)
    return len(found) == 1 + 2 * rows and found[1 : 1 + rows].equals(wanted) and found[1 + rows :].equals(wanted)


def listed(column):
    return values(column) if isinstance(column, pa.ChunkedArray) else column


def attempt(read, path):
    try:
        return read(path), None
    except Exception as error:
        return None, f"{type(error).__name__}: {str(error)[:200]}"


def difference(wanted, by_pyarrow, by_duckdb, silver, copies):
    """Each reader must read silver that reads bronze; the values are those of pyarrow, or of DuckDB where it can't."""
    from_pyarrow, pyarrow_error = attempt(with_pyarrow, silver)
    from_duckdb, duckdb_error = attempt(read_by_duckdb if by_pyarrow else with_duckdb, silver)
    if by_pyarrow and pyarrow_error:
        return f"pyarrow can't read silver: {pyarrow_error}"
    if by_duckdb and duckdb_error:
        return f"DuckDB can't read silver: {duckdb_error}"
    found = from_pyarrow if by_pyarrow else from_duckdb
    for name, column in wanted.items():
        if same(found.get(name), column, copies):
            continue
        column = listed(column)
        column = [None, *column, *column] if copies else column
        if name not in found:
            if any(each is not None for each in column):
                return f"column {name} is missing in silver"
            continue
        own = listed(found[name])
        if own != column:
            at = next((i for i, pair in enumerate(zip(own, column)) if pair[0] != pair[1]), None)
            if at is None:
                return f"column {name} has {len(own)} rows in place of {len(column)}"
            return f"column {name}, row {at}: {str(own[at])[:80]!r} in place of {str(column[at])[:80]!r}"
    return None


connection = duckdb.connect()
connection.execute("SET TimeZone = 'UTC'")
for line in sys.stdin:
    pair = json.loads(line)
    by_pyarrow, pyarrow_error = attempt(with_pyarrow, pair["bronze"])
    by_duckdb, duckdb_error = attempt(read_by_duckdb if by_pyarrow else with_duckdb, pair["bronze"])
    wanted = by_pyarrow if by_pyarrow is not None else by_duckdb
    differences = []
    for copies, silver in enumerate(pair["silver"]):
        if os.path.getsize(silver) == 0:
            continue
        if wanted is None:
            differences.append(f"joined, and neither reads it: {pyarrow_error}; {duckdb_error}")
        else:
            readers = by_pyarrow is not None, by_duckdb is not None
            try:
                differences.append(difference(wanted, *readers, silver, copies))
            except OverflowError:
                # Python has no year beyond 9999; DuckDB gives text for such a timestamp
                differences.append(difference(with_duckdb(pair["bronze"]), False, True, silver, copies))
    said = {
        "pyarrow": by_pyarrow is not None,
        "duckdb": by_duckdb is not None,
        "difference": next((each for each in differences if each), None),
    }
    print(json.dumps(said), flush=True)
