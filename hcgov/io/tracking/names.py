"""Names and values as every MLflow store accepts them, old servers included.

Limits are those of MLflow 3.17 (``mlflow/utils/validation.py``), lowered where 2.x servers had less.
"""

import hashlib
import re
import unicodedata

NAME = 250
RUN_TAG_VALUE = 4_500
NOTE = 4_000
PARAM_VALUE = 500
DATASET_NAME = 500
DATASET_DIGEST = 32
INPUT_TAG_VALUE = 500
METRICS_A_BATCH = 1_000
PARAMS_A_BATCH = 100
TAGS_A_BATCH = 100
DATASETS_A_BATCH = 100

_OUTSIDE = re.compile(r"[^A-Za-z0-9_.-]+")


def slug(name: str, limit: int = 100) -> str:
    """Turn any name into ASCII letters, digits, ``_``, ``.`` and ``-``, at most ``limit`` characters.

    A name that has to change gets the beginning of its SHA-256, so two different names stay different.
    The result is never empty and never only dots, so it is always a normalised part of a path.

    >>> slug("EVL-01")
    'EVL-01'
    """
    plain = _plain(name)
    if plain and plain == name and len(plain) <= limit:
        return plain
    digest = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:8]
    kept = plain[: limit - len(digest) - 1].rstrip(".-")
    return f"{kept}-{digest}" if kept else f"x-{digest}"


def label(name: str, limit: int = 80) -> str:
    """Turn a name into a readable ASCII label; unlike :func:`slug`, two names may share one."""
    return _plain(name)[:limit].rstrip(".-") or "unnamed"


def clean(value: str, limit: int) -> str:
    """Return a value without what stores refuse (control characters, lone surrogates), cut to ``limit``."""
    kept = "".join(c for c in value if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    return _OUTSIDE.sub("-", folded).strip(".-")
