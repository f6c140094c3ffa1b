"""The tables of the Glue catalogue as DuckDB relations, for the queries of athena_query.py.

- A partitioned table is the partitions in the catalogue, each at its own location, and nothing else: a folder that
  was never registered does not exist, a partition may lie anywhere. Columns are found by name; a missing one is NULL.
- A Delta table is what its log says (athena_delta.py).
- A column whose Parquet type does not fit the table's is HIVE_BAD_DATA, as in Trino's reader.
- Timestamps have milliseconds (finer ones are rounded).
"""

import atexit
import functools
import os
import re
import shutil
import tempfile
from urllib.parse import urlparse

import duckdb
from ministack.services import athena, glue, s3

from patches import athena_delta, iam

_copies = tempfile.mkdtemp(prefix="emulator-athena-")
atexit.register(shutil.rmtree, _copies, ignore_errors=True)


def _files(location):
    """Local copies of the objects under a location, without names that begin with _ or . (at any depth)."""
    url = urlparse(location)
    prefix = url.path.strip("/") + "/" if url.path.strip("/") else ""
    objects = s3._buckets.get(url.netloc, {}).get("objects", {})
    files = []
    for key in sorted(objects):
        if key.startswith(prefix) and not key.endswith("/") and not athena._hidden(key[len(prefix) :]):
            files.append(_copy(url.netloc, key))
    return files


def _copy(bucket, key):
    """A local copy of an object."""
    iam.check_athena("s3:GetObject", f"arn:aws:s3:::{bucket}/{key}")
    copy = os.path.join(_copies, s3._buckets[bucket]["objects"][key]["etag"].strip('"'))
    if not os.path.exists(copy):
        with open(copy, "wb") as file:
            file.write(s3._get_object_data(bucket, key))
    return copy


def quoted(text):
    return '"' + text.replace('"', '""') + '"'


def _literal(text):
    return "'" + text.replace("'", "''") + "'"


def duck_type(glue_type):
    """The DuckDB type that holds values of a Glue column type."""
    text = glue_type.strip().lower()
    if match := re.fullmatch(r"array<(.*)>", text):
        return duck_type(match[1]) + "[]"
    if match := re.fullmatch(r"map<(.*)>", text):
        return "MAP(" + ", ".join(map(duck_type, _split(match[1]))) + ")"
    if match := re.fullmatch(r"struct<(.*)>", text):
        fields = [field.partition(":") for field in _split(match[1])]
        return "STRUCT(" + ", ".join(f"{quoted(name)} {duck_type(kind)}" for name, _, kind in fields) + ")"
    if match := re.fullmatch(r"decimal(\(.*\))?", text):
        return "DECIMAL" + (match[1] or "(10, 0)")
    return athena._DUCKDB_TYPE_BY_ATHENA.get(text.split("(")[0], "VARCHAR")


def _split(text):
    """The parts of a list of types: split at the commas outside <> and ()."""
    parts, depth = [""], 0
    for character in text:
        depth += (character in "<(") - (character in ">)")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


# for each table type, the types of a Parquet column that Athena reads as it
_READABLE = {
    "TINYINT": {"TINYINT"},
    "SMALLINT": {"SMALLINT", "TINYINT"},
    "INTEGER": {"INTEGER", "SMALLINT", "TINYINT"},
    "BIGINT": {"BIGINT", "INTEGER", "SMALLINT", "TINYINT", "UINTEGER"},
    "DOUBLE": {"DOUBLE", "FLOAT"},
    "VARCHAR": {"VARCHAR", "BLOB", "JSON"},
    "BLOB": {"BLOB", "VARCHAR"},
    "TIMESTAMP": {"TIMESTAMP", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE"},
}


def _read_column(name, wanted, stored):
    """The expression that reads one column of a table from its files, where it has the type `stored` or is missing."""
    if stored is None:
        return f"CAST(NULL AS {wanted}) AS {quoted(name)}"
    simple = not re.search(r"[\[(]", wanted + stored)
    if simple and stored not in _READABLE.get(wanted, {wanted}):
        raise ValueError(
            f"HIVE_BAD_DATA: Field {name}'s type {stored} in parquet file is incompatible with type {wanted} "
            "defined in table schema"
        )
    value = f"CAST({quoted(name)} AS {wanted})"
    if wanted == "TIMESTAMP":
        value = f"date_trunc('milliseconds', {value} + INTERVAL 500 MICROSECONDS)"
    return f"{value} AS {quoted(name)}"


_describer = duckdb.connect()


@functools.lru_cache(maxsize=10_000)
def _stored_columns(source):
    """The columns of local copies, which never change: lower-case name → DuckDB type."""
    return {row[0].lower(): row[1] for row in _describer.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}


def _parquet_relation(table, parts):
    """A DuckDB relation over Parquet files; `parts` are pairs of partition values and local files."""
    return _relation_of(table["StorageDescriptor"]["Columns"], table.get("PartitionKeys") or [], parts)


def _delta_relation(table, workdirs):
    location = table["StorageDescriptor"]["Location"]
    columns, keys, files = athena_delta.read(location, workdirs)
    bucket = urlparse(location).netloc
    parts = {}
    for values, key in files:
        parts.setdefault(values, []).append(_copy(bucket, key))
    return _relation_of(columns, keys, parts.items())


def _relation_of(columns, keys, parts):
    columns = [(column["Name"], duck_type(column["Type"])) for column in columns]
    keys = [(key["Name"], duck_type(key["Type"])) for key in keys]
    nothing = ", ".join(f"CAST(NULL AS {kind}) AS {quoted(name)}" for name, kind in columns + keys)
    selects, scanned = [f"SELECT {nothing} WHERE FALSE"], 0
    for values, files in parts:
        if not files:
            continue
        scanned += sum(map(os.path.getsize, files))
        source = f"read_parquet({athena._sql_list(files)}, union_by_name = true, hive_partitioning = false)"
        stored = _stored_columns(source)
        read = [_read_column(name, kind, stored.get(name.lower())) for name, kind in columns]
        read += [
            f"CAST({_literal(v)} AS {kind}) AS {quoted(name)}" for (name, kind), v in zip(keys, values, strict=False)
        ]
        selects.append(f"SELECT {', '.join(read)} FROM {source}")
    return "(" + " UNION ALL ".join(selects) + ")", scanned


def _relation(key, table, workdirs):
    """A DuckDB relation for a table, and the bytes of its files."""
    if athena_delta.is_delta(table):
        return _delta_relation(table, workdirs)
    storage = table["StorageDescriptor"]
    projected = (table.get("Parameters") or {}).get("projection.enabled", "").lower() == "true"
    if athena._data_format(table) != "parquet" or projected:
        files = athena._materialize_table_files(storage["Location"], workdirs)  # as MiniStack does it
        return (athena._table_relation(table, files) if files else athena._empty_relation(table)), 0
    if not table.get("PartitionKeys"):
        return _parquet_relation(table, [([], _files(storage["Location"]))])
    iam.check_athena("glue:GetPartitions", iam.glue_arn(f"table/{key}"))
    partitions = glue._partitions.get(key) or []
    located = ((p["Values"], _files(p["StorageDescriptor"]["Location"])) for p in partitions)
    return _parquet_relation(table, located)


def with_relations(query, database, workdirs):
    """The query with every table of the catalogue replaced by a relation, and the bytes that Athena would scan."""
    edits, scanned = [], 0
    for reference in athena._table_references(query):
        database_name = (reference.database or database or "default").lower()
        key = f"{database_name}/{reference.table}"
        table = glue._tables.get(key)
        if table is None:
            continue  # a table function, or a name that DuckDB will report as missing
        iam.check_athena("glue:GetTable", iam.glue_arn(f"table/{key}"))
        relation, size = _relation(key, table, workdirs)
        scanned += size
        alias = "" if reference.aliased else f" AS {quoted(reference.table)}"
        edits.append((reference.start, reference.end, relation + alias))
        if not reference.aliased:
            edits += athena._qualified_column_prefixes(query, database_name, reference.table, edits[-1])
    for start, end, text in sorted(set(edits), reverse=True):
        query = query[:start] + text + query[end:]
    return query, scanned
