"""The lock: what it pins, and every way in which the packs in use can differ from it."""

from pathlib import Path

from hcgov.io.policies.lock import lock_mistakes, resolved_digest, understood_lock, written_lock
from tests.io.policies.test_extends import control, load, pack


def lock_of(*packs):
    lock, parsed, told = understood_lock(written_lock(packs).encode())
    assert told == []
    return lock, parsed


def codes(lock, parsed, *packs):
    return [(m.code, str(m.where)) for m in lock_mistakes(lock, parsed, packs)]


def test_a_lock_of_the_packs_in_use_says_nothing(tmp_path: Path):
    pack(tmp_path, "base", control("X-1"))
    top = load(pack(tmp_path, "top", more="extends: [{pack: base.yaml}]\n"))
    lock, parsed = lock_of(top)
    assert lock.controls == ("X-1",)
    assert [entry.id for entry in lock.packs] == ["org.top", "org.base"]
    assert codes(lock, parsed, top) == []


def test_a_byte_in_an_inherited_pack_is_noticed_at_its_place(tmp_path: Path):
    base = pack(tmp_path, "base", control("X-1"))
    path = pack(tmp_path, "top", more="extends: [{pack: base.yaml}]\n")
    lock, parsed = lock_of(load(path))
    base.write_text(base.read_text() + "# nothing but a comment\n")
    assert codes(lock, parsed, load(path)) == [("HCG-P010", "hcgov.lock:12:13")]


def test_packs_that_come_or_go_are_noticed(tmp_path: Path):
    one, other = load(pack(tmp_path, "a", control("A-1"))), load(pack(tmp_path, "b", control("B-1")))
    lock, parsed = lock_of(one)
    assert [code for code, _ in codes(lock, parsed, one, other)] == ["HCG-P011"]
    assert [code for code, _ in codes(lock, parsed)] == ["HCG-P011"]


def test_the_same_packs_that_come_to_other_controls_are_noticed(tmp_path: Path):
    made = load(pack(tmp_path, "a", control("A-1")))
    text = written_lock([made]).replace(resolved_digest([made]), "0" * 64)
    lock, parsed, _ = understood_lock(text.encode())
    assert [code for code, _ in codes(lock, parsed, made)] == ["HCG-P012"]


def test_what_is_no_lock_is_told_with_its_place():
    lock, _, told = understood_lock(b"hcgov: 1\nkind: PolicyLock\npacks: []\nresolved: abc\ncontrols: []\n")
    assert lock is None
    assert [(m.code, str(m.where)) for m in told] == [("HCG-C006", "hcgov.lock:4:11")]
