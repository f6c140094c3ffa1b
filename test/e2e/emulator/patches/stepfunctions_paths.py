"""Step Functions: paths that lead nowhere, and the names of errors.

- A path that does not exist is an error and not null: States.ParameterPathFailure in Parameters, States.Runtime in
  InputPath, OutputPath and the Variable of a Choice.
- States.DataLimitExceeded and States.Runtime are not caught by States.ALL.
- Errors of Lambda's API are Lambda.TooManyRequestsException and the like.
"""

import json
import re

from ministack.services import lambda_svc
from ministack.services import stepfunctions as sfn

from patches import iam
from patches.replaces import replaces

_TERMINAL = ("States.Runtime", "States.DataLimitExceeded")


@replaces(sfn, "_error_matches")
def _error_matches(error_equals, error):
    if error in _TERMINAL:
        return error in error_equals
    return _error_matches.original(error_equals, error)


@replaces(sfn, "_resolve_params_obj")
def _resolve_params_obj(template, data, ctx=None):
    for key, path in template.items() if isinstance(template, dict) else ():
        is_path = key.endswith(".$") and isinstance(path, str) and path.startswith("$.")
        if is_path and not _exists(path, data):
            raise sfn._ExecutionError(
                "States.ParameterPathFailure",
                f"The JSONPath '{path}' specified for the field '{key}' could not be found in the input "
                f"'{json.dumps(data)[:500]}'",
            )
    return _resolve_params_obj.original(template, data, ctx)


@replaces(sfn, "_resolve_path_or_ctx")
def _resolve_path_or_ctx(path, data, ctx):
    """The value of InputPath, OutputPath, ItemsPath, the Variable of a Choice and the …Path fields."""
    if path.startswith("$.") and not _exists(path, data):
        raise sfn._ExecutionError("States.Runtime", f"Invalid path '{path}': No results for path in the input")
    return _resolve_path_or_ctx.original(path, data, ctx)


@replaces(sfn, "_evaluate_rule")
def _evaluate_rule(rule, data, ctx=None):
    path = rule.get("Variable", "")
    if "IsPresent" in rule and path.startswith("$."):
        return _exists(path, data) == rule["IsPresent"]
    return _evaluate_rule.original(rule, data, ctx)


def _exists(path, data):
    steps = sfn._parse_jsonpath_tokens(path)
    if steps is None:
        raise sfn._ExecutionError("States.Runtime", f"the emulator cannot evaluate {path} (filter, slice or ..)")
    for kind, step in steps:
        if kind == "wildcard":
            return True
        if kind == "field" and isinstance(data, dict) and step in data:
            data = data[step]
        elif kind == "index" and isinstance(data, list) and -len(data) <= step < len(data):
            data = data[step]
        else:
            return False
    return True


@replaces(sfn, "_invoke_nested_start_execution")
def _invoke_nested_start_execution(resource, input_data):
    try:
        iam.check_machine("states:StartExecution", input_data.get("StateMachineArn", ""))
    except iam.AccessDenied as denied:
        raise sfn._ExecutionError("StepFunctions.AWSStepFunctionsException", str(denied)) from None
    return _invoke_nested_start_execution.original(resource, input_data)


@replaces(sfn, "_call_lambda")
def _call_lambda(func_ref, event):
    _, config, _ = lambda_svc._get_func_record_for_ref(func_ref)
    try:
        iam.check_machine("lambda:InvokeFunction", (config or {}).get("FunctionArn", func_ref))
        return _call_lambda.original(func_ref, event)
    except iam.AccessDenied as denied:
        raise sfn._ExecutionError("Lambda.AWSLambdaException", str(denied)) from None
    except sfn._ExecutionError as error:
        api_error = re.search(r'"__type": "(\w+)"', error.cause or "")
        if error.error == "Lambda.Unknown" and api_error:
            raise sfn._ExecutionError(f"Lambda.{api_error[1]}", error.cause) from None
        raise
