"""Reads a Delta table by deltalake (delta-rs) and by DuckDB (delta-kernel-rs), and compares each version with the files that
the commits name.

python read_delta.py TABLE VERSIONS
VERSIONS is JSON: [{"version", "columns", "files": [{"path", "ingest_date", "batch"}]}]. Prints what differs; exits with 1 then.
"""

import json
import os
import sys

import deltalake
import duckdb
import duckdb_extension_delta
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

table, versions = sys.argv[1:]
faults = []


def rows_of(data, columns):
    """Rows as sorted texts, the columns in one order; NULL where the data lacks one."""
    values = [data[name].to_pylist() if name in data.column_names else [None] * data.num_rows for name in columns]
    return sorted(repr(row) for row in zip(*values, strict=True))


def committed(version):
    columns = [*version["columns"], "ingest_date", "batch"]
    rows = []
    for file in version["files"]:
        data = pq.ParquetFile(file["path"]).read()
        for name in ("ingest_date", "batch"):
            data = data.append_column(name, pa.array([file[name]] * data.num_rows))
        rows += rows_of(data, columns)
    return columns, sorted(rows)


def by_deltalake(version):
    return deltalake.DeltaTable(table, version=version).to_pyarrow_table()


def by_datafusion(version):
    builder = deltalake.QueryBuilder().register("t", deltalake.DeltaTable(table, version=version))
    return pa.table(builder.execute("SELECT * FROM t").read_all())


connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
root = os.path.dirname(duckdb_extension_delta.__file__)
connection.execute(f"LOAD '{root}/extensions/v{duckdb.__version__}/delta.duckdb_extension'")
connection.execute("SET TimeZone = 'UTC'")


def by_duckdb(version):
    return connection.execute(f"SELECT * FROM delta_scan('file://{table}', version={version})").to_arrow_table()


READERS = {"deltalake": by_deltalake, "DataFusion": by_datafusion, "DuckDB": by_duckdb}
expected = json.load(open(versions))
compared = 0
for each in expected:
    columns, rows = committed(each)
    for name, read in READERS.items():
        data = read(each["version"])
        compared += 1
        if data.column_names != columns:
            faults.append(f"{name}, version {each['version']}: columns {data.column_names}, {columns} expected")
        elif rows_of(data, columns) != rows:
            faults.append(f"{name}, version {each['version']}: {data.num_rows} rows, {len(rows)} expected, or others")

# files are passed over by their statistics: a filter must still find its rows
newest = by_deltalake(expected[-1]["version"])
dataset = deltalake.DeltaTable(table).to_pyarrow_dataset()
for name in newest.column_names:
    values = newest[name].to_pylist()
    for value in [None, *sorted({value for value in values if value is not None})[:6]]:
        literal = str(value) if isinstance(value, int) else f"'{value}'"
        count = values.count(value)
        where = f'"{name}" IS NULL' if value is None else f'"{name}" = {literal}'
        found = connection.execute(f"SELECT count(*) FROM delta_scan('file://{table}') WHERE {where}").fetchone()[0]
        if found != count:
            faults.append(f"DuckDB, {where}: {found} rows, {count} expected")
        field = pa.compute.field(name)
        found = dataset.filter(field.is_null() if value is None else field == value).count_rows()
        if found != count:
            faults.append(f"deltalake, {where}: {found} rows, {count} expected")

# another writer is refused
writes = {
    "delete": lambda delta: delta.delete(),
    "optimize": lambda delta: delta.optimize.compact(),
    "vacuum": lambda delta: delta.vacuum(0, dry_run=False, enforce_retention_duration=False, full=True),
    "append": lambda delta: deltalake.write_deltalake(delta, newest, mode="append"),
}
for name, write in writes.items():
    try:
        write(deltalake.DeltaTable(table))
        faults.append(f"deltalake, {name}: was not refused")
    except Exception as error:
        if "silversmith" not in str(error).lower():
            faults.append(f"deltalake, {name}: {error}")

times = [entry["timestamp"] for entry in deltalake.DeltaTable(table).history()]
if sorted(times, reverse=True) != times or len(set(times)) != len(times):
    faults.append(f"deltalake, history: {times}")
print("\n".join(faults) or f"{len(expected)} versions, {compared} comparisons, {len(writes)} foreign writes refused")
sys.exit(1 if faults else 0)
