"""No verdict about judgments goes green because something is missing, unrecorded, copied or stands there twice."""

from array import array
from dataclasses import replace

import pytest

from hcgov.core.check import Example
from hcgov.core.evidence.long import LeftOut, coded, numbered
from hcgov.core.measurement import Measurement
from hcgov.core.slices import SliceRules
from hcgov.core.status import Reason, Verdict
from hcgov.io.plugins import load_registry
from hcgov.judgement.engine import assess_example
from hcgov.stages.data.annotation_majority_gap import AnnotationMajorityGap, annotation_majority_gap
from hcgov.stages.evaluation.override_harm import OverrideHarm, override_harm
from hcgov.stages.judgments.annotating import chance, crowd, halves, says, truth
from hcgov.stages.judgments.oversight import Task, advised
from hcgov.stages.judgments.oversight_compared import ComparedParams, scored
from hcgov.stages.judgments.oversight_events import Use, events
from hcgov.stages.judgments.oversight_ledger import stop_reached
from hcgov.stages.judgments.oversight_streams import waves
from hcgov.stages.worked import at_least, at_most
from hcgov.stats.bounds import lower
from hcgov.stats.oversight.progress import Measured, gain

CHECKS = load_registry().checks
TASKS = (Task(each=30, agree=0.96), Task(each=20, agree=0.05, right=False))
WORK = advised({"north": (40, TASKS), "south": (40, TASKS)})


def verdict(check, long, limit=None):
    one = CHECKS[check]
    example = Example(
        title="planted", params=one.params(), evidence={"long": long}, expect=Verdict.PASS, limit=limit
    )
    return assess_example(one, example)


def names(long, column):
    found = long.columns[column] if column in long.columns else long.groups[column]
    return [None if code < 0 else found.names[code] for code in found.codes]


def told(long, column, values):
    return replace(long, columns={**long.columns, column: coded(values)})


def rows(long, kept):
    def some(column):
        if hasattr(column, "codes"):
            return replace(column, codes=array("i", [column.codes[row] for row in kept]))
        return replace(column, values=array("d", [column.values[row] for row in kept]))

    columns = {name: some(column) for name, column in long.columns.items()}
    return replace(long, rows=len(kept), columns=columns, groups={n: some(g) for n, g in long.groups.items()})


def unrecorded_in(long, column, group):
    return told(
        long,
        column,
        [
            None if region == group else value
            for value, region in zip(names(long, column), names(long, "region"), strict=True)
        ],
    )


OVERSIGHT = [("evaluation.override_harm", at_most("0.10")), ("evaluation.automation_bias", at_most("0.20"))]
oversight = pytest.mark.parametrize(("check", "limit"), OVERSIGHT)


@oversight
def test_a_region_of_which_nobody_knows_what_is_right_is_not_passed_over(check, limit):
    assert verdict(check, WORK, limit) is Verdict.PASS
    assert verdict(check, unrecorded_in(WORK, "truth", "south"), limit) is Verdict.INCONCLUSIVE


@oversight
def test_a_declared_region_without_people_is_named(check, limit):
    declared = SliceRules(by=("region",), groups={"region": ("north", "south", "west")})
    assert verdict(check, replace(WORK, rules=declared), limit) is Verdict.INCONCLUSIVE
    found = override_harm(replace(WORK, rules=declared), OverrideHarm())
    absent = [m for m in found if isinstance(m, Measurement) and m.reason is Reason.ABSENT_GROUP]
    assert [str(m.scope) for m in absent] == ["region=west"]


@oversight
def test_names_that_look_alike_are_not_two_regions(check, limit):
    split = [f"{r} " if i % 2 else r for i, r in enumerate(names(WORK, "region"))]
    assert verdict(check, replace(WORK, groups={"region": coded(split)}), limit) is Verdict.INCONCLUSIVE


@oversight
def test_a_truth_copied_from_the_label_shows_nothing(check, limit):
    bad = (Task(each=30, agree=0.6), Task(each=20, agree=0.6, right=False))
    work = advised({"north": (40, bad), "south": (40, bad)})
    assert verdict(check, work, limit) is Verdict.FAIL
    assert verdict(check, told(work, "truth", names(work, "label")), limit) is Verdict.INCONCLUSIVE


@oversight
def test_suggestions_of_which_nobody_says_that_they_were_shown_decide_nothing(check, limit):
    said = ["true" if i % 10 == 0 else None for i in range(WORK.rows)]
    assert verdict(check, told(WORK, "suggestion_shown", said), limit) is Verdict.INCONCLUSIVE


@oversight
def test_rows_that_were_left_out_for_naming_nobody_count(check, limit):
    thin = replace(WORK, left_out=(LeftOut(why="no_annotator", rows=4 * WORK.rows),))
    assert verdict(check, thin, limit) is Verdict.INCONCLUSIVE
    few = replace(WORK, left_out=(LeftOut(why="no_annotator", rows=3),))
    assert verdict(check, few, limit) is Verdict.PASS


PROMPTS = "evaluation.prompt_regression"
MARGIN = at_least("-0.02")


def test_one_unknown_user_does_not_make_items_of_the_users():
    both = scored({"north": (600, 0.9, 0.88), "south": (600, 0.9, 0.88)}, systems=("new", "old"))
    assert verdict(PROMPTS, both, MARGIN) is Verdict.PASS
    eight = told(both, "user", [f"u{i % 7}" for i in range(both.rows)])
    assert verdict(PROMPTS, eight, MARGIN) is Verdict.INCONCLUSIVE
    holed = told(both, "user", [None, *names(eight, "user")[1:]])
    assert verdict(PROMPTS, holed, MARGIN) is Verdict.INCONCLUSIVE


def test_scores_that_are_all_the_same_say_nothing_beside_a_third_system():
    same = scored({"north": (600, 1.0, 1.0), "south": (600, 1.0, 1.0)}, systems=("new", "old"))
    third = scored({"north": (100, 0.5, 0.5)}, systems=("x", "y"))
    columns = {name: coded(names(same, name) + names(third, name)) for name in same.columns}
    groups = {"region": coded(names(same, "region") + names(third, "region"))}
    joined = replace(same, rows=same.rows + third.rows, columns=columns, groups=groups)
    assert verdict(PROMPTS, joined, MARGIN) is Verdict.INCONCLUSIVE


def test_a_region_that_only_one_system_answered_is_not_passed_over():
    share = (600, 0.9, 0.88)
    three = scored({"north": share, "south": share, "east": (40, 0.1, 0.9)}, systems=("new", "old"))
    places = zip(names(three, "region"), names(three, "system"), strict=True)
    kept = [row for row, place in enumerate(places) if place != ("east", "new")]
    assert verdict(PROMPTS, rows(three, kept), MARGIN) is Verdict.INCONCLUSIVE


def test_a_region_in_which_most_answers_are_missing_is_not_judged_by_the_rest():
    share = (600, 0.9, 0.88)
    three = scored({"north": share, "south": share, "east": (60, 0.9, 0.88)}, systems=("new", "old"))
    places = list(zip(names(three, "region"), names(three, "system"), range(three.rows), strict=True))
    kept = [row for region, system, row in places if (region, system) != ("east", "new") or row % 3]
    assert verdict(PROMPTS, rows(three, kept), MARGIN) is Verdict.INCONCLUSIVE


def test_fewer_unmatched_items_are_stricter():
    from hcgov.core.direction import Stricter, declarations

    found = {one.name: one.direction for one in declarations(ComparedParams)}
    assert found["max_unmatched"] is Stricter.LOWER


def test_a_region_that_is_never_audited_is_not_passed_over():
    both = events({"north": Use(users=200, audited=5), "south": Use(users=200, audited=0)})
    assert verdict("deployment.feedback_rate", both, at_most("0.10")) is Verdict.INCONCLUSIVE


def test_audits_of_a_region_that_stay_open_do_not_count_as_good():
    use = Use(users=600, audited=5)
    both = events({"north": use, "south": Use(users=60, audited=5, bad=0.3)})
    cells = zip(names(both, "audit_label"), names(both, "region"), strict=True)
    hidden = told(both, "audit_label", [None if cell == ("bad", "south") else cell[0] for cell in cells])
    assert verdict("deployment.feedback_rate", hidden, at_most("0.10")) is Verdict.INCONCLUSIVE


AUTOMATED = events({"north": Use(users=60, each=40)})


@pytest.mark.parametrize(
    "change",
    [
        {"groups": {}},
        {"groups": {"region": coded([None if i % 100 else "north" for i in range(AUTOMATED.rows)])}},
        {"rules": SliceRules(by=("region",), groups={"region": ("north", "west")})},
    ],
    ids=["no column", "unrecorded", "a declared group is absent"],
)
def test_a_task_is_not_automated_for_groups_of_whom_nothing_is_known(change):
    assert verdict("deployment.automation_state", AUTOMATED) is Verdict.PASS
    assert verdict("deployment.automation_state", replace(AUTOMATED, **change)) is Verdict.INCONCLUSIVE


def test_errors_whose_audits_stay_open_do_not_keep_a_task_automated():
    bad = events({"north": Use(users=60, each=40, bad=0.4)})
    assert verdict("deployment.automation_state", bad) is Verdict.FAIL
    hidden = told(bad, "audit_label", [None if x == "bad" else x for x in names(bad, "audit_label")])
    assert verdict("deployment.automation_state", hidden) is Verdict.INCONCLUSIVE


def test_more_errors_than_the_limit_are_not_green_for_being_few():
    few = events({"north": Use(users=60, each=10, bad=0.2)})
    assert verdict("deployment.automation_state", few) is Verdict.INCONCLUSIVE


def test_audited_events_that_stand_there_many_times_are_no_audits():
    thin = events({"north": Use(users=60, audited=50)})
    audited = [i for i, said in enumerate(names(thin, "sampled_for_audit")) if said == "true"]
    assert verdict("deployment.audit_stream", thin) is Verdict.FAIL
    twice = rows(thin, [*range(thin.rows), *audited * 5])
    assert verdict("deployment.audit_stream", twice) is Verdict.INCONCLUSIVE


NOBODY = (LeftOut(why="no_annotator", rows=15_000),)


@pytest.mark.parametrize(
    ("check", "long", "limit"),
    [
        ("data.annotation_agreement", crowd(says(0.97), items=300), at_least("0.667")),
        ("data.annotation_concentration", crowd(says(0.8), people=60, items=300), None),
        ("data.annotation_overlap", crowd(says(0.8)), None),
        (
            "data.annotation_gold_accuracy",
            crowd(
                lambda item, _: truth(item),
                people=60,
                items=600,
                more={"gold_label": lambda item, _: truth(item)},
            ),
            at_least("0.80"),
        ),
        (
            "data.annotation_careless",
            crowd(
                says(0.8, ("a", "b", "c")),
                people=200,
                items=1000,
                each=4,
                more={"seconds": lambda i, p: 9.0 + i % 5},
            ),
            at_most("0.15"),
        ),
    ],
)
def test_judgments_of_nobody_are_not_forgotten(check, long, limit):
    assert verdict(check, long, limit) is Verdict.PASS
    assert verdict(check, replace(long, left_out=NOBODY), limit) is Verdict.INCONCLUSIVE


def test_a_crowd_whose_times_are_mostly_unknown_is_not_called_careful():
    timed = crowd(
        says(0.8, ("a", "b", "c")), people=200, items=1000, each=4, more={"seconds": lambda *_: 9.0}
    )
    known = [9.0 if int(name[1:]) < 40 else None for name in names(timed, "annotator")]
    holed = replace(timed, columns={**timed.columns, "seconds": numbered(known)})
    assert verdict("data.annotation_careless", timed, at_most("0.15")) is Verdict.PASS
    assert verdict("data.annotation_careless", holed, at_most("0.15")) is Verdict.INCONCLUSIVE


def test_fatigue_is_not_told_from_the_few_answers_whose_place_is_known():
    def label(item, person):
        return truth(item) if chance("knows", item, person) < 0.95 else "no"

    work = crowd(
        label,
        people=60,
        items=600,
        each=6,
        more={
            "gold_label": lambda item, _: truth(item),
            "position": lambda item, _: float(item) if item < 120 else None,
        },
        randomised=True,
    )
    assert verdict("data.annotation_fatigue", work, at_most("0.05")) is Verdict.INCONCLUSIVE


def test_items_nobody_labelled_are_items_too():
    def skipped(item, person):
        return says(0.8)(item, person) if item < 40 else None

    assert verdict("data.annotation_overlap", crowd(skipped, items=400)) is Verdict.FAIL


def test_items_of_no_wave_are_counted_by_themselves():
    labelled = crowd(
        says(0.8),
        people=30,
        items=90,
        each=1,
        more={
            "stream": lambda item, _: "active" if item >= 60 else "random",
            "wave": lambda item, _: None if item >= 60 else str(item % 2),
        },
    )
    assert ("items of no wave", 30, 0, 0) in list(waves(labelled))


def test_a_group_of_which_no_judgment_can_be_compared_is_named():
    both = crowd(says(0.9), people=120, items=600, region=halves)
    alone = crowd(says(0.9), people=30, items=60, each=1, region=lambda _: "west")
    columns = {
        name: coded(names(both, name) + [f"w{x}" if name != "label" else x for x in names(alone, name)])
        for name in both.columns
    }
    groups = {"region": coded(names(both, "region") + names(alone, "region"))}
    joined = replace(both, rows=both.rows + alone.rows, columns=columns, groups=groups)
    found = [
        m for m in annotation_majority_gap(joined, AnnotationMajorityGap()) if m.reason is Reason.ABSENT_GROUP
    ]
    assert {str(m.scope) for m in found} == {"region=west"}


def test_an_interval_of_one_measure_is_not_thrown_away():
    wide = Measured(value=0.84, n=2000, low=0.74, high=0.94)
    assert lower(gain(Measured(value=0.78, n=2000), Measured(value=0.84, n=2000)), 0.95) > 0.0
    assert lower(gain(Measured(value=0.78, n=2000), wide), 0.95) < 0.0


def test_a_reason_to_go_on_is_for_that_once():
    from hcgov.stages.judgments.oversight_ledger import Cycle, HeldOut

    def cycle(place, why=""):
        value = HeldOut(value=0.8, n=500)
        return Cycle(
            id=f"c{place}",
            data="a" * 64,
            change="x",
            held_out="b" * 64,
            before=value,
            after=value,
            continued_because=why,
        )

    flat = [cycle(0), cycle(1), cycle(2, "a new language")]
    assert stop_reached(flat, least=0.005, in_a_row=2) == 1
    assert stop_reached([*flat, cycle(3), cycle(4)], least=0.005, in_a_row=2) == 3
