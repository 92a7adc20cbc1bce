"""What the user guide shows is understood by the program it describes."""

import re
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from hcgov.io.manifest import load_manifest
from hcgov.io.policies import load_pack
from hcgov.io.yaml import parse

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide.md"


def blocks(language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


def block(language: str, words: str) -> str:
    (found,) = (one for one in blocks(language) if words in one)
    return found


def test_the_parts_of_the_manifest_together_are_a_manifest(tmp_path: Path) -> None:
    head, _, artifacts = block("yaml", "kind: Project").partition("artifacts:\n")
    connections, _, live = block("yaml", "connections:").partition("artifacts:\n")
    whole = head + connections + "artifacts:\n" + artifacts + block("yaml", "  predictions:") + live
    (tmp_path / "hcgov.yaml").write_text(whole, encoding="utf-8")
    project = load_manifest(tmp_path).project
    assert project.artifacts.keys() == {"assistant", "predictions", "decisions", "tickets"}
    assert project.connections.keys() == {"warehouse", "lake"}


def test_the_policy_is_a_pack(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(block("yaml", "kind: PolicyPack"), encoding="utf-8")
    (control,) = load_pack("own", file, "own.yaml").spec.controls
    assert control.limit_value() is not None


def test_every_other_block_is_at_least_yaml() -> None:
    assert len(blocks("yaml")) >= 5
    for one in blocks("yaml"):
        parse(one.encode(), "guide", max_bytes=1 << 20)


def test_the_lines_of_python_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "project"
    (project / "policies").mkdir(parents=True)
    (project / "hcgov.yaml").write_text(
        "hcgov: 1\nsystem: {name: S, version: '1', risk_profile: low}\npolicies: [policies/own.yaml]\n"
        "slices: {by: [age_band]}\nartifacts:\n"
        "  predictions: {kind: table, path: gone.csv, unit: person, outcomes: "
        "{refused: {column: refused, adverse: higher}}}\n",
        encoding="utf-8",
    )
    (project / "policies" / "own.yaml").write_text(block("yaml", "kind: PolicyPack"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    frame = pd.DataFrame({"age_band": ["a", "b"] * 500, "refused": [0, 0, 1, 1] * 250})
    known: dict[str, object] = {"frame": frame}
    exec(block("python", "hcgov.check").replace("decisions", "predictions"), known)
    report = known["record"].report  # type: ignore[attr-defined]  # a record
    assert [c.verdict for c in report.controls] == ["pass"]  # type: ignore[attr-defined]  # a report
    assert datetime.fromisoformat(report.created).tzinfo is not None  # type: ignore[attr-defined]  # a report
