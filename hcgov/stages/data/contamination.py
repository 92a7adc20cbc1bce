"""What is tested on does not stand in what was learned from."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.long import Long, LongOf, Texts
from hcgov.core.limit import limits
from hcgov.core.long_tables import COLUMNS, Holds, LongKind
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.preferring import PreferenceParams, Row, preferences
from hcgov.stages.worked import at_most

METRIC = "contaminated"
DIRTY = 0.8
"""Share of words from which on a text was learned as good as whole."""
LEARNED = ("prompt", "response_a", "response_b")


class Contamination(PreferenceParams):
    """Parameters of contamination."""

    exam: str = Field(default="evaluations", description="Table artifact with the texts that are tested on.")
    exam_kind: Annotated[LongKind, Stricter.IDENTITY] = Field(
        default=LongKind.EVALUATIONS, description="Which long table that is."
    )
    exam_text: str = Field(
        default="text", description="Its column of texts, such as `text` or, of preferences, `prompt`."
    )
    run: Annotated[int, Stricter.LOWER] = Field(
        default=13, ge=5, le=100, description="Words of a run that two texts do not share by chance."
    )
    boilerplate: Annotated[int, Stricter.HIGHER] = Field(
        default=10,
        ge=1,
        le=1_000_000,
        description="A run that stands in more texts of the exam than this is a template and counts for nothing.",
    )
    max_missing: Annotated[float, Stricter.LOWER] = Field(
        default=0.05,
        ge=0,
        le=1,
        description="Largest share of rows of either table whose text is not recorded.",
    )


def asks(params: Contamination) -> Mapping[str, Request]:
    """Ask for the texts of both tables."""
    needs = tuple(n for n, c in COLUMNS[params.exam_kind].items() if c.required and c.holds is not Holds.TEXT)
    return {
        "long": LongOf(
            table=params.table,
            kind=LongKind.PREFERENCES,
            needs=("prompt_id", "choice", "prompt"),
            may=("response_a", "response_b", "annotator", "consent"),
        ),
        "exam": LongOf(table=params.exam, kind=params.exam_kind, needs=(*needs, params.exam_text)),
    }


def _learned(*prompts: str) -> Long:
    rows: list[Row] = [
        {"prompt_id": f"q{i}", "choice": "a", "prompt": p, "response_a": "Nine.", "response_b": "Eight."}
        for i, p in enumerate(prompts)
    ]
    return preferences(rows)


def _exam(*texts: str | None) -> Long:
    rows: list[Row] = [
        {"item": f"i{i}", "rater": "r", "rater_kind": "judge", "score": "1", "text": told}
        for i, told in enumerate(texts)
    ]
    return preferences(rows, table="evaluations", kind=LongKind.EVALUATIONS)


def examples() -> tuple[Example[Contamination], ...]:
    """Return data that do not know the exam, that know a question of it, and an exam without texts."""
    question = (
        "A farmer has seventeen sheep and all but nine of them run away; how many sheep are left to him?"
    )
    others = [f"Which of the {i} rivers of this country is the longest one?" for i in range(40)]
    cases = (
        (
            "nothing in common",
            _learned("How are you?", "What is a river?"),
            _exam(question, *others),
            Verdict.PASS,
        ),
        ("a question of the exam", _learned("So: " + question), _exam(question, *others), Verdict.FAIL),
        (
            "a short question, word for word",
            _learned("How ARE you"),
            _exam("How are you?", question),
            Verdict.FAIL,
        ),
        (
            "an exam most of whose texts are not recorded",
            _learned("How are you?"),
            _exam(question, *[None] * 9),
            Verdict.INCONCLUSIVE,
        ),
        ("an exam without texts", _learned(question), _exam(), Verdict.INCONCLUSIVE),
    )
    return tuple(
        Example(
            title=title,
            params=Contamination(),
            evidence={"long": long, "exam": tested},
            expect=expect,
            limit=at_most("0"),
        )
        for title, long, tested, expect in cases
    )


@check(
    asks=asks,
    params=Contamination,
    examples=examples,
    limit=limits(METRIC, at_most="[0, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.1", "nist-ai-rmf:MEASURE 2.5", "eu-ai-act:Art.10(3)-(4)"),
)
def contamination(long: Long, exam: Long, params: Contamination) -> Iterator[Measurement]:
    """Share of the exam's texts that share a run of 13 words with what was learned from, each text once.

    Who has seen the exam passes it, and people rely on a skill that nobody has shown. Texts with fewer words than a run
    collide only where they are equal; runs that many texts of the exam share are templates and count for nothing. The
    share of words in shared runs of ten, with gaps of up to four, is shown beside it. Counted, not estimated. Source:
    Brown et al. 2020, arXiv:2005.14165, appendix C; Touvron et al. 2023, arXiv:2307.09288, appendix A.6.
    """
    from hcgov.stats.preferences.parity import counted  # noqa: PLC0415 - numpy only where rows are read
    from hcgov.stats.texts.contamination import collisions, shared_words  # noqa: PLC0415

    for table, where, names in ((params.table, long, LEARNED), (params.exam, exam, (params.exam_text,))):
        stopped = _unrecorded(table, where, names, params.max_missing)
        if stopped is not None:
            yield stopped
            return
    learned = sorted({told for name in LEARNED for told in _texts(long, name)})
    tested = sorted(set(_texts(exam, params.exam_text)))
    if not learned or not tested:
        empty = params.exam if learned else params.table
        note = text("`{table}` holds no texts", table=empty)
        yield Measurement(metric=METRIC, reason=Reason.SMALL_N, note=note)
        return
    found = collisions(learned, tested, run=params.run, boilerplate=params.boilerplate)
    hits, known = int(found.exam.sum()), int(found.texts.sum())
    note = text(
        "{hits} of {n} {n|text|texts} of `{exam}` {hits|stands|stand} in {known} {known|text|texts} of `{table}`; "
        "{boilerplate} {boilerplate|run|runs} of words that many texts of the exam share {boilerplate|is|are} left out",
        hits=hits,
        n=len(tested),
        exam=params.exam,
        known=known,
        table=params.table,
        boilerplate=found.boilerplate,
    )
    yield Measurement(metric=METRIC, estimate=counted(hits / len(tested), len(tested)), note=note)
    held = shared_words(learned, tested)
    dirty = int((held >= DIRTY).sum())
    note = text(
        "{dirty} of {n} {n|text|texts} of `{exam}` {dirty|has|have} {share} or more of {dirty|its|their} words in runs "
        "of ten that were learned from",
        dirty=dirty,
        n=len(tested),
        exam=params.exam,
        share=f"{DIRTY:.0%}",
    )
    estimate = counted(float(held.mean()), len(tested))
    yield Measurement(metric="contaminated_words", estimate=estimate, note=note, shown=True)


def _unrecorded(table: str, long: Long, names: tuple[str, ...], most: float) -> Measurement | None:
    """Say where so many texts are not recorded that what they hold is not known."""
    for name in names:
        column = long.columns.get(name)
        if not isinstance(column, Texts):
            continue
        lacking = sum(1 for told in column.values if not told or not told.strip())
        if lacking > most * long.rows:
            note = text(
                "{lacking} of {n} {n|row|rows} of `{table}` {lacking|has|have} no {name}",
                lacking=lacking,
                n=long.rows,
                table=table,
                name=name,
            )
            return Measurement(metric=METRIC, reason=Reason.MISSING_OUTCOMES, note=note)
    return None


def _texts(long: Long, name: str) -> Iterator[str]:
    column = long.columns.get(name)
    if isinstance(column, Texts):
        yield from (told for told in column.values if told and told.strip())
