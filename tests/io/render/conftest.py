"""Every sample report, one at a time, and the page it gives."""

import pytest

from hcgov.core.record import ReportV1
from hcgov.io.render.html import render_html
from tests.io.render.sample_reports import SAMPLES


@pytest.fixture(scope="session", params=sorted(SAMPLES))
def sample(request: pytest.FixtureRequest) -> ReportV1:
    return SAMPLES[request.param]()


@pytest.fixture(scope="session")
def page(sample: ReportV1) -> str:
    return render_html(sample)
