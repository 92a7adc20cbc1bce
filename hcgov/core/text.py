"""Sentences for people, kept as template and values so that they can be translated.

A template names its values, ``{rows}``, and where a word depends on how many they are, both forms of it:
``{rows} {rows|row has|rows have} no record``. A translation is a template of its own and does likewise.
"""

import re
from collections.abc import Callable, Mapping
from typing import ClassVar

from hcgov.core.frozen import compact

_PLACE = re.compile(r"\{(\w+)(?:\|([^{}|]*)\|([^{}|]*))?\}")


def filled(template: str, values: Mapping[str, str]) -> str:
    """Return a template with its values: of two forms of a word the first where the value is 1.

    A place without a value stays as it is. This is no ``str.format``: a template may come from a file, and that
    would follow attributes and indices.

    >>> filled("{n} {n|person is|people are} in {what}", {"n": "1", "what": "{n}"})
    '1 person is in {n}'
    """

    def at(place: re.Match[str]) -> str:
        name, one, other = place.groups()
        if name not in values:
            return place[0]
        return values[name] if one is None else one if values[name] == "1" else other

    return _PLACE.sub(at, template)


@compact
class Text:
    """A sentence in English with its values apart.

    The template is the catalogue key; ``str()`` gives the English sentence.
    """

    template: str
    values: tuple[tuple[str, str], ...] = ()
    of: ClassVar[Callable[[str, tuple[tuple[str, str], ...]], "Text"]]

    def __str__(self) -> str:
        """Return the English sentence."""
        if "|" in self.template:
            return filled(self.template, dict(self.values))
        return self.template.format(**dict(self.values))  # many times faster, and there are many sentences


def text(template: str, **values: object) -> Text:
    """Build a :class:`Text`; every value is turned into a string at once.

    >>> str(text("{n} of {total} people", n=3, total=10))
    '3 of 10 people'
    >>> str(text("{n} {n|person|people}", n=1))
    '1 person'
    """
    return Text(template=template, values=tuple([(key, str(value)) for key, value in values.items()]))
