"""The ratchet: bringing a baseline up to date with a record, so that what is known only gets better."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date

from hcgov.core.baseline import EntrySpec
from hcgov.core.frozen import frozen
from hcgov.core.known import Failure, Known, decimal_of, held_against, paired, stricter


@frozen
class Observed:
    """What a record says, as far as a baseline needs it.

    Parameters
    ----------
    failures
        Failing findings of controls that may have a baseline.
    mended
        Fingerprints of findings that passed, and how many of each.
    settled
        Controls that are met or do not apply: none of their failures is left.
    """

    failures: tuple[Failure, ...]
    mended: Mapping[str, int] = field(default_factory=dict)
    settled: frozenset[str] = frozenset()


@frozen
class Taken:
    """Who answers for failures that are taken into a baseline, and until when."""

    owner: str
    expires: date


@frozen
class Updated:
    """A baseline brought up to date, and what changed; ``refused`` failures are new or worse and were not taken in."""

    entries: tuple[EntrySpec, ...]
    added: tuple[EntrySpec, ...] = ()
    loosened: tuple[EntrySpec, ...] = ()
    tightened: tuple[EntrySpec, ...] = ()
    dropped: tuple[EntrySpec, ...] = ()
    refused: tuple[Failure, ...] = ()


def update(entries: Sequence[EntrySpec], seen: Observed, on: date, taken: Taken | None = None) -> Updated:
    """Bring a baseline up to date with a record.

    Parameters
    ----------
    taken
        Owner and last day of failures that are new or worse. Without it values only get stricter and entries only
        go: what is new or worse is refused.

    Returns
    -------
    The entries, ordered by control, what they are about and fingerprint. An entry whose finding could not be decided
    in this record stays as it is; owner and last day of an entry never change by themselves.
    """
    live = [entry for entry in entries if on <= entry.expires]
    pairs, left = paired(live, seen.failures)
    kept, added, loosened, tightened = (list[EntrySpec]() for _ in range(4))
    refused: list[Failure] = []
    for failure, old in zip(seen.failures, pairs, strict=True):
        value = decimal_of(failure.value)
        if old is None or held_against(failure, old) is Known.WORSE:
            if taken is None:
                refused.append(failure)
                kept += [old] if old is not None else []
            else:
                kept.append(_entry(failure, taken))
                (added if old is None else loosened).append(kept[-1])
        elif value is not None and old.observed is not None and stricter(value, old.observed, failure.side):
            kept.append(old.model_copy(update={"observed": value}))
            tightened.append(kept[-1])
        else:
            kept.append(old)
    stay, gone = _settled(left, seen)
    return Updated(
        entries=tuple(sorted((*kept, *stay), key=lambda e: (e.control, e.about, e.metric, e.fingerprint))),
        added=tuple(added),
        loosened=tuple(loosened),
        tightened=tuple(tightened),
        dropped=(*(entry for entry in entries if entry.expires < on), *gone),
        refused=tuple(refused),
    )


def _settled(left: Sequence[EntrySpec], seen: Observed) -> tuple[list[EntrySpec], list[EntrySpec]]:
    """Part entries that nothing fails for any more into those that stay and those that go."""
    mended, stay, gone = dict(seen.mended), list[EntrySpec](), list[EntrySpec]()
    for entry in left:
        passed = mended.get(entry.fingerprint, 0)
        if entry.control in seen.settled or passed:
            gone.append(entry)
            mended[entry.fingerprint] = passed - 1
        else:
            stay.append(entry)
    return stay, gone


def _entry(failure: Failure, taken: Taken) -> EntrySpec:
    return EntrySpec(
        fingerprint=failure.fingerprint,
        control=failure.control,
        about=failure.about,
        metric=failure.metric,
        observed=decimal_of(failure.value),
        owner=taken.owner,
        expires=taken.expires,
    )
