"""Are hidden themes found again? `python -m benchmarks.corpus_emerging` prints the table, --write keeps it.

On the annotated training reviews some themes are hidden in turn: their concerns, and those of no theme at all, are what
no theme covers. Each hidden theme is then compared with the group of concerns that matches it best.
"""

import argparse
import json
import random
from collections import Counter
from pathlib import Path
from statistics import fmean

from sfo_nlp.mining.grouping import Concern, clusters

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "benchmarks-emerging.md"
HIDDEN, DRAWS, LEAST = 4, 6, 25
Themed = tuple[Concern, frozenset[str]]


def concerns() -> list[Themed]:
    """Every annotated concern of the training writers with its themes."""
    found: list[Themed] = []
    number = 0
    for path in sorted((ROOT / "corpus" / "annotated").glob("w*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            data = json.loads(line)
            if data["split"] != "train":
                continue
            number += 1
            for unit in data["units"]:
                if "finding_concern" in unit["labels"]:
                    quote = data["text"][unit["start"] : unit["end"]]
                    one = Concern(number, data["id"], data["id"], None, unit["start"], unit["end"], quote)
                    found.append((one, frozenset(theme["id"] for theme in unit.get("themes", ()))))
    return found


def draw(every: list[Themed], reviews: int, seed: int) -> tuple[list[Themed], list[str]]:
    """The concerns of some reviews that no theme covers once some themes are hidden, and those themes."""
    chance = random.Random(seed)
    counts = Counter(theme for _, themes in every for theme in themes)
    hidden = chance.sample(sorted(theme for theme, count in counts.items() if count >= LEAST), HIDDEN)
    numbers = sorted({one.review for one, _ in every})
    taken = set(chance.sample(numbers, min(reviews, len(numbers))))
    left = [(one, themes) for one, themes in every if one.review in taken and themes <= set(hidden)]
    return left, hidden


def measure(every: list[Themed], reviews: int) -> tuple[float, float, float, float]:
    """Mean best F1 of the hidden themes, the same with stable groups alone, groups found, share of them stable."""
    best: list[float] = []
    stable: list[float] = []
    groups: list[int] = []
    steady: list[float] = []
    for seed in range(DRAWS):
        left, hidden = draw(every, reviews, seed)
        found = clusters([one for one, _ in left])
        groups.append(len(found))
        steady.append(fmean(cluster.stable for cluster in found) if found else 0.0)
        for theme in hidden:
            truth = {one for one, themes in left if theme in themes}
            if len({one.review for one in truth}) >= 3:
                scores = [
                    (2 * len(truth & set(cluster.members)) / (len(truth) + len(cluster.members)), cluster.stable)
                    for cluster in found
                ]
                best.append(max((score for score, _ in scores), default=0.0))
                stable.append(max((score for score, kept in scores if kept), default=0.0))
    return fmean(best), fmean(stable), fmean(groups), fmean(steady)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks-emerging.md")
    given = parser.parse_args()
    every = concerns()
    total = len({one.review for one, _ in every})
    lines = [
        "# Emerging themes, measured",
        "",
        f"Written by `python -m benchmarks.corpus_emerging --write`. On the {total} annotated training reviews with",
        f"{len(every):,} concerns, {HIDDEN} themes are hidden in each of {DRAWS} draws; F1 is that of the group that",
        "matches a hidden theme best.",
        "",
        "| reviews | F1, all groups | F1, stable groups alone | groups | share of them stable |",
        "|---|---|---|---|---|",
    ]
    for reviews in sorted({10, 15, 30, 60, total}):
        f1, kept, groups, steady = measure(every, reviews)
        lines.append(f"| {reviews} | {f1:.2f} | {kept:.2f} | {groups:.1f} | {steady:.2f} |")
    print("\n".join(lines))
    if given.write:
        PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
