"""Published figures of real preference sets, recomputed from their files."""

import csv
import gzip
import json

import numpy as np
import pytest

from hcgov.core.evidence.long import Texts
from hcgov.core.status import Reason
from hcgov.stages.judgments.export_files import preference_rows
from hcgov.stages.judgments.exports import export
from hcgov.stages.judgments.pairs import lengths, pair_texts, words_of
from hcgov.stages.judgments.preferring import preferences
from hcgov.stages.judgments.profiles import profile
from hcgov.stages.judgments.recipes import Recipe
from hcgov.stages.judgments.sheets.preference_profile import sections

ANSWER = "\n\nAssistant:"


@pytest.fixture(scope="module")
def harmless(real_data):
    path = real_data / "hh-rlhf" / "harmless-base" / "test.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    # TRL's implicit prompt: everything before the last answer of what was chosen.
    cut = [row["chosen"].rindex(ANSWER) for row in rows]
    return preferences(
        [
            {
                "prompt_id": f"q{i}",
                "prompt": row["chosen"][:at],
                "response_a": row["chosen"],
                "response_b": row["rejected"],
                "choice": "a",
            }
            for i, (row, at) in enumerate(zip(rows, cut, strict=True))
        ],
        randomised=None,
    )


def test_harmless_base_has_2312_pairs_none_with_itself_and_44_3_percent_choose_the_longer(harmless):
    texts = pair_texts(harmless)
    characters = [
        np.array([len(text) for text in harmless.texts(name)]) for name in ("response_a", "response_b")
    ]
    # The published share counts characters of whole conversations over all pairs, those of equal length among them.
    assert harmless.rows == 2312
    assert int((characters[0] > characters[1]).sum()) == 1025
    assert round(1025 / 2312, 3) == 0.443
    # In words, over pairs of different length, it is the same to the printed digit.
    chosen, rejected = lengths(harmless, texts, words_of(texts), "words")
    differ = chosen != rejected
    assert int((~differ).sum()) == 48
    assert round(float((chosen > rejected)[differ].mean()), 3) == 0.443


def test_the_profile_of_a_set_that_names_nobody(harmless):
    found = profile(harmless)
    assert found.annotators is None
    assert found.faults["same_responses"] == 0
    assert found.faults["empty_response"] == 0
    assert (found.same_length, found.longer.n) == (48, 2264)
    assert round(found.longer.observed, 3) == 0.443
    assert found.longer.reason is Reason.FEW_PEOPLE
    assert found.length.slope.value < 0  # harmless answers are short: people refuse the longer one
    assert [section.id for section in sections(harmless)] == [
        "made-of",
        "soundness",
        "leanings",
        "candidates",
    ]


def test_its_export_keeps_every_valid_pair_once(harmless):
    found = export(harmless, Recipe(test_share=0.1))
    rows = [*preference_rows(found, "train"), *preference_rows(found, "test")]
    assert found.split.how == "prompts"
    assert len(rows) == found.left_out()["exported"]
    assert 2200 < len(rows) <= 2312
    assert all(row["chosen"] != row["rejected"] for row in rows)


@pytest.fixture(scope="module")
def claude(real_data):
    folder = real_data / "alpaca-eval" / "results" / "claude-2" / "alpaca_eval_gpt4"
    rows = json.loads((folder / "annotations.json").read_text(encoding="utf-8"))
    choice = {1.0: "a", 2.0: "b", 0.0: "tie", None: None}
    return preferences(
        [
            {
                "prompt_id": f"q{i}",
                "annotator": row["annotator"],
                "label_source": "judge",
                "prompt": row["instruction"],
                "response_a": row["output_1"],
                "response_b": row["output_2"],
                "model_a": row["generator_1"],
                "model_b": row["generator_2"],
                "choice": choice[row["preference"]],
            }
            for i, row in enumerate(rows)
        ]
    )


def test_the_win_rate_of_the_leaderboard(real_data, claude):
    boards = real_data / "alpaca-eval" / "src" / "alpaca_eval" / "leaderboards" / "data_AlpacaEval"
    with (boards / "alpaca_eval_gpt4_leaderboard.csv").open(encoding="utf-8") as file:
        published = next(row for row in csv.DictReader(file) if row[""] == "claude-2")
    found = profile(claude)
    model = next(one for one in found.models if one.name == "claude-2")
    assert model.wins.n == int(published["n_total"]) == 804
    assert found.outcomes["not_recorded"] == 1
    assert 100 * model.wins.observed == pytest.approx(float(published["win_rate"]), abs=1e-9)
    assert round(100 * model.wins.observed, 4) == 91.3557
    counts = [found.outcomes[name] for name in ("b", "a", "tie")]
    assert counts == [int(published[name]) for name in ("n_wins", "n_wins_base", "n_draws")]
    column = claude.columns["response_b"]
    assert isinstance(column, Texts)
    assert int(np.mean([len(text) for text in column.values])) == int(published["avg_length"])
    # One judge is one rater: the share has no interval, and at equal length it is smaller, as published.
    assert model.wins.reason is Reason.FEW_PEOPLE
    assert model.equal_length.value < model.wins.observed
    assert float(published["length_controlled_winrate"]) < float(published["win_rate"])


def test_ties_of_auto_j(real_data):
    path = real_data / "prometheus" / "eval" / "benchmark" / "data" / "autoj_pairwise.json"
    told = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    found = profile(
        preferences(
            [
                {
                    "prompt_id": f"q{i}",
                    "prompt": row["prompt"],
                    "response_a": row["response 1"],
                    "response_b": row["response 2"],
                    "choice": ("a", "b", "tie")[row["label"]],
                    "dimension": row["scenario"],
                }
                for i, row in enumerate(told)
            ]
        )
    )
    assert (found.rows, found.outcomes["tie"]) == (1392, 373)
    assert sum(found.columns["dimension"].values()) == 1392


def test_pairs_of_hhh_alignment(real_data):
    path = real_data / "prometheus" / "eval" / "benchmark" / "data" / "hhh_alignment_eval.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    found = profile(
        preferences(
            [
                {
                    "prompt_id": f"q{i}",
                    "response_a": row["chosen_instruction"],
                    "response_b": row["rejected_instruction"],
                    "choice": "a",
                    "dimension": row["source"],
                }
                for i, row in enumerate(told)
            ]
        )
    )
    assert found.rows == 221
    assert found.faults["same_responses"] == 0
    assert found.diversity.cosine.mean() > 0.9  # a template surrounds every response: the flag sees it
