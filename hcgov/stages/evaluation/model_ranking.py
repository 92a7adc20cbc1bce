"""A ranking of models is claimed only as far as people's preferences settle it."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated

from pydantic import Field, field_validator

from hcgov.core.check import Example, Judged, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.long import Long
from hcgov.core.frozen import frozen
from hcgov.core.measurement import Answered, Measurement, Statement
from hcgov.core.slices import Slice
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import Text, text
from hcgov.stages.judgments.comparison_notes import obstacle, told, why
from hcgov.stages.judgments.comparisons import Choices, PreferenceParams, asked, choices
from hcgov.stages.judgments.preference_worked import Row, mixed, preferences
from hcgov.stages.specimens import worked
from hcgov.stats.clusters import FEWEST
from hcgov.stats.means import student
from hcgov.stats.preferences.davidson import davidson
from hcgov.stats.preferences.held_out import COIN, held_out_loss
from hcgov.stats.preferences.simultaneous import Standing, chance, errors, standing
from hcgov.stats.preferences.strengths import Strengths, Unfit

MOST_MODELS = 200
"""Of more models, there are too many differences to say anything about all of them at once."""


class ModelRanking(PreferenceParams):
    """Parameters of the ranking."""

    ranking: Annotated[tuple[str, ...], Stricter.SUPERSET] = Field(
        min_length=2,
        description="Models as they are claimed to rank, the best first; each is claimed to beat the next.",
    )
    order: Annotated[bool, Stricter.TRUE] = Field(
        default=False, description="Whether who is called a may have an advantage, which is then taken off."
    )
    confidence: Annotated[float, Stricter.HIGHER] = Field(
        default=0.95, ge=0.5, lt=1, description="Probability that the intervals of all differences hold."
    )

    @field_validator("ranking")
    @classmethod
    def _each_once(cls, ranking: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(ranking)) < len(ranking):
            raise ValueError("a model stands in a ranking once")
        return ranking


def examples() -> tuple[Example[ModelRanking], ...]:
    """Forty people compare three models on twelve prompts."""

    def table(first: int, second: int, *, people: int = 40, apart: bool = False) -> Long:
        rows: list[Row] = []
        for who in range(people):
            for one in range(12):
                pairs = (("m1", "m2", first), ("m2", "m3", second), ("m1", "m3", first))
                for a, b, wins in pairs[:1] if apart else pairs:
                    won = mixed(who, one + len(a + b) + 5 * int(b[1])) < wins
                    rows.append((f"p{who}", "north", f"q{one}", a, b, "a" if won else "b"))
                if apart:
                    rows.append((f"p{who}", "north", f"q{one}", "m3", "m4", "a" if who % 2 else "b"))
        return preferences(rows)

    return worked(
        ModelRanking(ranking=("m1", "m2", "m3")),
        "long",
        {
            "each beats the next": (table(75, 70), Verdict.PASS),
            "the third beats the second": (table(75, 25), Verdict.FAIL),
            "the last two are alike": (table(75, 51), Verdict.INCONCLUSIVE),
            "nobody compared the first two with the third": (table(75, 50, apart=True), Verdict.INCONCLUSIVE),
            "one person": (table(75, 70, people=1), Verdict.INCONCLUSIVE),
        },
    )


@check(
    asks=lambda params: {"long": asked(params, "model_a", "model_b")},
    params=ModelRanking,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=(
        "nist-ai-rmf:MEASURE 2.5",
        "nist-ai-rmf:MEASURE 2.1",
        "eu-ai-act:Art.15(1),(3)-(5)",
        "iso-42001:A.6.2.4",
    ),
)
def model_ranking(long: Long, params: ModelRanking) -> Iterator[Statement | Measurement]:
    """Hold each step of a claimed ranking against the simultaneous interval of the difference of strengths.

    That A beats B is said only where the interval, which holds together with those of all other pairs, excludes
    equality; a table of ranks without it crowns chance. Strengths are those of Davidson's model, with people and
    prompts as clusters; competitors that no chain of wins connects have none. They average over everyone: who loses
    by them is for the group checks. Source: Davidson 1970, JASA 65:317-328; Mogstad et al. 2024, Review of Economic
    Studies 91:476-518.
    """
    found = choices(long, params.dimension)
    fitted = _fitted(long, found, params)
    if isinstance(fitted, _Unknown):
        yield Statement(about="ranking", answer=Answered.CANNOT_TELL, reason=fitted.reason, text=fitted.note)
    else:
        for one, other in pairwise(params.ranking):
            yield _claim(found, fitted.places, one, other)
        yield from _shown(found, fitted.strengths)
        yield from _foretold(found)
    yield from told(found)


@frozen
class _Unknown:
    reason: Reason
    note: Text


@frozen
class _Known:
    strengths: Strengths
    places: Standing


def _fitted(long: Long, found: Choices, params: ModelRanking) -> _Known | _Unknown:
    """Return strengths and places, or why there are none."""
    stopped = obstacle(found, long, models=True) or _too_much(found, params)
    if stopped is not None:
        return _Unknown(reason=stopped[0], note=stopped[1])
    strengths = davidson(found.contests(), order=params.order)
    if isinstance(strengths, Unfit):
        return _Unknown(reason=strengths.reason, note=why(strengths, found))
    places = standing(strengths, level=params.confidence)
    if places is None or strengths.people < FEWEST or strengths.df < FEWEST - 1:
        note = text(
            "{people} {people|person|people} judged; with fewer than {least} {least|person|people}, "
            "or prompts that they share, "
            "nothing is known of how they differ",
            people=strengths.people,
            least=FEWEST,
        )
        few = strengths.people < FEWEST
        return _Unknown(reason=Reason.FEW_PEOPLE if few else Reason.FEW_CLUSTERS, note=note)
    return _Known(strengths=strengths, places=places)


def _too_much(found: Choices, params: ModelRanking) -> tuple[Reason, Text] | None:
    if not params.dimension and len(found.dimensions) > 1:
        note = text("people judged in {n} respects, and none of them is named", n=len(found.dimensions))
        return Reason.UNKNOWN_FACT, note
    if len(found.names) > MOST_MODELS:
        note = text(
            "{n} models are more than the {most} that can be told apart", n=len(found.names), most=MOST_MODELS
        )
        return Reason.SMALL_N, note
    unknown = [name for name in params.ranking if name not in found.names]
    if unknown:
        return Reason.NOT_CONNECTED, text(
            "no comparison holds {models}", models=", ".join(f"`{n}`" for n in unknown)
        )
    return None


def _claim(found: Choices, places: Standing, one: str, other: str) -> Statement:
    d = places.between(found.names.index(one), found.names.index(other))
    answer = {1: Answered.MET, -1: Answered.NOT_MET, 0: Answered.CANNOT_TELL}[d.settled]
    verb = {1: "beats", -1: "loses to", 0: "cannot be told from"}[d.settled]
    return Statement(
        about=f"{one} over {other}",
        answer=answer,
        reason=None if d.settled else Reason.NEAR_THRESHOLD,
        text=text(
            "`{one}` {verb} `{other}`: preferred in {share} of decided comparisons ({low} to {high}, all pairs "
            "at once)",
            one=one,
            verb=verb,
            other=other,
            share=f"{chance(d.value):.1%}",
            low=f"{chance(d.low):.1%}",
            high=f"{chance(d.high):.1%}",
        ),
    )


def _shown(found: Choices, strengths: Strengths) -> Iterator[Measurement]:
    spread = errors(strengths)
    for code, name in enumerate(found.names):
        yield Measurement(
            metric="strength",
            scope=Slice(values=(("model", name),)),
            depth=1,
            estimate=student(
                float(strengths.theta[code]),
                None if spread is None else float(spread[code]),
                strengths.df,
                n=strengths.n,
                people=strengths.people,
            ),
            shown=True,
        )


def _foretold(found: Choices) -> Iterator[Measurement]:
    """Yield how well one scale for everyone tells the choices of people who were held out, to be shown."""
    held_out = held_out_loss(found.contests())
    if held_out is None or held_out.loss.value is None:
        return
    note = text(
        "who knows nothing has {coin}; one scale for everyone tells no more than this", coin=f"{COIN:.3f}"
    )
    yield Measurement(metric="held_out_log_loss", estimate=held_out.loss, note=note, shown=True)
