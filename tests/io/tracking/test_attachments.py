from pathlib import Path

from hcgov.io.tracking.attachments import attachments


def fill(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


def test_the_known_files_beside_a_record_go_with_it_and_no_others(tmp_path):
    known = ["report.html", "summary.md", "policy/hc-core@1.yaml", "cards/model/README.md"]
    fill(
        tmp_path, "report.json", *known, "tracking.json", "secrets.env", "policy/key.pem", "cards/model/x.py"
    )
    found = {item.name: item.path for item in attachments(tmp_path / "report.json")}
    assert found == {name: tmp_path / name for name in ["report.json", *known]}


def test_a_record_under_another_name_goes_alone(tmp_path):
    fill(tmp_path, "audit.json", "report.html")
    (only,) = attachments(tmp_path / "audit.json")
    assert (only.name, only.path) == ("report.json", tmp_path / "audit.json")


def test_named_files_come_too_unless_they_would_leave_the_folder(tmp_path):
    fill(tmp_path, "report.json", "out.html", "gone/x")
    out = str(tmp_path / "out.html")
    named = [(out, "report.html"), (out, "../up.html"), (out, "/abs.html"), (out, ""), (out, "a\\b")]
    found = attachments(tmp_path / "report.json", [*named, (str(tmp_path / "none"), "none")])
    assert [item.name for item in found] == ["report.json", "report.html"]
