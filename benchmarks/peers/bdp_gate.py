"""Run bdp-model-gate's structured gate on a table with every pair of group columns crossed; exit 1 where it fails."""

import sys

import pandas as pd
from bdp_model_gate import FairnessConfig, GateConfig, ModelGate, StructuredGateContext

frame = pd.read_csv(sys.argv[1])


class Model:
    """What the table says was predicted."""

    def predict(self, rows: pd.DataFrame) -> pd.Series:
        """Return the predictions of the rows asked for."""
        return frame.loc[rows.index, "prediction"].to_numpy()


context = StructuredGateContext(
    model=Model(),
    X=frame[["amount"]],
    y_true=frame["label"],
    y_pred=frame["prediction"],
    protected_df=frame[["gender", "region"]],
)
report = ModelGate(config=GateConfig(fairness=FairnessConfig(intersectional=True))).run(context)
for result in report.flags:
    print(str(result)[:500])
print(report.gate_status)
sys.exit("FAIL" in str(report.gate_status).upper() or "BLOCK" in str(report.gate_status).upper())
