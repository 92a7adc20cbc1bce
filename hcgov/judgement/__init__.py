"""Judgement: plan, assess, judge by family, decide. Pure; the only place where limits meet estimates."""
