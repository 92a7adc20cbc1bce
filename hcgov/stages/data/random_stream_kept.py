"""Some of the labelled items are always drawn at random."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Judged, Params, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.long import Long, LongOf, coded
from hcgov.core.long_tables import LongKind
from hcgov.core.measurement import Answered, Statement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.oversight import long_table
from hcgov.stages.specimens import worked


class RandomStreamKept(Params):
    """Parameters of the random stream."""

    table: str = Field(default="annotations", description="Table artifact of annotations.")
    min_share: Annotated[float, Stricter.HIGHER] = Field(
        default=0.10, gt=0, le=1, description="Least share of the labelled items that were drawn at random."
    )
    min_items: Annotated[int, Stricter.HIGHER] = Field(
        default=20,
        ge=1,
        le=1_000_000,
        description="Fewest labelled items (of a wave) of which a share says anything.",
    )
    max_missing: Annotated[float, Stricter.LOWER] = Field(
        default=0.05,
        ge=0,
        le=1,
        description="Largest share of items of which nobody says how they were chosen.",
    )


def asks(params: RandomStreamKept) -> Mapping[str, Request]:
    """Ask how every labelled item was chosen."""
    return {
        "long": LongOf(
            table=params.table,
            kind=LongKind.ANNOTATIONS,
            needs=("item", "annotator", "label", "stream"),
            may=("wave",),
        )
    }


def examples() -> tuple[Example[RandomStreamKept], ...]:
    """Return a stream that is kept, that is thin, that stopped, few items, and nobody who says."""

    def labelled(*waves: tuple[int, int], untold: int = 0) -> Long:
        streams = [s for r, a in waves for s in ["random"] * r + ["active"] * a] + [None] * untold
        wave = [str(w) for w, (r, a) in enumerate(waves) for _ in range(r + a)] + ["0"] * untold
        columns: dict[str, list[str | None]] = {
            "item": [str(i) for i in range(len(streams))],
            "annotator": [f"a{i % 12}" for i in range(len(streams))],
            "label": ["yes" if i % 3 else "no" for i in range(len(streams))],
            "stream": list(streams),
            "wave": list(wave),
        }
        return long_table("annotations", LongKind.ANNOTATIONS, columns)

    fine = labelled((60, 240), (50, 250))
    unknown = replace(fine, columns={**fine.columns, "stream": coded([None] * fine.rows)})
    return worked(
        RandomStreamKept(),
        "long",
        {
            "a fifth is random": (fine, Verdict.PASS),
            "one in fifty is random": (labelled((6, 294)), Verdict.FAIL),
            "it stopped in the second wave": (labelled((150, 150), (0, 300)), Verdict.FAIL),
            "nine items": (labelled((4, 5)), Verdict.INCONCLUSIVE),
            "nobody says of some": (labelled((60, 240), untold=100), Verdict.INCONCLUSIVE),
            "nobody says of any": (unknown, Verdict.INCONCLUSIVE),
            "nothing is labelled": (labelled(), Verdict.INCONCLUSIVE),
        },
    )


@check(
    asks=asks,
    params=RandomStreamKept,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=(
        "nist-ai-rmf:MAP 2.3",
        "nist-ai-rmf:MEASURE 2.2",
        "eu-ai-act:Art.10(3)-(4)",
        "iso-42001:A.7.2",
    ),
)
def random_stream_kept(long: Long, params: RandomStreamKept) -> Iterator[Statement]:
    """Count the labelled items that were drawn at random, in all and in each wave.

    Items that a machine asks for are those of which it is unsure; estimates from them are estimates of its doubts.
    Only items drawn at random say how it does for people, and whose items it never asks for. Items are counted, not
    estimated; those of training are left out. Source: the limit is this project's default; Settles 2009, Active
    Learning Literature Survey, University of Wisconsin 1648; Sugiyama 2006, JMLR 7:141-166 (bias of active learning).
    """
    from hcgov.stages.judgments.oversight_streams import waves  # noqa: PLC0415 - numpy only where rows are read

    for about, items, random, untold in waves(long):
        if items < params.min_items:
            reason, answer = Reason.SMALL_N, Answered.CANNOT_TELL
            said = text(
                "{about}: {items} labelled {items|item|items}; {least} are needed",
                about=about,
                items=items,
                least=params.min_items,
            )
        elif untold > params.max_missing * items:
            reason, answer = Reason.MISSING_OUTCOMES, Answered.CANNOT_TELL
            said = text(
                "{about}: nobody says how {untold} of {items} labelled {items|item was|items were} chosen",
                about=about,
                untold=untold,
                items=items,
            )
        else:
            reason, answer = None, Answered.MET if random >= params.min_share * items else Answered.NOT_MET
            said = text(
                "{about}: {random} of {items} labelled {items|item was|items were} drawn at random, {share}; at least "
                "{least}",
                about=about,
                random=random,
                items=items,
                share=f"{random / items:.1%}",
                least=f"{params.min_share:.0%}",
            )
        yield Statement(about=about, answer=answer, text=said, reason=reason)
