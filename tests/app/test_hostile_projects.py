"""Projects that somebody sent: nothing hangs, writes elsewhere, or hides what shapes the verdict."""

import os
from pathlib import Path

import pytest

from hcgov.app.card import write_model_card
from hcgov.app.check import Asked, run_check
from hcgov.app.rendering import Outputs
from hcgov.app.save import save
from hcgov.cli.failing import render_mistakes
from hcgov.core.mistake import AuthoringError, Mistake, Position
from hcgov.core.record import ReportV1
from hcgov.io.render.terminal import last_line
from tests.app.breaking import NOW, Copy

MANIFEST = """hcgov: 1
kind: Project
system: {name: Own, version: 1.0.0, risk_profile: high}
policies: [own.yaml]
subject: [build]
slices: {by: [grp]}
artifacts:
  build: {kind: file, path: build.yaml}
  predictions:
    kind: table
    path: t.csv
    unit: person
    roles: {prediction: pred}
    outcomes: {prediction: {positive: [1], adverse: lower}}
"""
POLICY = """hcgov: 1
kind: PolicyPack
metadata: {id: own, version: 1.0.0, title: Own, owner: me}
controls:
  - id: OWN-1
    title: Rates are even
    stage: evaluation
    check: evaluation.rate_gap@1
    with: {table: predictions, outcome: prediction}
    limit: {at_most: "0.30"}
    severity: high
    enforcement: mandatory
    why: because of people
    fix: mend it
    source: organisation
"""


class Sent:
    """A small project that passes as it stands."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "hcgov.yaml").write_text(MANIFEST)
        (root / "own.yaml").write_text(POLICY)
        (root / "build.yaml").write_text("a: 1\n")
        rows = [f"{group},{region},{i % 2}" for group in "AB" for region in "NS" for i in range(100)]
        (root / "t.csv").write_text("\n".join(["grp,region,pred", *rows]) + "\n")

    def change(self, file: str, old: str, new: str) -> None:
        path = self.root / file
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))

    def check(self) -> ReportV1:
        return run_check(Asked(root=self.root, now=NOW, stages=("evaluation",)), lambda _: None).report

    def mistakes(self) -> tuple[Mistake, ...]:
        with pytest.raises(AuthoringError) as told:
            self.check()
        return told.value.mistakes


@pytest.fixture
def sent(tmp_path: Path) -> Sent:
    return Sent(tmp_path)


def limits(report: ReportV1) -> list[str]:
    return [sentence.text for sentence in report.limits]


def test_the_project_passes_as_it_stands(sent: Sent) -> None:
    report = sent.check()
    assert (report.decision.value, report.decision.exit_code) == ("passed", 0)
    assert last_line(report) == "READY  1 met  (only evaluation)"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("file", ["hcgov.yaml", "own.yaml"])
def test_a_pipe_in_place_of_manifest_or_policy_is_told_and_not_waited_for(file: str, sent: Sent) -> None:
    (sent.root / file).unlink()
    os.mkfifo(sent.root / file)
    assert [m.message for m in sent.mistakes()] == [
        f"cannot read `{file}`: it is a device or pipe, not a regular file"
    ]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no /dev/zero")
def test_a_manifest_that_leads_to_an_endless_device_is_not_read(sent: Sent) -> None:
    (sent.root / "hcgov.yaml").unlink()
    (sent.root / "hcgov.yaml").symlink_to("/dev/zero")
    assert "device or pipe" in sent.mistakes()[0].message


def test_a_folder_in_place_of_a_policy_is_told_with_what_to_do_about_a_policy(sent: Sent) -> None:
    (sent.root / "own.yaml").unlink()
    (sent.root / "own.yaml").mkdir()
    (mistake,) = sent.mistakes()
    assert "folder" in mistake.message
    assert "policy" in mistake.help


@pytest.mark.parametrize("name", ["report.json", "report.html", ".gitignore", "runs"])
def test_nothing_is_written_through_a_link_in_the_folder_of_records(
    name: str, sent: Sent, tmp_path_factory: pytest.TempPathFactory
) -> None:
    report = sent.check()
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "kept").write_text("mine")
    (sent.root / ".hcgov").mkdir()
    (sent.root / ".hcgov" / name).symlink_to(elsewhere / ("" if name == "runs" else "kept"))
    with pytest.raises(OSError, match="symbolic link"):
        save(report, sent.root)
    assert [p.name for p in elsewhere.iterdir()] == ["kept"]
    assert (elsewhere / "kept").read_text() == "mine"


def test_a_folder_of_records_that_is_a_link_is_not_written_to(
    sent: Sent, tmp_path_factory: pytest.TempPathFactory
) -> None:
    report = sent.check()
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (sent.root / ".hcgov").symlink_to(elsewhere)
    with pytest.raises(OSError, match="symbolic link"):
        save(report, sent.root)
    assert not list(elsewhere.iterdir())


def test_a_release_whose_subject_cannot_be_read_is_never_ready(sent: Sent) -> None:
    (sent.root / "build.yaml").unlink()
    report = sent.check()
    assert (report.decision.value, report.decision.exit_code) == ("incomplete", 3)
    assert "what is released cannot be read" in last_line(report)
    assert any(one.artifact == "build" and one.absent for one in report.evidence)


def test_a_project_that_declares_no_subject_is_judged_by_its_controls_alone(sent: Sent) -> None:
    sent.change("hcgov.yaml", "subject: [build]\n", "")
    assert sent.check().decision.exit_code == 0


def test_an_own_pack_cannot_take_the_id_of_a_shipped_one(sent: Sent) -> None:
    sent.change("own.yaml", "id: own,", "id: hc-core,")
    (mistake,) = sent.mistakes()
    assert mistake.code == "HCG-C015"
    assert str(mistake.where) == "own.yaml:3:16"


def test_the_answer_says_why_where_no_count_does(sent: Sent) -> None:
    report = run_check(Asked(root=sent.root, now=NOW), lambda _: None).report
    assert report.decision.value == "incomplete"
    assert last_line(report).startswith("CANNOT BE DECIDED  1 met")
    assert "no control looks at the stage Design, Data, Training, Deployment" in last_line(report)


def test_a_control_that_is_not_met_and_only_advises_is_told_as_advice(sent: Sent) -> None:
    sent.change("t.csv", "B,N,1\n", "B,N,0\n")
    sent.change("t.csv", "B,S,1\n", "B,S,0\n")
    sent.change("own.yaml", "mandatory", "advisory")
    assert last_line(sent.check()) == "READY  1 not met  (only evaluation)  (advice only: does not block)"


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("hcgov.yaml", "{by: [grp]}", "{by: [grp], min_people: 1}", "Groups of 1 or more people are judged"),
        ("hcgov.yaml", "{by: [grp]}", "{by: [grp], coverage: 0.0001}", "where 0.0001 of the people"),
        ("hcgov.yaml", "{by: [grp]}", "{by: [grp, region], cross: 1}", "Crossings of grp, region are not"),
        ("hcgov.yaml", "pred}", "pred, groups: {grp: region}}", "`grp` is read from the column `region`"),
        ("hcgov.yaml", "unit: person", "unit: person", "each row of `predictions` is another person"),
        ("own.yaml", "prediction}", "prediction, max_missing: 1}", "OWN-1: up to 100% of the values may be"),
    ],
)
def test_a_choice_that_could_hide_a_group_stands_in_the_report(
    file: str, old: str, new: str, told: str, sent: Sent
) -> None:
    sent.change(file, old, new)
    assert [one for one in limits(sent.check()) if told in one]


def test_usual_choices_are_not_told(sent: Sent) -> None:
    sent.change("hcgov.yaml", "    unit: person\n", "")
    assert all("Stages that were not checked" in one for one in limits(sent.check()))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"0.30"', f'"0.{"3" * 5000}"'),
        ('at_most: "0.30"', f'at_most: "0.30", confidence: "0.{"9" * 22}"'),
        ('"0.30"', '"1e999999"'),
    ],
)
def test_numbers_that_no_arithmetic_can_hold_are_mistakes_of_the_policy(
    old: str, new: str, sent: Sent
) -> None:
    sent.change("own.yaml", old, new)
    assert {m.code for m in sent.mistakes()} <= {"HCG-C005", "HCG-C006"}
    assert any(m.where is not None and m.where.line == 10 for m in sent.mistakes())


def test_a_sign_off_that_nobody_signed_yet_is_awaited(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    file = copy.root / "deployment" / "signoff.yaml"
    file.write_text('kind: SignOff\nsubject_sha256: ""\nsignatures: []\n')
    ended = copy.check("HC-DEP-04")
    assert ended.report is not None
    assert ended.report.controls[0].verdict == "pending"


def test_of_an_endless_source_line_only_what_stands_around_the_mistake_is_shown() -> None:
    where = Position(file="a.yaml", line=1, column=5_001, source="x" * 5_000 + "bad" + "y" * 5_000, width=3)
    shown = render_mistakes([Mistake(code="HCG-C006", message="no", where=where)], color=False).split("\n")
    line, marks = shown[2], shown[3]
    assert len(line) < 200
    start = marks.index("^")
    assert line[start : start + 3] == "bad"
    assert marks.count("^") == 3


def test_no_output_is_written_over_a_manifest() -> None:
    with pytest.raises(AuthoringError) as told:
        Outputs.parse(["html=project/hcgov.yaml"])
    assert told.value.mistakes[0].message == "`project/hcgov.yaml` is a manifest"


def test_a_card_in_another_encoding_is_told_in_words_and_kept_as_it_was(sent: Sent) -> None:
    save(sent.check(), sent.root)
    card = sent.root / "card.md"
    card.write_bytes("# Größe".encode("utf-16"))
    with pytest.raises(AuthoringError) as told:
        write_model_card(sent.root, card, html=None, keep=None)
    assert (
        told.value.mistakes[0].message
        == "cannot write the card: the card that is to be kept is not UTF-8 text"
    )
    assert card.read_bytes() == "# Größe".encode("utf-16")


def test_a_misspelt_selection_beside_a_good_one_is_told_and_nothing_is_evaluated(sent: Sent) -> None:
    with pytest.raises(AuthoringError) as told:
        run_check(Asked(root=sent.root, now=NOW, select=("OWN-1", "OWN-2")), lambda _: None)
    (mistake,) = told.value.mistakes
    assert mistake.message == "`--select OWN-2` names no control of these policies"
    assert mistake.help == "did you mean `OWN-1`?"


def test_a_column_may_not_take_the_name_of_another(sent: Sent) -> None:
    sent.change("hcgov.yaml", "unit: person", "unit: person\n    columns: {grp: 1}")
    with pytest.raises(AuthoringError) as raised:
        run_check(Asked(root=sent.root, now=NOW), lambda _: None)
    (told,) = raised.value.mistakes
    assert told.code == "HCG-N009"
    assert told.where is not None


def test_an_own_control_may_not_read_like_a_shipped_one(sent: Sent) -> None:
    sent.change("own.yaml", "OWN-1", "HC-EVL-01")
    with pytest.raises(AuthoringError) as raised:
        run_check(Asked(root=sent.root, now=NOW), lambda _: None)
    assert [m.code for m in raised.value.mistakes] == ["HCG-C016"]


def test_nor_may_a_parameter_make_it_read_so(sent: Sent) -> None:
    sent.change("own.yaml", "id: OWN-1", 'id: "${name}"')
    sent.change(
        "own.yaml",
        "controls:",
        "parameters: {name: {type: text, default: hc-evl-01, stricter: none}}\ncontrols:",
    )
    with pytest.raises(AuthoringError) as raised:
        run_check(Asked(root=sent.root, now=NOW), lambda _: None)
    assert [m.code for m in raised.value.mistakes] == ["HCG-C016"]


def test_a_header_with_another_delimiter_is_told_as_such(sent: Sent) -> None:
    rows = (sent.root / "t.csv").read_text(encoding="utf-8")
    (sent.root / "t.csv").write_text(rows.replace(",", ";"), encoding="utf-8")
    with pytest.raises(AuthoringError) as raised:
        run_check(Asked(root=sent.root, now=NOW), lambda _: None)
    assert {m.code for m in raised.value.mistakes} <= {"HCG-N003", "HCG-N005"}
    assert all('csv: {delimiter: ";"}' in m.help for m in raised.value.mistakes)
