"""Renderings of a report: one pure function a format, ``render(report) -> str``, built in or from other packages."""

import importlib
from collections.abc import Callable

from hcgov.core.mistake import did_you_mean
from hcgov.core.record import ReportV1

GROUP = "hcgov.renderers"

BUILT_IN = {
    "json": "hcgov.io.render.json_report:render_json",
    "html": "hcgov.io.render.html:render_html",
    "markdown": "hcgov.io.render.summary:render_markdown",
    "model_card": "hcgov.io.render.model_card:render_model_card",
}
"""Formats that come with hcgov; they are found without scanning installed packages, and nobody takes their names."""

Renderer = Callable[[ReportV1], str]


class UnknownFormat(LookupError):  # noqa: N818 - named for what it tells, as the other refusals are
    """No renderer has this name; ``help`` names the nearest one."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        self.name = name
        self.known = known
        self.help = did_you_mean(name, known)
        super().__init__(f"unknown format `{name}`; {self.help}")


class BrokenRenderer(RuntimeError):  # noqa: N818 - named for what it tells, as the other refusals are
    """A renderer of another package could not be loaded, or did not return text."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        self.reason = reason
        super().__init__(f"the renderer `{name}` does not work: {reason}")


def render(format: str, report: ReportV1) -> str:  # noqa: A002 - the word of the command line
    """Return a report in a format.

    Raises
    ------
    UnknownFormat
        No renderer, built in or installed, has this name.
    BrokenRenderer
        The renderer of another package could not be imported, or returned something that is no text.
    """
    rendered = _renderer(format)(report)
    if not isinstance(rendered, str):
        raise BrokenRenderer(format, f"it returned {type(rendered).__name__}, not text")
    return rendered


def formats() -> tuple[str, ...]:
    """Return the names of all formats, built in and installed."""
    return tuple(sorted({*BUILT_IN, *_installed()}))


def is_format(name: str) -> bool:
    """Whether a format has this name; installed packages are looked through only where none of ours has it."""
    return name in BUILT_IN or name in _installed()


def _renderer(name: str) -> Renderer:
    target = BUILT_IN.get(name)
    if target is None:
        installed = _installed()
        if name not in installed:
            raise UnknownFormat(name, tuple(sorted({*BUILT_IN, *installed})))
        target = installed[name]
    module, _, attribute = target.partition(":")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except Exception as error:
        # Whatever a third party's import raises is told in one sentence; our own would be a defect and is raised.
        if name in BUILT_IN:
            raise
        raise BrokenRenderer(name, f"{type(error).__name__}: {error}") from error
    if not callable(found):
        raise BrokenRenderer(name, f"`{target}` is no function")
    renderer: Renderer = found
    return renderer


def _installed() -> dict[str, str]:
    from importlib.metadata import entry_points

    return {entry.name: entry.value for entry in entry_points(group=GROUP)}
