from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from hcgov.io.signing import PrivateKey, Trust, TrustedKey, load_private, new_pair

TODAY = date(2027, 3, 1)


@dataclass(frozen=True, kw_only=True)
class Keys:
    owner: PrivateKey
    runner: PrivateKey

    def trusted(self, key: PrivateKey, **changed: object) -> Trust:
        known: dict[str, object] = {
            "public": key.public,
            "name": key.name,
            "roles": frozenset({"risk-owner"}),
            "valid_from": date(2027, 1, 1),
            "valid_until": date(2027, 12, 31),
        }
        return Trust(keys={key.key_id: TrustedKey(**(known | changed))})  # type: ignore[arg-type]  # as named


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    folder = tmp_path_factory.mktemp("keys")
    for name in ("owner", "runner"):
        new_pair(folder, name)
    return Keys(owner=load_private(folder / "owner.key"), runner=load_private(folder / "runner.key"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"
