"""Half of the people of a table, as a hash of who they are divides them: to look in one half and judge in the other."""

from collections.abc import Sequence

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.counts import CountsOf
from hcgov.core.text import text
from hcgov.io.tables import flags, sql
from hcgov.io.tables.counting import Ask, CountsDraft, count
from hcgov.io.tables.people import person_column
from hcgov.io.tables.relation import Relation
from hcgov.io.tables.tally import Caps
from hcgov.io.tables.unread import UnreadError, unread


def in_half(
    relation: Relation, asks: Sequence[Ask], half: str, caps: Caps
) -> dict[CountsOf, CountsDraft | Absent]:
    """Answer requests for rates over the people of one half; whoever has several rows is in one half with all.

    A table that names no persons cannot be divided so: its rows could be of the same people. Rows without a person
    are in neither half.
    """
    try:
        if relation.table.count is not None or relation.table.roles.person is None:
            detail = text(
                "`{artifact}` has no column that says who a person is, so its people cannot be divided into a half "
                "to search and a half to judge; add `roles: person:`",
                artifact=relation.where.name,
            )
            raise unread(Absence.UNREADABLE, relation.where.name, detail)
        person = person_column(relation)
        only = f"{sql.half(flags.as_text(person.name, person.family))} = {sql.literal(half)}"
        source = f"({sql.select(['*'], relation.source, where=only)}) half_{half}"
        return count(relation.of(source), asks, caps)[1]
    except UnreadError as gone:
        return {ask.request: gone.absent for ask in asks}
