"""A bare Typer program: two commands, nothing of its own to import. ``BARE=plain`` leaves rich out of its help."""

import os

import typer

plain = os.environ.get("BARE") == "plain"
app = typer.Typer(rich_markup_mode=None) if plain else typer.Typer()


@app.command()
def one(name: str) -> None:
    """Do one thing."""
    typer.echo(name)


@app.command()
def other(name: str, *, loud: bool = False) -> None:
    """Do another thing."""
    typer.echo(name.upper() if loud else name)


if __name__ == "__main__":
    app()
