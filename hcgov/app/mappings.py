"""What a mapping makes of people's judgments, told to readers: rows left out, answers and groups renamed, own words."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from hcgov.app.judgments import with_mappings
from hcgov.app.sheets.leading import not_counted
from hcgov.core.evidence.long import Long
from hcgov.core.judged import Judgments
from hcgov.core.text import Text, text
from hcgov.io.manifest import Manifest

MOST = 6
"""Values that are named one by one; of more the number is told."""


def mapped(tables: Collection[str], manifest: Manifest) -> Iterator[Text]:
    """Yield what the mappings of tables of judgments decide, with those of the people in them.

    Parameters
    ----------
    tables
        Names of artifacts; others than tables of judgments say nothing.
    manifest
        Where they are declared; mapping files are read.
    """
    project = with_mappings(manifest)
    found = {name: one for name in tables if (one := project.judgments(name)) is not None}
    people = {one.annotators for one in found.values() if one.annotators}
    found |= {name: one for name in people if (one := project.judgments(name)) is not None}
    for name in sorted(found):
        yield from _of(name, found[name])


def left_out(tables: Iterable[Long]) -> Iterator[Text]:
    """Yield which judgments of the tables that were read are in no number, and what else is to be known of each."""
    told: dict[str, dict[str, Text]] = {}
    for long in tables:
        # The same table is answered once for every question; what is left out of it is the same.
        own = told.setdefault(long.table, {})
        for one in (*map(not_counted, long.left_out), *long.notes):
            own.setdefault(str(one), one)
    for name, sentences in sorted(told.items()):
        yield from (text("`{table}`: {told}", table=name, told=one) for one in sentences.values())


def _of(name: str, one: Judgments) -> Iterator[Text]:
    for column, kept in one.only.items():
        yield text(
            "Of `{table}`, only rows with {values} in the column `{column}` are read; all others are in no number",
            table=name,
            values=_listed(kept),
            column=column,
        )
    for column, values in one.values.items():
        yield from _values(name, column, values)
    for column, source in one.groups.items():
        if column != source:
            yield text(
                "In `{table}`, the group `{group}` is read from the column `{column}`",
                table=name,
                group=column,
                column=source,
            )
    for column, value in one.constants.items():
        yield text(
            "That `{column}` is `{value}` in every row of `{table}` is the project's own word",
            column=column,
            value=value,
            table=name,
        )
    if one.randomised:
        yield text("That the order in `{table}` was drawn at random is the project's own word", table=name)
    for fact, value in one.declared.items():
        yield text(
            "That `{fact}` is `{value}` for `{table}` is the project's own word",
            fact=fact,
            value=value,
            table=name,
        )


def _values(name: str, column: str, values: Mapping[str, str | None]) -> Iterator[Text]:
    unread = [given for given, meant in values.items() if meant is None]
    if unread:
        yield text(
            "In `{table}`, {values} of `{column}` {n|is|are} read as not recorded",
            table=name,
            values=_listed(unread),
            column=column,
            n=len(unread),
        )
    for meant in sorted({meant for meant in values.values() if meant is not None}):
        given = [one for one, means in values.items() if means == meant and one != meant]
        if given:
            yield text(
                "In `{table}`, {values} of `{column}` {n|is|are} read as `{meant}`",
                table=name,
                values=_listed(given),
                column=column,
                meant=meant,
                n=len(given),
            )


def _listed(values: Collection[str]) -> str:
    told = ", ".join(f"`{one}`" for one in list(values)[:MOST])
    more = len(values) - MOST
    return told if more <= 0 else f"{told} and {more} more"
