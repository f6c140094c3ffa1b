"""IAM under AUTH=true: rights that MiniStack does not ask for.

- Athena works with its caller's rights: on the Glue catalogue, on the data and on the output location. (AWS asks for
  more, like s3:ListBucket and s3:GetBucketLocation; what is checked here is the least that every statement needs.)
- A Glue resource needs the action on its ancestors too: a table on catalog, database and table.
- athena:GetQueryExecution and the like are authorised on the query's work group.
- Step Functions works with the state machine's role: lambda:InvokeFunction, states:StartExecution for a Distributed
  Map and for a task that starts an execution, and S3 for its ItemReader and ResultWriter.
- s3:if-none-match, s3:if-match and s3:ObjectCreationOperation can be conditions of a policy, for example to deny any
  write to a commit log that is not put-if-absent.
- Whoever may not list a bucket gets 403 and not 404 for a key that does not exist. (This check sends no s3:prefix, so a
  permission to list that depends on it does not count.)
- aws:SecureTransport is true: the emulator speaks plain HTTP on 127.0.0.1, as if TLS had ended before it.
"""

import json
from contextvars import ContextVar

import ministack.app
from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.core.router import extract_access_key_id
from ministack.services import athena, s3

from patches.replaces import replaces

_caller = ContextVar("access key of Athena's caller", default="")
machine_role = ContextVar("ARN of the state machine's role", default="")


class AccessDenied(Exception):
    """The principal lacks a right; the message names principal, action and resource."""


def _check(principal, action, arn):
    if principal.policies is None:  # the account's root
        return
    context = iam_evaluator.EvalContext(
        principal_arn=principal.arn,
        principal_type=principal.type,
        principal_account=principal.account,
        action=action,
        resource_arn=arn,
        region=get_region(),
        principal_keys=principal.keys,
    )
    result = iam_evaluator.evaluate(context, principal.policies, *principal.limits)
    if result.decision != "Allow":
        explicit = result.decision == "Deny"
        raise AccessDenied(iam_actions.identity_denial_message(action, principal.arn, arn, explicit))


# ---- Glue: a table needs the right on catalog, database and table -----------------------------------------------


def glue_arn(path):
    """The ARN of `database/name` or `table/database/name`."""
    return f"arn:aws:glue:{get_region()}:{get_account_id()}:{path}"


def _with_ancestors(arn):
    start, _, path = arn.rpartition(":")
    kind, _, rest = path.partition("/")
    if not arn.startswith("arn:aws:glue:") or kind not in ("database", "table"):
        return [arn]
    ancestors = [f"{start}:catalog", f"{start}:database/{rest.split('/')[0]}"]
    return ancestors + ([arn] if kind == "table" else [])


@replaces(iam_actions, "extract_resource_arn")
def _extract_resource_arn(service, method, path, headers, body, *rest):
    if service == "glue":
        data = json.loads(body or b"{}")
        table_name = data.get("TableName") or (data.get("TableInput") or {}).get("Name")
        database_name = data.get("DatabaseName") or (data.get("DatabaseInput") or {}).get("Name")
        if database_name and (table_name or data.get("Name")):
            return glue_arn(f"table/{database_name}/{table_name or data['Name']}")
        if headers.get("x-amz-target", "").endswith("Database"):
            database_name = database_name or data.get("Name")
        if database_name:
            return glue_arn(f"database/{database_name}")
    if service == "athena":
        query = athena._executions.get(json.loads(body or b"{}").get("QueryExecutionId"))
        if query:
            return athena._arn_workgroup(query["WorkGroup"])
    return _extract_resource_arn.original(service, method, path, headers, body, *rest)


@replaces(iam_evaluator, "enforce")
def _enforce(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
    for arn in _with_ancestors(resource_arn):
        denied = _enforce.original(access_key_id, iam_action, service, region, arn, service_context)
        if denied:
            return denied
    return None


# ---- Athena: the caller's rights --------------------------------------------------------------------------------


@replaces(athena, "handle_request")
async def _handle_athena(method, path, headers, body, query_params):
    _caller.set(extract_access_key_id(headers, query_params) or "")
    return await _handle_athena.original(method, path, headers, body, query_params)


def check_athena(action, arn):
    """Raise AccessDenied, worded as Athena does, if the caller of the running query may not do this."""
    if not ministack.app.AUTH or not _caller.get():
        return
    principal = iam_evaluator.resolve_principal(_caller.get(), get_account_id())
    for resource in _with_ancestors(arn):
        try:
            _check(principal, action, resource)
        except AccessDenied as denied:
            if action.startswith("s3:"):
                location = arn.removeprefix("arn:aws:s3:::")
                raise AccessDenied(f"Permission denied on S3 path: s3://{location}. {denied}") from None
            raise AccessDenied(f"Insufficient permissions to execute the query. {denied}") from None


def check_statement(statement, database):
    """Raise AccessDenied if the caller lacks a right that a DDL statement needs on its database or table."""
    if isinstance(statement, (athena._CreateTable, athena._DropTable)):
        action = "glue:CreateTable" if isinstance(statement, athena._CreateTable) else "glue:DeleteTable"
        check_athena(action, glue_arn(f"table/{statement.database or database}/{statement.table}"))
        return
    for action in statement.actions:
        check_athena(action, glue_arn(statement.resource(database)))


# ---- Step Functions: the rights of the state machine's role -----------------------------------------------------


def check_machine(action, arn):
    """Raise AccessDenied if the role of the running state machine may not do this."""
    role = machine_role.get()
    if not ministack.app.AUTH or not role:
        return
    name, account = role.rpartition("/")[2], get_account_id()
    policies = iam_evaluator._gather_role_policies(name, account)
    arn_of_session = f"arn:aws:sts::{account}:assumed-role/{name}/stepfunctions"
    _check(iam_evaluator.PrincipalInfo(arn_of_session, "AssumedRole", account, policies), action, arn)


# ---- S3: conditional writes as policy conditions, 403 for a missing key -----------------------------------------


@replaces(iam_actions, "_s3_object_context")
def _s3_object_context(iam_action, query_params, path, headers):
    context = _s3_object_context.original(iam_action, query_params, path, headers)
    if iam_action == "s3:PutObject":
        # creating, filling and completing an upload are all s3:PutObject; only completion creates the object
        creates = "uploads" not in query_params and "partNumber" not in query_params
        context["s3:ObjectCreationOperation"] = str(creates).lower()
        for name in ("if-none-match", "if-match"):
            if name in headers:
                context[f"s3:{name}"] = headers[name]
    return context


@replaces(s3, "handle_request")
async def _handle_s3(method, path, headers, body, query_params, *args, **kwargs):
    response = await _handle_s3.original(method, path, headers, body, query_params, *args, **kwargs)
    bucket, _, key = path.lstrip("/").partition("/")
    missing = response[0] == 404 and (method == "HEAD" or (method == "GET" and b"<Code>NoSuchKey<" in response[2]))
    if ministack.app.AUTH and missing and key and bucket in s3._buckets:
        access_key = extract_access_key_id(headers, query_params) or ""
        denied = iam_evaluator.enforce(access_key, "s3:ListBucket", "s3", get_region(), f"arn:aws:s3:::{bucket}")
        if denied:
            status, error_headers, document = s3._error("AccessDenied", "Access Denied", 403, path)
            return status, {**response[1], **error_headers}, b"" if method == "HEAD" else document
    return response


# ---- TLS: the emulator speaks plain HTTP on 127.0.0.1, which counts as TLS ---------------------------------------


@replaces(ministack.app, "pin_request_origin")
def _pin_request_origin(source_ip, secure_transport):
    _pin_request_origin.original(source_ip, True)
