"""Published figures about judges, recomputed from their rows to the digits printed."""

import csv
import json
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from hcgov.core.measurement import Answered
from hcgov.stages.evaluation.judge_order_consistency import (
    JudgeOrderConsistency,
    judge_order_consistency,
    orders_of,
)
from hcgov.stages.evaluation.leaderboard_units import LeaderboardUnits, leaderboard_units
from hcgov.stages.judgments.judge_ratings import ratings
from hcgov.stages.judgments.judge_specimens import table
from hcgov.stages.judgments.judging import match
from hcgov.stages.judgments.sheets.judge import CardChoice, judge_card
from hcgov.stats.agreement.alpha import krippendorff_alpha
from hcgov.stats.agreement.judged import Judged, Metric
from hcgov.stats.crossed import Rows, crossed_mean
from hcgov.stats.judges.units import unit_outliers
from hcgov.stats.student import student_cdf

LLMBAR = {
    "Natural": (95.5, 95.0),
    "Adversarial/Neighbor": (78.7, 93.3),
    "Adversarial/GPTInst": (86.4, 94.6),
    "Adversarial/GPTOut": (77.7, 93.6),
    "Adversarial/Manual": (80.4, 82.6),
}
RESULTS = {
    "cola": "cola/cola.json",
    "inferential-strategies": "inferential-strategies/inferential_strategies.json",
    "newsroom": "newsroom/newsroom.json",
    "recipe-crowd-sourcing-data": "recipe_crowd_sourcing_data/meta_evaluation_recipes.json",
    "toxic-chat": "toxic_chat/toxic_chat_test.json",
}


def llmbar_rows(folder: Path, part: str, judge: str = "GPT-4") -> Iterator[dict[str, str]]:
    path = folder / "llmbar/Dataset/LLMBar" / part / "evaluators" / judge / "Vanilla/result.json"
    for place, row in enumerate(json.loads(path.read_text(encoding="utf-8"))):
        item = {"item": f"{part}-{place}"}
        yield {**item, "rater": "author", "rater_kind": "human", "score": "ab"[row["label"] - 1]}
        for swap, order in ((False, "ab"), (True, "ba")):
            winner = row["results"][0][f"swap = {swap}"]["winner"]
            score = {"1": "a", "2": "b"}.get(str(winner), "tie")
            yield {**item, "rater": judge, "rater_kind": "judge", "score": score, "order": order}


@pytest.mark.parametrize("part", LLMBAR)
def test_llmbar_accuracy_and_position_agreement(real_data, part):
    found = ratings(table(list(llmbar_rows(real_data, part))))
    accuracy, position = LLMBAR[part]
    matched = match(found, "GPT-4", most_unmatched=0.0)
    assert round(100 * float(matched.agreed.mean()), 1) == accuracy
    orders = orders_of(found, np.flatnonzero(found.of("GPT-4")))
    assert round(100 * orders.consistency.value, 1) == position
    assert orders.pairs == matched.at.size


def test_llmbar_is_409_and_more_pairs_and_its_judge_is_measured_over_all(real_data):
    rows = [row for part in LLMBAR for row in llmbar_rows(real_data, part)]
    assert sum(row["rater_kind"] == "human" for row in rows) == 419
    told = list(judge_order_consistency(long=table(rows), params=JudgeOrderConsistency()))
    assert [one.metric for one in told] == ["judge_place_fairness", "judge_order_consistency"]
    assert told[1].estimate.n == 419
    assert told[1].estimate.value == pytest.approx(0.928, abs=0.02)


def test_a_card_of_llmbar_says_that_one_person_is_no_ceiling(real_data):
    long = table([row for part in LLMBAR for row in llmbar_rows(real_data, part)])
    card = judge_card(long, date="2026-11-21", choice=CardChoice(positive=("a",)))
    assert "all judgments are one person's" in str(card.sections[0].parts)
    assert "not yet" in str(card.sections[3].parts)


def test_alpaca_eval_win_rate(real_data):
    path = real_data / "alpaca-eval/results/claude-2/alpaca_eval_gpt4/annotations.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    preference = [row["preference"] for row in rows]
    # 1 and 2 name the preferred output; 0 is a tie, and one of 805 is none.
    wins = np.array([0.5 if p == 0 else p - 1.0 for p in preference if p is not None])
    found = crossed_mean(wins, Rows(people=np.arange(wins.size)), low=0.0, high=1.0)
    assert (found.n, round(100 * found.value, 4)) == (804, 91.3557)


def leaderboard(folder: Path) -> list[dict[str, str]]:
    path = folder / "alpaca-eval/src/alpaca_eval/leaderboards/evaluators/evaluators_leaderboard.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_alpaca_eval_evaluators_as_printed(real_data):
    agreement = {row[""]: float(row["Human agreement"]) for row in leaderboard(real_data)}
    assert round(agreement["alpaca_eval_gpt4"], 2) == 69.17
    assert round(agreement["humans"], 2) == 65.66


def test_the_unit_error_of_the_leaderboard_is_found_and_nothing_else(real_data):
    lines = leaderboard(real_data)
    rows = [
        {"item": line[""], "rater": "alpaca", "rater_kind": "judge", "score": value, "question": column}
        for line in lines
        for column, value in line.items()
        if column not in ("", "mode") and value
    ]
    told = {one.about: one for one in leaderboard_units(long=table(rows), params=LeaderboardUnits())}
    assert len(told) == 11
    odd = [about for about, one in told.items() if one.answer is not Answered.MET]
    assert odd == ["column Human agreement"]
    assert "0.3367 of `weighted_alpaca_eval_gpt-4o-mini-2024-07-18`" in str(told[odd[0]].text)


def test_the_other_leaderboard_has_no_unit_error(real_data):
    folder = real_data / "alpaca-eval/src/alpaca_eval/leaderboards/data_AlpacaEval"
    with (folder / "alpaca_eval_gpt4_leaderboard.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    for column in lines[0]:
        if column not in ("", "mode"):
            values = [float(line[column]) if line[column] else None for line in lines]
            assert unit_outliers(values) == (), column


@pytest.mark.parametrize(
    ("model", "published"),
    [("Ray2333_GRM-Gemma-2B-rewardmodel-ft", 59.43), ("Skywork_Skywork-Reward-Gemma-2-27B", 64.29)],
)
def test_judgebench_accuracy(real_data, model, published):
    (path,) = (real_data / "judgebench/outputs").glob(f"*judge_model={model}.jsonl")
    right = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        other = {"A>B": "B>A", "B>A": "A>B"}[row["label"]]
        points = [0, 0]
        for place, judgment in enumerate(row["judgments"]):
            # The second judgment was given with the responses turned round.
            points[place] = {row["label"]: 1, other: -1}.get(judgment["decision"], 0) * (1, -1)[place]
        right.append(sum(points) > 0)
    assert len(right) == 350
    assert round(100 * float(np.mean(right)), 2) == published


def judge_bench(folder: Path, name: str):
    data = json.loads((folder / "judge-bench/data" / RESULTS[name]).read_text(encoding="utf-8"))
    results = json.loads(
        (folder / "judge-bench/results/regular" / f"{name}.json").read_text(encoding="utf-8")
    )
    return data, results


@pytest.mark.parametrize("name", ["newsroom", "recipe-crowd-sourcing-data", "inferential-strategies"])
def test_judge_bench_agreement_of_people(real_data, name):
    """Of cola there is one person an item and of toxic-chat none: the published coefficients are NaN there."""
    data, results = judge_bench(real_data, name)
    for annotation in data["annotations"]:
        metric = annotation["metric"]
        scores = [one["annotations"][metric]["individual_human_scores"] for one in data["instances"]]
        labels = sorted({value for item in scores for value in item})
        items = np.repeat(np.arange(len(scores)), [len(item) for item in scores])
        judged = Judged(
            items=items,
            people=np.concatenate([np.arange(len(item)) for item in scores]),
            labels=np.array([labels.index(value) for item in scores for value in item]),
            n_items=len(scores),
            n_people=max(len(item) for item in scores),
            values=np.array([float(k) if isinstance(v, str) else float(v) for k, v in enumerate(labels)]),
        )
        ordered = annotation["category"] == "graded"
        found = krippendorff_alpha(judged, Metric.ORDINAL if ordered else Metric.NOMINAL)
        published = {model[metric]["krippendorff_alpha"] for model in results.values() if metric in model}
        assert len(published) == 1
        assert found == pytest.approx(published.pop(), abs=1e-9)


@pytest.mark.parametrize("name", RESULTS)
def test_judge_bench_coefficients_hang_together(real_data, name):
    """The responses of the models are not among the files, so their kappa and Spearman's rho cannot be recomputed.

    What can: the p-value of every correlation from its value and the number of all responses (those that could not be
    read were given an answer at random, so a p-value that counts them says too much), and that correlations of
    two labels are one number, whose size bounds kappa.
    """
    _, results = judge_bench(real_data, name)
    checked = 0
    for model in results.values():
        for told in model.values():
            rho, p, n = told["corr_coeff"]["spearman"], told["p_value"]["spearman"], told["total_responses"]
            if not math.isfinite(rho) or abs(rho) >= 1.0:
                continue
            t = rho * ((n - 2) / (1.0 - rho * rho)) ** 0.5
            if p > 1e-290:
                assert 2.0 * student_cdf(-abs(t), n - 2) == pytest.approx(p, rel=1e-6, abs=1e-290)
            if told["type"] == "categorical":
                assert told["corr_coeff"]["pearson"] == pytest.approx(rho, abs=1e-9)
                assert abs(told["kappa_score"]) <= abs(rho) + 1e-9
            checked += 1
    assert checked >= 11
