"""Texts as numbers: tokens, shingles, near duplicates, TF-IDF, BM25, and a logistic model on sparse features.

Everything is deterministic and runs on the CPU. Nothing imports these modules when hcgov starts.
"""
