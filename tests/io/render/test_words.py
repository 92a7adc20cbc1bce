import doctest
import re
import struct
from dataclasses import replace
from gettext import NullTranslations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core import suppression
from hcgov.core.record import SentenceV1
from hcgov.core.status import Decision, Disposition, Enforcement, Reason, RiskProfile, Severity, Verdict
from hcgov.core.text import filled, text
from hcgov.io.render import catalogue, numbers, plain, reading, terminal
from hcgov.io.render.catalogue import labels
from hcgov.io.render.html import environment, plots, render_html
from tests.io.render.generated import from_source
from tests.io.render.sample_reports import failing


@pytest.mark.parametrize(
    "module", [plain, numbers, reading, plots, environment, suppression], ids=lambda m: m.__name__
)
def test_examples_in_docstrings_hold(module) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (catalogue.VERDICTS, Verdict),
        (catalogue.VERDICT_MEANINGS, Verdict),
        (catalogue.VERDICT_ORDER, Verdict),
        (terminal.SHORT_VERDICTS, Verdict),
        (catalogue.REASONS, Reason),
        (catalogue.SEVERITIES, Severity),
        (catalogue.ENFORCEMENTS, Enforcement),
        (catalogue.RISK_PROFILES, RiskProfile),
        (catalogue.DECISIONS, Decision),
        (catalogue.PART_DECISIONS, Decision),
        (catalogue.DECISION_TONES, Decision),
        (terminal.ANSWERS, Decision),
    ],
)
def test_every_machine_word_has_a_label(words, values) -> None:
    assert set(words) == {value.value for value in values}


def test_every_disposition_has_a_label() -> None:
    assert set(catalogue.DISPOSITIONS) == {disposition.word for disposition in Disposition}


@given(st.text())
def test_plain_text_has_no_character_that_acts_on_its_neighbours(text: str) -> None:
    shown = plain.plain(text)
    assert not re.search(
        "[\x00-\x1f\x7f-\x9f\u061c\u202a-\u202e\u2028\u2029\u2066-\u2069\ud800-\udfff\ufeff]", shown
    )
    assert plain.plain(shown) == shown


@given(st.text(alphabet="ab1.-+=_*`[]()#!<>&\\|~{}: ", max_size=40))
def test_escaped_markdown_is_shown_as_it_was(text: str) -> None:
    from markdown_it import MarkdownIt

    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(plain.markdown(text))
    words = re.sub(r"^<p>|</p>\n$", "", html)
    assert not re.search(r"<(?!br)", words), "nothing became markup"
    shown = words.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    assert shown.split() == text.split()


def test_a_sentence_of_a_record_is_followed_by_no_format_language() -> None:
    sentence = SentenceV1(text="told", template="{a.__class__} {b}", values={"a": "x", "b": "y"})
    assert labels().sentence(sentence) == "told"


NUMBERED = re.compile(
    r"\b1 (?:(?:more|further|different|independent|recorded|training) )?(?:artifacts|characters|columns|controls|"
    r"crossings|days|degrees|fields|files|findings|groups|inputs|items|numbers|observations|packs|people|persons|"
    r"rows|samples|values|words)\b"
)
NEVER_ONE = (
    "more than",
    "identifies people",
    "at most {most} are allowed",
    "or more people",
    "of this run: choose",
    "on {day} people",
    "{which} items",
    "{stream} items",
)
"""What sentences hold whose numbers are above a cap, or are several by what they are about."""


def test_no_sentence_counts_one_as_several() -> None:
    written = {message for (message, _), _, _ in from_source()}
    counted = {m for m in written if re.search(r"\{(\w+)\|", m)}
    assert len(counted) > 20
    for message in written:
        values = dict.fromkeys(re.findall(r"\{(\w+)", message), "1")
        told = filled(message, values)
        if not any(part in message for part in NEVER_ONE):
            assert not NUMBERED.search(told), told
    for message in counted:
        values = dict.fromkeys(re.findall(r"\{(\w+)", message), "2")
        assert "|" not in filled(message, values)


def test_a_translation_has_its_own_forms_of_a_word() -> None:
    template = "{n} {n|person|people} of {of}"
    for n, english, german in (
        ("1", "1 person of 3", "1 Mensch von 3"),
        ("2", "2 people of 3", "2 Menschen von 3"),
    ):
        told = text(template, n=n, of=3)
        assert str(told) == english
        sentence = SentenceV1(text=str(told), template=told.template, values=dict(told.values))
        own = replace(labels(), translations=_German())
        assert own.sentence(sentence) == german


class _German(NullTranslations):
    def gettext(self, message: str) -> str:
        return {"{n} {n|person|people} of {of}": "{n} {n|Mensch|Menschen} von {of}"}.get(message, message)


def _mo(entries: dict[str, str]) -> bytes:
    """A compiled catalogue: the format of GNU gettext, little-endian, without a hash table."""
    pairs = sorted(entries.items())
    ids = b"".join(k.encode() + b"\0" for k, _ in pairs)
    texts = b"".join(v.encode() + b"\0" for _, v in pairs)
    start = 28 + 16 * len(pairs)
    table: list[int] = []
    for blobs, base in (([k for k, _ in pairs], start), ([v for _, v in pairs], start + len(ids))):
        at = base
        for blob in blobs:
            table += [len(blob.encode()), at]
            at += len(blob.encode()) + 1
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return head + struct.pack(f"<{len(table)}I", *table) + ids + texts


def test_a_translation_changes_the_words_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import hcgov.io.data

    real = hcgov.io.data.data_path
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    sentence = "race={a}: the false positive rate is {gap} points above that of race={b}."
    folder.joinpath("hcgov.mo").write_bytes(
        _mo(
            {
                "": "Content-Type: text/plain; charset=UTF-8\n",
                "Not met": "Nicht erfüllt",
                "What blocks release": "Was die Freigabe verhindert",
                sentence: "race={a}: {gap} Punkte über race={b}.",
            }
        )
    )
    monkeypatch.setattr(
        hcgov.io.data, "data_path", lambda *p: tmp_path if p == ("reports", "catalogues") else real(*p)
    )
    labels.cache_clear()
    environment.templates.cache_clear()
    try:
        page = render_html(failing(), lang="de")
    finally:
        labels.cache_clear()
        environment.templates.cache_clear()
    assert '<html lang="de">' in page
    assert "Nicht erfüllt" in page
    assert "Was die Freigabe verhindert" in page
    assert "race=African-American: 30.1 Punkte über race=Other." in page
    assert 'data-verdict="fail" data-count="1"' in page
    assert "Missing evidence" in page


@pytest.mark.parametrize("lang", ["xx", "../../etc", "zh-Hans", ""])
def test_a_language_without_a_catalogue_is_english_and_says_so(lang: str) -> None:
    assert labels(lang).lang == "en"
    assert labels(lang).verdict("fail") == "Not met"


def test_a_word_of_a_later_version_is_shown_as_it_is() -> None:
    assert labels().verdict("put_aside") == "put aside"


def test_metrics_are_named_in_words() -> None:
    assert labels().metric("evaluation.false_positive_gap") == "False positive gap"
