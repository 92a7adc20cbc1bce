"""Files of waivers and baselines: every mistake with its place, all of them together; what is written is read back."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.baseline import EntrySpec
from hcgov.io.baselines import read_baseline, write_baseline
from hcgov.io.named import Named, in_folder
from hcgov.io.quoting import quoted
from hcgov.io.waivers import read_waivers
from hcgov.io.yaml import parse

ONE = """\
  - id: {id}
    control: X-1
    accepts: [fail]
    scope: {{subject: "sha256:{sha}"}}
    reason: Retraining is scheduled.
    owner: cro@acme.example
    requested_by: dev@acme.example
    starts: 2026-12-01
    expires: {expires}
    approvals:
      - by: {by}
        role: risk-owner
"""


def one(id_="W-1", expires="2026-12-20", by="cro@acme.example"):
    return ONE.format(id=id_, expires=expires, by=by, sha="a" * 64)


def read(folder: Path, **files: str):
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    return read_waivers([Named(path=f"{name}.yaml") for name in files], in_folder(folder))


def told(mistakes) -> list[str]:
    return [f"{m.where} {m.code}" for m in mistakes]


def test_waivers_of_several_files_are_read_in_the_order_of_their_ids(tmp_path: Path):
    found, mistakes = read(
        tmp_path,
        late="kind: WaiverSet\nlongest_days: {high: 10}\nwaivers:\n" + one("W-2"),
        early="kind: WaiverSet\nwaivers:\n" + one("W-1"),
        none="kind: WaiverSet\n",
    )
    assert mistakes == []
    assert [w.spec.id for w in found.waivers] == ["W-1", "W-2"]
    assert [t.high for t in found.terms] == [10, None, None]
    assert str(found.waivers[0].where("approvals", 0, "by")) == "early.yaml:13:13"


def test_all_mistakes_of_all_files_are_told_together_with_their_places(tmp_path: Path):
    _, mistakes = read(
        tmp_path,
        a="kind: WaiverSet\nwaivers:\n" + one() + one().replace("owner:", "ownr:"),
        b="kind: WaiverSet\nwaivers:\n" + one() + one("W-3", by="DEV+x@acme.example", expires="2026-11-01"),
        c="kind: Waivers\nwaivers: []\n",
        d="- not a mapping\n",
    )
    assert sorted(told(mistakes)) == [
        "a.yaml:15:5 HCG-C005",
        "a.yaml:20:5 HCG-C004",
        "b.yaml:23:14 HCG-W007",
        "b.yaml:25:13 HCG-W003",
        "b.yaml:3:9 HCG-W002",
        "c.yaml:1:7 HCG-C006",
        "d.yaml:1:1 HCG-C002",
    ]


def test_a_file_that_is_not_there_or_stands_outside_is_a_mistake(tmp_path: Path):
    project = tmp_path / "project"
    project.mkdir()
    (tmp_path / "outside.yaml").write_text("kind: WaiverSet\n", encoding="utf-8")
    (project / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (project / "folder").mkdir()
    names = ("gone.yaml", "../outside.yaml", "link.yaml", "folder", "")
    found, mistakes = read_waivers([Named(path=name) for name in names], in_folder(project))
    assert (found.waivers, [m.code for m in mistakes]) == ((), ["HCG-W001"] * 5)


TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=20)


@given(TEXT)
def test_quoted_text_is_read_back_as_it_was(text: str):
    assert parse(f"a: {quoted(text)}\n".encode(), "f").data == {"a": text}


@given(st.lists(st.tuples(TEXT, st.decimals("-9", "9", places=4) | st.none()), max_size=3))
def test_a_baseline_is_read_back_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, rows):
    entries = tuple(
        EntrySpec(
            fingerprint="a" * 64,
            control="X-1",
            about=about,
            observed=value,
            owner="cro@acme.example",
            expires="2026-12-31",
        )
        for about, value in rows
    )
    folder = tmp_path_factory.mktemp("baseline")
    (folder / "b.yaml").write_text(write_baseline(entries), encoding="utf-8")
    document, mistakes = read_baseline(Named(path="b.yaml"), in_folder(folder))
    assert mistakes == []
    assert document.spec.entries == entries
