"""Evidence: what a check may be given, one kind a file, and how it asks for it.

A request (``CountsOf``, ``CardOf`` …) names what a check wants to know; the evidence of the same kind is the
answer, or :class:`~hcgov.core.evidence.absent.Absent` with the reason a person understands.
"""
