"""What a record says that the days since have undone: it was true on the day of the check, and is not any more."""

from collections.abc import Iterator, Sequence

from hcgov.core.baseline import EntrySpec
from hcgov.core.record import ReportV1
from hcgov.core.text import Text, text


def lapsed(report: ReportV1, on: str, baseline: Sequence[EntrySpec]) -> Iterator[Text]:
    """Yield what another check on this day would judge otherwise; waivers are not among it, they are weighed again.

    Parameters
    ----------
    on
        ISO date in UTC.
    baseline
        Entries of the project's baseline.
    """
    since = [c.id for c in report.controls if c.upcoming and report.occasion < c.upcoming <= on]
    if since:
        yield text("in force only since the check: {controls}", controls=", ".join(since))
    ended = {entry.control for entry in baseline if report.occasion <= entry.expires.isoformat() < on}
    known = [
        c.id for c in report.controls if c.id in ended and any(f.baseline == "known" for f in c.findings)
    ]
    if known:
        yield text("entries of the baseline have ended since for {controls}", controls=", ".join(known))
