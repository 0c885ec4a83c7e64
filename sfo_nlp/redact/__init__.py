"""Copies for disclosure: what would be removed, the copy in which it is gone, and the proof that it is.

`plan` reads a review and lists what would go, `make` makes the copy and the list of what was done, `write` writes both.
Nothing is removed that the plan does not name.
"""

from sfo_nlp.redact.planning import Item, Plan, plan, plan_of
from sfo_nlp.redact.writing import Copy, Written, make, write

__all__ = ["Copy", "Item", "Plan", "Written", "make", "plan", "plan_of", "write"]
