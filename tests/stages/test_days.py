import pytest

from hcgov.stages.days import age


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-11-21", 0),
        ("2025-11-21", 365),
        ("2026-11-22", -1),
        (" 2026-11-20T23:59:00Z", 1),
        ("21/11/2026", None),
        ("", None),
        ("2026-02-30", None),
        ("yesterday", None),
    ],
)
def test_days_until_today(written, expected):
    assert age(written, "2026-11-21") == expected
