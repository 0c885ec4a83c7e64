"""PDF reviews as read: order, sections, lists, notes, tables, what is left out; on rendered reviews and small pages."""

import io
import shutil

import numpy as np
import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from benchmarks.extraction import Score, measure
from sfo_nlp.document import Block, Document, Span
from sfo_nlp.extract import extract_bytes
from sfo_nlp.settings import Settings
from sfo_nlp.training.pieces import Piece
from sfo_nlp.training.render import LAYOUTS, records
from sfo_nlp.training.render_looks import LOOKS
from sfo_nlp.training.render_pdf import render_pdf

HERE = Settings(isolate=False, ocr=False)
LONG = (
    "The officer was of the view that the plan was in place and that it was not for her to ask the police again, "
    "since the answer in March had been that nothing was known of him at that address. "
)


@pytest.fixture(scope="module")
def known() -> dict[str, dict]:
    return records()


def rendered(*items: Piece, layout: str = "numbered", title: str = "Review of practice: Mr Hale") -> Document:
    return extract_bytes(render_pdf(title, items, layout=layout), "a.pdf", HERE)


def texts(document: Document, kind: str) -> list[str]:
    return [text_of(document, block) for block in document.blocks if block.kind == kind]


def text_of(document: Document, block: Block) -> str:
    return document.text[block.span.start : block.span.end]


def drawn(*lines: tuple[float, float, str], strikes: tuple[tuple[float, float, float], ...] = ()) -> bytes:
    """A page with text at (x, y from the top) and lines through it."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 842), invariant=1)
    canvas.setFont("Helvetica", 11)
    for x, y, text in lines:
        canvas.drawString(x, 842 - y, text)
    for x0, x1, y in strikes:
        canvas.line(x0, 842 - y, x1, 842 - y)
    canvas.save()
    return target.getvalue()


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("review", ["w01-06", "w02-03", "w04-07"])
def test_renderings_are_read_back(review: str, layout: str, known: dict[str, dict]) -> None:
    score = Score()
    measure(known[review], layout, score, show=False)
    assert score.errors <= 0.002 * score.words
    assert score.disordered == 0
    assert (score.f1("headings") or 1) > 0.9
    assert (score.f1("rows") or 1) > 0.95


@pytest.mark.parametrize("layout", LOOKS)
def test_words_lie_on_their_pages(layout: str, known: dict[str, dict]) -> None:
    from sfo_nlp.training.render import render

    document = extract_bytes(render(known["w01-06"], layout=layout), "a.pdf", HERE)
    words, sizes = document.words, {page.number: (page.width, page.height) for page in document.pages}
    # A word broken over a line counts twice here: it has two boxes.
    assert document.word_count <= len(words.starts) <= 1.02 * document.word_count
    for page, (x0, top, x1, bottom) in zip(words.pages.tolist(), words.boxes.tolist(), strict=True):
        width, height = sizes[page]
        assert -1 <= x0 < x1 <= width + 1
        assert -1 <= top < bottom <= height + 1
    assert (np.diff(words.starts) > 0).all()


def test_a_box_encloses_its_word() -> None:
    document = extract_bytes(drawn((72, 100, LONG[:60]), (72, 115, LONG[60:120])), "a.pdf", HERE)
    start = document.text.index("plan")
    (box,) = document.evidence(document.blocks[0].span._replace(start=start, end=start + 4), source="rule:x").boxes
    with pypdfium2.PdfDocument(drawn((72, 100, LONG[:60]), (72, 115, LONG[60:120]))) as pdf:
        text = pdf[0].get_textpage().get_text_bounded(box.x0 - 1, 842 - box.bottom - 1, box.x1 + 1, 842 - box.top + 1)
    assert text.strip() == "plan"


def test_numbers_are_markers_and_headings_keep_theirs() -> None:
    document = rendered(
        Piece("heading", "2. Supervision", depth=1),
        Piece("paragraph", LONG, "2.1"),
        Piece("list_item", "Nobody rang the school.", "-"),
        Piece("list_item", "Nobody rang the landlord.", "(b)"),
    )
    assert texts(document, "heading") == ["Review of practice: Mr Hale", "2. Supervision"]
    found = [(block.kind, block.marker) for block in document.blocks if block.marker]
    assert found == [("paragraph", "2.1"), ("list_item", "•"), ("list_item", "(b)")]
    assert "2.1" not in document.text


def test_heading_levels_make_sections() -> None:
    document = rendered(
        Piece("heading", "1. Background", depth=1),
        Piece("paragraph", LONG),
        Piece("heading", "1.1 Custody", depth=2),
        Piece("paragraph", LONG),
        Piece("heading", "2. Findings", depth=1),
        Piece("paragraph", LONG),
    )
    levels = {text_of(document, block): block.level for block in document.blocks if block.kind == "heading"}
    assert levels["1. Background"] == levels["2. Findings"] < levels["1.1 Custody"]
    sections = {section.title: section.span for section in document.sections()}
    assert sections["1. Background"].start < sections["1.1 Custody"].start
    assert sections["1.1 Custody"].end == sections["1. Background"].end == sections["2. Findings"].start


def test_running_lines_are_left_out_and_kept_as_facts() -> None:
    document = rendered(*[Piece("paragraph", LONG * 3, f"{n}.") for n in range(1, 20)])
    assert len(document.pages) > 1
    for gone in ("OFFICIAL-SENSITIVE", "Fictional review", "Page 1"):
        assert gone not in document.text
    assert any(fact.startswith("protective marking: OFFICIAL-SENSITIVE") for fact in document.facts)
    assert any(fact.startswith("printed page numbers: Page 1 of") for fact in document.facts)
    assert {"marking", "page_number", "header"} <= {item.reason for item in document.left_out}


def footed(*foot: str, size: float, gap: float = 0.0) -> Document:
    """Two pages, the first full of text that goes on over the page, with lines at its foot."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 842), invariant=1)
    canvas.setFont("Helvetica", 11)
    for place in range(50):
        canvas.drawString(72, 790 - 14 * place + gap, LONG[:62])
    canvas.setFont("Helvetica", size)
    for place, line in enumerate(foot):
        canvas.drawString(72, 50 - 11 * place, line)
    canvas.showPage()
    canvas.setFont("Helvetica", 11)
    canvas.drawString(72, 790, "and so it stayed until the autumn of that year.")
    canvas.save()
    return extract_bytes(target.getvalue(), "a.pdf", HERE)


@pytest.mark.parametrize(
    ("foot", "size"),
    [
        (("Northmoor unit | Page 1 of 2",), 11),
        (("Review of Mr Hale",), 8),
        (("Review of Mr Hale", "Northmoor unit"), 8),
    ],
)
def test_a_line_at_the_foot_of_one_page_stands_in_no_sentence(foot: tuple[str, ...], size: float) -> None:
    document = footed(*foot, size=size)
    assert f"{LONG[:62]} and so it stayed" in " ".join(document.text.split())
    assert {item.text for item in document.left_out if item.reason == "footer"} == set(foot)


@pytest.mark.parametrize(
    ("foot", "size", "gap"),
    [
        ("1 Northmoor unit, plan of 2021", 8, 0),
        ("It was signed in Northmoor.", 8, 0),
        ("Signed: A Hale", 11, 0),
        ("and was seen on page 1 of 2", 11, -40),
    ],
)
def test_notes_sentences_and_signatures_at_the_foot_are_text(foot: str, size: float, gap: float) -> None:
    assert foot[2:] in footed(foot, size=size, gap=gap).text


@pytest.mark.parametrize("layout", ["numbered", "two_columns"])
def test_a_paragraph_runs_on_over_the_page(layout: str) -> None:
    stock = sorted(set(LONG.replace(",", "").replace(".", "").lower().split()))
    body = "The " + " ".join(np.random.default_rng(5).choice(stock, 2000)) + "."
    document = rendered(Piece("paragraph", body), layout=layout)
    assert len(document.pages) > 1
    (paragraph,) = texts(document, "paragraph")
    assert paragraph.split() == body.split()
    assert set(document.words.pages.tolist()) == {page.number for page in document.pages}
    last = document.evidence(document.blocks[-1].span._replace(start=len(document.text) - 20), source="rule:x")
    assert last.page == len(document.pages)


def test_hyphens_of_line_ends_go_and_those_of_words_stay() -> None:
    said = "The organisation's multi-agency arrangements and their administration were unsatisfactory throughout. "
    document = rendered(Piece("paragraph", (said * 30).strip()), layout="two_columns")
    assert document.text.count("multi-agency") == 30
    assert document.text.count("unsatisfactory") == 30
    assert "multiagency" not in document.text


def test_struck_out_words_are_left_out_with_a_warning() -> None:
    content = drawn(
        (72, 100, "All reasonable steps were taken."), (72, 130, LONG[:70]), strikes=((70, 240, 96.5), (72, 400, 132.5))
    )
    document = extract_bytes(content, "a.pdf", HERE)
    assert "reasonable" not in document.text
    assert document.text.startswith("The officer")
    assert [warning.code for warning in document.warnings] == ["struck_out", "few_words"]
    assert document.left_out[0].text == "All reasonable steps were taken."


def test_side_notes_and_footnotes_are_apart() -> None:
    document = rendered(
        Piece("heading", "Findings", depth=1),
        Piece("paragraph", LONG * 4),
        Piece("footnote", "The log for that day is missing.", "1"),
        Piece("paragraph", LONG * 4),
        layout="small",
    )
    assert texts(document, "aside") == ["For the panel: see also the plan."]
    assert texts(document, "footnote") == ["The log for that day is missing."]
    assert next(block.marker for block in document.blocks if block.kind == "footnote") == "1"


def test_raised_numbers_of_notes_are_no_part_of_the_word() -> None:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 842), invariant=1)
    text = canvas.beginText(72, 700)
    for words, size, rise in (
        ("The officer was of the view", 11, 0),
        ("12", 6, 5),
        (" that it was in the plan.", 11, 0),
    ):
        text.setFont("Helvetica", size)
        text.setRise(rise)
        text.textOut(words)
    canvas.drawText(text)
    canvas.save()
    document = extract_bytes(target.getvalue(), "a.pdf", HERE)
    assert document.text == "The officer was of the view that it was in the plan."
    assert next(item for item in document.left_out if item.reason == "note_mark").text == "12"


@pytest.mark.parametrize("layout", ["numbered", "landscape", "report", "two_columns"])
def test_a_table_over_pages_is_one_table_of_whole_records(layout: str) -> None:
    rows = tuple(
        (f"Finding {n} of the officer", f"He was not seen at home in month {n}.", f"Head {n}") for n in range(60)
    )
    head = ("Finding", "Evidence", "Owner")
    document = rendered(Piece("table", rows=(head, *rows), headed=True), layout=layout)
    assert len(document.pages) > 1
    cells = [block for block in document.blocks if block.cell]
    assert {block.cell.table for block in cells if block.cell} == {0}
    records_read: dict[int, list[str]] = {}
    for block in cells:
        if block.cell:
            records_read.setdefault(block.cell.row, []).append(text_of(document, block))
    assert [tuple(row) for row in records_read.values()] == [head, *rows]
    assert {block.cell.header for block in cells if block.cell and block.cell.row} == set(head)


def test_contents_pages_are_left_out() -> None:
    document = rendered(
        Piece("heading", "Background", depth=1),
        Piece("paragraph", LONG),
        Piece("heading", "Findings", depth=1),
        Piece("paragraph", LONG),
        layout="report",
    )
    assert texts(document, "heading") == ["Review of practice: Mr Hale", "Background", "Findings"]
    assert "contents" in {item.reason for item in document.left_out}


def test_columns_of_text_are_not_interleaved() -> None:
    left = [(72.0, 100 + 14.0 * n, f"left column line number {n} goes on and on") for n in range(20)]
    right = [(320.0, 100 + 14.0 * n, f"right column line number {n} goes on and on") for n in range(20)]
    mixed = [line for pair in zip(left, right, strict=True) for line in pair]
    document = extract_bytes(drawn(*mixed), "a.pdf", HERE)
    assert document.text.index("left column line number 19") < document.text.index("right column line number 0")


def test_a_chronology_without_lines_is_a_table() -> None:
    rows = [
        ("3 May 2022", "He was sentenced at the Crown Court to two"),
        ("", "years in custody."),
        ("9 June 2022", "He was moved."),
    ]
    lines = []
    y = 100.0
    for _ in range(4):
        for date, event in rows:
            lines += [(72.0, y, date)] if date else []
            lines.append((160.0, y, event))
            y += 14 if event.endswith("two") else 22
    document = extract_bytes(drawn((72, 60, LONG[:80]), *lines), "a.pdf", HERE)
    cells = [(block.cell.column, text_of(document, block)) for block in document.blocks if block.cell]
    assert cells[:4] == [
        (0, "3 May 2022"),
        (1, "He was sentenced at the Crown Court to two years in custody."),
        (0, "9 June 2022"),
        (1, "He was moved."),
    ]


def turned(content: bytes, degrees: int) -> bytes:
    """The same pages, to be shown turned."""
    with pypdfium2.PdfDocument(content) as pdf:
        for page in pdf:
            page.set_rotation(degrees)
        target = io.BytesIO()
        pdf.save(target)
    return target.getvalue()


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_boxes_of_turned_pages_are_as_shown(degrees: int) -> None:
    document = extract_bytes(turned(drawn((72, 100, LONG[:70]), (72, 115, LONG[70:140])), degrees), "a.pdf", HERE)
    page = document.pages[0]
    assert (page.width, page.height) == ((842, 595) if degrees % 180 else (595, 842))
    assert (document.words.boxes[:, [2, 3]] <= [page.width, page.height]).all()
    assert sorted(document.text.split()) == sorted(LONG[:140].split())


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")
def test_a_scanned_page_is_read_with_boxes_and_a_warning() -> None:
    content = render_pdf(
        "Review of practice: Mr Hale",
        [Piece("heading", "Findings", depth=1), Piece("paragraph", LONG)],
        layout="letter",
    )
    with pypdfium2.PdfDocument(content) as pdf:
        pictures = [page.render(scale=300 / 72, grayscale=True).to_pil() for page in pdf]
    target = io.BytesIO()
    pictures[0].save(target, "PDF", resolution=300, save_all=True, append_images=pictures[1:])
    document = extract_bytes(target.getvalue(), "scan.pdf", Settings())
    digital = extract_bytes(content, "a.pdf", HERE)
    assert document.text.replace("’", "'") == digital.text.replace("’", "'")
    assert document.pages[0].scanned
    assert [warning.code for warning in document.warnings] == ["ocr"]
    start = document.text.index("officer")
    theirs = document.boxes_of(document.blocks[0].span._replace(start=start, end=start + 7))[0]
    ours = digital.boxes_of(digital.blocks[0].span._replace(start=start, end=start + 7))[0]
    assert max(abs(a - b) for a, b in zip(theirs, ours, strict=True)) < 4


def test_what_was_typed_into_form_fields_is_text_with_its_place() -> None:
    out = io.BytesIO()
    page = Canvas(out)
    page.drawString(72, 780, "Were all reasonable steps taken?")
    typed = "No, two were left out."
    page.acroForm.textfield(name="answer", x=72, y=740, width=400, height=20, value=typed, fontSize=9)
    page.showPage()
    page.save()
    document = extract_bytes(out.getvalue(), "form.pdf", Settings())
    start = document.text.index(typed)
    [box] = document.boxes_of(Span(start, start + len(typed)))
    assert 72 <= box.x0 < box.x1 <= 472
    assert 841.9 - 760 <= box.top < box.bottom <= 841.9 - 740 + 2
