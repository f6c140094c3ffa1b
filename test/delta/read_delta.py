"""Reads Delta tables by deltalake (delta-rs), DataFusion and DuckDB (delta-kernel-rs), and compares each version with the
files that the commits name.

python read_delta.py TABLE VERSIONS [TABLE VERSIONS ...]: directories, and what rows.read_versions reads. Prints what differs;
exits with 1 then.
"""

import os
import sys

import deltalake
import duckdb
import duckdb_extension_delta
import pyarrow as pa
import pyarrow.compute
from rows import compare, read_versions, rows_of

faults = []
connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
root = os.path.dirname(duckdb_extension_delta.__file__)
connection.execute(f"LOAD '{root}/extensions/v{duckdb.__version__}/delta.duckdb_extension'")
connection.execute("SET TimeZone = 'UTC'")


def by_deltalake(table, version):
    return deltalake.DeltaTable(table, version=version).to_pyarrow_table()


def by_datafusion(table, version):
    builder = deltalake.QueryBuilder().register("t", deltalake.DeltaTable(table, version=version))
    return pa.table(builder.execute("SELECT * FROM t").read_all())


def by_duckdb(table, version):
    return connection.execute(f"SELECT * FROM delta_scan('file://{table}', version={version})").to_arrow_table()


READERS = {"deltalake": by_deltalake, "DataFusion": by_datafusion, "DuckDB": by_duckdb}
WRITES = {
    "delete": lambda delta, _: delta.delete(),
    "optimize": lambda delta, _: delta.optimize.compact(),
    "vacuum": lambda delta, _: delta.vacuum(0, dry_run=False, enforce_retention_duration=False, full=True),
    "append": lambda delta, rows: deltalake.write_deltalake(delta, rows, mode="append"),
}


def check_filters(table, newest):
    """Files are skipped by their statistics: a filter must still find its rows."""
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


def check_writes(table, newest):
    """Another writer is refused."""
    for name, write in WRITES.items():
        try:
            write(deltalake.DeltaTable(table), newest)
            faults.append(f"deltalake, {name}: was not refused")
        except Exception as error:
            if "silversmith" not in str(error).lower():
                faults.append(f"deltalake, {name}: {error}")


compared = 0
for table, versions in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
    expected = read_versions(versions)
    for version in expected:
        for name, read in READERS.items():
            data = read(table, version["version"])
            columns = [*version["columns"], "ingest_date", "batch"]
            compare(name, version, data.column_names, rows_of(data, columns), faults)
            compared += 1
    newest = by_deltalake(table, expected[-1]["version"])
    check_filters(table, newest)
    check_writes(table, newest)
    times = [entry["timestamp"] for entry in deltalake.DeltaTable(table).history()]
    if sorted(times, reverse=True) != times or len(set(times)) != len(times):
        faults.append(f"deltalake, history: {times}")

print("\n".join(faults) or f"{compared} comparisons, {len(WRITES)} foreign writes refused")
sys.exit(1 if faults else 0)
