"""A sheet with one of everything that sheets are made of."""

from hcgov.core.evidence.source import Source
from hcgov.core.sheet import Bars, Fact, Facts, Grid, Heat, Note, Section, Sheet, Tone, Unit, Value
from hcgov.core.text import text


def sheet() -> Sheet:
    """Return it; every name in it tries to break out of the page."""
    few = text("{n} people; 30 are needed", n=12)
    return Sheet(
        kind="judge-card",
        title=text("Judge {judge}", judge="gpt</title><script>alert(1)</script>"),
        lead=(
            Note(text=text("It was compared with people on {n} items.", n=120)),
            Note(text=text("It is not shown to agree with people on `dialect`."), tone=Tone.WARNING),
        ),
        date="2026-11-21",
        sources=(
            Source(
                artifact="evaluations",
                kind="evaluations",
                location="judgments/<b>.csv",
                sha256="ab" * 32,
                size=1200,
                rows=360,
            ),
        ),
        sections=(
            Section(
                id="gap",
                title=text("Judge against people"),
                about=text("A positive gap says that the judge rates higher than people do."),
                parts=(
                    Facts(
                        facts=(
                            Fact(name=text("Items"), value=Value(value=120, unit=Unit.COUNT)),
                            Fact(name=text("Allowed for"), value=text("compliance, ranking")),
                        )
                    ),
                    Grid(
                        id="gap-by-slice",
                        title=text("Gap by slice"),
                        head=(text("Slice"), text("Gap"), text("Agreement")),
                        rows=(
                            (
                                text("{name}", name="variety=<i>standard"),
                                Value(value=0.021, low=-0.01, high=0.052, unit=Unit.POINTS, n=240, people=40),
                                Value(value=0.86, low=0.81, high=0.9, unit=Unit.SHARE),
                            ),
                            (
                                text("variety=dialect"),
                                Value(value=None, unit=Unit.POINTS, why=few),
                                Value(value=None, unit=Unit.SHARE, why=few),
                            ),
                        ),
                        note=text("Intervals of 95 %, clustered by user."),
                    ),
                    Bars(
                        id="agreement",
                        title=text("Agreement with people"),
                        rows=(
                            (text("judge"), Value(value=0.86, low=0.81, high=0.9, unit=Unit.SHARE)),
                            (text("another person"), Value(value=0.83, low=0.78, high=0.87, unit=Unit.SHARE)),
                            (text("nobody"), Value(value=None, unit=Unit.SHARE)),
                        ),
                        mark=0.78,
                        mark_name=text("ceiling less margin"),
                    ),
                    Heat(
                        id="kappa",
                        title=text("Kappa of every two raters"),
                        rows=(text("human 1"), text("judge")),
                        columns=(text("human 1"), text("judge")),
                        values=((1.0, 0.43), (0.43, None)),
                    ),
                    Note(text=text("Whether order matters cannot be told."), tone=Tone.CANNOT_TELL),
                ),
            ),
        ),
    )
