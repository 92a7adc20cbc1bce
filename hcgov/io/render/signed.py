"""The signatures that count for a control, in words."""

from hcgov.core.record import ControlV1
from hcgov.core.text import text

SHORT = 12
"""Characters of a key's id that are shown; the record has all of them."""


def signed_text(control: ControlV1) -> str:
    """Return who signed what, with which key and when; empty where none is asked for, or none counts."""
    return "; ".join(
        str(
            text(
                "{artifact} by {role} on {day} with the key {key}",
                artifact=one.artifact,
                role=one.role,
                day=one.on,
                key=one.key_id[:SHORT],
            )
        )
        for one in control.signed
    )
