"""The aggregation receipt is what people's choices give, and a rule was chosen with a reason where rules part."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Judged, Params, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.documents import Record, RecordOf
from hcgov.core.evidence.long import Long, LongOf
from hcgov.core.evidence.source import Tree
from hcgov.core.long_tables import LongKind
from hcgov.core.measurement import Answered, Statement
from hcgov.core.slices import SliceChoice
from hcgov.core.status import Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.choice_examples import Vote, preferences
from hcgov.stages.judgments.choices import COLUMNS, NoChoices, choices_of, told_by
from hcgov.stages.judgments.receipts import Receipt, receipt_of, tree_of
from hcgov.stages.judgments.recomputing import Difference, recompute
from hcgov.stages.prose import characters, placeholder
from hcgov.stages.specimens import record
from hcgov.stats.aggregation.rules import Rule

TOLD = 5
"""So many differences are told one by one."""


class AggregationReceipt(Params):
    """Parameters of an aggregation receipt."""

    receipt: str = Field(default="aggregation_receipt", description="Record that holds the receipt.")
    table: str = Field(default="preferences", description="Table of preferences that it was made of.")
    reason_characters: Annotated[int, Stricter.HIGHER] = Field(
        default=20,
        ge=1,
        le=2000,
        description="Fewest characters of the reason for the rule, asked for where rules choose differently.",
    )
    slices: SliceChoice = Field(
        default=SliceChoice(), description="Columns whose groups the receipt may be by."
    )


def asks(params: AggregationReceipt) -> Mapping[str, Request]:
    """Ask for the receipt, and for every single choice."""
    return {
        "receipt": RecordOf(artifact=params.receipt),
        "long": LongOf(
            table=params.table,
            kind=LongKind.PREFERENCES,
            needs=("prompt_id", "choice", "annotator"),
            may=COLUMNS,
            slices=params.slices,
        ),
    }


def examples() -> tuple[Example[AggregationReceipt], ...]:
    """Return receipts that are right, forged, of other choices, without a reason, and of nothing."""
    agree = preferences([_vote("north", 70, 30), _vote("south", 60, 40)])
    part = preferences([_vote("north", 140, 60), _vote("south", 10, 40)])
    forged = _written(agree)
    forged["flips"] = {"scopes": 3, "between": {}, "silent": {}}
    reason = {"rule": "maximin", "why": "Nobody in the south shall be overruled by the north."}
    ties = replace(agree, columns={k: c for k, c in agree.columns.items() if k != "annotator"})
    cases: tuple[tuple[str, dict[str, Tree], Long, Verdict], ...] = (
        ("recomputed, and all rules agree", _written(agree), agree, Verdict.PASS),
        (
            "rules part, and the choice has a reason",
            {**_written(part), "chosen": dict(reason)},
            part,
            Verdict.PASS,
        ),
        ("a number was changed", forged, agree, Verdict.FAIL),
        ("made of other choices", _written(part), agree, Verdict.FAIL),
        ("rules part, and nobody says why this one", _written(part), part, Verdict.PENDING),
        ("made so that no group counts", _written(part, least=1000), part, Verdict.FAIL),
        ("made without groups", _written(part, column=""), part, Verdict.FAIL),
        ("nobody knows who chose", _written(agree), ties, Verdict.INCONCLUSIVE),
    )
    return tuple(
        Example(
            title=title,
            params=AggregationReceipt(),
            evidence={"receipt": record("aggregation_receipt", tree), "long": long},
            expect=verdict,
        )
        for title, tree, long, verdict in cases
    )


def _vote(group: str, for_a: int, for_b: int) -> Vote:
    return Vote(group=group, a="m1", b="m2", for_a=for_a, for_b=for_b)


def _written(long: Long, *, column: str = "region", least: int | None = None) -> dict[str, Tree]:
    found = receipt_of(long, column, min_people=least)
    assert isinstance(found, Receipt)
    return tree_of(found)


@check(
    asks=asks,
    params=AggregationReceipt,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=(
        "nist-ai-rmf:MEASURE 2.11",
        "nist-ai-600-1:2.6",
        "eu-ai-act:Annex IV.2(b)",
        "iso-42001:A.6.2.3",
    ),
)
def aggregation_receipt(receipt: Record, long: Long, params: AggregationReceipt) -> Iterator[Statement]:
    """Make the receipt again from the choices, and say where it differs and where rules choose different winners.

    How many preferences become one is a decision about whom a model serves; who cannot make it again has to take it on
    trust. Source: Ziems et al. 2026, arXiv 2605.06901, sections 6.2.2 and 6.3.2; Conitzer et al. 2024, arXiv
    2404.10271.
    """
    nothing = choices_of(long)
    if isinstance(nothing, NoChoices):
        yield Statement(
            about="choices", answer=Answered.CANNOT_TELL, reason=nothing.reason, text=nothing.note
        )
        return
    yield from _recomputed(recompute(receipt.data, long))
    yield from _settings(receipt.data, long)
    if isinstance(receipt.data, dict):
        yield from _flips(receipt.data, params.reason_characters)


def _settings(receipt: Tree, long: Long) -> Iterator[Statement]:
    """Say where the receipt was made so that a group the project counts cannot lose by it.

    Whoever writes a receipt chooses its settings: without a column, or with a floor that no group reaches, every number
    comes out again and nobody is seen to lose.
    """
    settings = receipt.get("settings") if isinstance(receipt, dict) else None
    if not isinstance(settings, dict):
        return  # what is no receipt was told above
    column, least, of = (settings.get(name) for name in ("column", "min_people", "of"))
    known = [name for name in long.rules.by if name in long.groups]
    faults = []
    if known and column not in known:
        faults.append(text("it is not by {columns}", columns=" or ".join(f"`{name}`" for name in known)))
    if isinstance(least, int) and least > long.rules.min_people:
        faults.append(
            text(
                "it leaves out groups of fewer than {least} {least|person|people}, the project only "
                "those of fewer than {own}",
                least=least,
                own=long.rules.min_people,
            )
        )
    if of != told_by(long).value:
        faults.append(text("it is not about {of}, which the rows tell apart", of=told_by(long).value))
    for number, fault in enumerate(faults, start=1):
        yield Statement(about=f"settings {number}", answer=Answered.NOT_MET, text=fault)


def _recomputed(differences: tuple[Difference, ...]) -> Iterator[Statement]:
    if not differences:
        yield Statement(
            about="receipt",
            answer=Answered.MET,
            text=text("the receipt comes out again, number by number, from people's own choices"),
        )
        return
    yield Statement(
        about="receipt",
        answer=Answered.NOT_MET,
        text=text(
            "the receipt differs from what the choices give in {n} {n|place|places}", n=len(differences)
        ),
    )
    for one in differences[:TOLD]:
        yield Statement(
            about=f"receipt {one.path}",
            answer=Answered.NOT_MET,
            text=text(
                "`{path}` says {written}; the choices give {found}",
                path=one.path,
                written=one.written,
                found=one.found,
            ),
        )


def _flips(receipt: dict[str, Tree], reason_characters: int) -> Iterator[Statement]:
    """Say where rules part; then somebody has to say why this rule was chosen."""
    flips, inputs, chosen = (receipt.get(key) for key in ("flips", "inputs", "chosen"))
    parted = flips.get("scopes") if isinstance(flips, dict) else None
    scopes = inputs.get("scopes") if isinstance(inputs, dict) else None
    if not isinstance(parted, int) or parted == 0:
        return
    rule, why = (chosen.get(key) if isinstance(chosen, dict) else None for key in ("rule", "why"))
    told = isinstance(why, str) and not placeholder(why) and characters(why) >= reason_characters
    named = rule in tuple(Rule)
    between = flips.get("between") if isinstance(flips, dict) else None
    values = {
        "parted": parted,
        "scopes": scopes,
        "between": ", ".join(sorted(between)) if isinstance(between, dict) else "",
    }
    if told and named:
        found = text(
            "rules choose different winners in {parted} of {scopes} {scopes|scope|scopes} ({between}); {rule} was "
            "chosen, with a reason",
            **values,
            rule=rule,
        )
    else:
        found = text(
            "rules choose different winners in {parted} of {scopes} {scopes|scope|scopes} ({between}); under `chosen` "
            "nobody says which was taken and why",
            **values,
        )
    yield Statement(about="flips", answer=Answered.MET if told and named else Answered.PENDING, text=found)
