"""Sampling people: how many of whom to ask, what weights of those who answered are worth, and weighted shares."""
