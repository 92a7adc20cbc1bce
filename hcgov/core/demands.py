"""When a control applies, since when, and what evidence it asks for: compared by what they ask."""

from collections.abc import Collection
from datetime import date, timedelta

from hcgov.core.frozen import frozen
from hcgov.core.relation import Relation, relation


def compare_condition(old: Collection[object], new: Collection[object]) -> Relation:
    """Compare when two controls apply.

    Parameters
    ----------
    old, new
        The parts of a condition that must *all* hold, in any form that equality tells apart; empty for a control
        that always applies. A condition of another shape is one part.

    Returns
    -------
    Relation
        A part more lets the control apply to less, which loosens. Parts that differ are incomparable.

    >>> compare_condition((), ("high risk",)).value
    'loosen'
    """
    return relation(
        new_implies_old=all(part in old for part in new), old_implies_new=all(part in new for part in old)
    )


def compare_effective(old: date | None, new: date | None) -> Relation:
    """Compare the days from which two controls are enforced; ``None`` is from the beginning. Later loosens."""
    first, second = old or date.min, new or date.min
    return relation(new_implies_old=second <= first, old_implies_new=first <= second)


@frozen
class Demand:
    """What one entry of ``evidence`` asks for.

    Parameters
    ----------
    signed_by
        Roles or persons who must all have signed.
    max_age
        Oldest evidence that counts; ``None`` for any age.
    of
        What the entry is about where it says so, such as an artifact; empty for all that the control reads.
    """

    signed_by: frozenset[str] = frozenset()
    max_age: timedelta | None = None
    of: str = ""

    def implies(self, other: "Demand") -> bool:
        """Whether it asks for all that another asks for."""
        young = other.max_age is None or (self.max_age is not None and self.max_age <= other.max_age)
        return self.signed_by >= other.signed_by and young and self.of in ("", other.of)


def compare_evidence(old: Collection[Demand], new: Collection[Demand]) -> Relation:
    """Compare what two controls ask of evidence; every entry must be met.

    More signers and a shorter age tighten. Entries are not added up: two that together ask for what one asked for
    are incomparable with it.
    """
    return relation(new_implies_old=_imply(new, old), old_implies_new=_imply(old, new))


def _imply(some: Collection[Demand], others: Collection[Demand]) -> bool:
    return all(any(one.implies(other) for one in some) for other in others)
