"""What a control was decided on has one digest, and everything that may change the verdict changes it."""

import pytest

from hcgov.core.check import Check, Judged, Params, Request
from hcgov.core.control import ControlSpec
from hcgov.core.evidence.counts import CountsOf, Rate
from hcgov.core.evidence.documents import RecordOf, SubjectOf
from hcgov.core.evidence.source import Source
from hcgov.core.policy import Pack, PackSpec
from hcgov.core.project import Project
from hcgov.core.record import ControlV1
from hcgov.core.status import Disposition, Enforcement, Verdict
from hcgov.core.text import text
from hcgov.judgement.decision import Decided
from hcgov.judgement.engine import _single
from hcgov.judgement.evidence_index import index_evidence
from hcgov.judgement.exceptions import Excepted
from hcgov.judgement.plan import Planned
from hcgov.judgement.recording import record_control

TABLE: dict[str, object] = {
    "kind": "table",
    "path": "t.csv",
    "outcomes": {"chosen": {"column": "c", "adverse": "lower"}},
}
SPEC = ControlSpec.model_validate(
    {
        "id": "X-1",
        "title": "A control",
        "stage": "evaluation",
        "check": "evaluation.made_up@1",
        "severity": "high",
        "enforcement": "overridable",
        "why": "people",
        "fix": "mend",
        "source": "convention",
    }
)
PACK = Pack(
    spec=PackSpec.model_validate(
        {
            "hcgov": 1,
            "kind": "PolicyPack",
            "metadata": {"id": "p", "version": "1.0.0", "title": "Pack", "owner": "me"},
            "controls": [SPEC],
        }
    ),
    name="p",
    file="p.yaml",
    sha256="0" * 64,
)
COUNTS = CountsOf(table="t", rates=(Rate(outcome="chosen"),))


def _project(**changes: object) -> Project:
    return Project.model_validate(
        {
            "hcgov": 1,
            "system": {"name": "s", "version": "1", "risk_profile": "high"},
            "policies": ["hc-core"],
            "artifacts": {"t": TABLE, "model": {"kind": "file", "path": "model.bin"}},
            "slices": {"by": ["sex"]},
            "subject": ["model"],
        }
        | changes
    )


def _recorded(
    request: Request,
    project: Project,
    *,
    sha256: str = "1" * 64,
    day: str = "2026-11-21",
    takes_occasion: bool = False,
) -> ControlV1:
    check = Check[Params](
        id="evaluation.made_up",
        stage="evaluation",
        major=1,
        title="t",
        about="a",
        params=Params,
        asks=lambda _: {"thing": request},
        measure=tuple,
        examples=tuple,
        supports=(),
        judged=Judged.BY_STATEMENT,
        takes_occasion=takes_occasion,
    )
    control = Planned(
        spec=PACK.spec.controls[0],
        pack=PACK,
        index=0,
        enforcement=Enforcement.OVERRIDABLE,
        check=check,
        params=Params(),
        requests={"thing": request},
    )
    sources = {
        name: Source(artifact=name, kind="file", location=name, sha256=sha256, size=1)
        for name in project.artifacts
    }
    assessed = _single(control, Verdict.PASS, text("holds"))
    nothing = Excepted(disposition=Disposition.CLEAR, waivers=("",), known=("",))
    decided = Decided(assessed=assessed, excepted=nothing)
    return record_control(decided, index_evidence(project, sources, {}), "s", day)


def test_a_sign_off_is_decided_on_what_is_released() -> None:
    one, other = (_recorded(SubjectOf(), _project(), sha256=sha * 64) for sha in "12")
    assert one.evidence == ("EV-002",)
    assert one.decision_input != other.decision_input


@pytest.mark.parametrize(
    "changes",
    [
        {"artifacts": {"t": TABLE | {"outcomes": {"chosen": {"column": "c", "adverse": "higher"}}}}},
        {"slices": {"by": ["sex"], "min_people": 31}},
    ],
)
def test_how_the_manifest_reads_a_table_is_part_of_what_was_decided_on(changes: dict[str, object]) -> None:
    project, changed = _project(subject=[]), _project(subject=[], **changes)
    assert _recorded(COUNTS, project).decision_input != _recorded(COUNTS, changed).decision_input


def test_the_day_counts_only_for_checks_that_ask_for_it() -> None:
    request, project = RecordOf(artifact="model"), _project()

    def digest(day: str, *, asked: bool) -> str:
        return _recorded(request, project, day=day, takes_occasion=asked).decision_input

    assert digest("2026-11-21", asked=False) == digest("2026-11-22", asked=False)
    assert digest("2026-11-21", asked=True) != digest("2026-11-22", asked=True)
