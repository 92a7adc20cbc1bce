"""Write a model card from a record, keeping what people wrote."""

from pathlib import Path

from hcgov.app.rendering import read_record
from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.io.files import write_atomically
from hcgov.io.render.model_card import render_model_card, render_model_card_html


def write_model_card(record: Path, output: Path, *, html: Path | None, keep: Path | None) -> tuple[Path, ...]:
    """Write the card in Markdown, and as a page where asked.

    Raises
    ------
    AuthoringError
        There is no record, or the card to be kept cannot be read: nothing is overwritten then.
    """
    report = read_record(record)
    source = keep or (output if output.exists() else None)
    try:
        prose = None if source is None else source.read_text(encoding="utf-8")
        card = render_model_card(report, prose=prose)
        for path in filter(None, (output, html)):
            path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(output, card)
        if html is not None:
            write_atomically(html, render_model_card_html(report, card))
    except (OSError, ValueError) as error:
        message = f"cannot write the card: {error}"
        told = Mistake(code="HCG-U001", message=message, help="the files are as they were")
        raise AuthoringError([told]) from error
    return (output,) if html is None else (output, html)
