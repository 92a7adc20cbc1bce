"""Tables that stand in the engine of a connection: statements go there, only counts come back."""

from hcgov.io.tables.live.room import live

__all__ = ["live"]
