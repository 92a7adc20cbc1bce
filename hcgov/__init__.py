"""Lifecycle governance and audit for models built with people in mind.

``import hcgov`` is cheap on purpose: nothing heavy is imported before it is used.
"""

__version__ = "0.1.0"
