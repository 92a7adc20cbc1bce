"""Sentences for people, kept as template and values so that they can be translated."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A sentence in English with its values apart.

    The template is the catalogue key; ``str()`` gives the English sentence.
    """

    template: str
    values: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """Return the English sentence."""
        return self.template.format(**dict(self.values))


def text(template: str, **values: object) -> Text:
    """Build a :class:`Text`; every value is turned into a string at once.

    >>> str(text("{n} of {total} people", n=3, total=10))
    '3 of 10 people'
    """
    return Text(template=template, values=tuple([(key, str(value)) for key, value in values.items()]))
