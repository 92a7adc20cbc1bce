"""What is read again sooner than it is kept gives the counts of what is kept."""

from pathlib import Path

import pytest

from hcgov.core.evidence.counts import Counts, CountsOf
from hcgov.core.slices import SliceRules
from hcgov.io.tables import answer, dividing, relation, tally
from hcgov.io.tables.engine import Embedded
from tests.io.tables.making import SELECTED, table, write

ROWS = [{"sex": "FM"[i % 2], "label": "1", "prediction": str(i % 3 // 2)} for i in range(60)]


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize(("brief", "most", "kept"), [(10**6, 9, 0), (10**6, 2, 1), (0, 9, 1)])
def test_a_small_table_of_few_groups_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, brief: int, most: int, kept: int
) -> None:
    names = list[str]()
    plain = Embedded.keep

    def noted(self: Embedded, name: str, query: str) -> None:
        names.append(name)
        plain(self, name, query)

    monkeypatch.setattr(Embedded, "keep", noted)
    monkeypatch.setattr(relation, "BRIEF", brief)
    monkeypatch.setattr(relation, "BRIEF_ROWS", brief)
    monkeypatch.setattr(dividing, "LEAST_BYTES", 0)
    monkeypatch.setattr(tally, "MOST_FEW", most)
    it = table(write(tmp_path, kind, ROWS, ("sex", "label", "prediction")), unit="person")
    request = CountsOf(table="t", rates=(SELECTED,))
    found = answer("t", it, tmp_path, [request], SliceRules(by=("sex",)), {})[request]
    assert isinstance(found, Counts)
    told = [(cell.groups, cell.flags, cell.n) for cell in found.cells]
    assert told == [(("F",), (0,), 20), (("F",), (1,), 10), (("M",), (0,), 20), (("M",), (1,), 10)]
    assert names.count("cells") == kept
