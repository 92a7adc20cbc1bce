"""Large packs cost as much more as they are longer: controls are not compared with one another, places not read."""

from pathlib import Path

import pytest

from hcgov.app.policy import read_policies
from hcgov.core.control import ControlSpec
from hcgov.io import yaml
from tests.io.policies.test_extends import control, pack

MANY = 400


def many() -> list[str]:
    return [control(f"BIG-{number:04d}") for number in range(MANY)]


def test_a_sound_pack_is_read_without_places_and_without_comparing_controls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = pack(tmp_path, "many", *many())

    def never(*_: object) -> bool:
        raise AssertionError("this is done once for each control, or for each pair")

    monkeypatch.setattr(ControlSpec, "__eq__", never)
    monkeypatch.setattr(yaml._Where, "all", never)
    (read,) = read_policies([str(file)], tmp_path).packs
    assert len(read.spec.controls) == MANY


def test_many_overrides_leave_their_own_places_and_the_others_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    pack(tmp_path, "many", *many())
    entries = [
        f'{{control: BIG-{n:04d}, set: {{limit.at_most: "0.05"}}, reason: contract}}' for n in range(MANY)
    ]
    overrides = "overrides:\n" + "".join(f"  - {entry}\n" for entry in entries)
    top = pack(tmp_path, "top", more=f"extends: [{{pack: many.yaml}}]\n{overrides}")
    looked: list[str] = []
    found = yaml._Where.all

    def all_(self: yaml._Where, which: str) -> object:
        looked.append(self._file)
        return found(self, which)

    monkeypatch.setattr(yaml._Where, "all", all_)
    (read,) = read_policies([str(top)], tmp_path).packs
    assert {str(one.limit.at_most) for one in read.spec.controls if one.limit} == {"0.05"}
    assert set(looked) == {"top.yaml"}
    assert str(read.where("controls", MANY - 1, "limit", "at_most")) == f"top.yaml:{5 + MANY}:31"
