"""What a ledger shows by itself, and what only a checkpoint that was kept elsewhere shows."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hcgov.core.merkle import leaf_hash, root_of
from hcgov.io.canonical import canonical
from hcgov.io.ledger import verify
from hcgov.io.ledger.checkpoint import Checkpoint
from tests.io.ledger.made import add, checkpoint_file, entries_file, grown

SIZE = 6
Lines = list[bytes]


def lines_of(home: Path) -> Lines:
    return entries_file(home).read_bytes().splitlines()


def write(home: Path, lines: Lines) -> None:
    entries_file(home).write_bytes(b"".join(line + b"\n" for line in lines))


def cover(home: Path, lines: Lines) -> None:
    """Write entries with a checkpoint over them, as whoever can write all files would."""
    write(home, lines)
    origin = checkpoint_file(home).read_text().split("\n")[0]
    forged = Checkpoint(origin=origin, size=len(lines), root=root_of([leaf_hash(line) for line in lines]))
    checkpoint_file(home).write_text(str(forged))


def linked_anew(lines: Lines) -> Lines:
    """Write places and links anew, so that the history is consistent again."""
    done: Lines = []
    for index, line in enumerate(lines):
        entry = json.loads(line)
        entry["index"] = index
        entry.pop("previous", None)
        if done:
            entry["previous"] = f"sha256:{leaf_hash(done[-1]).hex()}"
        done.append(canonical(entry))
    return done


def edited(line: bytes) -> bytes:
    return line.replace(b'"run":"run-', b'"run":"not-')


def test_an_intact_ledger_has_grown_out_of_every_state_it_had(home: Path) -> None:
    for kept in grown(home, SIZE):
        found = verify(home, pinned=kept)
        assert found.problems == ()
        assert found.pinned == kept.size
        assert len(found.entries) == SIZE


# Without any other checkpoint: what was done, and the first entry that is named.
BY_ITSELF: list[tuple[str, Callable[[Lines], Lines], int]] = [
    ("an edit", lambda a: [*a[:2], edited(a[2]), *a[3:]], 2),
    ("an edit of the first", lambda a: [edited(a[0]), *a[1:]], 0),
    ("an edit of the last", lambda a: [*a[:-1], edited(a[-1])], SIZE - 1),
    ("the first dropped", lambda a: a[1:], 0),
    ("one dropped", lambda a: [*a[:3], *a[4:]], 3),
    ("the last dropped", lambda a: a[:-1], SIZE - 1),
    ("two exchanged", lambda a: [*a[:1], a[2], a[1], *a[3:]], 1),
    ("one doubled", lambda a: [*a[:3], a[2], *a[3:]], 3),
    ("a link exchanged", lambda a: [*a[:2], relinked(a[2]), *a[3:]], 2),
    ("no JSON", lambda a: [*a[:4], b"{", *a[5:]], 4),
    ("another form of the same", lambda a: [*a[:4], a[4].replace(b",", b", "), *a[5:]], 4),
    ("a field too many", lambda a: [*a[:4], a[4].replace(b"{", b'{"a":1,', 1), *a[5:]], 4),
]


def relinked(line: bytes) -> bytes:
    entry = json.loads(line)
    entry["previous"] = f"sha256:{'0' * 64}"
    return canonical(entry)


@pytest.mark.parametrize("covered", [False, True])
@pytest.mark.parametrize(("change", "first_bad"), [c[1:] for c in BY_ITSELF], ids=[c[0] for c in BY_ITSELF])
def test_the_first_bad_entry_is_named(
    change: Callable[[Lines], Lines],
    first_bad: int,
    covered: bool,
    home: Path,
    request: pytest.FixtureRequest,
) -> None:
    grown(home, SIZE)
    changed = change(lines_of(home))
    (cover if covered else write)(home, changed)
    found = verify(home)
    at_the_end = request.node.callspec.id.startswith(("an edit of the last", "the last dropped"))
    if covered and at_the_end:
        assert found.intact  # a checkpoint over it was forged: see below
        return
    assert [problem.index for problem in found.problems] == [first_bad]


REWRITTEN: list[tuple[str, Callable[[Lines], Lines]]] = [
    ("the tail cut off", lambda a: a[:-2]),
    ("the last edited", lambda a: [*a[:-1], edited(a[-1])]),
    ("history written anew", lambda a: linked_anew([*a[:2], edited(a[2]), *a[3:]])),
    ("two exchanged", lambda a: linked_anew([a[1], a[0], *a[2:]])),
    ("the first dropped", lambda a: linked_anew(a[1:])),
    ("one dropped, one added", lambda a: linked_anew([*a[1:], a[0]])),
]


@pytest.mark.parametrize("change", [c[1] for c in REWRITTEN], ids=[c[0] for c in REWRITTEN])
def test_a_consistent_forgery_shows_only_against_a_checkpoint_from_elsewhere(
    change: Callable[[Lines], Lines], home: Path
) -> None:
    kept = grown(home, SIZE)[-1]
    cover(home, change(lines_of(home)))
    assert verify(home).intact, "this is what cannot be seen by itself"
    assert not verify(home, pinned=kept).intact


def test_what_was_rewritten_behind_the_kept_checkpoint_does_not_show_against_it(home: Path) -> None:
    kept = grown(home, SIZE)
    cover(home, lines_of(home)[:-1])
    assert verify(home, pinned=kept[2]).intact
    assert not verify(home, pinned=kept[-1]).intact


def test_an_older_state_put_back_shows(home: Path, tmp_path: Path) -> None:
    grown(home, 3)
    shutil.copytree(home, tmp_path / "old")
    kept = add(home, 3).checkpoint
    shutil.rmtree(home)
    shutil.copytree(tmp_path / "old", home)
    (problem,) = verify(home, pinned=kept).problems
    assert problem.index == 3
    assert "the last ones are gone" in problem.why


def test_a_ledger_that_is_gone_shows_and_so_does_another_in_its_place(home: Path) -> None:
    kept = grown(home, 3)[-1]
    shutil.rmtree(home)
    assert "gone" in str(verify(home, pinned=kept).problems[0])
    grown(home, 3)
    assert "another ledger" in str(verify(home, pinned=kept).problems[0])


def test_an_entry_of_another_ledger_does_not_belong(home: Path, tmp_path: Path) -> None:
    grown(home, 3)
    other = tmp_path / "other" / ".hcgov"
    grown(other, 3)
    write(home, [*lines_of(home)[:1], lines_of(other)[1], lines_of(home)[2]])
    (problem,) = verify(home).problems
    assert (problem.index, problem.why) == (1, "it belongs to another ledger")


def test_no_ledger_at_all_is_neither_intact_entries_nor_a_problem(home: Path) -> None:
    found = verify(home)
    assert (found.entries, found.checkpoint, found.problems) == ((), None, ())


@pytest.mark.parametrize("checkpoint", ["", "x", "hcgov.ledger/" + "0" * 32 + "\n1\n\n"])
def test_a_checkpoint_that_is_none_is_told(checkpoint: str, home: Path) -> None:
    grown(home, 1)
    checkpoint_file(home).write_text(checkpoint)
    (problem,) = verify(home).problems
    assert "is no checkpoint" in problem.why


def test_a_checkpoint_that_is_gone_is_told(home: Path) -> None:
    grown(home, 2)
    checkpoint_file(home).unlink()
    (problem,) = verify(home).problems
    assert "no checkpoint for 2 entries" in problem.why


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Checkpoint]:
    home = tmp_path_factory.mktemp("whole") / ".hcgov"
    return home, grown(home, SIZE)[-1]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_single_changed_byte_goes_unseen(whole: tuple[Path, Checkpoint], data: st.DataObject) -> None:
    home, kept = whole
    file = data.draw(st.sampled_from([entries_file(home), checkpoint_file(home)]))
    good = file.read_bytes()
    at = data.draw(st.integers(0, len(good) - 1))
    how = data.draw(st.sampled_from(["flip", "drop", "double", "cut"]))
    bit = 1 << data.draw(st.integers(0, 7))
    changed = {
        "flip": good[:at] + bytes([good[at] ^ bit]) + good[at + 1 :],
        "drop": good[:at] + good[at + 1 :],
        "double": good[: at + 1] + good[at:],
        "cut": good[:at],
    }[how]
    # A blank line more or less at the end of an unsigned checkpoint says the same.
    if file == checkpoint_file(home) and changed.strip() == good.strip() and changed.endswith(b"\n\n"):
        return
    try:
        file.write_bytes(changed)
        found = verify(home, pinned=kept)
    finally:
        file.write_bytes(good)
    # Behind what counts stands only what an append left; that is told, and takes nothing away.
    assert found.problems or (found.unfinished and found.entries == verify(home).entries)
