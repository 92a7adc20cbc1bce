"""Labels needed, by the product's own formulas."""

from hcgov.stats.power import labels_for_difference, labels_for_rate, labels_for_ratio

RATES = (0.5, 0.8, 0.95)
GAPS = ((0.05, 2), (0.10, 2), (0.10, 4), (0.10, 8), (0.20, 2))


def labels() -> str:
    """Return the independent people each slice needs to pass with power .8 where there is no disparity at all."""
    lines = [
        f"| to show | slices | {' | '.join(f'at rate {p:g}' for p in RATES)} |",
        "|---|---:|" + "---:|" * len(RATES),
    ]
    for limit, slices in GAPS:
        needed = [labels_for_difference(limit, p, p, comparisons=slices * (slices - 1)) for p in RATES]
        lines.append(f"| a gap of at most {limit:.2f}, all pairs | {slices} | {_row(needed)} |")
    needed = [labels_for_ratio(0.8, p) for p in RATES]
    lines.append(f"| a ratio of at least 0.80, one direction | 2 | {_row(needed)} |")
    lines += ["", *_single_rates()]
    return "\n".join(lines) + "\n"


def _single_rates() -> list[str]:
    lines = ["| to show a rate of at least | if it is truly | people in the slice |", "|---:|---:|---:|"]
    for limit, truth in ((0.8, 0.85), (0.8, 0.9), (0.9, 0.95), (0.95, 0.98)):
        lines.append(f"| {limit:.2f} | {truth:.2f} | {labels_for_rate(limit, truth):,} |")
    return lines


def _row(needed: list[int]) -> str:
    return " | ".join(f"{n:,}" for n in needed)
