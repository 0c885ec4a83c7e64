"""Copies for disclosure: what would be removed, the copy in which it is gone, and the proof that it is.

`plan` reads a review and lists what would go, `write` writes the copy and the list of what was done. Nothing is
removed that the plan does not name.
"""

from sfo_nlp.redact.planning import Item, Plan, plan
from sfo_nlp.redact.writing import Written, write

__all__ = ["Item", "Plan", "Written", "plan", "write"]
