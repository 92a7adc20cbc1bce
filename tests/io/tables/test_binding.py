from decimal import Decimal

from hcgov.core.evidence.counts import CountsOf, OverlapOf, Rate, SharesOf
from hcgov.core.project import Table
from hcgov.core.slices import SliceChoice, SliceRules
from hcgov.io.tables import Use, group_column, outcome_names, resolve_outcome, used_columns

TABLE = Table.model_validate(
    {
        "kind": "table",
        "path": "t.csv",
        "roles": {"label": "y", "prediction": "p", "person": "id", "groups": {"sex": "gender"}},
        "outcomes": {
            "prediction": {"at_least": "5", "adverse": "higher"},
            "hired": {"column": "status", "positive": ["yes"], "negative": ["no"], "adverse": "lower"},
            "lost": {"positive": [1]},
        },
    }
)


def test_a_role_without_a_mapping_is_its_column_as_it_stands() -> None:
    label = resolve_outcome(TABLE, "label")
    assert label is not None
    assert (label.column, label.binary, label.adverse) == ("y", True, None)


def test_a_role_may_be_refined_and_an_outcome_derived() -> None:
    prediction, hired = resolve_outcome(TABLE, "prediction"), resolve_outcome(TABLE, "hired")
    assert prediction is not None
    assert hired is not None
    assert (prediction.column, prediction.at_least, prediction.adverse) == ("p", Decimal(5), True)
    assert not prediction.binary
    assert (hired.column, hired.positive, hired.negative, hired.adverse) == (
        "status",
        ("yes",),
        ("no",),
        False,
    )


def test_what_leads_to_no_column_is_none() -> None:
    assert resolve_outcome(TABLE, "score") is None
    assert resolve_outcome(TABLE, "lost") is None
    assert resolve_outcome(TABLE, "y") is None
    assert outcome_names(TABLE) == ("prediction", "hired", "lost", "label")


def test_a_group_is_its_own_column_unless_mapped() -> None:
    assert (group_column(TABLE, "sex"), group_column(TABLE, "region")) == ("gender", "region")


def test_every_column_that_a_request_needs_is_named_once() -> None:
    rules = SliceRules(by=("sex", "region"))
    fpr = Rate(outcome="prediction", given=(("label", 0),))
    requests = (
        CountsOf(table="t", rates=(fpr, Rate(outcome="nope"))),
        CountsOf(table="t", rates=(fpr,), slices=SliceChoice(by=("age",))),
        CountsOf(table="other", rates=(Rate(outcome="x"),)),
        SharesOf(table="t", column="sex"),
        OverlapOf(table="other", listed="t"),
    )
    assert set(used_columns("t", TABLE, requests, rules)) == {
        Use(part="group", name="sex", column="gender"),
        Use(part="group", name="region", column="region"),
        Use(part="group", name="age", column="age"),
        Use(part="outcome", name="prediction", column="p"),
        Use(part="outcome", name="label", column="y"),
        Use(part="outcome", name="nope", column=None),
        Use(part="person", name="person", column="id"),
    }


def test_of_an_aggregated_table_the_count_is_needed_and_no_person() -> None:
    it = TABLE.model_copy(
        update={
            "count": Table.model_validate({"kind": "table", "count": {"column": "n", "unit": "row"}}).count
        }
    )
    uses = used_columns("t", it, [SharesOf(table="t", column="sex")], SliceRules())
    assert uses == (
        Use(part="group", name="sex", column="gender"),
        Use(part="count", name="count", column="n"),
    )
