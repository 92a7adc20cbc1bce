"""People in slices that could not be decided are counted once each."""

from hcgov.core.finding import Finding
from hcgov.core.measurement import GroupCount
from hcgov.core.slices import Slice, SliceRules
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.judgement.coverage import covered, share


def test_coverage_counts_people_and_not_their_rows() -> None:
    # Six hundred people with ten rows each stand in crossings that pass, six hundred with one row in others.
    def finding(n: int, people: int, verdict: Verdict) -> Finding:
        scope = Slice(values=(("sex", f"s{n}"), ("region", "a")))
        group = GroupCount(slice=scope, positives=n / 2, n=n, n_eff=float(people), people=people)
        return Finding(
            about="x",
            metric="m",
            verdict=verdict,
            text=text("x"),
            primary=False,
            scope=scope,
            groups=(group,),
        )

    assert share([finding(6000, 600, Verdict.PASS), finding(600, 600, Verdict.INCONCLUSIVE)]) == 0.5


def _crossing(
    columns: tuple[str, ...], name: str, people: int, verdict: Verdict, metric: str = "m"
) -> Finding:
    scope = Slice(values=tuple((column, name) for column in columns))
    group = GroupCount(slice=scope, positives=people / 2, n=people, n_eff=float(people), people=people)
    return Finding(
        about=str(scope),
        metric=metric,
        verdict=verdict,
        text=text("x"),
        primary=False,
        depth=len(columns),
        scope=scope,
        groups=(group,),
    )


def test_coverage_is_that_of_the_worst_crossing_and_of_the_worst_metric() -> None:
    rules = SliceRules(by=("a", "b", "c"), coverage=0.8)
    findings = [
        _crossing(("a", "b"), "x", 800, Verdict.PASS),
        _crossing(("a", "b"), "y", 200, Verdict.INCONCLUSIVE),
        _crossing(("a", "c"), "x", 700, Verdict.FAIL),
        _crossing(("a", "c"), "y", 300, Verdict.INCONCLUSIVE),
        _crossing(("a", "b"), "x", 1000, Verdict.PASS, "other"),
    ]
    least, below = covered(findings, rules)
    assert least == 0.7
    assert below is not None
    assert (below.verdict, below.reason, below.about) == (Verdict.INCONCLUSIVE, Reason.COVERAGE, "a × c")
    assert not below.listed
    # Exactly as many as are needed are enough.
    assert covered(findings[:2], rules) == (0.8, None)
    assert covered(findings[:2], None) == (None, None)


def test_a_crossing_without_anybody_is_not_covered() -> None:
    assert share([_crossing(("a", "b"), "x", 0, Verdict.INCONCLUSIVE)]) == 0.0
    assert share([]) == 0.0
