"""Real files in every format that there is one of: the published counts, and no file that crashes a reader."""

from collections import Counter
from pathlib import Path

import pytest

from hcgov.core.long_tables import LongKind
from hcgov.io.long.formats import FORMATS, candidates, sniff
from hcgov.io.long.formats.rows import ANSWER_KEY, Options, Rows, UnreadableError


def read(path: Path, name: str, **options) -> Rows:
    data = path.read_bytes()
    assert sniff(data, path.name) == name
    return FORMATS[name](data, Options(**options))


def distinct(rows: Rows, column: str) -> int:
    return len(set(rows.columns[column]) - {None})


def test_popquorn_offensiveness(real_data):
    rows = read(real_data / "popquorn/dataset/offensiveness/raw_data.csv", "popquorn")
    assert (rows.rows, distinct(rows, "item"), distinct(rows, "annotator")) == (13_036, 1_500, 262)
    assert set(rows.columns["label"]) == {"1", "2", "3", "4", "5"}
    people = dict(zip(rows.columns["annotator"], rows.groups["race"], strict=True))
    assert Counter(people.values())["Arab American"] == 1


def test_popquorn_emails_of_which_80_say_nobody(real_data):
    rows = read(real_data / "popquorn/dataset/email_rewriting/raw_data.csv", "popquorn")
    assert (rows.rows, distinct(rows, "annotator")) == (2_346, 227)
    assert list(rows.columns["annotator"]).count(None) == 80
    assert "229" in rows.columns["annotator"]
    assert "80 rows do not say who judged" in str(rows.notes[0])


def test_multipico(real_data):
    folder = real_data / "lewidi/LeWiDi_3-2025/MP"
    rows = read(folder / "MP_dev.json", "lewidi")
    assert (rows.rows, distinct(rows, "item"), distinct(rows, "annotator")) == (15_178, 3_005, 506)
    people = read(folder / "MP_annotators_meta.json", "lewidi")
    assert people.kind is LongKind.ANNOTATORS
    assert set(people.columns["annotator"]) == set(rows.columns["annotator"])
    assert "consent" not in people.columns, "expired attributes are no withdrawn consent"
    assert Counter(people.groups["Employment status"])["expired"] == 109
    assert Counter(people.groups["Gender"]) == {
        "Male": 274,
        "Female": 230,
        "expired": 1,
        "Prefer not to say": 1,
    }
    assert Counter(people.groups["Ethnicity simplified"])["Other"] == 66


def test_who_revoked_consent_is_found_in_csc(real_data):
    folder = real_data / "lewidi/LeWiDi_3-2025/CSC"
    rows = read(folder / "CSC_dev.json", "lewidi")
    people = read(folder / "CSC_annotators_meta.json", "lewidi")
    assert (rows.rows, distinct(rows, "item"), distinct(rows, "annotator")) == (3_186, 704, 850)
    consent = dict(zip(people.columns["annotator"], people.columns["consent"], strict=True))
    revoked = {who for who, what in consent.items() if what == "revoked"}
    assert len(revoked) == 3
    assert sum(who in revoked for who in rows.columns["annotator"]) == 16
    assert len(set(rows.columns["annotator"]) - set(consent)) == 32, "they are in no metadata"
    assert Counter(people.groups["Gender"]) == {"Male": 418, "Female": 397, None: 20, "expired": 5}


def test_earlier_lewidi(real_data):
    folder = real_data / "lewidi/LeWiDi_2-2023"
    abuse = folder / "ConvAbuse_dataset/ConvAbuse_dev.json"
    rows = read(abuse, "lewidi")
    assert (distinct(rows, "item"), distinct(rows, "annotator")) == (812, 8)
    assert read(abuse, "lewidi", question="*").rows > 10 * rows.rows
    agreement = read(folder / "MD-Agreement_dataset/MD-Agreement_dev.json", "lewidi")
    assert (agreement.rows, distinct(agreement, "item")) == (5 * 1_104, 1_104)


def test_crows_pairs(real_data):
    rows = read(real_data / "crows-pairs/data/crows_pairs_anonymized.csv", "crows-pairs")
    assert (rows.rows, distinct(rows, "item")) == (5 * 1_508, 1_508)
    kinds = Counter(rows.groups["bias_type"])
    assert (kinds["race-color"], kinds["gender"]) == (5 * 516, 5 * 262)
    assert set(rows.groups) == {"bias_type", "stereo_antistereo"}, "who the annotators are was not collected"


def test_hh_rlhf(real_data):
    rows = read(real_data / "hh-rlhf/harmless-base/test.jsonl.gz", "hh-rlhf")
    assert rows.rows == 2_312
    pairs = list(zip(rows.columns["response_a"], rows.columns["response_b"], strict=True))
    assert sum(a == b for a, b in pairs) == 0
    assert round(100 * sum(len(a) > len(b) for a, b in pairs) / len(pairs), 1) == 44.3


def test_a_pointer_is_not_read_as_data(real_data):
    data = (real_data / "hh-rlhf/helpful-base/test.jsonl.gz").read_bytes()
    for name in FORMATS:
        with pytest.raises(UnreadableError):
            FORMATS[name](data, Options())
    with pytest.raises(UnreadableError, match="Git LFS pointer"):
        FORMATS["hh-rlhf"](data, Options())


def test_prometheus(real_data):
    folder = real_data / "prometheus/eval/benchmark/data"
    rows = read(folder / "autoj_pairwise.json", "prometheus")
    assert Counter(rows.columns["choice"]) == {"a": 520, "b": 499, "tie": 373}
    hhh = read(folder / "hhh_alignment_eval.json", "prometheus")
    assert hhh.rows == 221
    assert Counter(hhh.columns["dimension"]) == {"honest": 61, "helpful": 59, "harmless": 58, "other": 43}


def test_alpaca_eval(real_data):
    rows = read(real_data / "alpaca-eval/results/claude-2/alpaca_eval_gpt4/annotations.json", "alpaca-eval")
    assert (rows.rows, rows.dropped) == (804, {"no_valid_answer": 1})
    won = Counter(rows.columns["choice"])
    assert round(100 * (won["b"] + won["tie"] / 2) / rows.rows, 4) == 91.3557


def test_llmbar(real_data):
    folder = real_data / "llmbar/Dataset/LLMBar"
    published = {
        "Natural": (100, 95.5, 95.0),
        "Adversarial/Neighbor": (134, 78.7, 93.3),
        "Adversarial/GPTInst": (92, 86.4, 94.6),
        "Adversarial/GPTOut": (47, 77.7, 93.6),
        "Adversarial/Manual": (46, 80.4, 82.6),
    }
    total = 0
    for part, (pairs, accuracy, same) in published.items():
        total += read(folder / part / "dataset.json", "llmbar").rows
        path = folder / part / "evaluators/GPT-4/Vanilla/result.json"
        rows = read(path, "llmbar", declared={"rater": "GPT-4"})
        key, orders = judged(rows)
        right = sum(score == key[item] for item, scores in orders.items() for score in scores.values())
        assert len(key) == pairs
        assert round(100 * right / (2 * pairs), 1) == accuracy
        agreed = sum(scores["ab"] == scores["ba"] for scores in orders.values())
        assert round(100 * agreed / pairs, 1) == same
    assert total == 419


def test_the_last_round_of_a_judge_that_is_asked_again_counts(real_data):
    path = real_data / "llmbar/Dataset/LLMBar/Natural/evaluators/GPT-4/Swap/result.json"
    rows = read(path, "llmbar")
    key, orders = judged(rows)
    assert rows.dropped == {"earlier_round": 7}
    assert sum(scores["ab"] == key[item] for item, scores in orders.items()) == 94
    assert sum(scores["ba"] == key[item] for item, scores in orders.items()) == 95


def test_judgebench(real_data):
    worth = {"a": 1, "tie": 0, "b": -1}
    for judge, published in (
        ("Ray2333_GRM-Gemma-2B-rewardmodel-ft", 59.43),
        ("Skywork_Skywork-Reward-Gemma-2-27B", 64.29),
    ):
        (path,) = (real_data / "judgebench/outputs").glob(f"*{judge}.jsonl")
        rows = read(path, "judgebench")
        key, orders = judged(rows)
        assert (len(key), rows.rows) == (350, 3 * 350)
        sums = {item: sum(worth[score] for score in scores.values()) for item, scores in orders.items()}
        right = sum(sums[item] * worth[key[item]] > 0 for item in key)
        assert round(100 * right / len(key), 2) == published


def test_judge_bench(real_data):
    folder = real_data / "judge-bench"
    expected = {
        "cola/cola.json": (1_043, 1_043),
        "newsroom/newsroom.json": (5_040, 420),
        "toxic_chat/toxic_chat_test.json": (2 * 2_853, 2_853),
        "inferential-strategies/inferential_strategies.json": (600, 300),
        "recipe_crowd_sourcing_data/meta_evaluation_recipes.json": (6_336, 52),
    }
    for name, (scores, items) in expected.items():
        rows = read(folder / "data" / name, "judge-bench")
        assert (rows.rows, distinct(rows, "item")) == (scores, items)
    for path in (folder / "results/regular").iterdir():
        with pytest.raises(UnreadableError, match="statistics of judges"):
            FORMATS["judge-bench"](path.read_bytes(), Options())


def test_inspect_logs(real_data):
    folder = real_data / "inspect-logs/tests"
    streaming = read(folder / "log/test_eval_log/log_streaming.eval", "inspect")
    assert sorted(zip(streaming.columns["item"], streaming.columns["repetition"], strict=True)) == [
        ("1", "1"),
        ("1", "2"),
        ("2", "1"),
        ("2", "2"),
    ]
    unscored, scored = sorted((folder / "scorer/logs").glob("*.eval"))
    assert read(scored, "inspect").rows == 10
    with pytest.raises(UnreadableError, match="10 no_score"):
        FORMATS["inspect"](unscored.read_bytes(), Options())
    for name, told in (
        ("log_valid.txt", "no scored samples"),
        ("log_with_nan.txt", "no scored samples"),
        ("log_version_3.txt", "log version 4 is not known"),
        ("log_invalid.txt", "not valid JSON"),
    ):
        with pytest.raises(UnreadableError, match=told):
            FORMATS["inspect"]((folder / "log/test_eval_log" / name).read_bytes(), Options())


def test_summaries_of_a_harness_are_no_samples(real_data):
    (path,) = (real_data / "lm-eval-pythia/evals/pythia-v1/pythia-12b/zero-shot").glob("*.json")
    assert sniff(path.read_bytes(), path.name) is None
    with pytest.raises(UnreadableError, match="has no `doc_id`"):
        FORMATS["lm-eval"](path.read_bytes(), Options())


@pytest.mark.parametrize("name", FORMATS)
def test_no_odd_file_crashes_a_reader(real_data, name):
    files = [*(real_data / "json-test-suite").rglob("*.json"), *(real_data / "blns").glob("blns.*")]
    assert len(files) > 300
    for path in files:
        data = path.read_bytes()
        for each in (data, b'{"id": ' + data + b"}", b"[" + data + b"]", b'{"a": 1}\n' + data):
            with pytest.raises(UnreadableError) as raised:
                FORMATS[name](each, Options())
            assert str(raised.value).strip(), path.name


def test_no_odd_file_is_taken_for_a_format(real_data):
    for path in (real_data / "json-test-suite").rglob("*.json"):
        assert candidates(path.read_bytes(), path.name) == ()


def judged(rows: Rows) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return the answer key by item, and a judge's scores by item and order."""
    key: dict[str, str] = {}
    orders: dict[str, dict[str, str]] = {}
    columns = (rows.columns[name] for name in ("item", "rater", "score", "order"))
    for item, rater, score, order in zip(*columns, strict=True):
        if rater == ANSWER_KEY:
            key[item] = score
        else:
            orders.setdefault(item, {})[order] = score
    return key, orders
