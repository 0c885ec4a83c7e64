"""What is wrong with a file is said by code, with its name and a remedy; what is right is read whole."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from reportlab.pdfgen.canvas import Canvas

from sfo_nlp.document import Document
from sfo_nlp.errors import SfoError
from sfo_nlp.extract import extract, extract_bytes, load
from sfo_nlp.settings import Limits, Settings

HERE = Settings(isolate=False)
PROSE = "The officer was of the view that the plan was in place and that it was not needed to see him at home. " * 8


def pdf(*pages: str, password: str = "", size: tuple[float, float] = (595, 842)) -> bytes:
    """A PDF with the given text on each page."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=size, invariant=1, encrypt=password or None)
    for page in pages:
        words = page.split()
        for row in range(0, len(words), 12):
            canvas.drawString(72, size[1] - 90 - row * 1.2, " ".join(words[row : row + 12]))
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def picture_pdf() -> bytes:
    """A page that is a picture and nothing else."""
    from PIL import Image

    target = io.BytesIO()
    Image.new("L", (1240, 1754), 200).save(target, "PDF", resolution=150)
    return target.getvalue()


def word(*paragraphs: str) -> bytes:
    """A DOCX with the given paragraphs."""
    document, target = docx.Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(target)
    return target.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """A package with one part added or replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for item in source.namelist():
            if item != name:
                made.writestr(item, source.read(item))
        made.writestr(name, part)
    return target.getvalue()


def code_of(content: bytes, name: str, settings: Settings = HERE) -> str:
    """The code of the error that reading gives; it names the file and has a remedy."""
    with pytest.raises(SfoError) as caught:
        extract_bytes(content, name, settings)
    assert name in caught.value.message
    assert len(caught.value.remedy) > 20
    return caught.value.code


def holds(document: Document) -> None:
    """What every document satisfies, whatever its format."""
    words = document.words
    assert all(
        first.span.end <= second.span.start for first, second in zip(document.blocks, document.blocks[1:], strict=False)
    )
    assert (words.starts[1:] >= words.ends[:-1]).all()
    assert len(words.starts) == len(words.ends) == len(words.pages) == len(words.boxes)
    for start, end in zip(words.starts.tolist(), words.ends.tolist(), strict=True):
        assert document.text[start:end]
        assert not any(char.isspace() for char in document.text[start:end])
    for block in document.blocks:
        evidence = document.evidence(block.span, source="rule:test")
        assert document.text[evidence.span.start : evidence.span.end] == evidence.quote
        assert evidence.quote.strip()


BAD = {
    "missing page tree": (b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<</Root 1 0 R>>", "a.pdf", "file_damaged"),
    "cut off": (pdf(PROSE)[:400], "a.pdf", "file_damaged"),
    "not a PDF": (b"Dear Sir, this is a letter and no PDF at all.", "a.pdf", "file_damaged"),
    "not a DOCX": (b"Dear Sir, this is a letter and no DOCX at all.", "a.docx", "file_damaged"),
    "encrypted PDF": (pdf(PROSE, password="secret"), "a.pdf", "file_encrypted"),
    "pictures only": (picture_pdf(), "a.pdf", "needs_ocr"),
    "no English": (pdf("lorem ipsum dolor sit amet consectetur " * 20), "a.pdf", "not_english"),
    "blank": (b" \n\t ", "a.pdf", "file_empty"),
    "broken zip": (word(PROSE)[:-200], "a.docx", "file_damaged"),
    "broken part": (with_part(word(PROSE), "word/document.xml", b"<w:document"), "a.docx", "file_damaged"),
    "macros": (with_part(word(PROSE), "word/vbaProject.bin", b"x"), "a.docx", "file_has_macros"),
    "spreadsheet": (with_part(word(PROSE), "x", b"").replace(b"word/", b"work/"), "a.docx", "file_unsupported"),
    "old Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", "file_unsupported"),
    "encrypted DOCX": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
        "a.docx",
        "file_encrypted",
    ),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "a.png", "file_unsupported"),
    "unknown suffix": (b"some words", "a.xyz", "file_unsupported"),
    "no words in DOCX": (word(), "a.docx", "file_empty"),
    "blank pages": (pdf("", ""), "a.pdf", "file_empty"),
    "binary text": (b"abc\0\0\1\2" * 20, "a.txt", "file_unsupported"),
    "document type in DOCX": (
        with_part(word(PROSE), "word/document.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        "a.docx",
        "file_damaged",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_has_its_code(case: str) -> None:
    content, name, code = BAD[case]
    assert code_of(content, name, Settings(isolate=False, ocr=False)) == code


@pytest.mark.parametrize("case", ["cut off", "encrypted PDF", "macros", "no English"])
def test_bad_input_has_its_code_through_the_sandbox(case: str) -> None:
    content, name, code = BAD[case]
    assert code_of(content, name, Settings()) == code


def test_missing_folder_and_unreadable(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "none.pdf", "file_missing"), (tmp_path, "file_unsupported")):
        with pytest.raises(SfoError) as caught:
            extract(path, HERE)
        assert caught.value.code == code


@pytest.mark.parametrize("name", ["../../etc/passwd.txt", "a\nb.txt", "x" * 250 + ".txt", "\u202egnp.txt"])
def test_strange_names_are_harmless(name: str, tmp_path: Path) -> None:
    document = extract_bytes(PROSE.encode(), name, HERE)
    assert document.text.startswith("The officer")
    with pytest.raises(SfoError) as caught:
        extract_bytes(b"%PDF-1.4 broken", name.replace(".txt", ".pdf"), HERE)
    assert "\n" not in caught.value.message
    assert "\u202e" not in caught.value.message
    assert len(caught.value.message) < 250


def test_limits_refuse_by_code(tmp_path: Path) -> None:
    three = pdf(PROSE, PROSE, PROSE)
    assert code_of(three, "a.pdf", Settings(isolate=False, limits=Limits(pages=2))) == "limit_exceeded"
    assert code_of(three, "a.pdf", Settings(isolate=False, limits=Limits(objects=5))) == "limit_exceeded"
    bomb = with_part(word(PROSE), "word/document.xml", b" " * 30_000_000)
    assert len(bomb) < 200_000
    assert code_of(bomb, "a.docx", Settings(isolate=False, limits=Limits(unpacked_mb=20))) == "limit_exceeded"
    path = tmp_path / "big.pdf"
    path.write_bytes(b"%PDF-" + b"0" * 2_000_000)
    with pytest.raises(SfoError) as caught:
        load(path, Settings(limits=Limits(file_mb=1)))
    assert caught.value.code == "limit_exceeded"


def test_format_is_told_by_the_bytes() -> None:
    assert extract_bytes(pdf(PROSE), "review.docx", HERE).format == "pdf"
    assert extract_bytes(word(PROSE), "review.pdf", HERE).format == "docx"


def test_four_hundred_pages_are_read_with_a_warning() -> None:
    document = extract_bytes(pdf(*[PROSE] * 400), "long.pdf", HERE)
    assert len(document.pages) == 400
    assert "very_long" in {warning.code for warning in document.warnings}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_text_in_any_common_encoding(encoding: str) -> None:
    text = PROSE + "“Quoted”, it said, at £5."
    assert "“Quoted”, it said, at £5." in extract_bytes(text.encode(encoding), "a.txt", HERE).text


@pytest.mark.parametrize("name", ["a.txt", "a.docx"])
def test_characters_that_deceive_are_made_visible(name: str) -> None:
    text = PROSE + "He was \u202eton\u202c seen\u200b at ho\u00adme."
    content = text.encode() if name == "a.txt" else word(text)
    document = extract_bytes(content, name, HERE)
    assert "He was \ufffdton\ufffd seen at home." in document.text
    assert "reordering_marks" in {warning.code for warning in document.warnings}


@pytest.mark.parametrize("path", sorted((Path(__file__).parent.parent / "corpus" / "samples").glob("*.*")))
def test_samples_hold(path: Path) -> None:
    document = extract(path, HERE)
    holds(document)
    assert "Fictional review" not in document.text
    assert any(block.kind == "heading" for block in document.blocks)
