"""Margins of a population, and where the people of a sample stand in them."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from hcgov.core.frozen import frozen

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]


@frozen
class Margin:
    """A margin of the population, and where each person stands in it.

    Parameters
    ----------
    name
        Such as ``region``.
    levels
        Name of each level.
    place
        Level of each person, shape (people,); negative where it is not recorded, such people get no weight.
    target
        Share of the population of each level, shape (levels,), not negative; divided by its sum.
    """

    name: str
    levels: tuple[str, ...]
    place: Ints
    target: Floats


def margin_of(name: str, place: Ints, names: Sequence[str], target: Mapping[str, float]) -> Margin:
    """Return a margin from the names of people's levels and the shares of a population by name.

    Levels that the target names and nobody has are kept, so that they are refused and not overlooked.
    """
    levels = (*names, *(level for level in target if level not in names))
    return Margin(
        name=name,
        levels=levels,
        place=place.astype(np.int64),
        target=np.array([target.get(level, 0.0) for level in levels]),
    )


def crossed(margins: Sequence[Margin], target: Mapping[tuple[str, ...], float]) -> Margin:
    """Return the margin of crossed levels, for post-stratification.

    Parameters
    ----------
    margins
        What is crossed; their targets are not read.
    target
        Share of the population by the names of its levels, in the order of ``margins``.
    """
    size = margins[0].place.size
    place, known = np.zeros(size, dtype=np.int64), np.ones(size, dtype=bool)
    names: list[tuple[str, ...]] = [()]
    for margin in margins:
        place = place * len(margin.levels) + np.maximum(margin.place, 0)
        known &= margin.place >= 0
        names = [(*name, level) for name in names for level in margin.levels]
    joined = [" × ".join(name) for name in names]
    return margin_of(
        " × ".join(margin.name for margin in margins),
        np.where(known, place, -1),
        joined,
        {" × ".join(name): share for name, share in target.items()},
    )
