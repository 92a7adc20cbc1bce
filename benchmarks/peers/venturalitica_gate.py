"""Enforce a fairness policy with Venturalítica: selection rates alike across both group columns."""

import os
import sys
from pathlib import Path

os.environ["VENTURALITICA_TELEMETRY"] = "false"
os.environ["POSTHOG_DISABLED"] = "1"
os.environ["DO_NOT_TRACK"] = "1"

import pandas as pd
import venturalitica

REQUIREMENT = """\
            - control-id: {column}-parity
              description: "Selection rates are alike across {column}"
              props:
                - {{name: metric_key, value: demographic_parity_diff}}
                - {{name: threshold, value: "0.10"}}
                - {{name: operator, value: "<"}}
                - {{name: "input.dimension", value: {column}}}
"""
POLICY = """\
component-definition:
  metadata: {title: "Alike across groups", version: "1.0"}
  components:
    - title: model
      control-implementations:
        - description: "Selection rates"
          implemented-requirements:
"""

table = Path(sys.argv[1])
policy = table.with_suffix(".oscal.yaml")
policy.write_text(POLICY + "".join(REQUIREMENT.format(column=c) for c in ("gender", "region")))
os.chdir(table.parent)
found = venturalitica.enforce(
    data=pd.read_csv(table),
    target="label",
    prediction="prediction",
    gender="gender",
    region="region",
    policy=str(policy),
)
for one in found:
    print(one.control_id, one.actual_value, one.passed)
