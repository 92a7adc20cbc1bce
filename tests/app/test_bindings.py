"""Which values count is written down: swapping them cannot stay unseen."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hcgov.app.check import Asked, run_check
from hcgov.core.record import ReportV1
from hcgov.io.data import data_path
from hcgov.io.render import render


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> ReportV1:
    root: Path = tmp_path_factory.mktemp("bound") / "project"
    shutil.copytree(data_path("examples", "recidivism"), root, ignore=shutil.ignore_patterns(".hcgov"))
    now = datetime(2026, 11, 21, tzinfo=UTC)
    return run_check(Asked(root=root, now=now, stages=("evaluation",)), lambda _: None).report


def test_every_outcome_that_was_judged_is_bound_to_its_column_and_values(report: ReportV1) -> None:
    bound = {item.outcome: item for item in report.bindings}
    assert set(bound) >= {"prediction", "label", "favourable", "correct"}
    assert (bound["prediction"].column, bound["prediction"].adverse) == ("predicted_high", "higher")
    assert bound["favourable"].positive == ("0",)
    assert bound["favourable"].adverse == "lower"


def test_the_page_shows_it(report: ReportV1) -> None:
    page = render("html", report)
    assert "What the outcomes mean" in page
    assert "<code>predicted_high</code>" in page
