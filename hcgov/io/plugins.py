"""Find stages and checks: a package is a pack, a folder is a stage, a file is a check.

Built-in stages are found through the same entry-point group as anyone else's. A pack that fails to import
neither stops the run nor vanishes: it is returned with the reason, and the controls that need it end as errors.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Mapping
from types import ModuleType

from hcgov.core.check import Check, Declared, Params
from hcgov.core.stage import Stage
from hcgov.core.text import Text, text
from hcgov.judgement.plan import Registry

GROUP = "hcgov.stages"
BUILT_IN = ("design", "data", "training", "evaluation", "deployment")


def load_registry(names: Iterable[str] = (), stages: Iterable[str] = ()) -> Registry:
    """Import stage packages and their checks.

    Parameters
    ----------
    names
        Ids of the checks that are needed; only their modules are imported, which keeps start-up short. With no
        names, or with one that has no module (so that the nearest name can be told), all are imported.
    stages
        Stages that are needed. Other packages are only looked for where a name or stage is not a built-in one,
        because reading the metadata of everything installed takes as long as the rest of the start.
    """
    wanted = {name.partition("@")[0] for name in names}
    owners = {name.partition(".")[0] for name in wanted} | set(stages)
    packs = _packs() if not wanted or owners - set(BUILT_IN) else _built_in()
    found = _load(packs, wanted)
    return found if not wanted - found.checks.keys() or found.broken else _load(_packs(), set())


def load_built_in() -> Registry:
    """Import the stages and checks that come with hcgov, and no others."""
    return _load(_built_in(), set())


def _load(packs: Mapping[str, str], wanted: set[str]) -> Registry:
    stages: dict[str, Stage] = {}
    checks: dict[str, Check[Params]] = {}
    broken: dict[str, Text] = {}
    for owner, target in packs.items():
        try:
            stage, package = _stage(target)
            stages.setdefault(stage.id, stage)
            checks |= _checks(owner, stage, package, wanted)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a third party's import raises is told
            broken[owner] = text("{kind}: {error}", kind=type(error).__name__, error=error)
    return Registry(stages=stages, checks=checks, broken=broken)


def _built_in() -> dict[str, str]:
    return {name: f"hcgov.stages.{name}:STAGE" for name in BUILT_IN}


def _packs() -> dict[str, str]:
    """Return the target of every stage pack by name; built-ins first, and nobody takes their names."""
    from importlib.metadata import entry_points

    packs = _built_in()
    for entry in entry_points(group=GROUP):
        packs.setdefault(entry.name, entry.value)
    return packs


def _stage(target: str) -> tuple[Stage, ModuleType]:
    module_name, _, attribute = target.partition(":")
    package = importlib.import_module(module_name)
    stage = getattr(package, attribute or "STAGE")
    if not isinstance(stage, Stage):
        raise TypeError(f"`{target}` is not a Stage")
    return stage, package


def _checks(owner: str, stage: Stage, package: ModuleType, wanted: set[str]) -> dict[str, Check[Params]]:
    found = {}
    for module_info in pkgutil.iter_modules(package.__path__):
        id_ = f"{owner}.{module_info.name}"
        if wanted and id_ not in wanted:
            continue
        module = importlib.import_module(f"{package.__name__}.{module_info.name}")
        own = [v for v in vars(module).values() if isinstance(v, Declared) and _defined_in(v, module)]
        if own:
            found[id_] = _check(id_, stage, module, own[0])
    return found


def _defined_in(declared: Declared[Params], module: ModuleType) -> bool:
    return declared.measure.__module__ == module.__name__


def _check(id_: str, stage: Stage, module: ModuleType, declared: Declared[Params]) -> Check[Params]:
    about = inspect.cleandoc(declared.measure.__doc__ or "")
    title = inspect.cleandoc(module.__doc__ or id_).splitlines()[0]
    return Check(
        id=id_,
        stage=stage.id,
        major=declared.major,
        title=title,
        about=about,
        params=declared.params,
        asks=declared.asks,
        measure=declared.measure,
        judged=declared.judged,
        supports=declared.supports,
        examples=declared.examples,
        takes_occasion=declared.takes_occasion,
        absent_is_pending=declared.absent_is_pending,
        limit=declared.limit,
    )
