"""Change between rounds of collection."""

import numpy as np
import pytest

from hcgov.core.evidence.long import Long, Texts, coded, numbered
from hcgov.core.long_tables import LongKind
from hcgov.core.status import Reason
from hcgov.stages.judgments.choice_examples import Vote, preferences, with_column
from hcgov.stages.judgments.choices import NoChoices
from hcgov.stages.judgments.waves import mirrored, newest_age, shifts_of, waves_of
from hcgov.stages.specimens import source
from hcgov.stats.bounds import two_sided


def rounds(spring, autumn, names=("spring", "autumn"), days=(0.0, 0.0)):
    return preferences(
        [
            Vote(group="n", a="m1", b="m2", for_a=a, for_b=b, wave=name, day=day)
            for (a, b), name, day in zip((spring, autumn), names, days, strict=True)
        ]
    )


def test_a_shift_by_hand():
    """Two samples of 200 and 100 people, waves by name: .6 in autumn, .4 in spring."""
    found = shifts_of(rounds((40, 60), (120, 80)))
    assert found.waves == ("autumn", "spring")
    one, other = found.shifts
    assert (one.alternative, one.estimate.value) == ("m1", pytest.approx(-0.2))
    assert other.estimate.value == pytest.approx(0.2)
    low, high = two_sided(one.estimate, 0.95)
    assert low < -0.2 < high < 0.0
    assert (found.same_people, found.same_prompts, found.dropped) == (0, True, 0)


def test_waves_are_in_the_order_of_their_days():
    assert waves_of(rounds((9, 9), (9, 9), days=(100.0, 200.0))) == ("spring", "autumn")
    assert waves_of(rounds((9, 9), (9, 9))) == ("autumn", "spring")
    given = shifts_of(rounds((40, 60), (120, 80)), ("spring", "autumn"))
    assert given.waves == ("spring", "autumn")


def repeated(seed, people=150, change=0.0, per=8):
    """Return choices of the same people in two waves, with a leaning of their own."""
    random = np.random.default_rng(seed)
    leaning = np.clip(random.normal(0.5, 0.3, people), 0, 1)
    person = np.tile(np.repeat(np.arange(people), per), 2)
    wave = np.repeat([0, 1], people * per)
    y = random.random(person.size) < np.clip(leaning[person] + change * wave, 0, 1)
    return Long(
        table="preferences",
        kind=LongKind.PREFERENCES,
        rows=person.size,
        columns={
            "annotator": coded([f"p{i}" for i in person]),
            "prompt_id": coded([f"q{i % 300}" for i in range(person.size)]),
            "choice": coded(["a" if one else "b" for one in y]),
            "model_a": coded(["m1"] * person.size),
            "model_b": coded(["m2"] * person.size),
            "wave": coded([f"w{i}" for i in wave]),
        },
        source=source("preferences", "preferences"),
    )


def test_the_same_people_tell_a_change_more_sharply_than_others():
    same = shifts_of(repeated(1))
    random = np.random.default_rng(2)
    long = repeated(1)
    others = with_column(
        long,
        annotator=coded(
            [
                f"{long.columns['wave'].codes[i]} {long.columns['annotator'].codes[i]}"
                for i in range(long.rows)
            ]
        ),
    )
    assert same.same_people == 150
    assert shifts_of(others).same_people == 0
    widths = [np.subtract(*two_sided(f.shifts[0].estimate, 0.95)[::-1]) for f in (same, shifts_of(others))]
    assert widths[0] < 0.8 * widths[1]
    assert random is not None


def covers(seed):
    found = shifts_of(repeated(seed, people=80)).shifts[0].estimate
    low, high = two_sided(found, 0.95)
    return low <= 0.0 <= high


def test_the_interval_covers_in_a_few_studies():
    assert sum(covers(seed) for seed in range(60)) >= 52


@pytest.mark.slow
def test_coverage_of_shifts():
    assert 0.93 <= sum(covers(seed) for seed in range(100, 1100)) / 1000 <= 0.985


def test_only_what_both_waves_judged_is_compared():
    long = rounds((60, 60), (60, 60))
    prompts = [f"{'same' if i % 2 else long.columns['wave'].codes[i]} {i % 7}" for i in range(long.rows)]
    found = shifts_of(with_column(long, prompt_id=coded(prompts)))
    assert found.same_prompts
    assert found.dropped == 120
    apart = with_column(long, prompt_id=coded([f"{long.columns['wave'].codes[i]}" for i in range(long.rows)]))
    assert not shifts_of(apart).same_prompts


def test_over_responses_the_earlier_favourite_is_followed():
    long = repeated(3, people=300, per=4)
    texts = {"response_a": Texts(values=("x",) * long.rows), "response_b": Texts(values=("y",) * long.rows)}
    columns = {k: c for k, c in long.columns.items() if not k.startswith("model")} | texts
    still = shifts_of(Long(table="p", kind=long.kind, rows=long.rows, columns=columns, source=long.source))
    assert still.shifts[0].alternative == "the earlier favourite"
    low, high = two_sided(still.shifts[0].estimate, 0.95)
    assert low <= 0.0 <= high


def test_nothing_to_compare_is_said():
    assert shifts_of(rounds((9, 9), (9, 9), names=("one", "one"))).reason is Reason.UNMATCHED_PAIRS
    long = preferences(
        [
            Vote(group="n", a="m1", b="m2", for_a=9, for_b=9, wave="1"),
            Vote(group="n", a="m3", b="m4", for_a=9, for_b=9, wave="2"),
        ]
    )
    found = shifts_of(long)
    assert isinstance(found, NoChoices)
    assert found.reason is Reason.UNMATCHED_PAIRS


def test_the_age_of_the_newest_choice():
    assert newest_age(rounds((9, 9), (9, 9), days=(100.0, 200.0)), "1970-07-21") == 1
    assert newest_age(rounds((9, 9), (9, 9)), "1970-07-21") is None
    blank = with_column(rounds((1, 0), (1, 0)), submitted_at=numbered([None, None]))
    assert newest_age(blank, "1970-07-21") is None


def test_a_mirrored_shift_is_the_same_the_other_way():
    one = shifts_of(rounds((40, 60), (120, 80))).shifts[0].estimate
    low, high = two_sided(one, 0.95)
    assert two_sided(mirrored(one), 0.95) == pytest.approx((-high, -low))
