"""``hcgov card``: cards for hubs and readers."""

from pathlib import Path
from typing import Annotated

import typer

from hcgov.cli.failing import guarded

app = typer.Typer(
    name="card",
    help="Write cards from a record.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@app.callback()
def _card() -> None:
    pass


@app.command("model", epilog="Example: hcgov card model my-assistant --published last-release/report.json")
@guarded
def model(
    record: Annotated[
        Path | None,
        typer.Argument(help="A report.json, or the folder of a project; its newest record if left out."),
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The card, in Markdown.")] = Path(
        "MODEL_CARD.md"
    ),
    html: Annotated[Path | None, typer.Option("--html", help="The card as a page of its own.")] = None,
    keep: Annotated[
        Path | None,
        typer.Option(
            "--keep",
            help="A card whose prose is kept; else the output if it exists, or the project's own model card.",
        ),
    ] = None,
    published: Annotated[
        Path | None,
        typer.Option(
            "--published",
            help="The report.json whose card was published before; what the difference would tell is left out.",
        ),
    ] = None,
) -> None:
    """Write a Hugging Face model card; what people wrote outside the generated blocks is kept."""
    from hcgov.app.card import write_model_card

    for path in write_model_card(record or Path(), output, html=html, keep=keep, published=published):
        typer.echo(f"wrote {path}")
