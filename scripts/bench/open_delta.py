"""Opens a Delta table and plans a query over it, by deltalake and by DuckDB: python open_delta.py TABLE"""

import os
import sys
import time

import deltalake
import duckdb
import duckdb_extension_delta

table = sys.argv[1]
start = time.perf_counter()
delta = deltalake.DeltaTable(table)
files = len(delta.file_uris())
print(f"deltalake: version {delta.version()}, {files} files, {time.perf_counter() - start:.2f} s")

connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
root = os.path.dirname(duckdb_extension_delta.__file__)
connection.execute(f"LOAD '{root}/extensions/v{duckdb.__version__}/delta.duckdb_extension'")
start = time.perf_counter()
query = f"EXPLAIN SELECT count(*) FROM delta_scan('file://{table}') WHERE column_0 = 7"
connection.execute(query).fetchall()
print(f"DuckDB: {time.perf_counter() - start:.2f} s")
