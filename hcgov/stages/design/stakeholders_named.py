"""Everyone whom the system touches is named, with harms, benefits and influence.

Four classes: data workers (annotators, safety workers and data subjects, each on its own), developers, end
users, and people who are touched without using it.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from hcgov.core.check import Example, Judged, Params, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.documents import Record, RecordOf
from hcgov.core.evidence.source import Tree
from hcgov.core.measurement import Answered, Statement
from hcgov.core.status import Verdict
from hcgov.core.text import text
from hcgov.stages.records import Path, Written, listed, read, where
from hcgov.stages.specimens import record, worked

CLASSES: tuple[tuple[Path, str], ...] = (
    (("data_workers", "annotators"), "annotators"),
    (("data_workers", "safety_workers"), "safety workers"),
    (("data_workers", "data_subjects"), "data subjects"),
    (("developers",), "developers"),
    (("end_users",), "end users"),
    (("indirect",), "indirect stakeholders"),
)


class StakeholdersNamed(Params):
    """Parameters of the stakeholder register."""

    artifact: str = Field(default="stakeholders", description="Record with the stakeholder register.")
    min_entries: Annotated[int, Stricter.HIGHER] = Field(
        default=1, ge=1, le=1000, description="Fewest entries of a class."
    )
    reason_characters: Annotated[int, Stricter.HIGHER] = Field(
        default=20,
        ge=1,
        le=100_000,
        description="Fewest characters of the reason beside `none`.",
    )


class _DataWorkers(Written):
    annotators: object = None
    safety_workers: object = None
    data_subjects: object = None


class _Register(Written):
    kind: Literal["Stakeholders"] = "Stakeholders"
    date: str = ""
    authors: tuple[str, ...] = ()
    method: str = ""
    data_workers: _DataWorkers | None = None
    developers: object = None
    end_users: object = None
    indirect: object = None


class _Entry(Written):
    name: str = Field(min_length=2)
    harms: tuple[str, ...] = Field(min_length=1)
    benefits: tuple[str, ...]
    influence: Literal["none", "consulted", "co_design", "decides"]


def examples() -> tuple[Example[StakeholdersNamed], ...]:
    """Return a full register, one without data subjects, and one that still waits to be written."""

    def entry(name: str) -> Tree:
        return {
            "name": name,
            "harms": ["is refused without being heard"],
            "benefits": [],
            "influence": "consulted",
        }

    def register(data_subjects: Tree) -> Record:
        nobody: Tree = {"none": "No content is moderated by people in this project."}
        workers: Tree = {
            "annotators": [entry("In-house annotators")],
            "safety_workers": nobody,
            "data_subjects": data_subjects,
        }
        others: dict[str, Tree] = {
            "developers": [entry("The team that builds it")],
            "end_users": [entry("Agents in their first year"), entry("Agents with years of practice")],
            "indirect": [entry("Relatives who call for someone else")],
        }
        return record("stakeholders", {"kind": "Stakeholders", "data_workers": workers, **others})

    return worked(
        StakeholdersNamed(),
        "register",
        {
            "every class is named": (register([entry("Authors of past tickets")]), Verdict.PASS),
            "data subjects are left out": (register([]), Verdict.FAIL),
            "data subjects still wait to be written": (register({"none": "TODO"}), Verdict.PENDING),
        },
    )


@check(
    asks=lambda p: {"register": RecordOf(artifact=p.artifact)},
    params=StakeholdersNamed,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=(
        "nist-ai-rmf:MAP 1.1",
        "nist-ai-rmf:MAP 5.1",
        "nist-ai-rmf:MAP 5.2",
        "eu-ai-act:Art.9(1)-(2)",
        "iso-42001:A.5.4",
    ),
)
def stakeholders_named(register: Record, params: StakeholdersNamed) -> Iterator[Statement]:
    """Each class has an entry with a name, harms, benefits and influence, or says ``none`` with a reason.

    Who is not named is not measured and not asked: harm to annotators, to people in the data and to
    bystanders is the harm most often overlooked. An empty list of benefits is an honest answer; an empty list
    of harms is not accepted. Source: Ziems et al. 2026, arXiv 2605.06901, section 2.1.
    """
    _, faults = read(register, register.data, _Register, placeholders=False)
    yield from faults
    for path, title in CLASSES:
        yield from _class(register, path, title, params)


def _class(register: Record, path: Path, title: str, params: StakeholdersNamed) -> Iterator[Statement]:
    value: Tree = register.data
    for key in path:
        value = value.get(str(key)) if isinstance(value, dict) else None
    entries, said = listed(
        register, value, path, hint=f"name the {title}", reason_characters=params.reason_characters
    )
    yield from said
    read_entries = [read(register, entry, _Entry, (*path, index)) for index, entry in enumerate(entries)]
    for _, faults in read_entries:
        yield from faults
    good = [entry for entry, _ in read_entries if entry is not None]
    if not entries or len(good) < len(entries):
        return
    influence = Counter(entry.influence for entry in good)
    yield Statement(
        about=".".join(str(part) for part in path),
        answer=Answered.MET if len(good) >= params.min_entries else Answered.NOT_MET,
        text=text(
            "{title}: {n} named (at least {least}); influence: {influence}; without a benefit: {without}",
            title=title,
            n=len(good),
            least=params.min_entries,
            influence=", ".join(f"{word} {n}" for word, n in sorted(influence.items())),
            without=sum(not entry.benefits for entry in good),
        ),
        where=where(register, path),
    )
