"""People and machines at work together: anchoring, reliance, hand-over, audit, cycles of improvement and their cost."""
