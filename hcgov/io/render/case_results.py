"""Results of a pack's cases and mutants as JSON and as JUnit XML, for the systems that run them."""

import json
from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from hcgov.core.cases import CaseResult, CaseRun, Gap, MutantResult
from hcgov.core.evidence.source import Tree
from hcgov.core.mistake import Position

SCHEMA = "hcgov.cases/1"


def as_json(tested: CaseRun) -> str:
    """Return results as JSON, version 1."""
    told: Tree = {
        "schema": SCHEMA,
        "passed": tested.passed,
        "cases": [
            {**_of(one), "name": one.name, "passed": one.passed, "problems": list(one.problems)}
            for one in tested.cases
        ],
        "mutants": [
            {**_of(one), "change": one.change, "outcome": one.outcome, "by": one.by, "hint": one.hint}
            for one in tested.mutants
        ],
        "gaps": [
            {"pack": one.pack, "message": one.message, "where": _place(one.where)} for one in tested.gaps
        ],
        "notes": list(tested.notes),
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _of(one: CaseResult | MutantResult) -> dict[str, Tree]:
    return {"pack": one.pack, "control": one.control, "where": _place(one.where)}


def _place(where: Position | None) -> Tree:
    return None if where is None else {"file": where.file, "line": where.line, "column": where.column}


def as_junit(tested: CaseRun) -> str:
    """Return results as JUnit XML: a suite a pack, a test for each case, mutant and gap.

    A mutant that is equivalent is skipped, with that word; one that survived failed.
    """
    root = Element("testsuites", name="hcgov policy")
    results: tuple[CaseResult | MutantResult | Gap, ...] = (*tested.cases, *tested.mutants, *tested.gaps)
    packs = dict.fromkeys(one.pack for one in results)
    for pack in packs:
        suite = SubElement(root, "testsuite", name=pack)
        _cases(suite, (one for one in tested.cases if one.pack == pack))
        _mutants(suite, (one for one in tested.mutants if one.pack == pack))
        _gaps(suite, (one for one in tested.gaps if one.pack == pack))
        for word in ("failure", "skipped"):
            suite.set({"failure": "failures"}.get(word, word), str(len(suite.findall(f"testcase/{word}"))))
        suite.set("errors", "0")
        suite.set("tests", str(len(suite)))
    indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'


def _cases(suite: Element, cases: Iterable[CaseResult]) -> None:
    for one in cases:
        test = _test(suite, one.control, one.name, one.where)
        if not one.passed:
            SubElement(test, "failure", message=_clean(one.problems[0])).text = _clean(
                "\n".join(one.problems)
            )


def _mutants(suite: Element, mutants: Iterable[MutantResult]) -> None:
    for one in mutants:
        test = _test(suite, one.control, one.change, one.where)
        if one.outcome == "survived":
            SubElement(test, "failure", message=_clean(f"no case tells it apart: {one.hint}"))
        elif one.outcome == "equivalent":
            SubElement(test, "skipped", message="equivalent")


def _gaps(suite: Element, gaps: Iterable[Gap]) -> None:
    for one in gaps:
        test = _test(suite, suite.get("name", ""), one.message, one.where)
        SubElement(test, "failure", message=_clean(one.message))


def _test(suite: Element, owner: str, name: str, where: Position | None) -> Element:
    test = SubElement(suite, "testcase", classname=_clean(owner), name=_clean(name))
    if where is not None:
        test.set("file", where.file)
        test.set("line", str(where.line))
    return test


def _clean(text: str) -> str:
    """Return text without characters that XML 1.0 cannot hold."""
    return "".join(
        c
        if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff" and not "\ud800" <= c <= "\udfff")
        else "\ufffd"
        for c in text
    )
