"""The one shape in which every question to a corpus is answered: rows of plain values, with what to know about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

FEW = 5
INTERVAL: Mapping[str, str] = {"low": "95 % from", "high": "95 % to"}


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of plain values under named columns. `reviews` is the number of reviews counted.

    `name` is the key of the rows in JSON; `columns` maps each column to its heading for people; `notes` are sentences
    that must be read with the figures; `extra` stands beside the rows in JSON. `words` says ids of a column for people,
    who see them in place of the ids; files for programs keep the ids.
    """

    name: str
    title: str
    columns: Mapping[str, str]
    rows: Sequence[Mapping[str, Any]]
    reviews: int
    notes: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def said(self, row: Mapping[str, Any], name: str) -> Any:
        """A row's value as people are told it."""
        value = row.get(name)
        return self.words.get(name, {}).get(value, value) if isinstance(value, str) else value

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain JSON values."""
        rows = [dict(row) for row in self.rows]
        return {"reviews": self.reviews, self.name: rows, "notes": list(self.notes), **self.extra}


def shares(counts: Sequence[int], totals: Sequence[int]) -> list[dict[str, float | None]]:
    """Shares with Wilson 95 % intervals, as ``{share, low, high}``, rounded; all None where a total is 0.

    Wilson's interval keeps within 0 to 1 and is right for few reviews (statsmodels' `proportion_confint`).
    """
    from statsmodels.stats.proportion import proportion_confint

    hits, n = np.asarray(counts, float), np.asarray(totals, float)
    some = np.maximum(n, 1)
    low, high = proportion_confint(np.minimum(hits, some), some, method="wilson")
    rows = zip(hits / some, np.maximum(low, 0), np.minimum(high, 1), n, strict=True)
    return [
        {"share": round(float(share), 4), "low": round(float(lo), 4), "high": round(float(hi), 4)}
        if total
        else {"share": None, "low": None, "high": None}
        for share, lo, hi, total in rows
    ]


def difference(k1: int, n1: int, k0: int, n0: int) -> dict[str, float | None]:
    """How much a share changed from k0/n0 to k1/n1, with Newcombe's 95 % interval (statsmodels)."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    if not n1 or not n0:
        return {"change": None, "change_low": None, "change_high": None}
    low, high = confint_proportions_2indep(k1, n1, k0, n0, method="newcomb", compare="diff")
    return {
        "change": round(k1 / n1 - k0 / n0, 4),
        "change_low": round(float(low), 4),
        "change_high": round(float(high), 4),
    }
