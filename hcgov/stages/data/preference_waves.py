"""People choose as they did in the round before, and the newest choices are not too old."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from hcgov.core.check import Example, Params, Request, check
from hcgov.core.direction import Neither, Stricter
from hcgov.core.evidence.long import Long, LongOf
from hcgov.core.limit import limits
from hcgov.core.long_tables import LongKind
from hcgov.core.measurement import Answered, GroupCount, Measurement, Observation, Statement
from hcgov.core.occasion import Occasion
from hcgov.core.slices import Slice
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.choice_examples import Vote, preferences
from hcgov.stages.judgments.choices import COLUMNS, NoChoices, Of
from hcgov.stages.judgments.waves import Shift, Shifts, mirrored, newest_age, shifts_of
from hcgov.stages.worked import at_most

METRIC = "wave_shift"


class PreferenceWaves(Params):
    """Parameters of change between waves."""

    table: str = Field(default="preferences", description="Table of preferences with a column `wave`.")
    of: Annotated[Literal["auto", "models", "responses", "sides"], Stricter.IDENTITY] = Field(
        default="auto", description="What is chosen between; `auto` takes what the table tells."
    )
    order: Annotated[tuple[str, ...], Neither("an order is neither looser nor stricter")] = Field(
        default=(),
        description="Names of the waves, the earliest first; by their days, else by name, if left out.",
    )
    fewest: Annotated[int, Stricter.HIGHER] = Field(
        default=30, ge=1, le=1_000_000, description="Fewest people of either wave."
    )
    max_age_days: Annotated[int, Stricter.LOWER] = Field(
        default=365, ge=1, le=36500, description="Days after which choices have to be collected again."
    )


def asks(params: PreferenceWaves) -> Mapping[str, Request]:
    """Ask for every single choice and its wave."""
    return {
        "long": LongOf(
            table=params.table,
            kind=LongKind.PREFERENCES,
            needs=("prompt_id", "choice", "annotator", "wave"),
            may=(*COLUMNS, "submitted_at"),
        )
    }


def examples() -> tuple[Example[PreferenceWaves], ...]:
    """Return waves that agree, waves that do not, one wave, few people, and choices that are too old."""

    def long(
        spring: tuple[int, int], autumn: tuple[int, int], last: str = "autumn", day: float = 20700
    ) -> Long:
        return preferences(
            [
                Vote(
                    group="north",
                    a="m1",
                    b="m2",
                    for_a=spring[0],
                    for_b=spring[1],
                    wave="spring",
                    day=min(20600, day - 100),
                ),
                Vote(group="north", a="m1", b="m2", for_a=autumn[0], for_b=autumn[1], wave=last, day=day),
            ]
        )

    cases = (
        ("as before", long((600, 400), (610, 390)), Verdict.PASS),
        ("the winner changed", long((600, 400), (400, 600)), Verdict.FAIL),
        ("one wave", long((600, 400), (610, 390), last="spring"), Verdict.INCONCLUSIVE),
        ("twelve people in autumn", long((600, 400), (7, 5)), Verdict.INCONCLUSIVE),
        ("of tomorrow", long((600, 400), (610, 390), day=99999), Verdict.INCONCLUSIVE),
        ("collected too long ago", long((600, 400), (610, 390), day=20001), Verdict.FAIL),
    )
    return tuple(
        Example(
            title=title,
            params=PreferenceWaves(),
            evidence={"long": table},
            expect=verdict,
            limit=at_most("0.10"),
        )
        for title, table, verdict in cases
    )


@check(
    asks=asks,
    params=PreferenceWaves,
    examples=examples,
    limit=limits(METRIC, at_most="[0, 1)"),
    supports=(
        "nist-ai-rmf:MEASURE 2.4",
        "nist-ai-rmf:GOVERN 1.5",
        "eu-ai-act:Art.10(2)(e)",
        "iso-42001:A.7.4",
    ),
)
def preference_waves(long: Long, params: PreferenceWaves, occasion: Occasion) -> Iterator[Observation]:
    """Change of an alternative's share of preference from the wave before the last to the last, in [-1, 1].

    What people wanted when they were asked is not what they want for ever; a model trained on it freezes it. Only what
    both waves judged is compared; people of both waves are clusters, so those who judged twice are not taken for
    others. Both directions are held against the limit. Source: Ziems et al. 2026, arXiv 2605.06901, section 4.4.2;
    Kott 2001, Journal of Official Statistics 17:521-526.
    """
    yield _age(newest_age(long, occasion.date), params.max_age_days)
    found = shifts_of(long, params.order, of=None if params.of == "auto" else Of(params.of))
    if isinstance(found, NoChoices):
        yield Measurement(metric=METRIC, reason=found.reason, note=found.note)
        return
    if not found.shifts:
        yield Measurement(
            metric=METRIC,
            reason=Reason.FEW_PEOPLE,
            note=text("too few people judged the same in both waves to tell what changed"),
        )
    for shift in found.shifts:
        yield from _measured(shift, found, params.fewest)


def _age(days: int | None, most: int) -> Statement:
    if days is None:
        return Statement(
            about="age",
            answer=Answered.CANNOT_TELL,
            reason=Reason.UNKNOWN_FACT,
            text=text("no row says when it was submitted, so nobody can tell whether to collect again"),
        )
    if days < -1:  # a day of grace for clocks and time zones
        return Statement(
            about="age",
            answer=Answered.CANNOT_TELL,
            reason=Reason.UNKNOWN_FACT,
            text=text(
                "the newest choice is of {days} {days|day|days} after today: its age is not known", days=-days
            ),
        )
    return Statement(
        about="age",
        answer=Answered.MET if days <= most else Answered.NOT_MET,
        text=text(
            "the newest choice is {days} {days|day|days} old; after {most} {most|day|days} they are "
            "to be collected again",
            days=days,
            most=most,
        ),
    )


def _measured(shift: Shift, found: Shifts, fewest: int) -> Iterator[Measurement]:
    """Yield a shift upwards and downwards: the limit is on either."""
    few = min(shift.earlier, shift.later) < fewest
    note = text(
        "{alternative}: {earlier} {earlier|person|people} in {first}, {later} in {last}, {same} in "
        "both; {prompts}; {dropped} "
        "{dropped|choice is|choices are} about what only one of the waves judged",
        dropped=found.dropped,
        alternative=shift.alternative,
        earlier=shift.earlier,
        later=shift.later,
        first=found.waves[0],
        last=found.waves[1],
        same=found.same_people,
        prompts="same prompts" if found.same_prompts else "other prompts, which may be what changed",
    )
    for direction, estimate in (("up", shift.estimate), ("down", mirrored(shift.estimate))):
        values = [("alternative", shift.alternative), ("direction", direction)]
        if shift.scope:
            values.insert(0, ("scope", shift.scope))
        scope = Slice(values=tuple(values))
        yield Measurement(
            metric=METRIC,
            scope=scope,
            depth=1,
            estimate=None if few else estimate,
            groups=(
                GroupCount(
                    slice=scope,
                    positives=0.0,
                    n=estimate.n,
                    n_eff=estimate.n_eff,
                    people=min(shift.earlier, shift.later),
                ),
            ),
            reason=Reason.FEW_PEOPLE if few else None,
            note=note,
        )
