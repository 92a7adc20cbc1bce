"""Judgments by where buckets of people and buckets of items meet: what a jackknife over both goes through."""

from dataclasses import replace

import numpy as np

from hcgov.core.frozen import frozen
from hcgov.stats.agreement.judged import Ints, Judged
from hcgov.stats.crossed import buckets


@frozen
class Meetings:
    """Judgments in the order of their bucket of items, bucket of people and item: the same for every group.

    Parameters
    ----------
    judged
        The judgments in that order; items are numbered so that those of a bucket follow one another.
    place
        Meeting of each judgment: the same item and bucket of people.
    items
        Item of each meeting.
    ends
        Where the meetings of each bucket of items begin, and the last one's end.
    cells
        Bucket of people of each meeting.
    first
        Where the items of each bucket begin, and the last one's end.
    """

    judged: Judged
    place: Ints
    items: Ints
    ends: Ints
    cells: Ints
    first: Ints

    @classmethod
    def of(cls, judged: Judged) -> "Meetings":
        """Sort judgments once, for the spread of every group."""
        of_item, of_person = buckets(np.arange(judged.n_items)), buckets(np.arange(judged.n_people))
        n_b = int(of_item.max()) + 1
        number = np.empty(judged.n_items, dtype=np.int64)
        number[np.argsort(of_item, kind="stable")] = np.arange(judged.n_items)
        first = np.concatenate([[0], np.cumsum(np.bincount(of_item, minlength=n_b))])
        # One number holds bucket of items, bucket of people and item, so that sorting it sorts by all of them.
        n_a = int(of_person.max()) + 1
        key = (of_item[judged.items] * n_a + of_person[judged.people]) * judged.n_items + number[judged.items]
        order = np.argsort(key)
        key = key[order]
        fresh = np.concatenate([[True], key[1:] != key[:-1]])
        met = key[fresh]
        cell = met // judged.n_items
        return cls(
            judged=replace(
                judged,
                items=number[judged.items[order]],
                people=judged.people[order],
                labels=judged.labels[order],
            ),
            place=np.cumsum(fresh) - 1,
            items=met % judged.n_items,
            ends=np.searchsorted(cell, np.arange(n_b + 1) * n_a),
            cells=cell % n_a,
            first=first,
        )
