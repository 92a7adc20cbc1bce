"""The training file is one that the export has written."""

from collections.abc import Iterator, Mapping

from pydantic import Field

from hcgov.core.check import Example, Judged, Params, Request, check
from hcgov.core.evidence.documents import Digest, DigestOf, Record, RecordOf
from hcgov.core.evidence.source import Tree
from hcgov.core.measurement import Answered, Statement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.specimens import ONE, OTHER, digest, record


class ExportDigests(Params):
    """Parameters of the digests of an export."""

    manifest: str = Field(
        default="export_manifest", description="Record that the export of preferences has written."
    )
    data: str = Field(default="preference_data", description="Artifact that a model is trained on.")


def asks(params: ExportDigests) -> Mapping[str, Request]:
    """Ask for the manifest and for the digest of the file."""
    return {"manifest": RecordOf(artifact=params.manifest), "data": DigestOf(artifact=params.data)}


def examples() -> tuple[Example[ExportDigests], ...]:
    """Return a file of the export, another file, and a manifest without digests."""

    def written(*files: str) -> Record:
        told: Tree = [{"name": f"preference-{i}", "sha256": sha, "rows": 9} for i, sha in enumerate(files)]
        return record("export_manifest", {"kind": "PreferenceExport", "files": told})

    cases = (
        ("a file of the export", written(OTHER, ONE), Verdict.PASS),
        ("another file", written(OTHER), Verdict.FAIL),
        ("no digests in the manifest", written(), Verdict.INCONCLUSIVE),
    )
    return tuple(
        Example(
            title=title,
            params=ExportDigests(),
            evidence={"manifest": told, "data": digest("preference_data")},
            expect=expect,
        )
        for title, told, expect in cases
    )


@check(
    asks=asks,
    params=ExportDigests,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=("nist-ai-rmf:MANAGE 3.2", "eu-ai-act:Annex IV.2(d)", "iso-42001:A.7.5"),
)
def export_digests(manifest: Record, data: Digest, params: ExportDigests) -> Iterator[Statement]:
    """Compare the SHA-256 of the file with those that the manifest of the export lists.

    Whatever the manifest says of whose judgments survived is said of its own files. A file that was changed afterwards
    may hold other people's. Source: NIST FIPS 180-4, 2015; Ziems et al. 2026, arXiv 2605.06901, section 3.2.
    """
    listed = _digests(manifest.data)
    known = data.sha256 in listed
    if not listed:
        yield Statement(
            about="digest",
            answer=Answered.CANNOT_TELL,
            reason=Reason.UNKNOWN_FACT,
            text=text("`{manifest}` lists no digest", manifest=params.manifest),
        )
        return
    yield Statement(
        about="digest",
        answer=Answered.MET if known else Answered.NOT_MET,
        text=text("`{data}` is a file of the export", data=params.data)
        if known
        else text(
            "`{data}` is none of the {n} {n|file|files} that `{manifest}` lists",
            data=params.data,
            n=len(listed),
            manifest=params.manifest,
        ),
    )


def _digests(data: Tree) -> set[str]:
    files = data.get("files") if isinstance(data, dict) else None
    told = (one.get("sha256") for one in (files if isinstance(files, list) else []) if isinstance(one, dict))
    return {sha.lower() for sha in told if isinstance(sha, str) and len(sha) == 64}
