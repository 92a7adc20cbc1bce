"""Sections about aggregation: winners by rule, where rules part, and who loses."""

from collections.abc import Iterator

from hcgov.core.evidence.long import Long
from hcgov.core.sheet import Bars, Fact, Facts, Grid, Note, Part, Section, Tone, Unit, Value
from hcgov.core.text import Text, text
from hcgov.stages.judgments.choices import EVERYTHING, NoChoices, Of
from hcgov.stages.judgments.outcomes import RuleOutcome, ScopeOutcome
from hcgov.stages.judgments.receipts import Receipt, receipt_of
from hcgov.stats.aggregation.rules import OF_GROUPS, Rule

MOST_SCOPES = 5
"""So many scopes are told in tables of their own."""

RULES: dict[Rule, Text] = {
    Rule.WEIGHTED_MEAN: text("weighted mean: preferred most often over all people"),
    Rule.MAJORITY: text("majority: first choice of most people"),
    Rule.BORDA: text("Borda: highest mean place in people's rankings"),
    Rule.COPELAND: text("Copeland: wins most pairwise majorities"),
    Rule.EQUAL_GROUPS: text("equal groups: every group counts alike"),
    Rule.MAXIMIN: text("maximin: the worst-off group fares best"),
    Rule.NASH: text("Nash: highest product over groups"),
}


def aggregation_section(long: Long, column: str = "", *, of: Of | None = None) -> Section:
    """Return the section of one slicing column.

    Parameters
    ----------
    long, column, of
        As for :func:`hcgov.stages.judgments.receipts.receipt_of`.
    """
    receipt = receipt_of(long, column, of=of)
    parts: tuple[Part, ...]
    if isinstance(receipt, NoChoices):
        parts = (Note(text=receipt.note, tone=Tone.CANNOT_TELL),)
    else:
        parts = tuple(receipt_parts(receipt))
    return Section(
        id=f"aggregation-{column}" if column else "aggregation",
        title=text("From many choices to one: by {column}", column=column)
        if column
        else text("From many choices to one"),
        about=text(
            "Seven rules for making one preference of many. Where they choose differently, which rule is taken decides "
            "who is served. A group loses by a rule where its own favourite does not win; its regret is how much more "
            "it prefers that favourite, in percentage points of its comparisons."
        ),
        parts=parts,
    )


def receipt_parts(receipt: Receipt) -> Iterator[Part]:
    """Yield what a receipt says, for people."""
    yield _inputs(receipt)
    if receipt.of is Of.SIDES:
        yield Note(
            text=text(
                "only the names a and b tell responses apart: the winners hold if in every row of a prompt they stand "
                "for the same responses"
            ),
            tone=Tone.WARNING,
        )
    if receipt.groups:
        yield _groups(receipt)
    told = receipt.flips
    yield Note(
        text=text(
            "rules choose different winners in {flips} of {scopes} {scopes|scope|scopes}",
            flips=told,
            scopes=receipt.inputs.scopes,
        ),
        tone=Tone.WARNING if told else Tone.PLAIN,
    )
    if told and receipt.inputs.scopes > 1:
        yield _parted(receipt)
    if receipt.weighted:
        yield _weights(receipt)
    for number, scope in enumerate(receipt.told[:MOST_SCOPES], start=1):
        yield _winners(scope, number)
        yield from _utilities(scope, number)
    if receipt.costs:
        yield _costs(receipt)


def _count(n: int, why: Text | None = None) -> Value:
    return Value(value=float(n), unit=Unit.COUNT, why=why)


def _inputs(receipt: Receipt) -> Facts:
    inputs = receipt.inputs
    facts = [
        Fact(name=text("choices"), value=_count(inputs.rows)),
        Fact(name=text("people"), value=_count(inputs.people)),
        Fact(
            name=text("people they are worth by their weights"), value=Value(value=receipt.effective_people)
        ),
        Fact(name=text("repetitions by the same person"), value=_count(inputs.repeated)),
        Fact(name=text("digest of the choices"), value=text("{digest}", digest=inputs.choices_sha256[:16])),
    ]
    facts += [
        Fact(name=text("left out: {why}", why=why), value=_count(n)) for why, n in inputs.left_out.items()
    ]
    return Facts(facts=tuple(facts))


def _groups(receipt: Receipt) -> Grid:
    return Grid(
        id=f"aggregation-groups-{receipt.column}",
        title=text("Who chose"),
        head=(text("group"), text("people"), text("share of all weight"), text("counts as a group")),
        rows=tuple(
            (
                text("{group}", group=one.group),
                _count(one.people),
                Value(value=one.weight, unit=Unit.SHARE, people=one.people),
                text("yes")
                if one.counted
                else text("no: fewer than {n} {n|person|people}", n=receipt.min_people),
            )
            for one in receipt.groups
        ),
        note=text("People of groups that are too small count among everyone in the first four rules."),
    )


def _parted(receipt: Receipt) -> Grid:
    return Grid(
        id=f"aggregation-flips-{receipt.column}",
        title=text("Where two rules choose different winners"),
        head=(text("rules"), text("scopes")),
        rows=tuple(
            (text("{one} and {other}", one=_name(one), other=_name(other)), _count(n))
            for (one, other), n in receipt.parted.items()
            if n
        ),
    )


def _weights(receipt: Receipt) -> Facts:
    """Return in how many scopes people's weights change the winner, by rule."""
    return Facts(
        facts=tuple(
            Fact(
                name=text("scopes in which weights change the winner, {rule}", rule=_name(rule)),
                value=_count(n),
            )
            for rule, n in receipt.flipped_by_weights.items()
        )
    )


def _winners(scope: ScopeOutcome, number: int) -> Grid:
    """Return winners, losers and regret by rule."""
    return Grid(
        id=f"aggregation-winners-{number}",
        title=text("Winner by each rule")
        if scope.scope == EVERYTHING
        else text("Winner by each rule: {scope}", scope=scope.scope),
        head=(text("rule"), text("winner"), text("groups that lose"), text("worst off"), text("its regret")),
        rows=tuple(
            (
                RULES[rule],
                _won(rule, outcome),
                text("{groups}", groups=", ".join(outcome.losers)) if outcome.losers else text("none"),
                text("{group}", group=outcome.worst_off) if outcome.worst_off else text("nobody"),
                _regret(outcome),
            )
            for rule, outcome in scope.rules.items()
        ),
        note=text("A tie is told and not broken. Intervals are two-sided, at 95 %."),
    )


def _won(rule: Rule, outcome: RuleOutcome) -> Text:
    if not outcome.winners:
        return text("none: fewer than two groups count") if rule in OF_GROUPS else text("none: not connected")
    if len(outcome.winners) > 1:
        return text("tie of {winners}", winners=", ".join(outcome.winners))
    return text("{winner}", winner=outcome.winners[0])


def _regret(outcome: RuleOutcome) -> Value:
    if outcome.regret is None:
        return Value(value=None, unit=Unit.POINTS, why=text("no group to tell it of"))
    return Value(value=outcome.regret, unit=Unit.POINTS, low=outcome.low, high=outcome.high)


def _utilities(scope: ScopeOutcome, number: int) -> Iterator[Grid]:
    if scope.groups:
        yield Grid(
            id=f"aggregation-shares-{number}",
            title=text("How often each group prefers each alternative"),
            head=(text("group"), *(text("{name}", name=name) for name in scope.alternatives)),
            rows=tuple(
                (
                    text("{group}", group=group),
                    *(
                        Value(
                            value=share,
                            unit=Unit.SHARE,
                            why=None if share is not None else text("not compared"),
                        )
                        for share in shares
                    ),
                )
                for group, shares in scope.groups.items()
            ),
        )


def _costs(receipt: Receipt) -> Bars:
    return Bars(
        id=f"aggregation-costs-{receipt.column}",
        title=text("What each rule costs each group, over all scopes"),
        rows=tuple(
            (
                text("{rule}, {group}", rule=_name(one.rule), group=one.group),
                Value(
                    value=one.regret,
                    unit=Unit.POINTS,
                    low=one.low,
                    high=one.high,
                    why=None
                    if one.regret is not None
                    else text("no pair that both halves of the people judged"),
                ),
            )
            for one in receipt.costs
        ),
        mark=0.0,
        mark_name=text("no cost"),
    )


def _name(rule: Rule) -> str:
    return rule.value.replace("_", " ")
