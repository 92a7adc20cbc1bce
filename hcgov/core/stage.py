"""A stage of the lifecycle."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A stage: its id, its title for people, and the stages it follows."""

    id: str
    title: str
    after: tuple[str, ...] = ()
