"""Small documents for the worked examples of checks."""

from collections.abc import Mapping
from typing import TypeVar

from hcgov.core.check import Evidence, Example, Params
from hcgov.core.evidence.documents import Card, Digest, Record, Section
from hcgov.core.evidence.source import Source, Tree
from hcgov.core.status import Verdict

P = TypeVar("P", bound=Params)

ONE = "1" * 64
OTHER = "2" * 64


def source(artifact: str, kind: str = "record", sha256: str = ONE) -> Source:
    """Return where a worked example says it came from."""
    return Source(artifact=artifact, kind=kind, location=artifact, sha256=sha256, size=1)


def record(artifact: str, data: Tree) -> Record:
    """Return a record without positions."""
    return Record(data=data, source=source(artifact))


def card(artifact: str, front_matter: Mapping[str, Tree], sections: Mapping[str, str]) -> Card:
    """Return a card whose sections stand side by side; one without text is not filled."""
    return Card(
        front_matter=dict(front_matter),
        sections=tuple(
            Section(heading=heading, level=2, text=told, filled=bool(told), line=line)
            for line, (heading, told) in enumerate(sections.items(), start=5)
        ),
        source=source(artifact, "model_card"),
    )


def digest(artifact: str, sha256: str = ONE) -> Digest:
    """Return the digest of one artifact."""
    return Digest(sha256=sha256, sources=(source(artifact, "file", sha256),))


def worked(params: P, argument: str, cases: Mapping[str, tuple[Evidence, Verdict]]) -> tuple[Example[P], ...]:
    """Return one example for each title, of a check that is given a single piece of evidence."""
    return tuple(
        Example(title=title, params=params, evidence={argument: evidence}, expect=expect)
        for title, (evidence, expect) in cases.items()
    )
