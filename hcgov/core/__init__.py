"""Vocabulary and algebra of hcgov: pure values, no input or output."""
