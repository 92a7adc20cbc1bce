"""The occasion of a check: the day, and who acts. The clock is an argument."""

from hcgov.core.frozen import frozen


@frozen
class Occasion:
    """When and by whom.

    Parameters
    ----------
    date
        ISO date in UTC, ``YYYY-MM-DD``.
    actor
        Who started the check, as far as known.
    """

    date: str
    actor: str = ""
