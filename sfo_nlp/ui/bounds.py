"""What counts as met for each criterion, and which figures reach their goals, in plain words for the method page."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sfo_nlp.assessment.policy import Criterion
from sfo_nlp.report.words import VERDICTS, plain

# The goals are for reviews as they come, read from their files.
LABEL = "with encoder, from PDF and DOCX"


@dataclass(frozen=True, slots=True)
class Goal:
    """One figure beside its goal, shares from 0 to 1. `most` says that the goal is an upper bound."""

    title: str
    value: float
    low: float | None
    high: float | None
    goal: float
    most: bool

    @property
    def reached(self) -> bool:
        """Whether the figure itself, whatever its interval, is as good as the goal."""
        return self.value <= self.goal if self.most else self.value >= self.goal


def bounds_of(criterion: Criterion) -> tuple[str, str]:
    """When a criterion counts as met and when as not met; what is neither is for a person."""
    what = _measures().get(criterion.measure, {})
    name = what.get("name", plain(criterion.measure).lower())
    unit = what.get("unit", "number")
    if criterion.met_from is not None:
        below = criterion.not_met_below
        met = f"{_amount(criterion.met_from, unit)} or more"
        missed = f"under {_amount(below, unit)}" if below is not None else ""
    elif criterion.met_to is not None:
        above = criterion.not_met_above
        met = f"{_amount(criterion.met_to, unit)} or less" if criterion.met_to else "none"
        missed = f"over {_amount(above, unit)}" if above else "any" if above is not None else ""
    else:
        return _values(what, criterion.met), _values(what, criterion.not_met)
    return f"{name}: {met}", f"{name}: {missed}" if missed else "never by itself"


def goals(folder: Path) -> Iterator[Goal]:
    """The figures of `figures.json` in the models' folder that have a goal; none where it is not there."""
    try:
        figures = json.loads((folder / "figures.json").read_text(encoding="utf-8"))[LABEL]
    except (OSError, ValueError, KeyError):
        return
    for entry in _data()["goal"]:
        found: Any = figures
        for step in entry["figure"].split("/"):
            found = found.get(step) if isinstance(found, Mapping) else None
        value, low, high = (
            found.get(name) if isinstance(found, Mapping) else None for name in ("value", "low", "high")
        )
        value = found if isinstance(found, float | int) else value
        if value is not None:
            most = "at_most" in entry
            yield Goal(entry["title"], value, low, high, entry["at_most" if most else "at_least"], most)


def _amount(bound: float, unit: str) -> str:
    return f"{100 * bound:.0f} %" if unit == "share" else f"{bound:g}"


def _values(what: Mapping[str, Any], values: tuple[object, ...]) -> str:
    if not values:
        return "never by itself"
    said = [str(what.get(str(one).lower(), one)) for one in values if isinstance(one, bool)]
    said += [VERDICTS.get(str(one), plain(str(one))).lower() for one in values if not isinstance(one, bool)]
    return "; ".join(said)


def _measures() -> Mapping[str, Mapping[str, Any]]:
    measures: Mapping[str, Mapping[str, Any]] = _data()["measure"]
    return measures


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
