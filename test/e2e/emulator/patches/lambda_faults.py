"""Lambda functions that are throttled, slow, or die, as faults.py is told."""

import threading
import time

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from patches import faults, lambda_processes
from patches.replaces import replaces


@replaces(lambda_svc, "_execute_function_dispatch")
def _execute_function(func, config, event, request_id, started):
    fault = faults.take("lambda", ("throttle", "delay"), config.get("FunctionName", ""))
    if fault and fault.do == "throttle":
        return lambda_svc._throttle_response("ConcurrentInvocationLimitExceeded", "Rate Exceeded.")
    if fault:
        time.sleep(fault.seconds)
    return _execute_function.original(func, config, event, request_id, started)


@replaces(lambda_runtime.Worker, "invoke")
def _invoke(self, event, request_id, **context):
    fault = faults.take("lambda", ("kill",), self.func_name)
    died = {"status": "error", "error": "Worker process died", "cold_start": False, "log": ""}
    if fault is None:
        return _invoke.original(self, event, request_id, **context)
    lambda_runtime.ensure_spawned(self)
    if fault.when == "before":
        lambda_processes.kill(self._proc)
        return died
    timer = threading.Timer(fault.seconds, lambda_processes.kill, [self._proc])
    if fault.when == "during":
        timer.start()
    result = _invoke.original(self, event, request_id, **context)
    timer.cancel()
    if fault.when == "after":
        lambda_processes.kill(self._proc)
        return died
    return result
