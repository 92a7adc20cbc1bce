"""Packs that come with hcgov do what their cases say, and no mutant of them goes unnoticed."""

import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from hcgov.app.policy_mutate import mutate_packs
from hcgov.app.policy_test import packs_under_test, run_packs
from hcgov.app.schemas import schema_of
from hcgov.io.data import data_path
from hcgov.io.policies import shipped
from hcgov.io.yaml import parse

EXAMPLES = tuple(
    str(path)
    for path in sorted(data_path("examples").glob("*/policies/*.yaml"))
    if not path.name.endswith(".cases.yaml")
)
PACKS = (*shipped(), *EXAMPLES)
FILES = sorted((*data_path("policies").rglob("*.cases.yaml"), *data_path("examples").rglob("*.cases.yaml")))
DAY = date(2030, 1, 1)
"""Cases name their day themselves; on any other they would soon say something else."""


def silent(_: str) -> None:
    pass


@pytest.mark.parametrize("pack", PACKS, ids=[Path(pack).stem for pack in PACKS])
def test_every_case_holds_and_every_control_has_its_cases(pack):
    tested = run_packs([pack], Path(), DAY, silent)
    assert tested.passed, [*(one for one in tested.cases if not one.passed), *tested.gaps]
    (under,), _ = packs_under_test([pack], Path())
    assert len(tested.cases) >= 3 * len(under.pack.spec.controls)


@pytest.mark.slow
@pytest.mark.parametrize("pack", PACKS, ids=[Path(pack).stem for pack in PACKS])
def test_no_mutant_survives(pack):
    tested = mutate_packs([pack], Path(), DAY, silent)
    assert tested.passed, [*(one for one in tested.mutants if one.outcome == "survived"), *tested.gaps]


def test_every_case_file_belongs_to_a_pack_that_is_tested():
    under, _ = packs_under_test(PACKS, Path())
    assert {Path(file.shown).name for one in under for file in one.files} == {file.name for file in FILES}
    assert sum(len(one.files) for one in under) == len(FILES) > 0


@pytest.mark.parametrize("file", FILES, ids=[file.name for file in FILES])
def test_the_schema_that_editors_use_takes_every_case_file(file):
    schema = json.loads(schema_of("cases"))
    jsonschema.validate(parse(file.read_bytes(), file.name, max_bytes=1 << 20).data, schema)
