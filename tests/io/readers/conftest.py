import hashlib
from collections.abc import Callable

import pytest

from hcgov.core.evidence.source import Source
from hcgov.io.files import Blob


@pytest.fixture
def blob() -> Callable[..., Blob]:
    """Make the blob of a document from its text."""

    def make(content: str | bytes, location: str = "README.md", kind: str = "model_card") -> Blob:
        data = content.encode() if isinstance(content, str) else content
        digest = hashlib.sha256(data).hexdigest()
        source = Source(artifact="it", kind=kind, location=location, sha256=digest, size=len(data))
        return Blob(data=data, source=source)

    return make
