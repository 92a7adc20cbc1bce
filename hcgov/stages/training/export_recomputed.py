"""An export comes out of the judgments again as its manifest says."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING

from pydantic import Field

from hcgov.core.check import Example, Judged, Params, Request, check
from hcgov.core.evidence.documents import Record, RecordOf
from hcgov.core.evidence.long import Long, LongOf
from hcgov.core.evidence.source import Tree
from hcgov.core.long_tables import COLUMNS, LongKind
from hcgov.core.measurement import Answered, Statement
from hcgov.core.slices import SliceChoice
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import Text, text
from hcgov.stages.specimens import record

if TYPE_CHECKING:
    from hcgov.stages.judgments.recipes import Recipe

COUNTED = ("outcomes", "judgments", "split", "label_flips", "contested_pairs", "left_out_before")
"""Parts of a manifest that follow from judgments and recipe alone."""
NEEDS = ("prompt_id", "choice", "response_a", "response_b")


class ExportRecomputed(Params):
    """Parameters of the second making of an export."""

    manifest: str = Field(
        default="export_manifest", description="Record that the export of preferences has written."
    )
    table: str = Field(default="preferences", description="Table of preferences that was exported.")
    slices: SliceChoice = Field(default=SliceChoice(), description="Columns whose groups are compared.")


def asks(params: ExportRecomputed) -> Mapping[str, Request]:
    """Ask for the manifest, and for the judgments with their texts."""
    kind = LongKind.PREFERENCES
    may = tuple(name for name in COLUMNS[kind] if name not in NEEDS)
    return {
        "manifest": RecordOf(artifact=params.manifest),
        "long": LongOf(table=params.table, kind=kind, needs=NEEDS, may=may, slices=params.slices),
    }


def examples() -> tuple[Example[ExportRecomputed], ...]:
    """Return a manifest as it was written, one that counts more, and one of other bytes."""
    from hcgov.stages.judgments.export_files import digest_of, files, lines  # noqa: PLC0415 - with numpy behind it
    from hcgov.stages.judgments.export_manifest import manifest  # noqa: PLC0415
    from hcgov.stages.judgments.exports import export  # noqa: PLC0415
    from hcgov.stages.judgments.preferring import preferences  # noqa: PLC0415
    from hcgov.stages.judgments.recipes import Recipe  # noqa: PLC0415

    asked = {"prompt": "Who?", "response_a": "A long answer", "response_b": "Short"}
    long = preferences(
        [
            {
                **asked,
                "prompt_id": f"p{i}",
                "prompt": f"Who is number {i}?",
                "annotator": f"a{i % 9}",
                "choice": "ab"[i % 2],
            }
            for i in range(18)
        ]
    )
    found = export(long, Recipe(test_share=0.0))
    written = {f"{name}.jsonl": digest_of(lines(rows)) for name, rows in files(found).items()}
    sound = manifest(found, {name: one for name, one in written.items() if one[1]})
    cases: tuple[tuple[str, dict[str, Tree], Verdict], ...] = (
        ("as it was written", sound, Verdict.PASS),
        ("a flip was taken out", {**sound, "label_flips": 7}, Verdict.FAIL),
        (
            "another file is listed",
            {**sound, "files": [{"name": "preference-train.jsonl", "sha256": "0" * 64}]},
            Verdict.FAIL,
        ),
        ("made from other bytes", {**sound, "source": {"sha256": "f" * 64}}, Verdict.INCONCLUSIVE),
    )
    return tuple(
        Example(
            title=title,
            params=ExportRecomputed(),
            evidence={"manifest": record("export_manifest", told), "long": long},
            expect=expect,
        )
        for title, told, expect in cases
    )


@check(
    asks=asks,
    params=ExportRecomputed,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=("nist-ai-rmf:MANAGE 3.2", "eu-ai-act:Annex IV.2(d)", "iso-42001:A.7.5"),
)
def export_recomputed(manifest: Record, long: Long, params: ExportRecomputed) -> Iterator[Statement]:
    """Make the export again by the recipe in its manifest, and compare counts, groups and the bytes of its files.

    A manifest says whose judgments survived; whoever edits it can say anything. Judgments, recipe and seed come to the
    same files, byte for byte. Parquet files are not compared, for their bytes depend on the library that wrote them.
    Source: Ziems et al. 2026, arXiv 2605.06901, section 3.2; Peng 2011, Science 334:1226.
    """
    tree = manifest.data if isinstance(manifest.data, dict) else {}
    made_from = tree.get("source")
    sha256 = made_from.get("sha256") if isinstance(made_from, dict) else None
    if not sha256 or sha256 != long.source.sha256:
        yield _told(
            Answered.CANNOT_TELL,
            text(
                "`{manifest}` was made from other bytes than those of `{table}`",
                manifest=params.manifest,
                table=params.table,
            ),
            Reason.UNMATCHED_PAIRS,
        )
        return
    recipe = _recipe(tree.get("recipe"))
    if recipe is None:
        yield _told(
            Answered.CANNOT_TELL,
            text("`{manifest}` holds no recipe that an export can be made by", manifest=params.manifest),
            Reason.UNKNOWN_FACT,
        )
        return
    counted = tree.get("groups")
    spoken_of = (
        recipe.contested_by,
        recipe.balance,
        recipe.group,
        *(counted if isinstance(counted, dict) else ()),
    )
    missing = [column for column in spoken_of if column and column not in long.groups]
    if missing:
        yield _told(
            Answered.CANNOT_TELL,
            text(
                "`{manifest}` speaks of groups of `{column}`, and nothing is known by that here",
                manifest=params.manifest,
                column=missing[0],
            ),
            Reason.MISSING_DEMOGRAPHICS,
        )
        return
    differing = tuple(_differences(tree, long, recipe))
    if not differing:
        yield _told(Answered.MET, text("counts and files of the export come out again as they are written"))
    for place in differing:
        yield Statement(
            about=place,
            answer=Answered.NOT_MET,
            text=text(
                "made again, `{place}` of the export is not as `{manifest}` says",
                place=place,
                manifest=params.manifest,
            ),
        )


def _told(answer: Answered, said: Text, reason: Reason | None = None) -> Statement:
    return Statement(about="export", answer=answer, text=said, reason=reason)


def _recipe(written: Tree) -> "Recipe | None":
    from hcgov.stages.judgments.recipes import Recipe  # noqa: PLC0415 - with numpy behind it

    if not isinstance(written, dict) or set(written) != {one.name for one in fields(Recipe)}:
        return None
    usual = Recipe()
    for name, value in written.items():
        wanted = getattr(usual, name)
        numeric = isinstance(value, int | float) and not isinstance(value, bool)
        if name == "good_tie":
            sound = value is None or numeric
        elif isinstance(wanted, float):
            sound = numeric
        else:
            sound = type(value) is type(wanted)
        if not sound:
            return None
    return Recipe(**written)  # type: ignore[arg-type]  # every type was looked at just above


def _differences(tree: Mapping[str, Tree], long: Long, recipe: "Recipe") -> Iterator[str]:
    """Yield the places in a manifest that are not what comes out; a part that is missing is one of them."""
    from hcgov.stages.judgments.export_files import digest_of, files, lines  # noqa: PLC0415 - with numpy behind it
    from hcgov.stages.judgments.export_manifest import manifest  # noqa: PLC0415
    from hcgov.stages.judgments.exports import export, weights_of  # noqa: PLC0415

    try:
        found = export(long, recipe, weights=weights_of(long))
    except (KeyError, ValueError):
        yield "recipe"
        return
    again = manifest(found)
    for part in COUNTED:
        if tree.get(part) != again.get(part):
            yield part
    groups, ours = tree.get("groups"), again["groups"]
    if isinstance(ours, dict):
        for column, counts in ours.items():
            if not isinstance(groups, dict) or groups.get(column) != counts:
                yield f"groups.{column}"
    listed = tree.get("files")
    named = {
        str(one.get("name")): one.get("sha256")
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict)
    }
    made = {f"{name}.jsonl": digest_of(lines(rows)) for name, rows in files(found).items()}
    for name, (sha256, rows) in made.items():
        if (rows or name in named) and named.get(name) != sha256:
            yield f"files.{name}"
    for name in named:
        if name.endswith(".jsonl") and name not in made:
            yield f"files.{name}"
