"""Inspect AI: the scores of a log's samples, versions 1 to 3, one JSON document or a zip archive (``.eval``).

A scorer is no person: it is a rater of kind ``judge``, also where it compares strings. A score of several parts is a
question a part. Only a run that ended well is read: of a cancelled or failed one, the samples that finished are those
that finished first, not a sample of all. ``NaN``, which Inspect writes for what was not scored, is no score.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator

from hcgov.core.evidence.source import Tree
from hcgov.core.long_tables import LongKind
from hcgov.io.long.formats.documents import MOST_BYTES, Record, document
from hcgov.io.long.formats.gathering import Gathered
from hcgov.io.long.formats.rows import ALL_QUESTIONS, Options, Rows, UnreadableError
from hcgov.io.long.formats.sniffing import Seen, Shape
from hcgov.io.long.formats.values import list_of, name_of, named, object_of, scalar

FORMAT = "inspect"
KINDS = (LongKind.EVALUATIONS,)
SUFFIXES = (".eval", ".json")

VERSIONS = (1, 2, 3)

_HEADER = "header.json"
_SAMPLES = "samples/"
_ZIP = b"PK\x03\x04"
_COLUMNS = ("item", "rater", "rater_kind", "score", "system", "repetition", "question")


def read(data: bytes, options: Options) -> Rows:
    """Read a log; see the module for what is read.

    Raises
    ------
    UnreadableError
        It cannot be read, has another layout or version, did not end well, or holds no scored sample.
    """
    header, samples = _archive(data) if data.startswith(_ZIP) else _whole(data)
    _refuse(header)
    system = name_of(object_of(header.get("eval"), "`eval`").get("model"))
    gathered = Gathered(LongKind.EVALUATIONS, _COLUMNS, options.columns)
    for where, sample in samples:
        if sample.get("error") is not None:
            gathered.drop("error")
            continue
        item, epoch = named(sample, "id", where), name_of(sample.get("epoch"))
        metadata = sample.get("metadata")
        groups = {
            key: name_of(value)
            for key, value in (metadata.items() if isinstance(metadata, dict) else ())
            if isinstance(value, str | bool | int | float)
        }
        scores = list(_scores(sample, where))
        if not scores:
            gathered.drop("no_score")
        for scorer, question, score in scores:
            if score is None:
                gathered.drop("no_score")
            elif options.question in ("", ALL_QUESTIONS, question):
                gathered.add((item, scorer, "judge", score, system, epoch, question), groups, sample)
    return gathered.finished("scored samples")


def fits(seen: Seen) -> bool:
    """Whether a file looks like a log."""
    if seen.shape is Shape.ZIP:
        return seen.name.endswith(".eval")
    return seen.shape is Shape.JSON and seen.has("version", "status", "eval")


def _refuse(header: dict[str, Tree]) -> None:
    version, status = header.get("version"), header.get("status")
    if version not in VERSIONS or isinstance(version, bool):
        raise UnreadableError(
            "log version {version} is not known; versions 1 to 3 are read",
            version=name_of(version) or "(none)",
        )
    if header.get("invalidated") is True:
        raise UnreadableError("the log was declared invalid after the run")
    if status != "success":
        raise UnreadableError(
            "the run has status `{status}`; the samples that finished are no sample of all: run it to its end",
            status=name_of(status) or "(none)",
        )


def _whole(data: bytes) -> tuple[dict[str, Tree], Iterator[Record]]:
    found = object_of(document(data, nan_is_null=True), "the document")
    listed = found.get("samples")
    samples = [] if listed is None else list_of(listed, "`samples`")
    places = (f"`samples[{number}]`" for number in range(len(samples)))
    return found, ((where, object_of(one, where)) for where, one in zip(places, samples, strict=True))


def _archive(data: bytes) -> tuple[dict[str, Tree], Iterator[Record]]:
    """Return header and samples; every member is unpacked within one bound for all of them."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if len(set(names)) < len(names):
                raise UnreadableError("the archive holds a file twice")
            if _HEADER not in names:
                raise UnreadableError("the archive has no `{name}`: the run did not end", name=_HEADER)
            header = _member(archive, _HEADER, MOST_BYTES)
            room = MOST_BYTES
            samples = []
            for name in sorted(n for n in names if n.startswith(_SAMPLES) and n.endswith(".json")):
                room -= archive.getinfo(name).file_size
                samples.append((f"`{name}`", _member(archive, name, room)))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        # RuntimeError: it is encrypted. NotImplementedError: a compression that Python cannot unpack.
        raise UnreadableError("the archive cannot be unpacked ({why})", why=type(error).__name__) from error
    return header, iter(samples)


def _member(archive: zipfile.ZipFile, name: str, room: int) -> dict[str, Tree]:
    size = archive.getinfo(name).file_size
    if size > room or room < 0:
        raise UnreadableError("the archive unpacks to more than {most} bytes", most=f"{MOST_BYTES:,}")
    with archive.open(name) as member:
        data = member.read(size + 1)
    if len(data) > size:
        raise UnreadableError("`{name}` is larger than the archive says", name=name)
    return object_of(document(data, nan_is_null=True), f"`{name}`")


def _scores(sample: dict[str, Tree], where: str) -> Iterator[tuple[str, str, str | None]]:
    """Yield scorer, question and value; older logs have one score without a scorer's name."""
    given = sample.get("scores")
    if given is None and isinstance(sample.get("score"), dict):
        given = {"score": sample["score"]}
    for scorer, found in object_of({} if given is None else given, f"{where}, `scores`").items():
        at = f"{where}, `scores.{scorer}`"
        value = object_of(found, at).get("value")
        if isinstance(value, dict):
            for part, one in value.items():
                yield scorer, f"{scorer}/{part}", scalar(one, at)
        else:
            yield scorer, scorer, scalar(value, at)
