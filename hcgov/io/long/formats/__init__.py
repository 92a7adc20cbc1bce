"""Formats with a reader of their own: from a file as its tool or publisher writes it to the long tables."""

import importlib
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast

if TYPE_CHECKING:
    from hcgov.core.long_tables import LongKind
    from hcgov.io.long.formats.rows import Options, Rows
    from hcgov.io.long.formats.sniffing import Seen

Reader: TypeAlias = "Callable[[bytes, Options], Rows]"

_MODULES: Mapping[str, str] = {
    "alpaca-eval": "hcgov.io.long.formats.alpaca_eval",
    "arena": "hcgov.io.long.formats.arena",
    "argilla": "hcgov.io.long.formats.argilla",
    "crows-pairs": "hcgov.io.long.formats.crows_pairs",
    "dices": "hcgov.io.long.formats.dices",
    "hh-rlhf": "hcgov.io.long.formats.hh_rlhf",
    "inspect": "hcgov.io.long.formats.inspect_samples",
    "judge-bench": "hcgov.io.long.formats.judge_bench",
    "judgebench": "hcgov.io.long.formats.judgebench",
    "label-studio": "hcgov.io.long.formats.label_studio",
    "lewidi": "hcgov.io.long.formats.lewidi",
    "llmbar": "hcgov.io.long.formats.llmbar",
    "lm-eval": "hcgov.io.long.formats.lm_eval",
    "popquorn": "hcgov.io.long.formats.popquorn",
    "prism": "hcgov.io.long.formats.prism",
    "prometheus": "hcgov.io.long.formats.prometheus",
    "trl": "hcgov.io.long.formats.trl",
}


class Format(Protocol):
    """What the module of a format holds."""

    FORMAT: str
    KINDS: "tuple[LongKind, ...]"
    SUFFIXES: tuple[str, ...]

    @staticmethod
    def read(data: bytes, options: "Options") -> "Rows":
        """Read a file of the format; ``UnreadableError`` says why it cannot be."""

    @staticmethod
    def fits(seen: "Seen") -> bool:
        """Whether the beginning of a file looks like the format."""


class _Formats(Mapping[str, Reader]):
    """Name of a format -> its reader; the module is imported when its reader is asked for."""

    def __getitem__(self, name: str) -> Reader:
        return load(name).read

    def __contains__(self, name: object) -> bool:
        return name in _MODULES

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


FORMATS: Mapping[str, Reader] = _Formats()


def load(name: str) -> Format:
    """Return the module of a format.

    Raises
    ------
    KeyError
        There is no such format.
    """
    return cast("Format", importlib.import_module(_MODULES[name]))


def sniff(data: bytes, name: str = "") -> str | None:
    """Guess the format of a file from its beginning.

    Parameters
    ----------
    data
        Bytes of the file; the beginning is enough.
    name
        Name of the file, which tells an archive's format.

    Returns
    -------
    str or None
        The format, or ``None`` where none fits or more than one does: nothing is chosen between two.
    """
    found = candidates(data, name)
    return found[0] if len(found) == 1 else None


def candidates(data: bytes, name: str = "") -> tuple[str, ...]:
    """Return every format that the beginning of a file fits."""
    from hcgov.io.long.formats.sniffing import look

    seen = look(data, name)
    return () if seen is None else tuple(one for one in _MODULES if load(one).fits(seen))
