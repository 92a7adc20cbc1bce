"""Tables: header before planning, one scan for all that is asked, one snapshot whose digest is known.

Light to import; the engine is loaded when a table is read.
"""

from hcgov.io.tables.answering import Answer, answer
from hcgov.io.tables.binding import (
    ResolvedOutcome,
    TableRequest,
    Use,
    group_column,
    outcome_names,
    outcomes_of,
    resolve_outcome,
    used_columns,
)
from hcgov.io.tables.frame import load_frame, load_outcomes
from hcgov.io.tables.probing import probe
from hcgov.io.tables.room import Engines
from hcgov.io.tables.rows import fold_rows
from hcgov.io.tables.schema import Misnamed, Schema, locate
from hcgov.io.tables.scores import unaccounted
from hcgov.io.tables.tally import Caps

__all__ = [
    "Answer",
    "Caps",
    "Engines",
    "Misnamed",
    "ResolvedOutcome",
    "Schema",
    "TableRequest",
    "Use",
    "answer",
    "fold_rows",
    "group_column",
    "load_frame",
    "load_outcomes",
    "locate",
    "outcome_names",
    "outcomes_of",
    "probe",
    "resolve_outcome",
    "unaccounted",
    "used_columns",
]
