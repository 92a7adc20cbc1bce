import json
from decimal import Decimal

import pytest

from hcgov.core.record import ReportV1
from hcgov.io.render.json_report import NotAReport, read_report, render_json, report_digest
from tests.io.render.sample_reports import all_met, failing, hostile


def test_a_report_is_read_back_as_it_was_written(sample: ReportV1) -> None:
    written = render_json(sample)
    assert read_report(written.encode()) == sample
    assert render_json(read_report(written.encode())) == written
    assert written.endswith("}\n")
    assert json.loads(written)["schema"] == "hcgov.report/1"


def test_text_from_outside_is_kept_as_it_was() -> None:
    written = json.loads(render_json(hostile()))
    assert written["system"]["description"] == hostile().system.description
    assert "模型" in render_json(hostile())
    assert "\u202e" in written["actor"]


def test_the_order_of_a_slices_columns_survives() -> None:
    crossed = next(f for f in failing().controls[4].shown if f.depth == 2)
    again = read_report(render_json(failing()).encode()).controls[4].shown
    assert list(crossed.slice) == ["race", "sex"]
    assert list(next(f for f in again if f.depth == 2).slice) == ["race", "sex"]


def test_a_number_that_is_none_is_refused_and_never_written() -> None:
    control = failing().controls[4]
    estimate = control.findings[0].estimate.model_copy(update={"low": float("nan")})
    finding = control.findings[0].model_copy(update={"estimate": estimate})
    report = failing().model_copy(update={"controls": (control.model_copy(update={"findings": (finding,)}),)})
    with pytest.raises(ValueError, match="not JSON compliant"):
        render_json(report)


def test_parameters_of_checks_become_json() -> None:
    control = (
        all_met().controls[0].model_copy(update={"params": {"share": Decimal("0.10"), "by": ("a", "b")}})
    )
    written = json.loads(render_json(all_met().model_copy(update={"controls": (control,)})))
    assert written["controls"][0]["params"] == {"share": "0.10", "by": ["a", "b"]}


def test_half_a_surrogate_pair_does_not_stop_the_report() -> None:
    report = all_met().model_copy(update={"actor": "a\ud800b"})
    assert json.loads(render_json(report).encode("utf-8"))["actor"] == "a?b"


def test_another_record_has_another_digest() -> None:
    assert report_digest(all_met()) != report_digest(failing())
    assert report_digest(all_met()) == report_digest(all_met())


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "not readable JSON"),
        (b"\xff\xfe", "not readable JSON"),
        (b"[" * 100_000, "not readable JSON"),
        (b'{"a": NaN}', "NaN is no JSON number"),
        (b"[]", "not a report of hcgov"),
        (b'{"version": "2.1.0", "runs": []}', "not a report of hcgov"),
        (b'{"schema": "hcgov.report/2"}', "newer one"),
        (b'{"schema": "hcgov.report/1"}', "does not keep to"),
    ],
)
def test_what_is_no_report_of_ours_is_refused_in_a_sentence(data: bytes, told: str) -> None:
    with pytest.raises(NotAReport, match=told):
        read_report(data)


def test_an_unknown_key_is_named() -> None:
    written = json.loads(render_json(all_met()))
    written["decision"]["mood"] = "good"
    with pytest.raises(NotAReport, match=r"decision\.mood"):
        read_report(json.dumps(written).encode())
