"""Sample reports: all met, failing on real published counts, everything missing, very large, and hostile."""

from hcgov.core.record import (
    ComparedV1,
    EvidenceV1,
    GroupV1,
    LimitV1,
    NoticeV1,
    ReportV1,
    SignedV1,
    SystemV1,
    WaiverV1,
)
from tests.io.render.sample_compas import false_positive_gap, representation
from tests.io.render.sample_parts import STAGES, control, digest, evidence, report, sentence, statement

EVIDENCE = (
    evidence("EV-01", "stakeholders", "record", "design/stakeholders.yaml"),
    evidence("EV-02", "predictions", "table", "data/predictions.parquet", rows=7214, pinned=True),
    evidence("EV-03", "model_card", "model_card", "cards/README.md"),
    evidence("EV-04", "signoff", "answers", "answers/release.yaml"),
)


def all_met() -> ReportV1:
    """Every control met."""
    controls = (
        control(
            "HC-DSN-001",
            "People affected by the system are named",
            "design",
            "pass",
            "All four classes of stakeholders and three kinds of data workers are named.",
            evidence=("EV-01",),
            findings=(
                statement("direct users", "pass", "3 groups are named."),
                statement("data workers", "pass", "Annotators, moderators and authors are named."),
            ),
        ),
        control(
            "HC-DAT-002",
            "Nobody who withdrew is in the data",
            "data",
            "pass",
            "None of the 12 people who withdrew is in the table.",
            evidence=("EV-02",),
        ),
        control(
            "HC-DPL-001",
            "Release is signed off",
            "deployment",
            "pass",
            "2 of 2 roles signed the subject.",
            evidence=("EV-04",),
        ),
    )
    return report(
        controls,
        EVIDENCE,
        reason="All 3 controls are met.",
        system=SystemV1(
            name="Relay support copilot",
            version="1.2.0",
            risk_profile="standard",
            description="Drafts replies to customers; an agent reads, changes and sends each of them.",
            owner="Customer service",
            facts={"license": "apache-2.0", "language": "en"},
        ),
    )


def failing() -> ReportV1:
    """A risk score on the counts that ProPublica published, with a failing gap and groups too small to judge."""
    controls = (
        control(
            "HC-DSN-001",
            "People affected by the system are named",
            "design",
            "pass",
            "All four classes of stakeholders and three kinds of data workers are named.",
            evidence=("EV-01",),
            supports=("nist-ai-rmf@1.0:MAP 1.2", "iso-42001@2023:A.5.2"),
            findings=(
                statement("direct users", "pass", "Judges and probation officers are named."),
                statement("people decided about", "pass", "Defendants are named."),
                statement("data workers", "pass", "Three kinds are named."),
            ),
        ),
        representation(),
        control(
            "HC-DAT-005",
            "Data keep to the expectations that were set for them",
            "data",
            "pass",
            "4 of 4 expectations are met.",
            evidence=("EV-02",),
            severity="medium",
            findings=(
                statement("decile_score between 1 and 10", "pass", "0 of 7,214 values lie outside."),
                statement("two_year_recid in {0, 1}", "pass", "0 of 7,214 values lie outside."),
                statement("race is recorded", "pass", "0 of 7,214 values are missing."),
                statement("id is unique", "pass", "7,214 of 7,214 values are different."),
            ),
        ),
        control(
            "HC-TRN-001",
            "The training run is documented",
            "training",
            "missing",
            "There is no record of the training run.",
            enforcement="overridable",
            fix="Log the run, or export its record and name it under `artifacts`.",
            evidence=("EV-05",),
            findings=(statement("training_run", "missing", "The artifact `training_run` is not there."),),
        ),
        false_positive_gap(),
        control(
            "HC-EVL-004",
            "Each group's share of high scores is at least four fifths of the highest",
            "evaluation",
            "not_applicable",
            "The score is not used to select people; DSN-4 says so.",
            severity="medium",
        ),
        control(
            "HC-DPL-002",
            "The model card is complete and its numbers equal the record",
            "deployment",
            "pass",
            "All required sections are filled and 6 of 6 numbers agree.",
            evidence=("EV-03",),
            narrow=False,
        ),
        control(
            "HC-DPL-001",
            "Release is signed off",
            "deployment",
            "pending",
            "1 of 2 sign-offs is there; the release manager has not signed.",
            evidence=("EV-04",),
            fix="Ask the release manager to sign the subject's digest in answers/release.yaml.",
            findings=(
                statement("data protection", "pass", "Signed on 2026-11-19."),
                statement("release manager", "pending", "Nobody has signed."),
            ),
        ),
        control(
            "HC-EVL-009",
            "Scores rank people equally well in each group",
            "evaluation",
            "not_evaluated",
            "Switched off: it comes into force on 2027-01-01.",
            enforcement="advisory",
        ),
    )
    return report(
        controls,
        (*EVIDENCE, _absent("EV-05", "training_run", "run", "runs/training.json")),
        reason="1 of 9 controls is not met; 1 lacks evidence, 1 cannot be decided and 1 waits for a person.",
        system=SystemV1(
            name="Recidivism risk score",
            version="2016.1",
            risk_profile="high",
            description="Scores the risk that a defendant is charged again within two years; judges see the score.",
            owner="Pretrial services",
            facts={"task": "tabular-classification"},
        ),
        limits=(
            sentence("Charges are recorded, not offences: groups that are policed more are charged more."),
        ),
    )


def _absent(name: str, artifact: str, kind: str, location: str) -> EvidenceV1:
    return evidence(
        name,
        artifact,
        kind,
        location,
        absent="not_found",
        detail=sentence("There is no file `{path}`.", path=location),
    )


def everything_missing() -> ReportV1:
    """Nothing could be read, two stages did not run."""
    controls = tuple(
        control(
            f"HC-{stage[:3].upper()}-{n:03}",
            f"Something must hold in {stage}, part {n}",
            stage,
            "missing",
            "The evidence is not there.",
            evidence=("EV-01",),
        )
        for stage in ("design", "data", "evaluation")
        for n in (1, 2)
    )
    return report(
        controls,
        (_absent("EV-01", "everything", "table", "data/everything.parquet"),),
        reason="None of 6 controls could be decided: the evidence is missing.",
        ran=("design", "data", "evaluation"),
        notices=(
            NoticeV1(
                code="HCG-P001",
                message=sentence("The pack `acme` could not be imported: {why}", why="no module"),
            ),
        ),
    )


def empty() -> ReportV1:
    """Zero controls."""
    return report(
        (), (), reason="No control was selected, so nothing is met.", ran=(), command="", manifest=None
    )


def crowded() -> ReportV1:
    """Five hundred findings: one control with many slices, and many controls."""
    gap = false_positive_gap()
    many = tuple(
        gap.findings[0].model_copy(
            update={
                "about": f"region=R{n:03}",
                "slice": {"region": f"R{n:03}"},
                "against": "everyone else",
                "groups": (
                    GroupV1(slice=f"region=R{n:03}", positives=40 + n % 7, n=100, n_eff=100, people=100),
                ),
            }
        )
        for n in range(380)
    )
    wide = gap.model_copy(update={"findings": many, "shown": (), "id": "HC-EVL-100", "worst": "region=R000"})
    verdicts = ("fail", "inconclusive", "missing", "pending", "error", "pass")
    others = tuple(
        control(
            f"HC-X-{n:03}",
            f"Control number {n} of a large policy",
            STAGES[n % 5][0],
            verdicts[n % 6],
            "A headline of usual length says here what was found.",
            evidence=("EV-02",),
            findings=(statement("whole", verdicts[n % 6], "Said once more for the whole."),),
        )
        for n in range(120)
    )
    return report((wide, *others), EVIDENCE, reason="21 of 121 controls are not met.")


HOSTILE = (
    "</script><script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "{{7*7}}{% raw %}${7*7}",
    "evil\u202egpj.exe\u2066",
    "x" * 10_000,
    "模型用于支持人工审核的中文系统名称",
    "\x1b[31mred\x07 [email] | `code` *star* <b>",
    "\"' onmouseover='alert(1)' style='color:red",
    "<!-- hcgov:end summary -->\n# Owned\n---\ntags: [x]",
)


def hostile() -> ReportV1:
    """Text from outside that tries to leave its place, in every field that takes text."""
    controls = tuple(
        control(
            nasty[:60],
            nasty,
            ("design", "data", "evaluation")[n % 3],
            ("fail", "inconclusive", "error")[n % 3],
            nasty.replace("{", "").replace("}", ""),
            why=nasty,
            fix=nasty,
            worst=nasty,
            supports=(nasty,),
            evidence=(nasty,),
            limit=LimitV1(side="at_most", value="0.10", confidence="0.95"),
            findings=(
                false_positive_gap()
                .findings[0]
                .model_copy(
                    update={
                        "about": nasty,
                        "slice": {nasty: nasty},
                        "against": nasty,
                        "message": sentence("{a}", a=nasty),
                    }
                ),
                statement(nasty, "fail", "{a}", a=nasty),
            ),
        )
        for n, nasty in enumerate(HOSTILE)
    )
    pieces = tuple(
        evidence(nasty, nasty, nasty, nasty, description=nasty, absent=nasty if n % 2 else "")
        for n, nasty in enumerate(HOSTILE)
    )
    return report(
        controls,
        pieces,
        reason=" ".join(HOSTILE),
        command=HOSTILE[6],
        actor=HOSTILE[3],
        system=SystemV1(
            name=HOSTILE[0],
            version=HOSTILE[8],
            risk_profile="high",
            description=HOSTILE[5],
            owner=HOSTILE[1],
            facts={HOSTILE[2]: HOSTILE[7]},
        ),
        notices=(NoticeV1(code=HOSTILE[1], message=sentence("{a}", a=HOSTILE[3])),),
        limits=(sentence("{a}", a=HOSTILE[6]),),
    )


def excepted() -> ReportV1:
    """The failing report under exceptions: two waivers, one that accepts a part only, and one that ended."""
    base = failing()
    waiver = WaiverV1(
        id="W-2026-014",
        control="HC-EVL-003",
        starts="2026-11-20",
        expires="2026-12-03",
        owner="Chief risk officer",
        reason="Scores are read beside the file; retraining is scheduled.",
        accepts=("fail",),
        slices={"race": ("African-American",)},
        ceiling="at most 0.31",
        compensating=("a judge reads every file",),
        requested_by="Data science",
        approved_by=("Chief risk officer (risk-owner)",),
        signed_by=("Chief risk officer",),
        why=sentence("it is in force until {day}", day="2026-12-03"),
    )
    ended = waiver.model_copy(
        update={
            "id": "W-2026-009",
            "expires": "2026-11-09",
            "state": "expired",
            "used": False,
            "why": sentence("it ended on {day}", day="2026-11-09"),
        }
    )
    missing = waiver.model_copy(
        update={
            "id": "W-2026-016",
            "control": "HC-TRN-001",
            "accepts": ("missing",),
            "slices": {},
            "ceiling": "",
            "reason": "The run is being documented.",
        }
    )
    signed = SignedV1(artifact="predictions", role="role:eval-runner", key_id="4f" * 32, on="2026-11-19")
    changes: dict[str, dict[str, object]] = {
        "fail": {"disposition": "waived", "waiver": waiver, "signed": (signed,)},
        "missing": {"disposition": "waived", "waiver": missing},
        "inconclusive": {"waiver": waiver.model_copy(update={"id": "W-2026-015"})},
    }
    controls = tuple(c.model_copy(update=changes.get(c.verdict, {})) for c in base.controls)
    return report(
        controls,
        base.evidence,
        reason="2 of 9 controls could not be decided.",
        system=base.system,
        waivers=(ended, waiver, missing),
        compared_with=ComparedV1(
            id="20261114T090000Z-0badcafe",
            created="2026-11-14T09:00:00Z",
            sha256=digest("earlier"),
            decision="passed_with_conditions",
            newly_undecided=("HC-TRN-001",),
            looser=("HC-EVL-003",),
        ),
        notices=(
            NoticeV1(
                code="HCG-W103",
                message=sentence(
                    "the waiver {id} of {control} accepts nothing: {why}",
                    id="W-2026-009",
                    control="HC-EVL-003",
                    why="it ended on 2026-11-09",
                ),
            ),
        ),
    )


SAMPLES = {
    "all_met": all_met,
    "failing": failing,
    "excepted": excepted,
    "everything_missing": everything_missing,
    "empty": empty,
    "crowded": crowded,
    "hostile": hostile,
}
