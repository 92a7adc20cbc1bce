"""Whoever revoked consent is in no number of a report: it is the report of a file without them."""

import json
from pathlib import Path

from hcgov.app.longs import Asked
from hcgov.app.sheets import shown
from hcgov.app.sheets.annotation import annotation_report

DATE = "2026-11-21"
CSC = Path("lewidi") / "LeWiDi_3-2025" / "CSC"


def report(items: Path, people: Path) -> dict:
    asked = Asked(target=items, annotators=people, by=("Gender",), scale="ordinal")
    return json.loads(shown(annotation_report(asked, date=DATE), "json"))


def test_a_report_is_that_of_a_file_without_them(real_data: Path, tmp_path: Path) -> None:
    items = json.loads((real_data / CSC / "CSC_dev.json").read_text(encoding="utf-8"))
    people = json.loads((real_data / CSC / "CSC_annotators_meta.json").read_text(encoding="utf-8"))
    revoked = {name for name, said in people.items() if "CONSENT_REVOKED" in said.values()}
    for item in items.values():
        item["annotations"] = {who: what for who, what in item["annotations"].items() if who not in revoked}
        item["annotators"] = ",".join(who for who in item["annotators"].split(",") if who not in revoked)
        item["number of annotations"] = len(item["annotations"])
    without = tmp_path / "CSC_dev.json"
    without.write_text(json.dumps(items), encoding="utf-8")
    whole = report(real_data / CSC / "CSC_dev.json", real_data / CSC / "CSC_annotators_meta.json")
    rest = report(without, real_data / CSC / "CSC_annotators_meta.json")
    assert len(revoked & {who for item in items.values() for who in item["annotations"]}) == 0
    assert "16 judgments of 3 people are in no number" in json.dumps(whole["lead"])
    # The section about consent says that they are left out; every other one is the same to the last digit.
    about = "consent-and-pay"
    assert [one for one in whole["sections"] if one["id"] != about] == [
        one for one in rest["sections"] if one["id"] != about
    ]
    assert len(whole["sections"]) >= 7
