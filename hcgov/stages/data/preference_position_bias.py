"""People choose the left response about as often as the right one."""

from collections.abc import Iterator, Mapping

from hcgov.core.check import Example, Request, check
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.preferring import Row, SlicedPreferenceParams, chosen, preferences, told
from hcgov.stages.worked import at_most

LEFT, RIGHT = "chosen_left", "chosen_right"
OF = "choices of a side"


class PreferencePositionBias(SlicedPreferenceParams):
    """Parameters of position bias."""


def asks(params: PreferencePositionBias) -> Mapping[str, Request]:
    """Ask for choices, and for where response a stood."""
    return params.of("position_of_a", slices=params.slices)


def examples() -> tuple[Example[PreferencePositionBias], ...]:
    """Return choices that do not follow the side, that do, always do, and cases that cannot be told."""

    def table(share: float, people: int = 40, *, randomised: bool | None = True, prompts: int = 60) -> Long:
        rows: list[Row] = []
        for i, row in enumerate(chosen(people, 50, share, prompts=prompts, lean=0.03)):
            # What is chosen on the left is response a in every other row.
            here = row if i % 2 == 0 else {**row, "choice": "b" if row["choice"] == "a" else "a"}
            rows.append({**here, "position_of_a": "left" if i % 2 == 0 else "right"})
        return preferences(rows, randomised=randomised)

    ties: list[Row] = [
        {"annotator": f"p{i}", "prompt_id": f"q{i % 9}", "choice": "tie", "position_of_a": "left"}
        for i in range(200)
    ]
    return told(
        PreferencePositionBias(),
        at_most("0.55"),
        ("either side as often", table(0.5), Verdict.PASS),
        ("mostly the left one", table(0.65), Verdict.FAIL),
        ("always the left one", table(1.0), Verdict.FAIL),
        ("mostly the right one", table(0.35), Verdict.FAIL),
        ("nobody says that sides were drawn", table(0.5, randomised=None), Verdict.INCONCLUSIVE),
        ("one annotator", table(0.5, people=1), Verdict.INCONCLUSIVE),
        ("one prompt", table(0.5, prompts=1), Verdict.INCONCLUSIVE),
        ("all ties", preferences(ties), Verdict.INCONCLUSIVE),
    )


@check(
    asks=asks,
    params=PreferencePositionBias,
    examples=examples,
    limit=limits(LEFT, RIGHT, at_most="[0.5, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.11", "eu-ai-act:Art.10(2)(f)", "iso-42001:A.7.4"),
)
def preference_position_bias(long: Long, params: PreferencePositionBias) -> Iterator[Measurement]:
    """Share of choices that went to the left response, and to the right one; 0.55 is a bias of 5 points.

    What people choose because of where it stands, a model learns as what they want. Only sides that were drawn at
    random tell the side apart from the response that stood there. Annotators and prompts are clusters. Source: Zheng et
    al. 2023, arXiv:2306.05685, section 3.3; Clopper & Pearson 1934, Biometrika 26:404-413, on the effective sample.
    """
    import numpy as np  # noqa: PLC0415 - numpy only where rows are read

    from hcgov.stages.judgments.choosing import by_group, decided, left, share_of  # noqa: PLC0415

    if long.randomised is not True:
        note = text(
            "`{table}` does not declare `randomised: true`: what stood on the left may differ from the rest",
            table=long.table,
        )
        yield from (Measurement(metric=m, reason=Reason.NOT_RANDOMISED, note=note) for m in (LEFT, RIGHT))
        return
    chose = decided(long)
    went_left, used = left(long, chose)
    unknown = int(np.count_nonzero(chose & ~used))
    if unknown > params.max_missing * np.count_nonzero(chose):
        note = text(
            "{unknown} of {n} {n|choice|choices} {unknown|does|do} not say where the responses stood",
            unknown=unknown,
            n=int(np.count_nonzero(chose)),
        )
        yield from (Measurement(metric=m, reason=Reason.MISSING_OUTCOMES, note=note) for m in (LEFT, RIGHT))
        return
    yield share_of(long, LEFT, went_left, used, OF)
    yield share_of(long, RIGHT, 1.0 - went_left, used, OF)
    yield from by_group(long, LEFT, went_left, used)
