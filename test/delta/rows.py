"""What the commits say that a Delta table holds, and how rows of different engines are compared: as sorted lists of texts."""

import datetime
import json

import pyarrow as pa
import pyarrow.parquet as pq

EPOCH = datetime.datetime(1970, 1, 1)


def text(value):
    """A value as every engine's client gives it. A timestamp without a zone is UTC; microseconds since 1970."""
    if isinstance(value, datetime.datetime):
        if value.tzinfo is not None:
            value = value.astimezone(datetime.timezone.utc).replace(tzinfo=None)
        return str((value - EPOCH) // datetime.timedelta(microseconds=1))
    return None if value is None else str(value)


def sorted_rows(rows):
    return sorted(repr([text(value) for value in row]) for row in rows)


def rows_of(data, columns):
    """The rows of an Arrow table, its columns in one order; NULL where it lacks one."""
    values = [data[name].to_pylist() if name in data.column_names else [None] * data.num_rows for name in columns]
    return sorted_rows(zip(*values, strict=True))


def read_versions(path):
    """A JSON file: [{"version", "columns", "files": [{"path", "ingest_date", "batch"}]}]."""
    with open(path) as file:
        return json.load(file)


def committed(version):
    """The columns of a version and its rows."""
    columns = [*version["columns"], "ingest_date", "batch"]
    rows = []
    for file in version["files"]:
        data = pq.ParquetFile(file["path"]).read()
        for name in ("ingest_date", "batch"):
            data = data.append_column(name, pa.array([file[name]] * data.num_rows))
        rows += rows_of(data, columns)
    return columns, sorted(rows)


def compare(name, version, columns, rows, faults):
    """Notes where an engine has other columns or rows of a version than the commits say."""
    expected_columns, expected = committed(version)
    if list(columns) != expected_columns:
        faults.append(f"{name}, version {version['version']}: columns {columns}, {expected_columns} expected")
    elif rows != expected:
        faults.append(f"{name}, version {version['version']}: {len(rows)} rows, {len(expected)} expected, or others")
        differing = sorted(set(rows) ^ set(expected))
        faults += [f"  {'in' if row in expected else 'not in'} the commits' files: {row}" for row in differing[:4]]
