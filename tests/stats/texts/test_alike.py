"""Near duplicates and collisions with an exam."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.stats.texts.contamination import collisions, shared_words
from hcgov.stats.texts.duplicates import near_duplicates
from hcgov.stats.texts.minhash import estimated_jaccard, signatures
from hcgov.stats.texts.tokens import ngrams, tokenised


def words(rng, n, of=5000):
    return [f"w{i}" for i in rng.integers(0, of, n).tolist()]


def test_equal_entries_of_signatures_estimate_the_similarity_of_sets():
    rng = np.random.default_rng(3)
    errors = []
    for share in (0.2, 0.5, 0.8):
        for _ in range(20):
            common = words(rng, 200, 10**9)
            one, other = words(rng, 200, 10**9), words(rng, 200, 10**9)
            cut = round(200 * share)
            shingles, starts = ngrams(
                tokenised([" ".join(common[:cut] + one[cut:]), " ".join(common[:cut] + other[cut:])]), 1
            )
            found = float(estimated_jaccard(signatures(shingles, starts), np.array([0]), np.array([1]))[0])
            truth = cut / (400 - cut)
            errors.append((found - truth) / np.sqrt(truth * (1 - truth) / 128))
    assert abs(np.mean(errors)) < 0.45
    assert 0.7 < np.std(errors) < 1.3


def test_planted_near_duplicates_are_found_and_nothing_else():
    rng = np.random.default_rng(11)
    base = [words(rng, 80) for _ in range(400)]
    near = [[*text[:40], "changed", *text[41:]] for text in base[:100]]
    far = [[*text[:20], *words(rng, 60)] for text in base[100:200]]
    found = near_duplicates([" ".join(text) for text in [*base, *near, *far]])
    assert found.repeats == 100
    assert sorted(zip(found.one.tolist(), found.other.tolist(), strict=True)) == [
        (i, 400 + i) for i in range(100)
    ]
    # 5 of 76 runs hold the changed word on either side.
    assert found.likeness.tolist() == pytest.approx([71 / 81] * 100)


def test_a_template_that_many_texts_fill_in_is_one_cluster():
    texts = [
        f"please write a long and careful letter to {who} about the state of the roads here today "
        f"and do not forget to be polite and to sign with your full name"
        for who in map(str, range(60))
    ]
    assert near_duplicates(texts, likeness=0.6).repeats == 59


def test_texts_without_words_are_like_no_other():
    found = near_duplicates(["", None, "...", "a b", "A  b!"])
    assert found.repeats == 1
    assert found.cluster[3] == found.cluster[4]
    assert near_duplicates([]).repeats == 0
    with pytest.raises(ValueError, match=r"between 0.5 and 1"):
        near_duplicates(["a"], likeness=0.1)


@settings(max_examples=20)
@given(st.lists(st.text(alphabet="abc ", max_size=12), max_size=12))
def test_equal_texts_are_always_together(texts):
    found = near_duplicates([*texts, *texts])
    half = len(texts)
    for i, text in enumerate(texts):
        if text.split():
            assert found.cluster[i] == found.cluster[half + i]


LONG = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"


def test_a_run_of_thirteen_words_is_a_collision_and_twelve_are_none():
    cut = " ".join(LONG.split()[:13])
    found = collisions([f"so: {cut.upper()}!", " ".join(LONG.split()[:12]), None], [LONG, "another"])
    assert found.texts.tolist() == [True, False, False]
    assert found.exam.tolist() == [True, False]
    assert found.short == 1


def test_short_texts_collide_only_as_a_whole():
    found = collisions(["What is 2 + 2?", "what is 2 2 and more", LONG], ["what is 2+2"])
    assert found.texts.tolist() == [True, False, False]


def test_what_most_of_the_exam_says_is_a_template_and_no_collision():
    exam = [f"{LONG} question {i}" for i in range(12)]
    found = collisions([LONG + " at home"], exam)
    assert not found.texts.any()
    assert found.boilerplate == 3
    assert not collisions([], []).texts.size


def test_words_in_shared_runs_with_small_gaps_between_them():
    exam = " ".join(f"w{i}" for i in range(40))
    learned = " ".join("x" if i in (15, 16) else f"w{i}" for i in range(30))
    assert shared_words([learned], [exam])[0] == 30 / 40
    assert shared_words([learned], [exam], gap=1)[0] == 28 / 40
    assert shared_words([learned], ["w1 w2 w3", "nothing of it", "", exam], run=10).tolist() == [
        0,
        0,
        0,
        0.75,
    ]
    assert shared_words(["How ARE you?"], ["how are you"]).tolist() == [1.0]
    assert shared_words([], []).size == 0


def test_many_pairs_are_compared_some_at_a_time(monkeypatch):
    random = np.random.default_rng(0)
    found = random.integers(0, 3, (50, 16)).astype(np.uint32)
    one, other = random.integers(0, 50, 101), random.integers(0, 50, 101)
    monkeypatch.setattr("hcgov.stats.texts.minhash._PAIRS", 10)
    assert estimated_jaccard(found, one, other).tolist() == (found[one] == found[other]).mean(axis=1).tolist()
