"""A corpus record as what a page shows: title, headings, paragraphs, lists, notes, tables."""

import unicodedata
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal

PieceKind = Literal["heading", "paragraph", "list_item", "struck", "footnote", "table"]
_SPECIAL = str.maketrans({"Ł": "L", "ł": "l", "Đ": "D", "đ": "d"})


@dataclass(frozen=True, slots=True)
class Piece:
    """One block. `rows` are a table's cells as texts, the first row its header when `headed`."""

    kind: PieceKind
    text: str = ""
    marker: str = ""
    depth: int = 0
    rows: tuple[tuple[str, ...], ...] = ()
    headed: bool = False


@dataclass(slots=True)
class _Table:
    cells: dict[tuple[int, int], str] = field(default_factory=dict)

    def piece(self) -> Piece:
        columns = 1 + max(column for _, column in self.cells)
        first, last = min(row for row, _ in self.cells), max(row for row, _ in self.cells)
        rows = tuple(
            tuple(self.cells.get((row, column), "") for column in range(columns)) for row in range(first, last + 1)
        )
        return Piece("table", rows=rows, headed=first == 0)


def pieces(record: dict[str, Any]) -> list[Piece]:
    """The blocks of a corpus record in order. Struck-out text keeps its kind; a table is one piece."""
    found: list[Piece | _Table] = []
    tables: dict[int, _Table] = {}
    for _, group in groupby(record["units"], key=lambda unit: (unit["block"], unit["kind"])):
        units = list(group)
        first = units[0]
        text = printable(" ".join(record["text"][unit["start"] : unit["end"]] for unit in units))
        if first["kind"] == "cell":
            if first["table"] not in tables:
                tables[first["table"]] = _Table()
                found.append(tables[first["table"]])
            tables[first["table"]].cells[first["row"], first["column"]] = text
            continue
        kind: PieceKind = "paragraph" if first["kind"] == "sentence" else first["kind"]
        marker = first.get("marker", "").lstrip("~^").strip()
        found.append(Piece(kind, text, marker, first.get("depth", 0)))
    return [item.piece() if isinstance(item, _Table) else item for item in found]


def printable(text: str) -> str:
    """`text` in the characters of the fonts that every PDF reader has; others lose their accent."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        text = "".join(_plain(char) for char in text)
    return text


def _plain(char: str) -> str:
    try:
        char.encode("cp1252")
    except UnicodeEncodeError:
        base = unicodedata.normalize("NFKD", char.translate(_SPECIAL))
        return "".join(part for part in base if not unicodedata.combining(part)) or "?"
    return char
