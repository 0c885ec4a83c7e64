"""The lexical model: words, their neighbours' words and their place, weighted by fitted linear heads.

Answering needs numpy alone. A unit is scored from its own n-grams, from the single words of the units before and
after it and of its heading, and from its layout; every group has a vocabulary and a weight matrix of its own.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sfo_nlp.language.units import Unit

GROUPS = ("own", "before", "after", "heading", "layout")
CHUNK = 128
WEIGHTS: Mapping[str, float] = {"own": 1.0, "before": 0.45, "after": 0.45, "heading": 0.45, "layout": 0.35}
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][a-z]+)?|\d+(?:[.,:/]\d+)*|[?!;:()%“”\"]")
_MONTHS = frozenset(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday".split()
)
_TITLES = frozenset("mr mrs ms miss dr mx".split())


def tokens(text: str) -> list[str]:
    """Lower-case words with names, numbers and dates masked, so that a model cannot learn who or when."""
    found: list[str] = []
    for word in _TOKEN.findall(text):
        masked = _masked(word, not found)
        if masked != "<name>" or found[-1] != "<name>":
            found.append(masked)
    return found


@lru_cache(maxsize=65_536)
def _masked(word: str, opens: bool) -> str:
    """One word as the model sees it; a capital says nothing of the word that opens a sentence."""
    lower = word.lower()
    if word[0].isdigit():
        return "<year>" if len(word) == 4 and word[:2] in ("19", "20") else "<num>"
    if lower in _MONTHS and word[0].isupper():
        return "<date>"
    named = word[0].isupper() and not opens and (len(word) == 1 or not word.isupper())
    return "<name>" if named and lower not in _TITLES and word != "I" else lower.replace("’", "'")


def ngrams(words: Sequence[str]) -> list[str]:
    """Words, pairs and triples, with marks at both ends."""
    padded = ["<s>", *words, "</s>"]
    triples = zip(padded, padded[1:], padded[2:], strict=False)
    return [*words, *map(" ".join, pairwise(padded)), *map(" ".join, triples)]


def layout(unit: Unit, words: Sequence[str], place: float) -> Iterator[str]:
    """Kind of block, column head, length and place in the document (0 to 1), as words."""
    yield f"kind={unit.kind}"
    yield f"length={min(len(words) // 6, 7)}"
    yield f"place={int(place * 8)}"
    for word in tokens(unit.header):
        yield f"head={word}"


def grouped_features(units: Sequence[Unit]) -> Iterator[dict[str, list[str]]]:
    """For every unit of one document, the features of each group, repeats kept."""
    words = [tokens(unit.text) for unit in units]
    headings: dict[str, list[str]] = {}
    last = max(len(units) - 1, 1)
    for index, unit in enumerate(units):
        heading = headings.setdefault(unit.heading, tokens(unit.heading))
        yield {
            "own": ngrams(words[index]),
            "before": words[index - 1] if index else ["<none>"],
            "after": words[index + 1] if index + 1 < len(units) else ["<none>"],
            "heading": heading or ["<none>"],
            "layout": list(layout(unit, words[index], index / last)),
        }


@dataclass(frozen=True, slots=True)
class Group:
    """One group: vocabulary (word to row), idf (rows,), coefficients (rows, labels; in half precision once saved)."""

    rows: Mapping[str, int]
    idf: npt.NDArray[np.float32]
    coefficients: npt.NDArray[np.floating[Any]]

    def score(self, units: Sequence[Iterable[str]]) -> npt.NDArray[np.float32]:
        """What the group adds to the logits, (units, labels), for the features of each unit."""
        out = np.zeros((len(units), self.coefficients.shape[1]), np.float32)
        for start in range(0, len(units), CHUNK):
            known = [set(map(self.rows.get, features)) - {None} for features in units[start : start + CHUNK]]
            sizes = np.array([len(found) for found in known])
            index = np.fromiter(chain.from_iterable(known), np.int64, int(sizes.sum()))
            some = np.flatnonzero(sizes)
            if not len(some):
                continue
            # One sum over all units of the chunk: a product for each of them alone costs more than it computes.
            edges = (np.cumsum(sizes) - sizes)[some]
            weights = self.idf[index]
            weights /= np.repeat(np.sqrt(np.add.reduceat(weights * weights, edges)), sizes[some])
            terms = self.coefficients[index].astype(np.float32)
            terms *= weights[:, None]
            out[start + some] = np.add.reduceat(terms, edges, axis=0)
        return out


def weigh(
    rows: Mapping[str, int], idf: npt.NDArray[np.float32], features: Iterable[str]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """Rows and weights of the features that the vocabulary knows; weights have unit length."""
    known = {row for feature in features if (row := rows.get(feature)) is not None}
    index = np.fromiter(known, np.int32, len(known))
    index.sort()
    weights = idf[index]
    norm = float(np.sqrt((weights * weights).sum()))
    return index, (weights / norm if norm else weights).astype(np.float32)


@dataclass(frozen=True, slots=True)
class LexicalModel:
    """Linear heads over the groups: `score` gives logits, (units, labels)."""

    labels: tuple[str, ...]
    groups: Mapping[str, Group]
    intercept: npt.NDArray[np.float32]

    def score(self, units: Sequence[Unit]) -> npt.NDArray[np.float32]:
        """Logits of every label for every unit of one document, in reading order."""
        out = np.tile(self.intercept, (len(units), 1))
        features = list(grouped_features(units))
        headings = {unit.heading: features[row]["heading"] for row, unit in enumerate(units)}
        place = {heading: row for row, heading in enumerate(headings)}
        of_headings = self.groups["heading"].score(list(headings.values()))
        for name, group in self.groups.items():
            if name != "heading":
                out += WEIGHTS[name] * group.score([row[name] for row in features])
        out += WEIGHTS["heading"] * of_headings[[place[unit.heading] for unit in units]]
        return out

    def save(self, path: Path) -> None:
        """Write vocabulary and weights (half precision) as plain arrays; nothing in the file can run."""
        arrays: dict[str, npt.NDArray[np.generic]] = {
            "labels": np.array("\n".join(self.labels)),
            "intercept": self.intercept,
        }
        for name, group in self.groups.items():
            arrays[f"{name}.words"] = np.array("\n".join(group.rows))
            arrays[f"{name}.idf"] = group.idf.astype(np.float16)
            arrays[f"{name}.coefficients"] = group.coefficients.astype(np.float16)
        with path.open("wb") as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path) -> "LexicalModel":
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            groups = {
                name: Group(
                    {word: row for row, word in enumerate(str(arrays[f"{name}.words"]).split("\n"))},
                    arrays[f"{name}.idf"].astype(np.float32),
                    arrays[f"{name}.coefficients"],
                )
                for name in GROUPS
            }
            return cls(tuple(str(arrays["labels"]).split("\n")), groups, arrays["intercept"])
