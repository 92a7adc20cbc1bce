"""Tables of the green example with the wrong rows, columns, names or people in them."""

import json

import pytest

from tests.app.breaking import READ_BY, Copy

EVALUATION = READ_BY["predictions"]
TICKETS = ("HC-DAT-05", "HC-DAT-06")


def each(**values):
    """Give every row these values."""
    return lambda rows: [{**row, **values} for row in rows]


def test_a_header_without_rows_is_no_evidence(copy: Copy):
    copy.rows(lambda _: [])
    ended = copy.check(*EVALUATION)
    assert ended.code == 3
    assert set(ended.verdicts.values()) == {"missing"}
    assert "`evaluation/suggestions.csv` has no rows" in ended.told()


def test_an_empty_list_of_withdrawals_is_an_answer_only_where_somebody_says_so(copy: Copy):
    copy.unpin("withdrawals")
    copy.file("withdrawals").write_text("person,withdrawn_on\n")
    ended = copy.check("HC-DAT-05")
    assert (ended.code, ended.verdicts) == (3, {"HC-DAT-05": "missing"})
    assert "say `may_be_empty: true`" in ended.told()
    copy.manifest(
        "    path: data/withdrawals.csv\n", "    path: data/withdrawals.csv\n    may_be_empty: true\n"
    )
    assert copy.check("HC-DAT-05").code == 0


def test_rows_of_blanks_are_no_table(copy: Copy):
    copy.unpin("training_data")
    copy.file("training_data").write_text("\n \n")
    ended = copy.check(*TICKETS)
    assert ended.code == 3
    assert "has no objects" in ended.told()


@pytest.mark.parametrize(
    ("column", "controls", "said"),
    [
        ("label", {"HC-EVL-03"}, "no row of `predictions` has a recorded `prediction` where label = 1"),
        (
            "prediction",
            {"HC-EVL-01", "HC-EVL-02", "HC-EVL-03"},
            "no row of `predictions` has a recorded `prediction`",
        ),
        ("correct", {"HC-EVL-04", "HC-EVL-05"}, "no row of `predictions` has a recorded `correct`"),
        ("language_variety", set(EVALUATION), "everyone is language_variety=(not recorded)"),
        ("age_band", set(EVALUATION), "everyone is age_band=(not recorded)"),
        ("person", set(EVALUATION), "rows name no person"),
    ],
)
def test_a_column_without_a_single_value_decides_nothing(column, controls, said, copy: Copy):
    copy.rows(each(**{column: ""}))
    ended = copy.check(*EVALUATION)
    assert ended.code == 3
    assert ended.open == dict.fromkeys(sorted(controls), "inconclusive")
    assert said in ended.told()


def test_a_column_that_no_control_reads_may_be_empty(copy: Copy):
    copy.rows(each(conversation=""))
    assert copy.check(*EVALUATION).code == 0


@pytest.mark.parametrize("value", ["0", "1"])
@pytest.mark.parametrize(
    ("column", "controls"),
    [("prediction", {"HC-EVL-01", "HC-EVL-02", "HC-EVL-03"}), ("correct", {"HC-EVL-04", "HC-EVL-05"})],
)
def test_an_outcome_that_is_the_same_for_everyone_says_nothing(column, controls, value, copy: Copy):
    copy.rows(each(**{column: value}))
    ended = copy.check(*EVALUATION)
    assert ended.code == 3
    assert ended.open == dict.fromkeys(sorted(controls), "inconclusive")
    assert "constant_outcome" in ended.reasons()
    assert f"2740 recorded values of `{column}`" in ended.told()


@pytest.mark.parametrize("value", ["0", "1"])
def test_errors_cannot_be_compared_where_nobody_has_the_other_label(value, copy: Copy):
    copy.rows(each(label=value))
    ended = copy.check("HC-EVL-03")
    assert (ended.code, ended.verdicts) == (3, {"HC-EVL-03": "inconclusive"})


def test_too_many_unrecorded_outcomes_decide_nothing(copy: Copy):
    copy.rows(lambda rows: [{**row, "label": row["label"] if i % 3 else ""} for i, row in enumerate(rows)])
    ended = copy.check("HC-EVL-03")
    assert (ended.code, ended.verdicts) == (3, {"HC-EVL-03": "inconclusive"})
    assert "missing_outcomes" in ended.reasons()


def test_values_that_are_no_yes_and_no_are_not_counted_as_either(copy: Copy):
    copy.rows(each(prediction="maybe"))
    ended = copy.check("HC-EVL-01")
    assert (ended.code, ended.verdicts) == (3, {"HC-EVL-01": "missing"})
    assert "non-binary outcome" in ended.told()


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("label", "labels", "HCG-N003", "hcgov.yaml:59:20"),
        ("prediction", "predicted", "HCG-N003", "hcgov.yaml:59:39"),
        ("person", "persons", "HCG-N003", "hcgov.yaml:59:59"),
        ("correct", "corect", "HCG-N003", "hcgov.yaml:63:25"),
        ("language_variety", "langauge_variety", "HCG-N005", "hcgov.yaml:20:8"),
        ("age_band", "age_bands", "HCG-N005", "hcgov.yaml:20:26"),
    ],
)
def test_a_misspelt_column_of_the_table_is_told_with_the_nearest_name(old, new, code, place, copy: Copy):
    copy.header(old, new)
    # Taking out the pin moved what stands below it up by a line.
    ended = copy.check("HC-EVL")
    assert ended.code == 2
    mistake = ended.mistakes[0]
    assert (mistake.code, f"`{old}`" in mistake.message) == (code, True)
    assert f"did you mean `{new}`?" in mistake.help
    assert str(mistake.where) == place


def test_a_name_that_stands_twice_in_the_header_is_a_mistake_where_it_is_used(copy: Copy):
    copy.header("correct", "prediction")
    ended = copy.check("HC-EVL-01")
    assert ended.code == 2
    told = {mistake.code: mistake for mistake in ended.mistakes}
    assert "`prediction` stands more than once" in told["HCG-N002"].message
    assert "columns:" in told["HCG-N002"].help


def test_a_slice_column_that_stands_twice_in_the_header_is_a_mistake(copy: Copy):
    copy.header("conversation", "age_band")
    ended = copy.check("HC-EVL-01")
    assert [mistake.code for mistake in ended.mistakes] == ["HCG-N002"]
    assert str(ended.mistakes[0].where) == "hcgov.yaml:20:26"


def test_a_name_that_stands_twice_in_the_header_does_no_harm_where_nobody_uses_it(copy: Copy):
    copy.rows(each(spare="1", spear="2"))
    copy.header("spear", "spare")
    assert copy.check(*EVALUATION).code == 0


def test_rows_written_twice_add_no_evidence(copy: Copy):
    copy.rows(lambda rows: [twice for row in rows for twice in (row, row)])
    ended = copy.check("HC-EVL-01", "HC-EVL-03")
    assert ended.code == 0
    groups = [g for c in ended.report.controls for f in c.findings if f.depth == 1 for g in f.groups]
    assert groups
    for group in groups:
        assert group.n == 2 * group.people
        # People are counted exactly; that there are finitely many of them costs a little.
        assert 0.9 * group.people < group.n_eff < group.people


def test_a_few_people_with_many_rows_are_a_few_people(copy: Copy):
    copy.rows(lambda rows: [{**row, "person": f"E-{i % 20}"} for i, row in enumerate(rows)])
    ended = copy.check(*EVALUATION)
    assert ended.code == 3
    assert set(ended.verdicts.values()) == {"inconclusive"}
    assert "20 people in the denominator" in ended.told()


def test_nobody_is_counted_where_nobody_says_who_the_people_are(copy: Copy):
    copy.manifest("prediction: prediction, person: person}", "prediction: prediction}")
    ended = copy.check(*EVALUATION)
    assert ended.code == 3
    assert set(ended.verdicts.values()) == {"inconclusive"}
    assert "few_people" in ended.reasons()
    assert "it is not known which rows of `predictions` are the same person" in ended.told()


def tickets(copy: Copy, change):
    copy.unpin("training_data")
    path = copy.file("training_data")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("".join(json.dumps(change(row)) + "\n" for row in rows), encoding="utf-8")


def test_tickets_without_groups_or_people_decide_nothing(copy: Copy):
    tickets(copy, lambda row: {**row, "language_variety": None, "person": None})
    ended = copy.check(*TICKETS)
    assert ended.code == 3
    assert set(ended.verdicts.values()) == {"inconclusive"}


def test_people_in_the_tickets_that_cannot_be_told_apart_may_have_withdrawn(copy: Copy):
    tickets(copy, lambda row: {**row, "person": None} if row["ticket"].endswith("7") else row)
    ended = copy.check("HC-DAT-05")
    assert (ended.code, ended.verdicts) == (3, {"HC-DAT-05": "inconclusive"})
    assert "70 rows of `training_data` say not whose they are" in ended.told()


def test_a_person_column_that_is_missing_from_the_tickets_is_an_authoring_mistake(copy: Copy):
    tickets(copy, lambda row: {("persons" if key == "person" else key): v for key, v in row.items()})
    ended = copy.check("HC-DAT-05")
    assert ended.code == 2
    assert [(m.code, m.help) for m in ended.mistakes] == [("HCG-N003", "did you mean `persons`?")]


def test_a_suite_about_a_column_that_is_not_there_is_not_met(copy: Copy):
    copy.replace("data/quality_suite.json", '"column": "text"', '"column": "txt"')
    ended = copy.check("HC-DAT-04")
    assert (ended.code, ended.verdicts) == (3, {"HC-DAT-04": "error"})
    assert "the table has no column `txt`; did you mean `text`?" in ended.told()


def test_a_suite_with_an_unknown_expectation_is_not_met(copy: Copy):
    copy.replace(
        "data/quality_suite.json", "expect_column_values_to_be_unique", "expect_column_values_to_be_uniqe"
    )
    ended = copy.check("HC-DAT-04")
    assert (ended.code, ended.verdicts) == (3, {"HC-DAT-04": "error"})
    assert "did you mean `expect_column_values_to_be_unique`?" in ended.told()


def test_a_suite_without_expectations_is_not_met(copy: Copy):
    copy.file("quality_suite").write_text('{"name": "tickets", "expectations": [], "meta": {}}')
    ended = copy.check("HC-DAT-04")
    assert (ended.code, ended.verdicts) == (3, {"HC-DAT-04": "missing"})
    assert "the list `expectations` is empty" in ended.told()
