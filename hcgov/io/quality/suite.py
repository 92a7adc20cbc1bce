"""What a suite file asks for, whichever version of Great Expectations wrote it."""

from collections.abc import Collection, Sequence

from hcgov.core.evidence.metrics import ExpectationsOf
from hcgov.core.evidence.source import Tree
from hcgov.core.frozen import frozen

LONGEST_NAME = 200
"""Characters of a name taken from a suite file; what is longer is cut."""

OF_THE_RUN = frozenset({"result_format", "catch_exceptions", "include_config", "batch_id", "id", "meta"})
"""Arguments that say how to run, not what to expect; the run decides, so that no suite keeps raw values."""


@frozen
class Wanted:
    """One entry of a suite.

    Parameters
    ----------
    type
        Type of the expectation, such as ``expect_column_values_to_be_unique``; empty where there is none.
    arguments
        Its arguments; those of :data:`OF_THE_RUN` are left out.
    place
        Position in the suite, from one.
    """

    type: str
    arguments: dict[str, Tree]
    place: int

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column it names, in the order of the arguments."""
        named = [self.arguments.get(key) for key in ("column", "column_A", "column_B")]
        several = self.arguments.get("column_list")
        named += several if isinstance(several, list) else []
        return tuple(column for column in named if isinstance(column, str))

    @property
    def column(self) -> str | None:
        """The column, where there is exactly one."""
        return self.columns[0] if len(self.columns) == 1 else None

    @property
    def name(self) -> str:
        """Return for example ``expect_column_values_to_be_unique(id)``."""
        kind = self.type or f"entry {self.place} of the suite"
        columns = f"({', '.join(self.columns)})" if self.columns else ""
        return f"{kind}{columns}"[:LONGEST_NAME]


def wanted_of(suite: Tree) -> tuple[Wanted, ...] | None:
    """Return the entries of a suite in their order, or ``None`` where it is no suite."""
    entries = suite.get("expectations") if isinstance(suite, dict) else suite
    if not isinstance(entries, list):
        return None
    return tuple(_wanted(entry, place) for place, entry in enumerate(entries, start=1))


def _wanted(entry: Tree, place: int) -> Wanted:
    if not isinstance(entry, dict):
        return Wanted(type="", arguments={}, place=place)
    kind = entry.get("type", entry.get("expectation_type"))
    arguments = entry.get("kwargs")
    return Wanted(
        type=kind if isinstance(kind, str) else "",
        arguments={k: v for k, v in arguments.items() if k not in OF_THE_RUN}
        if isinstance(arguments, dict)
        else {},
        place=place,
    )


def suite_name(request: ExpectationsOf, suite: Tree) -> str:
    """Return the artifact's name; of a suite written into a control its own name, or ``inline``."""
    if request.suite:
        return request.suite
    own = suite.get("name", suite.get("expectation_suite_name")) if isinstance(suite, dict) else None
    return own[:LONGEST_NAME] if isinstance(own, str) and own else "inline"


ABOUT_COLUMNS = (
    "expect_column_",
    "expect_compound_columns_",
    "expect_multicolumn_",
    "expect_select_column_",
)
"""How the types begin of expectations that look at no column but those they name."""


def confined(suite: Sequence[Wanted], known: Collection[str]) -> tuple[str, ...] | None:
    """Return the columns that are all that some expectations look at, or ``None`` if nobody can tell."""
    columns: list[str] = []
    for wanted in suite:
        if not wanted.type.startswith(ABOUT_COLUMNS) or wanted.arguments.get("row_condition") is not None:
            return None
        columns += wanted.columns
    return tuple(column for column in dict.fromkeys(columns) if column in known) or None
