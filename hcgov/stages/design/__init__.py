"""Design: who is touched, what the system is for, and what was considered before it was built."""

from hcgov.core.stage import Stage

STAGE = Stage(id="design", title="Design")
