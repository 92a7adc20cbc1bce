"""Data: where it comes from, whom it shows, and whether those who said no are left out."""

from hcgov.core.stage import Stage

STAGE = Stage(id="data", title="Data", after=("design",))
