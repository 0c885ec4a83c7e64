"""Annotated reviews as documents, and what the program said of them beside what the annotation says."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sfo_nlp.assessment.assess import Assessment, assess
from sfo_nlp.assessment.policy import read_policy
from sfo_nlp.checks.base import CheckContext
from sfo_nlp.checks.cues import built_in_matcher
from sfo_nlp.checks.registry import run_checks
from sfo_nlp.checks.roles import ROLES, probabilities
from sfo_nlp.document import BlockKind, Cell, Document
from sfo_nlp.errors import shown
from sfo_nlp.extract import extract
from sfo_nlp.extract.build import RawBlock, Read, build
from sfo_nlp.language.reading import Reading, read_language
from sfo_nlp.settings import Settings
from sfo_nlp.training.corpus import CORPUS, Review, placed, read_records, read_reviews, to_review
from sfo_nlp.training.errors import AnnotationInvalid

RENDERED = CORPUS / "rendered"
BLOCKS: dict[str, BlockKind] = {
    "sentence": "paragraph",
    "list_item": "list_item",
    "cell": "cell",
    "heading": "heading",
    "footnote": "footnote",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """One review, annotated and assessed. `rows` maps each annotated unit to its sentence, -1 where none was found.

    `chances` is (units, roles): the role probabilities of the unit's sentence, zero where none was found; `held` says
    where they reach the threshold. `sentence_starts` are offsets into the assessed document.
    """

    review: Review
    assessment: Assessment
    rows: npt.NDArray[np.int64]
    chances: npt.NDArray[np.float32]
    held: npt.NDArray[np.bool_]
    sentence_starts: tuple[int, ...]


def judge(review: Review, settings: Settings, *, rendering: Path | None = None) -> Judged:
    """Assess the review from its own text, or from a file that it was rendered to."""
    document = extract(rendering, settings) if rendering else to_document(review)
    reading = read_language(document, settings)
    results = run_checks(reading, settings)
    assessment = assess(reading, results, read_policy(settings.policy))
    rows = _by_words(review, reading) if rendering else rows_by_offset(review, reading)
    context = CheckContext(reading, built_in_matcher().match(reading), settings)
    columns = probabilities(context)
    predictions = reading.predictions
    none = predictions.model == "none"
    found = rows >= 0
    chances = np.zeros((len(rows), len(ROLES)), np.float32)
    held = np.zeros((len(rows), len(ROLES)), np.bool_)
    for number, role in enumerate(ROLES):
        chances[found, number] = columns[role][rows[found]]
        fires = columns[role] > 0 if none else predictions.holds(f"role:{role}") & (columns[role] > 0)
        held[found, number] = fires[rows[found]]
    starts = tuple(sentence.span.start for sentence in reading.sentences)
    return Judged(review, assessment, rows, chances, held, starts)


def to_document(review: Review) -> Document:
    """The annotated text as a document without pages; struck-out text is left out, as a reader leaves it out."""
    blocks: list[RawBlock] = []
    last = None
    for unit, raw in zip(review.units, review.raw, strict=True):
        kind = BLOCKS[raw["kind"]]
        if blocks and raw["block"] == last and kind != "heading":
            blocks[-1] = replace(blocks[-1], text=f"{blocks[-1].text} {unit.text}")
            continue
        last = raw["block"]
        cell = Cell(raw["table"], raw["row"], raw["column"], unit.header) if kind == "cell" else None
        blocks.append(RawBlock(unit.text, kind, raw.get("depth", 0), raw.get("marker", ""), cell))
    return build(Read(blocks, extractor="corpus"), identity=review.id, name=review.id, format="txt")


def read_gold(path: Path) -> list[Review]:
    """Annotated reviews from a JSON Lines file: whole reviews, or single sentences with ``text`` and ``labels``.

    Raises `AnnotationInvalid`.
    """
    records = list(read_records(path))
    if not records:
        raise AnnotationInvalid(f"{shown(path)}: there is no record in it")
    return list(read_reviews(path)) if "units" in records[0][1] else list(_loose(path, records))


def _loose(path: Path, records: Iterable[tuple[int, dict[str, Any]]]) -> Iterator[Review]:
    """Single sentences: those of one report and column in a row make one text, each a block of its own."""
    groups: dict[str, list[tuple[str, list[str]]]] = {}
    for line, row in records:
        with placed(path, line):
            text, labels = " ".join(row["text"].split()), list(row["labels"])
            if not text:
                raise ValueError("its text is empty")
        name = f"{row.get('report_id', path.stem)} {row.get('column', '')}".strip()
        groups.setdefault(name, []).append((text, labels))
    for name, rows in groups.items():
        pieces, units, position = [], [], 0
        for number, (text, labels) in enumerate(rows):
            unit = {"start": position, "end": position + len(text), "block": number, "kind": "sentence"}
            units.append({**unit, "labels": labels})
            pieces.append(text)
            position += len(text) + 1
        yield to_review({"id": name, "writer": name, "text": "\n".join(pieces), "units": units})


def rows_by_offset(review: Review, reading: Reading) -> npt.NDArray[np.int64]:
    """The sentence of every unit where both come from the same text: units in order, searched forwards."""
    rows, position = [], 0
    text = reading.document.text
    for unit in review.units:
        start = text.find(unit.text, position)
        rows.append(_longest(reading, start, start + len(unit.text)) if start >= 0 else -1)
        position = start + len(unit.text) if start >= 0 else position
    return np.array(rows, np.int64)


def _longest(reading: Reading, start: int, end: int) -> int:
    """The sentence that holds most of a unit: a unit may be split where an annotator saw one sentence."""
    first, last = reading.sentence_at(start).index, reading.sentence_at(end - 1).index
    spans = {row: reading.sentences[row].span for row in range(first, last + 1)}
    return max(spans, key=lambda row: min(spans[row].end, end) - max(spans[row].start, start))


def _by_words(review: Review, reading: Reading) -> npt.NDArray[np.int64]:
    """The sentence of every unit in a text that was extracted from a file: by words, order loosely kept."""
    sentences = ["".join(filter(str.isalnum, sentence.text.lower())) for sentence in reading.sentences]
    rows, position = [], 0
    for unit in review.units:
        wanted = "".join(filter(str.isalnum, unit.text.lower()))
        order = [*range(position, len(sentences)), *range(position)]
        exact = next((row for row in order if sentences[row] == wanted), None)
        near = exact if exact is not None else next((row for row in order if _overlaps(wanted, sentences[row])), -1)
        rows.append(near)
        position = near if near >= 0 else position
    return np.array(rows, np.int64)


def _overlaps(wanted: str, found: str) -> bool:
    shorter, longer = sorted((wanted, found), key=len)
    return len(shorter) > 12 and shorter in longer and len(shorter) > 0.4 * len(longer)


def renderings(reviews: Sequence[Review], folder: Path = RENDERED) -> dict[str, Path]:
    """The rendered file of every review that has one, by review id."""
    files = {path.stem: path for path in sorted(folder.glob("*.*"))}
    return {review.id: files[review.id] for review in reviews if review.id in files}
