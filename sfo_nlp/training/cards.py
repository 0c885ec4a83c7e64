"""Figures of all tiers into the model cards and ``models/figures.json``."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sfo_nlp.settings import Settings
from sfo_nlp.training.corpus import CORPUS, Review
from sfo_nlp.training.describe import write_card
from sfo_nlp.training.evaluate import measure
from sfo_nlp.training.gold import judge
from sfo_nlp.training.show import bare, shown
from sfo_nlp.training.train import FIGURES

NOWHERE = Path("no-models")
README = CORPUS.parent.parent / "README.md"
SHORT = ("lexical (--fast)", "with encoder", "with encoder, from PDF and DOCX")
TIERS: Mapping[str, Settings] = {
    "rules alone": Settings(models=NOWHERE),
    "lexical (--fast)": Settings(fast=True),
    "with encoder": Settings(),
}
EXPLAINED = {
    "verdict": "verdict, six classes (accuracy)",
    "clear": "verdict, clear or not (accuracy)",
    "explained": "failings explained (F1)",
    "right_reason": "failings given their right reason (F1)",
    "micro": "themes with polarity, by review (micro F1)",
    "macro": "themes with polarity, by review (macro F1)",
}


def write_cards(
    reviews: Sequence[Review], files: Mapping[str, Path], folder: Path, *, transfer: Sequence[Review] = ()
) -> dict[str, Any]:
    """Measure every tier on `reviews`, on their rendered `files`, and on foreign sentences; write cards and figures."""
    figures: dict[str, Any] = {
        name: measure([judge(review, settings) for review in reviews]) for name, settings in TIERS.items()
    }
    rendered = [review for review in reviews if review.id in files]
    if rendered:
        judged = [judge(review, Settings(), rendering=files[review.id]) for review in rendered]
        figures["with encoder, from PDF and DOCX"] = measure(judged)
    if transfer:
        figures["coroners' sentences, with encoder"] = measure([judge(review, Settings()) for review in transfer])
    (folder / FIGURES).write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    write_card(to_markdown(figures), folder / "README.md")
    write_card("\n".join(table({name: figures[name] for name in SHORT if name in figures})), README)
    return figures


def to_markdown(figures: Mapping[str, Any]) -> str:
    """One table, tiers side by side, and a list of what was mistaken."""
    lines = table(figures)
    confusion = figures["with encoder"]["verdict"]["confusion"]
    wrong = {name: count for name, count in confusion.items() if len(set(name.split(" as "))) > 1}
    lines += [
        "",
        "Verdicts mistaken, with encoder: " + ("; ".join(f"{k} ({n})" for k, n in wrong.items()) or "none") + ".",
    ]
    themes = figures["with encoder"]["themes"]["per_theme"]
    worst = sorted(themes.items(), key=lambda item: item[1])[:8]
    lines += [
        "",
        "Themes found worst, with encoder: " + "; ".join(f"{name} {value:.2f}" for name, value in worst) + ".",
    ]
    return "\n".join(lines)


def table(figures: Mapping[str, Any]) -> list[str]:
    """The lines of one table, a column for each of `figures`."""
    names = list(figures)
    lines = ["| | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    lines.append(_row("reviews", [str(figures[name]["reviews"]) for name in names]))
    lines.append(_row("annotated units", [f"{figures[name]['units']:,}" for name in names]))
    roles = figures[names[0]]["roles"]
    lines.extend(_row(f"{role} (F1)", [_role(figures[name], role) for name in names]) for role in roles)
    lines.extend(_row(words, [_whole(figures[name], key) for name in names]) for key, words in EXPLAINED.items())
    for kind in ("theme", "judgement", "explanation"):
        cells = [_decoy(figures[name], kind) for name in names]
        lines.append(_row(f"passages that only look like {kind}: share that fires", cells))
    return lines


def _row(name: str, cells: Sequence[str]) -> str:
    return f"| {name} | " + " | ".join(cells) + " |"


def _role(figures: Mapping[str, Any], role: str) -> str:
    figure = figures["roles"][role]["f1"]
    return f"{shown(figure)}, n {figure['n']}" if figure["n"] >= 10 else "too few"


def _whole(figures: Mapping[str, Any], key: str) -> str:
    if "verdict" not in figures or (key not in ("verdict", "clear") and "themes" not in figures):
        return ""
    places = {
        "verdict": lambda: shown(figures["verdict"]["accuracy"]),
        "clear": lambda: shown(figures["verdict"]["clear_or_not"]),
        "explained": lambda: shown(figures["explained"]),
        "right_reason": lambda: shown(figures["right_reason"]),
        "micro": lambda: shown(figures["themes"]["micro_f1"]),
        "macro": lambda: bare(figures["themes"]["macro_f1"]),
    }
    return places[key]()


def _decoy(figures: Mapping[str, Any], kind: str) -> str:
    found = figures.get("decoys", {}).get(kind)
    return f"{found['share']:.1%} of {found['n']}" if found else ""
