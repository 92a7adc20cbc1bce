"""Promote a model version: its alias moves only with a fresh passing record of exactly these bytes and this policy."""

import os
import re
import tempfile
from pathlib import Path

from hcgov.app.moving import Move, made
from hcgov.app.project import Loaded
from hcgov.app.release_gate import Question, load_for, note_decision, project_of
from hcgov.app.weighing import Claim, Kept, Weight, demanded, in_ledger, kept_record, short, usage, weigh
from hcgov.core.evidence.absent import Absent
from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.io.files import digest_path
from hcgov.io.tracking.protocol import BAD_URI, NOT_FOUND
from hcgov.io.tracking.registered import Connect, Fetched, NoAnswer, Target, connected
from hcgov.io.tracking.uri import Store, choose_store, shown

_MODEL = re.compile(r"models:/(?P<name>[^/@:]+)/(?P<version>[1-9][0-9]{0,8})")
_ALIAS = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_RESERVED = re.compile(r"(?i)latest|v[0-9]+")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+/-]{0,46}")
_WRITE = "write models:/NAME/VERSION, such as models:/credit/7"


@frozen
class Promotion:
    """What is to be promoted.

    Parameters
    ----------
    question
        The record and what is asked of it; its ``subject`` is not used, the model version's own digest is.
    target
        The version, and the alias or tag.
    tracking_uri
        Store given on the command line.
    dry_run
        Only say what would happen; nothing is written anywhere.
    """

    question: Question
    target: Target
    tracking_uri: str = ""
    dry_run: bool = False


@frozen
class Promoted:
    """The answer.

    Parameters
    ----------
    before
        Version that the alias pointed to; empty for none, or where nobody could say.
    moved
        Whether the alias, or the tag, now stands there.
    store
        The registry, without credentials.
    """

    kept: Kept
    weight: Weight
    target: Target
    before: str
    moved: bool
    store: str


def target_of(model: str, alias: str, tag: str) -> Target:
    """Understand what is to be promoted.

    Raises
    ------
    AuthoringError
        With everything that is wrong about it.
    """
    told: list[Mistake] = []
    found = _MODEL.fullmatch(model.strip())
    if found is None:
        told.append(usage(f"`{model}` names no version of a model", _meant(model)))
    if bool(alias) == bool(tag):
        told.append(
            usage("either an alias or a tag is moved", "give `--alias champion` or `--tag status=approved`")
        )
    if alias and (_ALIAS.fullmatch(alias) is None or _RESERVED.fullmatch(alias)):
        told.append(
            usage(
                f"`{alias}` is no alias", "letters, digits, `_` and `-`; `latest` and `v1` are MLflow's own"
            )
        )
    key, equals, value = tag.partition("=")
    if tag and not (equals and _WORD.fullmatch(key) and _WORD.fullmatch(value)):
        told.append(usage(f"`--tag {tag}` is no tag with a value", "write `--tag status=approved`"))
    elif tag and key.startswith(("hcgov.", "mlflow.")):
        told.append(usage(f"`{key}` is a tag that programs write", "choose another key"))
    if told or found is None:
        raise AuthoringError(told)
    return Target(name=found["name"], version=found["version"], alias=alias, key=key, value=value)


def promote(promotion: Promotion, connect: Connect = connected) -> Promoted:
    """Promote a model version, or say why not.

    Parameters
    ----------
    connect
        Opens the registry.

    Raises
    ------
    AuthoringError
        Nothing was decided: the record, the project or the model's address cannot be used.
    NotAppendedError
        The ledger cannot be written; the alias stands where it stood.
    """
    question = promotion.question
    kept = kept_record(question.record)
    project = project_of(question)
    if project is None:
        help_ = "name it with `--project`; its policy is compared, and its ledger keeps the promotion"
        raise AuthoringError([usage(f"`{kept.path}` lies in no project", help_)])
    loaded = load_for(project, question)
    weight = weigh(kept, demanded(question.demands, loaded)).joined((in_ledger(kept, project),))
    store = _store(loaded, promotion.tracking_uri)
    with connect(store, os.environ) as registry, tempfile.TemporaryDirectory(prefix="hcgov-") as folder:
        # Nobody waits for gigabytes to hear that the record does not pass.
        fetched = registry.fetch(promotion.target, "" if weight.exit_code else folder)
        subject, claim = _model(kept, fetched, Path(folder), store)
        weight = weight.joined((claim,))
        before = _before(fetched, promotion.target)
        moved = False
        if not promotion.dry_run:
            weight, noted = note_decision(
                kept, weight, project, at=question.demands.now, actor=question.actor
            )
            if noted and weight.exit_code == 0:
                move = Move(
                    target=promotion.target,
                    before=before,
                    tags=gate_tags(kept, weight, subject),
                    run=kept.report.id,
                    subject=f"sha256:{subject}",
                )
                further = made(move, registry, project, at=question.demands.now, actor=question.actor)
                weight, moved = weight.joined(further), not further
    return Promoted(
        kept=kept, weight=weight, target=promotion.target, before=before, moved=moved, store=shown(store.uri)
    )


def gate_tags(kept: Kept, weight: Weight, subject: str) -> dict[str, str]:
    """Return the tags of a promoted version: they point to the record, they do not prove it."""
    return {
        "hcgov.record": kept.report.id,
        "hcgov.record.sha256": f"sha256:{kept.sha256}",
        "hcgov.policy": f"sha256:{kept.report.policy_digest}",
        "hcgov.decision": weight.decision.value,
        "hcgov.subject": f"sha256:{subject}",
    }


def _model(kept: Kept, fetched: Fetched | NoAnswer, folder: Path, store: Store) -> tuple[str, Claim]:
    """Return the digest of what the registry holds, and say whether that is what was checked.

    Raises
    ------
    AuthoringError
        There is no such model or version.
    """
    if isinstance(fetched, NoAnswer):
        if fetched.code in (NOT_FOUND, BAD_URI):
            raise AuthoringError([usage(str(fetched.reason), f"looked in `{shown(store.uri)}`")])
        return "", Claim(state="open", topic="registry", text=str(fetched.reason))
    if not fetched.path:
        told = "the version's artifacts were not fetched: the record alone stands in the way"
        return "", Claim(state="note", topic="subject", text=told)
    path = Path(fetched.path)
    if path == folder or not path.is_relative_to(folder):
        return "", Claim(
            state="open", topic="subject", text="the version holds no file that could be digested"
        )
    digested = digest_path(path.parent, "model", "file", path.name)
    if isinstance(digested, Absent):
        told = f"the artifacts of the version cannot be digested: {digested.detail}"
        return "", Claim(state="open", topic="subject", text=told)
    found, parts = digested.sha256, {part.sha256: part.artifact for part in kept.report.subject.parts}
    if found not in parts:
        checked = ", ".join(f"`{name}` {short(sha)}" for sha, name in parts.items()) or "nothing"
        told = f"the version's artifacts are {short(found)}, and the record is about {checked}"
        return "", Claim(state="open", topic="subject", text=told)
    return found, Claim(state="met", topic="subject", text=f"{short(found)}, checked as `{parts[found]}`")


def _before(fetched: Fetched | NoAnswer, target: Target) -> str:
    return "" if isinstance(fetched, NoAnswer) else fetched.aliases.get(target.alias, "")


def _store(loaded: Loaded, tracking_uri: str) -> Store:
    manifest = loaded.manifest
    return choose_store(
        manifest.root, environ=os.environ, flag=tracking_uri, manifest=manifest.project.tracking.uri
    )


def _meant(model: str) -> str:
    if model.startswith("models:/") and "@" in model:
        return f"an alias may move meanwhile; {_WRITE}"
    if model.startswith("models:/") and model.endswith("/latest"):
        return f"`latest` moves; {_WRITE}"
    return _WRITE
