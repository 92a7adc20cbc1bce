"""A manifest that was edited does not come out of the judgments again."""

import pytest

from hcgov.core.measurement import Answered
from hcgov.stages.judgments.export_files import digest_of, files, lines
from hcgov.stages.judgments.export_manifest import manifest
from hcgov.stages.judgments.exports import export
from hcgov.stages.judgments.recipes import Recipe
from hcgov.stages.specimens import record
from hcgov.stages.training.export_recomputed import ExportRecomputed, export_recomputed
from tests.stages.judgments.test_exports import study


def sound(**recipe):
    long = study()
    found = export(long, Recipe(**recipe))
    written = {f"{name}.jsonl": digest_of(lines(rows)) for name, rows in files(found).items()}
    return long, manifest(found, {name: one for name, one in written.items() if one[1]})


def answers(tree, long):
    return [
        (s.about, s.answer)
        for s in export_recomputed(record("export_manifest", tree), long, ExportRecomputed())
    ]


@pytest.mark.parametrize(
    "recipe",
    [
        {},
        {"rule": "majority"},
        {"contested_by": "region"},
        {"balance": "region", "resample": True, "seed": 4},
    ],
)
def test_what_was_exported_comes_out_again(recipe):
    long, tree = sound(**recipe)
    assert answers(tree, long) == [("export", Answered.MET)]


def test_every_edited_part_is_named():
    long, tree = sound(rule="majority")
    group = next(iter(tree["groups"]["region"]))
    edited = {
        **tree,
        "label_flips": 0,
        "groups": {
            "region": {**tree["groups"]["region"], group: {"people": 40, "before": 400, "after": 400}}
        },
        "files": [{**one, "sha256": "0" * 64} for one in tree["files"]],
    }
    told = dict(answers(edited, long))
    assert set(told.values()) == {Answered.NOT_MET}
    assert {"label_flips", "groups.region", "files.preference-train.jsonl"} <= set(told)


def test_a_file_that_is_left_out_or_made_up_is_named():
    long, tree = sound()
    fewer = {**tree, "files": tree["files"][1:]}
    assert answers(fewer, long) == [(f"files.{tree['files'][0]['name']}", Answered.NOT_MET)]
    more = {
        **tree,
        "files": [*tree["files"], {"name": "preference-more.jsonl", "sha256": "1" * 64, "rows": 3}],
    }
    assert answers(more, long) == [("files.preference-more.jsonl", Answered.NOT_MET)]


@pytest.mark.parametrize("recipe", [None, {}, {"rule": "judgment"}, {"rule": 3}])
def test_without_a_recipe_nothing_can_be_told(recipe):
    long, tree = sound()
    assert answers({**tree, "recipe": recipe}, long) == [("export", Answered.CANNOT_TELL)]


def test_groups_that_nobody_can_count_again_are_not_believed():
    long, tree = sound()
    more = {**tree, "groups": {**tree["groups"], "age": {"old": {"people": 40, "before": 400, "after": 400}}}}
    assert answers(more, long) == [("export", Answered.CANNOT_TELL)]
