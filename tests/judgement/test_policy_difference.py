"""What differs between two packs, and the version step it asks for."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.policy import Pack
from hcgov.core.relation import Relation
from hcgov.io.plugins import load_registry
from hcgov.io.policies import load_pack
from hcgov.judgement.policy_difference import Kind, PolicyDifference, Step, VersionStep, difference, joined
from tests.io.policies.test_extends import control, pack

CHECKS = load_registry(["evaluation.rate_gap"]).checks


def load(path: Path) -> Pack:
    return load_pack(path.stem, path, path.name)


class Two:
    """Two forms of one pack."""

    def __init__(self, folder: Path) -> None:
        self.folders = folder / "old", folder / "new"
        for one in self.folders:
            one.mkdir(parents=True)
        self.old = self.new = ("", ())

    def difference(
        self,
        old: tuple[str, ...],
        new: tuple[str, ...],
        *,
        more: tuple[str, str] = ("", ""),
        to: str = "1.2.0",
    ) -> PolicyDifference:
        packs = [
            load(pack(folder, "own", *controls, more=text, version=version))
            for folder, controls, text, version in zip(
                self.folders, (old, new), more, ("1.2.0", to), strict=True
            )
        ]
        return difference(packs[:1], packs[1:], CHECKS)


@pytest.fixture
def two(tmp_path: Path) -> Two:
    return Two(tmp_path)


def step(found: PolicyDifference) -> VersionStep:
    (one,) = found.versions
    return one


def test_the_same_pack_differs_in_nothing_and_asks_for_no_step(two: Two):
    found = two.difference((control("A-1"),), (control("A-1"),))
    assert (found.controls, found.parts, found.may_loosen) == ((), (), False)
    assert (step(found).asked, step(found).made, step(found).enough) == (Step.NONE, Step.NONE, True)


@pytest.mark.parametrize(
    ("limit", "relation", "asked"),
    [('"0.08"', Relation.TIGHTEN, Step.MINOR), ('"0.12"', Relation.LOOSEN, Step.MAJOR)],
)
def test_a_limit_that_moved(two: Two, limit: str, relation: Relation, asked: Step):
    found = two.difference((control("A-1"),), (control("A-1", limit=limit),))
    (one,) = found.controls
    assert (one.kind, one.relation, one.changes[0].field) == (Kind.CHANGED, relation, "limit.at_most")
    assert found.may_loosen is (relation is Relation.LOOSEN)
    assert step(found).asked is asked
    assert not step(found).enough


@pytest.mark.parametrize(
    ("to", "made", "enough"),
    [
        ("1.2.1", Step.PATCH, False),
        ("1.3.0", Step.MINOR, False),
        ("2.0.0", Step.MAJOR, True),
        ("1.1.9", Step.NONE, False),
        ("0.9.0", Step.NONE, False),
    ],
)
def test_the_step_that_was_made_is_held_against_the_one_asked_for(
    two: Two, to: str, made: Step, enough: bool
):
    found = two.difference((control("A-1"),), (control("A-1", limit='"0.2"'),), to=to)
    assert (step(found).asked, step(found).made, step(found).enough) == (Step.MAJOR, made, enough)


def test_a_lower_version_is_never_enough(two: Two):
    assert not step(two.difference((control("A-1"),), (control("A-1"),), to="1.1.0")).enough


def test_wording_asks_for_a_patch(two: Two):
    found = two.difference((control("A-1"),), (control("A-1").replace("Mend it.", "Mend it now."),))
    assert (found.controls[0].relation, step(found).asked) == (Relation.NEUTRAL, Step.PATCH)
    commented = two.difference((control("A-1"),), (control("A-1") + "  # a comment\n",))
    assert (commented.controls, step(commented).asked) == ((), Step.PATCH)


def test_new_and_removed_controls(two: Two):
    found = two.difference((control("A-1"),), (control("A-1"), control("B-1", limit='"0.5"')))
    assert [(one.control, one.kind, one.relation) for one in found.controls] == [
        ("B-1", Kind.NEW, Relation.TIGHTEN)
    ]
    assert step(found).asked is Step.MINOR
    back = two.difference((control("A-1"), control("B-1", limit='"0.5"')), (control("A-1"),))
    assert [(one.kind, one.relation) for one in back.controls] == [(Kind.REMOVED, Relation.LOOSEN)]
    assert back.may_loosen
    assert step(back).asked is Step.MAJOR


def test_an_equal_control_of_another_id_was_renamed(two: Two):
    found = two.difference((control("A-1"), control("A-2")), (control("A-1"), control("A-9")))
    (one,) = found.controls
    assert (one.kind, one.was, one.control, one.relation) == (Kind.RENAMED, "A-2", "A-9", Relation.NEUTRAL)
    assert not found.may_loosen
    assert step(found).asked is Step.MAJOR
    other = two.difference((control("A-2"),), (control("A-9", limit='"0.11"'),))
    assert [one.kind for one in other.controls] == [Kind.NEW, Kind.REMOVED]


def extended(folder: Path, more: str) -> Pack:
    folder.mkdir(exist_ok=True)
    pack(folder, "base", control("X-1"), control("X-2", limit='"0.3"'))
    return load(
        pack(folder, "top", control("T-1", limit='"0.4"'), more="extends: [{pack: base.yaml}]\n" + more)
    )


OFF = "disabled: [{control: X-1, reason: no need, approved_by: me}]\n"


def test_a_control_that_is_switched_off_and_on(tmp_path: Path):
    on, off = extended(tmp_path / "on", ""), extended(tmp_path / "off", OFF)
    (one,) = difference([on], [off], CHECKS).controls
    assert (one.control, one.kind, one.relation) == ("X-1", Kind.DISABLED, Relation.LOOSEN)
    back = difference([off], [on], CHECKS)
    assert [(one.kind, one.relation) for one in back.controls] == [(Kind.ENABLED, Relation.TIGHTEN)]
    assert step(back).asked is Step.MINOR


def test_what_changes_in_a_disabled_control_asks_for_nothing(tmp_path: Path):
    off = extended(tmp_path / "off", OFF)
    looser = 'overrides: [{control: X-1, set: {limit.at_most: "0.9"}, reason: was off anyway}]\n'
    found = difference([off], [extended(tmp_path / "both", OFF + looser)], CHECKS)
    assert [(one.relation, one.note) for one in found.controls] == [(Relation.NEUTRAL, "disabled in both")]
    assert not found.may_loosen


def test_parameters_conditions_and_floors(two: Two):
    def more(default: str, fact: str, floor: str) -> str:
        return (
            f'parameters: {{gap: {{type: ratio, default: "{default}", stricter: lower, maximum: "0.5"}}}}\n'
            f"facts: {{high: {{fact: system.risk_profile, eq: {fact}}}}}\n"
            'floors: [{clause: "eu:Art.10", check: evaluation.rate_gap, '
            f'limit: {{at_most: "{floor}"}}, reason: law}}]\n'
        )

    found = two.difference(
        (control("A-1"),), (control("A-1"),), more=(more("0.10", "high", "0.2"), more("0.08", "low", "0.3"))
    )
    told = {(part.kind, part.change.field): part.change.relation for part in found.parts}
    assert told == {
        ("parameter", "gap.default"): Relation.TIGHTEN,
        ("fact", "high"): Relation.INCOMPARABLE,
        ("floor", "eu:Art.10 evaluation.rate_gap.limit"): Relation.LOOSEN,
    }
    sure = more("0.10", "high", '0.2", confidence: "0.99')
    (part,) = two.difference(
        (control("A-1"),), (control("A-1"),), more=(sure, more("0.10", "high", "0.2"))
    ).parts
    assert part.change.field == "eu:Art.10 evaluation.rate_gap.limit.confidence"
    assert part.change.relation is Relation.LOOSEN
    gone = two.difference((control("A-1"),), (control("A-1"),), more=(more("0.10", "high", "0.2"), ""))
    assert {part.change.relation for part in gone.parts} == {Relation.INCOMPARABLE, Relation.LOOSEN}
    assert step(gone).asked is Step.MAJOR
    added = two.difference((control("A-1"),), (control("A-1"),), more=("", more("0.10", "high", "0.2")))
    assert step(added).asked is Step.MINOR
    assert not added.may_loosen


def test_a_range_that_was_widened_lets_others_ask_for_less(two: Two):
    declared = 'parameters: {{gap: {{type: ratio, default: "0.10", stricter: lower{}}}}}\n'
    narrow, wide = declared.format(', maximum: "0.2"'), declared.format("")
    found = two.difference((control("A-1"),), (control("A-1"),), more=(narrow, wide))
    assert [part.change.relation for part in found.parts] == [Relation.LOOSEN]


def test_several_packs_are_paired_by_id_and_others_are_told(tmp_path: Path):
    packs = [load(pack(tmp_path, name, control(f"{name}-1"))) for name in ("A", "B", "C")]
    found = difference(packs[:2], packs[1:], CHECKS)
    assert (found.new_packs, found.removed_packs) == (("org.C",), ("org.A",))
    assert [one.pack for one in found.versions] == ["org.B"]
    assert [(one.control, one.kind) for one in found.controls] == [("C-1", Kind.RENAMED)]


RELATIONS = st.lists(st.sampled_from(Relation))


@given(RELATIONS)
def test_joined_loosens_exactly_where_a_part_does(some: list[Relation]):
    together = joined(iter(some))
    assert together.may_loosen is any(one.may_loosen for one in some)
    assert joined(one.reversed for one in some) is together.reversed


LIMITS = st.sampled_from(['"0.08"', '"0.1"', '"0.10"', '"0.12"'])


@given(
    st.dictionaries(st.sampled_from(["A-1", "A-2", "A-3"]), LIMITS),
    st.dictionaries(st.sampled_from(["A-1", "A-2", "A-3"]), LIMITS),
)
def test_the_other_way_round_every_change_is_reversed(tmp_path_factory, old, new):  # type: ignore[no-untyped-def]  # fixtures and dictionaries of texts
    folder = tmp_path_factory.mktemp("packs")
    same = control("Z-9", limit='"0.5"')
    packs = [
        load(pack(folder, f"p{i}", *(control(id_, limit=one) for id_, one in each.items()), same))
        for i, each in enumerate((old, new))
    ]
    forth, back = difference(packs[:1], packs[1:], CHECKS), difference(packs[1:], packs[:1], CHECKS)
    # A rename pairs ids, and which of several equal ones is paired rests on their order.
    if not any(one.kind is Kind.RENAMED for one in (*forth.controls, *back.controls)):
        assert {one.control: one.relation.reversed for one in forth.controls} == {
            one.control: one.relation for one in back.controls
        }
    if old == new:
        assert forth.controls == ()
