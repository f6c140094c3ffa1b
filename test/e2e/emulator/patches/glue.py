"""Glue: what a caller of GetPartitions and DeletePartition meets only on AWS.

- GetPartitions gives at most MaxResults partitions a call, 1,000 if not said, and a NextToken where there are more;
  it leaves the columns out on request.
- A table or a partition that does not exist is EntityNotFoundException.
"""

import json

from ministack.core.responses import error_response_json, json_response
from ministack.services import glue

from patches.replaces import replaces


def _missing(data):
    """An error response where the table does not exist."""
    if f"{data.get('DatabaseName')}/{data.get('TableName')}" in glue._tables:
        return None
    return error_response_json("EntityNotFoundException", f"Table {data.get('TableName')} not found", 400)


@replaces(glue, "_get_partitions")
def _get_partitions(data):
    missing = _missing(data)
    if missing:
        return missing
    partitions = json.loads(_get_partitions.original(data)[2])["Partitions"]
    start, size = int(data.get("NextToken") or 0), data.get("MaxResults") or 1000
    page = partitions[start : start + size]
    if data.get("ExcludeColumnSchema"):
        for partition in page:
            partition["StorageDescriptor"].pop("Columns", None)
    more = {"NextToken": str(start + size)} if start + size < len(partitions) else {}
    return json_response({"Partitions": page, **more})


@replaces(glue, "_delete_partition")
def _delete_partition(data):
    missing = _missing(data)
    if missing:
        return missing
    key, values = f"{data['DatabaseName']}/{data['TableName']}", data.get("PartitionValues", [])
    if all(partition["Values"] != values for partition in glue._partitions.get(key) or []):
        return error_response_json("EntityNotFoundException", "Cannot find partition.", 400)
    return _delete_partition.original(data)
