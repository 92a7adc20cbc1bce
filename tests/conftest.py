"""What no test may do to whoever runs it: counts are kept for later checks outside every project."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

# No example is timed: properties hold on a busy machine too.
settings.register_profile("quick", deadline=None, max_examples=50)
settings.register_profile("thorough", deadline=None, max_examples=1_000)
settings.load_profile("quick")


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HCGOV_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield
