"""Published dataset cards, judged by the core policy's check: a heading is not content."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from hcgov.core.evidence.documents import Card
from hcgov.core.measurement import Answered
from hcgov.io.files import Blob
from hcgov.io.readers import read_document
from hcgov.stages.data.dataset_card_complete import DatasetCardComplete, dataset_card_complete

PLACEHOLDER = "[More Information Needed]"


def test_no_published_card_with_placeholders_is_called_complete(
    real_data: Path, real_blob: Callable[[Path, str], Blob]
) -> None:
    called: Counter[tuple[bool, bool]] = Counter()
    for path in sorted((real_data / "cards-hf-datasets").rglob("*.md")):
        card = read_document("dataset_card", real_blob(path, "dataset_card"))
        if not isinstance(card, Card):
            continue
        statements = tuple(dataset_card_complete(card=card, params=DatasetCardComplete()))
        complete = bool(statements) and all(s.answer is Answered.MET for s in statements)
        called[PLACEHOLDER in path.read_text(encoding="utf-8"), complete] += 1
    assert called[True, True] == 0
    assert called[True, False] > 200
