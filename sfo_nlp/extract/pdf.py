"""PDF reviews: pages to words, words to lines, lines to paragraphs, headings, lists, notes and tables."""

import re
from collections.abc import Sequence
from itertools import chain

import numpy as np
import pypdfium2.raw as raw

from sfo_nlp.document import BlockKind, Cell, LeftOut, Warning
from sfo_nlp.errors import FileDamaged, FileEmpty, FileEncrypted, LimitExceeded, NoText
from sfo_nlp.extract.build import PageSize, RawBlock, Read
from sfo_nlp.extract.columns import regions
from sfo_nlp.extract.furniture import find_furniture
from sfo_nlp.extract.headings import mark_headings
from sfo_nlp.extract.lines import Line
from sfo_nlp.extract.markers import Marker, in_sequence
from sfo_nlp.extract.notes import as_notes, is_contents, take_footnotes
from sfo_nlp.extract.ocr import listed, needs_ocr, program, recognise
from sfo_nlp.extract.pages import PageText, read_page
from sfo_nlp.extract.paragraphs import Paragraph, Paragraphs, body_size, leadings
from sfo_nlp.extract.table_boxes import TableBox
from sfo_nlp.extract.tables import Table, cells, extend, goes_on, to_table
from sfo_nlp.extract.wording import Wording
from sfo_nlp.settings import Settings

EXTRACTOR = "pdfium 1"
_ready = False


def read_pdf(content: bytes, name: str, settings: Settings) -> Read:
    """Read a PDF. Raises `FileEncrypted`, `FileDamaged`, `FileEmpty`, `LimitExceeded` or `NoText`."""
    read = Read([], extractor=EXTRACTOR)
    pages = load_pages(content, name, settings, read)
    if not any(page.words for page in pages):
        if not any(page.pictures > 0.05 for page in pages):
            raise FileEmpty(f"{name}: its {len(pages)} pages are blank")
        raise NoText(f"{name}: none of its {len(pages)} pages holds text")
    read.sizes += [PageSize(page.number, page.width, page.height, page.scanned) for page in pages]
    read.warnings += _page_warnings(pages)
    Layout(pages, read).fill()
    return read


def start() -> None:
    """Make PDFium ready; once per process."""
    global _ready
    if not _ready:
        raw.FPDF_InitLibrary()
        _ready = True


def load_pages(content: bytes, name: str, settings: Settings, read: Read) -> list[PageText]:
    """Every page's words and ruling, within the limits on pages and objects; pictures are read where that is set."""
    start()
    document = raw.FPDF_LoadMemDocument64(content, len(content), None)
    if not document:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD:
            raise FileEncrypted(f"{name}: the file is protected by a password")
        raise FileDamaged(f"{name}: the PDF is damaged beyond reading")
    try:
        count = raw.FPDF_GetPageCount(document)
        if count > settings.limits.pages:
            raise LimitExceeded(f"{name}: {count} pages, more than the limit of {settings.limits.pages}")
        if count < 1:
            raise FileDamaged(f"{name}: the PDF has no pages")
        pages = _read_all(document, count, name, settings, read)
        if settings.ocr and any(map(needs_ocr, pages)) and program():
            warnings, left_out = recognise(document, pages)
            read.warnings += warnings
            read.left_out += left_out
        return pages
    finally:
        raw.FPDF_CloseDocument(document)


def _read_all(document: raw.FPDF_DOCUMENT, count: int, name: str, settings: Settings, read: Read) -> list[PageText]:
    pages: list[PageText] = []
    objects, damaged = 0, 0
    for index in range(count):
        page = read_page(document, index)
        if page is None:
            damaged += 1
            read.warnings.append(Warning("page_damaged", f"Page {index + 1} is damaged and was not read.", index + 1))
            page = PageText(index + 1, 595.0, 842.0, [], np.zeros((0, 4), np.float32))
        objects += page.objects
        if objects > settings.limits.objects:
            raise LimitExceeded(f"{name}: more than {settings.limits.objects} drawn objects by page {index + 1}")
        pages.append(page)
    if damaged == count:
        raise FileDamaged(f"{name}: none of its {count} pages can be read")
    return pages


def _page_warnings(pages: Sequence[PageText]) -> list[Warning]:
    found: list[Warning] = []
    empty = [page.number for page in pages if needs_ocr(page)]
    if empty:
        message = f"Pages that are pictures, not read: {listed(empty)}."
        found.append(Warning("pages_without_text", message, empty[0]))
    if len(pages) >= 300:
        found.append(Warning("very_long", f"{len(pages)} pages: is this one review and not a bundle of papers?"))
    for page in pages:
        if page.struck:
            found.append(Warning("struck_out", "Struck-out text was left out; is this a draft?", page.number))
        if page.hidden:
            found.append(Warning("hidden_text", "Text outside the visible page was left out.", page.number))
        if page.comments:
            found.append(Warning("comments", f"{len(page.comments)} comments were left out.", page.number))
        if page.reordered:
            found.append(Warning("reordering_marks", "Characters that reorder text were made visible.", page.number))
    return found


class Layout:
    """Turns the pages of one document into blocks, in reading order."""

    def __init__(self, pages: Sequence[PageText], read: Read) -> None:
        self.pages = pages
        self.read = read
        self.wording = Wording(pages)
        self.tables = 0

    def fill(self) -> None:
        """Put blocks, facts and what was left out into `read`."""
        furniture = find_furniture(self.pages)
        self.read.facts += furniture.facts
        self.read.left_out += furniture.left_out
        for page in self.pages:
            self.read.left_out += [LeftOut("struck_out", page.struck, page.number)] if page.struck else []
            self.read.left_out += [LeftOut("hidden", page.hidden, page.number)] if page.hidden else []
            self.read.left_out += [LeftOut("note_mark", page.note_marks, page.number)] if page.note_marks else []
            self.read.left_out += [LeftOut("comment", note, page.number) for note in page.comments]
        flows: list[list[Line | TableBox]] = []
        asides: list[list[Line | TableBox]] = []
        number = 0
        for page in self.pages:
            flow: list[Line | TableBox] = []
            aside: list[Line | TableBox] = []
            for region in regions(page, frozenset(furniture.dropped.get(page.number, ()))):
                number += 1
                for item in region.items:
                    if isinstance(item, Line):
                        item.region = number
                (flow if region.kind == "flow" else aside).extend(region.items)
            flows.append(flow)
            asides.append(aside)
        lines = [item for flow in flows for item in flow if isinstance(item, Line)]
        every = [*lines, *chain.from_iterable(_table_lines(flow) for flow in flows)]
        # Cells are often set smaller: the body is what stands outside them, unless next to nothing does.
        body, leading = body_size(lines if sum(len(line.text) for line in lines) > 400 else every), leadings(every)
        self._blocks(flows, asides, body, leading)

    def _blocks(
        self,
        flows: list[list[Line | TableBox]],
        asides: list[list[Line | TableBox]],
        body: float,
        leading: dict[float, float],
    ) -> None:
        sequence: list[Paragraph | Table] = []
        run = Paragraphs(leading, body)
        table: Table | None = None
        for flow, aside in zip(flows, asides, strict=True):
            notes = take_footnotes(flow, body)
            for item in flow:
                if isinstance(item, Line):
                    before = len(run.done)
                    run.add(item)
                    sequence += run.done[before:]
                    table = None
                elif table is not None and goes_on(table, item):
                    extend(table, item)
                else:
                    table = to_table(item)
                    sequence.append(table)
                    run = Paragraphs(leading, body)
            extra = [*as_notes(notes), *_asides(aside, leading)]
            if extra:
                # Notes come before a paragraph that may go on over the page, so that its words stay together.
                open_end = bool(sequence) and bool(run.done) and sequence[-1] is run.done[-1]
                place = len(sequence) - 1 if open_end and len(run.done) else len(sequence)
                sequence[place:place] = extra
        self._emit(sequence, body)

    def _emit(self, sequence: list[Paragraph | Table], body: float) -> None:
        paragraphs = [item for item in sequence if isinstance(item, Paragraph)]
        paragraphs = self._without_contents(paragraphs)
        kept = set(map(id, paragraphs))
        open_ = [paragraph for paragraph in paragraphs if paragraph.marker is None and len(paragraph.first.words) > 1]
        firsts = [paragraph.first.text.split(" ", 1)[0] for paragraph in open_]
        for index in in_sequence(firsts):
            open_[index].marker = Marker(firsts[index], "bare")
        weights = [(line.bold, len(line.text)) for paragraph in paragraphs for line in paragraph.lines]
        bold = 2 * sum(length for bold, length in weights if bold) > sum(length for _, length in weights)
        mark_headings(paragraphs, body=body, bold_body=bold)
        for item in sequence:
            if isinstance(item, Table):
                self._emit_table(item)
            elif id(item) in kept:
                self._emit_paragraph(item)

    def _without_contents(self, paragraphs: list[Paragraph]) -> list[Paragraph]:
        kept: list[Paragraph] = []
        for paragraph in paragraphs:
            if is_contents(paragraph):
                self.read.left_out.append(LeftOut("contents", paragraph.text, paragraph.first.page))
            else:
                kept.append(paragraph)
        return kept

    def _emit_paragraph(self, paragraph: Paragraph, cell: Cell | None = None) -> None:
        # A number in a cell is part of its record; only a bullet is not.
        marked = paragraph.marker and paragraph.kind != "heading" and not (cell and paragraph.marker.kind != "bullet")
        marker = paragraph.marker.text if paragraph.marker and marked else ""
        text, words = self.wording.join(paragraph.lines, skip=1 if marker else 0)
        kind: BlockKind = "cell" if cell else paragraph.kind
        page = paragraph.first.page
        self.read.blocks.append(RawBlock(text, kind, paragraph.level, marker, cell, page, words))

    def _emit_table(self, table: Table) -> None:
        headers = {column: _plain(text) for column, text in table.headers.items()}
        for page, text in table.repeated:
            self.read.left_out.append(LeftOut("repeated_header", text, page))
        for row, column, lines in cells(table):
            header = headers.get(column, "") if row else ""
            run = Paragraphs(leadings(lines))
            for line in lines:
                run.add(line)
            for paragraph in run.done:
                self._emit_paragraph(paragraph, Cell(self.tables, row, column, header))
        self.tables += 1


def _table_lines(flow: Sequence[Line | TableBox]) -> list[Line]:
    return [line for item in flow if isinstance(item, TableBox) for lines in item.cells.values() for line in lines]


def _asides(items: Sequence[Line | TableBox], leading: dict[float, float]) -> list[Paragraph]:
    run = Paragraphs(leading)
    for item in items:
        if isinstance(item, Line):
            run.add(item)
    for paragraph in run.done:
        paragraph.kind = "aside"
    return run.done


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
