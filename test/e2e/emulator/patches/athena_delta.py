"""Delta tables of the Glue catalogue, read by their log, as Athena does: read-only, and at the newest version.

- A table is a Delta table by its parameter `table_type` or `spark.sql.sources.provider`. Athena needs only its
  location: the columns are those of the log, whatever Glue has.
- deltalake (delta-rs) replays the log and names the files; DuckDB then reads them as it does those of other tables. Its
  own extension is no wheel on PyPI for this version of DuckDB.
- A timestamp has no zone here; in Athena it has.
"""

import json
import os
import tempfile
import urllib.parse

import deltalake
from ministack.services import s3

from patches import iam

PROPERTIES = ("table_type", "spark.sql.sources.provider")
_TYPES = {"byte": "tinyint", "short": "smallint", "integer": "int", "long": "bigint"}


def is_delta(table):
    parameters = table.get("Parameters") or {}
    return any(parameters.get(name, "").lower() == "delta" for name in PROPERTIES)


def read(location, workdirs):
    """The columns and partition columns as Glue has columns, and pairs of partition values and an object's key."""
    url = urllib.parse.urlparse(location)
    root = url.path.strip("/") + "/"
    directory = tempfile.mkdtemp(prefix="emulator-delta-")
    workdirs.append(directory)
    os.mkdir(os.path.join(directory, "_delta_log"))
    for key in s3._buckets.get(url.netloc, {}).get("objects", {}):
        if key.startswith(root + "_delta_log/"):
            iam.check_athena("s3:GetObject", f"arn:aws:s3:::{url.netloc}/{key}")
            with open(os.path.join(directory, "_delta_log", os.path.basename(key)), "wb") as file:
                file.write(s3._get_object_data(url.netloc, key))
    try:
        table = deltalake.DeltaTable(directory)
    except Exception as error:
        raise ValueError(f"DELTA_LAKE_INVALID_SCHEMA: no Delta table at {location}: {error}") from error
    fields = {field["name"]: _glue_type(field["type"]) for field in json.loads(table.schema().to_json())["fields"]}
    keys = table.metadata().partition_columns
    adds = table.get_add_actions(flatten=True)
    values = zip(*(adds.column(f"partition.{key}").to_pylist() for key in keys), strict=True)
    paths = [urllib.parse.unquote(path) for path in adds.column("path").to_pylist()]
    columns = [{"Name": name.lower(), "Type": kind} for name, kind in fields.items() if name not in keys]
    partition_keys = [{"Name": key, "Type": fields[key]} for key in keys]
    return columns, partition_keys, [(each, root + path) for each, path in zip(values, paths, strict=True)]


def _glue_type(kind):
    """A type of Delta's schema as Glue writes it."""
    if isinstance(kind, str):
        return _TYPES.get(kind, kind)
    if kind["type"] == "array":
        return f"array<{_glue_type(kind['elementType'])}>"
    if kind["type"] == "map":
        return f"map<{_glue_type(kind['keyType'])},{_glue_type(kind['valueType'])}>"
    return "struct<" + ",".join(f"{field['name']}:{_glue_type(field['type'])}" for field in kind["fields"]) + ">"
