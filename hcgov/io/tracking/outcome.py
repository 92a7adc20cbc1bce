"""What became of the attempt to log a record."""

from hcgov.core.frozen import frozen
from hcgov.core.text import Text


@frozen
class Logged:
    """The record is in the store.

    Parameters
    ----------
    run_id, experiment
        The run and its experiment.
    uri
        The store, as it may be shown.
    url
        Address of the run's page; empty for stores without pages.
    note
        What the user must know although it worked, such as files that could not be attached.
    """

    run_id: str
    experiment: str
    uri: str
    url: str = ""
    note: Text | None = None


@frozen
class NotLogged:
    """The record is not, or not wholly, in the store; nothing is lost, the record stays on disk.

    Parameters
    ----------
    reason
        Why, in a sentence without credentials.
    code
        Why, for machines: a code of ``protocol.py``.
    uri
        The store, as it may be shown.
    run_id, experiment
        The run that was begun, if one was.
    """

    reason: Text
    code: str
    uri: str
    run_id: str = ""
    experiment: str = ""


Outcome = Logged | NotLogged
