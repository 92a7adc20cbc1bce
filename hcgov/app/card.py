"""Write a model card from a record, keeping what people wrote."""

from pathlib import Path

from hcgov.app.rendering import read_record
from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.io.files import write_atomically
from hcgov.io.manifest import FILE, load_manifest
from hcgov.io.render.model_card import render_model_card, render_model_card_html


def write_model_card(
    record: Path, output: Path, *, html: Path | None, keep: Path | None, published: Path | None = None
) -> tuple[Path, ...]:
    """Write the card in Markdown, and as a page where asked.

    Parameters
    ----------
    record, output, html, keep
        The record, where to write, and a card whose prose is kept.
    published
        The record whose card was published before: no group may be told by the difference.

    Raises
    ------
    AuthoringError
        There is no record, or the card to be kept cannot be read: nothing is overwritten then.
    """
    report = read_record(record)
    earlier = None if published is None else read_record(published)
    source = keep or (output if output.exists() else _own_card(record))
    try:
        prose = None if source is None else source.read_text(encoding="utf-8")
        card = render_model_card(report, prose=prose, published_before=earlier)
        for path in filter(None, (output, html)):
            path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(output, card)
        if html is not None:
            write_atomically(html, render_model_card_html(report, card, published_before=earlier))
    except (OSError, ValueError) as error:
        why = "the card that is to be kept is not UTF-8 text" if isinstance(error, UnicodeError) else error
        message = f"cannot write the card: {why}"
        told = Mistake(code="HCG-U001", message=message, help="the files are as they were")
        raise AuthoringError([told]) from error
    return (output,) if html is None else (output, html)


def _own_card(record: Path) -> Path | None:
    """Return the model card of the project that the record belongs to, whose prose a first card starts from."""
    root = (
        record
        if record.is_dir()
        else next((p for p in record.absolute().parents if (p / FILE).exists()), None)
    )
    if root is None:
        return None
    try:
        project = load_manifest(root).project
    except AuthoringError:
        return None
    found = next((a.path for a in project.artifacts.values() if a.kind == "model_card" and a.path), None)
    path = None if found is None else (root / found).resolve()
    return path if path is not None and path.is_relative_to(root.resolve()) and path.is_file() else None
