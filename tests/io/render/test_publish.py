"""What is published beside what was published before."""

from hcgov.core.record import ControlV1, FindingV1, ReportV1
from hcgov.io.render.model_card import render_model_card
from hcgov.io.render.model_card.publish import published
from tests.io.render.sample_parts import rate, sentence
from tests.io.render.sample_reports import failing


def _report(sizes: dict[str, tuple[int, int]]) -> ReportV1:
    control = failing().controls[4]
    shown: list[FindingV1] = [rate("region", r, x, n, 0.1, 0.9, metric="rate") for r, (x, n) in sizes.items()]
    whole = rate("region", "all", *map(sum, zip(*sizes.values(), strict=True)), 0.1, 0.9, metric="rate")  # type: ignore[arg-type]  # x and n
    group = whole.groups[0].model_copy(update={"slice": "everyone"})
    everyone = whole.model_copy(update={"slice": {}, "about": "everyone", "groups": (group,)})
    own = control.model_copy(update={"shown": (everyone, *shown)})
    return failing().model_copy(update={"controls": (own,)})


def _values(report: ReportV1, before: ReportV1 | None = None) -> dict[str, bool]:
    """Return which slices show a value."""
    (control,) = published(report, before).report.controls
    return {f.about: f.estimate is not None and f.estimate.value is not None for f in control.shown}


BEFORE = {"north": (200, 400), "south": (210, 420), "east": (150, 300), "west": (90, 180)}


def test_without_small_cells_everything_is_shown() -> None:
    assert all(_values(_report(BEFORE)).values())


def test_a_group_that_grew_by_few_people_is_hidden_and_so_is_what_would_tell_it() -> None:
    now = {**BEFORE, "west": (92, 184)}
    assert all(_values(_report(now)).values())
    shown = _values(_report(now), _report(BEFORE))
    # Four people joined: they would be told by the group, and by the total.
    assert not shown["region=west"]
    assert "everyone" not in shown
    assert shown["region=north"]


def test_what_was_hidden_before_stays_hidden() -> None:
    first = _report({**BEFORE, "west": (5, 40)})
    assert not _values(first)["region=east"]  # hidden because west was
    later = _report({"north": (300, 600), "south": (310, 640), "east": (150, 300), "west": (80, 200)})
    assert _values(later)["region=east"]
    assert not _values(later, first)["region=east"]


def test_the_card_takes_the_record_that_was_published_before() -> None:
    now = _report({**BEFORE, "west": (92, 184)})
    assert "| region=west | 0.500 " in render_model_card(now)
    card = render_model_card(now, published_before=_report(BEFORE))
    assert "| region=west | –" in card


def test_sentences_round_what_they_count_and_hide_what_is_few() -> None:
    control: ControlV1 = failing().controls[4]

    def told(missing: int) -> str:
        headline = sentence("{missing} of {rows} rows have no outcome", missing=missing, rows=1003)
        own = control.model_copy(update={"headline": headline, "findings": (), "shown": (), "worst": ""})
        report = failing().model_copy(update={"controls": (own,)})
        return published(report).report.controls[0].headline.text

    assert told(123) == "125 of 1005 rows have no outcome"
    assert told(4) == "The numbers are suppressed to protect people."


def test_sizes_that_are_shown_do_not_tell_that_of_a_hidden_group() -> None:
    (control,) = published(_report({**BEFORE, "west": (4, 8)})).report.controls
    sizes = {f.about: f.estimate.n for f in control.shown if f.estimate is not None}
    assert sizes == {"everyone": 1130, "region=north": 400, "region=south": 420, "region=east": 0}
    # What is left, 310, are two groups together; west, of eight people, is not even named.
