"""A control's limit, held against what its check measures: one that can decide nothing is an authoring mistake."""

from typing import Protocol

from hcgov.core.check import Check, Judged, Params
from hcgov.core.control import ControlSpec
from hcgov.core.limit import Limit, LimitRange
from hcgov.core.mistake import Mistake, Position


class Where(Protocol):
    """From a path in the control to its place in the file."""

    def __call__(self, *path: str | int) -> Position | None:
        """Return the place, or the nearest that is known."""


def limit_of(
    spec: ControlSpec, check: Check[Params], params: Params | None, where: Where
) -> tuple[Limit | None, list[Mistake]]:
    """Return the limit of a control, and what is wrong with it.

    Parameters
    ----------
    params
        ``None`` where the parameters are mistaken themselves; which limits make sense may depend on them.
    """
    try:
        limit = spec.limit_value()
    except ValueError as error:
        place = where("narrow" if "narrow" in str(error) else "limit")
        return None, [Mistake(code="HCG-P005", message=f"{spec.id}: {error}", where=place)]
    if check.judged is Judged.BY_LIMIT and limit is None:
        told = Mistake(
            code="HCG-P006",
            message=f"{spec.id}: `{check.id}` needs a `limit`",
            where=where("check"),
            help=_asked_for(check, params),
        )
        return None, [told]
    if check.judged is not Judged.BY_LIMIT and limit is not None:
        why = "only shows values" if check.judged is Judged.SHOWN else "is not judged by a number"
        told = Mistake(
            code="HCG-P007",
            message=f"{spec.id}: `{check.id}` {why}, so a limit would never be used",
            where=where("limit"),
            help="remove `limit`",
        )
        return None, [told]
    if limit is None or params is None:
        return limit, []
    told_range = limit_mistakes(spec, limit, check.limits(params), where)
    return None if told_range else limit, told_range


def _asked_for(check: Check[Params], params: Params | None) -> str:
    allowed = None if params is None else check.limits(params)
    return f"add `limit:` with {allowed or '`at_most` or `at_least`'}"


def limit_mistakes(
    spec: ControlSpec, limit: Limit, allowed: LimitRange | None, where: Where
) -> list[Mistake]:
    """Tell a limit, and a ``narrow``, that can decide nothing about what is measured.

    Parameters
    ----------
    allowed
        ``None`` where nothing is known of what is measured.
    """
    if allowed is None:
        return []
    told = []
    for key, value in (("limit", limit.value), ("narrow", limit.narrow)):
        fault = "" if value is None else allowed.fault(limit.side, value)
        if fault:
            told.append(
                Mistake(
                    code="HCG-P008",
                    message=f"{spec.id}: {'' if key == 'limit' else '`narrow` of '}{fault}",
                    where=where(key, limit.side.value),
                    help=f"write {allowed} for {' and '.join(f'`{metric}`' for metric in allowed.metrics)}",
                )
            )
            if allowed.on(limit.side) is None:
                break  # `narrow` is on the same side, and nothing is gained by telling it twice
    return told
