"""Start a project: a manifest and the documents that the core policy asks for, unanswered."""

import json
from collections.abc import Iterator
from pathlib import Path
from string import Template

from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.io.data import data_path
from hcgov.io.files import write_atomically
from hcgov.io.yaml import parse

SCHEMA = "hcgov.manifest-1.schema.json"


def scaffold(folder: Path, *, name: str = "", force: bool = False, dry_run: bool = False) -> Iterator[str]:
    """Write a new project; yield a line for each file, and what to do next.

    Parameters
    ----------
    folder
        Folder of the project; it is made where needed.
    name
        Name of the system; the folder's name if empty.
    force
        Overwrite files that exist.
    dry_run
        Write nothing.

    Raises
    ------
    AuthoringError
        The folder cannot be written.
    """
    quoted = json.dumps(name or folder.resolve().name, ensure_ascii=False)
    try:
        for target, content in _files(folder, quoted):
            if target.exists() and not force:
                yield f"kept   {target}"
                continue
            yield f"{'would write' if dry_run else 'wrote'}  {target}"
            if not dry_run:
                target.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(target, content)
    except OSError as error:
        message = f"cannot write in `{folder}`: {error.strerror or error}"
        raise AuthoringError(
            [Mistake(code="HCG-U001", message=message, help="choose another folder")]
        ) from error
    yield ""
    yield "Next: answer what is asked in the files, then run `hcgov check`."
    yield "What is missing is named; nothing is green by itself."


def _files(folder: Path, quoted_name: str) -> Iterator[tuple[Path, str]]:
    templates = data_path("reports", "templates", "scaffold")
    for source in sorted(p for p in templates.rglob("*") if p.is_file()):
        content = Template(source.read_text(encoding="utf-8")).safe_substitute(name=quoted_name)
        yield folder / source.relative_to(templates), content
    for source in sorted(data_path("checklists").glob("*.yaml")):
        yield folder / "answers" / source.name, _unanswered(source)
    schema = data_path("reports", "schemas", SCHEMA)
    yield folder / ".hcgov" / SCHEMA, schema.read_text(encoding="utf-8")


def _unanswered(checklist: Path) -> str:
    """Return an answers file without answers, to the version of the checklist that is shipped."""
    parsed = parse(checklist.read_bytes(), checklist.name).data
    version = parsed.get("version") if isinstance(parsed, dict) else None
    return f"kind: Answers\nchecklist: {checklist.stem}\nversion: {version}\nanswers: []\n"
