"""Every group's judgments survive the export of training data about as well."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Params, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.documents import Record, RecordOf
from hcgov.core.evidence.source import Tree
from hcgov.core.limit import Side, limits
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import Slice
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.specimens import record
from hcgov.stages.worked import at_least

METRIC = "survival_ratio"


class ExportParity(Params):
    """Parameters of the parity of an export."""

    manifest: str = Field(
        default="export_manifest", description="Record that the export of preferences has written."
    )
    by: Annotated[tuple[str, ...], Stricter.SUPERSET] = Field(
        default=(), description="Group columns that are judged; all that the manifest counts if left out."
    )
    min_people: Annotated[int, Stricter.HIGHER] = Field(
        default=30, ge=1, le=1_000_000_000, description="Fewest people of a group that is judged."
    )


def asks(params: ExportParity) -> Mapping[str, Request]:
    """Ask for the manifest."""
    return {"manifest": RecordOf(artifact=params.manifest)}


def examples() -> tuple[Example[ExportParity], ...]:
    """Return exports that keep all groups, lose one, lose all, and such as cannot tell."""

    def counts(**groups: tuple[int, int, int]) -> Record:
        column: Tree = {
            name: {"people": people, "before": before, "after": after, "flipped": 0}
            for name, (people, before, after) in groups.items()
        }
        return record("export_manifest", {"kind": "PreferenceExport", "groups": {"region": column}})

    north = (90, 900, 810)
    cases = (
        ("all survive alike", counts(north=north, south=(40, 400, 350)), Verdict.PASS),
        ("a majority vote loses the south", counts(north=north, south=(40, 400, 200)), Verdict.FAIL),
        ("a group is lost", counts(north=north, south=(40, 400, 0)), Verdict.FAIL),
        ("few people in the south", counts(north=north, south=(8, 80, 40)), Verdict.INCONCLUSIVE),
        ("one group", counts(north=north), Verdict.INCONCLUSIVE),
        (
            "the counts of a group are unreadable",
            record(
                "export_manifest",
                {
                    "kind": "PreferenceExport",
                    "groups": {
                        "region": {
                            "north": {"people": 90, "before": 900, "after": 810},
                            "west": {"people": 90, "before": 900, "after": 800},
                            "south": {"people": 40, "before": 400, "after": "20"},
                        }
                    },
                },
            ),
            Verdict.INCONCLUSIVE,
        ),
        (
            "no group is counted",
            record("export_manifest", {"kind": "PreferenceExport"}),
            Verdict.INCONCLUSIVE,
        ),
    )
    return tuple(
        Example(
            title=title,
            params=ExportParity(),
            evidence={"manifest": told},
            expect=expect,
            limit=at_least("0.8"),
        )
        for title, told, expect in cases
    )


@check(
    asks=asks,
    params=ExportParity,
    examples=examples,
    limit=limits(METRIC, at_least="(0, 1]"),
    supports=("nist-ai-rmf:MEASURE 2.11", "eu-ai-act:Art.10(2)(g)", "iso-42001:A.7.6"),
)
def export_parity(manifest: Record, params: ExportParity) -> Iterator[Measurement]:
    """Share of a group's judgments that survive the export, by the largest share of any group.

    Ties are dropped, minorities are outvoted, contested pairs are set apart: each is a rule about texts, and together
    they decide whose judgments the model learns from. Counted, not estimated. Source: Casper et al. 2023,
    arXiv:2307.15217, section 3.1; the four-fifths proportion by analogy with 29 CFR 1607.4(D), 1978.
    """
    found = _groups(manifest.data)
    columns = params.by or tuple(sorted({*found, *(column for column, _ in _broken(manifest.data))}))
    if not columns:
        yield Measurement(
            metric=METRIC,
            reason=Reason.MISSING_DEMOGRAPHICS,
            note=text("`{artifact}` counts no groups", artifact=params.manifest),
        )
    for column, name in _broken(manifest.data):
        if column in columns or not columns:
            scope = Slice(values=((column, name),))
            note = text(
                "{who}: `{artifact}` holds no counts that an export writes",
                who=scope,
                artifact=params.manifest,
            )
            yield Measurement(metric=METRIC, scope=scope, depth=1, reason=Reason.UNKNOWN_FACT, note=note)
    for column in columns:
        yield from _column(column, found.get(column, {}), params)


def _column(
    column: str, told: Mapping[str, Mapping[str, int]], params: ExportParity
) -> Iterator[Measurement]:
    """Yield the ratio of each group of a column, or why there is none."""
    from hcgov.stats.preferences.parity import counted, parity  # noqa: PLC0415 - with scipy behind it

    large = {name: one for name, one in told.items() if one["people"] >= params.min_people}
    result = parity(
        {name: one["before"] for name, one in large.items()},
        {name: one["after"] for name, one in large.items()},
    )
    most = max(result.survival.values(), default=0.0)
    for name, one in told.items():
        scope, before, people = Slice(values=((column, name),)), one["before"], one["people"]
        group = GroupCount(slice=scope, positives=one["after"], n=before, n_eff=before, people=people)
        if name not in large:
            least = params.min_people
            few = text(
                "{who}: {people} {people|person|people}; {least} are needed",
                who=scope,
                people=people,
                least=least,
            )
            yield Measurement(
                metric=METRIC, scope=scope, depth=1, groups=(group,), reason=Reason.FEW_PEOPLE, note=few
            )
        elif result.ratio is not None and name in result.survival:
            ratio = counted(result.survival[name] / most, before, side=Side.AT_LEAST, people=people)
            yield Measurement(metric=METRIC, scope=scope, depth=1, groups=(group,), estimate=ratio)
        elif result.ratio is not None:
            nothing = text("{who}: no judgment is counted before the export", who=scope)
            yield Measurement(
                metric=METRIC, scope=scope, depth=1, reason=Reason.UNMATCHED_PAIRS, note=nothing
            )
    if result.ratio is None:
        none = text("{column}: fewer than two groups, or nothing was exported of any", column=column)
        everyone = Slice(values=((column, "all"),))
        yield Measurement(metric=METRIC, scope=everyone, depth=1, reason=Reason.UNMATCHED_PAIRS, note=none)


def _groups(data: Tree) -> dict[str, dict[str, dict[str, int]]]:
    """Return the counts of each group by column, those that an export could have written."""
    told: dict[str, dict[str, dict[str, int]]] = {}
    for column, name, one in _written(data):
        counts = _counts(one)
        if counts is not None:
            told.setdefault(column, {})[name] = counts
    return told


def _broken(data: Tree) -> tuple[tuple[str, str], ...]:
    """Return column and name of each group whose counts no export writes: left out, it could be the one that lost."""
    return tuple((column, name) for column, name, one in _written(data) if _counts(one) is None)


def _written(data: Tree) -> Iterator[tuple[str, str, Tree]]:
    columns = data.get("groups") if isinstance(data, dict) else None
    for column, groups in (columns if isinstance(columns, dict) else {}).items():
        if not isinstance(groups, dict):
            yield column, "all", groups
            continue
        for name, one in groups.items():
            yield column, name, one


def _counts(one: Tree) -> dict[str, int] | None:
    """Return the counts of a group; ``None`` where a count is missing, or they contradict each other."""
    told = {
        key: value
        for key, value in (one if isinstance(one, dict) else {}).items()
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0
    }
    if not {"people", "before", "after"} <= told.keys():
        return None
    return told if told["after"] <= told["before"] and told["people"] <= told["before"] else None
