"""Aliases that were moved outside: by hand, with the tags copied, deleted, edited, or without a ledger to ask."""

import shutil

import pytest

from hcgov.io.ledger import GateDecided, verify
from tests.app.releasing import Registered, Releasing, told


@pytest.fixture
def project(releasing: Releasing) -> Releasing:
    return releasing


@pytest.fixture
def promoted(project: Releasing, registered: Registered, model: str) -> str:
    """A version that was promoted to champion, by its number."""
    project.record()
    version = registered.version(model, project.folder / "model")
    assert registered.promote(project, f"models:/{model}/{version}").moved
    return version


def judged(registered: Registered, project: Releasing, model: str) -> tuple[int, dict[str, str]]:
    audit = registered.audit(project, models=(model,))
    return audit.exit_code, {row.alias: f"{row.claim.state}: {row.claim.text}" for row in audit.rows}


def test_what_was_promoted_stands(project, registered, model, promoted):
    code, rows = judged(registered, project, model)
    assert code == 0
    assert rows["champion"].startswith(f"met: version {promoted}, promoted on record ")


def test_an_alias_that_nobody_promoted_is_told(project, registered, model, promoted):
    registered.client.set_registered_model_alias(model, "shadow", promoted)
    code, rows = judged(registered, project, model)
    assert code == 1
    assert rows["shadow"].startswith("failed: ")
    assert rows["champion"].startswith("met: ")


def test_an_alias_that_was_moved_by_hand_is_told_with_where_it_belongs(
    project,
    registered,
    model,
    promoted,
):
    other = registered.version(model, project.folder / "model")
    registered.client.set_registered_model_alias(model, "champion", other)
    code, rows = judged(registered, project, model)
    assert code == 1
    assert rows["champion"].startswith(
        f"failed: version {other}; the last promotion was of version {promoted}"
    )


def test_moved_by_hand_with_the_gate_tags_copied_is_still_told(project, registered, model, promoted):
    other = registered.version(model, project.folder / "model")
    for key, value in registered.tags(model, promoted).items():
        registered.client.set_model_version_tag(model, other, key, value)
    registered.client.set_registered_model_alias(model, "champion", other)
    assert judged(registered, project, model)[0] == 1


def test_back_to_an_earlier_promotion_by_hand_is_told(project, registered, model, promoted):
    second = registered.version(model, project.folder / "model")
    registered.promote(project, f"models:/{model}/{second}")
    assert judged(registered, project, model)[0] == 0
    registered.client.set_registered_model_alias(model, "champion", promoted)
    code, rows = judged(registered, project, model)
    assert code == 1
    assert f"the last promotion was of version {second}" in rows["champion"]


@pytest.mark.parametrize("how", ["edited", "deleted"])
def test_every_gate_tag_is_held_against_what_was_written(project, registered, model, promoted, how):
    written = registered.tags(model, promoted)
    assert written.keys() == {
        "hcgov.record",
        "hcgov.record.sha256",
        "hcgov.policy",
        "hcgov.decision",
        "hcgov.subject",
    }
    for tag, value in written.items():
        if how == "edited":
            registered.client.set_model_version_tag(model, promoted, tag, "sha256:" + "0" * 64)
        else:
            registered.client.delete_model_version_tag(model, promoted, tag)
        code, rows = judged(registered, project, model)
        assert (code, tag in rows["champion"]) == (1, True), rows
        registered.client.set_model_version_tag(model, promoted, tag, value)
    assert judged(registered, project, model)[0] == 0


def test_tags_without_an_entry_are_no_promotion(project, registered, model, promoted):
    shutil.rmtree(project.folder / ".hcgov" / "ledger")
    project.record(fresh=True)  # a new ledger, that knows nothing of before
    code, rows = judged(registered, project, model)
    assert code == 1
    assert "carries gate tags, and no ledger notes a promotion" in rows["champion"]


def test_two_aliases_of_one_version_are_both_in_place(project, registered, model, promoted):
    registered.promote(project, f"models:/{model}/{promoted}", alias="blue")
    assert judged(registered, project, model)[0] == 0


def test_promoted_again_on_another_record_the_first_alias_stands(project, registered, model, promoted):
    project.record(fresh=True)
    registered.promote(project, f"models:/{model}/{promoted}", alias="blue")
    assert judged(registered, project, model)[0] == 0


def test_an_alias_that_was_taken_away_serves_nothing_and_is_only_told(
    project,
    registered,
    model,
    promoted,
):
    registered.client.delete_registered_model_alias(model, "champion")
    code, rows = judged(registered, project, model)
    assert code == 0
    assert rows["champion"] == f"note: was promoted to version {promoted}, and is no longer there"


def test_a_promoted_tag_on_another_version_is_told(project, registered, model, promoted):
    registered.promote(project, f"models:/{model}/{promoted}", tag="status=approved")
    assert judged(registered, project, model)[0] == 0
    other = registered.version(model, project.folder / "model")
    registered.client.set_model_version_tag(model, other, "status", "approved")
    assert judged(registered, project, model)[0] == 1


def test_where_the_name_can_no_longer_be_opened_the_tags_tell_which_promotion_it_was(
    project,
    registered,
    model,
    promoted,
):
    (project.folder / ".hcgov" / "openings.jsonl").unlink()
    assert judged(registered, project, model)[0] == 0
    registered.client.delete_model_version_tag(model, promoted, "hcgov.record")
    code, rows = judged(registered, project, model)
    assert code == 3
    assert "can no longer be opened" in rows["champion"]


def test_several_projects_share_a_registry(project, registered, model, promoted, tmp_path):
    other = Releasing(tmp_path / "other")
    other.record()
    version = registered.version(f"{model} too", other.folder / "model")
    registered.promote(other, f"models:/{model} too/{version}")
    both = registered.audit(project, other, models=(model, f"{model} too"))
    assert (both.exit_code, len(both.rows)) == (0, 2)
    assert registered.audit(project, models=(model, f"{model} too")).exit_code == 1


def test_without_a_ledger_or_a_registry_nothing_is_known(project, registered, model, promoted, tmp_path):
    none = Releasing(tmp_path / "none")
    audit = registered.audit(none)
    assert audit.exit_code == 3
    assert "there is no ledger" in told(audit.problems, "open")["ledger"]
    entries = project.folder / ".hcgov" / "ledger" / "entries.jsonl"
    entries.write_bytes(entries.read_bytes().replace(b'"alias":"champion"', b'"alias":"challeng"'))
    assert registered.audit(project).exit_code == 4


def test_more_aliases_than_a_page_are_all_looked_at(project, registered, model, promoted, monkeypatch):
    monkeypatch.setattr("hcgov.io.tracking.registry._A_PAGE", 2)
    for number in range(3):
        name = f"{model} {number}"
        registered.client.set_registered_model_alias(
            name, "shadow", registered.version(name, project.folder / "model")
        )
    audit = registered.audit(project)
    assert {f"{model} {n}" for n in range(3)} <= {
        row.model for row in audit.rows if row.claim.state == "failed"
    }


def test_the_gate_decisions_behind_promotions_are_in_the_ledger(project, promoted):
    bodies = [entry.body for entry in verify(project.folder / ".hcgov").entries if entry is not None]
    assert [b.exit_code for b in bodies if isinstance(b, GateDecided)] == [0]
    assert promoted
