"""What a change does to a control: it tightens, loosens, does neither, or cannot be compared."""

from collections.abc import Collection
from enum import Enum, StrEnum

from pydantic import BaseModel

from hcgov.core.frozen import frozen

Path = tuple[str | int, ...]


class Relation(StrEnum):
    """What a change does to a control."""

    TIGHTEN = "tighten"
    LOOSEN = "loosen"
    NEUTRAL = "neutral"
    INCOMPARABLE = "incomparable"

    @property
    def reversed(self) -> "Relation":
        """What undoing the change does."""
        return {Relation.TIGHTEN: Relation.LOOSEN, Relation.LOOSEN: Relation.TIGHTEN}.get(self, self)

    @property
    def may_loosen(self) -> bool:
        """Whether something could pass that did not: what cannot be compared is taken for looser."""
        return self in (Relation.LOOSEN, Relation.INCOMPARABLE)


def relation(*, new_implies_old: bool, old_implies_new: bool) -> Relation:
    """Return what a change does, from which of both asks for all that the other asks for.

    >>> relation(new_implies_old=True, old_implies_new=False).value
    'tighten'
    """
    if new_implies_old:
        return Relation.NEUTRAL if old_implies_new else Relation.TIGHTEN
    return Relation.LOOSEN if old_implies_new else Relation.INCOMPARABLE


@frozen
class Change:
    """One field that differs.

    Parameters
    ----------
    path
        Where it stands in the control, by the keys as they are written: ``("with", "slices", "min_people")``; empty
        for the control as a whole.
    old, new
        What was written, as text; empty where nothing was.
    note
        What a person should know beside it.
    """

    path: Path
    relation: Relation
    old: str
    new: str
    note: str = ""

    @property
    def field(self) -> str:
        """Return for example ``with.slices.min_people``."""
        return ".".join(str(part) for part in self.path)


def change(path: Path, relation: Relation, old: object, new: object, note: str = "") -> Change:
    """Return a change with both values as text."""
    return Change(path=path, relation=relation, old=as_written(old), new=as_written(new), note=note)


def as_written(value: object) -> str:
    """Return a value as a person would write it; nothing for ``None``.

    >>> as_written(("sex", "region"))
    'sex, region'
    """
    if value is None:
        return ""
    if isinstance(value, BaseModel):
        return value.model_dump_json(by_alias=True, exclude_none=True)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Collection) and not isinstance(value, str | dict):
        return ", ".join(as_written(part) for part in value)
    return str(value)
