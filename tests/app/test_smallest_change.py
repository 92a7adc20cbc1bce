"""The limit at which a verdict turns: the project is really judged by it, and by the one a unit nearer."""

from decimal import Decimal
from pathlib import Path

import pytest

from hcgov.app.check import Asked, run_check
from hcgov.app.rendering import read_record
from hcgov.core.limit import LimitRange, limits
from hcgov.core.record import ControlV1, ReportV1
from hcgov.core.slices import SliceRules
from hcgov.io.manifest import load_manifest
from hcgov.judgement.rejudging import Rejudged, from_record, limit_from
from hcgov.judgement.smallest_change import Turn, Turns, turns, unit_of
from tests.app.excepting import NOW, Excepting
from tests.cli.conftest import copied

RULES = SliceRules(by=("age",))
GAP = limits("rate_gap", at_most="[0, 1)")


def recorded(report: ReportV1, id_: str = "ACME-1") -> ControlV1:
    return next(control for control in report.controls if control.id == id_)


def found(report: ReportV1, allowed: LimitRange | None = GAP) -> Turns:
    return turns(from_record(recorded(report), RULES), allowed)


def same_as_recorded(again: Rejudged, control: ControlV1) -> bool:
    """Whether judging a record by its own limit gives its verdict, and those, lists and levels of its findings."""
    limit = limit_from(control)
    assert limit is not None
    judged = {(one.metric, one.about): one for one in again.findings(limit)}
    for one in control.findings:
        if one.pass_bound is not None and one.fail_bound is not None:
            found = judged[one.metric, one.about]
            assert found.fail_bound is not None
            assert (found.verdict, found.listed, found.family) == (one.verdict, one.listed, one.family)
            assert found.fail_bound.level == one.fail_bound.level
    return again.verdict(limit) == control.verdict


class Judging:
    """A project that is judged by one limit after the other."""

    def __init__(self, project: Excepting) -> None:
        self.project = project
        self.policy = (project.folder / "own.yaml").read_text(encoding="utf-8")

    def by(
        self, limit: Decimal | str, *, check: str = "evaluation.rate_gap@1", side: str = "at_most"
    ) -> ReportV1:
        content = self.policy.replace('{at_most: "0.10"}', f'{{{side}: "{limit}"}}', 1)
        content = content.replace("evaluation.rate_gap@1", check, 1)
        (self.project.folder / "own.yaml").write_text(content, encoding="utf-8")
        return self.project.check()


@pytest.fixture
def judging(tmp_path: Path) -> Judging:
    return Judging(Excepting(tmp_path / "p"))


COUNTS = {
    "far": {"18-29": 300, "30-59": 300, "75+": 700},
    "near": {"18-29": 300, "30-59": 330, "75+": 400},
    "undecided": {"18-29": 300, "30-59": 310, "75+": 395},
    "even": {"18-29": 300, "30-59": 300, "75+": 300},
    "two apart": {"18-29": 100, "30-59": 450, "75+": 460},
}


@pytest.mark.parametrize(
    ("counts", "limit"),
    [("far", "0.10"), ("near", "0.055"), ("undecided", "0.1"), ("even", "0.055"), ("two apart", "0.10")],
)
def test_the_verdict_turns_at_the_limit_that_is_told_and_not_one_unit_before(
    judging: Judging, counts: str, limit: str
):
    judging.project.refused(COUNTS[counts])
    report = judging.by(limit)
    now = recorded(report).verdict
    told = found(report)
    assert told.turns or limit == "0.1"
    for turn in told.turns:
        assert turn.verdict != now
        assert abs(turn.value - turn.before) == unit_of(Decimal(limit))
        assert turn.looser is (turn.value > Decimal(limit))
        assert recorded(judging.by(turn.value)).verdict == turn.verdict
        assert recorded(judging.by(turn.before)).verdict != turn.verdict


def test_every_verdict_between_is_as_now_until_the_first_turn(judging: Judging):
    report = judging.by("0.10")
    first = min(turn.value for turn in found(report).turns)
    assert first == Decimal("0.35")
    for hundredths in (20, 34):
        assert recorded(judging.by(Decimal(hundredths) / 100)).verdict == "fail"


def test_a_least_ratio_turns_downwards(tmp_path: Path):
    judging = Judging(Excepting(tmp_path / "p"))
    manifest = judging.project.folder / "hcgov.yaml"
    manifest.write_text(manifest.read_text().replace("adverse: higher", "adverse: lower"), encoding="utf-8")
    wanted = {"check": "evaluation.impact_ratio@1", "side": "at_least"}
    report = judging.by("0.80", **wanted)
    result = turns(from_record(recorded(report), RULES), limits("impact_ratio", at_least="(0, 1]"))
    looser = [turn for turn in result.turns if turn.looser]
    assert looser
    for turn in looser:
        assert turn.value < turn.before <= Decimal("0.80")
        assert recorded(judging.by(turn.value, **wanted)).verdict == turn.verdict
        assert recorded(judging.by(turn.before, **wanted)).verdict != turn.verdict


def test_limits_that_make_no_sense_are_not_told(judging: Judging):
    judging.project.refused({"18-29": 0, "30-59": 300, "75+": 1000})
    report = judging.by("0.10")
    assert [turn.verdict for turn in found(report, None).turns][-1] == "pass"
    assert all(turn.value < 1 for turn in found(report).turns)
    assert "pass" not in [turn.verdict for turn in found(report).turns]


@pytest.mark.parametrize("example", ["recidivism", "support-copilot"])
def test_a_record_judged_again_by_its_own_limits_comes_to_its_own_verdicts(example: str, tmp_path: Path):
    root = copied(example, tmp_path / example)
    report = run_check(Asked(root=root, now=NOW), lambda _: None).report
    rules = load_manifest(root).project.slices
    judged = [control for control in report.controls if control.limit is not None]
    assert len(judged) >= 6
    for control in judged:
        again = from_record(control, rules)
        assert same_as_recorded(again, control)
        if any(one.reason == "small_n" and one.estimate is None for one in control.findings):
            assert again.unknown


def test_what_the_record_does_not_bear_out_is_not_told(judging: Judging):
    changed = recorded(judging.by("0.10")).model_copy(update={"verdict": "pass"})
    told = turns(from_record(changed, RULES), GAP)
    assert told.turns == ()
    assert "does not hold all that decided" in told.why


def test_a_control_without_a_limit_has_no_turn(judging: Judging):
    control = recorded(judging.by("0.10")).model_copy(update={"limit": None})
    assert turns(from_record(control, None), None) == Turns(why="no limit decides this control")


def test_outcomes_that_are_not_recorded_hold_a_verdict_back(tmp_path: Path):
    judging = Judging(Excepting(tmp_path / "p"))
    rows = [f"{age},{int(i < n)}" for age, n in {"18-29": 300, "75+": 310}.items() for i in range(1000)]
    rows += ["18-29,", "75+,"] * 15
    (judging.project.folder / "p.csv").write_text("age,refused\n" + "\n".join(rows) + "\n", encoding="utf-8")
    report = judging.by("0.20")
    control = recorded(report)
    assert control.verdict == "pass"
    assert any(one.worst_case is not None for one in control.findings)
    (first, *_) = found(report).turns
    assert isinstance(first, Turn)
    assert recorded(judging.by(first.before)).verdict == "pass"
    assert recorded(judging.by(first.value)).verdict == first.verdict
    assert found(report).unknown


def test_small_crossings_are_listed_again_and_told_as_not_known(judging: Judging):
    rows = [f"{age},{sex},{int(i % 10 < 3)}" for age in ("18-29", "75+") for sex in "FM" for i in range(1000)]
    rows += [f"75+,X,{int(i % 10 < 3)}" for i in range(20)] + [
        f"18-29,X,{int(i % 10 < 3)}" for i in range(500)
    ]
    file = judging.project.folder / "p.csv"
    file.write_text("age,sex,refused\n" + "\n".join(rows) + "\n", encoding="utf-8")
    manifest = judging.project.folder / "hcgov.yaml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("[age]", "[age, sex]"), encoding="utf-8")
    report = judging.by("0.20")
    control = recorded(report)
    assert control.verdict == "pass"
    assert any(one.listed for one in control.findings)
    again = from_record(control, SliceRules(by=("age", "sex")))
    assert same_as_recorded(again, control)
    told = turns(again, GAP)
    assert any("75+" in name and "X" in name for name in told.unknown)
    (first, *_) = told.turns
    assert recorded(judging.by(first.before)).verdict == "pass"
    assert recorded(judging.by(first.value)).verdict == first.verdict


def test_the_newest_record_of_a_project_can_be_judged_again(tmp_path: Path):
    from hcgov.app.save import save

    project = Excepting(tmp_path / "p")
    save(project.check(), project.folder)
    assert found(read_record(project.folder)).turns[0].value == Decimal("0.35")
