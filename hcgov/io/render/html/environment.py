"""The Jinja environment of the pages, and the one style sheet with its digest for the content security policy."""

import os
import sys
from base64 import b64encode
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from hcgov.io.data import data_path
from hcgov.io.render import numbers
from hcgov.io.render.catalogue import Labels, labels
from hcgov.io.render.excepted import exception

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Environment

TEMPLATES = ("reports", "templates", "html")


@lru_cache(maxsize=8)
def templates(lang: str) -> "Environment":
    """Return the environment for a language: every value is escaped, an undefined name is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    words: Labels = labels(lang)
    made = Environment(
        loader=FileSystemLoader(data_path(*TEMPLATES), encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_compiled(),
        extensions=["jinja2.ext.i18n"],
    )
    # The i18n extension adds this method at run time.
    made.install_gettext_translations(words.translations, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(words=words)
    made.filters.update(
        code=code,
        excepted=partial(exception, words=words),
        shell=quote,
        number=numbers.number,
        count=numbers.count,
        percent=numbers.percent,
        moment=numbers.moment,
        size=numbers.size,
        bound=numbers.bound_text,
        limit=numbers.limit_text,
        estimate=numbers.displayed,
    )
    return made


def _compiled() -> "BytecodeCache | None":
    """Keep compiled templates where Python keeps our own compiled modules, by the same rules.

    Compiling them takes longer than everything else a page needs. Whoever can write to that folder can change the
    program itself, so the cache is trusted as much as the program; a shared temporary folder would not be.
    """
    folder = Path(__file__).resolve().parent / "__pycache__"
    if sys.dont_write_bytecode or not folder.is_dir() or not os.access(folder, os.W_OK):
        return None
    from jinja2 import FileSystemBytecodeCache, __version__

    # Code compiled by one Jinja may not run on another; Python's own version is in the cache's header.
    return FileSystemBytecodeCache(str(folder), f"%s.jinja-{__version__}.cache")


def code(text: str) -> Markup:
    """Return a sentence with what stands between backticks as code; everything is escaped.

    >>> code("no file `a<b`")
    Markup('no file <code>a&lt;b</code>')
    """
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if index % 2 else escape(part)
        for index, part in enumerate(parts)
    )


@lru_cache(maxsize=1)
def style() -> tuple[Markup, str]:
    """Return the style sheet, and the policy that allows it and nothing else."""
    sheet = data_path(*TEMPLATES, "theme.css").read_text(encoding="utf-8")
    digest = b64encode(sha256(sheet.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    return Markup(sheet), policy  # noqa: S704 - our own file; a test holds it free of "<"
