"""Numbers of the three-stage audit of personalization: agreement, selection, ranks, ceilings and the way through.

Everything is on numpy; nothing imports these modules when hcgov starts.
"""
