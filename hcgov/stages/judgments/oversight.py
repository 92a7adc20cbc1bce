"""What checks of people's oversight share: parameters, and small tables for their worked examples."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, TypeVar

from pydantic import Field

from hcgov.core.check import Example, Params, Request
from hcgov.core.direction import Stricter
from hcgov.core.evidence.long import Long, LongOf, coded, numbered
from hcgov.core.frozen import frozen
from hcgov.core.limit import Limit
from hcgov.core.long_tables import COLUMNS, Holds, LongKind
from hcgov.core.slices import SliceChoice, SliceRules
from hcgov.core.status import Verdict
from hcgov.stages.specimens import source


class JudgedParams(Params):
    """What checks of judgments by slice take."""

    question: str = Field(default="", description="Only rows of this question; all rows if left out.")
    slices: SliceChoice = Field(
        default=SliceChoice(), description="Tightens the project's slices for this control."
    )
    max_missing: Annotated[float, Stricter.LOWER] = Field(
        default=0.05, ge=0, le=1, description="Largest share of rows in which no judgment is recorded."
    )
    max_unrecorded: Annotated[float, Stricter.LOWER] = Field(
        default=0.20,
        ge=0,
        le=1,
        description="Largest share of rows whose group in a slice column is not recorded.",
    )


class AdvisedParams(JudgedParams):
    """What checks of labels that a machine suggested take."""

    table: str = Field(default="annotations", description="Table artifact of annotations.")

    def labels(self, *needs: str, may: tuple[str, ...] = ()) -> Mapping[str, Request]:
        """Ask for items, annotators and labels, and for further columns."""
        return {
            "long": LongOf(
                table=self.table,
                kind=LongKind.ANNOTATIONS,
                needs=("item", "annotator", "label", *needs),
                may=("question", "wave", *may),
                slices=self.slices,
                question=self.question,
            )
        }


P = TypeVar("P", bound=Params)


def told(params: P, limit: Limit, *cases: tuple[str, Long, Verdict]) -> tuple[Example[P], ...]:
    """Return one worked example for each title, long table and verdict."""
    return tuple(
        Example(title=title, params=params, evidence={"long": long}, expect=expect, limit=limit)
        for title, long, expect in cases
    )


RULES = SliceRules(by=("region",), min_people=30)


@frozen
class Task:
    """Items that every annotator of a worked example is given.

    Parameters
    ----------
    each
        How many, to each annotator.
    agree
        Share of them where the answer is what the machine suggests.
    shown
        Whether the suggestion is seen.
    right
        Whether the suggestion is right; an answer that is none is.
    before_right
        Share of them where the answer before the suggestion is right; ``None`` where it is not asked.
    seeded
        Whether an error was put there on purpose, so that the right answer is known.
    """

    each: int
    agree: float
    shown: bool = True
    right: bool = True
    before_right: float | None = None
    seeded: bool = False


def advised(
    groups: Mapping[str | None, tuple[int, Sequence[Task]]], *, randomised: bool | None = True
) -> Long:
    """Return annotations made beside a machine: region -> annotators and what each of them is given.

    Items are shared by annotators of the same number in their group, as far as tasks are the same.
    """
    rows: list[dict[str, str]] = []
    regions: list[str | None] = []
    for region, (people, tasks) in groups.items():
        for person in range(people):
            made = [row for place, task in enumerate(tasks) for row in _answers(person, place, task)]
            rows += [{"annotator": f"{region}-{person}", **row} for row in made]
            regions += [region] * len(made)
    columns = ("item", "annotator", "label", "suggestion", "suggestion_shown", "truth", "before", "is_gold")
    return long_table(
        "annotations",
        LongKind.ANNOTATIONS,
        {name: [row.get(name) for row in rows] for name in (*columns, "gold_label")},
        groups={"region": regions},
        randomised=randomised,
    )


def _answers(person: int, place: int, task: Task) -> Iterable[dict[str, str]]:
    for i in range(task.each):
        number = person * task.each + i
        says = "yes" if (number % 2 == 0) else "no"
        other = "no" if says == "yes" else "yes"
        truth = says if task.right else other
        row = {
            "item": f"{place}-{number % (task.each * 20)}",
            "label": says if _share(person, i, task.each, task.agree) else other,
            "suggestion": says,
            "suggestion_shown": "true" if task.shown else "false",
            "truth": truth,
        }
        if task.before_right is not None:
            right = _share(person, i, task.each, task.before_right)
            row["before"] = truth if right else ("no" if truth == "yes" else "yes")
        if task.seeded:
            row |= {"is_gold": "true", "gold_label": truth}
        yield row


def _share(person: int, place: int, each: int, share: float) -> bool:
    """Say yes in a share of the places, a little more often for some people than for others."""
    lean = share + (0.3 if person % 2 else -0.3) * share * (1.0 - share)
    number = person * each + place
    return int((number + 1) * lean) > int(number * lean)


def long_table(
    table: str,
    kind: LongKind,
    columns: Mapping[str, Sequence[str | float | None]],
    *,
    groups: Mapping[str, Sequence[str | None]] | None = None,
    randomised: bool | None = None,
    rules: SliceRules = RULES,
) -> Long:
    """Return a long table from one value a row and column; columns in which nothing is recorded are left out."""
    rows = max((len(values) for values in columns.values()), default=0)
    known = {
        name: values for name, values in columns.items() if not rows or any(v is not None for v in values)
    }
    return Long(
        table=table,
        kind=kind,
        rows=rows,
        columns={
            name: numbered([None if v is None else float(v) for v in values])
            if COLUMNS[kind][name].holds in (Holds.NUMBER, Holds.MOMENT)
            else coded([None if v is None else str(v) for v in values])
            for name, values in known.items()
        },
        groups={name: coded(values) for name, values in (groups or {}).items()},
        randomised=randomised,
        rules=rules,
        source=source(table, "long", "3" * 64),
    )


def without(long: Long, *names: str) -> Long:
    """Return a table without some columns."""
    return replace(long, columns={name: c for name, c in long.columns.items() if name not in names})


def one_name(long: Long, name: str) -> Long:
    """Return a table in which every row says the same in one column."""
    column = long.codes(name)
    same = replace(column, codes=array("i", [0] * long.rows), names=column.names[:1])
    return replace(long, columns={**long.columns, name: same})
