"""Two controls on the counts of ProPublica's COMPAS file (two-year recidivism, score 5 or more is `high`).

Counts: compas-scores-two-years.csv of the public repository propublica/compas-analysis, 7,214 people. Bounds: score
bounds of Miettinen and Nurminen (1985) by root finding on those counts; the same code gives (0.0528, 0.3382) for
56/70 against 48/80, the published two-sided 95 % interval. Displayed intervals: Wilson, 95 %.
"""

from hcgov.core.record import BoundV1, ControlV1, EstimateV1, FindingV1, GroupV1, LimitV1
from tests.io.render.sample_parts import LIMIT, bounds, control, rate, sentence

NEGATIVES = {
    "African-American": (805, 1795, 0.42559, 0.47156),
    "Caucasian": (349, 1488, 0.21371, 0.25674),
    "Hispanic": (87, 405, 0.17759, 0.25739),
    "Other": (36, 244, 0.10851, 0.19749),
    "Asian": (2, 23, 0.02418, 0.26796),
    "Native American": (3, 8, 0.13684, 0.69426),
}
"""False positives among people who were not charged again, and how many those people are; then Wilson's ends."""

PAIRS = (
    ("African-American", "Caucasian", 0.213925, 0.240184, 0.17105, "fail"),
    ("African-American", "Hispanic", 0.233653, 0.270972, 0.168006, "fail"),
    ("African-American", "Other", 0.300927, 0.34003, 0.225463, "fail"),
    ("Caucasian", "African-American", -0.213925, -0.187298, -0.255854, "pass"),
    ("Caucasian", "Hispanic", 0.019728, 0.056499, -0.04487, "pass"),
    ("Caucasian", "Other", 0.087002, 0.12556, 0.012376, "inconclusive"),
    ("Hispanic", "African-American", -0.233653, -0.193528, -0.292158, "pass"),
    ("Hispanic", "Caucasian", -0.019728, 0.019759, -0.077429, "pass"),
    ("Hispanic", "Other", 0.067274, 0.116449, -0.01752, "inconclusive"),
    ("Other", "African-American", -0.300927, -0.255753, -0.361035, "pass"),
    ("Other", "Caucasian", -0.087002, -0.042364, -0.146281, "pass"),
    ("Other", "Hispanic", -0.067274, -0.015495, -0.14546, "pass"),
)

CROSSINGS = (
    ("African-American", "Female", 164, 405, 0.090717, 0.133286, 0.028416, "inconclusive", 0.35824, 0.45342),
    ("African-American", "Male", 641, 1390, 0.212026, 0.238078, 0.172402, "fail", 0.43509, 0.48743),
    ("Caucasian", "Female", 111, 368, -0.0241, 0.018508, -0.083696, "pass", 0.25699, 0.35037),
    ("Caucasian", "Male", 238, 1120, -0.154718, -0.129302, -0.191774, "pass", 0.18955, 0.23742),
    ("Hispanic", "Female", 7, 70, -0.227511, -0.152046, -0.290637, "pass", 0.04929, 0.19233),
    ("Hispanic", "Male", 80, 335, -0.092506, -0.050285, -0.149395, "pass", 0.19627, 0.28726),
    ("Other", "Female", 6, 52, -0.210875, -0.117629, -0.285482, "pass", 0.05397, 0.22972),
    ("Other", "Male", 30, 192, -0.175757, -0.126427, -0.234112, "pass", 0.1117, 0.21429),
)


def _group(name: str, x: int, n: int) -> GroupV1:
    return GroupV1(slice=name, positives=x, n=n, n_eff=n, people=n)


def _pair(a: str, b: str, value: float, passes: float, fails: float, verdict: str) -> FindingV1:
    (x1, n1, *_), (x2, n2, *_) = NEGATIVES[a], NEGATIVES[b]
    return FindingV1(
        about=f"race={a} against race={b}",
        metric="false_positive_gap",
        verdict=verdict,
        reason="near_threshold" if verdict == "inconclusive" else "",
        labels_needed=610 if verdict == "inconclusive" else None,
        depth=1,
        message=sentence(
            "race={a}: the false positive rate is {gap} points above that of race={b}.",
            a=a,
            b=b,
            gap=f"{100 * value:.1f}",
        ),
        slice={"race": a},
        against=f"race={b}",
        estimate=EstimateV1(
            value=value,
            n=n1 + n2,
            n_eff=n1 + n2,
            people=n1 + n2,
            method="miettinen_nurminen",
            statistics={"x1": x1, "n1": n1, "x2": x2, "n2": n2},
            low=fails,
            high=passes,
            display_level=0.9,
            display_method="miettinen_nurminen",
        ),
        groups=(_group(f"race={a}", x1, n1), _group(f"race={b}", x2, n2)),
        **bounds(passes, fails, 12),
    )


def _small(name: str) -> FindingV1:
    x, n, *_ = NEGATIVES[name]
    return FindingV1(
        about=f"race={name}",
        metric="false_positive_gap",
        verdict="inconclusive",
        reason="small_n",
        depth=1,
        message=sentence(
            "race={name}: only {n} people were not charged again; at least 30 are needed to tell.",
            name=name,
            n=n,
        ),
        slice={"race": name},
        groups=(_group(f"race={name}", x, n),),
        labels_needed=30 - n,
        listed=True,
    )


def _crossing(  # noqa: PLR0917 - it takes one row of the table above
    race: str, sex: str, x: int, n: int, value: float, passes: float, fails: float, verdict: str, *_: float
) -> FindingV1:
    name = f"race={race} × sex={sex}"
    return FindingV1(
        about=name,
        metric="false_positive_gap",
        verdict=verdict,
        primary=False,
        reason="near_threshold" if verdict == "inconclusive" else "",
        depth=2,
        message=sentence("{name} against everyone else: {gap} points.", name=name, gap=f"{100 * value:+.1f}"),
        slice={"race": race, "sex": sex},
        against="everyone else",
        estimate=EstimateV1(
            value=value, n=3963, n_eff=3963, people=3963, method="miettinen_nurminen", low=fails, high=passes,
            display_level=0.9, display_method="miettinen_nurminen",
        ),
        groups=(_group(name, x, n), _group("everyone else", 1282 - x, 3963 - n)),
        **bounds(passes, fails, 8),
    )  # fmt: skip


def false_positive_gap() -> ControlV1:
    """The gap in false positive rates by race, with sex crossed in; it fails at a limit of 0.10."""
    metric = "false_positive_rate"
    singles = tuple(
        rate("race", name, x, n, low, high, metric=metric) for name, (x, n, low, high) in NEGATIVES.items()
    )
    crossed = tuple(
        rate("race*sex", f"{race}*{sex}", x, n, low, high, metric=metric)
        for race, sex, x, n, _, _, _, _, low, high in CROSSINGS
    )
    return control(
        "HC-EVL-003",
        "False alarms are alike across groups",
        "evaluation",
        "fail",
        "Of people who were not charged again, 44.8 % of African-American but 14.8 % of other defendants were rated "
        "high: a gap of 0.301 [0.225, 0.340], where at most 0.10 is allowed.",
        severity="critical",
        enforcement="mandatory",
        limit=LIMIT,
        why="A false alarm can cost a person their liberty. Where one group bears more of them, it is punished for "
        "what others did.",
        fix="Find out which inputs raise the score of people who are not charged again, and retrain without them; "
        "until then do not use the score for detention.",
        supports=("eu-ai-act@2026-07-27:Art.10(2)(f)", "nist-ai-rmf@1.0:MEASURE 2.11"),
        worst="race=African-American against race=Other",
        evidence=("EV-02",),
        coverage=0.98,
        small_slices="list",
        small_slices_reason="The file is closed; no further Asian or Native American defendants can be added.",
        params={"table": "predictions", "outcome": "prediction", "among": {"label": 0}},
        findings=(
            *(_pair(*row) for row in PAIRS),
            _small("Asian"),
            _small("Native American"),
            *(_crossing(*row) for row in CROSSINGS),
        ),
        shown=(*singles, *crossed),
    )


SHARES = (
    ("African-American", 3696, "0.29", 1.7667, 1.733, 1.8002),
    ("Caucasian", 2454, "0.40", 0.8504, 0.8274, 0.8737),
    ("Hispanic", 637, "0.12", 0.7358, 0.6905, 0.7832),
)
"""People of each group, an openly made-up target share, the ratio of both, and its bounds (Clopper-Pearson, 95 %)."""


def representation() -> ControlV1:
    """Shares against a made-up reference population; one group is near the limit, so it cannot be decided."""
    found = tuple(
        FindingV1(
            about=f"race={name}",
            metric="representation_ratio",
            verdict="pass" if low >= 0.7 else "inconclusive",
            reason="" if low >= 0.7 else "near_threshold",
            depth=1,
            message=sentence(
                "race={name}: {n} of 7,214 people are there; their share is {ratio} times the target.",
                name=name,
                n=n,
                ratio=f"{ratio:.2f}",
            ),
            slice={"race": name},
            estimate=EstimateV1(
                value=ratio,
                n=7214,
                n_eff=7214,
                people=7214,
                method="clopper_pearson_over_target",
                statistics={"x": n, "n": 7214, "target": float(target)},
                low=low,
                high=high,
                display_level=0.9,
                display_method="clopper_pearson_over_target",
            ),
            groups=(_group(f"race={name}", n, 7214),),
            pass_bound=BoundV1(value=low, level=0.95, end="lower"),
            fail_bound=BoundV1(value=high, level=0.95, end="upper"),
            family=1,
            labels_needed=None if low >= 0.7 else 4100,
        )
        for name, n, target, ratio, low, high in SHARES
    )
    return control(
        "HC-DAT-003",
        "Each group's share of the data is near its share of the population",
        "data",
        "inconclusive",
        "Hispanic defendants: 0.736 times the target [0.691, 0.783]; at least 0.7 is asked, and the range crosses it.",
        enforcement="overridable",
        limit=LimitV1(side="at_least", value="0.7", confidence="0.95"),
        severity="medium",
        worst="race=Hispanic",
        evidence=("EV-02",),
        supports=("eu-ai-act@2026-07-27:Art.10(3)",),
        findings=found,
    )
