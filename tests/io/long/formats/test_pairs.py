"""Formats of preferences: prompt and responses, who won, and what a tie is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.long_tables import LongKind
from hcgov.io.long.formats import FORMATS
from hcgov.io.long.formats.pairs import TURN, shared_text
from hcgov.io.long.formats.rows import Options, UnreadableError

from .samples import (
    ALPACA,
    ARENA,
    ARENA_WIDE,
    AUTOJ,
    HH,
    HHH,
    TRL,
    UNPAIRED,
    document,
    hhh,
    lines,
    table,
    utterance,
)

CHAT = [{"role": "user", "content": "Why?"}]


def said(*words):
    return [{"role": "assistant", "content": word} for word in words]


def read(name, *entries, **options):
    return FORMATS[name](lines(*entries), Options(**options))


def pair(rows):
    return tuple(rows.columns[name][0] for name in ("prompt", "response_a", "response_b"))


@pytest.mark.parametrize(
    "record",
    [
        {"prompt": "Why?", "chosen": "So.", "rejected": "No."},
        {"prompt": CHAT, "chosen": said("So."), "rejected": said("No.")},
        {"chosen": [*CHAT, *said("So.")], "rejected": [*CHAT, *said("No.")]},
        {"chosen": "Why?So.", "rejected": "Why?No."},
    ],
)
def test_trl_explicit_and_implicit_prompts(record):
    rows = read("trl", record)
    assert pair(rows) == ("Why?", "So.", "No.")
    assert rows.columns["choice"] == ["a"]


def test_trl_takes_canonical_fields_and_groups_and_never_a_position():
    rows = read("trl", {**TRL, "strength": 2}, dimension="helpful")
    assert rows.columns["annotator"] == ["w1"]
    assert rows.columns["strength"] == ["2"]
    assert rows.columns["dimension"] == ["helpful"]
    assert rows.groups["topic"] == ["x"]
    assert "position_of_a" not in rows.columns


def test_one_prompt_has_one_name_in_every_file():
    first = read("trl", TRL, {**TRL, "prompt": "Else?"}).columns["prompt_id"]
    assert first[0] == read("prometheus", AUTOJ).columns["prompt_id"][0]
    assert first[0] != first[1]


def test_unpaired_judgments_are_no_pairs():
    rows = read("trl", UNPAIRED, {**UNPAIRED, "label": False, "annotator": "w"})
    assert rows.kind is LongKind.ANNOTATIONS
    assert rows.columns["label"] == ["true", "false"]
    assert rows.columns["annotator"] == [None, "w"]
    with pytest.raises(UnreadableError, match="neither true nor false"):
        read("trl", {**UNPAIRED, "label": 1})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"rejected": said("No.")}, "one of the responses is a text, the other a chat"),
        ({"rejected": None}, "has no `rejected`"),
        ({"chosen": 3}, "a text or a chat is expected"),
        ({"chosen": [{"role": "boss", "content": "x"}], "rejected": said("x")}, "role `boss`"),
    ],
)
def test_trl_refuses_what_is_no_pair(change, told):
    with pytest.raises(UnreadableError) as raised:
        read("trl", TRL, {**TRL, **change})
    assert told in str(raised.value)
    assert "line 2" in str(raised.value)


@given(st.text("ab \n", max_size=12), st.text("ab \n", max_size=12))
def test_a_common_beginning_loses_nothing(a, b):
    common, rest_a, rest_b = shared_text(a, b)
    assert (common + rest_a, common + rest_b) == (a, b)


def test_hh_replies_keep_the_words_with_which_both_begin():
    rows = read("hh-rlhf", HH)
    assert pair(rows) == ("\n\nHuman: Hi\n\nAssistant:", "Yes, hello.", "Yes.")
    assert TURN in rows.columns["prompt"][0]


def test_hh_transcripts_that_part_early_keep_what_follows():
    early = {
        "chosen": "\n\nHuman: Hi\n\nAssistant: A\n\nHuman: B\n\nAssistant: C",
        "rejected": "\n\nHuman: Hi\n\nAssistant: D",
    }
    assert pair(read("hh-rlhf", early))[1:] == ("A\n\nHuman: B\n\nAssistant: C", "D")
    rows = read("hh-rlhf", {"chosen": "Human: A\n\nAssistant: x", "rejected": "Human: B\n\nAssistant: y"})
    assert rows.columns["prompt"] == [""]
    assert "differ from the start" in str(rows.notes[0])


def test_hh_refuses_other_texts():
    with pytest.raises(UnreadableError, match="opens no turn"):
        read("hh-rlhf", {"chosen": "x", "rejected": "y"})


@pytest.mark.parametrize(
    ("winner", "choice"),
    [
        ("model_a", "a"),
        ("model_b", "b"),
        ("tie", "tie"),
        ("tie (bothbad)", "both_bad"),
        ("both_bad", "both_bad"),
        ("bothbad", "both_bad"),
        ("m1", "a"),
        ("m2", "b"),
    ],
)
def test_arena_keeps_five_outcomes_apart(winner, choice):
    rows = read("arena", {**ARENA, "winner": winner})
    assert rows.columns["choice"] == [choice]
    assert pair(rows) == ("Hi", "A", "B")
    assert rows.columns["annotator"] == ["arena_user_973"]


def test_arena_wide_tables():
    rows = FORMATS["arena"](table(ARENA_WIDE), Options())
    assert rows.columns["choice"] == ["b"]
    assert pair(rows) == ("Hi\n\nAnd?", "A\n\n", "B\n\nC")
    with pytest.raises(UnreadableError, match="more than one winner"):
        FORMATS["arena"](table({**ARENA_WIDE, "winner_tie": "1"}), Options())


def test_arena_refuses_an_unknown_winner_and_counts_none():
    with pytest.raises(UnreadableError, match="the winner `m3` is none of"):
        read("arena", {**ARENA, "winner": "m3"})
    assert read("arena", ARENA, {**ARENA, "winner": None}).dropped == {"no_choice": 1}


def test_prism_pairs_of_an_interaction_are_one_cluster():
    rows = read("prism", *(utterance(k, score, f"m{k}") for k, score in enumerate((90, 10, 90))))
    assert rows.rows == 3
    assert rows.columns["choice"] == ["a", "tie", "b"]
    assert rows.columns["strength"] == [80.0, None, 80.0]
    assert set(rows.columns["ranking"]) == {"int1"}
    assert list(zip(rows.columns["model_a"], rows.columns["model_b"], strict=True)) == [
        ("m0", "m1"),
        ("m0", "m2"),
        ("m1", "m2"),
    ]


def test_prism_counts_what_is_no_pair():
    alone = {**utterance(0, 5, "m"), "interaction_id": "int2"}
    rows = read("prism", utterance(0, 5, "m"), utterance(1, 6, "n"), utterance(2, None, "o"), alone)
    assert rows.rows == 1
    assert rows.dropped == {"no_score": 1, "single_response": 1}


def test_prism_refuses_an_interaction_of_two_people():
    with pytest.raises(UnreadableError, match="belongs to several people"):
        read("prism", utterance(0, 5, "m"), {**utterance(1, 6, "n"), "user_id": "other"})


def test_prism_refuses_an_interaction_without_end():
    with pytest.raises(UnreadableError, match="101 responses"):
        read("prism", *(utterance(k, k + 1, f"m{k}") for k in range(101)))


def test_autoj_labels_and_hhh_prompts():
    rows = read("prometheus", *({**AUTOJ, "label": k} for k in (0, 1, 2)))
    assert rows.columns["choice"] == ["a", "b", "tie"]
    assert pair(read("prometheus", HHH)) == ("Why?", "So.", "No.")
    assert read("prometheus", HHH).columns["dimension"] == ["honest"]
    with pytest.raises(UnreadableError, match="none of 0, 1 and 2"):
        read("prometheus", {**AUTOJ, "label": 3})
    with pytest.raises(UnreadableError, match="different instructions"):
        read("prometheus", {**HHH, "rejected_instruction": hhh("No.", "Else?")})
    with pytest.raises(UnreadableError, match="under their headings"):
        read("prometheus", {**HHH, "rejected_instruction": "x"})


@pytest.mark.parametrize(
    ("preference", "choice"), [(1, "a"), (2.0, "b"), (0, "tie"), (1.5, "tie"), (1.2, "a"), (1.9, "b")]
)
def test_alpaca_preferences(preference, choice):
    rows = FORMATS["alpaca-eval"](document([{**ALPACA, "preference": preference}]), Options())
    assert rows.columns["choice"] == [choice]
    assert rows.columns["label_source"] == ["judge"]
    assert bool(rows.notes) == (preference in (1.2, 1.9))


def test_alpaca_null_is_invalid_and_three_is_refused():
    rows = FORMATS["alpaca-eval"](document([ALPACA, {**ALPACA, "preference": None}]), Options())
    assert (rows.rows, rows.dropped) == (1, {"no_valid_answer": 1})
    with pytest.raises(UnreadableError, match="neither 0 nor between 1 and 2"):
        FORMATS["alpaca-eval"](document([{**ALPACA, "preference": 3}]), Options())
