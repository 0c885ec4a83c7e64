"""Agreement of the two annotations: Cohen's kappa per role, agreement on themes and verdicts, for the data card.

`python -m sfo_nlp.training.agreement` compares ``corpus/annotated/second`` (made blind, by annotators who had not
seen the first) with the first annotation and writes the table between the marks of the data card. The corpus holds the
roles as they were settled; ``second/disagreements.jsonl`` keeps what either annotator had said where they differed.
"""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sklearn.metrics import cohen_kappa_score

from sfo_nlp.checks.roles import ROLES
from sfo_nlp.training.corpus import CORPUS, load_corpus
from sfo_nlp.training.describe import CARD, replace_between

MARKS = ("<!-- agreement -->", "<!-- /agreement -->")


def agreement(folder: Path = CORPUS) -> dict[str, Any]:
    """Kappa and F1 per role, F1 of themes by unit, equal verdicts, over all units labelled twice."""
    first = {review.id: review for review in load_corpus(folder)}
    second, differing = (_lines(folder / "second" / name) for name in ("second.jsonl", "disagreements.jsonl"))
    said = {(record["id"], record["unit"]): record["first"] for record in differing}
    pairs = [
        ({**unit, "labels": said.get((record["id"], other["unit"]), unit["labels"])}, other)
        for record in second
        for other in record["units"]
        if (unit := first[record["id"]].record["units"][other["unit"]])["kind"] != "struck"
    ]
    settled = Counter(
        _settled(record, first[record["id"]].record["units"][record["unit"]]["labels"]) for record in differing
    )
    themes = [(_themes(unit), _themes(other)) for unit, other in pairs]
    both = sum(len(one & other) for one, other in themes)
    return {
        "reviews": len(second),
        "share": round(len(second) / len(first), 3),
        "units": len(pairs),
        "roles": {role: _role(pairs, role) for role in ROLES},
        "themes_f1": round(2 * both / max(sum(len(one) + len(other) for one, other in themes), 1), 3),
        "settled": dict(settled),
        "verdicts_equal": sum(first[record["id"]].record["verdict"] == record["verdict"] for record in second),
    }


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _settled(record: dict[str, Any], labels: list[str]) -> str:
    """Whose labels of a unit on which the annotators differed the corpus holds now."""
    sides = (side for side in ("first", "second") if set(record[side]) == set(labels))
    return next(sides, "neither")


def _role(pairs: Iterable[tuple[dict[str, Any], dict[str, Any]]], role: str) -> dict[str, float]:
    one = [role in unit["labels"] for unit, _ in pairs]
    other = [role in unit["labels"] for _, unit in pairs]
    both = sum(a and b for a, b in zip(one, other, strict=True))
    return {
        "first": sum(one),
        "second": sum(other),
        "kappa": round(float(cohen_kappa_score(one, other)), 3),
        "f1": round(2 * both / max(sum(one) + sum(other), 1), 3),
    }


def _themes(unit: dict[str, Any]) -> set[tuple[str, str]]:
    return {(theme["id"], theme["polarity"]) for theme in unit.get("themes", ())}


def to_markdown(figures: dict[str, Any]) -> str:
    """The agreement as the data card's table."""
    lines = [
        f"{figures['reviews']} reviews and extracts ({figures['share']:.0%}), {figures['units']:,} units:",
        "",
        "| role | first | second | Cohen's kappa | F1 of one against the other |",
        "|---|---|---|---|---|",
    ]
    for role, row in figures["roles"].items():
        lines.append(f"| {role} | {row['first']} | {row['second']} | {row['kappa']:.2f} | {row['f1']:.2f} |")
    first, second, neither = (figures["settled"].get(side, 0) for side in ("first", "second", "neither"))
    lines += [
        "",
        f"Units on which the roles differed: {first + second + neither}; settled as the first had it {first}, "
        f"as the second had it {second}, otherwise {neither}.",
        "",
        f"Themes with polarity, unit by unit: F1 {figures['themes_f1']:.2f}. "
        f"Verdicts equal in {figures['verdicts_equal']} of {figures['reviews']}.",
    ]
    return "\n".join(lines)


def main() -> None:
    """Print the agreement and write it into the data card."""
    import click

    text = to_markdown(agreement())
    click.echo(text)
    replace_between(text, MARKS, CARD)


if __name__ == "__main__":
    main()
