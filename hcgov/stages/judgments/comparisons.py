"""Preferences as comparisons: competitors, who won, who judged, and in which direction an item is read."""

import numpy as np
from pydantic import Field

from hcgov.core.check import Params
from hcgov.core.evidence.long import Long, LongOf
from hcgov.core.frozen import frozen
from hcgov.core.long_tables import COLUMNS, LongKind
from hcgov.core.slices import SliceChoice
from hcgov.stages.judgments.arrays import Bools, Floats, as_array, by_judge, codes, numbers
from hcgov.stats.crossed import Rows
from hcgov.stats.preferences.contests import FIRST, SECOND, TIE, Codes, Contests
from hcgov.stats.preferences.projection import Votes

OUTCOMES = COLUMNS[LongKind.PREFERENCES]["choice"].values
A, B, EVEN, BOTH_BAD, SKIP = range(5)
"""Places in :data:`OUTCOMES`: that both are bad is no tie, and a skipped row is no judgment."""


class PreferenceParams(Params):
    """What every check of preferences takes."""

    table: str = Field(default="preferences", description="Long table of preferences.")
    dimension: str = Field(
        default="", description="Only judgments in this respect, such as politeness; all of them if left out."
    )
    slices: SliceChoice = Field(
        default=SliceChoice(), description="Tightens the project's slices for this control."
    )


def asked(params: PreferenceParams, *needs: str, may: tuple[str, ...] = ()) -> LongOf:
    """Return the request of a check: who chose is needed, for rows are not people."""
    further = ("model_a", "model_b", "response_a", "response_b", "dimension", "label_source", "weight", *may)
    return LongOf(
        table=params.table,
        kind=LongKind.PREFERENCES,
        needs=("prompt_id", "choice", "annotator", *needs),
        may=tuple(name for name in dict.fromkeys(further) if name not in needs),
        slices=params.slices,
    )


@frozen
class Choices:
    """What people chose, one entry a row of the table; every array has shape (rows,).

    Parameters
    ----------
    names
        Names of the models, in the order of their codes; empty where the table has none.
    first, second
        Codes of the models behind responses a and b; -1 where unknown, and everywhere without models.
    choice
        Place in :data:`OUTCOMES`; -1 where none is recorded.
    people, prompts
        Codes; -1 where not recorded.
    items
        Code of the prompt with its two competitors, whichever was called a.
    turned
        Whether b is the one that the item counts first.
    counted
        Rows that are a person's judgment, in the dimension asked for.
    judges
        Rows that a judge model made: no people.
    dimensions
        Dimensions among the rows that count.
    weight
        Weight of each row's person, or 1; 0 where it is no weight.
    unweighted
        Rows whose weight is missing, negative or infinite.
    """

    names: tuple[str, ...]
    first: Codes
    second: Codes
    choice: Codes
    people: Codes
    prompts: Codes
    items: Codes
    turned: Bools
    counted: Bools
    judges: int
    dimensions: tuple[str, ...]
    weight: Floats
    unweighted: Bools

    @property
    def rows(self) -> Rows:
        """People and prompts of all rows."""
        return Rows(people=self.people, items=self.prompts)

    def clusters(self, rows: Codes) -> Rows:
        """Return people and prompts of the rows in these places."""
        return Rows(people=self.people[rows], items=self.prompts[rows])

    @property
    def compared(self) -> Bools:
        """Rows that say which of two is preferred, or that neither is."""
        return np.asarray(self.counted & (self.choice >= A) & (self.choice <= EVEN) & (self.people >= 0))

    @property
    def between_models(self) -> Bools:
        """Of these, the ones between two different models."""
        between = (self.first >= 0) & (self.second >= 0) & (self.first != self.second)
        return np.asarray(self.compared & between)

    @property
    def sign(self) -> Codes:
        """1 where the competitor that the item counts first is preferred, -1 for the other, 0 for neither."""
        told = np.where(self.choice == A, 1, np.where(self.choice == B, -1, 0))
        return np.where(self.turned, -told, told)

    @property
    def repeated(self) -> int:
        """Judgments of an item by a person who had judged it before, in the same respect."""
        rows = self.compared
        keys = joint(self.people[rows], self.items[rows])
        return int(keys.size - np.unique(keys).size)

    def contests(self, used: Bools | None = None) -> Contests:
        """Return the comparisons of models, with people and (where several judged one) prompts as clusters."""
        mask = self.between_models if used is None else self.between_models & used
        outcome = np.where(self.choice == A, FIRST, np.where(self.choice == B, SECOND, TIE))[mask]
        prompts = self.prompts[mask]
        shared = np.unique(prompts).size < prompts.size
        return Contests(
            competitors=len(self.names),
            first=self.first[mask],
            second=self.second[mask],
            outcome=outcome,
            people=self.people[mask],
            items=prompts if shared else None,
            weights=_relative(self.weight[mask]),
        )

    def votes(self, *, models: bool) -> Votes:
        """Return who chose what: about pairs of models where ``models``, else about prompts with their responses."""
        if not models:
            mask = self.compared
            return Votes(sign=self.sign[mask], people=self.people[mask], items=self.items[mask])
        mask = self.between_models
        first, second = self.first[mask], self.second[mask]
        told = np.where(self.choice == A, 1, np.where(self.choice == B, -1, 0))[mask]
        pair = np.minimum(first, second).astype(np.int64) * len(self.names) + np.maximum(first, second)
        return Votes(sign=np.where(first > second, -told, told), people=self.people[mask], items=pair)


def choices(long: Long, dimension: str = "") -> Choices:
    """Return the choices of a table of preferences, of people only, in one dimension or in all."""
    names, first, second = _models(long)
    one, other = (first, second) if names else _responses(long)
    respect = _codes(long, "dimension")
    known = long.codes("dimension").names if long.has("dimension") else ()
    judged = by_judge(long)
    counted = ~judged
    if dimension:
        counted &= _among(long, "dimension", dimension)
    weight = numbers(long, "weight").copy() if long.has("weight") else np.ones(long.rows)
    unweighted = ~(np.isfinite(weight) & (weight >= 0.0))
    weight[unweighted] = 0.0
    place = {name: i for i, name in enumerate(OUTCOMES)}
    meaning = np.array([place.get(name, -1) for name in long.codes("choice").names] + [-1], dtype=np.int64)
    prompts = codes(long, "prompt_id").astype(np.int64)
    return Choices(
        names=names,
        first=first,
        second=second,
        choice=meaning[codes(long, "choice")],
        people=codes(long, "annotator"),
        prompts=prompts,
        items=joint(prompts, np.minimum(one, other), np.maximum(one, other), respect),
        turned=one > other,
        counted=counted,
        judges=int(judged.sum()),
        dimensions=tuple(known[code] for code in np.unique(respect[counted]) if code >= 0),
        weight=weight,
        unweighted=unweighted,
    )


def _relative(weight: Floats) -> Floats | None:
    """Return weights with mean 1, for only their ratios mean anything; ``None`` where all are alike."""
    if not weight.size or float(np.ptp(weight)) == 0.0:
        return None
    return np.asarray(weight / weight.mean(), dtype=np.float64)


def joint(*columns: Codes) -> Codes:
    """Return one code, from 0, for each combination of codes."""
    key = np.zeros(columns[0].size, dtype=np.int64)
    for column in columns:
        wide = column.astype(np.int64) + 1
        key = np.unique(key * (int(wide.max(initial=0)) + 1) + wide, return_inverse=True)[1].astype(np.int64)
    return key


def _models(long: Long) -> tuple[tuple[str, ...], Codes, Codes]:
    if not long.has("model_a", "model_b"):
        nothing = np.full(long.rows, -1, dtype=np.int64)
        return (), nothing, nothing
    a, b = long.codes("model_a"), long.codes("model_b")
    names = tuple(sorted({*a.names, *b.names}))
    place = {name: i for i, name in enumerate(names)}
    one, other = (
        np.array([place[name] for name in side.names] + [-1], dtype=np.int64)[as_array(side)]
        for side in (a, b)
    )
    return names, one, other


def _responses(long: Long) -> tuple[Codes, Codes]:
    """Return codes of both responses; where texts are not recorded, a and b keep their sides."""
    if not long.has("response_a", "response_b"):
        return np.zeros(long.rows, dtype=np.int64), np.ones(long.rows, dtype=np.int64)
    a, b = long.texts("response_a"), long.texts("response_b")
    place = {told: i for i, told in enumerate(dict.fromkeys((*a, *b)))}
    return tuple(np.fromiter((place[told] for told in side), np.int64, long.rows) for side in (a, b))  # type: ignore[return-value]


def _codes(long: Long, name: str) -> Codes:
    return codes(long, name) if long.has(name) else np.full(long.rows, -1, dtype=np.int32)


def _among(long: Long, name: str, value: str) -> Bools:
    if not long.has(name):
        return np.zeros(long.rows, dtype=np.bool_)
    wanted = [i for i, one in enumerate(long.codes(name).names) if one == value]
    return np.isin(codes(long, name), wanted)


def win(found: Choices, model: int) -> tuple[Bools, Floats]:
    """Return the comparisons that a model is in, and its outcome in each row: 1 won, 0.5 tied, 0 lost."""
    used = found.between_models & ((found.first == model) | (found.second == model))
    won = np.where(found.first == model, found.choice == A, found.choice == B)
    return used, np.where(found.choice == EVEN, 0.5, won.astype(np.float64))
