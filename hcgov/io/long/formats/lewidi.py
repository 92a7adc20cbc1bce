"""LeWiDi, editions 2023 and 2025: one JSON object of items with everybody's annotation, and one of annotators.

Layout: the harmonised JSON of the shared task's repository. 2023 writes annotations as ``"1,0,1"`` beside
``"Ann2,Ann3,Ann4"``, 2025 as an object by annotator. The main question is the item's ``annotation task``; further
ones of 2023 (``other_annotations``) are read where they are asked for. A file of annotators becomes an ``annotators``
table; MultiPICo's names them ``0`` where its items say ``Ann0``, and both are ``Ann0`` here.
Its ``NaN`` stands for an attribute that is not recorded.
"""

from hcgov.core.evidence.source import Tree
from hcgov.core.long_tables import LongKind
from hcgov.io.long.formats.describing import described
from hcgov.io.long.formats.documents import document
from hcgov.io.long.formats.gathering import Gathered
from hcgov.io.long.formats.rows import ALL_QUESTIONS, Options, Rows, UnreadableError
from hcgov.io.long.formats.sniffing import Seen, Shape
from hcgov.io.long.formats.values import list_of, name_of, object_of, scalar, text_of

FORMAT = "lewidi"
KINDS = (LongKind.ANNOTATIONS, LongKind.ANNOTATORS)
SUFFIXES = (".json",)

_PREFIX = "Ann"
_TASK = "annotation task"
_ITEM = ("lang", "split")
_INFORMATION = ("domain", "source", "language_variety", "level", "bot")


def read(data: bytes, options: Options) -> Rows:
    """Read a file of items or of annotators; see the module for the layouts.

    Raises
    ------
    UnreadableError
        It cannot be read, or has another layout.
    """
    whole = object_of(document(data, nan_is_null=True), "the document")
    items = [name for name, one in whole.items() if isinstance(one, dict) and "annotations" in one]
    if items and len(items) < len(whole):
        stray = next(name for name in whole if name not in items)
        raise UnreadableError("entry `{entry}` has no annotations, but others have", entry=stray[:60])
    return _items(whole, options) if items else _annotators(whole, options)


def fits(seen: Seen) -> bool:
    """Whether a file looks like one of the two."""
    if seen.shape is not Shape.JSON:
        return False
    if {"annotations", "annotators", _TASK} <= seen.inner.keys():
        return True
    first = next(iter(seen.first), "")
    return bool({"Age", "Gender"} <= seen.inner.keys()) and first.removeprefix(_PREFIX).isdecimal()


def _items(whole: dict[str, Tree], options: Options) -> Rows:
    gathered = Gathered(LongKind.ANNOTATIONS, ("item", "annotator", "label", "question"), options.columns)
    others = 0
    for item, one in whole.items():
        where = f"item `{item[:60]}`"
        entry = object_of(one, where)
        main = name_of(entry.get(_TASK))
        information = entry.get("other_info")
        extra = information if isinstance(information, dict) else {}
        groups = {key: name_of(entry.get(key)) for key in _ITEM}
        groups |= {key: name_of(extra.get(key)) for key in _INFORMATION if key in extra}
        further = object_of(extra.get("other_annotations", {}), f"{where}, `other_annotations`")
        questions: dict[str | None, Tree] = {main: entry["annotations"]}
        if options.question not in ("", main):
            questions |= {name: value for name, value in further.items() if options.question in (name, "*")}
        else:
            others += bool(further)
        for question, given in questions.items():
            if options.question in ("", ALL_QUESTIONS, question):
                for who, label in _answers(given, entry.get("annotators"), f"{where}, `{question}`"):
                    if label is None:
                        gathered.drop("no_label")
                    else:
                        gathered.add((item, who, label, question), groups, entry)
    if others:
        gathered.note("further questions are left aside; `question: '*'` reads all of them")
    return gathered.finished("annotations of the question asked for")


def _answers(given: Tree, annotators: Tree, where: str) -> list[tuple[str, str | None]]:
    """Return who answered what, in either edition's writing."""
    if isinstance(given, dict):
        people = list(given)
        labels = [scalar(value, where) for value in given.values()]
        listed = _listed(annotators, where) if annotators is not None else people
        if sorted(listed) != sorted(people):
            raise UnreadableError("{where}: the annotators listed are not those who annotated", where=where)
        return list(zip(map(_person, people), labels, strict=True))
    people = _listed(annotators, where)
    answers = _listed(given, where)
    if len(people) != len(answers):
        raise UnreadableError(
            "{where}: {labels} annotations by {people} annotators; nobody can say whose is whose",
            where=where,
            labels=len(answers),
            people=len(people),
        )
    return [(_person(who), answer or None) for who, answer in zip(people, answers, strict=True)]


def _listed(value: Tree, where: str) -> list[str]:
    if isinstance(value, list):
        return [name_of(one) or "" for one in list_of(value, where)]
    found = text_of(value, where)
    if found is None:
        raise UnreadableError("{where}: who annotated is not said", where=where)
    return [part.strip() for part in found.split(",")]


def _annotators(whole: dict[str, Tree], options: Options) -> Rows:
    gathered = Gathered(LongKind.ANNOTATORS, ("annotator", "consent"), options.columns)
    revoked = 0
    for number, (who, one) in enumerate(whole.items(), start=1):
        where = f"annotator {number}"
        entry = object_of(one, where)
        if not who.removeprefix(_PREFIX).isdecimal():
            raise UnreadableError(
                "{where} is not named as in `Ann7` or `7`; the document is no file of items or annotators",
                where=where,
            )
        if not entry or any(isinstance(value, list | dict) for value in entry.values()):
            raise UnreadableError("{where}: attributes with single values are expected", where=where)
        groups, consent = described(entry)
        revoked += consent is not None
        gathered.add((_person(who), consent), groups, entry)
    if revoked:
        gathered.note("{n} {n|person has|people have} revoked consent and leave every number", n=revoked)
    return gathered.finished("annotators")


def _person(name: str) -> str:
    return f"{_PREFIX}{name}" if name.isdecimal() else name
