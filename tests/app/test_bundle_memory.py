"""Two bundles of the same people, one after the other: their difference tells of few people only without a memory."""

import csv
import io
import zipfile
from pathlib import Path

import pytest

from hcgov.app.longs import Asked
from hcgov.app.sheets.bundling import write_bundle
from hcgov.core.mistake import AuthoringError


def study(path: Path, north: int) -> Asked:
    rows = [("north", i) for i in range(north)] + [("south", i) for i in range(60)]
    lines = ["prompt_id,annotator,choice,model_a,model_b,region"]
    lines += [f"q{i % 7},{region}-{i},{'ab'[i % 2]},new,old,{region}" for region, i in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Asked(target=path, by=("region",))


def regions(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as archive:
        return {row["region"] for row in csv.DictReader(io.StringIO(archive.read("people.csv").decode()))}


def test_the_second_bundle_hides_what_its_difference_from_the_first_would_tell(tmp_path: Path) -> None:
    first = study(tmp_path / "first.csv", 80)
    write_bundle(first, tmp_path / "first.zip", k=11, memory=tmp_path / "memory.json")
    assert regions(tmp_path / "first.zip") == {"all", "north", "south"}
    second = study(tmp_path / "second.csv", 83)
    write_bundle(second, tmp_path / "alone.zip", k=11)
    write_bundle(second, tmp_path / "second.zip", k=11, before=tmp_path / "memory.json")
    assert regions(tmp_path / "alone.zip") == {"all", "north", "south"}
    assert "north" not in regions(tmp_path / "second.zip")
    with zipfile.ZipFile(tmp_path / "first.zip") as archive:
        assert not [name for name in archive.namelist() if "memory" in name]


@pytest.mark.parametrize("told", [None, "no memory", '{"k": 11, "cells": [{"counts": [3]}]}'])
def test_a_memory_that_is_none_stops_the_bundle_and_tells_no_count(tmp_path: Path, told: str | None) -> None:
    asked = study(tmp_path / "first.csv", 80)
    if told is not None:
        (tmp_path / "memory.json").write_text(told, encoding="utf-8")
    with pytest.raises(AuthoringError) as caught:
        write_bundle(asked, tmp_path / "second.zip", k=11, before=tmp_path / "memory.json")
    assert "[3]" not in str(caught.value)
    assert not (tmp_path / "second.zip").exists()
