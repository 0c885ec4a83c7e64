"""Which checks of an assessment broke, so that whoever reads it says nothing in their name."""

from collections.abc import Mapping
from typing import Any


def broken(wire: Mapping[str, Any]) -> frozenset[str]:
    """The checks that could not run, by an assessment's JSON form: what they would have said is not known."""
    return frozenset(check["id"] for check in wire.get("checks", ()) if check.get("failure"))
