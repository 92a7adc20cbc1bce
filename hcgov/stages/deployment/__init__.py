"""Deployment: what users are told, and who answers for the release."""

from hcgov.core.stage import Stage

STAGE = Stage(id="deployment", title="Deployment", after=("design", "data", "training", "evaluation"))
