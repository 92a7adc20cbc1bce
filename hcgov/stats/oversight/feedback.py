"""Feedback that people give of their own accord: what it can say of those who say nothing."""

from hcgov.core.frozen import frozen


@frozen
class Responses:
    """What was shown, and what was said of it.

    Parameters
    ----------
    shown
        Outputs.
    answered
        Those with any signal.
    negative
        Those with a negative one.
    """

    shown: int
    answered: int
    negative: int

    @property
    def response_rate(self) -> float | None:
        """Share of outputs with any signal; ``None`` where nothing was shown."""
        return self.answered / self.shown if self.shown else None

    @property
    def negative_rate(self) -> float | None:
        """Share of negative ones among the signals; ``None`` without signals."""
        return self.negative / self.answered if self.answered else None

    def worst_case(self) -> tuple[float, float]:
        """Return the share of bad outputs if all silent ones were good, and if all were bad.

        Notes
        -----
        Manski 1989 (Journal of Human Resources 24:343): without assumptions on the silent this is all that is known.
        """
        if not self.shown:
            return 0.0, 1.0
        return self.negative / self.shown, (self.negative + self.shown - self.answered) / self.shown
