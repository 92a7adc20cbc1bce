"""The demo: an example project, copied, checked, logged, with its report and card."""

import hashlib
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from hcgov.app.card import write_model_card
from hcgov.app.check import Asked
from hcgov.app.gate import run_gate
from hcgov.app.rendering import Outputs
from hcgov.core.mistake import AuthoringError, Mistake, did_you_mean
from hcgov.io.data import data_path
from hcgov.io.files import write_atomically
from hcgov.io.render.terminal import render_full

EXPECTED = {"support-copilot": "passed", "recidivism": "failed", "listening-study": "passed"}
"""The decision that each example is made to show."""

EXAMPLE_DAY = "2026-11-16"
"""Day on which the examples' answers were given, and on which somebody last looked."""

DATED = {
    "answers/*.yaml": f'on: "{EXAMPLE_DAY}"',
    "records/*.yaml": f'tested: "{EXAMPLE_DAY}"',
    "released/*.csv": EXAMPLE_DAY,
}
"""Files of examples that would be too old one day -> the text in them that holds the day."""

EXPLAINED = {"listening-study": "HC-HITL-11"}
"""The control that is worth explaining, where it is another than that of the core."""


def run_demo(folder: Path, example: str, *, track: bool, force: bool, say: Callable[[str], None]) -> bool:
    """Copy an example, check it, log it, write report and card; tell what to look at next.

    Returns
    -------
    Whether the decision is the one the example is made to show.

    Raises
    ------
    AuthoringError
        There is no such example, or the folder holds something already.
    """
    if example not in EXPECTED:
        raise AuthoringError([_mistake(f"there is no example `{example}`", did_you_mean(example, EXPECTED))])
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())) and not force:
        raise AuthoringError([_mistake(f"`{folder}` is not empty", "name another folder, or use --force")])
    try:
        shutil.copytree(
            data_path("examples", example),
            folder,
            dirs_exist_ok=True,
            ignore=shutil.ignore_patterns("__pycache__", ".hcgov"),
        )
    except OSError as error:
        raise AuthoringError(
            [_mistake(f"cannot write in `{folder}`: {error}", "choose another folder")]
        ) from error
    say(f"copied the example `{example}` to {folder}/")
    now = datetime.now(UTC)
    if _redate(folder, now.date().isoformat()):
        say("what people answered and tested was dated today, because it expires")
    asked = Asked(root=folder, now=now, command=f"hcgov check {folder}", actor="demo")
    gate = run_gate(asked, Outputs(), lambda _: None, track=track)
    report = gate.checked.report
    say(render_full(report, color=False, width=100))
    (card, *_) = write_model_card(
        gate.saved.folder / "report.json", folder / "MODEL_CARD.md", html=None, keep=None
    )
    for line in gate.finish_tracking():
        say(line)
    say(_next(folder, example, card, track=track))
    return report.decision.value == EXPECTED[example]


def _redate(folder: Path, today: str) -> bool:
    """Date what people answered, tested and audited today: it is made up, and would be too old one day."""
    changed = False
    for pattern, dated in DATED.items():
        for path in sorted(folder.glob(pattern)):
            content = path.read_text(encoding="utf-8")
            if dated in content:
                told = content.replace(dated, dated.replace(EXAMPLE_DAY, today))
                write_atomically(path, told)
                _renamed(folder, content, told)
                changed = True
    return changed


def _renamed(folder: Path, old: str, new: str) -> None:
    """Write the digest of a table that was dated into the records of what was made of it."""
    before, after = (hashlib.sha256(told.encode()).hexdigest() for told in (old, new))
    for path in (*folder.glob("records/*.json"), *folder.glob("training/*.json")):
        content = path.read_text(encoding="utf-8")
        if before in content:
            write_atomically(path, content.replace(before, after))


def _mistake(message: str, help_: str) -> Mistake:
    return Mistake(code="HCG-U001", message=message, help=help_)


def _next(folder: Path, example: str, card: Path, *, track: bool) -> str:
    other = next(name for name in EXPECTED if name != example)
    lines = [
        "",
        "Look at",
        f"  {folder}/.hcgov/report.html   the audit report; open it in a browser",
        f"  {card}   the model card written from the record",
        f"  {folder}/hcgov.yaml   what the project names, and {folder}/README.md what to try breaking",
        "Try",
        f"  hcgov check {folder} --stage data",
        f"  hcgov explain {EXPLAINED.get(example, 'HC-EVL-01')}",
        f"  hcgov demo --example {other} {folder}-{other}",
    ]
    if track:
        lines.append(
            f"  mlflow ui --backend-store-uri sqlite:///{folder}/.hcgov/mlflow.db   the run in MLflow"
        )
    return "\n".join(lines)
