"""Measure the kinds of inaccuracy in risk assessments: ``python -m sfo_nlp.training.measure_inaccuracy``.

Takes ``--split train`` (default), ``validation`` or ``test`` and prints, for the reviews with sentences labelled by
hand in ``tests/data/inaccuracies.json``, how often each kind is found and rightly, and, over every ``--every``-th
review, how often a review that finds fault with its assessment is told from one that does not.
"""

import json
from collections.abc import Iterable, Mapping

import click

from sfo_nlp.checks.base import CheckContext, CheckResult
from sfo_nlp.checks.cues import built_in_matcher
from sfo_nlp.checks.rosh import CHECK, OTHERWISE
from sfo_nlp.language.reading import Reading, read_language
from sfo_nlp.settings import Settings
from sfo_nlp.training.corpus import Review, load_corpus
from sfo_nlp.training.gold import rows_by_offset, to_document
from sfo_nlp.training.measure_checks import Tally
from sfo_nlp.training.measure_language import DATA

THEMES = frozenset(("rosh_inaccurate", "risk_not_reviewed"))


def labelled() -> Mapping[str, Mapping[str, list[str]]]:
    """By review and unit the kinds that may be said of it, the likeliest first."""
    found: Mapping[str, Mapping[str, list[str]]] = json.loads((DATA / "inaccuracies.json").read_text(encoding="utf-8"))[
        "kinds"
    ]
    return found


def measure_kinds(reviews: Iterable[Review], settings: Settings) -> Tally:
    """Sentences by their likeliest kind: right when one of the kinds that may be said of it is found.

    A kind that may not be said is a false alarm of its own name. That something is wrong, without saying what, counts
    as no kind.
    """
    tally = Tally()
    for review in (review for review in reviews if review.id in labelled()):
        reading, result = checked(review, settings)
        rows = _rows(review, reading)
        kinds = kinds_by_sentence(reading, result)
        for unit, allowed in wanted(review).items():
            found = kinds.get(rows.get(unit, -1), set()) - {OTHERWISE}
            for kind in found - set(allowed):
                tally.wrong[kind] += 1
            if allowed:
                (tally.right if found & set(allowed) else tally.missed)[allowed[0]] += 1
    return tally


def wanted(review: Review) -> dict[int, list[str]]:
    """By unit the kinds that may be said of it: by hand, by the annotated theme, none where it raises neither theme.

    Units that raise an inaccurate assessment and were not labelled are left out.
    """
    by_hand = labelled()[review.id]
    found: dict[int, list[str]] = {}
    for place, unit in enumerate(review.record["units"]):
        themes = {theme["id"] for theme in unit.get("themes", ()) if theme["polarity"] == "concern"}
        if str(place) in by_hand:
            found[place] = by_hand[str(place)] + ["not_reassessed"] * ("risk_not_reviewed" in themes)
        elif "rosh_inaccurate" not in themes:
            found[place] = ["not_reassessed"] if "risk_not_reviewed" in themes else []
    return found


def measure_reviews(reviews: Iterable[Review], settings: Settings) -> Tally:
    """Reviews with an annotated concern of `THEMES` against those in which an inaccuracy is found."""
    tally = Tally()
    for review in reviews:
        themes = [theme for unit in review.raw for theme in unit.get("themes", ())]
        said = any(theme["id"] in THEMES and theme["polarity"] == "concern" for theme in themes)
        found = bool(checked(review, settings)[1].measures["kinds"])
        if found or said:
            (tally.right if found and said else tally.missed if said else tally.wrong)["inaccurate"] += 1
    return tally


def checked(review: Review, settings: Settings) -> tuple[Reading, CheckResult]:
    """The check's result on a review."""
    reading = read_language(to_document(review), settings)
    return reading, CHECK.run(CheckContext(reading, built_in_matcher().match(reading), settings))


def kinds_by_sentence(reading: Reading, result: CheckResult) -> dict[int, set[str]]:
    """The kinds found in each sentence."""
    kinds: dict[int, set[str]] = {}
    for finding in result.findings:
        for passage in finding.evidence if finding.label == "inaccuracy" else ():
            kinds.setdefault(reading.sentence_at(passage.span.start).index, set()).add(str(finding.facts["kind"]))
    return kinds


def _rows(review: Review, reading: Reading) -> dict[int, int]:
    """The sentence of every unit that is not struck out."""
    kept = [place for place, unit in enumerate(review.record["units"]) if unit["kind"] != "struck"]
    return dict(zip(kept, rows_by_offset(review, reading).tolist(), strict=True))


@click.command()
@click.option("--split", type=click.Choice(("train", "validation", "test")), default="train")
@click.option("--fast", is_flag=True, help="Leave the sentence encoder out.")
@click.option("--every", default=1, show_default=True, help="Take every so manieth review for the second table.")
def main(split: str, fast: bool, every: int) -> None:
    """Print both tables for one split."""
    reviews, settings = load_corpus(splits=[split]), Settings(fast=fast)
    for title, tally in (
        ("Kinds, of labelled sentences", measure_kinds(reviews, settings)),
        ("Reviews that find an inaccuracy", measure_reviews(reviews[::every], settings)),
    ):
        click.echo(title)
        for line in tally.lines(precision=True):
            click.echo(line)


if __name__ == "__main__":
    main()
