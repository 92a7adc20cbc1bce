"""Reports and cards in a real browser: they open without script and network, on a phone, and for everyone."""

from pathlib import Path

import pytest

from hcgov.io.render.html import render_html
from hcgov.io.render.model_card import render_model_card, render_model_card_html
from hcgov.io.render.sheets import render_sheet_html
from hcgov.stages.judgments.personal_fixture import Sizes, personalization_long
from hcgov.stages.judgments.sheets.personalization import personalization_sheet
from tests.io.render.sample_reports import SAMPLES
from tests.io.render.sample_sheets import sheet

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AUDITED = ("all_met", "failing", "excepted", "empty", "crowded", "everything_missing", "hostile")


SHEETS = ("sheet", "personalization-sheet")


def _page(name: str) -> str:
    if name == "sheet":
        return render_sheet_html(sheet())
    if name == "personalization-sheet":
        return render_sheet_html(
            personalization_sheet(personalization_long(1, Sizes()), date="2026-11-21", remedies=False)
        )
    report = SAMPLES[name.removesuffix("-card")]()
    if name.endswith("-card"):
        return render_model_card_html(report, render_model_card(report))
    return render_html(report)


@pytest.fixture(scope="session", params=[*SAMPLES, "failing-card", "hostile-card", *SHEETS])
def file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / f"{request.param}.html"
    path.write_text(_page(request.param), encoding="utf-8", newline="\n")
    return path


def test_it_opens_without_script_network_or_complaint(browser, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    asked, told = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto(file.as_uri())
    assert asked == [file.as_uri()]
    assert told == []
    assert page.locator("h1").count() == 1
    context.close()


def test_the_policy_lets_the_style_in_and_nothing_else(browser, file: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    told = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(file.as_uri())
    assert page.evaluate("getComputedStyle(document.querySelector('.wrap')).maxWidth") in {"1152px", "960px"}
    assert told == []
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')")
    page.wait_for_timeout(50)
    assert any("style-src" in text or "inline style" in text for text in told), "the policy does not bite"
    context.close()


@pytest.mark.parametrize("width", [320, 390, 768])
def test_no_page_scrolls_sideways(browser, file: Path, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(file.as_uri())
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    context.close()


def test_text_is_not_cut_when_it_is_twice_as_large(browser, file: Path) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(file.as_uri())
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    context.close()


def test_the_first_link_goes_past_the_first_screen(browser, file: Path) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(file.as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    top = page.evaluate("document.activeElement.getBoundingClientRect().top")
    assert 0 <= top < 100
    context.close()


def test_it_prints_light_on_paper_without_leaving_the_sheet(browser, file: Path, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 673, "height": 980}, color_scheme="dark")
    page = context.new_page()
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(file.as_uri())
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert (
        page.evaluate("getComputedStyle(document.querySelector('thead') || document.body).display") != "none"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 673  # A4 less its margins
    page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [*AUDITED, "failing-card", "hostile-card", *SHEETS])
def test_axe_finds_nothing(browser, axe: str, tmp_path: Path, name: str, scheme: str) -> None:
    path = tmp_path / "page.html"
    path.write_text(_page(name), encoding="utf-8", newline="\n")
    context = browser.new_context(
        color_scheme=scheme, bypass_csp=True, viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    page.goto(path.as_uri())
    page.add_script_tag(content=axe)
    found = page.evaluate(f"async () => (await axe.run(document, {{runOnly: {TAGS}}})).violations")
    told = [
        f"{v['id']} ({v['impact']}): {v['nodes'][0]['target']} {v['nodes'][0]['html'][:160]}" for v in found
    ]
    assert told == []
    context.close()


def test_axe_would_find_a_fault(browser, axe: str, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        _page("all_met").replace("--soft: #4c5661", "--soft: #c0c8d0", 1), encoding="utf-8", newline="\n"
    )
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(path.as_uri())
    page.add_script_tag(content=axe)
    found = page.evaluate("async () => (await axe.run(document)).violations.map(v => v.id)")
    assert "color-contrast" in found
    context.close()
