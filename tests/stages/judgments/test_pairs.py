"""Pairs of responses: which are valid, and which stand there twice."""

import pytest

from hcgov.stages.judgments.chat import Part, content, fault
from hcgov.stages.judgments.pairs import faults, lengths, pair_texts, pairs_of, repeats, swapped, words_of
from hcgov.stages.judgments.preferring import preferences

ROW = {
    "annotator": "p1",
    "prompt_id": "q1",
    "prompt": "Which of the two is better, and why is it better than the other one?",
    "response_a": "The first.",
    "response_b": "The second.",
    "choice": "a",
}


def found(*rows):
    long = preferences(rows)
    texts = pair_texts(long)
    return long, texts, {name: mask.tolist() for name, mask in faults(long, texts).items()}


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"prompt": ""}, "no_prompt"),
        ({"prompt": None}, "no_prompt"),
        ({"response_b": "\u3000"}, "empty_response"),
        ({"response_a": None}, "empty_response"),
        ({"response_b": "The\u00a0 ﬁrst."}, "same_responses"),
        ({"prompt": "Another?"}, "other_prompt"),
    ],
)
def test_each_fault_is_found_and_only_in_its_row(change, name):
    _, _, told = found(ROW, {**ROW, **change})
    assert [fault for fault, rows in told.items() if rows[1]] == [name]
    assert not any(rows[0] for rows in told.values())


@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        ('[{"role": "user", "content": "a"}]', Part.PROMPT, None),
        ('[{"role": "system", "content": "a"}, {"role": "user", "content": "b"}]', Part.PROMPT, None),
        ('[{"role": "user", "content": "a"}, {"role": "system", "content": "b"}]', Part.PROMPT, "order"),
        ('[{"role": "user", "content": "a"}]', Part.RESPONSE, "end"),
        ('[{"role": "robot", "content": "a"}]', Part.RESPONSE, "role"),
        ('[{"role": "user", "content": ""}]', Part.PROMPT, "no_content"),
        ('[{"role": "user", "content": "a"}, 3]', Part.PROMPT, "role"),
        ('[{"a": 1}]', Part.PROMPT, None),
        ("[{ is how I begin", Part.PROMPT, None),
        ("\n\nHuman: a\n\nAssistant: b\n\nHuman: c", Part.PROMPT, None),
        ("\n\nHuman: a\n\nHuman: c", Part.PROMPT, "order"),
    ],
)
def test_conversations(text, part, expected):
    assert fault(text, part) == expected


def test_only_a_conversation_is_told_as_a_list():
    assert content('[{"role": "user", "content": "a"}]') == [{"role": "user", "content": "a"}]
    assert content("[{ no") == "[{ no"
    assert content("[{}]") == "[{}]"


def test_the_same_pair_in_the_other_order_is_the_same_pair():
    long, texts, _ = found(ROW, {**ROW, "response_a": ROW["response_b"], "response_b": "The  first. "})
    assert len(set(pairs_of(long, texts).tolist())) == 1
    assert swapped(long, texts).tolist() == [False, True]


def test_without_responses_the_models_stand_for_them():
    rows = [
        {"prompt_id": "q", "choice": "a", "model_a": "x", "model_b": "y"},
        {"prompt_id": "q", "choice": "a", "model_a": "y", "model_b": "x"},
        {"prompt_id": "q", "choice": "a", "model_a": "y", "model_b": "z"},
    ]
    long, texts, _ = found(*rows)
    codes = pairs_of(long, texts).tolist()
    assert codes[0] == codes[1] != codes[2]
    assert swapped(long, texts).tolist() == [False, True, False]


def test_a_repeat_is_of_the_same_person_in_the_same_respect():
    rows = [ROW, {**ROW, "annotator": "p2"}, ROW, {**ROW, "dimension": "tone"}, {**ROW, "wave": "2"}]
    long, texts, _ = found(*rows)
    told = repeats(long, texts, words_of(texts))
    assert told.exact.tolist() == [False, False, True, False, False]
    assert (told.replications, told.who_known) == (1, True)
    nobody, texts, _ = found(*({k: v for k, v in row.items() if k != "annotator"} for row in rows[:2]))
    told = repeats(nobody, texts, words_of(texts))
    assert (told.exact.tolist(), told.who_known) == ([False, True], False)


def test_prompts_that_are_nearly_the_same_share_a_cluster():
    long_prompt = " ".join(f"word{i}" for i in range(60))
    rows = [
        {**ROW, "prompt_id": f"q{i}", "prompt": p}
        for i, p in enumerate((long_prompt, long_prompt + " now", "Other?"))
    ]
    long, texts, _ = found(*rows)
    told = repeats(long, texts, words_of(texts))
    assert told.near_prompts[0] == told.near_prompts[1] != told.near_prompts[2]
    assert told.near.tolist() == [False, True, False]


def test_length_in_words_and_in_characters():
    long, texts, _ = found(ROW, {**ROW, "response_b": None})
    words, _ = lengths(long, texts, words_of(texts), "words")
    _, characters = lengths(long, texts, words_of(texts), "characters")
    assert words.tolist() == [2, 2]
    assert characters[0] == 11
    assert characters[1] != characters[1]
