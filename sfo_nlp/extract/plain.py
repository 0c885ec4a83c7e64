"""Plain text and Markdown: paragraphs, headings, list items, pipe tables."""

import re
from collections.abc import Iterator
from itertools import groupby

from sfo_nlp.document import Cell, LeftOut, Warning
from sfo_nlp.extract.build import RawBlock, Read
from sfo_nlp.extract.characters import REORDERING
from sfo_nlp.extract.unwrap import COUNTED, ITEM, NUMBER, RULE_ROW, Piece, pieces

_NUMBERED_HEADING = re.compile(r"^\d+(\.\d+)*\.?\s+[A-Z][^.!?]{2,80}$")
# A picture or a link of Markdown: its words are kept, its address (or the picture itself) is not text.
_LINK = re.compile(r"!?\[(?P<words>[^\[\]\n]{0,300})\]\([^()\s]*(?:\s\"[^\"\n]{0,200}\")?\)")
# What an author took back or wrote beside the text, as Markdown and the HTML in it write it; never over a blank line.
_TAKEN_OUT = re.compile(
    r"~~(?=\S)(?P<struck>(?:(?!\n\s*\n|~~).)+)~~|<(?P<tag>del|s|strike)>(?P<deleted>(?:(?!\n\s*\n|<).)*)</(?P=tag)>"
    r"|<!--(?P<comment>(?:(?!-->|<!--).)*)-->",
    re.DOTALL,
)
_MARKS = re.compile(r"(\[\^[^\]\s]{1,20}\](?::(?=\s))?|\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|`)")


def read_plain(text: str, *, markdown: bool) -> Read:
    """Blocks of a text file. Hard-wrapped lines are joined; a line that stands alone is a block of its own."""
    blocks: list[RawBlock] = []
    tables = 0
    text, left_out = _accepted(text.lstrip("\ufeff")) if markdown else (text.lstrip("\ufeff"), [])
    for is_row, found in groupby(pieces(text, markdown=markdown), lambda piece: piece.kind == "row"):
        run = list(found)
        if is_row and len(run) > 1:
            blocks += _table([piece.text for piece in run], tables)
            tables += 1
        else:
            blocks += (_block(piece, markdown=markdown) for piece in run)
    warnings = []
    if REORDERING.search(text):
        warnings.append(Warning("reordering_marks", "Characters that reorder text were made visible."))
    if any(item.reason == "struck_out" for item in left_out):
        warnings.append(Warning("struck_out", "Struck-out text was left out; is this a draft?"))
    return Read(blocks, warnings=warnings, left_out=left_out, extractor="plain 4")


def _accepted(text: str) -> tuple[str, list[LeftOut]]:
    """The text without what its author struck out or wrote as a comment, and these."""
    left_out = [
        LeftOut("comment" if match["comment"] is not None else "struck_out", words)
        for match in _TAKEN_OUT.finditer(text)
        if (words := " ".join((match["struck"] or match["deleted"] or match["comment"] or "").split()))
    ]
    return _TAKEN_OUT.sub("", text), left_out


def _block(piece: Piece, *, markdown: bool) -> RawBlock:
    line = piece.text
    if piece.kind == "heading":
        return RawBlock(_clean(line, markdown), "heading", piece.level)
    if piece.alone and (_NUMBERED_HEADING.match(line) or _looks_like_title(line)):
        return RawBlock(_clean(line, markdown), "heading", 1 + line.split(" ")[0].rstrip(".").count("."))
    item = ITEM.match(line)
    if item:
        return RawBlock(_clean(item["text"], markdown), "list_item", marker=item["marker"])
    number = NUMBER.match(line) or COUNTED.match(line)
    if number:
        return RawBlock(_clean(number["text"], markdown), marker=number["marker"])
    return RawBlock(_clean(line, markdown))


def _looks_like_title(line: str) -> bool:
    """Short, without a full stop, and capitalised: a heading in a text without marks."""
    words = line.split()
    return len(words) <= 9 and line[-1] not in ".!?,;:" and line[0].isupper() and not line.endswith(")")


def _clean(text: str, markdown: bool) -> str:
    return _MARKS.sub("", _LINK.sub(r"\g<words>", text)).strip() if markdown else text


def _table(lines: list[str], table: int) -> Iterator[RawBlock]:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if not RULE_ROW.match(line)]
    headers = rows[0] if 0 < len(rows) < len(lines) else []
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            header = headers[column] if row and column < len(headers) else ""
            yield RawBlock(text, "cell", cell=Cell(table, row, column, header))
