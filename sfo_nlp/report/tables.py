"""Findings as a table for a spreadsheet: one row per passage, text that a spreadsheet would run made harmless."""

import csv
import io
from collections.abc import Iterator

from sfo_nlp.report.outline import said
from sfo_nlp.report.safe import cell
from sfo_nlp.report.view import Item, View

COLUMNS = (
    "document", "name", "finding", "check", "label", "title", "page", "paragraph", "start", "end", "quote", "note",
    "source", "confidence", "decisions", "notes",
)  # fmt: skip


def findings_csv(view: View) -> str:
    """Comma-separated text with a heading row; `start` and `end` are offsets into the document's text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for item in view.items:
        for row in _rows(view, item):
            writer.writerow([cell(value) for value in row])
    return out.getvalue()


def _rows(view: View, item: Item) -> Iterator[tuple[object, ...]]:
    judged = " | ".join(said(decision) for decision in item.standing.judged)
    notes = " | ".join(said(decision) for decision in item.standing.notes)
    for passage in item.passages:
        place = (passage.page, passage.paragraph, passage.start, passage.end, passage.quote)
        named = (view.document, view.name, item.id, item.check, item.label, item.title)
        yield (*named, *place, item.note, passage.source, passage.confidence, judged, notes)
