"""The generated reference pages are those of the code."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from hcgov.app.codes import CODES, REASONS
from hcgov.core.evidence.absent import Absence
from hcgov.core.status import Reason

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_are_up_to_date(generate: ModuleType) -> None:
    for page, content in generate.pages().items():
        assert page.read_text(encoding="utf-8") == content, f"run `python docs/generate.py` ({page.name})"


def test_every_code_in_the_source_is_explained() -> None:
    used = {
        code
        for path in (ROOT / "hcgov").rglob("*.py")
        for code in re.findall(r"HCG-[A-Z]\d{3}", path.read_text(encoding="utf-8"))
    }
    assert used - CODES.keys() == set()
    assert len(used) > 30


def test_every_reason_of_a_record_is_explained() -> None:
    assert REASONS.keys() == {*Reason, *Absence}
