import os
import time
from pathlib import Path

import pytest

from hcgov.io.tracking import store as stores
from hcgov.io.tracking.tracker import Tracker
from hcgov.io.tracking.uri import choose_store


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    unfinished = tmp_path / "mlflow.db.unfinished-1"
    unfinished.write_text("new")
    return unfinished, tmp_path / "mlflow.db"


def no_links(*_: object) -> None:
    raise PermissionError("no hard links here")


@pytest.mark.parametrize("links", [True, False])
def test_a_complete_store_gets_its_name(two, links, monkeypatch):
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    unfinished, path = two
    stores._settle(unfinished, path)
    assert path.read_text() == "new"


@pytest.mark.parametrize("links", [True, False])
def test_a_store_that_another_process_made_first_keeps_its_runs(two, links, monkeypatch):
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    unfinished, path = two
    path.write_text("theirs")
    stores._settle(unfinished, path)
    assert path.read_text() == "theirs"


def test_what_killed_processes_left_is_removed_after_a_day(two):
    unfinished, path = two
    path.write_text("store")
    stores._remove_old(path.parent)
    assert unfinished.exists()
    yesterday = time.time() - 90_000
    os.utime(unfinished, (yesterday, yesterday))
    os.utime(path, (yesterday, yesterday))
    stores._remove_old(path.parent)
    assert not unfinished.exists()
    assert path.exists()


@pytest.mark.slow
def test_a_check_that_ends_while_the_store_is_created_leaves_no_half_store(tmp_path, environ):
    with Tracker.start(choose_store(tmp_path, environ={}), environ):
        until = time.monotonic() + 60
        while not list(tmp_path.glob(".hcgov/*")) and time.monotonic() < until:
            time.sleep(0.02)
        names = {path.name.partition("-")[0] for path in tmp_path.glob(".hcgov/*")}
        assert names == {"mlflow.db.unfinished"}
        time.sleep(0.3)
    assert list(tmp_path.glob(".hcgov/*")) == []
