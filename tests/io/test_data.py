"""The program's own data is found in a checkout and in an installed wheel."""

from pathlib import Path

from hcgov.io import data


def test_in_a_checkout_the_data_stands_beside_the_package(monkeypatch, tmp_path):
    monkeypatch.setattr(data, "_PACKAGE", tmp_path / "hcgov")
    assert data.data_path("policies", "a.yaml") == tmp_path / "policies" / "a.yaml"


def test_in_a_wheel_the_data_stands_in_the_package(monkeypatch, tmp_path):
    (tmp_path / "hcgov" / "_data").mkdir(parents=True)
    monkeypatch.setattr(data, "_PACKAGE", tmp_path / "hcgov")
    assert data.data_path("policies", "a.yaml") == tmp_path / "hcgov" / "_data" / "policies" / "a.yaml"


def test_the_data_of_this_very_program_is_there():
    assert data.data_path("policies").is_dir()
    assert data.data_path("checklists").is_dir()
    assert isinstance(data.data_path(), Path)
