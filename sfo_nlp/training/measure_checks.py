"""Measure names, personal data, tone and actions on the corpus: ``python -m sfo_nlp.training.measure_checks``.

Takes ``--split train`` (default), ``validation`` or ``test`` and prints recall per role and kind, precision where the
corpus labels everything of a kind, and how often the parts of an action are read as annotated.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from sfo_nlp.checks.action_parts import column_kind, judged_text
from sfo_nlp.checks.answering import answered
from sfo_nlp.checks.base import CheckContext
from sfo_nlp.checks.cues import built_in_matcher
from sfo_nlp.checks.name_lists import lists
from sfo_nlp.checks.names import names
from sfo_nlp.checks.personal_data import personal_data
from sfo_nlp.checks.victims import CHECK as VICTIMS
from sfo_nlp.language.reading import read_language
from sfo_nlp.settings import Settings
from sfo_nlp.training.corpus import Review, load_corpus
from sfo_nlp.training.gold import rows_by_offset, to_document
from sfo_nlp.training.measure_language import DATA

FLAGS = ("condolence", "blaming", "distressing")
# "his mother" and "Child B" name nobody.
_KIN = re.compile(r"^(?:his|her|the|your|their)\s|^(?:Child|Officer|Consultant|Nurse) (?:[A-Z]|\d)$", re.IGNORECASE)


class Tally:
    """Hits, misses and false alarms per name."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.missed: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()

    def lines(self, *, precision: bool = False) -> Iterable[str]:
        """One line per name with its recall, and its precision where asked."""
        for name in sorted({*self.right, *self.missed, *self.wrong}):
            found = self.right[name]
            total = found + self.missed[name]
            line = f"  {name:22} {found:4} of {total:4}  recall {found / total if total else 1:.3f}"
            claimed = found + self.wrong[name]
            yield f"{line}  precision {found / claimed if claimed else 1:.3f}" if precision else line


def measure_names(reviews: Iterable[Review]) -> Tally:
    """Mentions of annotated persons, by role: found when every word of the mention is part of a found name."""
    tally = Tally()
    titles = re.compile(rf"^(?:(?:{'|'.join(lists().titles)})\.?\s)+")
    for review in reviews:
        text = review.record["text"]
        found = [name.span for name in names(text)]
        for person in review.record["persons"]:
            forms = {titles.sub("", form) for form in [person["name"], *person["aliases"]] if not _KIN.match(form)}
            for form in filter(lambda form: form[:1].isupper(), forms):
                for match in re.finditer(rf"\b{re.escape(form)}\b", text):
                    words = [word.span() for word in re.finditer(r"[\w’'-]+", form)]
                    whole = all(
                        any(s.start <= match.start() + a and match.start() + b <= s.end for s in found)
                        for a, b in words
                    )
                    (tally.right if whole else tally.missed)[person["role"]] += 1
    return tally


def measure_data(reviews: Iterable[Review]) -> Tally:
    """Annotated personal data by kind; a false alarm is an item that no annotation names."""
    tally = Tally()
    for review in reviews:
        text = review.record["text"]
        found = {(item.kind, text[slice(*item.span)]) for item in personal_data(text)}
        wanted = {(item["kind"], item["text"]) for item in review.record["personal_data"] if item["text"] in text}
        for kind, form in wanted:
            hit = any(other == kind and form in written for other, written in found)
            (tally.right if hit else tally.missed)[kind] += 1
        for kind, written in found:
            if not any(other == kind and form in written for other, form in wanted):
                tally.wrong[kind] += 1
    return tally


def measure_tone(reviews: Iterable[Review], settings: Settings) -> Tally:
    """Flagged sentences; the corpus flags what its writers meant as such and leaves milder detail unflagged."""
    tally = Tally()
    for review in reviews:
        reading = read_language(to_document(review), settings)
        result = VICTIMS.run(CheckContext(reading, built_in_matcher().match(reading), settings))
        text = review.record["text"]
        for flag in FLAGS:
            wanted = [text[unit["start"] : unit["end"]] for unit in review.raw if flag in unit.get("flags", ())]
            found = [finding.evidence[0].quote for finding in result.findings if finding.label == flag]
            for unit in wanted:
                (tally.right if any(quote in unit or unit in quote for quote in found) else tally.missed)[flag] += 1
            tally.wrong[flag] += sum(not any(quote in unit or unit in quote for unit in wanted) for quote in found)
    return tally


def measure_actions(reviews: Iterable[Review]) -> Tally:
    """The parts of annotated actions: owner and date by shared words, the others by agreement."""
    tally = Tally()
    for review in reviews:
        text = review.record["text"]
        for unit in review.raw:
            wanted: dict[str, Any] = unit.get("action", {})
            if "action" not in unit["labels"] or not wanted:
                continue
            action = judged_text(text[unit["start"] : unit["end"]], _beside(review, unit))
            agrees = {
                "owner": _share(wanted.get("owner", ""), action.owner),
                "due": _share(wanted.get("due", ""), action.due),
                "measure": wanted.get("measure") == action.measurable,
                "weak": wanted.get("weak") == action.weak,
                "at": wanted.get("at") == action.level,
            }
            for name in agrees.keys() & wanted.keys():
                (tally.right if agrees[name] else tally.missed)[name] += 1
    return tally


def measure_answers(reviews: Iterable[Review], settings: Settings) -> Tally:
    """Failings that an action answers, in the reviews whose pairs stand in ``tests/data/answers.json``."""
    tally = Tally()
    pairs = json.loads((DATA / "answers.json").read_text(encoding="utf-8"))["answers"]
    for review in reviews:
        if review.id not in pairs:
            continue
        reading = read_language(to_document(review), settings)
        context = CheckContext(reading, built_in_matcher().match(reading), settings)
        kept = [place for place, unit in enumerate(review.record["units"]) if unit["kind"] != "struck"]
        rows = dict(zip(kept, rows_by_offset(review, reading).tolist(), strict=True))
        units = {place: review.record["units"][place] for place in kept if rows[place] >= 0}
        failings = [context.sentences[rows[p]] for p, unit in units.items() if "finding_concern" in unit["labels"]]
        actions = [context.sentences[rows[p]] for p, unit in units.items() if "action" in unit["labels"]]
        found = set(answered(context, failings, actions))
        wanted = {rows[place] for failing in pairs[review.id].values() for place in failing}
        tally.right["answered"] += len(found & wanted)
        tally.missed["answered"] += len(wanted - found)
        tally.wrong["answered"] += len(found - wanted)
    return tally


def _beside(review: Review, unit: dict[str, Any]) -> dict[str, str]:
    """What the other cells of an action's row say, as the check sees them."""
    if unit["kind"] != "cell":
        return {}
    text: str = review.record["text"]
    found: dict[str, str] = {}
    cells = [other for other in review.raw if other["kind"] == "cell" and other["table"] == unit["table"]]
    heads = {cell["column"]: text[cell["start"] : cell["end"]] for cell in cells if cell["row"] == 0}
    for cell in cells:
        kind = column_kind(heads.get(cell["column"], ""))
        if kind and cell["row"] == unit["row"] and cell["column"] != unit["column"]:
            found[kind] = f"{found.get(kind, '')} {text[cell['start'] : cell['end']]}".strip()
    return found


def _share(wanted: str, found: str | None) -> bool:
    ignored = {"the", "of", "for", "and", "a"}
    return bool(set(wanted.lower().split()) & set((found or "").lower().split()) - ignored)


def main() -> None:
    """Print the tables for one split."""
    from rich.console import Console

    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--split", choices=("train", "validation", "test"), default="train")
    parser.add_argument("--fast", action="store_true", help="leave the sentence encoder out")
    chosen = parser.parse_args()
    reviews = load_corpus(splits=[chosen.split])
    console = Console(highlight=False)
    console.print(f"{len(reviews)} reviews, {chosen.split}")
    for title, tally, precise in (
        ("Names of people, by mention", measure_names(reviews), False),
        ("Personal data", measure_data(reviews), True),
        ("Tone (rules and models)", measure_tone(reviews, Settings(fast=chosen.fast)), True),
        ("Actions taken apart", measure_actions(reviews), False),
        ("Failings answered by an action", measure_answers(reviews, Settings(fast=chosen.fast)), True),
    ):
        console.print(title)
        for line in tally.lines(precision=precise):
            console.print(line)


if __name__ == "__main__":
    main()
