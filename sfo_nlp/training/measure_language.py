"""Measure the sentence rules on the project's own labelled sentences: ``python -m sfo_nlp.training.measure_language``.

Prints precision, recall and F1 of passive verbs and of unexplained acronyms, and the share of passages whose plain
version scores as easier. The sentences stand in ``tests/data``, one a line, their labels after a bar.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from sfo_nlp.checks.acronyms import acronyms
from sfo_nlp.checks.passive import Tokens, passives
from sfo_nlp.extract.build import build
from sfo_nlp.extract.plain import read_plain
from sfo_nlp.language.prose import count, formulas
from sfo_nlp.language.reading import load_pipeline

DATA = Path(__file__).parents[2] / "tests" / "data"


class Score(NamedTuple):
    """Hits, false alarms and misses over all sentences, and the sentences that were not all right."""

    right: int
    wrong: int
    missed: int
    faults: tuple[str, ...]

    @property
    def precision(self) -> float:
        return self.right / ((self.right + self.wrong) or 1)

    @property
    def recall(self) -> float:
        return self.right / ((self.right + self.missed) or 1)

    @property
    def f1(self) -> float:
        return 2 * self.right / ((2 * self.right + self.wrong + self.missed) or 1)


def lines(name: str) -> Iterator[tuple[str, str]]:
    """Each line of a data file: what stands before the bar, what stands after it."""
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            text, _, labels = line.partition("|")
            yield text.strip(), labels.strip()


def participles(text: str) -> list[str]:
    """The participles of the passive verbs of one sentence."""
    return [passive.participle for passive in passives(Tokens(text))]


def unexplained(text: str) -> list[str]:
    """The unexplained acronyms of a text that stands alone."""
    document = build(read_plain(text, markdown=True), identity="", name="", format="txt")
    return [use.acronym for use in acronyms(document) if use.explained_at is None]


def score(name: str, find: Callable[[str], list[str]]) -> Score:
    """Compare what `find` says of every sentence of a data file with its labels."""
    right = wrong = missed = 0
    faults = []
    for text, labels in lines(name):
        wanted = Counter(label.strip() for label in labels.split(",") if label.strip())
        found = Counter(find(text))
        right += sum((found & wanted).values())
        wrong += sum((found - wanted).values())
        missed += sum((wanted - found).values())
        if found != wanted:
            faults.append(text)
    return Score(right, wrong, missed, tuple(faults))


def ordered_pairs() -> tuple[int, int]:
    """How many plain passages score as easier than the same passage as written, and how many pairs there are."""
    easier = total = 0
    for hard, plain in lines("pairs.txt"):
        grades = [formulas(count(_sentences(text)))["flesch_kincaid_grade"] for text in (hard, plain)]
        easier += grades[0] > grades[1]
        total += 1
    return easier, total


def _sentences(text: str) -> list[str]:
    document = build(read_plain(text, markdown=False), identity="", name="", format="txt")
    nlp = load_pipeline(None)
    doc = nlp.make_doc(document.text)
    for _, component in nlp.pipeline:
        doc = component(doc)
    return [sentence.text for sentence in doc.sents]


def main() -> None:
    """Print the figures, one line each, and the sentences at fault below them."""
    from rich.console import Console

    console = Console()
    for title, name, find in (("passive verbs", "passive.txt", participles), ("acronyms", "acronyms.txt", unexplained)):
        result = score(name, find)
        sentences = sum(1 for _ in lines(name))
        console.print(
            f"{title}: {sentences} sentences, precision {result.precision:.3f}, recall {result.recall:.3f}, "
            f"F1 {result.f1:.3f}"
        )
        for fault in result.faults:
            console.print(f"  {fault}", style="dim")
    easier, total = ordered_pairs()
    console.print(f"plain versions that score as easier: {easier} of {total} ({easier / total:.3f})")


if __name__ == "__main__":
    main()
