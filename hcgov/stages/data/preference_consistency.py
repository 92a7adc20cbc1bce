"""People do not contradict their own preferences."""

from collections.abc import Iterator

from hcgov.core.check import Example, check
from hcgov.core.estimate import Estimate, Method
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.comparison_notes import obstacle, told
from hcgov.stages.judgments.comparisons import Choices, PreferenceParams, asked, choices
from hcgov.stages.judgments.preference_worked import Row, mixed, preferences
from hcgov.stages.worked import at_most
from hcgov.stats.clusters import FEWEST
from hcgov.stats.preferences.cycles import repeats, triads

METRIC = "contradiction_rate"


class PreferenceConsistency(PreferenceParams):
    """Parameters of the contradictions."""


def examples() -> tuple[Example[PreferenceConsistency], ...]:
    """Forty people judge ten pairs twice."""

    def table(turned: int, people: int = 40) -> Long:
        rows: list[Row] = []
        for who in range(people):
            for one in range(10):
                first = "a" if mixed(who, one) % 2 else "b"
                again = {"a": "b", "b": "a"}[first] if mixed(who, one) < turned else first
                rows += [(f"p{who}", "north", f"q{one}", "new", "old", choice) for choice in (first, again)]
        return preferences(rows)

    told_ = (
        ("nearly all say the same again", table(4), Verdict.PASS),
        ("four of ten are turned round", table(40), Verdict.FAIL),
        ("a single person", table(4, people=1), Verdict.INCONCLUSIVE),
        (
            "nobody was asked twice",
            preferences([("p1", "north", "q1", "new", "old", "a"), ("p2", "south", "q1", "new", "old", "b")]),
            Verdict.INCONCLUSIVE,
        ),
    )
    return tuple(
        Example(
            title=title,
            params=PreferenceConsistency(),
            evidence={"long": evidence},
            expect=verdict,
            limit=at_most("0.15"),
        )
        for title, evidence, verdict in told_
    )


@check(
    asks=lambda params: {"long": asked(params)},
    params=PreferenceConsistency,
    examples=examples,
    limit=limits(METRIC, at_most="[0, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.13", "eu-ai-act:Art.10(3)-(4)", "iso-42001:A.7.4"),
)
def preference_consistency(long: Long, params: PreferenceConsistency) -> Iterator[Measurement]:
    """Share of repeated judgments in which a person reverses a preference, with people and prompts as clusters.

    A ceiling for every agreement with these people: who is unsure of himself cannot be matched. Two people who want
    different things contradict nobody; they are never counted here. Circular triads and Kendall's coefficient of
    consistence are shown. Source: Kendall & Babington Smith 1940, Biometrika 31:324-345; Clopper & Pearson 1934.
    """
    found = choices(long, params.dimension)
    stopped = obstacle(found, long, models=False, decided=False)
    if stopped is not None:
        yield Measurement(metric=METRIC, reason=stopped[0], note=stopped[1])
        return
    used = found.compared
    again = repeats(found.sign[used], found.people[used], found.items[used])
    if not again.groups:
        yield Measurement(
            metric=METRIC,
            reason=Reason.SMALL_N,
            note=text("nobody in `{table}` was asked the same twice", table=long.table),
        )
    elif again.people < FEWEST:
        note = text(
            "{n} {n|person was|people were} asked the same twice; with fewer than {least} nothing is known of "
            "how they differ",
            n=again.people,
            least=FEWEST,
        )
        yield Measurement(metric=METRIC, reason=Reason.FEW_PEOPLE, note=note)
    else:
        yield Measurement(metric=METRIC, estimate=again.contradicted)
    yield from _cycles(found)
    yield from told(found)


def _cycles(found: Choices) -> Iterator[Measurement]:
    """Yield how often a person's preferences between models run in a circle, to be shown."""
    if len(found.names) < 3:
        return
    contests = found.contests()
    circles = triads(
        contests.first, contests.second, contests.outcome, contests.people, competitors=contests.competitors
    )
    if circles.triads:
        yield Measurement(metric="circular_triads", estimate=circles.share, shown=True)
    if circles.zeta is not None:
        zeta = Estimate(
            value=circles.zeta,
            n=circles.triads,
            n_eff=float(circles.complete),
            people=circles.complete,
            method=Method.POINT,
        )
        yield Measurement(metric="kendall_zeta", estimate=zeta, shown=True)
