"""The command line: parse, call, print, exit. One file a command group; heavy imports wait for their command."""

from typing import Annotated

import typer

from hcgov import __version__
from hcgov.cli import (
    annotate,
    baseline,
    card,
    check,
    demo,
    diff,
    doctor,
    evidence,
    explain,
    gate,
    init,
    judge,
    keys,
    ledger,
    log,
    personalization,
    policy,
    policy_diff,
    preferences,
    preferences_export,
    promote,
    register,
    report,
    rules,
    waiver,
)

app = typer.Typer(
    name="hcgov",
    help="Check that a model was built with people in mind at every stage: policies, evidence, a decision, a report.",
    epilog=(
        "Exit codes: 0 passed (conditions allowed), 1 failed, 2 wrong usage or invalid manifest or policy, "
        "3 incomplete, 4 evidence integrity, 70 internal error, 130 interrupted."
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"hcgov {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool,
        typer.Option("--version", "-V", callback=_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    pass


app.command("init", epilog="Example: hcgov init my-assistant")(init.init)
app.command("check", epilog="Example: hcgov check my-assistant --stage data -o html=data.html")(check.check)
app.command("gate", epilog="Example: hcgov gate my-assistant/.hcgov/report.json --max-age 2h")(gate.gate)
app.command(
    "promote", epilog="Example: hcgov promote models:/credit/7 --alias champion --project my-assistant"
)(promote.promote)
app.command("diff", epilog="Example: hcgov diff before/report.json my-assistant")(diff.diff)
app.command("register", epilog="Example: hcgov register my-assistant --data labels")(register.register)
app.command("report", epilog="Example: hcgov report my-assistant -o markdown=summary.md")(report.report)
app.add_typer(card.app, name="card")
app.add_typer(waiver.app, name="waiver")
app.add_typer(baseline.app, name="baseline")
app.command("explain", epilog="Examples: hcgov explain HC-EVL-01; hcgov explain few_people")(explain.explain)
app.command("rules", epilog="Examples: hcgov rules --stage data; hcgov rules my-assistant")(rules.rules)
app.add_typer(policy.app, name="policy")
app.add_typer(annotate.app, name="annotate")
app.add_typer(preferences.app, name="preferences")
app.add_typer(judge.app, name="judge")
app.add_typer(personalization.app, name="personalization")
app.add_typer(evidence.app, name="evidence")
policy_diff.register(policy.app)
preferences_export.register(preferences.app)
app.command("log", epilog="Example: hcgov log my-assistant --tracking-uri http://127.0.0.1:5000")(log.log)
app.add_typer(ledger.app, name="ledger")
app.add_typer(keys.app, name="keys")
app.command("demo", epilog="Example: hcgov demo --example recidivism --no-mlflow")(demo.demo)
app.command("doctor", epilog="Example: hcgov doctor my-assistant --output-format json")(doctor.doctor)
