"""Import MLflow, open the SQLite store given as an argument, and log one run in one batch."""

import os
import sys
import time

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"

from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag

client = MlflowClient(tracking_uri=sys.argv[1])
found = client.get_experiment_by_name("peer")
experiment = found.experiment_id if found else client.create_experiment("peer")
run = client.create_run(experiment).info.run_id
now = int(time.time() * 1000)
client.log_batch(
    run,
    metrics=[Metric(f"metric_{i}", i / 100, now, 0) for i in range(100)],
    params=[Param(f"param_{i}", str(i)) for i in range(20)],
    tags=[RunTag(f"tag_{i}", str(i)) for i in range(20)],
)
client.set_terminated(run)
