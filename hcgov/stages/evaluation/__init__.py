"""Evaluation: how the system treats the people it is used on, slice by slice."""

from hcgov.core.stage import Stage

STAGE = Stage(id="evaluation", title="Evaluation", after=("design", "data", "training"))
