"""The audit of personalization on the calibrated table, and on tables that say too little."""

from dataclasses import replace

import numpy as np
import pytest

from hcgov.core.check import Example
from hcgov.core.evidence.long import Long, coded
from hcgov.core.long_tables import COLUMNS, LongKind
from hcgov.core.sheet import Bars, Facts, Grid, Heat, Note, Tone, Value
from hcgov.core.slices import SliceRules
from hcgov.core.status import Reason, Verdict
from hcgov.io.plugins import load_registry
from hcgov.judgement.engine import assess_example
from hcgov.stages.deployment.user_rights import UserRights, examples, user_rights
from hcgov.stages.evaluation.personalization_benefit import PersonalizationBenefit, personalization_benefit
from hcgov.stages.evaluation.personalization_extraction import (
    PersonalizationExtraction,
    personalization_extraction,
)
from hcgov.stages.evaluation.personalization_harm import PersonalizationHarm, personalization_harm
from hcgov.stages.evaluation.personalization_over_selection import (
    PersonalizationOverSelection,
    personalization_over_selection,
)
from hcgov.stages.evaluation.personalization_precision import (
    PersonalizationPrecision,
    personalization_precision,
)
from hcgov.stages.evaluation.personalization_sensitive import (
    PersonalizationSensitive,
    personalization_sensitive,
)
from hcgov.stages.evaluation.reward_model_usable import RewardModelUsable, reward_model_usable
from hcgov.stages.evaluation.synthetic_gap import SyntheticGap, synthetic_gap
from hcgov.stages.judgments.personal_beside import beside
from hcgov.stages.judgments.personal_export import FEW, anonymised
from hcgov.stages.judgments.personal_fixture import Sizes, long_of, personalization_long, personalization_rows
from hcgov.stages.judgments.personal_params import whole_audit
from hcgov.stages.judgments.personal_relevance import pairs_of, selected
from hcgov.stages.judgments.personal_response import ranked, replies_of
from hcgov.stages.judgments.personal_rows import obstacle, stage_rows
from hcgov.stages.judgments.personal_selector import Retrained, retrained
from hcgov.stages.judgments.personal_verifier import Verified, verified
from hcgov.stages.judgments.sheets.personalization import personalization_sheet
from hcgov.stages.worked import at_least, at_most

LONG = personalization_long(3, Sizes(attributes=1000, pairs=2000))


def tabled(rows, **kwargs):
    names = dict.fromkeys(name for row in rows for name in row)
    return long_of({name: tuple(row.get(name) for row in rows) for name in names}, **kwargs)


def small(stage, **sizes):
    return [
        row
        for row in personalization_rows(1, Sizes(**{"users": 40, "attributes": 200, "pairs": 200} | sizes))
        if row["stage"] == stage
    ]


def test_the_gap_between_sources_fails_on_the_fixture():
    found = list(personalization_extraction(LONG, PersonalizationExtraction()))
    (gap,) = [one for one in found if not one.shown]
    assert gap.estimate.value == pytest.approx(0.22, abs=0.06)
    assert {str(one.scope) for one in found if one.shown} == {"source=human", "source=synthetic"}


def test_every_judge_over_selects_two_to_three_times():
    found = [
        one
        for one in personalization_over_selection(LONG, PersonalizationOverSelection())
        if one.metric == "over_selection"
    ]
    assert len(found) == 5
    assert all(1.8 < one.estimate.value < 3.2 for one in found)


def test_the_verifier_beats_majority_and_rule_on_other_users():
    rows = stage_rows(LONG, "1")
    found = verified(rows.where(~rows.synthetic))
    assert isinstance(found, Verified)
    scores = {way.name: way.found.f() or 0.0 for way in found.ways}
    assert scores["classifier"] > max(f for name, f in scores.items() if name != "classifier") + 0.05
    assert found.gain.value == pytest.approx(found.after.value - found.before.value)
    assert found.gain.value > 0.1
    assert 0.0 < found.lost.value < 0.4


def test_missing_less_costs_more():
    rows = stage_rows(LONG, "1")
    own = rows.where(~rows.synthetic)
    one, two = verified(own), verified(own, beta=2.0)
    assert two.ways[0].found.recall > one.ways[0].found.recall
    assert two.lost.value > one.lost.value


def test_the_classifier_restrains_itself_and_gains():
    pairs = pairs_of(stage_rows(LONG, "2"))
    found = retrained(pairs)
    assert isinstance(found, Retrained)
    assert 0.8 < found.after.over.value < 1.25 < found.before.over.value
    assert found.after.f1.value > found.before.f1.value
    assert found.gain.value == pytest.approx(found.after.f1.value - found.before.f1.value)
    for one in found.others:  # plain retrieval is better than chance and worse than the classifier
        assert one.prevalence < one.f1.value < found.after.f1.value


def test_predictions_from_elsewhere_are_taken_as_they_are():
    pairs = pairs_of(stage_rows(LONG, "2"))
    found = retrained(pairs, predictions="judge 2", baseline="judge 5")
    assert (found.before.name, found.after.name) == ("judge 5", "judge 2")
    assert found.after.f1.value == pytest.approx(selected(pairs, "judge 2", pairs.judged["judge 2"]).f1.value)


def test_a_score_that_is_given_is_a_baseline():
    rows = small("2")
    for row in rows:
        if row["rater"] == "judge 1":
            row["score"] = 1.0 if row["label"] == "yes" else 0.0
    found = retrained(pairs_of(stage_rows(tabled(rows), "2")))
    assert "judge 1, its score" in {one.name for one in found.others}


def test_a_reward_model_of_a_third_is_not_shown_to_be_usable():
    found = {one.metric: one for one in reward_model_usable(LONG, RewardModelUsable())}
    assert found["reward_minus_person"].estimate.value < 0.0
    assert found["one_person"].estimate.value < found["perfect_model"].estimate.value


def test_ranks_without_anyone_who_varies():
    rows = small("3", responses=60)
    for row in rows:
        if row["rater_kind"] == "human":
            row["label"] = "3"
    stage = stage_rows(tabled(rows), "3")
    assert obstacle(stage, min_raters=2)[0] is Reason.CONSTANT_OUTCOME
    found = ranked(replies_of(stage))
    assert found.between_people is None
    assert all(one is None for _, one in found.judges)
    assert found.reward_minus_person is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda rows: [], Reason.SMALL_N),
        (lambda rows: [r for r in rows if r["rater_kind"] != "human"], Reason.UNMATCHED_PAIRS),
        (lambda rows: [*rows, rows[0]], Reason.REPEATED),
        (lambda rows: [r for r in rows if r["rater"] == "person 1"], Reason.FEW_CLUSTERS),
        (lambda rows: [r for r in rows if r["item"] == rows[0]["item"]], Reason.SMALL_N),
        (lambda rows: [r | {"label": "accept"} for r in rows], Reason.CONSTANT_OUTCOME),
        (lambda rows: [r for r in rows if r["source"] == "synthetic"], Reason.UNMATCHED_PAIRS),
        (lambda rows: [r | {"label": "perhaps"} for r in rows], Reason.SMALL_N),
        (lambda rows: [r | {"user": None} for r in rows], Reason.FEW_PEOPLE),
        (lambda rows: [r | {"user": "one"} for r in rows], Reason.FEW_PEOPLE),
    ],
    ids=["empty", "judges", "twice", "rater", "item", "label", "synthetic", "unread", "nobody", "one"],
)
def test_bad_input_has_a_reason(change, reason):
    rows = small("1")
    table = tabled(change(rows)) if change(rows) else replace(tabled(rows), rows=0, columns=nothing(rows))
    (found,) = [
        one
        for one in personalization_precision(table, PersonalizationPrecision())
        if one.reason is not None and not one.shown
    ]
    assert (found.estimate, found.reason) == (None, reason)


def nothing(rows):
    names = ("stage", "item", "user", "rater", "rater_kind", "label", "source")
    return {name: coded([]) for name in names}


def test_messages_name_no_rater_and_no_user():
    rows = small("1")
    table = tabled([*rows, rows[0]])
    for one in personalization_precision(table, PersonalizationPrecision()):
        assert str(rows[0]["rater"]) not in str(one.note)
        assert str(rows[0]["user"]) not in str(one.note)


def test_small_groups_are_named_and_not_judged():
    long = replace(LONG, rules=SliceRules(by=("region",), min_people=30))
    found = [one for one in personalization_benefit(long, PersonalizationBenefit()) if not one.shown]
    everyone, *regions = found
    assert everyone.estimate is not None
    assert {str(one.scope) for one in regions} == {"region=north", "region=south"}
    assert {one.reason for one in regions} == {Reason.FEW_PEOPLE}


def test_groups_that_are_not_told_are_missing():
    long = replace(LONG, rules=SliceRules(by=("age",), min_people=30))
    found = [one for one in personalization_benefit(long, PersonalizationBenefit()) if not one.shown]
    assert found[1].reason is Reason.MISSING_DEMOGRAPHICS


def test_judges_fill_in_where_people_did_not_label():
    rows = [row for row in small("2") if row["rater_kind"] == "human" or row["rater"] == "judge 1"]
    kept = [r for r in rows if r["rater_kind"] == "judge" or int(str(r["item"])[-2:]) < 50]
    stage = stage_rows(tabled(kept), "2")
    told = beside(stage, stage.value == 1.0)
    corrected = [one for one in told if one.corrected]
    people = next(one for one in told if one.rater == "people")
    assert len(corrected) == 1
    assert (
        abs(corrected[0].rate.value - people.rate.value) < 0.1 < abs(told[1].rate.value - people.rate.value)
    )


def numbers(sheet):
    for section in sheet.sections:
        for part in section.parts:
            if isinstance(part, Grid):
                assert all(len(row) == len(part.head) for row in part.rows)
                yield from (cell for row in part.rows for cell in row if isinstance(cell, Value))
            elif isinstance(part, Facts):
                yield from (fact.value for fact in part.facts if isinstance(fact.value, Value))
            elif isinstance(part, Bars):
                yield from (value for _, value in part.rows)
            elif isinstance(part, Heat):
                assert all(len(row) == len(part.columns) for row in part.values)


def test_the_sheet_holds_all_stages_and_no_nan():
    sheet = personalization_sheet(LONG, date="2026-11-21")
    ids = [section.id for section in sheet.sections]
    stages = ["extraction", "relevance", "response"]
    assert ids == ["counts", *stages, "interventions", "end-to-end", "user-rights", "method"]
    parts = [part.id for section in sheet.sections for part in section.parts if hasattr(part, "id")]
    assert len(parts) == len(set(parts))
    for value in numbers(sheet):
        assert value.value is not None or value.why is not None
        for number in (value.value, value.low, value.high):
            assert number is None or np.isfinite(number)
            if value.low is not None:
                assert value.low <= value.value <= value.high


@pytest.mark.parametrize("stage", ["1", "2", "3"])
def test_a_table_of_one_stage_still_gives_a_sheet(stage):
    sheet = personalization_sheet(tabled(small(stage, responses=60)), date="2026-11-21")
    tones = [part.tone for section in sheet.sections for part in section.parts if isinstance(part, Note)]
    assert Tone.CANNOT_TELL in tones
    assert all(value.value is not None or value.why is not None for value in numbers(sheet))


def test_a_sheet_of_nothing_says_so():
    rows = small("1")
    sheet = personalization_sheet(replace(tabled(rows), rows=0, columns=nothing(rows)), date="2026-11-21")
    assert not [value for value in numbers(sheet) if value.value]


def test_rights_are_told_on_the_sheet():
    from hcgov.core.occasion import Occasion

    store = examples()[0].evidence["store"]
    told = tuple(user_rights(store, UserRights(), Occasion(date="2026-11-21")))
    sheet = personalization_sheet(
        tabled(small("3", responses=60)), date="2026-11-21", rights=told, remedies=False
    )
    section = next(one for one in sheet.sections if one.id == "user-rights")
    assert len(section.parts[0].rows) == 5


def test_the_export_names_nobody():
    rows = small("3", responses=60)
    for row in rows:
        row["region"] = "islet" if row["user"] == "user-000" else row["region"]
        row["text"] = None
    long = tabled(rows)
    found = anonymised(long, seed=1)
    assert {len(values) for values in found.values()} == {len(rows)}
    everything = {value for values in found.values() for value in values}
    assert not everything & {"person 1", "user-000", "islet", rows[0]["item"]}
    assert {"judge 1", "reward model", FEW} <= everything
    assert "response" not in found
    assert found == anonymised(long, seed=1) != anonymised(long, seed=2)
    same = dict(zip((r["user"] for r in rows), found["user"], strict=True))
    assert len(set(same.values())) == len(same) == 40


@pytest.mark.parametrize(
    ("check", "settings", "limit", "verdict"),
    [
        # What the calibrated audit must come out as: the published findings, as verdicts.
        ("personalization_extraction", {}, at_most("0.05"), Verdict.FAIL),
        ("personalization_precision", {}, at_least("0.80"), Verdict.FAIL),
        ("personalization_over_selection", {}, at_most("1.25"), Verdict.FAIL),
        ("personalization_relevance", {}, at_least("0.70"), Verdict.FAIL),
        ("personalization_benefit", {"measure": "net_win"}, at_least("0"), Verdict.PASS),
        ("personalization_benefit", {"measure": "no_better"}, at_most("0.55"), Verdict.INCONCLUSIVE),
        ("personalization_harm", {}, at_most("0.20"), Verdict.FAIL),
        ("personalization_judge_inflation", {}, at_most("0.10"), Verdict.FAIL),
        ("reward_model_usable", {}, at_least("-0.05"), Verdict.INCONCLUSIVE),
        ("intervention_gain", {"remedy": "verify"}, at_least("0"), Verdict.PASS),
    ],
)
def test_verdicts_on_the_calibrated_audit(check, settings, limit, verdict):
    declared = load_registry([f"evaluation.{check}"]).checks[f"evaluation.{check}"]
    example = Example(
        title="calibrated",
        params=declared.params(**settings),
        evidence={"long": LONG},
        expect=verdict,
        limit=limit,
    )
    assert assess_example(declared, example) is verdict


def test_the_report_asks_for_every_column():
    asked = whole_audit("personalization")
    assert {*asked.needs, *asked.may} == set(COLUMNS[LongKind.PERSONALIZATION])


def every(rows, k, **change):
    """Return rows of which those of every k-th item are changed."""
    items = {item: i for i, item in enumerate(sorted({str(row["item"]) for row in rows}))}
    return [row | change if items[str(row["item"])] % k == 0 else row for row in rows]


@pytest.mark.parametrize("check", [personalization_precision, personalization_extraction])
def test_conversations_of_an_unknown_source_are_not_taken_for_peoples(check):
    params = PersonalizationPrecision() if check is personalization_precision else PersonalizationExtraction()
    (found,) = check(tabled(every(small("1"), 8, source=None)), params)
    assert (found.estimate, found.reason) == (None, Reason.MISSING_OUTCOMES)
    assert "whether the conversation is synthetic" in str(found.note)


def test_a_judge_that_left_out_what_people_judged_is_not_held_against_them():
    rows = [row for row in small("2") if row["rater_kind"] == "human" or row["rater"] == "judge 1"]
    items = sorted({str(row["item"]) for row in rows})[::5]
    kept = [row for row in rows if row["rater_kind"] == "human" or str(row["item"]) not in items]
    found = list(personalization_over_selection(tabled(kept), PersonalizationOverSelection()))
    assert [(one.estimate, one.reason) for one in found] == [(None, Reason.UNMATCHED_PAIRS)]
    assert f"{len(items)} of " in str(found[0].note)


def test_a_reward_model_that_scored_some_responses_only_is_not_judged():
    rows = small("3", responses=60)
    items = sorted({str(row["item"]) for row in rows})[::5]
    kept = [row for row in rows if row["rater_kind"] != "reward" or str(row["item"]) not in items]
    (found,) = reward_model_usable(tabled(kept), RewardModelUsable())
    assert found.reason is Reason.UNMATCHED_PAIRS


def test_what_is_wrong_has_to_be_said_to_rule_out_what_is_sensitive():
    rows = every(small("1"), 5, failure=None)
    (found,) = personalization_sensitive(tabled(rows), PersonalizationSensitive())
    assert (found.estimate, found.reason) == (None, Reason.MISSING_OUTCOMES)
    assert "do not say what is wrong" in str(found.note)


def test_nobody_asked_is_not_nobody_bothered():
    rows = small("3", responses=60)
    (shown, *_) = personalization_harm(tabled([r | {"intrusive": None} for r in rows]), PersonalizationHarm())
    assert shown.reason is Reason.MISSING_OUTCOMES
    without = tabled([{k: v for k, v in row.items() if k != "intrusive"} for row in rows])
    told = [str(one.note) for one in personalization_harm(without, PersonalizationHarm()) if one.shown]
    assert told == ["nobody was asked whether a response is intrusive: only preferences count"]


def test_two_sources_that_do_not_vary_have_no_interval():
    rows = [
        {
            "item": f"{source}{i}",
            "rater": f"p{k}",
            "rater_kind": "human",
            "score": score,
            "source": source,
            "user": f"{source}{i}",
        }
        for source, score in (("human", "4"), ("synthetic", "3"))
        for i in range(40)
        for k in range(2)
    ]
    names = dict.fromkeys(rows[0])
    table = Long(
        table="evaluations",
        kind=LongKind.EVALUATIONS,
        rows=len(rows),
        columns={name: coded([row[name] for row in rows]) for name in names},
        source=LONG.source,
    )
    found = [one for one in synthetic_gap(table, SyntheticGap()) if not one.shown]
    assert {(one.estimate, one.reason) for one in found} == {(None, Reason.CONSTANT_OUTCOME)}
