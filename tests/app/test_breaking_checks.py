"""Checks that crash, packs that cannot be imported, and nothing to check: never green."""

import textwrap

import pytest

from tests.app.breaking import Copy

CHECK = """
    from hcgov.core.check import Judged, Params, check
    from hcgov.core.evidence.documents import RecordOf
    from hcgov.core.measurement import Answered, Statement
    from hcgov.core.text import text


    class Nothing(Params):
        pass


    def asks(params):
        {asks}
        return {{"purpose": RecordOf(artifact="purpose")}}


    @check(asks=asks, params=Nothing, examples=tuple, judged=Judged.BY_STATEMENT)
    def measured(purpose, params):
        {measure}
"""

MET = 'yield Statement(about="x", answer=Answered.MET, text=text("well"))'

PACK = """\
hcgov: 1
kind: PolicyPack
metadata: {{id: own, version: 1.0.0, title: Own rules, owner: us}}
controls:
  - id: OWN-1
    title: What a third party looks at
    stage: {stage}
    check: {check}
    severity: low
    enforcement: {enforcement}
    why: People rely on it.
    fix: Mend it.
    source: organisation
"""


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Install a third party's stage pack, as pip would leave it, for the length of a test."""
    site = tmp_path / "site"

    def install(name: str, check: str, *, init: str = "") -> None:
        package = site / f"{name}_pack"
        package.mkdir(parents=True)
        stage = f'from hcgov.core.stage import Stage\nSTAGE = Stage(id="{name}", title="Third party")\n'
        (package / "__init__.py").write_text(init + stage)
        (package / "looked.py").write_text(textwrap.dedent(check))
        metadata = site / f"{name}_pack-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}-pack\nVersion: 1.0\n")
        (metadata / "entry_points.txt").write_text(f"[hcgov.stages]\n{name} = {name}_pack:STAGE\n")
        monkeypatch.syspath_prepend(str(site))

    return install


def govern(copy: Copy, name: str, *, enforcement: str = "advisory", stage: str = "") -> None:
    (copy.root / "own.yaml").write_text(
        PACK.format(stage=stage or name, check=f"{name}.looked@1", enforcement=enforcement)
    )
    copy.manifest("policies: [hc-core]", "policies: [hc-core, own.yaml]")


def test_a_third_partys_check_is_a_check_like_any_other(copy: Copy, installed):
    installed("sound", CHECK.format(asks="", measure=MET))
    govern(copy, "sound")
    ended = copy.check("OWN-1", "HC-DSN-02")
    assert (ended.code, ended.verdicts) == (0, {"HC-DSN-02": "pass", "OWN-1": "pass"})


@pytest.mark.parametrize(
    ("name", "raising", "kind"),
    [
        ("raises", 'raise ValueError("secret value 4711")', "ValueError"),
        ("leaves", "raise SystemExit(0)", "SystemExit"),
        ("recurses", "return measured(purpose, params)", "RecursionError"),
        ("tires", "raise MemoryError", "MemoryError"),
        ("yields", f"{MET}; raise ValueError('after something was met')", "ValueError"),
        ("mistakes", f"yield 3; {MET}", "TypeError"),
        ("forgets", "return None", "TypeError"),
    ],
)
def test_a_check_that_crashes_ends_as_error_and_the_others_go_on(name, raising, kind, copy: Copy, installed):
    installed(name, CHECK.format(asks="", measure=raising))
    govern(copy, name)  # even an advisory control is held up by a crash
    ended = copy.check("OWN-1", "HC-DSN-02")
    assert ended.code == 3
    assert ended.verdicts == {"HC-DSN-02": "pass", "OWN-1": "error"}
    assert f"the check `{name}.looked` crashed: {kind}" in ended.told()
    assert "4711" not in ended.report.model_dump_json()
    assert [(control, type(crash).__name__) for control, crash in ended.crashes] == [("OWN-1", kind)]


def test_a_check_that_says_nothing_is_an_error_too(copy: Copy, installed):
    installed("silent", CHECK.format(asks="", measure="return []"))
    govern(copy, "silent")
    ended = copy.check("OWN-1", "HC-DSN-02")
    assert (ended.code, ended.verdicts["OWN-1"]) == (3, "error")
    assert "the check found nothing to say" in ended.told()


@pytest.mark.parametrize(("name", "raising"), [("asks", "raise KeyError"), ("exits", "raise SystemExit(0)")])
def test_a_check_that_crashes_before_it_asks_ends_as_error(name, raising, copy: Copy, installed):
    installed(name, CHECK.format(asks=raising, measure=MET))
    govern(copy, name)
    ended = copy.check("OWN-1", "HC-DSN-02")
    assert (ended.code, ended.verdicts) == (3, {"HC-DSN-02": "pass", "OWN-1": "error"})
    assert f"the check `{name}.looked` crashed before it asked for anything" in ended.told()


@pytest.mark.parametrize(
    ("name", "init", "kind"),
    [
        ("absent", "import a_module_that_is_not_there\n", "ModuleNotFoundError"),
        ("wrong", "this is no Python\n", "SyntaxError"),
        ("quits", "raise SystemExit(0)\n", "SystemExit"),
    ],
)
def test_a_pack_that_cannot_be_imported_leaves_its_controls_as_errors(
    name, init, kind, copy: Copy, installed
):
    installed(name, CHECK.format(asks="", measure=MET), init=init)
    govern(copy, name, stage="design")
    ended = copy.check("OWN-1", "HC-DSN-02")
    assert (ended.code, ended.verdicts) == (3, {"HC-DSN-02": "pass", "OWN-1": "error"})
    assert f"the pack `{name}` could not be imported: {kind}" in ended.told()
    assert "HCG-N101" in {notice.code for notice in ended.report.notices}


def test_a_pack_that_cannot_be_imported_holds_up_nothing_but_its_own_controls(copy: Copy, installed):
    installed("unused", CHECK.format(asks="", measure=MET), init="import a_module_that_is_not_there\n")
    assert copy.check("HC-DSN-02").code == 0


def test_no_pack_takes_over_the_name_of_a_built_in_stage(copy: Copy, installed):
    installed("design", CHECK.format(asks="", measure=MET))
    govern(copy, "design")
    ended = copy.check("OWN-1")
    assert ended.code == 2
    assert "unknown check `design.looked`" in ended.told()


def test_selecting_no_control_is_incomplete(copy: Copy):
    ended = copy.check("NO-SUCH-CONTROL")
    assert (ended.code, ended.verdicts) == (3, {})
    assert ended.report.decision.value == "incomplete"
    assert ended.report.decision.reason == "no control was selected, so nothing is known"


def test_an_empty_selection_within_a_stage_is_incomplete(copy: Copy):
    ended = copy.check("HC-DSN", stages=("data",))
    assert (ended.code, ended.verdicts) == (3, {})


def test_a_stage_that_no_control_looks_at_is_incomplete(copy: Copy, installed):
    installed("empty", CHECK.format(asks="", measure=MET))
    ended = copy.check(stages=("empty",))
    assert (ended.code, ended.verdicts) == (3, {})


def test_an_unknown_stage_is_a_mistake_and_the_nearest_is_named(copy: Copy):
    ended = copy.check(stages=("desing",))
    assert ended.code == 2
    assert ended.told() == "None HCG-P001 unknown stage `desing`; did you mean `design`?"


def test_a_policy_that_leaves_stages_out_does_not_pass_them(copy: Copy, installed):
    installed("alone", CHECK.format(asks="", measure=MET))
    (copy.root / "own.yaml").write_text(
        PACK.format(stage="alone", check="alone.looked@1", enforcement="mandatory")
    )
    copy.manifest("policies: [hc-core]", "policies: [own.yaml]")
    ended = copy.check()
    assert (ended.code, ended.verdicts) == (3, {"OWN-1": "pass"})
    assert "no control looks at the stage" in ended.report.decision.reason
    assert copy.check(stages=("alone",)).code == 0
