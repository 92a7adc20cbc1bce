"""The judge card of a table of evaluations."""

from dataclasses import replace

from hcgov.app.longs import Asked, read
from hcgov.app.sheets.leading import lead
from hcgov.core.long_tables import LongKind
from hcgov.core.mistake import AuthoringError, Mistake, did_you_mean
from hcgov.core.sheet import Sheet


def judge_card(asked: Asked, *, judge: str, date: str, positive: tuple[str, ...] = ()) -> Sheet:
    """Return what a judge was compared with, how it does, and what it may be used for.

    Parameters
    ----------
    judge
        Its name among the raters; every judge of the table if empty.
    positive
        Scores that count as 1, all others as 0; empty takes scores as numbers.

    Raises
    ------
    AuthoringError
        The evaluations cannot be read, or have no judge of that name.
    """
    from hcgov.stages.judgments.judge_ratings import ratings
    from hcgov.stages.judgments.sheets import judge as card

    long = read(asked, LongKind.EVALUATIONS, texts=False)
    known = ratings(long, positive).judges
    if judge and judge not in known:
        help_ = did_you_mean(judge, known) or f"there are {', '.join(known) or 'none'}"
        raise AuthoringError([Mistake(code="HCG-U001", message=f"no judge is called `{judge}`", help=help_)])
    sheet = card.judge_card(long, date=date, choice=card.CardChoice(judge=judge, positive=positive))
    return replace(
        sheet, lead=(*sheet.lead, *lead(long)), sources=tuple(dict.fromkeys((long.source, *long.further)))
    )
