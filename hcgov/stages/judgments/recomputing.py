"""Make an aggregation receipt again from raw choices, and say where it differs."""

from collections.abc import Iterator, Sequence

from hcgov.core.evidence.long import Long
from hcgov.core.evidence.source import Tree
from hcgov.core.frozen import frozen
from hcgov.stages.judgments.choices import NoChoices, Of
from hcgov.stages.judgments.receipts import KIND, VERSION, receipt_of, tree_of

EQUAL = 1e-9
"""Numbers of a receipt that differ by no more are the same: it is written with twelve digits."""

_NOT_COMPARED = {("chosen",), ("inputs", "table"), ("inputs", "file_sha256")}
"""What people write themselves, and where the choices lay."""


@frozen
class Difference:
    """Where a receipt is not what the choices give: the place in it, what is written, and what comes out."""

    path: str
    written: str
    found: str


def recompute(receipt: Tree, raw: Long) -> tuple[Difference, ...]:
    """Make a receipt again from raw choices, and return where it differs; empty where it is what they give.

    Parameters
    ----------
    receipt
        A receipt as it was written.
    raw
        The choices, as the third party has them.
    """
    if not isinstance(receipt, dict) or receipt.get("kind") != KIND:
        return (Difference(path="kind", written=_told(_at(receipt, "kind")), found=KIND),)
    if str(receipt.get("version")) != VERSION:
        return (Difference(path="version", written=_told(receipt.get("version")), found=VERSION),)
    settings = receipt.get("settings")
    of, column, least = (_at(settings, name) for name in ("of", "column", "min_people"))
    if of not in tuple(Of) or not isinstance(column, str) or not isinstance(least, int) or least < 1:
        return (Difference(path="settings", written=_told(settings), found="of, column and min_people"),)
    if column and column not in raw.groups:
        return (Difference(path="settings.column", written=column, found="no such column"),)
    found = receipt_of(raw, column, of=Of(of), min_people=least)
    if isinstance(found, NoChoices):
        return (Difference(path="inputs", written="a receipt", found=str(found.note)),)
    return tuple(_differences((), receipt, tree_of(found)))


def column_of(receipt: Tree) -> str:
    """Return the column by which a receipt groups people; empty where it names none."""
    column = _at(_at(receipt, "settings"), "column")
    return column if isinstance(column, str) else ""


def _at(tree: Tree, key: str) -> Tree:
    return tree.get(key) if isinstance(tree, dict) else None


def _differences(path: tuple[str, ...], written: Tree, found: Tree) -> Iterator[Difference]:
    if path in _NOT_COMPARED:
        return
    if isinstance(written, dict) and isinstance(found, dict):
        for key in dict.fromkeys((*found, *written)):
            yield from _differences((*path, key), written.get(key), found.get(key))
    elif isinstance(written, list) and isinstance(found, list) and len(written) == len(found):
        for place, (one, other) in enumerate(zip(written, found, strict=True), start=1):
            yield from _differences((*path, str(place)), one, other)
    elif not _same(written, found):
        yield Difference(path=".".join(path), written=_told(written), found=_told(found))


def _same(written: Tree, found: Tree) -> bool:
    numbers: Sequence[Tree] = (written, found)
    if all(isinstance(one, int | float) and not isinstance(one, bool) for one in numbers):
        try:
            return abs(float(written) - float(found)) <= EQUAL  # type: ignore[arg-type]
        except OverflowError:  # a whole number of hundreds of digits, which nothing here comes to
            return False
    return type(written) is type(found) and written == found


def _told(value: Tree) -> str:
    if isinstance(value, list):
        return f"{len(value)} entries"
    if isinstance(value, dict):
        return "a part"
    return "nothing" if value is None else str(value)
