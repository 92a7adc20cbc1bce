"""Words, TF-IDF, BM25, the logistic model and folds, against closed forms and other implementations."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from hcgov.stats.texts.bm25 import bm25
from hcgov.stats.texts.folds import draw, grouped_folds, train_and_test
from hcgov.stats.texts.logistic import logistic
from hcgov.stats.texts.normal import digest, normalised, words
from hcgov.stats.texts.tfidf import bag, cosines, idf, tfidf, weighted
from hcgov.stats.texts.tokens import ngrams, tokenised

TEXTS = ["the cat sat on the mat", "a dog, a cat", "Dogs bark at the moon", "", "mat"]


def test_full_width_ligatures_and_spaces_are_one_form():
    assert normalised("\u3000ＡＢ ﬁ\t\n") == "AB fi"
    assert words("Straße ＡＢ") == ["strasse", "ab"]
    assert digest("a b", "c") == digest("a  b ", "c") != digest("a", "b c")


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing(text):
    assert normalised(normalised(text)) == normalised(text)


def test_tokens_of_nothing_are_nothing():
    empty = tokenised([])
    assert empty.hashes.size == 0
    assert empty.starts.tolist() == [0]
    assert ngrams(empty, 5)[1].tolist() == [0]
    blank = tokenised([None, ""])
    assert blank.lengths.tolist() == [0, 0]
    assert ngrams(blank, 3)[0].size == 0


@settings(max_examples=60)
@given(st.lists(st.one_of(st.text(max_size=30), st.text(alphabet="ab _'é\u3000x1", max_size=30)), max_size=6))
def test_hashed_words_are_equal_where_the_words_are(texts):
    told = [word for text in texts for word in words(text)]
    tokens = tokenised(texts)
    assert tokens.lengths.tolist() == [len(words(text)) for text in texts]
    by_word = {}
    for word, hashed in zip(told, tokens.hashes.tolist(), strict=True):
        assert by_word.setdefault(word, hashed) == hashed
    assert len(set(by_word.values())) == len(by_word)


def test_a_text_longer_than_a_block_is_read_whole():
    long = "word " * 60_000
    tokens = tokenised(["word", long, "other", long + "end"])
    assert tokens.lengths.tolist() == [1, 60_000, 1, 60_001]
    assert len(set(tokens.hashes.tolist())) == 3
    again = tokens.some(np.array([2, 0, 0]))
    assert again.lengths.tolist() == [1, 1, 1]
    assert again.hashes[1] == again.hashes[2] == tokens.hashes[0] != again.hashes[0]


def test_runs_of_words_are_equal_where_the_words_are():
    tokens = tokenised(["a b c d", "b c d", "a b", "a b"])
    runs, starts = ngrams(tokens, 3)
    assert starts.tolist() == [0, 2, 3, 4, 5]
    assert runs[1] == runs[2]
    assert runs[3] == runs[4]
    assert len(set(runs.tolist())) == 3
    assert ngrams(tokenised(["a a", "a", "a a a", "a a a a"]), 4)[0].size == len(
        set(ngrams(tokenised(["a a", "a", "a a a", "a a a a"]), 4)[0].tolist())
    )
    with pytest.raises(ValueError, match="at least one word"):
        ngrams(tokens, 0)


@pytest.mark.parametrize("longest", [1, 2])
def test_tfidf_is_that_of_scikit_learn(longest):
    oracle = TfidfVectorizer(token_pattern=r"\w+", ngram_range=(1, longest)).fit_transform(TEXTS)
    ours = tfidf(TEXTS, longest=longest)
    assert ours.shape == oracle.shape
    assert np.allclose((ours @ ours.T).toarray(), (oracle @ oracle.T).toarray(), atol=1e-12)


def test_weights_are_learned_on_training_rows_alone():
    counts = bag(TEXTS)
    train = [0, 1]
    oracle = TfidfVectorizer(token_pattern=r"\w+").fit(TEXTS[:2]).transform(TEXTS)
    ours = weighted(counts, idf(counts[train]))
    assert np.allclose((ours @ ours.T).toarray(), (oracle @ oracle.T).toarray(), atol=1e-12)


def test_a_cosine_of_a_text_with_itself_is_one_and_with_nothing_zero():
    vectors = tfidf(TEXTS)
    assert cosines(vectors, vectors).tolist() == pytest.approx([1, 1, 1, 0, 1])


def test_terms_are_of_one_or_two_words():
    with pytest.raises(ValueError, match="one or two words"):
        bag(TEXTS, longest=3)


def test_bm25_is_its_formula():
    documents = ["red fish", "blue fish fish", "bird"]
    found = bm25(["fish", "bird bird", "whale"], documents)
    rarity = math.log1p((3 - 2 + 0.5) / 2.5)
    dampening = 1.2 * (0.25 + 0.75 * 3 / 2)
    assert found.all()[0, 1] == pytest.approx(rarity * 2 * 2.2 / (2 + dampening))
    assert found.all()[2].tolist() == [0, 0, 0]
    some = found.pairs(np.array([0, 1]), np.array([1, 2]))
    assert some.tolist() == pytest.approx([found.all()[0, 1], found.all()[1, 2]])


@pytest.mark.parametrize("kind", [np.asarray, sparse.csr_array])
def test_logistic_is_that_of_scikit_learn(kind):
    rng = np.random.default_rng(5)
    x = rng.normal(size=(300, 4))
    y = (rng.random(300) < 1 / (1 + np.exp(-(x @ [1.0, -0.5, 0.0, 2.0] + 0.3)))).astype(float)
    w = rng.random(300)
    oracle = LogisticRegression(C=1 / 0.7, tol=1e-10, max_iter=1000).fit(x, y, sample_weight=w)
    ours = logistic(kind(x), y, penalty=0.7, weights=w)
    assert ours.converged
    assert ours.coefficients.tolist() == pytest.approx(oracle.coef_[0].tolist(), abs=1e-4)
    assert ours.intercept == pytest.approx(float(oracle.intercept_[0]), abs=1e-4)
    assert ours.probability(kind(x)).tolist() == pytest.approx(
        oracle.predict_proba(x)[:, 1].tolist(), abs=1e-4
    )


def test_logistic_on_many_sparse_words_without_an_intercept_is_that_of_scikit_learn():
    rng = np.random.default_rng(11)
    x = sparse.random_array((800, 1500), density=0.01, rng=rng, format="csr")
    y = (rng.random(800) < 1 / (1 + np.exp(-3 * (x @ rng.normal(size=1500))))).astype(float)
    oracle = LogisticRegression(C=1 / 0.2, tol=1e-10, max_iter=5000, fit_intercept=False).fit(x, y)
    ours = logistic(x, y, penalty=0.2, intercept=False)
    assert ours.converged
    assert ours.intercept == 0.0
    assert ours.coefficients == pytest.approx(oracle.coef_[0], abs=2e-4)


def test_shares_as_outcomes_are_rows_of_either_outcome():
    """An outcome of 0.25 is a quarter of a 1 and three quarters of a 0; a separable table stays finite."""
    x = np.array([[0.0], [1.0], [2.0], [5.0]])
    y = np.array([0.0, 0.25, 0.5, 1.0])
    both, outcome = np.concatenate([x, x]), np.repeat([0.0, 1.0], 4)
    weights = np.concatenate([1 - y, y])
    one, other = logistic(x, y, penalty=0.01), logistic(both, outcome, weights=weights, penalty=0.01)
    assert one.coefficients == pytest.approx(other.coefficients, abs=1e-6)
    apart = logistic(x, np.array([0.0, 0.0, 1.0, 1.0]), penalty=1e-6)
    assert apart.converged
    assert np.isfinite(apart.coefficients).all()


def test_nothing_is_learned_from_one_outcome_or_no_weight():
    x = np.ones((3, 1))
    assert logistic(x, np.ones(3)) is None
    assert logistic(x, np.array([0.0, 1.0, 1.0]), weights=np.zeros(3)) is None
    with pytest.raises(ValueError, match="penalty"):
        logistic(x, np.ones(3), penalty=0.0)
    with pytest.raises(ValueError, match="outcomes"):
        logistic(x, np.full(3, np.nan))


@settings(max_examples=30)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=60), st.integers(2, 6), st.integers(0, 5))
def test_folds_keep_groups_whole_and_cover_every_row_once(groups, folds, seed):
    codes = np.array(groups)
    found = grouped_folds(codes, folds, seed=seed)
    assert found.tolist() == grouped_folds(codes, folds, seed=seed).tolist()
    for group in set(groups):
        assert len(set(found[codes == group].tolist())) == 1
    tested = np.zeros(codes.size, dtype=int)
    for train, test in train_and_test(found):
        assert not set(codes[train]) & set(codes[test])
        tested += test
    assert (tested == 1).all()


def test_folds_are_of_nearly_equal_size():
    sizes = np.bincount(grouped_folds(np.repeat(np.arange(100), 7), 5))
    assert sizes.tolist() == [140] * 5


def test_draws_depend_on_the_seed():
    codes = np.arange(5)
    assert draw(codes, 1).tolist() == draw(codes, 1).tolist() != draw(codes, 2).tolist()
    with pytest.raises(ValueError, match="two folds"):
        grouped_folds(codes, 1)
