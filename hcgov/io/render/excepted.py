"""What a report says of exceptions: a control that is waived is never shown as one that is met."""

from hcgov.core.record import ControlV1, SentenceV1
from hcgov.core.text import Text, text
from hcgov.io.render.catalogue import Labels


def exception(control: ControlV1, words: Labels, *, public: bool = False) -> str:
    """Return the exception under which a control stands, or nothing.

    Parameters
    ----------
    public
        Whether strangers read it: then without the person who answers for it and their reason.
    """
    told = _told(control, public=public)
    if told is None:
        return ""
    return words.sentence(SentenceV1(text=str(told), template=told.template, values=dict(told.values)))


def _told(control: ControlV1, *, public: bool) -> Text | None:
    waiver, whole = control.waiver, control.disposition == "waived"
    if waiver is None:
        if whole and control.baseline == "known":
            return text("a known failure, accepted by the baseline")
        return text("exception accepted") if whole else None
    if public:
        if whole:
            return text("exception {id}, accepted until {day}", id=waiver.id, day=waiver.expires)
        return text("exception {id} accepts a part of it, until {day}", id=waiver.id, day=waiver.expires)
    if whole:
        return text(
            "exception {id}, accepted by {owner} until {day}: {reason}",
            id=waiver.id,
            owner=waiver.owner,
            day=waiver.expires,
            reason=waiver.reason,
        )
    return text(
        "exception {id} accepts a part of it, by {owner} until {day}: {reason}",
        id=waiver.id,
        owner=waiver.owner,
        day=waiver.expires,
        reason=waiver.reason,
    )
