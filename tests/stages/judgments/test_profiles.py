"""The profile of sets that name everybody, and of sets that name nobody."""

import numpy as np
import pytest

from hcgov.core.sheet import Facts, Grid, Value
from hcgov.core.status import Reason
from hcgov.stages.judgments.pairs import pair_texts, words_of
from hcgov.stages.judgments.preferring import preferences
from hcgov.stages.judgments.profiles import profile
from hcgov.stages.judgments.rewards import effects
from hcgov.stages.judgments.sheets.preference_profile import sections


def prism_like(people=40, each=12):
    rng = np.random.default_rng(5)
    rows, groups = [], []
    for person in range(people):
        for i in range(each):
            q = (person + i) % 30
            long_, short = f"A long and careful answer to question {q}, with every reason.", f"Short {q}."
            a_is_long = bool(rng.random() < 0.5)
            wants_long = rng.random() < (0.8 if person % 2 else 0.6)
            rows.append(
                {
                    "annotator": f"p{person}",
                    "prompt_id": f"q{q}",
                    "prompt": f"What of {q}?",
                    "response_a": long_ if a_is_long else short,
                    "response_b": short if a_is_long else long_,
                    "model_a": "talker" if a_is_long else "terse",
                    "model_b": "terse" if a_is_long else "talker",
                    "position_of_a": "left" if rng.random() < 0.5 else "right",
                    "choice": "a" if wants_long == a_is_long else "b",
                    "dimension": "style",
                    "language": "en",
                    "label_source": "human",
                }
            )
            groups.append("north" if person % 2 else "south")
    return preferences(rows, groups={"region": groups})


def test_a_set_that_names_everybody():
    found = profile(prism_like())
    assert (found.rows, found.prompts, found.annotators) == (480, 30, 40)
    assert found.mix == {"region": {"north": 20, "south": 20}}
    assert found.per_annotator == (12, 12.0, 12)
    assert found.columns["dimension"] == {"style": 480}
    assert found.longer.estimate.value == pytest.approx(0.7, abs=0.06)
    assert found.left.estimate.value == pytest.approx(0.5, abs=0.08)
    assert found.length.slope.value > 0
    assert found.many_ratings.observed == 1.0
    assert [(m.name, round(m.wins.estimate.value, 6)) for m in found.models] == [
        ("talker", pytest.approx(found.longer.observed)),
        ("terse", pytest.approx(1 - found.longer.observed)),
    ]
    assert set(found.faults.values()) == {0}
    assert found.repeats.replications > 400


def test_a_set_that_names_nobody_has_shares_without_intervals():
    rows = [
        {
            "prompt_id": f"q{i}",
            "prompt": f"Q {i}",
            "response_a": f"yes {i} yes",
            "response_b": "no",
            "choice": "a",
        }
        for i in range(50)
    ]
    found = profile(preferences(rows))
    assert found.annotators is None
    assert (found.longer.estimate, found.longer.observed) == (None, 1.0)
    assert found.longer.reason is Reason.FEW_PEOPLE
    assert found.length is None
    assert (found.left, found.mix, found.per_annotator) == (None, {}, None)


def test_a_judge_s_set_is_told_as_such():
    rows = [
        {
            "prompt_id": f"q{i}",
            "annotator": "judge",
            "choice": "a",
            "label_source": "judge",
            "dimension": "harm",
        }
        for i in range(30)
    ]
    found = profile(preferences(rows))
    assert found.columns["label_source"] == {"judge": 30}
    assert (found.annotators, found.busiest) == (1, 1.0)
    assert (found.faults, found.repeats, found.diversity, found.longer) == (None, None, None, None)


@pytest.mark.parametrize(
    "long", [prism_like(), prism_like(1, 3), preferences([{"prompt_id": "q", "choice": "tie"}])]
)
def test_the_sections_stand_for_every_kind_of_set(long):
    told = sections(long)
    assert [one.id for one in told] == ["made-of", "soundness", "leanings", "candidates"]
    for section in told:
        for part in section.parts:
            if isinstance(part, Grid):
                assert {len(row) for row in part.rows} <= {len(part.head)}
            if isinstance(part, Facts):
                assert all(
                    not isinstance(f.value, Value) or f.value.value == f.value.value for f in part.facts
                )


def test_no_annotator_is_named():
    assert not any(f"p{i}'" in repr(sections(prism_like())) for i in range(40))


def test_whom_a_rule_serves_is_told_for_groups_with_enough_people():
    long = prism_like(people=80, each=20)
    texts = pair_texts(long)
    told = effects(long, texts, words_of(texts), "region")
    assert [one.rule.value for one in told] == ["pooled", "majority", "group_balanced", "worst_group"]
    assert all(set(one.groups) == {"north", "south"} for one in told)
    pooled = told[0].groups
    assert pooled["north"].value > pooled["south"].value > 0.5
    assert effects(long, texts, words_of(texts), "nothing") == ()
