from pathlib import Path

import pytest

from tests.app.breaking import Copy
from tests.app.releasing import Registered, Releasing


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registered:
    """One registry for the session: creating it takes seconds."""
    return Registered(tmp_path_factory.mktemp("registry"))


@pytest.fixture
def registered(registry: Registered) -> Registered:
    """The registry, and nobody who comes in between."""
    registry.between = lambda _: None
    return registry


@pytest.fixture
def releasing(tmp_path: Path) -> Releasing:
    """A project that passes, with a folder as its model."""
    return Releasing(tmp_path / "project")


@pytest.fixture
def model(request: pytest.FixtureRequest) -> str:
    """A registered model of its own for each test, with blanks and an apostrophe in its name."""
    return f"Ann's {request.node.name}"[:80].replace("/", " ").replace(":", " ")
