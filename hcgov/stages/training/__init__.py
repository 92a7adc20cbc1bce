"""Training: which run made the model, from which data, towards which objective."""

from hcgov.core.stage import Stage

STAGE = Stage(id="training", title="Training", after=("design", "data"))
