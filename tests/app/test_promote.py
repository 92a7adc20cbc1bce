"""Promotion in a real registry in SQLite: what moves an alias, what does not, and who comes in between."""

import shutil
from collections.abc import Callable
from datetime import timedelta

import pytest

from hcgov.core.mistake import AuthoringError
from hcgov.io.ledger import AliasPromoted, GateDecided, NotAppendedError, read_openings, verify
from hcgov.io.tracking.protocol import Message
from tests.app.releasing import NOW, Releasing, edited, report_of, told


@pytest.fixture
def project(releasing: Releasing) -> Releasing:
    return releasing


def promotions(project: Releasing) -> list[AliasPromoted]:
    entries = verify(project.folder / ".hcgov").entries
    return [e.body for e in entries if e is not None and isinstance(e.body, AliasPromoted)]


def test_the_alias_moves_with_a_fresh_passing_record_of_these_bytes(project, registered, model):
    version = registered.version(model, project.folder / "model")
    record = project.record()
    done = registered.promote(project, f"models:/{model}/{version}")
    assert (done.weight.exit_code, done.moved, done.before) == (0, True, "")
    assert registered.alias(model) == version
    report = report_of(record)
    (entry,) = promotions(project)
    assert (entry.run, entry.version, entry.alias) == (report.id, version, "champion")
    assert read_openings(project.folder / ".hcgov")[entry.model] == model
    assert model not in (project.folder / ".hcgov" / "ledger" / "entries.jsonl").read_text()
    tags = registered.tags(model, version)
    assert tags["hcgov.record"] == report.id
    assert tags["hcgov.policy"] == f"sha256:{report.policy_digest}"
    assert tags["hcgov.subject"] == entry.subject == f"sha256:{report.subject.parts[0].sha256}"
    assert tags["hcgov.decision"] == "passed"
    assert verify(project.folder / ".hcgov").intact


def test_a_later_promotion_says_from_where_to_where(project, registered, model):
    first = registered.version(model, project.folder / "model")
    project.record()
    registered.promote(project, f"models:/{model}/{first}")
    second = registered.version(model, project.folder / "model")
    done = registered.promote(project, f"models:/{model}/{second}")
    assert (done.before, done.moved, registered.alias(model)) == (first, True, second)


def test_other_bytes_than_those_that_were_checked_are_not_promoted(project, registered, model, tmp_path):
    project.record()
    other = shutil.copytree(project.folder / "model", tmp_path / "other")
    (other / "weights.bin").write_text("fIrst")
    version = registered.version(model, other)
    done = registered.promote(project, f"models:/{model}/{version}")
    assert (done.weight.exit_code, done.moved) == (3, False)
    assert "and the record is about `model`" in told(done.weight.claims, "open")["subject"]
    assert (registered.alias(model), registered.tags(model, version)) == ("", {})
    assert promotions(project) == []


@pytest.mark.parametrize("change", ["more", "less", "moved"])
def test_a_file_more_or_less_or_elsewhere_is_another_model(project, registered, model, tmp_path, change):
    project.record()
    other = shutil.copytree(project.folder / "model", tmp_path / "other")
    if change == "more":
        (other / "hook.py").write_text("")
    elif change == "less":
        (other / "sub" / "config.json").unlink()
    else:
        (other / "sub" / "config.json").rename(other / "config.json")
    version = registered.version(model, other)
    assert registered.promote(project, f"models:/{model}/{version}").weight.exit_code == 3
    assert registered.alias(model) == ""


def stale(project: Releasing) -> None:
    project.record(now=NOW - timedelta(hours=24))


def failed(project: Releasing) -> None:
    project.fails()
    project.record()


def waved_through(project: Releasing) -> None:
    project.fails()
    project.record(exit_zero=True)


def of_another_policy(project: Releasing) -> None:
    project.record()
    policy = project.folder / "own.yaml"
    policy.write_text(policy.read_text().replace('"0.90"', '"0.80"'), encoding="utf-8")


def tampered(project: Releasing) -> None:
    project.fails()
    project.record()
    edited(
        project.folder / ".hcgov" / "report.json",
        lambda content: content["decision"].update(value="passed", exit_code=0),
    )


def of_part(project: Releasing) -> None:
    project.record(select=("ACME-2",))


@pytest.mark.parametrize(
    ("prepare", "code"),
    [(stale, 3), (failed, 1), (waved_through, 1), (of_another_policy, 3), (tampered, 4), (of_part, 3)],
)
def test_no_other_record_moves_anything(
    project, registered, model, prepare: Callable[[Releasing], None], code: int
):
    version = registered.version(model, project.folder / "model")
    prepare(project)
    done = registered.promote(project, f"models:/{model}/{version}")
    assert (done.weight.exit_code, done.moved) == (code, False)
    assert (registered.alias(model), registered.tags(model, version)) == ("", {})
    assert promotions(project) == []


def test_exceptions_need_leave(project, registered, model):
    project.fails()
    project.waivers(project.waiver(ceiling="0.45", subject=project.digest))
    project.manifest("waivers: waivers.yaml")
    project.record()
    version = registered.version(model, project.folder / "model")
    assert registered.promote(project, f"models:/{model}/{version}").weight.exit_code == 1
    assert registered.promote(project, f"models:/{model}/{version}", allow_conditions=True).moved
    assert registered.tags(model, version)["hcgov.decision"] == "passed_with_conditions"


def test_a_dry_run_writes_nothing_anywhere(project, registered, model):
    version = registered.version(model, project.folder / "model")
    project.record()
    before = sorted((p, p.read_bytes()) for p in project.folder.rglob("*") if p.is_file())
    done = registered.promote(project, f"models:/{model}/{version}", dry_run=True)
    assert (done.weight.exit_code, done.moved, registered.alias(model)) == (0, False, "")
    assert registered.tags(model, version) == {}
    assert before == sorted((p, p.read_bytes()) for p in project.folder.rglob("*") if p.is_file())


def test_a_tag_can_be_promoted_to_in_place_of_an_alias(project, registered, model):
    version = registered.version(model, project.folder / "model")
    project.record()
    done = registered.promote(project, f"models:/{model}/{version}", tag="validation_status=approved")
    assert done.moved
    assert registered.tags(model, version)["validation_status"] == "approved"
    assert promotions(project)[0].alias == "tag:validation_status:approved"


@pytest.mark.parametrize(
    ("uri", "help_"),
    [
        ("model:/credit/1", "models:/NAME/VERSION"),
        ("models://credit/1", "models:/NAME/VERSION"),
        ("models:/credit", "models:/NAME/VERSION"),
        ("models:/credit/0", "models:/NAME/VERSION"),
        ("models:/credit/latest", "`latest` moves"),
        ("models:/credit@champion", "an alias may move"),
        ("models:/../1/../../2", "models:/NAME/VERSION"),
    ],
)
def test_an_address_that_names_no_version_is_wrong_usage(project, registered, uri, help_):
    with pytest.raises(AuthoringError, match=help_):
        registered.promote(project, uri)


@pytest.mark.parametrize("alias", ["la test", "latest", "v3", "a:b", "_x", "x" * 101])
def test_what_is_no_alias_is_wrong_usage(project, registered, alias):
    with pytest.raises(AuthoringError, match="is no alias"):
        registered.promote(project, "models:/credit/1", alias=alias)


@pytest.mark.parametrize("tag", ["k", "k=", "=v", "k v=1", "hcgov.record=x", "mlflow.user=x"])
def test_what_is_no_tag_of_ones_own_is_wrong_usage(project, registered, tag):
    with pytest.raises(AuthoringError, match="tag"):
        registered.promote(project, "models:/credit/1", tag=tag)


def test_a_version_or_model_that_is_not_there_is_wrong_usage_and_the_near_one_is_named(
    project, registered, model
):
    project.record()
    version = registered.version(model, project.folder / "model")
    with pytest.raises(AuthoringError, match=f"has versions {version}"):
        registered.promote(project, f"models:/{model}/99")
    with pytest.raises(AuthoringError, match="did you mean"):
        registered.promote(project, f"models:/{model}x/1")


def test_artifacts_that_are_gone_are_not_known(project, registered, model, tmp_path):
    project.record()
    gone = shutil.copytree(project.folder / "model", tmp_path / "gone")
    version = registered.version(model, gone)
    shutil.rmtree(gone)
    done = registered.promote(project, f"models:/{model}/{version}")
    assert done.weight.exit_code == 3
    assert "gone" in told(done.weight.claims, "open")["registry"]


def test_who_moves_the_alias_meanwhile_is_not_overruled(project, registered, model):
    """Between the decision and the move: nothing is moved, nothing is noted, and both versions are named."""
    first = registered.version(model, project.folder / "model")
    second = registered.version(model, project.folder / "model")
    project.record()

    def by_hand(job: Message) -> None:
        if job["do"] == "move":
            registered.client.set_registered_model_alias(model, "champion", second)

    registered.between = by_hand
    done = registered.promote(project, f"models:/{model}/{first}")
    assert (done.weight.exit_code, done.moved) == (3, False)
    words = told(done.weight.claims, "open")["registry"]
    assert "pointed to no version when this began" in words
    assert f"moved it to version {second}" in words
    assert registered.alias(model) == second
    assert registered.tags(model, first) == {}
    assert promotions(project) == []


def test_who_moves_the_alias_right_after_is_seen(project, registered, model, monkeypatch):
    first = registered.version(model, project.folder / "model")
    second = registered.version(model, project.folder / "model")
    project.record()
    move = registered.client.set_registered_model_alias

    def and_on(name: str, alias: str, version: str) -> None:
        move(name, alias, version)
        move(name, alias, second)

    monkeypatch.setattr(registered.client, "set_registered_model_alias", and_on)
    done = registered.promote(project, f"models:/{model}/{first}")
    assert (done.weight.exit_code, done.moved) == (3, False)
    assert f"somebody moved it on to version {second}" in told(done.weight.claims, "open")["registry"]
    assert promotions(project) == []


def test_a_move_that_the_ledger_cannot_note_is_taken_back(project, registered, model, monkeypatch):
    first = registered.version(model, project.folder / "model")
    project.record()
    registered.promote(project, f"models:/{model}/{first}")
    second = registered.version(model, project.folder / "model")
    openings = project.folder / ".hcgov" / "openings.jsonl"

    def full(job: Message) -> None:
        if job["do"] == "move":  # the last moment before the entry is written
            openings.unlink()
            openings.mkdir()

    registered.between = full
    with pytest.raises(NotAppendedError, match=f"points to version {first} again"):
        registered.promote(project, f"models:/{model}/{second}")
    assert registered.alias(model) == first
    assert len(promotions(project)) == 1


def test_the_decision_is_noted_also_where_nothing_moves(project, registered, model):
    version = registered.version(model, project.folder / "model")
    project.fails()
    project.record()
    registered.promote(project, f"models:/{model}/{version}")
    entries = verify(project.folder / ".hcgov").entries
    gates = [e.body for e in entries if e is not None and isinstance(e.body, GateDecided)]
    assert [(body.decision, body.exit_code) for body in gates] == [("failed", 1)]
