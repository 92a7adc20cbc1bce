"""What a record says of the system, the policies that were applied, and the machine that it was made on."""

import platform
import sys
from collections.abc import Sequence

from hcgov.app.project import Loaded
from hcgov.core.policy import Pack
from hcgov.core.record import EnvironmentV1, PackV1, SystemV1

NAMED_PACKAGES = (
    "duckdb",
    "fairlearn",
    "great_expectations",
    "jinja2",
    "mlflow",
    "numpy",
    "pandas",
    "pydantic",
)


def record_system(loaded: Loaded) -> SystemV1:
    """Return the system as the manifest describes it."""
    system = loaded.manifest.project.system
    return SystemV1(
        name=system.name,
        version=system.version,
        risk_profile=system.risk_profile.value,
        description=system.description,
        owner=system.owner,
        facts=dict(system.facts),
    )


def record_packs(packs: Sequence[Pack]) -> tuple[PackV1, ...]:
    """Return the packs that were applied, then those they extend, each once."""
    own = {p.sha256 for p in packs}
    sources = {s.sha256: s for p in packs for s in p.sources}
    return tuple(
        PackV1(
            id=s.metadata.id,
            version=s.metadata.version,
            title=s.metadata.title,
            file=s.file,
            sha256=s.sha256,
            inherited=s.sha256 not in own,
        )
        for s in sorted(sources.values(), key=lambda s: s.sha256 not in own)
    )


def record_environment() -> EnvironmentV1:
    """Name the versions of what was used: only packages that this process imported."""
    versions = {
        name: str(getattr(sys.modules[name], "__version__", ""))
        for name in NAMED_PACKAGES
        if name in sys.modules
    }
    return EnvironmentV1(
        python=platform.python_version(),
        platform=f"{platform.system()} {platform.machine()}",
        packages=versions,
    )
