"""What an export says of itself: the manifest that machines read, and the card that people read."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import numpy as np

from hcgov.core.evidence.source import Tree
from hcgov.stages.judgments.arrays import as_array
from hcgov.stages.judgments.choosing import given
from hcgov.stages.judgments.pairs import people
from hcgov.stages.judgments.recipes import FATES, Export
from hcgov.stats.preferences.splits import TEST, TRAIN

KIND = "PreferenceExport"
FEW = 11
"""Counts of groups of fewer people are not published (the cell size of the CMS rule)."""


def manifest(found: Export, files: Mapping[str, tuple[str, int]] | None = None) -> dict[str, Tree]:
    """Return the manifest of an export as plain values.

    Parameters
    ----------
    found
        The export.
    files
        SHA-256 and rows of every file that was written, by its name.
    """
    long = found.long
    recipe: dict[str, Tree] = dict(asdict(found.recipe))
    told: dict[str, Tree] = {
        "kind": KIND,
        "source": {"artifact": long.source.artifact, "sha256": long.source.sha256, "judgments": long.rows},
        "left_out_before": [
            {"why": one.why, "rows": one.rows, "people": one.people} for one in long.left_out
        ],
        "recipe": recipe,
        "outcomes": dict(given(long)),
        "judgments": dict(found.left_out()),
        "split": {
            "how": found.split.how,
            "train": int((found.split.part == TRAIN).sum()),
            "test": int((found.split.part == TEST).sum()),
            "left_out": int((found.split.part < 0).sum()),
        },
        "label_flips": found.left_out()["outvoted"],
        "weights": _weights(found),
        "groups": {
            column: {name: dict(one) for name, one in groups_of(found, column).items()}
            for column in sorted(long.groups)
        },
        "files": [{"name": name, "sha256": sha, "rows": rows} for name, (sha, rows) in (files or {}).items()],
    }
    if found.contested is not None:
        told["contested_pairs"] = int(found.contested.pairs.size)
    if found.refused is not None:
        told["refused"] = {"reason": str(found.refused[0]), "why": str(found.refused[1])}
    return told


def groups_of(found: Export, column: str) -> dict[str, dict[str, int]]:
    """Return of each group its people, its judgments before and after, and those that the majority turned over.

    Before are all judgments that say something (a preference, a tie, both bad). Those whom the split alone sets aside
    are in neither count: who they are is drawn at random. Those that were drawn no time for their weight are counted
    as left: the others of their group stand for them.
    """
    long = found.long
    place, who = as_array(long.groups[column]), people(long)
    aside = [FATES.index(name) for name in ("not_recorded", "judge", "skip", "split")]
    counted = ~np.isin(found.fate, aside)
    left = np.isin(found.fate, [FATES.index("exported"), FATES.index("not_drawn")])
    told: dict[str, dict[str, int]] = {}
    for code, name in enumerate(long.groups[column].names):
        mask = (place == code) & counted
        named = who[mask & (who >= 0)]
        told[name] = {
            "people": int(np.unique(named).size),
            "before": int(mask.sum()),
            "after": int((mask & left).sum()),
            "flipped": int((mask & (found.fate == FATES.index("outvoted"))).sum()),
        }
    return told


def _weights(found: Export) -> Tree:
    weights = found.weight[found.copies > 0]
    if found.refused is not None or not weights.size:
        return None
    return {
        "smallest": float(weights.min()),
        "largest": float(weights.max()),
        "effective_rows": float(weights.sum() ** 2 / (weights**2).sum()),
        "rows": int(weights.size),
        "copies": int(found.copies.sum()),
    }


FATES_TOLD = {
    "exported": "went into the files of preferences",
    "not_recorded": "say no choice",
    "judge": "are a judge model's and no person's",
    "skip": "were skipped",
    "both_bad": "found both responses bad (unpaired file only)",
    "tie": "were ties",
    "invalid": "were no valid pair",
    "duplicate": "were the same person's judgment of the same pair again",
    "contested": "are of pairs that groups see differently; these stand in a file of their own",
    "split": "would have leaked between training and test",
    "outvoted": "were overruled by the majority of their pair",
    "no_majority": "are of pairs without a majority",
    "not_drawn": "were drawn no time for their weight",
}


def data_card(found: Export, files: Mapping[str, tuple[str, int]] | None = None) -> str:
    """Return the card of an export in Markdown: what it holds, whom it is from, and what was lost on the way."""
    long, recipe = found.long, found.recipe
    counts = {name: n for name, n in found.left_out().items() if n}
    rule = (
        "one row for each judgment" if recipe.rule == "judgment" else "one row for each pair: what most said"
    )
    parts = [
        f"# Preferences exported from `{long.table}`",
        "## What it holds",
        f"{long.rows} judgments by {_count(found)}; {rule}. Seed {recipe.seed}.",
        _table(
            ("file", "rows", "SHA-256"), [(f"`{n}`", str(r), f"`{s}`") for n, (s, r) in (files or {}).items()]
        ),
        "## What became of the judgments",
        _table(
            ("judgments", "what became of them"), [(str(n), FATES_TOLD[name]) for name, n in counts.items()]
        ),
    ]
    for column in sorted(long.groups):
        parts += [f"## Who is left, by {_plain(column)}", _survival(found, column)]
    parts += [
        "## How to use it",
        "A trainer of TRL passes over the column `weight`; resample, or train on a file for each group, where weights "
        "matter. Margins are log odds, shrunken towards 0 and at most "
        f"{recipe.margin:g} either way. Ties are in no file of preferences, so agreement looks clearer there than it "
        "was. No row says who chose.",
    ]
    if found.refused is not None:
        parts.insert(1, f"**Nothing was exported:** {found.refused[1]}.")
    return "\n\n".join(part for part in parts if part) + "\n"


def _survival(found: Export, column: str) -> str:
    rows: list[tuple[str, ...]] = []
    for name, one in groups_of(found, column).items():
        share = f"{one['after'] / one['before']:.1%}" if one["before"] else "none"
        few = one["people"] < FEW
        counts = (str(one["before"]), str(one["after"]), share, str(one["flipped"]))
        rows.append((_plain(name), *(("few people", "", "", "") if few else counts)))
    return _table((_plain(column), "before", "after", "left", "turned over"), rows)


def _count(found: Export) -> str:
    who = people(found.long)
    n = int(np.unique(who[who >= 0]).size)
    return f"{n} people" if n else "people whom the data do not tell apart"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def _plain(name: str) -> str:
    """Return a name as text of Markdown, whatever stands in it."""
    told = " ".join(name.split())
    return "".join("\\" + c if c in r"\`*_{}[]<>()#+-.!|~" else c for c in told)
