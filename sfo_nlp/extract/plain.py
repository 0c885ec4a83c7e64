"""Plain text and Markdown: paragraphs, headings, list items, pipe tables."""

import re
from collections.abc import Iterator

from sfo_nlp.document import Cell, Warning
from sfo_nlp.extract.build import RawBlock, Read
from sfo_nlp.extract.characters import REORDERING, clean

_HEADING = re.compile(r"^(?P<hashes>#{1,6})\s+(?P<title>.+?)\s*#*$")
_NUMBERED_HEADING = re.compile(r"^\d+(\.\d+)*\.?\s+[A-Z][^.!?]{2,80}$")
_ITEM = re.compile(r"^(?P<marker>[-*•–]|\(?[a-z]{1,2}\)|\(?[ivx]+\)|\d{1,2}\))\s+(?P<text>.+)$")
_NUMBER = re.compile(r"^(?P<marker>\d+(\.\d+)+\.?)\s+(?P<text>.+)$")
_RULE_ROW = re.compile(r"^[|\s:+-]+$")


def read_plain(text: str, *, markdown: bool) -> Read:
    """Blocks of a text file. Hard-wrapped lines are joined; a line that stands alone is a block of its own."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").lstrip("\ufeff")
    blocks: list[RawBlock] = []
    table = 0
    for group in re.split(r"\n\s*\n", text):
        lines = [line for line in map(clean, group.split("\n")) if line]
        if len(lines) > 1 and all(line.startswith("|") for line in lines):
            blocks += _table(lines, table)
            table += 1
        else:
            blocks += (_block(line, markdown=markdown, alone=len(lines) == 1) for line in _joined(lines))
    reordered = [Warning("reordering_marks", "Characters that reorder text were made visible.")]
    return Read(blocks, warnings=reordered if REORDERING.search(text) else [], extractor="plain 1")


def _joined(lines: list[str]) -> Iterator[str]:
    """Undo hard wrapping: a line goes on in the next one unless that one starts something of its own."""
    wrapped = len(lines) > 1 and max(map(len, lines)) <= 100 and min(map(len, lines[:-1])) > 0.55 * max(map(len, lines))
    current = ""
    for line in lines:
        opens = bool(_HEADING.match(line) or _ITEM.match(line) or _NUMBER.match(line))
        if current and wrapped and not opens and not _HEADING.match(current):
            current = f"{current} {line}"
            continue
        if current:
            yield current
        current = line
    if current:
        yield current


def _block(line: str, *, markdown: bool, alone: bool) -> RawBlock:
    heading = _HEADING.match(line)
    if heading:
        return RawBlock(_clean(heading["title"], markdown), "heading", len(heading["hashes"]))
    if alone and (_NUMBERED_HEADING.match(line) or _looks_like_title(line)):
        return RawBlock(_clean(line, markdown), "heading", 1 + line.split(" ")[0].rstrip(".").count("."))
    for pattern, kind in ((_ITEM, "list_item"), (_NUMBER, "paragraph")):
        match = pattern.match(line)
        if match:
            text = _clean(match["text"], markdown)
            return RawBlock(text, "list_item" if kind == "list_item" else "paragraph", marker=match["marker"])
    return RawBlock(_clean(line, markdown))


def _looks_like_title(line: str) -> bool:
    """Short, without a full stop, and capitalised: a heading in a text without marks."""
    words = line.split()
    return len(words) <= 9 and line[-1] not in ".!?,;:" and line[0].isupper() and not line.endswith(")")


def _clean(text: str, markdown: bool) -> str:
    return re.sub(r"(\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|`)", "", text) if markdown else text


def _table(lines: list[str], table: int) -> Iterator[RawBlock]:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if not _RULE_ROW.match(line)]
    headers = rows[0] if 0 < len(rows) < len(lines) else []
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            header = headers[column] if row and column < len(headers) else ""
            yield RawBlock(text, "cell", cell=Cell(table, row, column, header))
