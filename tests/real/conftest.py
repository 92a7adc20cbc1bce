"""Real data stands outside the repository; its place is told by HCGOV_REAL_DATA."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from hcgov.core.evidence.source import Source
from hcgov.io.files import Blob


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real data, or skip with the reason."""
    told = os.environ.get("HCGOV_REAL_DATA")
    if not told:
        pytest.skip("HCGOV_REAL_DATA does not name the folder of real data")
    folder = Path(told).resolve()
    if not folder.is_dir():
        pytest.skip("the folder that HCGOV_REAL_DATA names does not exist")
    return folder


@pytest.fixture(scope="session")
def real_blob() -> Callable[[Path, str], Blob]:
    """Make the blob of a real file."""

    def make(path: Path, kind: str) -> Blob:
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        location = f"{path.parent.name}/{path.name}"
        source = Source(artifact="it", kind=kind, location=location, sha256=digest, size=len(data))
        return Blob(data=data, source=source)

    return make
