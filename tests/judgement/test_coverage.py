"""People in slices that could not be decided are counted once each."""

from hcgov.core.finding import Finding
from hcgov.core.measurement import GroupCount
from hcgov.core.slices import Slice
from hcgov.core.status import Verdict
from hcgov.core.text import text
from hcgov.judgement.coverage import share


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
