"""Tables of a Word file: their rows, their cells with spans and merges, and whether the first row is a header."""

from collections.abc import Iterator

from lxml import etree

from sfo_nlp.extract.docx_styles import look_of, value
from sfo_nlp.extract.package import W


def has_header(rows: list[etree._Element]) -> bool:
    """Whether the first row is marked as a header, set bold, or short beside longer rows."""
    if rows[0].find(f"{W}trPr/{W}tblHeader") is not None:
        return True
    texts = [["".join(part.itertext(f"{W}t")).strip() for _, part in row_cells(row)] for row in rows]
    if len(texts[0]) < max(map(len, texts)) or not all(texts[0]) or len(texts[0]) < 2:
        return False
    bold = [_all_bold(part) for _, part in row_cells(rows[0])]
    labels = [_all_bold(part) for row in rows for column, part in row_cells(row) if column == 0]
    if all(labels):
        return False
    short = all(len(text.split()) <= 5 and not _is_sentence(text) and not text[0].isdigit() for text in texts[0])
    return all(bold) or (short and max(len(text) for row in texts[1:] for text in row) > max(map(len, texts[0])))


def _is_sentence(text: str) -> bool:
    """Whether a cell ends like a sentence; "No." and "Ref." do not."""
    return text[-1] in ".;" and len(text) > 5


def table_rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == f"{W}tr":
            yield child
        elif child.tag in (f"{W}ins", f"{W}sdt", f"{W}sdtContent", f"{W}customXml"):
            yield from table_rows(child)


def is_deleted(row: etree._Element) -> bool:
    return row.find(f"{W}trPr/{W}del") is not None


def row_cells(row: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    """(column, cell) with spans counted; a cell that goes on a merge from above is passed over."""
    column = 0
    properties = row.find(f"{W}trPr")
    before = value(properties, "gridBefore") if properties is not None else ""
    column += int(before) if before.isdigit() and len(before) < 3 else 0
    for part in row.iter(f"{W}tc"):
        if next((above for above in part.iterancestors(f"{W}tr")), None) is not row:
            continue
        span = value(part.find(f"{W}tcPr"), "gridSpan") if part.find(f"{W}tcPr") is not None else ""
        merge = part.find(f"{W}tcPr/{W}vMerge")
        if merge is None or merge.get(f"{W}val") == "restart":
            yield column, part
        column += int(span) if span.isdigit() and len(span) < 3 else 1


def _all_bold(part: etree._Element) -> bool:
    runs = [run for run in part.iter(f"{W}r") if "".join(run.itertext(f"{W}t")).strip()]
    bold = [look_of(None, run.find(f"{W}rPr")).bold for run in runs]
    return bool(bold) and all(bold)
