"""Tables that stand elsewhere: one word in the manifest, the same verdicts, and nothing rests on a digest."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from hcgov.app.check import Asked, run_check
from hcgov.core.mistake import AuthoringError
from hcgov.core.record import ReportV1
from tests.app.breaking import NOW, Copy
from tests.io.tables.live.conftest import URL, Make, make

__all__ = ["make"]
SELECTED = ("HC-EVL-01", "HC-EVL-02")


def check(copy: Copy, *select: str, **how: object) -> ReportV1:
    asked = Asked(root=copy.root, now=NOW, select=select or SELECTED)
    return run_check(replace(asked, **how), lambda _: None).report  # type: ignore[arg-type]  # passed on as given


def found(report: ReportV1) -> list[object]:
    """Return what was decided and counted, without where it was read and how it is named."""
    return [
        (c.id, c.verdict, [f.model_dump(exclude={"fingerprint"}) for f in c.findings])
        for c in report.controls
    ]


@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame])
def test_a_frame_is_judged_as_its_file_is(copy: Copy, kind: type) -> None:
    before = check(copy)
    frame = kind(pd.read_csv(copy.file("predictions")).to_dict(orient="list"))
    copy.unpin("predictions")
    copy.file("predictions").unlink()
    after = check(copy, frames={"predictions": frame})
    assert found(after) == found(before)
    (entry,) = [e for e in after.evidence if e.artifact == "predictions"]
    assert (entry.sha256, entry.rows) == ("", len(frame))
    assert len(entry.counted) == 64
    assert any("read live from" in limit.text and "not pinned" in limit.text for limit in after.limits)
    other = check(copy, frames={"predictions": frame[: len(frame) // 2]})
    assert [c.decision_input for c in other.controls] != [c.decision_input for c in after.controls]


def test_nothing_that_needs_a_digest_passes_without_one(copy: Copy) -> None:
    frames = {"training_data": pd.read_json(copy.file("training_data"), lines=True)}
    copy.unpin("training_data")
    report = check(copy, "HC-TRN-02", frames=frames)
    (control,) = report.controls
    assert control.verdict == "missing"
    assert "no digest that anything could be bound to" in control.findings[0].message.text
    copy.manifest("subject: [assistant]", "subject: [assistant, training_data]")
    report = check(copy, "HC-DSN-01", frames=frames)
    assert report.subject.sha256 == ""
    assert report.decision.value == "incomplete"


def test_what_the_caller_hands_over_wrongly_is_told(copy: Copy) -> None:
    for how, words in (
        ({"frames": {"prediction": pd.DataFrame()}}, "did you mean `predictions`"),
        ({"memory_limit": "lots"}, "such as 2GB"),
        ({"memory_limit": "999999999TB"}, "such as 2GB"),
    ):
        with pytest.raises(AuthoringError) as caught:
            check(copy, **how)
        assert words in f"{caught.value.mistakes[0].message}; {caught.value.mistakes[0].help}"
    assert found(check(copy, memory_limit="1GB")) == found(check(copy))


CONNECTION = f"connections: {{warehouse: {{kind: sqlalchemy, url: '{URL}'}}}}\nartifacts:"


def connect(copy: Copy, relation: str) -> None:
    copy.unpin("predictions")
    copy.manifest(
        "    path: evaluation/suggestions.csv", f"    connection: warehouse\n    relation: {relation}"
    )
    copy.manifest("artifacts:", CONNECTION)


@pytest.mark.services
def test_a_table_of_a_database_is_judged_as_its_file_is(copy: Copy, make: Make) -> None:
    before = check(copy)
    frame = pd.read_csv(copy.file("predictions"), dtype=str)
    connect(copy, make(dict.fromkeys(frame.columns, "text"), frame.to_numpy().tolist()))
    after = check(copy)
    assert found(after) == found(before)
    (entry,) = [e for e in after.evidence if e.artifact == "predictions"]
    assert entry.location.startswith("warehouse:")


@pytest.mark.services
def test_a_misspelt_column_is_told_before_anything_is_counted(copy: Copy, make: Make) -> None:
    frame = pd.read_csv(copy.file("predictions"), dtype=str)
    connect(copy, make(dict.fromkeys(frame.columns, "text"), frame.to_numpy().tolist()))
    copy.manifest("label: label", "label: lable")
    with pytest.raises(AuthoringError) as caught:
        check(copy)
    assert [(m.code, m.help) for m in caught.value.mistakes] == [("HCG-N003", "did you mean `label`?")]


def test_a_database_that_is_down_is_missing_evidence(copy: Copy) -> None:
    pytest.importorskip("psycopg")
    connect(copy, "a.b")
    copy.manifest(URL, "postgresql://ann@127.0.0.1:1/none")
    report = check(copy)
    assert {c.verdict for c in report.controls} == {"missing"}
    assert report.decision.exit_code == 3
    assert "does not answer" in report.controls[0].findings[0].message.text
    (entry,) = [e for e in report.evidence if e.artifact == "predictions"]
    assert (entry.absent, entry.location) == ("store_down", "warehouse:a.b")


def test_files_are_read_without_what_speaks_to_other_engines(copy: Copy, tmp_path: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys; from datetime import datetime, UTC; from pathlib import Path\n"
        "from hcgov.app.check import Asked, run_check\n"
        f"run_check(Asked(root=Path(r'{copy.root}'), now=datetime.now(UTC), select=('HC-EVL-01',)), print)\n"
        "heavy = {'sqlglot', 'sqlalchemy', 'psycopg', 'pyspark', 'pyarrow', 'pandas'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
