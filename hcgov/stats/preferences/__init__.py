"""Estimates from comparisons: strengths, groups of opinion, weights and rules of aggregation."""
