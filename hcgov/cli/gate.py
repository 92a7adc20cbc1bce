"""``hcgov gate``: decide from a record, or hold a registry against the ledgers."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hcgov.cli.asking import actor, digest, filled, print_claims, span
from hcgov.cli.check import FailOn
from hcgov.cli.failing import CommandError, Leave, guarded

app = typer.Typer(add_completion=False, rich_markup_mode=None)


class Form(StrEnum):
    """How answers are printed."""

    TEXT = "text"
    JSON = "json"


@app.command("gate", epilog="Example: hcgov gate my-assistant/.hcgov/report.json --max-age 2h")
@guarded
def gate(
    record: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="RECORD",
            help="A report.json, or the folder of a project, whose newest record is meant; with --audit-registry "
            "one or more projects.",
        ),
    ] = None,
    project: Annotated[
        Path | None,
        typer.Option(
            "--project", "-p", help="Project to hold it against; the one that the record lies in if left out."
        ),
    ] = None,
    stage: Annotated[
        list[str] | None,
        typer.Option("--stage", "-s", help="Stage that it must cover; may be given again. All if left out."),
    ] = None,
    max_age: Annotated[
        str, typer.Option("--max-age", metavar="SPAN", help="Longest time since the check: 90m, 24h, 7d.")
    ] = "24h",
    subject: Annotated[
        str,
        typer.Option(
            "--subject",
            metavar="SHA256",
            callback=filled,
            help="Digest of what is released; of the project's artifacts if left out.",
        ),
    ] = "",
    policy_digest: Annotated[
        str,
        typer.Option(
            "--policy-digest",
            metavar="SHA256",
            callback=filled,
            help="Digest of the resolved policy; the project's if left out.",
        ),
    ] = "",
    policy: Annotated[
        list[str] | None,
        typer.Option("--policy", help="Further policy pack that the check was given; may be given again."),
    ] = None,
    allow_root: Annotated[
        list[Path] | None,
        typer.Option("--allow-root", help="Folder outside the project that artifacts may be in."),
    ] = None,
    fail_on: Annotated[
        list[FailOn] | None, typer.Option("--fail-on", help="Fail also on this; may be given again.")
    ] = None,
    audit_registry: Annotated[
        bool,
        typer.Option("--audit-registry", help="List aliases of the MLflow registry that were moved outside."),
    ] = False,
    model: Annotated[
        list[str] | None,
        typer.Option(
            "--model", help="With --audit-registry: only this registered model; may be given again."
        ),
    ] = None,
    tracking_uri: Annotated[
        str, typer.Option("--tracking-uri", help="With --audit-registry: the MLflow tracking URI.")
    ] = "",
    output_format: Annotated[Form, typer.Option("--output-format", help="text or json.")] = Form.TEXT,
) -> None:
    """Decide from a record, so that uploads and reviews can sit between the check and the gate.

    Exit codes: 0 passed (conditions allowed unless --fail-on waived), 1 failed, 2 wrong usage, 3 incomplete: too old,
    another policy or subject, not all stages; 4 the record or the ledger is not what it was. With --audit-registry: 0
    all aliases stand where they were promoted to, 1 some do not, 3 the registry or a ledger cannot be read.
    """
    if audit_registry:
        _audit(record or [Path()], model or [], tracking_uri, output_format)
    if model or tracking_uri:
        raise CommandError("`--model` and `--tracking-uri` go with `--audit-registry`")
    if record is None or len(record) != 1:
        raise CommandError("one record is needed", help="hcgov gate my-assistant/.hcgov/report.json")
    from hcgov.app.release_gate import Question, gate_record
    from hcgov.app.weighing import Demands

    demands = Demands(
        now=datetime.now(UTC),
        max_age=span(max_age, "--max-age"),
        stages=tuple(stage or ()),
        fail_on=tuple(one.value for one in fail_on or ()),
        policy=digest(policy_digest, "--policy-digest"),
    )
    gated = gate_record(
        Question(
            record=record[0],
            demands=demands,
            project=project,
            policies=tuple(policy or ()),
            allowed_roots=tuple(allow_root or ()),
            subject=digest(subject, "--subject"),
            actor=actor(),
        )
    )
    weight = gated.weight
    if output_format is Form.JSON:
        typer.echo(
            json.dumps(
                {
                    "decision": weight.decision.value,
                    "exit_code": weight.exit_code,
                    "record": gated.kept.report.id,
                    "sha256": gated.kept.sha256,
                    "noted": gated.noted,
                    "claims": [claim.as_json() for claim in weight.claims],
                },
                indent=1,
                ensure_ascii=False,
            )
        )
    else:
        print_claims(weight.claims)
        typer.echo(f"{weight.decision.value.replace('_', ' ').upper()}  exit {weight.exit_code}")
    raise Leave(weight.exit_code)


def _audit(projects: list[Path], models: list[str], tracking_uri: str, form: Form) -> None:
    from hcgov.app.registry_audit import audit_registry

    audit = audit_registry(projects, models=models, tracking_uri=tracking_uri)
    if form is Form.JSON:
        found = {
            "exit_code": audit.exit_code,
            "store": audit.store,
            "problems": [claim.as_json() for claim in audit.problems],
            "aliases": [row.as_json() for row in audit.rows],
        }
        typer.echo(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        print_claims((*audit.problems, *(row.claim for row in audit.rows)))
        outside = sum(row.claim.state == "failed" for row in audit.rows)
        if not audit.problems:
            typer.echo(f"{outside} of {len(audit.rows)} moved outside hcgov  {audit.store}")
        typer.echo(f"exit {audit.exit_code}")
    raise Leave(audit.exit_code)
