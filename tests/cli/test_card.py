"""``hcgov card model``: written from a record, and what people wrote stays."""

import pytest

from tests.cli.conftest import Hcgov


@pytest.fixture
def checked(hcgov: Hcgov, green):
    assert hcgov("check", green, "--stage", "evaluation", "--no-mlflow").exit_code == 0
    return green


def test_a_card_is_written_as_markdown_and_as_a_page(hcgov: Hcgov, checked, tmp_path):
    card, page = tmp_path / "README.md", tmp_path / "card.html"
    run = hcgov("card", "model", checked, "-o", card, "--html", page)
    assert (run.exit_code, run.stdout) == (0, f"wrote {card}\nwrote {page}\n")
    assert card.read_text().startswith("---\n")
    assert page.read_text().startswith("<!doctype html>")


def test_what_people_wrote_stays_when_a_card_is_written_again(hcgov: Hcgov, checked, tmp_path):
    card = tmp_path / "README.md"
    hcgov("card", "model", checked, "-o", card)
    generated = card.read_text()
    ours = "\n\n## What we learnt\n\nPeople asked for a way to say no. It is in the product now.\n"
    card.write_text(generated + ours)
    assert hcgov("card", "model", checked, "-o", card).exit_code == 0
    again = card.read_text()
    assert "People asked for a way to say no. It is in the product now." in again
    assert again.count("## What we learnt") == 1
    assert hcgov("card", "model", checked, "-o", card).exit_code == 0
    assert card.read_text() == again


def test_the_prose_of_another_card_can_be_kept(hcgov: Hcgov, checked, tmp_path):
    old, new = tmp_path / "old.md", tmp_path / "new.md"
    hcgov("card", "model", checked, "-o", old)
    old.write_text(old.read_text() + "\n\n## Thanks\n\nTo the people who answered.\n")
    assert hcgov("card", "model", checked, "-o", new, "--keep", old).exit_code == 0
    assert "To the people who answered." in new.read_text()


def test_a_card_that_cannot_be_kept_is_not_overwritten(hcgov: Hcgov, checked, tmp_path):
    card = tmp_path / "README.md"
    card.write_bytes(b"\xff\xfe not text of ours")
    run = hcgov("card", "model", checked, "-o", card)
    assert run.exit_code == 2
    assert "the files are as they were" in run.stderr
    assert card.read_bytes() == b"\xff\xfe not text of ours"


def test_there_is_no_card_without_a_record(hcgov: Hcgov, green, tmp_path):
    run = hcgov("card", "model", green, "-o", tmp_path / "README.md")
    assert run.exit_code == 2
    assert "run `hcgov check` first" in run.stderr
    assert not (tmp_path / "README.md").exists()
