"""Lifecycle governance and audit for models built with people in mind.

``hcgov.check(project)`` checks a project and returns its :class:`~hcgov.api.Record`. ``import hcgov`` is cheap on
purpose: nothing heavy is imported before it is used.
"""

from typing import TYPE_CHECKING

__version__ = "0.1.0"

__all__ = [
    "AuthoringError",
    "LedgerDamagedError",
    "NotKeptError",
    "NotLoggedWarning",
    "Record",
    "__version__",
    "check",
]

if TYPE_CHECKING:
    from hcgov.api import (
        AuthoringError,
        LedgerDamagedError,
        NotKeptError,
        NotLoggedWarning,
        Record,
        check,
    )
else:

    def __getattr__(name):
        if name not in __all__:
            raise AttributeError(f"module 'hcgov' has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module("hcgov.api"), name)

    def __dir__():
        return sorted({*globals(), *__all__})
