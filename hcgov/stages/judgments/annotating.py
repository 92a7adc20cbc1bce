"""What checks of annotations share: parameters, and small crowds for their worked examples."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Params, Request
from hcgov.core.direction import Stricter
from hcgov.core.evidence.long import Long, LongOf
from hcgov.core.long_tables import LongKind
from hcgov.core.slices import SliceChoice
from hcgov.stages.judgments.oversight import long_table
from hcgov.stages.lacking import Gaps


class TableParams(Params):
    """What checks of an annotation table as a whole take."""

    table: str = Field(default="annotations", description="Table artifact of annotations.")
    question: str = Field(default="", description="Only rows of this question; all rows if left out.")

    @property
    def groups(self) -> SliceChoice:
        """The group columns that are read."""
        return SliceChoice()

    def labels(self, *needs: str, may: tuple[str, ...] = ()) -> Mapping[str, Request]:
        """Ask for items, annotators and labels, and for further columns."""
        further = tuple(name for name in ("question", "submitted_at", *may) if name not in needs)
        return {
            "long": LongOf(
                table=self.table,
                kind=LongKind.ANNOTATIONS,
                needs=("item", "annotator", "label", *needs),
                may=further,
                slices=self.groups,
                question=self.question,
            )
        }


class CompleteParams(TableParams):
    """What checks take that need to know whose the judgments are."""

    max_missing: Annotated[float, Stricter.LOWER] = Field(
        default=0.05,
        ge=0,
        le=1,
        description="Largest share of rows without a label, and without an annotator.",
    )


class AnnotationParams(CompleteParams):
    """What checks of labels by group of people take."""

    slices: SliceChoice = Field(
        default=SliceChoice(), description="Tightens the project's slices for this control."
    )
    max_unrecorded: Annotated[float, Stricter.LOWER] = Field(
        default=0.20,
        ge=0,
        le=1,
        description="Largest share of rows whose group in a slice column is not recorded.",
    )
    max_repeated: Annotated[float, Stricter.LOWER] = Field(
        default=0.10,
        ge=0,
        le=1,
        description="Largest share of rows in which a person judges an item again; such rows are left out.",
    )

    @property
    def groups(self) -> SliceChoice:
        """The group columns that are read."""
        return self.slices

    @property
    def gaps(self) -> Gaps:
        """How much may be missing."""
        return Gaps(outcomes=self.max_missing, groups=self.max_unrecorded)


def chance(*about: object) -> float:
    """Return a number in [0, 1) that is always the same for the same things and looks drawn at random."""
    told = "/".join(map(str, about)).encode()
    return int.from_bytes(hashlib.blake2b(told, digest_size=8).digest(), "big") / 2.0**64


Says = Callable[[int, int], str]
"""From item and person to the label that the person gives it."""
MaySay = Callable[[int, int], str | None]
"""The same, where a person may say nothing."""


def says(agree: float, labels: tuple[str, ...] = ("no", "yes"), seed: str = "") -> Says:
    """Return people who give the item's own label with a probability, else any."""

    def label(item: int, person: int) -> str:
        truth = int(chance(seed, "truth", item) * len(labels))
        if chance(seed, "heeds", item, person) < agree:
            return labels[truth]
        return labels[int(chance(seed, "any", item, person) * len(labels))]

    return label


def truth(item: int, labels: tuple[str, ...] = ("no", "yes"), seed: str = "") -> str:
    """Return the item's own label in :func:`says`."""
    return labels[int(chance(seed, "truth", item) * len(labels))]


def crowd(
    label: MaySay,
    *,
    people: int = 40,
    items: int = 160,
    each: int = 5,
    region: Callable[[int], str | None] | None = None,
    more: Mapping[str, Callable[[int, int], str | float | None]] | None = None,
    randomised: bool | None = None,
) -> Long:
    """Return annotations of a crowd: every item is judged by some of the people, in turns.

    Parameters
    ----------
    label
        What a person says of an item.
    each
        Judgments of an item.
    region
        Where a person comes from; without it no group column is there.
    more
        Further columns, from item and person.
    """
    pairs = [(item, person) for item in range(items) for person in _asked(item, people, each)]
    columns: dict[str, list[str | float | None]] = {
        "item": [f"i{item}" for item, _ in pairs],
        "annotator": [f"a{person}" for _, person in pairs],
        "label": [label(item, person) for item, person in pairs],
    }
    columns |= {name: [make(*pair) for pair in pairs] for name, make in (more or {}).items()}
    groups = {} if region is None else {"region": [region(person) for _, person in pairs]}
    return long_table("annotations", LongKind.ANNOTATIONS, columns, groups=groups, randomised=randomised)


def _asked(item: int, people: int, each: int) -> Iterator[int]:
    """Yield different people for an item, mixed so that any two of them meet."""
    order = sorted(range(people), key=lambda person: chance("turn", item, person))
    yield from order[:each]


def halves(person: int) -> str:
    """Return one of two regions."""
    return "north" if person % 2 == 0 else "south"
