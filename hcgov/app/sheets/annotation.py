"""The report of a table of labels: who gave them, how far people agree, who is outvoted, and how they came about."""

from hcgov.app.longs import Asked, read
from hcgov.app.sheets.leading import sheet_of
from hcgov.core.long_tables import LongKind
from hcgov.core.sheet import Sheet
from hcgov.core.text import text


def annotation_report(asked: Asked, *, date: str, subjective: bool = False) -> Sheet:
    """Return the report of a table of labels.

    Parameters
    ----------
    subjective
        Whether labels are opinions, so that disagreement is an answer and no fault of anybody's.

    Raises
    ------
    AuthoringError
        The labels cannot be read.
    """
    from hcgov.stages.judgments.sheets.annotation import annotation_sections
    from hcgov.stages.judgments.sheets.oversight import label_cost, reliance

    long = read(asked, LongKind.ANNOTATIONS)
    sections = [*annotation_sections(long, subjective=subjective)]
    if long.has("suggestion"):
        sections.append(reliance(long))
    if long.has("pay"):
        sections.append(label_cost(long))
    title = text("Labels of {table}", table=asked.artifact or asked.target.name)
    return sheet_of("annotation-report", title, long, sections, date)
