"""The reviewed PDF with its evidence highlighted and commented; opens so in any reader."""

from collections.abc import Iterable
from typing import Any

from sfo_nlp.extract.marking import mark
from sfo_nlp.report.errors import FormUnsuitable
from sfo_nlp.report.outline import said
from sfo_nlp.report.safe import one_line, visible
from sfo_nlp.report.view import Item, Passage, View
from sfo_nlp.settings import Settings

ORDER = ("judgement", "explanation", "victims", "learning", "themes", "readability", "stages")
KINDS = {
    "judgement": "highlight",
    "explanation": "highlight",
    "themes": "underline",
    "learning": "highlight",
    "readability": "squiggly",
    "victims": "highlight",
}


def render_marked(view: View, content: bytes | None, settings: Settings = Settings()) -> bytes:
    """The PDF `content` with one annotation per passage.

    Raises `FormUnsuitable` when the file is not a PDF or `content` is None, and what `extract.marking.mark` raises.
    """
    if not view.is_pdf:
        raise FormUnsuitable(f"{one_line(view.name)}: only a PDF can be marked, and this is none")
    if content is None:
        raise FormUnsuitable(
            f"{one_line(view.name)}: the file itself is not kept in the store, so it cannot be marked",
            remedy="Add the file to the store again, or choose the report as HTML or Word.",
        )
    marks = [_mark(items[0], passage) for passage, items in _places(view) if passage.page is not None]
    return mark(content, marks, name=view.name, settings=settings)


def _places(view: View) -> Iterable[tuple[Passage, list[Item]]]:
    """Each passage with everything found in it, so that one place carries one mark."""
    places: dict[tuple[int, int], tuple[Passage, list[Item]]] = {}
    for item in sorted(view.items, key=lambda one: ORDER.index(one.check) if one.check in ORDER else len(ORDER)):
        for passage in item.passages:
            if passage.boxes:
                places.setdefault((passage.start, passage.end), (passage, []))[1].append(item)
    return sorted(places.values(), key=lambda place: place[0].start)


def comment_of(item: Item) -> str:
    """What the annotation says when it is opened."""
    lines = [f"{item.mark.letter} – {item.mark.name}: {item.title}", item.note, item.sure]
    if item.beside:
        lines.append(f"The reason beside it ({item.beside.where}): {one_line(item.beside.quote)}")
    lines += [said(decision) for decision in (*item.standing.judged, *item.standing.notes)]
    return visible("\n".join(filter(None, lines)))


def _mark(item: Item, passage: Passage) -> dict[str, Any]:
    """The annotation of a passage, in plain values."""
    kind = KINDS.get(item.check, "underline")
    shades = (int(item.mark.colour[place : place + 2], 16) for place in (1, 3, 5))
    return {
        "page": passage.page,
        "kind": kind,
        "boxes": passage.boxes,
        "colour": [255 - (255 - shade) // 3 if kind == "highlight" else shade for shade in shades],
        "texts": {"Contents": comment_of(item), "T": "sfo-nlp", "NM": f"sfo-nlp-{item.key}-{passage.start}"},
    }
