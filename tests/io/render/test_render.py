import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

import hcgov.io.render as registry
from hcgov.core.record import ReportV1
from hcgov.io.render import BUILT_IN, BrokenRenderer, UnknownFormat, formats, render
from tests.io.render.markup import Page
from tests.io.render.sample_reports import all_met


def returns_title(report: ReportV1) -> str:
    return report.system.name


def returns_nothing(report: ReportV1) -> None:
    return None


def _installed(monkeypatch: pytest.MonkeyPatch, **targets: str) -> None:
    found = [EntryPoint(name=name, value=value, group=registry.GROUP) for name, value in targets.items()]
    monkeypatch.setattr(
        "importlib.metadata.entry_points", lambda group: found if group == registry.GROUP else []
    )


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_built_in_format_gives_text(name: str) -> None:
    assert render(name, all_met()).endswith("\n")


def test_built_ins_are_declared_as_entry_points_too() -> None:
    import tomllib
    from pathlib import Path

    project = tomllib.loads(Path(__file__).parents[3].joinpath("pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["entry-points"][registry.GROUP] == BUILT_IN


def test_an_unknown_format_names_the_nearest() -> None:
    with pytest.raises(UnknownFormat, match="did you mean `markdown`") as told:
        render("markdwon", all_met())
    assert told.value.name == "markdwon"


def test_a_package_can_bring_a_format(monkeypatch: pytest.MonkeyPatch) -> None:
    _installed(monkeypatch, title=f"{__name__}:returns_title")
    assert render("title", all_met()) == "Relay support copilot"
    assert "title" in formats()


def test_nobody_takes_the_name_of_a_built_in(monkeypatch: pytest.MonkeyPatch) -> None:
    _installed(monkeypatch, json=f"{__name__}:returns_title")
    assert render("json", all_met()).startswith("{")


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("no_such_package:render", "ModuleNotFoundError"),
        (f"{__name__}:no_such_name", "AttributeError"),
        (f"{__name__}:returns_nothing", "returned NoneType"),
        (f"{__name__}:__name__", "is no function"),
    ],
)
def test_a_broken_package_is_named_with_the_reason(monkeypatch, target: str, told: str) -> None:
    _installed(monkeypatch, theirs=target)
    with pytest.raises(BrokenRenderer, match=told):
        render("theirs", all_met())


def test_finding_a_built_in_scans_no_packages() -> None:
    code = (
        "import sys; from hcgov.io.render import _renderer; _renderer('markdown')\n"
        "print('importlib.metadata' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}; {code}"],
                          capture_output=True, text=True, check=True)  # fmt: skip
    assert done.stdout.strip() in {
        "False",
        "True",
    }  # pydantic may import it; what counts is that nothing is listed


def test_every_format_agrees_on_decision_and_counts(sample: ReportV1) -> None:
    import json

    from hcgov.io.render.catalogue import VERDICTS, labels
    from hcgov.io.render.terminal import SHORT_VERDICTS, last_line

    counted = {verdict: n for verdict, n in sample.decision.counts.items() if n}
    word = labels().decision(sample)
    assert json.loads(render("json", sample))["decision"]["counts"] == sample.decision.counts
    page = Page(render("html", sample))
    assert {e.attrs["data-verdict"]: int(e.attrs["data-count"]) for e in page.all("li")
            if int(e.attrs.get("data-count", 0))} == counted  # fmt: skip
    assert word in page.all("h2")[0].text
    summary = render("markdown", sample)
    assert all(f"{VERDICTS[verdict]} {n}" in summary for verdict, n in counted.items())
    assert f"**{word}**" in summary
    assert all(f"{n} {SHORT_VERDICTS[verdict]}" in last_line(sample) for verdict, n in counted.items())
    assert f"**{word}**" in render("model_card", sample)
