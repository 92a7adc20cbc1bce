"""Known failures: compared as multisets, never worse, and a ratchet that only tightens."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.baseline import EntrySpec
from hcgov.core.known import Failure, Known, compare
from hcgov.core.limit import Side
from hcgov.core.ratchet import Observed, Taken, update

DAY = date(2026, 12, 10)
TAKEN = Taken(owner="cro@acme.example", expires=date(2027, 6, 30))


def entry(key="a", observed="0.15", expires="2026-12-31", control="X-1"):
    return EntrySpec.model_validate(
        {
            "fingerprint": key * 64,
            "control": control,
            "about": key,
            "observed": observed,
            "owner": "cro@acme.example",
            "expires": expires,
        }
    )


def failure(key="a", value=0.15, side=Side.AT_MOST, control="X-1"):
    return Failure(fingerprint=key * 64, control=control, about=key, value=value, side=side)


@pytest.mark.parametrize(
    ("now", "word"),
    [
        (failure(), Known.KNOWN),
        (failure(value=0.12), Known.KNOWN),
        (failure(value=0.15 * (1 + 1e-12)), Known.KNOWN),
        (failure(value=0.1501), Known.WORSE),
        (failure(value=None), Known.WORSE),
        (failure(key="b"), Known.NEW),
        (failure(control="X-2"), Known.NEW),
    ],
)
def test_a_failure_is_known_new_or_worse(now, word):
    assert compare([entry()], [now], DAY).words == (word,)


def test_worse_is_lower_where_the_limit_is_a_floor():
    now = [failure(value=0.14, side=Side.AT_LEAST), failure(value=0.16, side=Side.AT_LEAST)]
    assert [compare([entry()], [one], DAY).words[0] for one in now] == [Known.WORSE, Known.KNOWN]


def test_a_statement_that_is_not_met_has_no_value_and_is_known():
    assert compare([entry(observed=None)], [failure(value=None, side=None)], DAY).words == (Known.KNOWN,)


def test_an_entry_counts_on_its_last_day_and_not_after():
    assert compare([entry(expires="2026-12-10")], [failure()], DAY).words == (Known.KNOWN,)
    ended = compare([entry(expires="2026-12-09")], [failure()], DAY)
    assert (ended.words, len(ended.expired)) == ((Known.NEW,), 1)


def test_one_failure_for_another_is_new_though_the_number_stays():
    swapped = compare([entry("a"), entry("b")], [failure("a"), failure("c")], DAY)
    assert swapped.words == (Known.KNOWN, Known.NEW)
    assert [one.about for one in swapped.idle] == ["b"]


def test_two_of_one_kind_need_two_entries_and_the_worst_meets_the_worst():
    two = [entry(observed="0.12"), entry(observed="0.20")]
    assert compare(two[:1], [failure(), failure()], DAY).words.count(Known.NEW) == 1
    assert compare(two, [failure(value=0.12), failure(value=0.19)], DAY).words == (Known.KNOWN, Known.KNOWN)
    assert compare(two, [failure(value=0.19), failure(value=0.19)], DAY).words.count(Known.WORSE) == 1


KEYS = st.sampled_from("abc")
VALUES = st.decimals("0.1", "0.3", places=2)
ENTRIES = st.lists(st.builds(lambda k, v: entry(k, str(v)), KEYS, VALUES), max_size=6)
FAILURES = st.lists(st.builds(lambda k, v: failure(k, float(v)), KEYS, VALUES), max_size=6)


@given(ENTRIES, FAILURES)
def test_no_more_failures_are_known_than_there_are_entries_of_their_kind(entries, failures):
    words = compare(entries, failures, DAY).words
    known = Counter(f.fingerprint for f, w in zip(failures, words, strict=True) if w is Known.KNOWN)
    there = Counter(e.fingerprint for e in entries)
    assert all(n <= there[key] for key, n in known.items())
    for key, n in known.items():
        worst = max(e.observed for e in entries if e.fingerprint == key)
        assert n == 0 or any(f.value <= float(worst) for f in failures if f.fingerprint == key)


@given(ENTRIES, FAILURES, st.randoms())
def test_the_order_in_which_they_stand_does_not_matter(entries, failures, random):
    shuffled = list(entries)
    random.shuffle(shuffled)
    assert compare(entries, failures, DAY).words == compare(shuffled, failures, DAY).words


@given(ENTRIES, FAILURES)
def test_the_ratchet_only_tightens(entries, failures):
    seen = Observed(failures=tuple(failures), mended=Counter("a" * 64), settled=frozenset())
    after = update(entries, seen, DAY).entries
    before = Counter(e.fingerprint for e in entries)
    assert all(n <= before[key] for key, n in Counter(e.fingerprint for e in after).items())
    for key in before:
        old = sorted((e.observed for e in entries if e.fingerprint == key), reverse=True)
        new = sorted((e.observed for e in after if e.fingerprint == key), reverse=True)
        assert all(now <= then for now, then in zip(new, old, strict=False))


@given(ENTRIES, FAILURES)
def test_after_taking_in_a_record_all_its_failures_are_known(entries, failures):
    done = update(entries, Observed(failures=tuple(failures)), DAY, TAKEN)
    assert set(compare(done.entries, failures, DAY).words) <= {Known.KNOWN}
    again = update(done.entries, Observed(failures=tuple(failures)), DAY, TAKEN)
    assert (len(again.entries), again.added, again.loosened) == (len(done.entries), (), ())


def test_noise_never_loosens_an_entry_step_by_step():
    entries, value = [entry()], 0.15
    for _ in range(5):
        value *= 1 + 5e-10
        entries = list(update(entries, Observed(failures=(failure(value=value),)), DAY).entries)
    assert str(entries[0].observed) == "0.15"


def test_the_ratchet_drops_what_passed_and_keeps_what_was_not_decided():
    entries = [entry("a"), entry("b"), entry("c", control="X-2"), entry("d", expires="2026-12-09")]
    seen = Observed(failures=(), mended={"a" * 64: 1}, settled=frozenset({"X-2"}))
    done = update(entries, seen, DAY)
    assert [one.about for one in done.entries] == ["b"]
    assert {one.about for one in done.dropped} == {"a", "c", "d"}


def test_what_is_new_or_worse_is_refused_without_an_owner_and_taken_in_with_one():
    seen = Observed(failures=(failure("a", 0.2), failure("b")))
    kept = update([entry("a")], seen, DAY)
    assert ([str(e.observed) for e in kept.entries], len(kept.refused)) == (["0.15"], 2)
    taken = update([entry("a")], seen, DAY, TAKEN)
    assert [(e.about, str(e.observed), e.expires) for e in taken.entries] == [
        ("a", "0.2", TAKEN.expires),
        ("b", "0.15", TAKEN.expires),
    ]
    assert (len(taken.added), len(taken.loosened)) == (1, 1)
