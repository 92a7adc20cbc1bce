"""Rows of training files, their bytes and digests, from an export."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

import numpy as np

from hcgov.core.evidence.long import Long
from hcgov.stages.judgments.arrays import Bools, numbers
from hcgov.stages.judgments.chat import content
from hcgov.stages.judgments.pairs import BOTH_BAD, TIE, outcomes
from hcgov.stages.judgments.recipes import FATES, Export
from hcgov.stats.preferences.splits import TEST, TRAIN

Row: TypeAlias = dict[str, object]
PARTS: Mapping[str, int] = {"train": TRAIN, "test": TEST}


def files(found: Export) -> dict[str, Iterator[Row]]:
    """Return the rows of every file of an export, by its name without an ending; files without rows are among them.

    ``preference-<part>``, ``reward-<part>`` and ``unpaired-<part>`` for the parts ``train`` and ``test`` (which is left
    out where nothing is split), and ``contested`` where the recipe looks for contested pairs.
    """
    parts = [part for part in PARTS if part == "train" or found.split.how != "none"]
    told: dict[str, Iterator[Row]] = {}
    for part in parts:
        told[f"preference-{part}"] = preference_rows(found, part)
        told[f"reward-{part}"] = reward_rows(found, part)
        told[f"unpaired-{part}"] = unpaired_rows(found, part)
    if found.recipe.contested_by:
        told["contested"] = contested_rows(found)
    return told


def preference_rows(found: Export, part: str) -> Iterator[Row]:
    """Yield rows of TRL's preference format: ``prompt``, ``chosen``, ``rejected``, and what trainers may use beside.

    ``weight``; ``margin``, as for the reward file; ``prompt_id``, ``pair`` (a code that judgments of the same pair
    share), ``dimension``, ``group``, ``cluster``. Ties, pairs without a majority and contested pairs are not
    among them.
    """
    for row, prompt, chosen, rejected in _decided(found, part):
        yield {
            **prompt,
            "chosen": chosen,
            "rejected": rejected,
            "margin": _margin(found, row),
            **_beside(found, row),
        }


def reward_rows(found: Export, part: str) -> Iterator[Row]:
    """Yield rows for a reward model whose loss is -log σ(Δ - margin): ``prompt``, ``chosen``, ``rejected``, ``margin``.

    The margin is the log odds, shrunken and clipped, with which people of the same part choose ``chosen``; it is
    negative for a judgment that most do not share. Ties, where the recipe wants them, have margin 0.
    """
    for row, prompt, chosen, rejected in _decided(found, part):
        yield {
            **prompt,
            "chosen": chosen,
            "rejected": rejected,
            "margin": _margin(found, row),
            **_told(found, row),
        }
    if found.recipe.ties and found.recipe.rule == "judgment":
        ties = (found.fate == FATES.index("tie")) & (found.split.part == PARTS[part])
        for row in np.flatnonzero(ties).tolist():
            prompt, one, other = _texts(found, row)
            yield {**prompt, "chosen": one, "rejected": other, "margin": 0.0, **_told(found, row)}


def unpaired_rows(found: Export, part: str) -> Iterator[Row]:
    """Yield rows of TRL's unpaired format: ``prompt``, ``completion``, ``label``.

    What was chosen is good and what was rejected is bad; of ``both_bad`` both are bad, and of a tie both are good where
    its strength says so (:attr:`Recipe.good_tie`). A skip is never a row.
    """
    for row, prompt, chosen, rejected in _decided(found, part):
        beside = _beside(found, row)
        yield {**prompt, "completion": chosen, "label": True, **beside}
        yield {**prompt, "completion": rejected, "label": False, **beside}
    for where, label in ((_both_bad(found), False), (_good_ties(found) & _stands(found, "tie"), True)):
        for row in np.flatnonzero(where & (found.split.part == PARTS[part])).tolist():
            prompt, one, other = _texts(found, row)
            for completion in (one, other):
                yield {**prompt, "completion": completion, "label": label, **_told(found, row)}


def contested_rows(found: Export) -> Iterator[Row]:
    """Yield every contested pair once: both responses, and how often each group chose the first."""
    disputed = found.contested
    if disputed is None or not disputed.pairs.size:
        return
    names = found.long.groups[found.recipe.contested_by].names
    firsts = dict(zip(*(part.tolist() for part in np.unique(found.pairs, return_index=True)), strict=True))
    for place, pair in enumerate(disputed.pairs.tolist()):
        row = firsts[pair]
        prompt, one, other = _texts(found, row)
        if found.swapped[row]:
            one, other = other, one
        judged = disputed.judgments[place].tolist()
        yield {
            **prompt,
            "response_1": one,
            "response_2": other,
            "prefers_1": {
                name: {"share": wins / n, "judgments": int(n)}
                for name, wins, n in zip(names, disputed.wins[place].tolist(), judged, strict=True)
                if n
            },
            "gap_at_least": disputed.lower[place].item(),
            **{k: v for k, v in _told(found, row).items() if k != "group"},
        }


def lines(rows: Iterable[Row]) -> Iterator[bytes]:
    """Return rows as JSON Lines: UTF-8, keys in their order, no blanks."""
    for row in rows:
        told = json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        yield (told + "\n").encode("utf-8", "backslashreplace")


def digest_of(chunks: Iterable[bytes]) -> tuple[str, int]:
    """Return the SHA-256 of bytes in lower-case hex, and how many chunks they were in."""
    hashed, n = hashlib.sha256(), 0
    for chunk in chunks:
        hashed.update(chunk)
        n += 1
    return hashed.hexdigest(), n


def _decided(found: Export, part: str) -> Iterator[tuple[int, Row, object, object]]:
    """Yield the exported rows of a part, as often as their copies: row, prompt, chosen, rejected."""
    if found.refused is not None:
        return
    here = np.flatnonzero((found.copies > 0) & (found.split.part == PARTS[part]))
    took_a = found.first != found.swapped
    for row, copies in zip(here.tolist(), found.copies[here].tolist(), strict=True):
        prompt, one, other = _texts(found, row)
        chosen, rejected = (one, other) if took_a[row] else (other, one)
        for _ in range(copies):
            yield row, prompt, chosen, rejected


def _texts(found: Export, row: int) -> tuple[Row, object, object]:
    """Return the prompt (nothing where the table has none) and responses a and b of a row, as they were told."""
    long = found.long
    one, other = long.texts("response_a")[row], long.texts("response_b")[row]
    prompt: Row = {}
    if long.has("prompt"):
        prompt = {"prompt": content(long.texts("prompt")[row] or "")}
    return prompt, content(one or ""), content(other or "")


def _margin(found: Export, row: int) -> float:
    margin = found.margin[row].item()
    return round(float(margin if found.first[row] else -margin), 6)


def _beside(found: Export, row: int) -> Row:
    return {"weight": round(float(found.weight[row]), 6), **_told(found, row)}


def _told(found: Export, row: int) -> Row:
    """Return what a row says of itself beside its texts."""
    long = found.long
    told: Row = {"prompt_id": _name(long, "prompt_id", row), "pair": int(found.pairs[row])}
    if long.has("dimension"):
        told["dimension"] = _name(long, "dimension", row)
    if found.recipe.group and found.recipe.rule == "judgment":
        column = long.groups[found.recipe.group]
        told["group"] = column.names[column.codes[row]] if column.codes[row] >= 0 else None
    if found.cluster is not None and found.recipe.rule == "judgment":
        told["cluster"] = int(found.cluster[row]) if found.cluster[row] >= 0 else None
    return told


def _name(long: Long, column: str, row: int) -> str | None:
    found = long.codes(column)
    return found.names[found.codes[row]] if found.codes[row] >= 0 else None


def _both_bad(found: Export) -> Bools:
    return np.asarray(_stands(found, "both_bad") & (outcomes(found.long) == BOTH_BAD), dtype=np.bool_)


def _stands(found: Export, fate: str) -> Bools:
    """Return the rows with a fate whose texts are there."""
    blank = np.append(found.texts.blank, True)
    whole = ~(blank[found.texts.a] | blank[found.texts.b])
    if found.long.has("prompt"):
        whole &= ~blank[found.texts.prompt]
    return np.asarray((found.fate == FATES.index(fate)) & whole, dtype=np.bool_)


def _good_ties(found: Export) -> Bools:
    """Return the ties that say that both responses are good."""
    long, least = found.long, found.recipe.good_tie
    ties = outcomes(long) == TIE
    if least is None or not long.has("strength"):
        return np.zeros(long.rows, dtype=np.bool_)
    strength = numbers(long, "strength")
    return np.asarray(
        ties & np.greater_equal(strength, least, where=np.isfinite(strength), out=np.zeros_like(ties)),
        dtype=np.bool_,
    )
