"""How faithful extraction is: the corpus's own text against the text extracted from its renderings, by layout.

    python -m benchmarks.extraction [--write] [--reviews N] [--layouts a,b] [--show]

Word error rate is substitutions, deletions and insertions over the words of the source (Levenshtein). Order errors
are neighbouring blocks of the source that come out in another order. Headings, blocks and table rows count as found
when their whole text is the same.
"""

import argparse
import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sfo_nlp.document import Document
from sfo_nlp.extract import extract_bytes
from sfo_nlp.settings import Settings
from sfo_nlp.training.pieces import Piece, pieces, printable
from sfo_nlp.training.render import LAYOUTS, records, render, suffix
from sfo_nlp.training.render_looks import LOOKS, curled

TARGET = Path(__file__).parent.parent / "docs" / "benchmarks-extraction.md"
_STRAIGHT = str.maketrans("‘’“”", "''\"\"")
WRITERS = ("w01", "w02", "w03", "w04", "w05", "w06", "w07", "w08", "w09", "w11", "w12")


@dataclass(slots=True)
class Truth:
    """What a faithful reader finds: blocks of text in order, headings, table rows."""

    blocks: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)


@dataclass(slots=True)
class Score:
    """Sums over the reviews of one layout."""

    words: int = 0
    errors: int = 0
    neighbours: int = 0
    disordered: int = 0
    found: Counter[str] = field(default_factory=Counter)
    given: Counter[str] = field(default_factory=Counter)
    wanted: Counter[str] = field(default_factory=Counter)
    reviews: int = 0

    def f1(self, kind: str) -> float | None:
        total = self.given[kind] + self.wanted[kind]
        return 2 * self.found[kind] / total if total else None


def truth_of(record: dict[str, Any], layout: str) -> Truth:
    """The source's own text as the layout shows it, footnotes last."""
    curl = (layout in LOOKS and LOOKS[layout].curly) or layout == "docx_tables"
    shown = curled if curl else str
    items = pieces(record)
    title = printable(record["title"])
    truth = Truth(["Regional Office", "1 March 2024"] if layout == "letter" else [])
    for piece in (Piece("heading", title), *(item for item in items if item.kind not in ("footnote", "struck"))):
        title_piece = piece.text == title and not truth.headings
        text = title if title_piece and layout.startswith("docx") else shown(piece.text)
        if piece.kind == "table":
            rows = [tuple(shown(cell) for cell in row) for row in piece.rows]
            truth.rows += rows
            truth.blocks += [cell for row in rows for cell in row if cell]
        else:
            truth.blocks.append(text)
            truth.headings += [text] if piece.kind == "heading" else []
    truth.blocks += [shown(item.text) if layout in LOOKS else item.text for item in items if item.kind == "footnote"]
    return truth


def read_back(document: Document) -> Truth:
    """What the extractor found, in the same shape; notes at the side are not the review's text."""
    truth, notes = Truth(), list[str]()
    tables: dict[tuple[int, int], dict[int, str]] = {}
    cell: tuple[int, int, int] | None = None
    for block in document.blocks:
        text = document.text[block.span.start : block.span.end]
        if block.kind == "aside":
            continue
        if block.kind == "footnote":
            notes.append(text)
            continue
        if block.cell:
            place = (block.cell.table, block.cell.row, block.cell.column)
            row = tables.setdefault(place[:2], {})
            row[place[2]] = f"{row[place[2]]} {text}" if place[2] in row else text
            if place == cell:
                truth.blocks[-1] += f" {text}"
            else:
                truth.blocks.append(text)
            cell = place
            continue
        cell = None
        truth.blocks.append(text)
        truth.headings += [text] if block.kind == "heading" else []
    truth.rows = [tuple(text for _, text in sorted(row.items())) for row in tables.values()]
    truth.blocks += notes
    return truth


def distance(source: Sequence[str], found: Sequence[str]) -> int:
    """Levenshtein distance over words, one row of the table at a time."""
    known: dict[str, int] = {}
    a = np.array([known.setdefault(word, len(known)) for word in source])
    b = np.array([known.setdefault(word, len(known)) for word in found])
    steps = np.arange(len(b) + 1)
    row = steps.copy()
    for index, word in enumerate(a, start=1):
        step = np.empty_like(row)
        step[0] = index
        step[1:] = np.minimum(row[:-1] + (b != word), row[1:] + 1)
        # Insertions run along the row: the least of all earlier values plus the way from there.
        row = np.minimum.accumulate(step - steps) + steps
    return int(row[-1])


def disorder(source: Sequence[str], found: str) -> tuple[int, int]:
    """(neighbouring blocks looked at, those out of order): by where their first words stand in `found`."""
    places = [found.find(" ".join(block.split()[:7])) for block in source if len(block.split()) >= 6]
    places = [place for place in places if place >= 0]
    pairs = list(itertools.pairwise(places))
    return len(pairs), sum(later < earlier for earlier, later in pairs)


def measure(record: dict[str, Any], layout: str, score: Score, *, show: bool) -> None:
    """Render, read back, compare; adds to `score`."""
    content = render(record, layout=layout)
    document = extract_bytes(content, f"x{suffix(layout)}", Settings(isolate=False))
    compare(record, layout, document, score, show=show)


def straightened(truth: Truth) -> Truth:
    """The same with straight quotation marks, which text recognition cannot be held to."""
    return Truth(
        [text.translate(_STRAIGHT) for text in truth.blocks],
        [text.translate(_STRAIGHT) for text in truth.headings],
        [tuple(cell.translate(_STRAIGHT) for cell in row) for row in truth.rows],
    )


def compare(
    record: dict[str, Any],
    layout: str,
    document: Document,
    score: Score,
    *,
    show: bool = False,
    straight: bool = False,
) -> None:
    """Add to `score` how a document that was read differs from its source."""
    wanted, found = truth_of(record, layout), read_back(document)
    if straight:
        wanted, found = straightened(wanted), straightened(found)
    source, read = " ".join(wanted.blocks).split(), " ".join(found.blocks).split()
    errors = distance(source, read)
    score.words += len(source)
    score.errors += errors
    pairs, wrong = disorder(wanted.blocks, " ".join(read))
    score.neighbours += pairs
    score.disordered += wrong
    score.reviews += 1
    rows = [tuple(cell for cell in row if cell) for row in wanted.rows]
    for kind, here, there in (
        ("blocks", wanted.blocks, found.blocks),
        ("headings", wanted.headings, found.headings),
        ("rows", rows, found.rows),
    ):
        same = Counter(here) & Counter(there)  # type: ignore[arg-type, var-annotated]
        score.found[kind] += sum(same.values())
        score.wanted[kind] += len(here)
        score.given[kind] += len(there)
        if show:
            missing, extra = Counter(here) - Counter(there), Counter(there) - Counter(here)  # type: ignore
            for item in list(missing)[:6]:
                print(f"   {record['id']} {layout} {kind} missing: {str(item)[:150]!r}")
            for item in list(extra)[:6]:
                print(f"   {record['id']} {layout} {kind} extra:   {str(item)[:150]!r}")
    if show:
        print(record["id"], layout, f"errors {errors} of {len(source)}, order {wrong} of {pairs}")


def table(scores: dict[str, Score]) -> str:
    """The result as a Markdown table."""
    lines = [
        "| layout | reviews | words | word error rate | order errors | blocks F1 | headings F1 | table rows F1 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for layout, score in scores.items():
        shares = [score.f1(kind) for kind in ("blocks", "headings", "rows")]
        lines.append(
            f"| {layout} | {score.reviews} | {score.words:,} | {score.errors / max(score.words, 1):.3%} "
            f"| {score.disordered} of {score.neighbours:,} | "
            + " | ".join("-" if share is None else f"{share:.3f}" for share in shares)
            + " |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks-extraction.md")
    parser.add_argument("--reviews", type=int, default=22, help="how many reviews of the training writers")
    parser.add_argument("--layouts", default=",".join(LAYOUTS))
    parser.add_argument("--show", action="store_true", help="say what was missed")
    options = parser.parse_args()
    known = records()
    ordered = sorted((key for key in known if key[:3] in WRITERS), key=lambda key: (key[4:], key))
    chosen = [known[key] for key in ordered[: options.reviews]]
    scores: dict[str, Score] = {}
    for layout in options.layouts.split(","):
        scores[layout] = Score()
        for record in chosen:
            measure(record, layout, scores[layout], show=options.show)
    made = table(scores)
    print(made)
    if options.write:
        TARGET.write_text(f"{HEAD}\n{made}\n", encoding="utf-8")


HEAD = """# How faithful extraction is

Made by `python -m benchmarks.extraction --write`: corpus reviews of the training writers, rendered in every layout,
read back and compared with their source. Word error rate counts substitutions, deletions and insertions against the
words of the source; order errors are neighbouring blocks that come out in another order; a block, heading or table
row counts as found when its whole text is the same. Struck-out text must be gone, running lines and page numbers too,
or they count as insertions.
"""

if __name__ == "__main__":
    main()
