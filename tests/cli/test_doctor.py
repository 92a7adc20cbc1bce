"""``hcgov doctor``: what is in place and what is not; nothing is changed."""

import json

from tests.cli.conftest import Hcgov


def signs(run):
    return [(sign["topic"], sign["state"], sign["text"]) for sign in json.loads(run.stdout)]


def test_a_sound_project_is_told_which_artifacts_are_not_pinned(hcgov: Hcgov, green):
    run = hcgov("doctor", green, "--output-format", "json")
    assert run.exit_code == 0
    found = signs(run)
    assert ("artifact", "good", "`training_data` is as pinned") in found
    assert any(state == "note" and text.startswith("`datasheet` is not pinned") for _, state, text in found)
    assert any(topic == "project" and "Relay 1.4.0: 21 controls" in text for topic, _, text in found)
    assert not (green / ".hcgov").exists()


def test_the_text_says_the_same_in_words(hcgov: Hcgov, green):
    run = hcgov("doctor", green)
    assert run.exit_code == 0
    assert "● good artifact   `training_data` is as pinned" in run.stdout


def test_a_pin_that_does_not_fit_is_bad(hcgov: Hcgov, green):
    with (green / "data" / "withdrawals.csv").open("a") as file:
        file.write("P-0001,2026-11-20\n")
    run = hcgov("doctor", green, "--output-format", "json")
    assert run.exit_code == 1
    assert any(state == "bad" and "`withdrawals` has another digest" in text for _, state, text in signs(run))


def test_an_artifact_that_is_not_there_is_bad(hcgov: Hcgov, green):
    (green / "data" / "datasheet.md").unlink()
    run = hcgov("doctor", green)
    assert run.exit_code == 1
    assert "■ bad  artifact   there is no `data/datasheet.md`" in run.stdout


def test_mistakes_of_the_manifest_are_bad(hcgov: Hcgov, green):
    manifest = (green / "hcgov.yaml").read_text()
    (green / "hcgov.yaml").write_text(manifest.replace("cross: 2", "crss: 2"))
    run = hcgov("doctor", green)
    assert run.exit_code == 1
    assert "hcgov.yaml:21:3: unknown key `crss`" in run.stdout


def test_a_folder_without_project_is_worth_a_note(hcgov: Hcgov, tmp_path):
    run = hcgov("doctor", tmp_path)
    assert run.exit_code == 0
    assert "`hcgov init` makes one" in run.stdout


def test_a_store_that_does_not_answer_is_bad_where_it_was_named(hcgov: Hcgov, tmp_path):
    run = hcgov("doctor", tmp_path, "--tracking-uri", "http://127.0.0.1:9", "--output-format", "json")
    assert run.exit_code == 1
    assert ("tracking", "bad") in {(topic, state) for topic, state, _ in signs(run)}
