"""Word reviews: paragraphs, headings, lists, tables, notes and text boxes in reading order.

The accepted text is read: insertions stay, deletions, struck-out and hidden words and comments are left out, each
with a warning, since a draft must not be disclosed. There are no pages: evidence is named by paragraph.
"""

import re

from lxml import etree

from sfo_nlp.document import BlockKind, Cell, LeftOut
from sfo_nlp.errors import FileEmpty, LimitExceeded
from sfo_nlp.extract.build import RawBlock, Read
from sfo_nlp.extract.characters import clean
from sfo_nlp.extract.docx_runs import DELETED, MOST_DEPTH, Leavings, ParagraphText, read_runs
from sfo_nlp.extract.docx_styles import Look, Styles, look_of, read_styles, value
from sfo_nlp.extract.docx_tables import has_header, is_deleted, row_cells, table_rows
from sfo_nlp.extract.markers import marker_of
from sfo_nlp.extract.numbering import Numbering, read_numbering
from sfo_nlp.extract.package import Package, W
from sfo_nlp.settings import Settings

EXTRACTOR = "docx 1"
_CAPTION = re.compile(r"^(Table|Figure|Chart|Diagram) \d+")


def read_docx(content: bytes, name: str, settings: Settings) -> Read:
    """Read a DOCX. Raises `FileDamaged`, `FileEncrypted`, `LimitExceeded` or `FileEmpty`."""
    package = Package(content, name, settings.limits)
    path, root = package.main()
    if sum(1 for _ in root.iter()) > settings.limits.objects:
        raise LimitExceeded(f"{name}: more than {settings.limits.objects} elements")
    styles, lists = package.related(path, "styles"), package.related(path, "numbering")
    reader = _Reader(read_styles(styles[0] if styles else None), read_numbering(lists[0] if lists else None))
    reader.notes = {
        f"{kind}/{note.get(f'{W}id')}": note
        for kind in ("footnotes", "endnotes")
        for part in package.related(path, kind)
        for note in part.iterchildren(f"{W}{kind[:-1]}")
        if note.get(f"{W}type") in (None, "normal")
    }
    body = root.find(f"{W}body")
    if body is not None:
        reader.container(body, depth=0)
    for part in package.related(path, "comments"):
        for comment in part.iterchildren(f"{W}comment"):
            reader.leavings.leave("comments", "comment", clean("".join(comment.itertext(f"{W}t"))))
    for kind in ("header", "footer"):
        for part in package.related(path, kind):
            text = clean(" ".join(part.itertext(f"{W}t")))
            if text:
                reader.read.left_out.append(LeftOut(kind, text))
                reader.read.facts.append(f"running line: {text}")
    if package.external():
        reader.leavings.warn("external_content")
    if not any(block.text for block in reader.read.blocks):
        raise FileEmpty(f"{name}: the document holds no text")
    return reader.read


class _Reader:
    """Walks the body and gathers blocks."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self.read = Read([], extractor=EXTRACTOR)
        self.styles = styles
        self.numbering = numbering
        self.notes: dict[str, etree._Element] = {}
        self.leavings = Leavings(self.read)
        self._tables = 0

    def container(self, parent: etree._Element, *, depth: int, cell: Cell | None = None) -> None:
        """Read the paragraphs and tables of a body, a cell, a content control or a text box, in order."""
        if depth > MOST_DEPTH:
            return
        for child in parent:
            if child.tag == f"{W}p":
                self.paragraph(child, depth=depth, cell=cell)
            elif child.tag == f"{W}tbl":
                self.table(child, depth=depth + 1, cell=cell)
            elif child.tag in DELETED:
                self.leavings.deleted(child)
            elif child.tag in (f"{W}ins", f"{W}moveTo", f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}smartTag"):
                self.container(child, depth=depth + 1, cell=cell)

    def paragraph(
        self,
        item: etree._Element,
        *,
        depth: int,
        cell: Cell | None = None,
        kind: BlockKind | None = None,
        mark: str = "",
    ) -> None:
        """One paragraph as blocks: its lines (parted by line breaks), then its text boxes and notes."""
        properties = item.find(f"{W}pPr")
        style = value(properties, "pStyle") if properties is not None else ""
        base = self.styles.of(style or None)
        look = look_of(properties, None).over(base)
        if self.styles.names.get(style, "").startswith("toc "):
            self.read.left_out.append(LeftOut("contents", clean("".join(item.itertext(f"{W}t")))))
            return
        text = read_runs(item, look, self.styles, self.leavings)
        marker = mark
        if look.list_id not in (None, "0"):
            marker = self.numbering.marker(str(look.list_id), look.list_depth or 0)
        raw_lines = "".join(text.pieces).split("\n")
        lines = [line for line in map(clean, raw_lines) if line]
        tabbed = clean(raw_lines[0].partition("\t")[0]) if "\t" in raw_lines[0] else ""
        if not marker and tabbed and " " not in tabbed and marker_of(tabbed) and lines and lines[0] != tabbed:
            # A marker parted from its text by a tab is sure, whatever its form.
            marker, lines[0] = tabbed, lines[0][len(tabbed) :].lstrip()
        for index, line in enumerate(lines):
            self._block(line, look, text, marker if index == 0 else "", cell=cell, kind=kind, alone=len(lines) == 1)
        for box in text.boxes:
            for child in box:
                if child.tag == f"{W}p":
                    self.paragraph(child, depth=depth + 1, kind="aside" if cell is None else None, cell=cell)
                elif child.tag == f"{W}tbl":
                    self.table(child, depth=depth + 1, cell=cell)
        for number in text.notes:
            note = self.notes.pop(number, None)
            for child in note.iterchildren(f"{W}p") if note is not None and depth < MOST_DEPTH else ():
                self.paragraph(child, depth=depth + 1, kind="footnote", mark=number.rpartition("/")[2])

    def _block(
        self,
        line: str,
        look: Look,
        text: ParagraphText,
        marker: str,
        *,
        cell: Cell | None,
        kind: BlockKind | None,
        alone: bool,
    ) -> None:
        if not marker:
            word, _, rest = line.partition(" ")
            typed = marker_of(word)
            sure = ("bullet",) if cell else ("dotted", "letter", "bullet", "dash")
            if typed and rest and typed.kind in sure:
                marker, line = word, rest
        level = 0
        if kind is None:
            level = self._heading_level(line, look, text, marker) if alone and cell is None else 0
            found = marker_of(marker) if marker else None
            if level:
                kind = "heading"
                line = f"{marker} {line}" if marker and not (found and found.kind == "bullet") else line
                marker = ""
            elif _CAPTION.match(line) and len(line) < 200 and cell is None:
                kind = "caption"
            else:
                kind = "list_item" if found and found.listed else "paragraph"
        self.read.blocks.append(RawBlock(line, "cell" if cell else kind, level, marker, cell))

    def _heading_level(self, line: str, look: Look, text: ParagraphText, marker: str) -> int:
        """The depth of a heading by style, outline, or a short bold line; 0 for body text."""
        if look.depth:
            return min(look.depth, 6)
        words = line.split()
        # "3 Before release"
        numbered = len(words) > 1 and words[0][0].isdigit() and marker_of(words[0])
        first = words[1] if numbered else words[0]
        looks_it = len(words) <= 16 and line[-1] not in ".;,:" and first[0].isupper()
        found = marker_of(marker) if marker else None
        if not looks_it or (found and found.listed):
            return 0
        if (text.bold and not text.plain) or text.size >= self.styles.size * 1.15:
            return min(found.depth, 6) if found else 2 if text.size < self.styles.size * 1.3 else 1
        return 0

    def table(self, item: etree._Element, *, depth: int, cell: Cell | None = None) -> None:
        """A table's cells row by row; a merged cell once; a table inside a cell belongs to that cell.

        A table of one cell is a box around text or the bar of a heading, and is read as if it had no frame.
        """
        if depth > MOST_DEPTH:
            return
        if cell is not None:
            for inner in item.iter(f"{W}p"):
                self.paragraph(inner, depth=depth, cell=cell)
            return
        rows = [row for row in table_rows(item) if not is_deleted(row)]
        if len(rows) == 1 and len(only := list(row_cells(rows[0]))) == 1:
            self.container(only[0][1], depth=depth + 1)
            return
        number, self._tables = self._tables, self._tables + 1
        headers: dict[int, str] = {}
        headed = bool(rows) and len(rows) > 1 and has_header(rows)
        for index, row in enumerate(rows):
            for column, part in row_cells(row):
                if index == 0 and headed:
                    headers[column] = clean(" ".join("".join(p.itertext(f"{W}t")) for p in part.iter(f"{W}p")))
                place = Cell(number, index, column, headers.get(column, "") if index else "")
                self.container(part, depth=depth + 1, cell=place)
