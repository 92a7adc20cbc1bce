"""Move an alias and note the move, so that neither stands without the other.

The version is tagged, the alias moved, both read again, and the move noted, all while nobody else can append to the
project's ledger: two promotions of one project never overlap, and the last one noted is the last one made. Killed in
between, the alias stands without an entry, which `hcgov gate --audit-registry` finds; promoting again mends it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from hcgov.app.save import HOME
from hcgov.app.weighing import Claim
from hcgov.core.frozen import frozen
from hcgov.io.ledger import AliasPromoted, Body, Entry, LedgerDamagedError, NotAppendedError, append, seal
from hcgov.io.tracking.registered import Moved, NoAnswer, Registry, Target

ROLE = "promotion"


@frozen
class Move:
    """A move that was decided.

    Parameters
    ----------
    target
        The version, and the alias or tag.
    before
        Version that the alias pointed to when the decision was made; empty for none.
    tags
        Gate tags of the version.
    run, subject
        The record that allows it, and the digest that it is about.
    """

    target: Target
    before: str
    tags: Mapping[str, str]
    run: str
    subject: str


def ledger_alias(target: Target) -> str:
    """Return what stands in the ledger for an alias, or for a tag: no alias holds a colon."""
    return target.alias or f"tag:{target.key}:{target.value}"


def made(move: Move, registry: Registry, project: Path, *, at: datetime, actor: str) -> tuple[Claim, ...]:
    """Make a move; returns nothing where it was made and noted, else why it was not.

    Raises
    ------
    NotAppendedError
        The ledger cannot be written; the alias was put back, or the message says that it was not.
    """
    model = seal(move.target.name)
    body = AliasPromoted(
        run=move.run,
        model=model.commitment,
        version=move.target.version,
        alias=ledger_alias(move.target),
        subject=move.subject,
    )
    written: list[Moved] = []

    def noted(_: tuple[Entry, ...]) -> Body:
        answer = registry.move(move.target, move.tags, move.before)
        if isinstance(answer, Moved) and answer.moved:
            written.append(answer)
        if told := _why_not(answer, move):
            raise _NotMoved(told)
        return body

    try:
        append(project / HOME, noted, at=at, role=ROLE, name=actor, sealed=(model,))
    except _NotMoved as error:
        return (Claim(state="open", topic="registry", text=str(error)),)
    except LedgerDamagedError as error:
        told = Claim(state="broken", topic="ledger", text=f"the promotion is not noted: {error}")
        return told, *_put_back(registry, move, written)
    except NotAppendedError as error:
        raise NotAppendedError(
            "; ".join((str(error), *(one.text for one in _put_back(registry, move, written))))
        ) from error
    return ()


class _NotMoved(Exception):  # noqa: N818 - it carries an answer out of the append, and is no fault of the ledger
    pass


def _why_not(answer: Moved | NoAnswer, move: Move) -> str:
    """Say why an alias does not stand where it was put; empty where it does."""
    target = move.target
    if isinstance(answer, NoAnswer):
        return f"{answer.reason}; look where {target} stands, and promote again"
    if not answer.moved:
        return (
            f"{target} pointed to {version(move.before)} when this began, and somebody moved it to "
            f"{version(answer.before)} meanwhile; nothing was moved"
        )
    if answer.after != target.version:
        return f"{target} was moved to version {target.version}, and somebody moved it on to {version(answer.after)}"
    if any(answer.tags.get(key) != value for key, value in move.tags.items()):
        return f"{target} was moved, and somebody wrote other gate tags meanwhile; promote again"
    return ""


def _put_back(registry: Registry, move: Move, written: Sequence[Moved]) -> Iterator[Claim]:
    """Let an alias point where it did: a move that no ledger notes must not stand."""
    if not written:
        return
    told = f"{move.target} points to {version(move.before)} again"
    if registry.restore(move.target, move.before) is not True:
        told = f"{move.target} could not be put back to {version(move.before)}; put it back by hand"
    yield Claim(state="open", topic="registry", text=told)


def version(number: str) -> str:
    """Return a version in words."""
    return f"version {number}" if number else "no version"
