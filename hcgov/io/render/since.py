"""What became of the controls since the earlier record that a check was told to compare with, in words."""

from collections.abc import Iterator

from hcgov.core.record import ComparedV1
from hcgov.io.render.catalogue import N_

HEADINGS = {
    "newly_failing": N_("Newly failing"),
    "newly_undecided": N_("Newly undecided"),
    "no_longer_judged": N_("No longer judged"),
    "removed": N_("No longer there"),
    "looser": N_("Asking for less, or not comparable"),
    "new": N_("New"),
    "fixed": N_("Fixed"),
    "newly_passing": N_("Newly passing"),
}
"""By field of the record; what may be worse comes first."""


def since(compared: ComparedV1 | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield a heading and the ids of controls for everything that is not as it was."""
    if compared is not None:
        for name, heading in HEADINGS.items():
            ids: tuple[str, ...] = getattr(compared, name)
            if ids:
                yield heading, ids
