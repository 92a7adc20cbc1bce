"""Case files: where they stand, what is wrong in them, and the projects that they make."""

from pathlib import Path

import pytest

from hcgov.core.cases import Case, PolicyCases
from hcgov.core.mistake import AuthoringError
from hcgov.io.data import data_path
from hcgov.io.policies import packs_named, shipped
from hcgov.io.policies.case_project import NoProjectError, project_of
from hcgov.io.policies.cases import CaseFile, case_paths, place_of, read_cases
from hcgov.io.yaml import parse

PACK = """\
hcgov: 1
kind: PolicyPack
metadata: {id: org.acme, version: 1.0.0, title: Rules, owner: me}
controls:
  - {id: ACME-1, title: Even, stage: evaluation, check: evaluation.rate_gap, with: {table: t, outcome: o},
     limit: {at_most: "0.10"}, severity: low, enforcement: advisory, why: it matters, fix: mend it, source: default}
"""
HEAD = "hcgov: 1\nkind: PolicyCases\npack: org.acme\n"
CASE = "  - {control: ACME-1, name: a case, expect: pass}\n"


def read(folder: Path, cases: str, name: str = "acme.cases.yaml") -> tuple[CaseFile, ...]:
    (folder / "acme.yaml").write_text(PACK, encoding="utf-8")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(cases, encoding="utf-8")
    (pack,), told = packs_named(["acme.yaml"], folder)
    assert told == []
    return read_cases(pack, place_of(pack, folder.resolve()))


def told_of(folder: Path, cases: str) -> list[tuple[str, int, int, str]]:
    with pytest.raises(AuthoringError) as raised:
        read(folder, cases)
    return [
        (m.code, m.where.line, m.where.column, f"{m.message}; {m.help}")
        for m in raised.value.mistakes
        if m.where
    ]


@pytest.mark.parametrize("name", ["acme.cases.yaml", "cases/acme.cases.yaml"])
def test_cases_stand_beside_a_pack_by_its_name(tmp_path, name):
    (file,) = read(tmp_path, f"{HEAD}cases:\n{CASE}", name)
    assert file.shown == name
    assert [str(case) for case in file.spec.cases] == ["ACME-1: a case"]
    assert file.where("cases", 0).line == 5


def test_case_files_of_another_pack_are_not_taken(tmp_path):
    (tmp_path / "cases" / "acme").mkdir(parents=True)
    for name in ("other.cases.yaml", "cases/other.cases.yaml", "acme.cases.yaml", "cases/acme/a.cases.yaml"):
        (tmp_path / name).write_text("", encoding="utf-8")
    found = [path.relative_to(tmp_path).as_posix() for path in case_paths(tmp_path / "acme.yaml")]
    assert found == ["acme.cases.yaml", "cases/acme/a.cases.yaml"]


def test_cases_of_a_pack_in_a_folder_stand_in_it(tmp_path):
    folder = tmp_path / "pack"
    (folder / "cases").mkdir(parents=True)
    (folder / "a.cases.yaml").write_text("", encoding="utf-8")
    (folder / "cases" / "b.cases.yaml").write_text("", encoding="utf-8")
    assert [path.name for path in case_paths(folder)] == ["a.cases.yaml", "b.cases.yaml"]


def test_shipped_packs_have_theirs_by_the_same_rule():
    assert len(case_paths(shipped()["hc-core"])) == 5


def test_all_mistakes_are_told_at_once_with_their_places(tmp_path):
    cases = """\
hcgov: 1
kind: PolicyCases
pack: org.acne
base: suport-copilot
cases:
  - {control: ACME-2, name: a case, expect: pass}
  - {control: ACME-1, name: twice, expect: pass}
  - {control: ACME-1, name: twice, expect: fail}
equivalent:
  - {control: ACME-9, mutant: "limit: x", reason: nobody can tell}
"""
    found = told_of(tmp_path, cases)
    assert [(code, line) for code, line, _, _ in found] == [
        ("HCG-T002", 4),
        ("HCG-T001", 3),
        ("HCG-T003", 6),
        ("HCG-T003", 10),
        ("HCG-T004", 7),
        ("HCG-T004", 8),
    ]
    assert "did you mean `support-copilot`?" in found[0][3]
    assert "did you mean `ACME-1`?" in found[2][3]


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        (
            "  - {control: ACME-1, name: a case, expcet: pass, expect: pass}\n",
            "HCG-C004",
            "did you mean `expect`?",
        ),
        ("  - {control: ACME-1, name: a case}\n", "HCG-C005", "`expect` is missing"),
        ("  - {control: ACME-1, name: a case, expect: passes}\n", "HCG-C006", "did you mean `pass`?"),
        ("  - {control: ACME-1, name: a case, expect: fail, disposition: stop}\n", "HCG-C006", "blocked"),
        (
            "  - {control: ACME-1, name: a case, expect: fail, date: 2027-02-30}\n",
            "HCG-C006",
            "a day is written",
        ),
        ("  - {control: ACME-1, name: a case, expect: fail, edit: {a.md: {}}}\n", "HCG-C006", "empty"),
        ("  []\n", "HCG-C006", "empty"),
    ],
)
def test_what_a_case_cannot_say_is_told(tmp_path, line, code, words):
    found = told_of(tmp_path, f"{HEAD}cases:\n{line}")
    assert [one[0] for one in found] == [code]
    assert words in found[0][3]


def test_a_base_is_an_example_or_a_folder_beside_and_nothing_else(tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "hcgov.yaml").write_text("hcgov: 1\n", encoding="utf-8")
    inside = tmp_path / "own"
    (inside / "project").mkdir(parents=True)
    (inside / "project" / "hcgov.yaml").write_text("hcgov: 1\n", encoding="utf-8")
    (beside,) = read(inside, f"{HEAD}base: project\ncases:\n{CASE}")
    assert beside.base == (inside / "project").resolve()
    (example,) = read(inside, f"{HEAD}base: recidivism\ncases:\n{CASE}")
    assert example.base == data_path("examples", "recidivism").resolve()
    for name in ("../outside", str(tmp_path / "outside"), ".", "support-copilot/data"):
        assert [one[0] for one in told_of(inside, f"{HEAD}base: {name}\ncases:\n{CASE}")] == ["HCG-T002"]


# Projects of cases


def made(folder: Path, base: Path | None = None, head: dict[str, object] | None = None, **changes: object):
    case = Case.model_validate({"control": "ACME-1", "name": "a case", "expect": "pass", **changes})
    spec = PolicyCases.model_validate(
        {"hcgov": 1, "kind": "PolicyCases", "pack": "org.acme", "cases": (case,), **(head or {})}
    )
    parsed = parse(b"hcgov: 1", "x", max_bytes=100)
    return project_of(case, CaseFile(spec=spec, shown="x", base=base, parsed=parsed), folder)


def refused(folder: Path, base: Path | None = None, **changes: object) -> str:
    with pytest.raises(NoProjectError) as raised:
        made(folder, base, **changes)
    return "; ".join(raised.value.reasons)


def test_a_table_alone_makes_a_project(tmp_path):
    outcomes = {"artifacts.t.outcomes": {"refused": {"adverse": "higher", "column": "no"}}}
    text = "age,sex,label,no,n\n60+,f,1,0,5\n"
    project = made(tmp_path / "p", evidence={"t": text}, manifest=outcomes).project
    assert project.slices.by == ("age", "sex")
    table = project.table("t")
    assert table is not None
    assert table.count is not None
    assert (table.count.column, table.count.unit, table.roles.label) == ("n", "person", "label")
    assert (tmp_path / "p" / "t.csv").read_text(encoding="utf-8") == text


def test_rows_are_people_where_nothing_counts_them(tmp_path):
    by_rows = made(tmp_path / "rows", evidence={"t": "age\n60+\n"}).project.table("t")
    by_person = made(tmp_path / "person", evidence={"t": "age,person\n60+,P-1\n"}).project.table("t")
    assert by_rows is not None
    assert by_person is not None
    assert (by_rows.unit, by_person.unit, by_person.roles.person) == ("person", "row", "person")


def test_what_a_file_says_holds_for_its_cases_and_a_case_may_differ(tmp_path):
    head = {"facts": {"users": "all", "n": 3}, "manifest": {"system.owner": "me"}}
    system = made(tmp_path / "p", head=head, facts={"users": None, "risk_profile": "high"}).project.system
    assert (system.facts, system.owner, system.risk_profile) == ({"n": 3}, "me", "high")


BASE = data_path("examples", "support-copilot")


def test_a_base_is_copied_and_never_touched(tmp_path):
    before = (BASE / "relay.yaml").read_bytes()
    manifest = made(
        tmp_path / "p",
        BASE,
        edit={
            "relay.yaml": {"temperature: 0.2": "temperature: 0.9"},
            "data/tickets.jsonl": [{"old": "T-", "new": "U-"}],
        },
        remove=["data/withdrawals.csv"],
    )
    assert (BASE / "relay.yaml").read_bytes() == before
    assert "temperature: 0.9" in (tmp_path / "p" / "relay.yaml").read_text(encoding="utf-8")
    assert not (tmp_path / "p" / "data" / "withdrawals.csv").exists()
    pins = {name: artifact.sha256 is not None for name, artifact in manifest.project.artifacts.items()}
    assert [name for name, pinned in pins.items() if pinned] == ["predictions"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"remove": ["data/no.md"]}, "no `data/no.md` to remove"),
        ({"edit": {"data/datasheet.md": {"no such words": "x"}}}, "holds no `no such words`"),
        ({"edit": {"data/no.md": {"a": "b"}}}, "no `data/no.md` to edit"),
        ({"files": {"data/no.md": "text"}}, "holds no `data/no.md`"),
        ({"manifest": {"artefacts.datasheet.kind": "datasheet"}}, "unknown key `artefacts`"),
        ({"manifest": {"artifacts.no": None}}, "no `artifacts.no` to take away"),
        ({"manifest": {"hcgov.x": 1}}, "`hcgov` holds no keys"),
        ({"evidence": {"datasheet": "a\n1\n"}}, "is no table"),
        ({"evidence": {"training_data": "a\n1\n"}}, "path is `data/tickets.jsonl`"),
    ],
)
def test_a_change_of_what_is_not_there_is_told(tmp_path, changes, words):
    assert words in refused(tmp_path / "p", BASE, **changes)


@pytest.mark.parametrize("path", ["../out.md", "data/../../out.md", "/tmp/out.md", ".", ""])
@pytest.mark.parametrize("how", ["files", "edit", "remove"])
def test_nothing_leads_out_of_the_folder(tmp_path, path, how):
    (tmp_path / "out.md").write_text("mine", encoding="utf-8")
    change = {"files": {path: "x"}, "edit": {path: {"mine": "yours"}}, "remove": [path]}[how]
    assert "leads out of the case's project" in refused(tmp_path / "p", **{how: change})
    assert (tmp_path / "out.md").read_text(encoding="utf-8") == "mine"


def test_a_link_in_a_base_leads_nowhere_out(tmp_path):
    (tmp_path / "out.md").write_text("mine", encoding="utf-8")
    base = tmp_path / "base"
    base.mkdir()
    (base / "hcgov.yaml").write_bytes((BASE / "hcgov.yaml").read_bytes())
    (base / "link.md").symlink_to(tmp_path / "out.md")
    for number, change in enumerate(({"files": {"link.md": "x"}}, {"edit": {"link.md": {"mine": "yours"}}})):
        assert "leads out" in refused(tmp_path / f"p{number}", base, **change)
    assert (tmp_path / "out.md").read_text(encoding="utf-8") == "mine"
