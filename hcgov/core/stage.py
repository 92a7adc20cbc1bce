"""A stage of the lifecycle."""

from hcgov.core.frozen import frozen


@frozen
class Stage:
    """A stage: its id, its title for people, and the stages it follows."""

    id: str
    title: str
    after: tuple[str, ...] = ()
