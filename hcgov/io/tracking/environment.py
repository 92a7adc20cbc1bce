"""The environment of the tracking process, set before MLflow is imported."""

import math
from collections.abc import MutableMapping

_FIXED = {
    # MLflow looks up a host of its makers otherwise.
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    # A dead server would be asked for four minutes.
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_ENABLE_ASYNC_LOGGING": "false",
    "MLFLOW_LOGGING_LEVEL": "ERROR",
    "GIT_PYTHON_REFRESH": "quiet",
}


def prepare(environ: MutableMapping[str, str], uri: str, seconds: float) -> None:
    """Set what the tracking process needs.

    Parameters
    ----------
    environ
        The process's own environment; credentials in it stay as they are.
    uri
        Tracking URI; always set, because MLflow otherwise drops a store into the working directory.
    seconds
        How long a server may be silent.
    """
    environ.update(_FIXED)
    environ["MLFLOW_TRACKING_URI"] = uri
    environ["MLFLOW_HTTP_REQUEST_TIMEOUT"] = str(max(1, math.ceil(seconds)))
