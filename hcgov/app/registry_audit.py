"""Which aliases of a registry no promotion put where they are.

A registry lets anybody with access move an alias, and MLflow keeps no history of it. The ledgers of projects keep every
promotion; what stands in the registry is held against them.
"""

import os
from collections.abc import Iterator, Sequence, Set
from pathlib import Path
from typing import TypeAlias

from hcgov.app.moving import ledger_alias, version
from hcgov.app.save import HOME, RUNS
from hcgov.app.weighing import Claim, State, kept_record, usage
from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError
from hcgov.io.ledger import AliasPromoted, GateDecided, read_openings, verify
from hcgov.io.manifest import read_manifest
from hcgov.io.tracking.registered import Connect, NoAnswer, Pointer, Registry, connected
from hcgov.io.tracking.uri import Store, choose_store, shown

_Passed: TypeAlias = tuple[str, str, str]


@frozen
class Promotion:
    """A promotion as a ledger keeps it; ``model`` is empty where the commitment to it cannot be opened here."""

    root: Path
    model: str
    alias: str
    version: str
    run: str
    subject: str

    @property
    def of_tag(self) -> bool:
        """Whether a tag was promoted to, and no alias."""
        return ":" in self.alias


@frozen
class Row:
    """One alias, or one version with a promoted tag."""

    claim: Claim
    model: str
    alias: str
    version: str

    def as_json(self) -> dict[str, str]:
        """Return the row as plain values."""
        return {"model": self.model, "alias": self.alias, "version": self.version, **self.claim.as_json()}


@frozen
class Audit:
    """What came of it.

    Parameters
    ----------
    problems
        What kept the registry or a ledger from being read.
    """

    rows: tuple[Row, ...]
    problems: tuple[Claim, ...]
    store: str

    @property
    def exit_code(self) -> int:
        """4 where a ledger is damaged, then 1 where anything was moved outside, 3 where anything is not known."""
        states = {claim.state for claim in (*self.problems, *(row.claim for row in self.rows))}
        return next(
            (code for state, code in (("broken", 4), ("failed", 1), ("open", 3)) if state in states), 0
        )


def audit_registry(
    projects: Sequence[Path],
    *,
    models: Sequence[str] = (),
    tracking_uri: str = "",
    connect: Connect = connected,
) -> Audit:
    """Hold every alias of a registry against the promotions in the ledgers of projects.

    Parameters
    ----------
    projects
        Folders of the projects whose promotions count; the first one says which registry is meant.
    models
        Names of the registered models to look at; all where empty.
    tracking_uri
        Store given on the command line.
    connect
        Opens the registry.

    Raises
    ------
    AuthoringError
        One of the folders is none.
    """
    if lost := [root for root in projects if not root.is_dir()]:
        raise AuthoringError(
            [usage(f"there is no folder `{one}`", "name the folder of a project") for one in lost]
        )
    store = _store(projects[0], tracking_uri)
    if problems := tuple(claim for root in projects for claim in _ledger_problems(root)):
        return Audit(rows=(), problems=problems, store=shown(store.uri))
    promotions = [one for root in projects for one in _promotions(root)]
    with connect(store, os.environ) as registry:
        found = _standing(registry, promotions)
    if isinstance(found, NoAnswer):
        problem = Claim(state="open", topic="registry", text=str(found.reason))
        return Audit(rows=(), problems=(problem,), store=shown(store.uri))
    wanted = [one for one in found if not models or one.target.name in models]
    passed = {one for root in projects for one in _passed(root)}
    rows = (
        *(_row(pointer, promotions, passed) for pointer in wanted),
        *_gone(wanted, [one for one in promotions if not models or one.model in models]),
    )
    return Audit(rows=rows, problems=(), store=shown(store.uri))


def _store(root: Path, tracking_uri: str) -> Store:
    manifest, _ = read_manifest(root)
    named = "" if manifest is None else manifest.project.tracking.uri
    return choose_store(root, environ=os.environ, flag=tracking_uri, manifest=named)


def _standing(registry: Registry, promotions: Sequence[Promotion]) -> tuple[Pointer, ...] | NoAnswer:
    """List every alias, and every version that carries a tag to which some version of its model was promoted."""
    answer = registry.aliases()
    if isinstance(answer, NoAnswer):
        return answer
    found = [*answer]
    asked = {(one.model, *one.alias.split(":")[1:]) for one in promotions if one.of_tag and one.model}
    for name, key, value in sorted(asked):
        answer = registry.tagged(name, key, value)
        if isinstance(answer, NoAnswer):
            return answer
        found += answer
    return tuple(found)


def _ledger_problems(root: Path) -> Iterator[Claim]:
    try:
        found = verify(root / HOME)
    except OSError as error:
        told = f"the ledger in `{root / HOME}` cannot be read: {error.strerror or error}"
        yield Claim(state="open", topic="ledger", text=told)
        return
    if found.problems:
        told = f"the ledger in `{root / HOME}` is damaged: {found.problems[0]}"
        yield Claim(state="broken", topic="ledger", text=told)
    elif found.checkpoint is None:
        told = f"there is no ledger in `{root / HOME}`, so nothing is known of promotions"
        yield Claim(state="open", topic="ledger", text=told)


def _promotions(root: Path) -> Iterator[Promotion]:
    names = read_openings(root / HOME)
    for entry in verify(root / HOME).entries:
        if entry is not None and isinstance(entry.body, AliasPromoted):
            yield Promotion(
                root=root,
                model=names.get(entry.body.model, ""),
                alias=entry.body.alias,
                version=entry.body.version,
                run=entry.body.run,
                subject=entry.body.subject or "",
            )


def _passed(root: Path) -> Iterator[_Passed]:
    """Yield run, record and decision of everything that the gate let pass."""
    for entry in verify(root / HOME).entries:
        if entry is not None and isinstance(entry.body, GateDecided) and entry.body.exit_code == 0:
            yield entry.body.run, entry.body.report, entry.body.decision


def _row(pointer: Pointer, promotions: Sequence[Promotion], passed: Set[_Passed]) -> Row:
    target, alias = pointer.target, ledger_alias(pointer.target)
    state, told = _judged(pointer, alias, promotions, passed)
    return Row(
        claim=Claim(state=state, topic=f"{target.name}@{alias}", text=told),
        model=target.name,
        alias=alias,
        version=target.version,
    )


def _judged(
    pointer: Pointer, alias: str, promotions: Sequence[Promotion], passed: Set[_Passed]
) -> tuple[State, str]:
    """Say whether an alias stands where its last promotion put it, and its tags as they were written."""
    target, here = pointer.target, version(pointer.target.version)
    own = [one for one in promotions if one.alias == alias and one.model == target.name]
    own = own or [one for one in promotions if one.alias == alias and _unopened(one, pointer)]
    if not own and any(one.alias == alias and not one.model for one in promotions):
        return (
            "open",
            f"{here}; a promotion of this alias is noted, and of which model can no longer be opened",
        )
    if not own and "hcgov.record" in pointer.tags:
        return "failed", f"{here} carries gate tags, and no ledger notes a promotion"
    if not own:
        return "failed", f"{here} was never promoted to it"
    placed = [one for one in own if one.version == target.version]
    if not placed or (not own[-1].of_tag and own[-1].version != target.version):
        return "failed", f"{here}; the last promotion was of {version(own[-1].version)}, record {own[-1].run}"
    if not pointer.there:
        return "failed", f"{here}, which is no longer there"
    if wrong := _edited(pointer, [*placed, *promotions], passed):
        return "failed", f"{here}; {wrong}"
    return "met", f"{here}, promoted on record {placed[-1].run}"


def _unopened(one: Promotion, pointer: Pointer) -> bool:
    """Whether a promotion whose model nobody can name any more is the one that the tags point to."""
    return (
        not one.model
        and one.version == pointer.target.version
        and one.run == pointer.tags.get("hcgov.record")
    )


def _edited(pointer: Pointer, promotions: Sequence[Promotion], passed: Set[_Passed]) -> str:
    """Say which gate tag of a version is not what a promotion wrote; empty where all are."""
    tags, target = pointer.tags, pointer.target
    run = tags.get("hcgov.record", "")
    made = next(
        (
            one
            for one in promotions
            if one.run == run and one.version == target.version and one.model in (target.name, "")
        ),
        None,
    )
    if made is None:
        return f"its tag hcgov.record {f'says {run}' if run else 'is gone'}, and no promotion of it is noted"
    if tags.get("hcgov.subject") != made.subject:
        return "its tag hcgov.subject is not what the promotion wrote"
    record, decision = tags.get("hcgov.record.sha256", ""), tags.get("hcgov.decision", "")
    if (run, record, decision) not in passed:
        return "its tags hcgov.record.sha256 and hcgov.decision are not what the gate decided"
    policy = _policy_of(made, record)
    if not tags.get("hcgov.policy") or policy not in ("", tags["hcgov.policy"]):
        return "its tag hcgov.policy is not the policy of the record"
    return ""


def _policy_of(made: Promotion, digest: str) -> str:
    """Return the policy of a record that is still kept here, unchanged; empty where it is not."""
    try:
        kept = kept_record(made.root / HOME / RUNS / made.run / "report.json")
    except AuthoringError:
        return ""
    return f"sha256:{kept.report.policy_digest}" if f"sha256:{kept.sha256}" == digest else ""


def _gone(found: Sequence[Pointer], promotions: Sequence[Promotion]) -> Iterator[Row]:
    """Tell of aliases that were promoted and that nobody has any more: nothing is served by them."""
    there = {(pointer.target.name, pointer.target.alias) for pointer in found}
    last = {(one.model, one.alias): one for one in promotions if one.model and not one.of_tag}
    for (model, alias), one in last.items():
        if (model, alias) not in there:
            told = f"was promoted to {version(one.version)}, and is no longer there"
            claim = Claim(state="note", topic=f"{model}@{alias}", text=told)
            yield Row(claim=claim, model=model, alias=alias, version="")
