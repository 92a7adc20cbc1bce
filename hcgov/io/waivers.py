"""Files of waivers, as a manifest names them: every mistake told with its place."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import ValidationError

from hcgov.core.acceptance import flaws
from hcgov.core.frozen import frozen
from hcgov.core.mistake import Mistake, Position
from hcgov.io.named import Document, Named, Read, read_document

if TYPE_CHECKING:
    from hcgov.core.waiver import LongestTerms, WaiverSetSpec, WaiverSpec

_MADE = "`hcgov waiver new` drafts one from a record"


@frozen
class Written:
    """A waiver as it is written, with the file it stands in."""

    spec: "WaiverSpec"
    document: "Document[WaiverSetSpec]"
    index: int

    def where(self, *path: str | int) -> Position | None:
        """Return the place of a part of the waiver."""
        return self.document.where("waivers", self.index, *path)


@frozen
class WrittenWaivers:
    """What the files of a project say: waivers in the order of their ids, and shorter terms."""

    waivers: tuple[Written, ...] = ()
    terms: "tuple[LongestTerms, ...]" = ()


def read_waivers(files: Sequence[Named], read: Read) -> tuple[WrittenWaivers, list[Mistake]]:
    """Read every file of waivers.

    Returns
    -------
    The waivers that could be understood, and every mistake. With any mistake the waivers are good for finding
    further ones, and for nothing else.
    """
    if not files:
        return WrittenWaivers(), []
    from hcgov.core.waiver import WaiverSetSpec  # most projects have none, and need not know its form

    told: list[Mistake] = []
    found: list[Written] = []
    terms: list[LongestTerms] = []
    for named in files:
        document, mistakes = read_document(
            named, read, WaiverSetSpec, code="HCG-W001", what="the file of waivers", made_by=_MADE
        )
        told += mistakes
        if document is not None:
            found += _sound(document)
            terms += [document.spec.longest_days] if document.spec is not None else []
    told += [*_twice(found), *(mistake for written in found for mistake in _flawed(written))]
    ordered = sorted(found, key=lambda written: written.spec.id)
    return WrittenWaivers(waivers=tuple(ordered), terms=tuple(terms)), told


def _sound(document: "Document[WaiverSetSpec]") -> list[Written]:
    """Return the waivers of a file that can be understood, also where others of it cannot."""
    from hcgov.core.waiver import WaiverSpec

    data = document.parsed.data
    listed = data.get("waivers") if isinstance(data, dict) else None
    sound = []
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        try:
            spec = WaiverSpec.model_validate(entry)
        except ValidationError:  # its mistakes were told with those of the whole file
            continue
        sound.append(Written(spec=spec, document=document, index=index))
    return sound


def _twice(found: Sequence[Written]) -> list[Mistake]:
    first: dict[str, Written] = {}
    told = []
    for written in found:
        other = first.setdefault(written.spec.id, written)
        if other is not written:
            told.append(
                Mistake(
                    code="HCG-W002",
                    message=f"two waivers have the id `{written.spec.id}`",
                    where=written.where("id"),
                    help=f"the other one is at {other.where('id') or other.document.file}; a new term is a new waiver",
                )
            )
    return told


def _flawed(written: Written) -> list[Mistake]:
    return [
        Mistake(
            code=flaw.code,
            message=f"{written.spec.id}: {flaw.message}",
            where=written.where(*flaw.at),
            help=flaw.help,
        )
        for flaw in flaws(written.spec)
    ]
