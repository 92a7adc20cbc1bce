"""Preference models on published data: a win rate, judges that are no people, and people who really differ."""

import csv
import gzip
import json
import math

import numpy as np
import pytest

from hcgov.core.evidence.long import Long, Texts, coded
from hcgov.core.evidence.source import Source
from hcgov.core.long_tables import LongKind
from hcgov.core.measurement import Answered, Statement
from hcgov.core.status import Reason
from hcgov.stages.evaluation.model_ranking import ModelRanking, model_ranking
from hcgov.stages.judgments.comparison_notes import obstacle
from hcgov.stages.judgments.comparisons import PreferenceParams, asked, choices
from hcgov.stats.preferences.clusters import clusters
from hcgov.stats.preferences.cycles import repeats
from hcgov.stats.preferences.davidson import davidson
from hcgov.stats.preferences.heterogeneity import choice_test
from hcgov.stats.preferences.projection import Votes

SOURCE = Source(artifact="preferences", kind="preferences", location="published", sha256="0" * 64, size=1)


def table(columns, rows):
    return Long(table="preferences", kind=LongKind.PREFERENCES, rows=rows, columns=columns, source=SOURCE)


@pytest.fixture(scope="module")
def alpaca(real_data):
    path = real_data / "alpaca-eval" / "results" / "claude-2" / "alpaca_eval_gpt4" / "annotations.json"
    rows = [
        row for row in json.loads(path.read_text(encoding="utf-8")) if row["preference"] not in (None, "nan")
    ]
    rows = [row for row in rows if math.isfinite(float(row["preference"]))]
    choice = [{1.0: "a", 2.0: "b", 0.0: "tie", 1.5: "tie"}[float(row["preference"])] for row in rows]
    columns = {
        "prompt_id": coded([f"q{i:04}" for i in range(len(rows))]),
        "annotator": coded([row["annotator"] for row in rows]),
        "choice": coded(choice),
        "model_a": coded([row["generator_1"] for row in rows]),
        "model_b": coded([row["generator_2"] for row in rows]),
    }
    return table(columns, len(rows))


def test_two_models_have_the_published_win_rate(alpaca):
    """91.3557 % of 804 valid annotations: strengths of two models are the logit of it, ties counting one half."""
    found = choices(alpaca)
    contests = found.contests()
    wins = np.where(
        contests.first == found.names.index("claude-2"), contests.outcome == 0, contests.outcome == 1
    )
    rate = (wins.sum() + 0.5 * (contests.outcome == 2).sum()) / contests.rows
    assert contests.rows == 804
    assert 100 * rate == pytest.approx(91.3557, abs=5e-5)
    strengths = davidson(contests)
    gap = (
        strengths.theta[found.names.index("claude-2")]
        - strengths.theta[found.names.index("text_davinci_003")]
    )
    # The model expects as many points as there are.
    a, b = math.exp(gap / 2), math.exp(-gap / 2)
    tie = strengths.tie or 0.0
    assert (a + tie / 2) / (a + b + tie) == pytest.approx(rate, abs=1e-6)


def test_one_judge_settles_no_ranking(alpaca):
    """804 rows of one annotator are no 804 people, and a judge is none at all."""
    params = ModelRanking(ranking=("claude-2", "text_davinci_003"))
    (claim,) = (one for one in model_ranking(long=alpaca, params=params) if isinstance(one, Statement))
    assert (claim.answer, claim.reason) == (Answered.CANNOT_TELL, Reason.FEW_PEOPLE)
    judged = table({**alpaca.columns, "label_source": coded(["judge"] * alpaca.rows)}, alpaca.rows)
    assert obstacle(choices(judged), judged, models=True)[0] is Reason.SMALL_N
    assert choices(judged).judges == 804


@pytest.mark.parametrize(
    ("model", "accuracy", "reversed_"), [("Ray2333_GRM", 59.43, 0), ("Skywork_Skywork", 64.29, 3)]
)
def test_reward_models_in_both_orders(real_data, model, accuracy, reversed_):
    """JudgeBench: each pair in both orders; the published accuracy, and how often the order changes the choice."""
    (path,) = (real_data / "judgebench" / "outputs").glob(f"*judge_model={model}*.jsonl")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    sides = [(row["response_A"], row["response_B"]) for row in rows]
    columns = {
        "prompt_id": coded([row["pair_id"] for row in rows for _ in range(2)]),
        "annotator": coded([model] * 2 * len(rows)),
        "choice": coded(["ab"["AB".index(one["decision"][0])] for row in rows for one in row["judgments"]]),
        "response_a": Texts(values=tuple(text for a, b in sides for text in (a, b))),
        "response_b": Texts(values=tuple(text for a, b in sides for text in (b, a))),
    }
    found = choices(table(columns, 2 * len(rows)))
    assert found.repeated == len(rows) == 350
    sign = found.sign.reshape(-1, 2)
    assert (sign[:, 0] != sign[:, 1]).sum() == reversed_
    again = repeats(found.sign, found.people, found.items)
    assert again.contradicted.value == pytest.approx(reversed_ / 350)
    right = 0
    for row in rows:
        (a, b), (c, d) = (one["judgment"]["scores"] for one in row["judgments"])
        right += ((a - b) + (d - c) > 0) == (row["label"] == "A>B")
    assert 100 * right / len(rows) == pytest.approx(accuracy, abs=0.005)


def test_published_pairs_of_chosen_and_rejected_have_no_people(real_data):
    """hh-rlhf says what was chosen and not who chose it: its rows are no people, and checks ask for people."""
    with gzip.open(real_data / "hh-rlhf" / "harmless-base" / "test.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    assert len(rows) == 2312
    assert {key for row in rows for key in row} == {"chosen", "rejected"}
    assert "annotator" in asked(PreferenceParams()).needs


@pytest.fixture(scope="module")
def offensiveness(real_data):
    path = real_data / "popquorn" / "dataset" / "offensiveness" / "raw_data.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_rows_would_find_groups_that_people_do_not(offensiveness):
    """POPQUORN: Black annotators find more offensive, as published. By gender rows differ, and people do not."""
    people, items = _codes(offensiveness)
    value = np.array([float(row["offensiveness"]) for row in offensiveness])
    sign = np.where(value > 2, 1, -1)
    black = np.array([int(row["race"] == "Black or African American") for row in offensiveness])
    assert value[black == 1].mean() > value[black == 0].mean() + 0.2
    assert choice_test(sign, people, items, black, draws=199).p <= 0.02
    women = np.array([int(row["gender"] == "Woman") for row in offensiveness])
    found = choice_test(sign, people, items, women, draws=199)
    assert found.p_rows < 0.02
    assert found.p > 0.5


def _codes(rows):
    return (
        np.unique([row[name] for row in rows], return_inverse=True)[1] for name in ("user_id", "instance_id")
    )


def test_262_people_about_1500_texts_show_no_groups_of_opinion(offensiveness):
    people, items = _codes(offensiveness)
    sign = np.where(np.array([float(row["offensiveness"]) for row in offensiveness]) > 2, 1, -1)
    found = clusters(Votes(sign=sign, people=people, items=items))
    assert found.people.size > 200
    assert found.k == 1
