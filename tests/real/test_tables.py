"""Published figures of real tables, from the files as they are, through options of the manifest alone."""

from pathlib import Path

import pytest

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.counts import Counts, CountsOf, Rate, Shares, SharesOf
from hcgov.core.project import Table
from hcgov.core.slices import SliceRules
from hcgov.io.tables import Misnamed, Schema, answer, load_frame, locate, probe

FPR = Rate(outcome="prediction", given=(("label", 0),))
TPR = Rate(outcome="prediction", given=(("label", 1),))
LABEL = Rate(outcome="label")

COMPAS = {
    "path": "compas-propublica/compas-scores-two-years.csv",
    "columns": {"decile": 11},
    "roles": {"label": "two_year_recid", "prediction": "decile", "person": "id"},
    "outcomes": {"prediction": {"at_least": "5", "adverse": "higher"}},
}
ADULT_COLUMNS = (
    "age workclass fnlwgt education education_num marital_status occupation relationship race sex capital_gain "
    "capital_loss hours_per_week native_country income"
)
ADULT_CSV = {"header": False, "names": ADULT_COLUMNS.split(), "strip": True, "null_values": ["?"]}


def a_table(**options: object) -> Table:
    return Table.model_validate({"kind": "table", **options})


def counted(root: Path, it: Table, *rates: Rate, by: tuple[str, ...]) -> Counts:
    request = CountsOf(table="it", rates=rates)
    found = answer("it", it, root, [request], SliceRules(by=by), {})[request]
    assert isinstance(found, Counts), found
    return found


def shares_of(found: Counts, rate: Rate, column: str) -> dict[str, tuple[int, int]]:
    return {sums.slice.values[0][1]: (sums.positives, sums.n) for sums in found.by(rate, (column,))}


def rates_of(found: Counts, rate: Rate, column: str) -> dict[str, float]:
    return {group: y / n for group, (y, n) in shares_of(found, rate, column).items()}


def test_compas_error_rates_equal_those_that_propublica_published(real_data: Path) -> None:
    found = counted(real_data, a_table(**COMPAS), FPR, TPR, by=("race", "sex"))
    assert (found.source.rows, found.people_known) == (7214, True)
    everyone = found.overall(FPR), found.overall(TPR)
    assert round(100 * everyone[0].positives / everyone[0].n, 2) == 32.35
    assert round(100 * (1 - everyone[1].positives / everyone[1].n), 2) == 37.40
    false_positives, recidivists = shares_of(found, FPR, "race"), shares_of(found, TPR, "race")
    # Low and survived 990, high and survived 805, low and recidivated 532, high and recidivated 1,369.
    assert false_positives["African-American"] == (805, 990 + 805)
    assert recidivists["African-American"] == (1369, 532 + 1369)
    assert false_positives["Caucasian"] == (349, 1139 + 349)
    assert recidivists["Caucasian"] == (505, 461 + 505)
    assert false_positives["Asian"][1] == 23
    assert false_positives["Native American"][1] == 8
    fpr, tpr = rates_of(found, FPR, "race"), rates_of(found, TPR, "race")
    assert {race: round(100 * fpr[race], 2) for race in ("African-American", "Caucasian")} == {
        "African-American": 44.85,
        "Caucasian": 23.45,
    }
    assert {race: round(100 * (1 - tpr[race]), 2) for race in ("African-American", "Caucasian")} == {
        "African-American": 27.99,
        "Caucasian": 47.72,
    }
    assert sum(sums.people or 0 for sums in found.by(FPR, ("race", "sex"))) == everyone[0].people


def test_the_repeated_names_of_compas_are_told_only_where_one_is_used(real_data: Path) -> None:
    it = a_table(**COMPAS)
    schema = probe("it", it, real_data)
    assert isinstance(schema, Schema)
    assert (len(schema.columns), schema.duplicates) == (53, {"decile_score", "priors_count"})
    assert locate(schema, it, "decile") == 11
    assert locate(schema, it, "decile_score") is Misnamed.REPEATED
    wrong = it.model_copy(update={"roles": it.roles.model_copy(update={"prediction": "decile_score"})})
    request = CountsOf(table="it", rates=(FPR,))
    found = answer("it", wrong, real_data, [request], SliceRules(by=("race",)), {})[request]
    assert isinstance(found, Absent)
    assert found.reason is Absence.UNREADABLE
    assert "`decile_score` stands more than once" in str(found.detail)


def test_the_two_decile_scores_of_compas_agree(real_data: Path) -> None:
    loaded = load_frame("it", a_table(**COMPAS), real_data)
    assert isinstance(loaded, tuple), loaded
    frame, _ = loaded
    assert frame.shape == (7214, 53)
    assert (frame["decile"] == frame["decile_score (39)"]).all()
    assert frame["violent_recid"].isna().all()


def test_aequitas_error_rates_equal_the_published_table(real_data: Path) -> None:
    it = a_table(
        path="aequitas/examples/data/compas_for_aequitas.csv",
        roles={"label": "label_value", "prediction": "score", "person": "entity_id"},
    )
    found = counted(real_data, it, FPR, TPR, by=("race",))
    fpr, tpr = rates_of(found, FPR, "race"), rates_of(found, TPR, "race")
    assert fpr == pytest.approx(
        {
            "African-American": 0.448468,
            "Caucasian": 0.234543,
            "Hispanic": 0.214815,
            "Asian": 0.086957,
            "Native American": 0.375,
            "Other": 0.147541,
        },
        abs=5e-7,
    )
    assert {race: 1 - rate for race, rate in tpr.items()} == pytest.approx(
        {
            "African-American": 0.279853,
            "Caucasian": 0.477226,
            "Hispanic": 0.556034,
            "Asian": 0.333333,
            "Native American": 0.1,
            "Other": 0.676692,
        },
        abs=5e-7,
    )
    assert fpr["African-American"] / fpr["Caucasian"] == pytest.approx(1.912093, abs=5e-7)


def adult(part: str) -> Table:
    """Return one of the two files; in `adult.test` a comment stands first and labels end in a full stop."""
    end = "." if part == "test" else ""
    return a_table(
        path=f"adult/adult.{part}",
        format="csv",
        csv=ADULT_CSV | {"skip": 1 if part == "test" else 0},
        roles={"label": "income"},
        outcomes={"label": {"positive": [f">50K{end}"], "negative": [f"<=50K{end}"]}},
    )


def test_adult_gives_its_published_rates_without_header_and_with_blanks(real_data: Path) -> None:
    found = counted(real_data, adult("data"), LABEL, by=("sex", "race"))
    assert (found.source.rows, found.overall(LABEL).missing) == (32_561, 0)
    sex, race = rates_of(found, LABEL, "sex"), rates_of(found, LABEL, "race")
    assert (round(sex["Male"], 4), round(sex["Female"], 4)) == (0.3057, 0.1095)
    assert (round(race["White"], 4), round(race["Black"], 4)) == (0.2559, 0.1239)


def test_both_files_of_adult_together_give_the_share_that_adult_names_states(real_data: Path) -> None:
    parts = [counted(real_data, adult(part), LABEL, by=("sex",)) for part in ("data", "test")]
    # adult.names: 48842 instances (train=32561, test=16281), 23.93 % with more than 50K.
    assert [part.source.rows for part in parts] == [32_561, 16_281]
    sums = [part.overall(LABEL) for part in parts]
    assert [each.missing for each in sums] == [0, 0]
    assert round(100 * sum(each.positives for each in sums) / sum(each.n for each in sums), 2) == 23.93


@pytest.mark.parametrize(
    ("column", "missing"), [("workclass", 1836), ("occupation", 1843), ("native_country", 583)]
)
def test_question_marks_of_adult_are_not_recorded(real_data: Path, column: str, missing: int) -> None:
    it = a_table(path="adult/adult.data", format="csv", csv=ADULT_CSV, unit="person")
    request = SharesOf(table="it", column=column)
    found = answer("it", it, real_data, [request], SliceRules(), {})[request]
    assert isinstance(found, Shares), found
    assert dict(found.groups)[None] == missing


def test_dutch_keeps_its_many_equal_rows(real_data: Path) -> None:
    it = a_table(path="fairness-survey/dutch.csv", roles={"label": "occupation"})
    found = counted(real_data, it, LABEL, by=("sex",))
    rates = rates_of(found, LABEL, "sex")
    assert found.source.rows == 60_420
    assert (round(rates["male"], 4), round(rates["female"], 4)) == (0.6256, 0.3271)


def test_law_gives_its_published_rates(real_data: Path) -> None:
    it = a_table(path="fairness-survey/law_school_clean.csv", roles={"label": "pass_bar"})
    found = counted(real_data, it, LABEL, by=("race",))
    assert found.source.rows == 20_798
    assert {group: n for group, (_, n) in shares_of(found, LABEL, "race").items()} == {
        "White": 17_491,
        "Non-White": 3_307,
    }
    rates = rates_of(found, LABEL, "race")
    assert (round(rates["White"], 4), round(rates["Non-White"], 4)) == (0.9213, 0.7230)


def test_the_git_lfs_pointer_of_hh_rlhf_is_refused_and_its_neighbour_read(real_data: Path) -> None:
    pointer = a_table(path="hh-rlhf/helpful-base/test.jsonl.gz")
    for found in (probe("it", pointer, real_data), load_frame("it", pointer, real_data)):
        assert isinstance(found, Absent)
        assert found.reason is Absence.LFS_POINTER
    loaded = load_frame("it", a_table(path="hh-rlhf/harmless-base/test.jsonl.gz"), real_data)
    assert isinstance(loaded, tuple), loaded
    assert (len(loaded[0]), sorted(loaded[0].columns)) == (2312, ["chosen", "rejected"])
    assert not (loaded[0]["chosen"] == loaded[0]["rejected"]).any()


def test_json_lines_under_another_name_are_read(real_data: Path) -> None:
    loaded = load_frame("it", a_table(path="prometheus/eval/benchmark/data/autoj_pairwise.json"), real_data)
    assert isinstance(loaded, tuple), loaded
    assert len(loaded[0]) == 1392


def test_the_folktables_sample_is_read_from_parquet(real_data: Path) -> None:
    it = a_table(path="aequitas/datasets/FolkTables/ACS_sample.train.parquet")
    schema = probe("it", it, real_data)
    assert isinstance(schema, Schema)
    loaded = load_frame("it", it, real_data)
    assert isinstance(loaded, tuple), loaded
    import pyarrow.parquet as pq

    assert loaded[1].rows == pq.read_metadata(real_data / it.path).num_rows
    assert schema.columns == tuple(pq.read_schema(real_data / it.path).names)
