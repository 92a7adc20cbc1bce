"""Every control of hc-core does what its cases say."""

import pytest
from ruamel.yaml import YAML

from hcgov.core.policy import PackSpec
from hcgov.io.data import data_path
from tests.policies.cases import Case, PolicyCases, gaps, load_cases, run_case

FILES = load_cases(data_path("policies", "cases", "hc-core"))
CASES = [(file, case) for file in FILES for case in file.cases]
PACK = PackSpec.model_validate(YAML(typ="safe", pure=True).load(data_path("policies", "hc-core.yaml")))


def case_of(**changes):
    return Case.model_validate({"control": "HC-DAT-02", "name": "a case", "expect": "pass", **changes})


BARE = PolicyCases(hcgov=1, kind="PolicyCases", pack="hc-core", base="support-copilot", cases=(case_of(),))


@pytest.mark.parametrize(("file", "case"), CASES, ids=[str(case) for _, case in CASES])
def test_a_control_says_what_its_case_expects(file, case, tmp_path):
    control = run_case(case, file, tmp_path)
    sentences = [finding.message.text for finding in control.findings]
    assert control.verdict == case.expect, sentences
    if case.says:
        assert any(case.says in sentence for sentence in sentences), sentences


def test_every_control_has_a_passing_a_failing_and_a_cannot_tell_case():
    assert gaps((case for _, case in CASES), (control.id for control in PACK.controls)) == []
    assert {file.pack for file in FILES} == {PACK.metadata.id}


def test_a_control_without_a_kind_of_case_and_a_case_without_a_control_are_told():
    told = gaps([case_of(), case_of(control="HC-DAT-99", expect="fail")], ["HC-DAT-02"])
    assert told == [
        "HC-DAT-99 a case: there is no such control",
        "HC-DAT-02: no case expects `fail`",
        "HC-DAT-02: no case in which it cannot be told",
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"remove": ["data/no_such_file.md"]},
        {"edit": {"data/datasheet.md": {"no such words": "other words"}}},
        {"files": {"data/no_such_file.md": "text"}},
        {"manifest": {"artefacts.datasheet.kind": "datasheet"}},
    ],
)
def test_a_case_that_changes_what_is_not_there_is_refused(change, tmp_path):
    with pytest.raises(ValueError, match=r"no `|no artifact"):
        run_case(case_of(**change), BARE, tmp_path)


def test_a_folder_without_cases_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no cases"):
        load_cases(tmp_path)
