"""Every number on the model card is this run's number, or names its source."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Judged, Params, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.documents import Card, CardOf
from hcgov.core.evidence.metrics import Estimated, Estimates, EstimatesOf
from hcgov.core.evidence.source import Tree
from hcgov.core.frozen import frozen
from hcgov.core.measurement import Answered, Statement
from hcgov.core.mistake import did_you_mean
from hcgov.core.slices import EVERYONE, Slice
from hcgov.core.status import Verdict
from hcgov.core.text import Text, text
from hcgov.stages.specimens import card

INDEX = "model-index"
BOUND_TO = "hcgov_control"


class CardNumbersMatch(Params):
    """Parameters of the card's numbers."""

    artifact: str = Field(default="model_card", description="Model card.")
    min_digits: Annotated[int, Stricter.HIGHER] = Field(
        default=2,
        ge=0,
        le=10,
        description="Decimal places that are compared even if fewer are printed: `0.9` is read as `0.90`.",
    )


@frozen
class Printed:
    """One number of the card, as printed: where it stands, and what it is bound to."""

    about: str
    value: Tree
    args: Mapping[str, Tree]
    sourced: bool

    def arg(self, name: str) -> str | None:
        """Return a binding as text, or ``None``."""
        value = self.args.get(name)
        return None if value is None else str(value)

    @property
    def bound(self) -> bool:
        """Whether the number is bound to a control."""
        return self.arg(BOUND_TO) is not None


def asks(params: CardNumbersMatch) -> Mapping[str, Request]:
    """Ask for the card and for what this run estimated."""
    return {"card": CardOf(artifact=params.artifact, kind="model_card"), "estimates": EstimatesOf()}


def examples() -> tuple[Example[CardNumbersMatch], ...]:
    """Return a card that prints this run's number, older ones, and one without numbers."""
    south = Slice(values=(("region", "south"),))
    estimates = Estimates(
        values=(
            Estimated(
                control="HC-EVL-01", metric="rate_gap", slice=south, against=None, value=0.0512, worst=True
            ),
        )
    )

    def with_metrics(*metrics: Tree, source: Tree = None) -> Card:
        result: dict[str, Tree] = {"metrics": list(metrics), "source": source}
        model: dict[str, Tree] = {"name": "Relay", "results": [result]}
        return card("model_card", {INDEX: [model]}, {})

    def bound(value: Tree, control: str = "HC-EVL-01") -> Tree:
        return {"type": "rate_gap", "value": value, "args": {BOUND_TO: control}}

    loose: Tree = {"type": "accuracy", "value": 0.91}
    there: Tree = {"name": "Trial", "url": "https://example.org/trial"}
    cases = (
        ("this run's number", with_metrics(bound(0.051)), Verdict.PASS),
        ("a number of an earlier run", with_metrics(bound(0.047)), Verdict.FAIL),
        ("a control that nobody knows", with_metrics(bound(0.051, "HC-EVL-99")), Verdict.FAIL),
        ("a number without its source", with_metrics(bound(0.051), loose), Verdict.FAIL),
        ("no number of this run", with_metrics(loose, source=there), Verdict.INCONCLUSIVE),
        ("no numbers", card("model_card", {}, {}), Verdict.INCONCLUSIVE),
    )
    return tuple(
        Example(
            title=title,
            params=CardNumbersMatch(),
            evidence={"card": printed, "estimates": estimates},
            expect=expect,
        )
        for title, printed, expect in cases
    )


@check(
    asks=asks,
    params=CardNumbersMatch,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=(
        "nist-ai-rmf:MEASURE 2.8",
        "nist-ai-rmf:MANAGE 1.4",
        "eu-ai-act:Art.13(3)(b)",
        "iso-42001:A.8.2",
    ),
)
def card_numbers_match(card: Card, estimates: Estimates, params: CardNumbersMatch) -> Iterator[Statement]:
    """Compare each metric of `model-index` that is bound by `args.hcgov_control` with this run's estimate.

    A number on a card outlives the model it was measured on; people rely on it all the same. Compared is at
    the printed precision. Without `hcgov_slice` the worst slice is meant; `hcgov_metric` and `hcgov_against`
    choose where several fit. Numbers in the prose are not read. Source: Mitchell et al. 2019,
    doi:10.1145/3287560.3287596.
    """
    numbers = []
    for found in _numbers(card.front_matter.get(INDEX)):
        if isinstance(found, Statement):
            yield found
        else:
            numbers.append(found)
    for number in numbers:
        answer, said = _judge(number, estimates, params)
        yield Statement(about=number.about, answer=answer, text=said)
    if not any(number.bound for number in numbers):
        yield Statement(
            about="bound numbers",
            answer=Answered.CANNOT_TELL,
            text=text(
                "none of the card's {n} {n|number|numbers} names a control in `args.{key}`, so none can be compared",
                n=len(numbers),
                key=BOUND_TO,
            ),
        )


def _numbers(index: Tree) -> Iterator[Printed | Statement]:
    models = index if isinstance(index, list) else ([] if index is None else [index])
    for at, model in enumerate(models, start=1):
        results = model.get("results") if isinstance(model, dict) else None
        if not isinstance(results, list):
            yield _malformed(f"model {at} of `{INDEX}` has no list of `results`", at)
            continue
        for of, result in enumerate(results, start=1):
            metrics = result.get("metrics") if isinstance(result, dict) else None
            if not isinstance(result, dict) or not isinstance(metrics, list):
                yield _malformed(f"result {of} of model {at} has no list of `metrics`", at, of)
                continue
            for number, metric in enumerate(metrics, start=1):
                yield _printed(metric, result, (at, of, number))


def _malformed(what: str, *at: int) -> Statement:
    place = ".".join(str(part) for part in at)
    return Statement(about=f"{INDEX} {place}", answer=Answered.NOT_MET, text=text("{what}", what=what))


def _printed(metric: Tree, result: dict[str, Tree], at: tuple[int, ...]) -> Printed | Statement:
    if not isinstance(metric, dict):
        return _malformed("a metric is no mapping with `type` and `value`", *at)
    args = metric.get("args")
    place = ".".join(str(part) for part in at)
    return Printed(
        about=f"number {place} {metric.get('type', '')}".strip(),
        value=metric.get("value"),
        args=args if isinstance(args, dict) else {},
        sourced=_sourced(metric.get("source")) or _sourced(result.get("source")),
    )


def _sourced(source: Tree) -> bool:
    url = source.get("url") if isinstance(source, dict) else source
    return isinstance(url, str) and bool(url.strip())


def _judge(number: Printed, estimates: Estimates, params: CardNumbersMatch) -> tuple[Answered, Text]:
    if not number.bound:
        if number.sourced:
            return Answered.MET, text("{about} names another source; it was not compared", about=number.about)
        return Answered.NOT_MET, text("{about} is a number without its source", about=number.about)
    written = _decimal(number.value)
    if written is None:
        return Answered.NOT_MET, text("{about} has no number as its `value`", about=number.about)
    control = str(number.arg(BOUND_TO))
    own = [one for one in estimates.values if one.control == control]
    # Without a metric the worst judged value is meant; a value that is only shown is another metric.
    told = own if number.arg("hcgov_metric") else [one for one in own if one.worst]
    if control in estimates.ran and not told:
        return Answered.CANNOT_TELL, text(
            "{about}: control `{control}` could estimate nothing in this run",
            about=number.about,
            control=control,
        )
    candidates = _candidates(number, estimates)
    if isinstance(candidates, Text):
        return Answered.NOT_MET, candidates
    digits = max(-int(written.as_tuple().exponent), params.min_digits)
    equal = [abs(written - Decimal(repr(one.value))) <= Decimal(5).scaleb(-digits - 1) for one in candidates]
    if any(equal) and not all(equal):
        return Answered.CANNOT_TELL, text(
            "{about} fits {n} values of this run: choose with `hcgov_metric`, `hcgov_slice`, `hcgov_against`",
            about=number.about,
            n=len(candidates),
        )
    return Answered.MET if all(equal) else Answered.NOT_MET, text(
        "{about}: the card says {written}, this run {ours} ({control})",
        about=number.about,
        written=written,
        ours=", ".join(f"{one.value:.{digits}f}" for one in candidates[:3]),
        control=number.arg(BOUND_TO),
    )


def _decimal(value: Tree) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(value.strip() if isinstance(value, str) else repr(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _candidates(number: Printed, estimates: Estimates) -> list[Estimated] | Text:
    """Return what the number may be bound to, or say why it is bound to nothing."""
    control, metric, scope, against = (
        number.arg(name) for name in (BOUND_TO, "hcgov_metric", "hcgov_slice", "hcgov_against")
    )
    of_control = [one for one in estimates.values if one.control == control]
    if not of_control:
        known = {one.control for one in estimates.values}
        hint = did_you_mean(str(control), known) or "it estimated nothing"
        return text(
            "{about}: this run has no estimate of control `{control}`; {hint}",
            about=number.about,
            control=control,
            hint=hint,
        )
    fits = [
        one
        for one in of_control
        if metric in (None, one.metric)
        and scope in (None, str(one.slice))
        and against in (None, str(one.against))
    ]
    if not fits:
        return text(
            "{about}: control `{control}` has no value with this metric, slice and comparison",
            about=number.about,
            control=control,
        )
    if scope is not None:
        return fits
    return [one for one in fits if one.worst] or [one for one in fits if one.slice == EVERYONE] or fits
