"""What a judge model is worth beside people: gaps, ceilings, corrected rates and its known weaknesses.

On numpy; nothing imports these modules when hcgov starts.
"""
