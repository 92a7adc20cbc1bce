"""What every check of the built-in stages must be: documented, worked, pure, and bound to known clauses."""

import copy
import importlib
import inspect
import pkgutil
import re
from decimal import Decimal

import pytest
from ruamel.yaml import YAML

from hcgov.core.check import Check, Declared, Judged, Params
from hcgov.core.direction import declarations, undeclared
from hcgov.core.measurement import Measurement
from hcgov.core.stage import Stage
from hcgov.core.status import Verdict
from hcgov.io.data import data_path
from hcgov.io.plugins import BUILT_IN, load_registry
from hcgov.judgement.engine import assess_example

CHECKS = load_registry().checks
UNDECIDED = {Verdict.INCONCLUSIVE, Verdict.MISSING, Verdict.PENDING}

every_check = pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)


def modules():
    for stage in BUILT_IN:
        package = importlib.import_module(f"hcgov.stages.{stage}")
        for info in pkgutil.iter_modules(package.__path__):
            yield stage, info.name, importlib.import_module(f"{package.__name__}.{info.name}")


def clauses():
    yaml = YAML(typ="safe", pure=True)
    known = set()
    for path in data_path("policies", "frameworks").glob("*.yaml"):
        framework = yaml.load(path)
        known |= {f"{framework['id']}:{clause['id']}" for clause in framework["clauses"]}
    return known


def observed(check: Check[Params], example):
    when = {"occasion": example.occasion} if check.takes_occasion else {}
    return list(check.measure(**example.evidence, params=example.params, **when))


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_stage_package_is_a_stage(name):
    stage = importlib.import_module(f"hcgov.stages.{name}").STAGE
    assert isinstance(stage, Stage)
    assert stage.id == name
    assert set(stage.after) <= set(BUILT_IN) - {name}


def test_every_module_of_a_stage_is_one_check_that_the_host_finds():
    found = set()
    for stage, name, module in modules():
        own = [
            value
            for value in vars(module).values()
            if isinstance(value, Declared) and value.measure.__module__ == module.__name__
        ]
        assert len(own) == 1, f"{stage}.{name} declares {len(own)} checks"
        assert own[0].measure.__name__ == name
        found.add(f"{stage}.{name}")
    assert found == set(CHECKS)
    assert {check.stage for check in CHECKS.values()} == set(BUILT_IN)


@every_check
def test_a_check_is_documented(check):
    assert check.title.endswith(".")
    assert len(check.title) < 110
    assert len(check.about.split("\n\n")) >= 2, "the docstring says what, and why it matters to people"
    assert re.search(r"Source:|\b(19|20)\d\d\b", check.about), "the docstring names a source"
    assert inspect.getdoc(check.params)


@every_check
def test_every_parameter_is_described(check):
    config = check.params.model_config
    assert config.get("frozen")
    assert config.get("extra") == "forbid"
    for one in declarations(check.params):
        assert one.field.description, one.name


@every_check
def test_every_parameter_declares_its_stricter_direction_and_a_hard_range(check):
    assert undeclared(check.params) == ()
    for one in declarations(check.params):
        default = None if one.field.is_required() else one.field.get_default(call_default_factory=True)
        if one.numeric and default is not None:
            assert one.range.holds(Decimal(str(default))), f"the default of {one.name} is out of its range"


@every_check
def test_a_check_that_a_limit_judges_says_which_limits_decide_anything(check):
    for example in check.examples():
        allowed = check.limits(example.params)
        assert (allowed is not None) == (check.judged is Judged.BY_LIMIT)
        if allowed is None:
            continue
        assert allowed.fault(example.limit.side, example.limit.value) == ""
        judged = {o.metric for o in observed(check, example) if isinstance(o, Measurement) and not o.shown}
        # The name of a library's metric goes before its own.
        assert {m.rpartition(".")[2] for m in judged} <= set(allowed.metrics)


@every_check
def test_every_clause_that_a_check_supports_is_known(check):
    assert check.supports
    assert set(check.supports) <= clauses()


@every_check
def test_the_examples_pass_fail_and_cannot_tell(check):
    examples = check.examples()
    titles = [example.title for example in examples]
    assert len(titles) == len(set(titles))
    expected = {example.expect for example in examples}
    if check.judged is Judged.SHOWN:
        assert expected == {Verdict.NOT_EVALUATED}
    else:
        assert {Verdict.PASS, Verdict.FAIL} <= expected
        assert expected & UNDECIDED


@every_check
def test_a_check_asks_for_what_it_takes(check):
    signature = inspect.signature(check.measure).parameters
    variable = {name for name, parameter in signature.items() if parameter.kind is parameter.VAR_KEYWORD}
    arguments = set(signature) - {"params", "occasion"} - variable
    for example in check.examples():
        assert set(check.asks(example.params)) == arguments == set(example.evidence)


@every_check
def test_every_example_comes_out_as_it_says(check):
    for example in check.examples():
        assert (example.title, assess_example(check, example)) == (example.title, example.expect)


@every_check
def test_a_check_says_the_same_twice_and_changes_nothing(check):
    for example in check.examples():
        before = copy.deepcopy((dict(example.evidence), example.params, example.occasion))
        first, second = observed(check, example), observed(check, example)
        assert first, "a check gives at least one observation"
        assert first == second
        assert (dict(example.evidence), example.params, example.occasion) == before


@every_check
def test_what_statements_are_about_is_told_apart(check):
    for example in check.examples():
        about = [o.about for o in observed(check, example) if hasattr(o, "about")]
        assert len(about) == len(set(about)), example.title
