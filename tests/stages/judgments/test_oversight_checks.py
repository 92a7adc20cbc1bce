"""What the checks of oversight say, and why they say nothing: every bad input has its reason."""

from array import array
from dataclasses import replace

import pytest

from hcgov.core.evidence.long import Codes, coded
from hcgov.core.measurement import Answered, Measurement, Statement
from hcgov.core.occasion import Occasion
from hcgov.core.slices import SliceRules
from hcgov.core.status import Reason
from hcgov.stages.data.annotation_anchoring import AnnotationAnchoring, annotation_anchoring
from hcgov.stages.deployment.audit_stream import AuditStream, audit_stream
from hcgov.stages.deployment.automation_state import AutomationState, automation_state
from hcgov.stages.deployment.feedback_rate import FeedbackRate, feedback_rate
from hcgov.stages.deployment.handover_noninferior import HandoverNoninferior, handover_noninferior
from hcgov.stages.evaluation.automation_bias import AutomationBias, automation_bias
from hcgov.stages.evaluation.complementarity import Complementarity, complementarity
from hcgov.stages.evaluation.override_harm import OverrideHarm, override_harm
from hcgov.stages.evaluation.prompt_regression import PromptRegression, prompt_regression
from hcgov.stages.evaluation.rubber_stamping import RubberStamping, rubber_stamping
from hcgov.stages.judgments.oversight import Task, advised, one_name, without
from hcgov.stages.judgments.oversight_compared import scored
from hcgov.stages.judgments.oversight_events import Use, events
from hcgov.stats.bounds import lower, upper

TASKS = (
    Task(each=30, agree=0.9, seeded=True),
    Task(each=10, agree=0.2, right=False, seeded=True),
    Task(each=20, agree=0.8, shown=False),
)
WORK = advised({"north": (40, TASKS), "south": (40, TASKS)})
ADVISED = [
    (annotation_anchoring, AnnotationAnchoring()),
    (override_harm, OverrideHarm()),
    (automation_bias, AutomationBias()),
    (rubber_stamping, RubberStamping()),
    (complementarity, Complementarity()),
]
every_advised = pytest.mark.parametrize(("check", "params"), ADVISED, ids=lambda one: type(one).__name__)


def judged(observations):
    return [o for o in observations if isinstance(o, Measurement) and not o.shown]


def reasons(observations):
    return {o.reason for o in judged(observations)}


def only(long, rows):
    """Some rows of a table."""

    def kept(column):
        return replace(column, codes=array("i", [column.codes[row] for row in rows]))

    columns = {name: kept(column) for name, column in long.columns.items()}
    return replace(long, rows=len(rows), columns=columns, groups={n: kept(g) for n, g in long.groups.items()})


def rows_where(long, column, name):
    wanted = long.codes(column).names.index(name)
    return [row for row, code in enumerate(long.codes(column).codes) if code == wanted]


@every_advised
def test_good_evidence_is_measured_for_everyone_and_each_region(check, params):
    found = judged(check(WORK, params))
    assert {(str(m.scope), m.depth) for m in found} == {
        ("everyone", 0),
        ("region=north", 1),
        ("region=south", 1),
    }
    assert all(m.reason is None and m.estimate is not None for m in found)
    assert all(m.groups[0].people in (40, 80) for m in found)


@every_advised
def test_no_rows_one_annotator_one_item_and_one_label_say_why(check, params):
    assert reasons(check(only(WORK, []), params)) == {Reason.SMALL_N}
    alone = only(WORK, rows_where(WORK, "annotator", "north-0"))
    assert reasons(check(alone, params)) == {Reason.FEW_PEOPLE}
    one_item = one_name(WORK, "item")
    assert reasons(check(one_item, params)) == {Reason.REPEATED}  # the same judgment many times
    first = {}
    for row in range(WORK.rows):
        first.setdefault(WORK.codes("annotator").codes[row], row)
    assert None not in reasons(check(only(one_item, list(first.values())), params))
    assert Reason.CONSTANT_OUTCOME in reasons(check(one_name(WORK, "label"), params))


@every_advised
def test_duplicated_judgments_are_named_and_nothing_is_judged(check, params):
    twice = only(WORK, [*range(WORK.rows), 0, 1, 1])
    found = judged(check(twice, params))
    assert reasons(found) == {Reason.REPEATED}
    assert "3 judgments stand" in str(found[0].note)


@every_advised
def test_missing_labels_are_no_judgments(check, params):
    column = WORK.codes("label")
    gone = replace(column, codes=array("i", [-1 if i % 5 == 0 else c for i, c in enumerate(column.codes)]))
    holes = replace(WORK, columns={**WORK.columns, "label": gone})
    assert reasons(check(holes, params)) == {Reason.MISSING_OUTCOMES}


@every_advised
def test_people_without_a_group_are_named(check, params):
    nobody = replace(WORK, groups={"region": Codes(codes=array("i", [-1] * WORK.rows), names=())})
    assert Reason.MISSING_DEMOGRAPHICS in reasons(check(nobody, params))
    undescribed = replace(WORK, groups={})
    assert Reason.MISSING_DEMOGRAPHICS in reasons(check(undescribed, params))
    few = WORK.groups["region"].codes[:]
    few[0] = few[1] = -1
    some = replace(WORK, groups={"region": replace(WORK.groups["region"], codes=few)})
    assert Reason.MISSING_DEMOGRAPHICS not in reasons(check(some, params))


@every_advised
def test_few_annotators_of_a_slice_are_named_and_not_judged(check, params):
    thin = advised({"north": (40, TASKS), "south": (8, TASKS)})
    south = [m for m in judged(check(thin, params)) if str(m.scope) == "region=south"]
    assert south
    assert {m.reason for m in south} == {Reason.FEW_PEOPLE}
    assert all("8 annotators" in str(m.note) for m in south)
    assert all(m.labels_needed for m in south)


@every_advised
def test_five_annotators_in_all_are_too_few_clusters(check, params):
    assert reasons(check(advised({"north": (5, TASKS)}), params)) == {Reason.FEW_CLUSTERS}


@every_advised
def test_rows_of_nobody_decide_nothing(check, params):
    who = WORK.codes("annotator")
    half = replace(who, codes=array("i", [-1 if i % 2 else code for i, code in enumerate(who.codes)]))
    found = judged(check(replace(WORK, columns={**WORK.columns, "annotator": half}), params))
    assert found
    assert None not in reasons(found)


def test_columns_that_are_only_reported_are_shown_and_never_decide():
    shown = replace(WORK, rules=SliceRules(report=("region",), min_people=30))
    found = list(override_harm(shown, OverrideHarm()))
    assert [m.depth for m in judged(found)] == [0]
    beside = [m for m in found if m.metric == "harmful_override" and m.depth == 1]
    assert {m.reason for m in beside} == {Reason.REPORTED}
    assert all(m.shown for m in beside)


def test_crossings_are_measured_and_deeper_than_columns():
    deep = replace(
        WORK,
        groups={**WORK.groups, "age": coded(["old" if i % 2 else "young" for i in range(WORK.rows)])},
        rules=SliceRules(by=("region", "age"), min_people=30),
    )
    found = judged(override_harm(deep, OverrideHarm()))
    assert {m.depth for m in found} == {0, 1, 2}
    assert len([m for m in found if m.depth == 2]) == 4


@pytest.mark.parametrize("said", [None, False])
def test_arms_that_nobody_drew_at_random_decide_nothing(said):
    found = judged(annotation_anchoring(replace(WORK, randomised=said), AnnotationAnchoring()))
    assert reasons(found) == {Reason.NOT_RANDOMISED}


def test_reliance_is_not_identified_without_the_answer_before():
    names = {m.metric for m in automation_bias(WORK, AutomationBias())}
    assert "relative_ai_reliance" not in names
    before = advised({"north": (40, tuple(replace(t, before_right=0.6) for t in TASKS))})
    names = {m.metric for m in automation_bias(before, AutomationBias())}
    assert {"relative_ai_reliance", "relative_self_reliance"} <= names


def test_no_person_is_named_in_what_is_said():
    for check, params in ADVISED:
        for long in (WORK, only(WORK, [*range(WORK.rows), 0]), advised({"north": (3, TASKS)})):
            for one in check(long, params):
                assert "north-" not in str(one.note)


PAIRED = scored({"north": (200, 0.9, 0.88), "south": (200, 0.8, 0.82)}, systems=("new", "old"))


def test_pairs_are_of_users_and_slices():
    found = judged(prompt_regression(PAIRED, PromptRegression()))
    assert [m.groups[0].n for m in found] == [800, 400, 400]
    assert [m.groups[0].people for m in found] == [400, 200, 200]
    assert found[1].estimate.value == pytest.approx(0.02)
    assert found[2].estimate.value == pytest.approx(-0.02)
    assert found[0].estimate.people == 400


def test_what_turned_better_and_worse_is_shown_with_mcnemar():
    shown = {m.metric: m.estimate.value for m in prompt_regression(PAIRED, PromptRegression()) if m.shown}
    assert shown["pairs_better"] - shown["pairs_worse"] == pytest.approx(0.0)
    assert shown["mcnemar_p_value"] == 1.0


def test_scores_that_no_scale_bounds_are_no_shares():
    def scores(more, less):
        said = coded([more if i % 3 else less for i in range(PAIRED.rows)])
        return replace(PAIRED, columns={**PAIRED.columns, "score": said})

    scale, words = scores("4", "2"), scores("good", "bad")
    assert reasons(prompt_regression(scale, PromptRegression())) == {Reason.NO_INTERVAL}
    assert reasons(prompt_regression(replace(scale, low=1.0, high=5.0), PromptRegression())) == {None}
    assert reasons(prompt_regression(words, PromptRegression())) == {Reason.NO_INTERVAL}
    assert reasons(prompt_regression(words, PromptRegression(right="good"))) == {None}


def test_unmatched_items_and_systems_that_are_not_there():
    lone = scored({"north": (200, 0.9, 0.88)}, systems=("new", "old"), unmatched=0.3)
    found = judged(prompt_regression(lone, PromptRegression()))
    assert reasons(found) == {Reason.UNMATCHED_PAIRS}
    assert "120 of 400" in str(found[0].note)
    assert reasons(prompt_regression(PAIRED, PromptRegression(new="v9"))) == {Reason.UNMATCHED_PAIRS}


def test_scores_of_a_judge_do_not_hand_a_task_over():
    judge = scored({"north": (600, 0.9, 0.88)}, systems=("model", "people"), raters=("judge",))
    assert reasons(handover_noninferior(judge, HandoverNoninferior())) == {Reason.UNMATCHED_PAIRS}
    assert None in reasons(handover_noninferior(judge, HandoverNoninferior(raters="any")))


def test_twelve_raters_are_a_cluster_and_three_are_not():
    names = ("model", "people")
    shares = {"north": (100, 0.9, 0.88)}
    one, few, many = (
        judged(
            handover_noninferior(scored(shares, systems=names, raters=("human",) * n), HandoverNoninferior())
        )[0].estimate
        for n in (1, 3, 12)
    )
    assert one.value == few.value == many.value
    # Raters who all say the same add no knowledge of items.
    assert upper(many, 0.95) - lower(many, 0.95) >= 0.99 * (upper(one, 0.95) - lower(one, 0.95))
    assert upper(few, 0.95) - lower(few, 0.95) == pytest.approx(upper(one, 0.95) - lower(one, 0.95), rel=0.05)


def only_moments(long, rows):
    """The same rows in another order, moments too."""
    at = replace(long.columns["at"], values=array("d", [long.columns["at"].values[row] for row in rows]))
    names = replace(long, columns={name: c for name, c in long.columns.items() if name != "at"})
    found = only(names, rows)
    return replace(found, columns={**found.columns, "at": at})


DAY = Occasion(date="2026-11-21")
USE = events({"north": Use(users=60, each=40, bad_later=0.5), "south": Use(users=60, each=40)})


def test_the_fall_back_names_slice_audit_and_day():
    told = {s.about: s for s in automation_state(USE, AutomationState())}
    assert told["region=south"].answer is Answered.MET
    assert told["region=north"].answer is Answered.NOT_MET
    assert "since audit" in str(told["region=north"].text)
    assert "on 2026-11-" in str(told["region=north"].text)


def test_audits_are_read_in_the_order_of_time_and_not_of_rows():
    backwards = only_moments(USE, list(range(USE.rows))[::-1])
    assert [s.text for s in automation_state(backwards, AutomationState())] == [
        s.text for s in automation_state(USE, AutomationState())
    ]
    north = next(s for s in automation_state(USE, AutomationState()) if s.about == "region=north")
    # 240 audits: the first half errs in 4 %, the second in 50 %.
    assert int(str(north.text).split("audit ")[1].split()[0]) > 120


def test_a_slice_of_few_users_neither_stays_nor_falls_back():
    few = events({"north": Use(users=60, each=40), "south": Use(users=12, each=100, bad=0.6)})
    told = {s.about: s for s in automation_state(few, AutomationState())}
    assert told["region=south"].answer is Answered.CANNOT_TELL
    assert told["region=south"].reason is Reason.FEW_PEOPLE
    assert told["everyone"].answer is Answered.NOT_MET
    twice = [s.reason for s in automation_state(one_name(few, "event"), AutomationState())]
    assert twice == [Reason.REPEATED]


def test_audits_of_a_dead_stream():
    told = {s.about: s.answer for s in audit_stream(USE, AuditStream(), Occasion(date="2027-02-01"))}
    assert told == {
        "share audited": Answered.MET,
        "open audits": Answered.MET,
        "last audit": Answered.NOT_MET,
    }
    assert all(isinstance(s, Statement) for s in audit_stream(USE, AuditStream(), DAY))


def test_feedback_alone_decides_nothing_and_is_shown():
    alone = list(feedback_rate(without(USE, "sampled_for_audit", "audit_label"), FeedbackRate()))
    assert reasons(alone) == {Reason.NOT_RANDOMISED}
    shown = {
        m.metric: m.estimate.value for m in alone if m.shown and m.estimate and str(m.scope) == "everyone"
    }
    assert shown["response_rate"] == pytest.approx(0.2, abs=0.001)
    assert shown["negative_feedback_rate"] == pytest.approx(0.1, abs=0.005)
    assert shown["bad_if_silent_discontent"] == pytest.approx(0.82, abs=0.002)


def test_self_selection_is_shown_where_audits_stand_beside_feedback():
    shown = {m.metric: m.estimate for m in feedback_rate(USE, FeedbackRate()) if m.shown and m.estimate}
    assert shown["feedback_minus_audit"].value == pytest.approx(0.1 - 0.157, abs=0.02)


def test_a_million_rows_are_measured_in_seconds():
    import numpy as np

    n, rng = 1_000_000, np.random.default_rng(1)

    def column(names, values):
        return Codes(codes=array("i", values.astype(np.int32).tobytes()), names=tuple(names))

    yes = rng.integers(0, 2, n)
    took = rng.random(n) < 0.9
    people = rng.integers(0, 10_000, n)
    columns = {
        "item": column(map(str, range(n)), np.arange(n)),
        "annotator": column(map(str, range(10_000)), people),
        "label": column(("no", "yes"), np.where(took, yes, 1 - yes)),
        "suggestion": column(("no", "yes"), yes),
        "suggestion_shown": column(("false", "true"), rng.integers(0, 5, n) > 0),
        "truth": column(("no", "yes"), np.where(rng.random(n) < 0.85, yes, 1 - yes)),
    }
    region = column(("north", "south"), people % 2)
    long = replace(WORK, rows=n, columns=columns, groups={"region": region})
    assert reasons(override_harm(long, OverrideHarm())) == {None}
    assert reasons(annotation_anchoring(long, AnnotationAnchoring())) == {None}
