"""Intervals, tests and sample sizes, on the standard library alone but for ``vector``, which nothing loads early.

Nothing here decides a verdict. Modules give bounds of an :class:`hcgov.core.estimate.Estimate` at any
one-sided level, exact p-values that agree with these bounds, corrections for families, and how many labels
are missing. Levels are one-sided confidences in [0.5, 1) unless a function says otherwise.
"""
