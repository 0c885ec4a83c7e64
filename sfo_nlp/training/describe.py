"""Figures of the corpus for its data card: sizes, labels, themes, and how much the reviews differ from one another.

`python -m sfo_nlp.training.describe` prints them and writes them between the marks of ``corpus/annotated/README.md``.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sfo_nlp.checks.roles import ROLES
from sfo_nlp.checks.themes import POLARITIES, themes
from sfo_nlp.language.lexical import tokens
from sfo_nlp.training.corpus import CORPUS, SPLITS, Review, load_corpus

CARD = CORPUS / "README.md"
MARKS = ("<!-- figures -->", "<!-- /figures -->")
GRAM = 6


def describe(reviews: Sequence[Review]) -> dict[str, Any]:
    """Counts and diversity of `reviews`."""
    units = [unit for review in reviews for unit in review.raw]
    roles = Counter(role for unit in units for role in unit["labels"])
    mentions = Counter((theme["id"], theme["polarity"]) for unit in units for theme in unit.get("themes", ()))
    return {
        "reviews": sum(not review.is_extract for review in reviews),
        "extracts": sum(review.is_extract for review in reviews),
        "writers": len({review.writer for review in reviews}),
        "words": sum(len(review.record["text"].split()) for review in reviews),
        "units": sum(unit["kind"] != "heading" for unit in units),
        "links": sum(len(unit.get("explains", ())) for unit in units),
        "actions": roles["action"],
        "roles": {role: roles[role] for role in ROLES},
        "verdicts": dict(Counter(review.record["verdict"] for review in reviews).most_common()),
        "themes": {theme: [mentions[theme, polarity] for polarity in POLARITIES] for theme in themes()},
        "diversity": diversity(reviews),
    }


def diversity(reviews: Sequence[Review]) -> dict[str, float]:
    """How little the reviews repeat one another, names, dates and numbers masked.

    ``unique_sentences``: share of the sentences of five words and more that stand once. ``shared_with_others`` and
    ``shared_within_writer``: share of a review's six-word runs that stand in a review by another writer, or in another
    one by the same. ``vocabulary_growth``: Heaps' exponent, the slope of log vocabulary over log words.
    """
    masked = [[tokens(unit.text) for unit in review.units] for review in reviews]
    sentences = Counter(" ".join(words) for review in masked for words in review if len(words) >= 5)
    grams = [{gram for words in review for gram in _runs(words)} for review in masked]
    owners: dict[str, set[int]] = {}
    for number, found in enumerate(grams):
        for gram in found:
            owners.setdefault(gram, set()).add(number)
    others = within = total = 0
    for number, found in enumerate(grams):
        total += len(found)
        for gram in found:
            elsewhere = owners[gram] - {number}
            others += any(reviews[other].writer != reviews[number].writer for other in elsewhere)
            within += any(reviews[other].writer == reviews[number].writer for other in elsewhere)
    return {
        "unique_sentences": round(sum(count == 1 for count in sentences.values()) / max(sum(sentences.values()), 1), 4),
        "shared_with_others": round(others / max(total, 1), 4),
        "shared_within_writer": round(within / max(total, 1), 4),
        "vocabulary_growth": round(_growth(masked), 3),
    }


def _runs(words: Sequence[str]) -> Iterable[str]:
    return (" ".join(words[start : start + GRAM]) for start in range(len(words) - GRAM + 1))


def _growth(masked: Sequence[Sequence[Sequence[str]]]) -> float:
    import numpy as np

    seen: set[str] = set()
    total, points = 0, []
    for review in masked:
        for words in review:
            total += len(words)
            seen.update(words)
        points.append((total, len(seen)))
    sizes, vocabulary = np.log(np.array(points, float)).T
    return float(np.polyfit(sizes, vocabulary, 1)[0]) if len(points) > 1 else 0.0


def to_markdown(figures: dict[str, Any], by_split: dict[str, dict[str, Any]]) -> str:
    """The figures as the data card's tables."""
    lines = [
        "| split | writers | reviews | extracts | words | labelled units | links |",
        "|---|---|---|---|---|---|---|",
    ]
    for split, row in [*by_split.items(), ("all", figures)]:
        counts = (row["writers"], row["reviews"], row["extracts"])
        cells = (*counts, f"{row['words']:,}", f"{row['units']:,}", row["links"])
        lines.append(f"| {split} | " + " | ".join(map(str, cells)) + " |")
    lines += [
        "",
        "| role | units |",
        "|---|---|",
        *(f"| {role} | {count} |" for role, count in figures["roles"].items()),
    ]
    lines += ["", "| verdict | reviews and extracts |", "|---|---|"]
    lines += [f"| {verdict} | {count} |" for verdict, count in figures["verdicts"].items()]
    different = figures["diversity"]
    lines += [
        "",
        "| how much the reviews differ, names, dates and numbers masked | |",
        "|---|---|",
        f"| sentences of five words or more that stand only once | {different['unique_sentences']:.1%} |",
        f"| six-word runs that also stand in a review by another writer | {different['shared_with_others']:.1%} |",
        f"| six-word runs that also stand in another by the same writer | {different['shared_within_writer']:.1%} |",
        f"| growth of the vocabulary (Heaps' exponent) | {different['vocabulary_growth']:.2f} |",
        "",
        "| theme | units as concern | units as strength |",
        "|---|---|---|",
        *(f"| {theme} | {concern} | {strength} |" for theme, (concern, strength) in figures["themes"].items()),
    ]
    return "\n".join(lines)


def write_card(text: str, path: Path = CARD) -> None:
    """Put `text` between the figures' marks of a card."""
    replace_between(text, MARKS, path)


def replace_between(text: str, marks: tuple[str, str], path: Path) -> None:
    """Put `text` between two marks of a Markdown file."""
    card = path.read_text(encoding="utf-8")
    pattern = re.compile(f"{re.escape(marks[0])}.*?{re.escape(marks[1])}", re.S)
    path.write_text(pattern.sub(lambda _: f"{marks[0]}\n{text}\n{marks[1]}", card), encoding="utf-8")


def main() -> None:
    """Print the figures and write them into the data card."""
    import click

    reviews = load_corpus()
    by_split = {split: describe([review for review in reviews if review.split == split]) for split in SPLITS}
    text = to_markdown(describe(reviews), {split: row for split, row in by_split.items() if row["units"]})
    click.echo(text)
    write_card(text)


if __name__ == "__main__":
    main()
