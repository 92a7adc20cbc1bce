"""Aggregating people's choices: score tables from raw choices, rules that pick winners, and who loses by each."""
