"""A small reader of our own pages: every element with its attributes, and the rules each page must keep."""

import base64
import hashlib
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

VOID = {"meta", "br", "hr", "use", "path", "rect", "circle"}


@dataclass
class Element:
    tag: str
    attrs: dict[str, str]
    parents: tuple[str, ...]
    text: str = ""


@dataclass
class Page(HTMLParser):
    source: str
    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[Element] = []
        self.feed(self.source)
        self.close()
        assert not self._open, f"never closed: {[e.tag for e in self._open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute twice in <{tag}>: {names}"
        found = Element(tag, {k: v or "" for k, v in attrs}, tuple(e.tag for e in self._open))
        self.elements.append(found)
        if tag not in VOID:
            self._open.append(found)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {k: v or "" for k, v in attrs}, tuple(e.tag for e in self._open)))

    def handle_endtag(self, tag: str) -> None:
        assert [e.tag for e in self._open[-1:]] == [tag], f"</{tag}> closes {self._open[-1:]}"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, tag: str) -> list[Element]:
        return [e for e in self.elements if e.tag == tag]


def faults(source: str) -> list[str]:
    """Return what a page does that our pages must not do."""
    page = Page(source)
    found = [
        f"<{e.tag}>" for e in page.elements if e.tag in {"script", "img", "link", "iframe", "object", "form"}
    ]
    for element in page.elements:
        for name, value in element.attrs.items():
            if name == "style" or name.startswith("on"):
                found.append(f"attribute {name} in <{element.tag}>")
            if name in {"href", "src", "xlink:href"} and element.tag != "a" and not value.startswith("#"):
                found.append(f"{name}={value} in <{element.tag}>")
    return found + _structure(page) + _policy(page, source)


def _structure(page: Page) -> list[str]:
    found = []
    ids = [e.attrs["id"] for e in page.elements if "id" in e.attrs]
    found += [f"id twice: {name}" for name in sorted({n for n in ids if ids.count(n) > 1})]
    for element in page.elements:
        for name in element.attrs.get("aria-labelledby", "").split():
            if name not in ids:
                found.append(f"aria-labelledby names {name}, which is not there")
        href = element.attrs.get("href", "")
        if href.startswith("#") and href[1:] not in ids:
            found.append(f"link to {href}, which is not there")
    levels = [int(e.tag[1]) for e in page.elements if re.fullmatch("h[1-6]", e.tag)]
    if levels.count(1) != 1:
        found.append(f"{levels.count(1)} h1")
    found += [f"h{a} is followed by h{b}" for a, b in pairwise(levels) if b > a + 1]
    for landmark in ("main", "header", "footer"):
        if len(page.all(landmark)) != 1:
            found.append(f"{len(page.all(landmark))} <{landmark}>")
    found += ["th without scope" for e in page.all("th") if e.attrs.get("scope") not in {"row", "col"}]
    found += ["table outside a region that scrolls" for e in page.all("table") if e.parents[-1:] != ("div",)]
    return found


def _policy(page: Page, source: str) -> list[str]:
    head = source.index("<head>") + len("<head>")
    first = source[head:].lstrip()
    if not first.startswith('<meta http-equiv="Content-Security-Policy"'):
        return ["the policy is not the first thing in the head"]
    policy = page.all("meta")[0].attrs["content"]
    (style,) = page.all("style")
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    wanted = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    return [] if policy == wanted else [f"policy: {policy}"]
