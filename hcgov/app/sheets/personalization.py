"""The report of a personalised system, in three stages."""

from dataclasses import replace
from pathlib import Path

from hcgov.app.longs import Asked, read
from hcgov.app.sheets.leading import lead
from hcgov.app.sheets.records import record_at
from hcgov.core.long_tables import LongKind
from hcgov.core.measurement import Statement
from hcgov.core.sheet import Sheet


def personalization_report(
    asked: Asked, *, date: str, rights: Path | None = None, remedies: bool = True
) -> Sheet:
    """Return extraction, relevance and responses: people beside synthetic data, judges and reward models.

    Parameters
    ----------
    rights
        Record of what users can do with what is stored about them; ``None`` for none.
    remedies
        Whether both small classifiers are trained and compared, which takes seconds.

    Raises
    ------
    AuthoringError
        The judgments or the record cannot be read.
    """
    from hcgov.core.occasion import Occasion
    from hcgov.stages.deployment.user_rights import UserRights, user_rights
    from hcgov.stages.judgments.sheets.personalization import personalization_sheet

    long = read(asked, LongKind.PERSONALIZATION)
    told: tuple[Statement, ...] = ()
    if rights is not None:
        store = record_at(rights, "user_rights")
        made = user_rights.measure(store, params=UserRights(), occasion=Occasion(date=date))
        told = tuple(one for one in made if isinstance(one, Statement))
    sheet = personalization_sheet(long, date=date, rights=told, remedies=remedies)
    return replace(
        sheet, lead=(*sheet.lead, *lead(long)), sources=tuple(dict.fromkeys((long.source, *long.further)))
    )
