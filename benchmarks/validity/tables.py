"""What was measured, as Markdown tables."""

from collections.abc import Callable, Iterable, Sequence

from benchmarks.validity.clustered import Covered, Repeats
from benchmarks.validity.grid import LEVELS, Cell
from benchmarks.validity.planted import Named

AIMS = {"mean": 0.055, "worst": 0.065, "strict": 0.05, "fail": 0.05}
"""Largest false PASS on average and in the worst cell, in the worst cell of strict controls, and false FAIL."""

Share = Callable[[Cell], float]


def errors(cells: Sequence[Cell]) -> str:
    """Return false PASS and false FAIL exactly at the limit, by rule and number of slices."""
    at_limit = [cell for cell in cells if cell.truth.steps == 1]
    lines = [
        "| rule | slices | false PASS, mean | worst | false FAIL, mean | worst | strict: PASS, worst | FAIL, worst |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for rule in dict.fromkeys(cell.rule for cell in at_limit):
        ours = [cell for cell in at_limit if cell.rule == rule]
        for slices in sorted({cell.slices for cell in ours}):
            lines.append(_errors(rule, str(slices), [cell for cell in ours if cell.slices == slices]))
    lines.append(_errors("**all**", "", at_limit))
    return "\n".join([*lines, "", *_verdicts(at_limit)]) + "\n"


def _errors(rule: str, slices: str, cells: Sequence[Cell]) -> str:
    told = []
    for safety in LEVELS:
        ours = [cell for cell in cells if cell.safety == safety]
        for share in (_passes, _fails):
            mean = [] if safety == "strict" else [_percent(_mean(ours, share))]
            told += [*mean, _worst(ours, share)]
    return f"| {rule} | {slices} | {' | '.join(told)} |"


def _verdicts(cells: Sequence[Cell]) -> list[str]:
    """Say of every aim whether it is met, and where it is not."""
    standard, strict = ([c for c in cells if c.safety == safety] for safety in LEVELS)
    mean = max(_mean([c for c in standard if c.rule == rule], _passes) for rule in {c.rule for c in standard})
    aims = [
        ("false PASS on average, largest of any rule", mean, "mean", None),
        ("false PASS in the worst cell", *_extreme(standard, _passes, "worst")),
        ("false PASS of strict controls in the worst cell", *_extreme(strict, _passes, "strict")),
        ("false FAIL in the worst cell", *_extreme(standard, _fails, "fail")),
        ("false FAIL of strict controls in the worst cell", *_extreme(strict, _fails, "strict")),
    ]
    lines = ["| aim | at most | measured | met |", "|---|---:|---:|---|"]
    for words, found, aim, where in aims:
        met = "yes" if found <= AIMS[aim] else f"**no**: {_where(where)}"
        lines.append(f"| {words} | {_percent(AIMS[aim], 1)} | {_percent(found)} | {met} |")
    return lines


def _extreme(cells: Sequence[Cell], share: Share, aim: str) -> tuple[float, str, Cell]:
    worst = max(cells, key=share)
    return share(worst), aim, worst


def _where(cell: Cell | None) -> str:
    if cell is None:
        return ""
    truth = cell.truth
    return f"{cell.rule}, {cell.slices} slices of {cell.n}, rate {truth.p:g}, {truth.shape.value}"


def power(cells: Sequence[Cell]) -> str:
    """Return how often disparity is cleared where there is none, and accused at twice the limit, by size."""
    shown = [
        ("rate gap, all pairs", 2), ("rate gap, all pairs", 8), ("rate gap, against the rest", 8),
        ("impact ratio, all pairs", 2), ("impact ratio, all pairs", 8),
    ]  # fmt: skip
    ours = [c for c in cells if c.safety == "standard" and (c.rule, c.slices) in shown]
    names = list(dict.fromkeys((c.rule, c.slices) for c in ours))
    head = [f"{rule}, {slices} slices: PASS | FAIL | overlooked" for rule, slices in names]
    lines = [f"| n | {' | '.join(head)} |", "|---:|" + "---:|" * (3 * len(names))]
    for n in sorted({c.n for c in ours}):
        row = []
        for rule, slices in names:
            here = [c for c in ours if (c.rule, c.slices, c.n) == (rule, slices, n)]
            even, far = ([c for c in here if c.truth.steps == steps] for steps in (0, 2))
            row += [_percent(_all_mean(even, _passes), 0), _percent(_all_mean(far, _fails), 0)]
            row.append(_percent(max(map(_passes, far)), 2))
        lines.append(f"| {n:,} | {' | '.join(row)} |")
    return "\n".join(lines) + "\n"


def repeats(cells: Sequence[Repeats]) -> str:
    """Return false PASS and false FAIL of a gap at its limit where people repeat, by correlation."""
    lines = [
        "| correlation of a person's rows | false PASS, mean | worst | false FAIL, mean | worst | strict: PASS, worst "
        "| FAIL, worst | rows as people: PASS, mean | FAIL, mean |",
        "|---:|" + "---:|" * 8,
    ]
    for icc in sorted({cell.icc for cell in cells}):
        here = [cell for cell in cells if cell.icc == icc]
        standard, strict = ([c for c in here if c.safety == safety] for safety in LEVELS)
        told = [
            _average(c.passes for c in standard), _largest((c.passes for c in standard), standard[0].draws),
            _average(c.fails for c in standard), _largest((c.fails for c in standard), standard[0].draws),
            _largest((c.passes for c in strict), strict[0].draws),
            _largest((c.fails for c in strict), strict[0].draws),
            _average(c.passes_as_rows for c in standard), _average(c.fails_as_rows for c in standard),
        ]  # fmt: skip
        lines.append(f"| {icc:g} | {' | '.join(told)} |")
    return "\n".join(lines) + "\n"


def coverage(cells: Sequence[Covered]) -> str:
    """Return the coverage of a rate's 95 % interval where annotators label items."""
    lines = [
        "| annotators | items | labels each | rate | two-way, Wilson | two-way, Clopper-Pearson | by annotator only "
        "| rows | within 93 to 97.5 % |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---|",
    ]
    for cell in cells:
        layout, error = cell.layout, _error(cell.two_way, cell.draws)
        met = "yes" if 0.93 <= cell.two_way <= 0.975 else "**no**"
        lines.append(
            f"| {layout.annotators} | {layout.items} | {layout.labels} | {cell.p:g} | {_percent(cell.two_way, 1)} "
            f"± {100 * error:.1f} | {_percent(cell.exact, 1)} | {_percent(cell.one_way, 1)} "
            f"| {_percent(cell.rows, 1)} | {met} |"
        )
    return "\n".join(lines) + "\n"


def planted(cells: Sequence[Named]) -> str:
    """Return what becomes of the planted case, by people in a cell."""
    lines = [
        "| people in a cell | F x b is named | another crossing is | undecided | overlooked | a whole column is named "
        "| strict: F x b is named |",
        "|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for cell in (c for c in cells if c.safety == "standard"):
        strict = next(c for c in cells if c.people == cell.people and c.safety == "strict")
        told = (cell.other_crossing, cell.undecided, cell.passed, cell.column, strict.named)
        lines.append(
            f"| {cell.people:,} | {_percent(cell.named, 1)} ± {100 * _error(cell.named, cell.draws):.1f} "
            f"| {' | '.join(_percent(share, 1) for share in told)} |"
        )
    return "\n".join(lines) + "\n"


def _passes(cell: Cell) -> float:
    return cell.passes


def _fails(cell: Cell) -> float:
    return cell.fails


def _mean(cells: Iterable[Cell], share: Share) -> float:
    """Return the mean over the cells that decided anything: what never decides cannot err, and would flatter."""
    decided = [share(cell) for cell in cells if cell.passes or cell.fails]
    return sum(decided) / len(decided) if decided else 0.0


def _all_mean(cells: Sequence[Cell], share: Share) -> float:
    return sum(map(share, cells)) / len(cells)


def _worst(cells: Sequence[Cell], share: Share) -> str:
    worst = max(cells, key=share)
    return _percent(share(worst)) + (f" ± {100 * worst.error(share(worst)):.2f}" if worst.draws else "")


def _average(shares: Iterable[float]) -> str:
    given = list(shares)
    return _percent(sum(given) / len(given))


def _largest(shares: Iterable[float], draws: int) -> str:
    worst = max(shares)
    return f"{_percent(worst)} ± {100 * _error(worst, draws):.2f}"


def _error(share: float, draws: int) -> float:
    return float((share * (1.0 - share) / draws) ** 0.5)


def _percent(share: float, digits: int = 2) -> str:
    return f"{100 * share:.{digits}f} %"
