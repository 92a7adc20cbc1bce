"""What signing needs beyond the package itself, and what is said where it is not installed."""

from collections.abc import Iterator
from contextlib import contextmanager

from hcgov.core.mistake import AuthoringError, Mistake


@contextmanager
def evidence_extra() -> Iterator[None]:
    """Turn a missing library of the extra ``evidence`` into words.

    Raises
    ------
    AuthoringError
        ``securesystemslib`` or ``cryptography`` is not installed.
    """
    try:
        yield
    except ImportError as error:
        module = (error.name or "a library").partition(".")[0]
        raise AuthoringError(
            [
                Mistake(
                    code="HCG-S001",
                    message=f"signatures need `{module}`, which is not installed",
                    help="`pip install 'hcgov[evidence]'` brings it",
                )
            ]
        ) from error
