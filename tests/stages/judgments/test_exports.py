"""Training files from judgments: every judgment is accounted for, and each outcome goes where it belongs."""

import hashlib
import json
import os
import random
import subprocess
import sys
from array import array
from dataclasses import replace

import numpy as np
import pytest

from hcgov.core.evidence.long import Codes, LeftOut
from hcgov.core.status import Reason
from hcgov.stages.judgments.export_files import digest_of, files, lines
from hcgov.stages.judgments.export_manifest import data_card, manifest
from hcgov.stages.judgments.exports import export
from hcgov.stages.judgments.preferring import preferences
from hcgov.stages.judgments.recipes import Recipe
from hcgov.stages.judgments.sheets import export as sheet
from hcgov.stages.specimens import record
from hcgov.stages.training.export_parity import ExportParity, export_parity

ONE = {"prompt_id": "q", "prompt": "Why?", "response_a": "Because.", "response_b": "No idea."}


def judgments(*outcomes, **more):
    return preferences([{**ONE, **more, "annotator": f"p{i}", "choice": c} for i, c in enumerate(outcomes)])


def told(long, **recipe):
    found = export(long, Recipe(**{"test_share": 0.0, **recipe}))
    return found, {name: list(rows) for name, rows in files(found).items()}


def study(people=80, seed=1):
    rng = random.Random(seed)
    rows, groups = [], []
    for person in range(people):
        group = "south" if person % 4 == 0 else "north"
        for i in range(30):
            q = (person * 3 + i) % 60
            p = 0.3 if group == "south" else 0.8
            choice = rng.choices(
                ["a", "b", "tie", "both_bad", "skip"], [0.9 * p, 0.9 * (1 - p), 0.05, 0.03, 0.02]
            )[0]
            rows.append(
                {
                    "annotator": f"p{person}",
                    "prompt_id": f"q{q}",
                    "prompt": f"Question number {q} about {q * 7}?",
                    "response_a": f"Answer one to {q}.",
                    "response_b": f"The other reply to {q}!",
                    "choice": choice,
                }
            )
            groups.append(group)
    return preferences(rows, groups={"region": groups})


def test_each_outcome_goes_where_it_belongs():
    found, told_ = told(
        judgments("a", "b", "b", "tie", "both_bad", "skip", strength=3.0), good_tie=2.0, ties=True
    )
    pairs = [(row["chosen"], row["rejected"]) for row in told_["preference-train"]]
    assert pairs == [("Because.", "No idea."), ("No idea.", "Because."), ("No idea.", "Because.")]
    labels = [(row["completion"], row["label"]) for row in told_["unpaired-train"]]
    assert labels.count(("Because.", True)) == 2  # once chosen, once in a tie of two good ones
    assert labels.count(("Because.", False)) == 3  # twice rejected, once both bad
    assert len(labels) == 2 * 3 + 2 + 2
    assert [row["margin"] for row in told_["reward-train"]][-1] == 0.0
    assert found.left_out() | {"exported": 3, "tie": 1, "both_bad": 1, "skip": 1} == found.left_out()


def test_a_tie_says_nothing_good_unless_its_strength_does():
    _, rows = told(judgments("a", "tie", strength=1.0), good_tie=2.0)
    assert len(rows["unpaired-train"]) == 2
    _, rows = told(judgments("a", "tie", strength=1.0))
    assert len(rows["unpaired-train"]) == len(rows["reward-train"]) + 1 == 2


def test_the_margin_is_the_shrunken_log_odds_of_the_chosen_response():
    _, rows = told(judgments("a", "a", "a", "b"))
    margins = [row["margin"] for row in rows["reward-train"]]
    assert margins == [pytest.approx(np.log(4 / 2), abs=1e-6)] * 3 + [pytest.approx(-np.log(4 / 2), abs=1e-6)]
    _, rows = told(judgments(*["a"] * 99))
    assert {row["margin"] for row in rows["reward-train"]} == {3.0}


def test_a_majority_is_one_row_and_says_whom_it_overruled():
    found, rows = told(judgments("a", "b", "b"), rule="majority")
    assert [row["chosen"] for row in rows["preference-train"]] == ["No idea."]
    assert manifest(found)["label_flips"] == 1
    found, rows = told(judgments("a", "b"), rule="majority")
    assert found.refused is not None
    assert rows["preference-train"] == []
    assert found.left_out()["no_majority"] == 2


@pytest.mark.parametrize("rule", ["judgment", "majority"])
@pytest.mark.parametrize("by", ["", "region"])
def test_nothing_leaks_and_every_judgment_is_accounted_for(rule, by):
    long = study()
    found = export(long, Recipe(rule=rule, contested_by=by, balance="region", resample=True, group="region"))
    rows = {name: list(told_) for name, told_ in files(found).items()}
    assert sum(found.left_out().values()) == long.rows
    prompts = [{row["prompt"] for row in rows[f"unpaired-{part}"]} for part in ("train", "test")]
    assert prompts[0]
    assert not prompts[0] & prompts[1]
    assert len(rows["preference-train"]) + len(rows["preference-test"]) == found.copies.sum()


def test_prompts_that_are_nearly_the_same_stay_on_one_side():
    words = " ".join(f"word{i}" for i in range(50))
    rows = [
        {
            **ONE,
            "prompt_id": f"q{i}-{j}",
            "prompt": f"{words} {i * 77}" + " now" * j,
            "annotator": f"p{i}",
            "choice": "a",
        }
        for i in range(40)
        for j in range(2)
    ]
    rows = [{**row, "prompt": row["prompt"].replace("word", f"w{i // 2}x")} for i, row in enumerate(rows)]
    found = export(preferences(rows), Recipe(test_share=0.3))
    parts = found.split.part.reshape(-1, 2)
    assert (parts[:, 0] == parts[:, 1]).all()
    assert len(set(parts[:, 0].tolist())) == 2


def test_contested_pairs_stand_apart_with_what_each_group_says():
    _, rows = told(study(), contested_by="region")
    assert len(rows["contested"]) > 20
    one = rows["contested"][0]
    shares = {name: told_["share"] for name, told_ in one["prefers_1"].items()}
    assert abs(shares["north"] - shares["south"]) > one["gap_at_least"] > 0.10
    kept = {row["pair"] for row in rows["preference-train"]}
    assert not kept & {row["pair"] for row in rows["contested"]}


def test_a_majority_vote_costs_the_minority_and_the_check_sees_it():
    long = study(people=200)
    found = export(long, Recipe(rule="majority", test_share=0.0))
    told_ = list(export_parity(record("export_manifest", manifest(found)), ExportParity()))
    ratios = {str(m.scope): m.estimate.value for m in told_}
    assert ratios["region=south"] < 0.6 < ratios["region=north"] == 1.0
    every = export(long, Recipe(test_share=0.0, balance="region", resample=True))
    told_ = list(export_parity(record("export_manifest", manifest(every)), ExportParity()))
    assert min(m.estimate.value for m in told_) > 0.95


def test_balanced_groups_weigh_the_same():
    found = export(study(), Recipe(test_share=0.0, balance="region", group="region"))
    totals = {}
    for row in files(found)["preference-train"]:
        totals[row["group"]] = totals.get(row["group"], 0.0) + row["weight"]
    assert totals["north"] == pytest.approx(totals["south"], rel=1e-4)


def test_the_same_recipe_gives_the_same_bytes_and_another_seed_others():
    def digests(seed):
        found = export(study(), Recipe(balance="region", resample=True, seed=seed))
        return {name: digest_of(lines(rows)) for name, rows in files(found).items()}

    assert digests(3) == digests(3) != digests(4)


def test_another_process_writes_the_same_bytes():
    code = (
        "from tests.stages.judgments.test_exports import *; f = export(study(20), Recipe(contested_by='region'));"
        "print({n: digest_of(lines(r))[0] for n, r in files(f).items()})"
    )
    told_ = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told_) == 1


def test_lines_are_json_in_utf_8_whatever_stands_in_a_text():
    _, rows = told(judgments("a", prompt="\ud800 \u2028 ü"))
    data = b"".join(lines(rows["preference-train"]))
    assert json.loads(data.decode("utf-8"))["prompt"] == "\ud800 \u2028 ü"
    assert digest_of([data]) == (hashlib.sha256(data).hexdigest(), 1)


def test_conversations_stay_lists():
    chat = '[{"role": "user", "content": "Why?"}]'
    _, rows = told(judgments("a", prompt=chat))
    assert rows["preference-train"][0]["prompt"] == json.loads(chat)


@pytest.mark.parametrize(
    ("outcomes", "reason"),
    [(("tie", "tie"), Reason.CONSTANT_OUTCOME), ((), Reason.SMALL_N), (("skip",), Reason.CONSTANT_OUTCOME)],
)
def test_nothing_to_export_is_said_with_a_reason(outcomes, reason):
    long = (
        judgments(*outcomes)
        if outcomes
        else replace(
            judgments("a"),
            rows=0,
            columns={
                name: replace(c, **({"codes": array("i")} if isinstance(c, Codes) else {"values": ()}))
                for name, c in judgments("a").columns.items()
            },
        )
    )
    found, rows = told(long)
    assert found.refused[0] is reason
    assert all(not part for name, part in rows.items() if name.startswith("preference"))
    assert "Nothing was exported" in data_card(found)
    assert manifest(found)["refused"]


def test_weights_of_zero_and_bad_ones_are_refused():
    long = judgments("a", "b")
    assert export(long, Recipe(test_share=0.0), weights=np.zeros(2)).refused[0] is Reason.CONSTANT_OUTCOME
    with pytest.raises(ValueError, match="weight"):
        export(long, Recipe(), weights=np.array([1.0, np.nan]))


def test_what_was_left_out_before_is_told_and_clusters_are_written():
    long = replace(judgments("a", "b"), left_out=(LeftOut(why="withdrawn", rows=4, people=2),))
    found = export(long, Recipe(test_share=0.0), cluster=np.array([1, -1]))
    assert manifest(found)["left_out_before"] == [{"why": "withdrawn", "rows": 4, "people": 2}]
    assert [row["cluster"] for row in files(found)["preference-train"]] == [1, None]


def test_nobody_is_named_in_files_manifest_or_card():
    found = export(study(), Recipe(contested_by="region", group="region"))
    written = {name: digest_of(lines(rows)) for name, rows in files(found).items()}
    everything = json.dumps(manifest(found, written)) + data_card(found, written)
    everything += "".join(line.decode() for rows in files(found).values() for line in lines(rows))
    assert '"p12"' not in everything


def test_the_card_hides_small_groups_and_cannot_be_broken_by_names():
    groups = ["a|b"] * 20 + ["few"] * 3
    rows = [{**ONE, "prompt_id": f"q{i}", "annotator": f"p{i}", "choice": "a"} for i in range(23)]
    found = export(preferences(rows, groups={"region": groups}), Recipe(test_share=0.0))
    card = data_card(found)
    assert "| a\\|b | 20 | 20 | 100.0% | 0 |" in card
    assert "| few | few people |  |  |  |" in card


def test_the_sections_of_an_export():
    found = export(study(people=160), Recipe(contested_by="region"))
    ids = [section.id for section in sheet.sections(found, {"preference-train": ("0" * 64, 9)})]
    assert ids == ["became", "left", "rewards-region"]
