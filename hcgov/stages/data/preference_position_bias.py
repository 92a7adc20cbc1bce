"""People choose the left response about as often as the right one."""

from collections.abc import Iterator, Mapping

from hcgov.core.check import Example, Request, check
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import Text, text
from hcgov.stages.judgments.preferring import Row, SlicedPreferenceParams, chosen, preferences, told
from hcgov.stages.worked import at_most

LEFT, RIGHT = "chosen_left", "chosen_right"
OF = "choices of a side"
SIGMAS = 6.0
"""So many standard errors from one half no pair of models comes by chance, however many pairs there are."""


class PreferencePositionBias(SlicedPreferenceParams):
    """Parameters of position bias."""


def asks(params: PreferencePositionBias) -> Mapping[str, Request]:
    """Ask for choices, for where response a stood, and for what made the responses where that is known."""
    return params.of("position_of_a", may=("model_a", "model_b"), slices=params.slices)


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
    sided: list[Row] = [
        {**row, "position_of_a": "left", "model_a": "new", "model_b": "old"}
        for row in chosen(40, 50, 0.5, lean=0.03)
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
        ("one model always stood on the left", preferences(sided), Verdict.INCONCLUSIVE),
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
    if one_sided := _one_sided(long):
        yield from (
            Measurement(metric=m, reason=Reason.NOT_RANDOMISED, note=one_sided) for m in (LEFT, RIGHT)
        )
        return
    yield share_of(long, LEFT, went_left, used, OF)
    yield share_of(long, RIGHT, 1.0 - went_left, used, OF)
    yield from by_group(long, LEFT, went_left, used)


def _one_sided(long: Long) -> Text | None:
    """Return why the sides cannot have been drawn at random: of two models one stood on the left far too often."""
    import numpy as np  # noqa: PLC0415 - numpy only where rows are read

    from hcgov.stages.judgments.arrays import codes  # noqa: PLC0415

    if not long.has("model_a", "model_b"):
        return None
    names = sorted({*long.codes("model_a").names, *long.codes("model_b").names})
    place = {name: i for i, name in enumerate(names)}
    one, other = (
        np.array([*(place[name] for name in long.codes(column).names), -1])[codes(long, column)]
        for column in ("model_a", "model_b")
    )
    side = long.codes("position_of_a")
    a_left = np.array([*(name == "left" for name in side.names), False])[codes(long, "position_of_a")]
    known = (one >= 0) & (other >= 0) & (one != other) & (codes(long, "position_of_a") >= 0)
    pair = (np.minimum(one, other) * len(names) + np.maximum(one, other))[known]
    first_left = ((one < other) == a_left)[known]
    n = np.bincount(pair)
    left_ = np.bincount(pair, weights=first_left)
    off = np.abs(left_ - n / 2.0) > SIGMAS * np.sqrt(n / 4.0) + 0.5
    worst = np.flatnonzero(off)
    if not worst.size:
        return None
    at = int(worst[0])
    return text(
        "`{one}` stood on the left in {left} of {n} comparisons with `{other}`: drawn at random that all but never "
        "happens, whatever is declared",
        one=names[at // len(names)],
        other=names[at % len(names)],
        left=int(left_[at]),
        n=int(n[at]),
    )
