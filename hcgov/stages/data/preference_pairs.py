"""Every pair holds two different responses to the same prompt."""

from collections.abc import Iterator, Mapping

from hcgov.core.check import Example, Judged, Request, check
from hcgov.core.evidence.long import Long
from hcgov.core.measurement import Answered, Statement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.preferring import PreferenceParams, Row, preferences, told

TOLD = {
    "no_prompt": "{n} of {rows} {rows|row|rows} {n|has|have} no prompt",
    "other_prompt": "{n} of {rows} {rows|row|rows} {n|has a prompt|have prompts} other than the first row with the "
    "same `prompt_id`",
    "empty_response": "{n} of {rows} {rows|row|rows} {n|lacks|lack} a response",
    "same_responses": "{n} of {rows} {rows|row|rows} {n|compares|compare} a response with itself",
    "malformed_chat": "{n} of {rows} {rows|row|rows} {n|holds|hold} a conversation whose turns do not alternate, or "
    "that does not end as it should",
}


class PreferencePairs(PreferenceParams):
    """Parameters of the validity of pairs."""


def asks(params: PreferencePairs) -> Mapping[str, Request]:
    """Ask for both responses, and for the prompt where it is there."""
    return params.of("response_a", "response_b", may=("prompt",))


def examples() -> tuple[Example[PreferencePairs], ...]:
    """Return pairs that are valid, each fault, and a table without rows."""

    def table(**other: str | None) -> Long:
        good: list[Row] = [
            {
                "annotator": f"p{i}",
                "prompt_id": f"q{i}",
                "prompt": f"Question {i}?",
                "response_a": f"Yes, {i}.",
                "response_b": "No.",
                "choice": "a",
            }
            for i in range(5)
        ]
        return preferences([*good, {**good[0], "annotator": "p9", **other}] if other else good)

    double = '[{"role": "user", "content": "Hi"}, {"role": "user", "content": "Hello?"}]'
    return told(
        PreferencePairs(),
        None,
        ("all valid", table(), Verdict.PASS),
        ("the same but for white space", table(response_a="No. "), Verdict.FAIL),
        ("an empty response", table(response_b=" "), Verdict.FAIL),
        ("no prompt", table(prompt=None), Verdict.FAIL),
        ("another prompt under the same id", table(prompt="Something else?"), Verdict.FAIL),
        ("the person speaks twice", table(prompt_id="q9", prompt=double), Verdict.FAIL),
        ("no rows", preferences([]), Verdict.INCONCLUSIVE),
    )


@check(
    asks=asks,
    params=PreferencePairs,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=("nist-ai-rmf:MEASURE 2.1", "eu-ai-act:Art.10(3)-(4)", "iso-42001:A.7.4"),
)
def preference_pairs(long: Long, params: PreferencePairs) -> Iterator[Statement]:
    """Count the rows that are no valid pair, by what is wrong with them.

    Training takes whatever stands there: a response compared with itself, or an empty one, teaches noise under
    somebody's name. Texts are compared in Unicode form NFKC and without regard to white space. Source: Unicode
    Standard Annex 15, 2024; TRL dataset formats, 2025.
    """
    from hcgov.stages.judgments.pairs import faults, pair_texts  # noqa: PLC0415 - numpy only where rows are read

    if not long.rows:
        yield Statement(
            about="pairs",
            answer=Answered.CANNOT_TELL,
            reason=Reason.SMALL_N,
            text=text("`{table}` holds no pairs", table=long.table),
        )
        return
    for fault, rows in faults(long, pair_texts(long)).items():
        n = int(rows.sum())
        yield Statement(
            about=fault,
            answer=Answered.NOT_MET if n else Answered.MET,
            text=text(TOLD[fault], n=n, rows=long.rows),
        )
