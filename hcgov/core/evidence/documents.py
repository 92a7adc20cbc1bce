"""Documents: cards, datasheets, records, answers, Croissant metadata, evaluation logs, suites and digests."""

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from hcgov.core.evidence.source import Source, Tree
from hcgov.core.frozen import frozen
from hcgov.core.mistake import Position


@frozen
class RecordOf:
    """Ask for a YAML or JSON record."""

    artifact: str


@frozen
class Record:
    """A YAML or JSON document as plain values, with the place of every path in it.

    ``positions`` maps a path such as ``("workers", 0, "name")`` to its place in the file.
    """

    data: Tree
    source: Source
    positions: Mapping[tuple[str | int, ...], Position] = field(default_factory=dict, compare=False)


@frozen
class CardOf:
    """Ask for a Hugging Face model card, dataset card, or a datasheet in Markdown."""

    artifact: str
    kind: Literal["model_card", "dataset_card", "datasheet"]


@frozen
class Section:
    """One heading of a Markdown document with the prose below it (sub-sections not included).

    ``filled`` is false where the prose is empty, a placeholder, a comment or a template's own instruction.
    """

    heading: str
    level: int
    text: str
    filled: bool
    line: int


@frozen
class Card:
    """A Markdown document: front matter as plain values, and its sections in order."""

    front_matter: dict[str, Tree]
    sections: tuple[Section, ...]
    source: Source

    def filled(self, *names: str) -> bool:
        """Whether a section whose heading is like one of ``names``, or one below it, is filled."""
        return any(section.filled for section in self.under(*names))

    def under(self, *names: str) -> tuple[Section, ...]:
        """Return the sections whose heading is like one of ``names``, and all below them, in order."""
        wanted = tuple(_plain(name) for name in names)
        found: dict[int, Section] = {}
        for index, section in enumerate(self.sections):
            if _plain(section.heading).startswith(wanted):
                found[index] = section
                found |= dict(enumerate(self._below(index), start=index + 1))
        return tuple(section for _, section in sorted(found.items()))

    def has(self, *names: str) -> bool:
        """Whether a heading like one of ``names`` exists at all."""
        wanted = tuple(_plain(name) for name in names)
        return any(_plain(section.heading).startswith(wanted) for section in self.sections)

    def _below(self, index: int) -> tuple[Section, ...]:
        level = self.sections[index].level
        below = []
        for section in self.sections[index + 1 :]:
            if section.level <= level:
                break
            below.append(section)
        return tuple(below)


def _plain(heading: str) -> str:
    """Fold a heading for comparison: letters and digits, single blanks, lower case, no leading number."""
    kept = "".join(character if character.isalnum() else " " for character in heading.casefold())
    return " ".join(kept.split()).lstrip("0123456789 ")


@frozen
class CroissantOf:
    """Ask for Croissant JSON-LD metadata."""

    artifact: str


@frozen
class Croissant:
    """Croissant metadata, normalised.

    Parameters
    ----------
    conforms_to
        The version URI(s) that the document claims.
    fields
        Top-level properties such as ``name``, ``license``, ``url``, as text.
    rai
        Responsible-AI properties under their normalised names, as text.
    record_sets, files
        Number of record sets and of distribution entries.
    problems
        What is not as the specification asks, one sentence each.
    """

    conforms_to: tuple[str, ...]
    fields: dict[str, str]
    rai: dict[str, str]
    record_sets: int
    files: int
    problems: tuple[str, ...]
    source: Source


@frozen
class AnswersOf:
    """Ask for the answers to a checklist by the checklist's id."""

    checklist: str


@frozen
class Question:
    """One question of a checklist.

    ``who`` lists the roles that may answer; empty means any role.
    """

    id: str
    question: str
    why: str
    who: tuple[str, ...] = ()
    evidence: str = ""
    passing: tuple[str, ...] = ("yes",)


@frozen
class Answer:
    """One person's answer; ``answer`` is ``yes``, ``no``, ``not_applicable`` or ``cannot_judge``."""

    question: str
    answer: str
    by: str = ""
    role: str = ""
    on: str = ""
    comment: str = ""
    evidence: str = ""
    where: Position | None = field(default=None, compare=False)


@frozen
class Answers:
    """A checklist and what was answered; ``source`` is ``None`` where no answers file exists yet."""

    checklist: str
    title: str
    questions: tuple[Question, ...]
    answers: tuple[Answer, ...]
    source: Source | None


@frozen
class EvalLogOf:
    """Ask for an Inspect evaluation log."""

    artifact: str


@frozen
class EvalLog:
    """What an evaluation log says of itself: task, model, status, samples and scores.

    ``scores`` holds (scorer/metric, value); a value that is not a finite number is ``None``.
    """

    task: str
    model: str
    status: str
    samples: int
    completed: int
    scores: tuple[tuple[str, float | None], ...]
    source: Source


@frozen
class DigestOf:
    """Ask for the digest of an artifact, whatever its kind."""

    artifact: str


@frozen
class SubjectOf:
    """Ask for the digest of what is released: the artifacts that the manifest names as ``subject``."""


@frozen
class Digest:
    """The digest of one artifact, or of several together."""

    sha256: str
    sources: tuple[Source, ...]


@frozen
class RunOf:
    """Ask for a training run: an MLflow run (``runs:/…``), a model version (``models:/…``) or an exported record."""

    artifact: str


@frozen
class RunInput:
    """A data set that a run says it used; ``sha256`` comes from the ``hcgov.sha256`` input tag."""

    name: str
    digest: str
    sha256: str
    context: str


@frozen
class Run:
    """A training run as its store describes it."""

    run_id: str
    status: str
    params: dict[str, str]
    tags: dict[str, str]
    metrics: dict[str, float]
    inputs: tuple[RunInput, ...]
    source: Source
