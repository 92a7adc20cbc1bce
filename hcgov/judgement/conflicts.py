"""Conflicts in a pack: what would rest on an order that nobody wrote down."""

from collections.abc import Mapping

from hcgov.core.evidence.source import Tree
from hcgov.core.mistake import Mistake, Position
from hcgov.core.policy import WrittenPack
from hcgov.judgement.setting import one_within_the_other


def contradicting_facts(
    known: Mapping[str, Tree], there: Mapping[str, Tree], where: Position | None
) -> list[Mistake]:
    """Tell conditions of one name that two packs mean differently: which holds would rest on their order."""
    return [
        Mistake(
            code="HCG-R001",
            message=f"the fact `{name}` of this pack is another condition than that of a pack before it",
            where=where,
            help="extend one of the two, or let one of them call it otherwise",
        )
        for name, tree in there.items()
        if name in known and known[name] != tree
    ]


def set_twice(pack: WrittenPack) -> list[Mistake]:
    """Refuse two overrides of one pack on one path: which of them holds would rest on their order."""
    told: list[Mistake] = []
    seen: dict[str, dict[str, Position | None]] = {}
    for number, override in enumerate(pack.head.overrides):
        before = seen.setdefault(override.control, {})
        for dotted in override.set:
            where = pack.places.key("overrides", number, "set", dotted)
            first = next((other for other in before if one_within_the_other(dotted, other)), None)
            if first is not None:
                told.append(
                    Mistake(
                        code="HCG-R006",
                        message=f"`{dotted}` of `{override.control}` is overridden twice in this pack",
                        where=where,
                        help=f"keep one of the two; the other is at {before[first]}",
                    )
                )
            before[dotted] = where
    return told
