"""The ledger of iterations: what each cycle changed, gained on held-out data and cost, and what is claimed of it."""

from collections.abc import Iterator, Mapping, Sequence

from pydantic import Field, model_validator

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.documents import Record
from hcgov.core.evidence.source import Tree
from hcgov.core.measurement import Answered, Statement
from hcgov.core.text import Text, text
from hcgov.stages.days import day
from hcgov.stages.records import Written, read, where
from hcgov.stats.bounds import two_sided
from hcgov.stats.oversight.progress import Measured, gain, stopped_at

HEX = r"^[0-9a-f]{64}$"


class HeldOut(Written):
    """A measure in [0, 1] on held-out items, higher being better."""

    value: float = Field(ge=0, le=1)
    n: int = Field(ge=1)
    low: float | None = Field(default=None, ge=0, le=1)
    high: float | None = Field(default=None, ge=0, le=1)

    @model_validator(mode="after")
    def _ordered(self) -> "HeldOut":
        if (self.low is None) != (self.high is None):
            raise ValueError("an interval has both ends, `low` and `high`")
        if self.low is not None and self.high is not None and not self.low <= self.value <= self.high:
            raise ValueError("`value` lies between `low` and `high`")
        return self

    @property
    def measured(self) -> Measured:
        """The measure, to be estimated with."""
        return Measured(value=self.value, n=self.n, low=self.low, high=self.high)


class Cycle(Written):
    """One cycle: data, change, and the measure before and after it."""

    id: str = Field(min_length=1)
    date: str = ""
    data: str = Field(pattern=HEX)
    change: str = Field(min_length=1)
    held_out: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    before: HeldOut | None = None
    after: HeldOut | None = None
    cost: float | None = Field(default=None, ge=0)
    labels: int | None = Field(default=None, ge=0)
    continued_because: str = ""


class Claim(Written):
    """A benefit that people's part in it is said to have brought."""

    benefit: str = Field(min_length=1)
    cycle: str = ""
    held_out: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    before: HeldOut | None = None
    after: HeldOut | None = None


def cycles(record: Record) -> tuple[tuple[Cycle | None, ...], tuple[Statement, ...]]:
    """Return the cycles of a ledger in order (``None`` for one that cannot be read), and what is wrong in them."""
    listed = _listed(record, "cycles")
    if not listed:
        found = text(
            "`cycles` lists none: each with `id`, `data`, `change`, `held_out`, `before`, `after` and `cost`"
        )
        at = where(record, ("cycles",))
        return (), (Statement(about="cycles", answer=Answered.NOT_MET, text=found, where=at),)
    parsed: list[Cycle | None] = []
    said: list[Statement] = []
    for place, entry in enumerate(listed):
        one, faults = read(record, entry, Cycle, ("cycles", place))
        parsed.append(one)
        said += faults
    return tuple(parsed), tuple(said)


def claims(record: Record) -> tuple[tuple[tuple[int, Claim], ...], tuple[Statement, ...]]:
    """Return the claims of a ledger with their places, and what is wrong in them."""
    parsed: list[tuple[int, Claim]] = []
    said: list[Statement] = []
    for place, entry in enumerate(_listed(record, "claims")):
        one, faults = read(record, entry, Claim, ("claims", place))
        parsed += [] if one is None else [(place, one)]
        said += faults
    return tuple(parsed), tuple(said)


def gained(one: Cycle | Claim) -> Estimate | None:
    """Return how much a measure rose on held-out data; ``None`` where it was not measured on such data."""
    if one.before is None or one.after is None or not one.held_out:
        return None
    return gain(one.before.measured, one.after.measured)


def points(found: Estimate) -> Text:
    """Return a gain with its two-sided 95 % interval, in percentage points."""
    low, high = two_sided(found, 0.95)
    return text(
        "{value} points [{low}, {high}]",
        value=f"{100 * (found.value or 0.0):+.1f}",
        low=f"{100 * low:.1f}",
        high=f"{100 * high:.1f}",
    )


def cycle_faults(
    one: Cycle, last: Cycle | None, *, need_cost: bool, learned: Mapping[str, str] | None = None
) -> Iterator[Text]:
    """Yield what is missing in a cycle, or cannot be; ``learned`` is which earlier cycle learned from which data."""
    if gained(one) is None:
        yield text("`{id}` has no measure before and after on held-out data", id=one.id)
    elif one.held_out == one.data:
        yield text("`{id}` was measured on the data that it learned from", id=one.id)
    elif one.held_out in (learned or {}):
        earlier = (learned or {})[one.held_out]
        yield text("`{id}` was measured on data that `{earlier}` learned from", id=one.id, earlier=earlier)
    if need_cost and one.cost is None:
        yield text("`{id}` does not say what it cost", id=one.id)
    if one.date and day(one.date) is None:
        yield text("`{id}`: `{date}` is no date like 2026-11-21", id=one.id, date=one.date)
    if last is None:
        return
    then, now = day(last.date), day(one.date)
    if then is not None and now is not None and now < then:
        yield text("`{id}` stands after `{last}` and is older", id=one.id, last=last.id)
    if one.before is None or last.after is None or not one.held_out or one.held_out != last.held_out:
        return
    if abs(one.before.value - last.after.value) > 1e-9:
        yield text(
            "`{id}` begins at {before} where `{last}` ended at {after}, on the same held-out data: something in "
            "between is not told",
            id=one.id,
            before=f"{one.before.value:g}",
            last=last.id,
            after=f"{last.after.value:g}",
        )


def stop_reached(found: Sequence[Cycle], *, least: float, in_a_row: int) -> int | None:
    """Return the place of the cycle at which the stop rule says stop; ``None`` where it does not.

    Where it went on with a reason, counting begins anew: the reason is for that once.
    """
    gains = [None if (g := gained(one)) is None else g.value for one in found]
    begin = 0
    while (place := stopped_at(gains[begin:], least=least, cycles=in_a_row)) is not None:
        place += begin
        if place + 1 >= len(found) or not found[place + 1].continued_because:
            return place
        begin = place + 1
    return begin - 1 if begin else None


def _listed(record: Record, name: str) -> list[Tree]:
    data = record.data if isinstance(record.data, dict) else {}
    found = data.get(name)
    return found if isinstance(found, list) else []
