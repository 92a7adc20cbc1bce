"""Hardly any judgment stands in the data twice."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.preferring import PreferenceParams, Row, preferences, told
from hcgov.stages.worked import at_most

METRIC = "duplicates"


class PreferenceDuplicates(PreferenceParams):
    """Parameters of duplicates."""

    likeness: Annotated[float, Stricter.LOWER] = Field(
        default=0.8,
        ge=0.5,
        le=1,
        description="Jaccard similarity of runs of five words from which on two pairs are nearly the same.",
    )


def asks(params: PreferenceDuplicates) -> Mapping[str, Request]:
    """Ask for prompts and responses."""
    return params.of("response_a", "response_b", may=("prompt",))


def examples() -> tuple[Example[PreferenceDuplicates], ...]:
    """Return pairs once, replicated by others, repeated by the same person, nearly repeated, and of nobody."""

    def row(i: int, who: str | None, more: str = "") -> Row:
        one = {
            "prompt_id": f"q{i}{more}",
            "prompt": f"{more}What do you think of number {i}, and why do you think so, in a few short words?",
            "response_a": f"I like number {i} because it is {i} more than nothing, which is {i * 7} too few.",
            "response_b": f"No opinion about {i}.",
            "choice": "a",
        }
        return one if who is None else {**one, "annotator": who}

    people = [row(i, f"p{i % 20}") for i in range(300)]
    again = [row(i, f"p{i % 20}") for i in range(20)]
    near = [row(i, f"p{i % 20}", "Please: ") for i in range(20)]
    return told(
        PreferenceDuplicates(),
        at_most("0.01"),
        ("every pair once", preferences(people), Verdict.PASS),
        ("others judged the same", preferences([*people, *(row(i, "z") for i in range(99))]), Verdict.PASS),
        ("the same people judged the same again", preferences([*people, *again]), Verdict.FAIL),
        ("nearly the same again", preferences([*people, *near]), Verdict.FAIL),
        (
            "again, and nobody says who",
            preferences([row(i % 290, None) for i in range(300)]),
            Verdict.INCONCLUSIVE,
        ),
        ("one row", preferences(people[:1]), Verdict.INCONCLUSIVE),
    )


@check(
    asks=asks,
    params=PreferenceDuplicates,
    examples=examples,
    limit=limits(METRIC, at_most="[0, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.1", "eu-ai-act:Art.10(3)-(4)", "iso-42001:A.7.4"),
)
def preference_duplicates(long: Long, params: PreferenceDuplicates) -> Iterator[Measurement]:
    """Share of rows that say again, or nearly again, what the same annotator said in another row.

    Whoever stands there twice weighs twice. The same pair judged by somebody else is no duplicate: it is what makes
    disagreement visible. Counted, not estimated. Near duplicates: MinHash with 128 permutations on runs of five words,
    each candidate confirmed. Source: Broder 1997, doi:10.1109/SEQUEN.1997.666900.
    """
    from hcgov.stages.judgments.pairs import pair_texts, repeats, words_of  # noqa: PLC0415 - numpy only here
    from hcgov.stats.preferences.parity import counted  # noqa: PLC0415

    if long.rows < 2:
        note = text("`{table}` holds {rows} {rows|row|rows}", table=long.table, rows=long.rows)
        yield Measurement(metric=METRIC, reason=Reason.SMALL_N, note=note)
        return
    texts = pair_texts(long)
    found = repeats(long, texts, words_of(texts), likeness=params.likeness)
    exact, near = int(found.exact.sum()), int(found.near.sum())
    share = counted((exact + near) / long.rows, long.rows)
    note = text(
        "{exact} exact and {near} near duplicates in {rows} {rows|row|rows}; {replications} "
        "{replications|row repeats|rows repeat} what somebody else judged",
        exact=exact,
        near=near,
        rows=long.rows,
        replications=found.replications,
    )
    if not found.who_known and exact + near:
        note = text(
            "{n} of {rows} {rows|row|rows} of `{table}` repeat a pair, and it does not say who "
            "chose: they may be other people's",
            n=exact + near,
            rows=long.rows,
            table=long.table,
        )
        yield Measurement(metric=METRIC, reason=Reason.UNKNOWN_FACT, note=note)
    else:
        yield Measurement(metric=METRIC, estimate=share, note=note)
