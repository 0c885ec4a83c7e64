"""Copies for disclosure: what goes is gone, in every corner of the file; what stays is readable; all is listed."""

import io
import json
import random
import re
import sys
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
from click.testing import CliRunner
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas
from wires import wire

from sfo_nlp.checks.personal_data import personal_data
from sfo_nlp.cli import main
from sfo_nlp.document import Span
from sfo_nlp.errors import FileDamaged, LimitExceeded, OutputFailed, ReaderFailed, SfoError
from sfo_nlp.extract import extract
from sfo_nlp.extract.picture import LARGEST
from sfo_nlp.extract.reader_process import Worker
from sfo_nlp.extract.sheets import sheet_here
from sfo_nlp.redact import make, plan, plan_of, write
from sfo_nlp.redact.docx import redact_docx
from sfo_nlp.redact.finding import Finder, Mark
from sfo_nlp.redact.matching import Forms
from sfo_nlp.redact.pdf import redact_pdf
from sfo_nlp.redact.planning import Item
from sfo_nlp.redact.streets import streets
from sfo_nlp.report import render_report
from sfo_nlp.settings import Limits, Settings
from sfo_nlp.ui import disclosure

SECRETS = ("Thripp", "Kieran", "Oduya", "07700 900143", "X123456", "14/02/1986", "Millrace", "DE99")
PROSE = (
    "Kieran Thripp (CRN X123456, born 14/02/1986) was released on licence and lived at 14 Millrace Walk, Ashbeck, "
    "DE99 4XQ.",
    "Maureen Oduya, his probation officer, rang him on 07700 900143 and he did not answer.",
    "The visit to Mr Thripp was never made, because Ms Oduya was covering two posts that month and nobody else could.",
    "The manager had not been told of it and so the plan was not changed before the end of the year that followed.",
)


def pdf_of(path: Path) -> Path:
    """A PDF with personal data in its text, header, comment, hidden text, picture, bookmark, title and attachment."""
    page = canvas.Canvas(str(path), pagesize=(595, 842))
    page.setTitle("Review of Kieran Thripp")
    page.setAuthor("Maureen Oduya")
    page.setFont("Helvetica", 8)
    page.drawString(60, 815, "Review: KIERAN THRIPP")
    page.setFont("Helvetica", 11)
    at = 780
    for paragraph in PROSE:
        words, line = paragraph.split(), ""
        for word in [*words, ""]:
            if not word or len(line) + len(word) > 80:
                page.drawString(60, at, line)
                line, at = "", at - 15
            line = f"{line} {word}".strip()
        at -= 12
    page.setFillColorRGB(1, 1, 1)
    page.drawString(60, 300, "Whispered secretly: Oduya wrote this in white.")
    page.setFillColorRGB(0, 0, 0)
    page.textAnnotation("Kieran Thripp lives near here", Rect=(60, 200, 90, 230))
    page.bookmarkPage("one")
    page.addOutlineEntry("Kieran Thripp", "one")
    picture = io.BytesIO()
    from PIL import Image

    Image.new("RGB", (60, 30), (200, 30, 30)).save(picture, "PNG")
    picture.seek(0)
    page.drawImage(ImageReader(picture), 60, 100, 120, 60)
    page.save()
    return path


def docx_of(path: Path) -> Path:
    """A DOCX with personal data in every place that Word has for it."""
    document = docx.Document()
    document.core_properties.author = "Maureen Oduya"
    document.core_properties.title = "Kieran Thripp"
    document.sections[0].header.paragraphs[0].text = "Review: Kieran Thripp"
    document.add_heading("Background", 1)
    for text in PROSE:
        # Runs that cut names and numbers in two, as Word does after every correction.
        paragraph = document.add_paragraph()
        for piece in re.findall(r".{1,7}", text):
            paragraph.add_run(piece)
    hidden = document.add_paragraph("Seen. ").add_run("Oduya hidden here.")
    hidden.font.hidden = True
    gone = document.add_paragraph("Kept. ")._p
    deletion = OxmlElement("w:del")
    deletion.set(qn("w:author"), "Maureen Oduya")
    run, text = OxmlElement("w:r"), OxmlElement("w:delText")
    text.text = "Thripp deleted here."
    run.append(text)
    deletion.append(run)
    gone.append(deletion)
    added = OxmlElement("w:ins")
    added.set(qn("w:author"), "Kieran Thripp")
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "Added and accepted."
    run.append(text)
    added.append(run)
    gone.append(added)
    document.styles.add_style("Thripp heading", 1)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Officer", "Maureen Oduya"
    document.save(str(path))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("word/comments.xml", "<x>Thripp comment</x>")
        archive.writestr("word/embeddings/note.txt", "Thripp attached")
        archive.writestr("customXml/item9.xml", "<x>Oduya</x>")
        archive.writestr("docProps/thumbnail2.jpeg", b"Thripp thumbnail")
    return path


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A redacted copy of each format."""
    folder = tmp_path_factory.mktemp("copies")
    (folder / "review.txt").write_text("\n\n".join(PROSE), encoding="utf-8")
    sources = [pdf_of(folder / "review.pdf"), docx_of(folder / "review.docx"), folder / "review.txt"]
    return {source.suffix: write(plan(source), folder / source.suffix[1:]).copy for source in sources}


def everything(path: Path) -> str:
    """All that can be dug out of a file: its bytes as they are, its parts unpacked, its text as read by PDFium."""
    content = path.read_bytes()
    texts = [content.decode("latin-1"), content.decode("utf-16-le", "ignore")]
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as archive:
            bodies = [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
        texts += [*archive.namelist(), *bodies, *(re.sub(r"<[^>]+>", "", body) for body in bodies)]
    if path.suffix == ".pdf":
        document = pypdfium2.PdfDocument(content)
        texts += [page.get_textpage().get_text_range() for page in document]
        texts += [item.get_title() for item in document.get_toc()]
        texts += [*document.get_metadata_dict().values(), str(document.count_attachments())]
    return "\n".join(texts)


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".txt"])
@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_of_it_is_left(copies: dict[str, Path], suffix: str, secret: str) -> None:
    assert secret.lower() not in everything(copies[suffix]).lower()


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".txt"])
def test_the_rest_can_be_read_and_labels_are_the_same_throughout(copies: dict[str, Path], suffix: str) -> None:
    text = " ".join(extract(copies[suffix]).text.split())
    assert "was released on licence and lived at [address]" in text
    assert "was covering two posts that month and nobody else could" in text
    assert text.count("[Person 1]") >= 2
    assert text.count("[Person 2]") >= 2
    assert "[case number]" in text


def test_hidden_and_deleted_words_are_gone_from_the_docx(copies: dict[str, Path]) -> None:
    text = everything(copies[".docx"])
    for word in ("hidden here", "deleted here", "thumbnail", "comment", "attached"):
        assert word not in text
    assert "Added and accepted." in text
    with zipfile.ZipFile(copies[".docx"]) as archive:
        assert not [name for name in archive.namelist() if "media" in name or "embed" in name or "custom" in name]


def test_the_pdf_has_no_old_objects(copies: dict[str, Path]) -> None:
    raw = copies[".pdf"].read_bytes()
    for word in (b"/Annot", b"/Outlines", b"/EmbeddedFile", b"/JavaScript", b"/AcroForm", b"/Author", b"/Metadata"):
        assert word not in raw
    text = everything(copies[".pdf"])
    assert "Whispered" not in text
    assert "[picture]" in text


def test_painted_boxes_cover_the_words(tmp_path: Path) -> None:
    source = pdf_of(tmp_path / "review.pdf")
    written = write(plan(source), tmp_path / "out")
    scale = 2
    before, after = (
        pypdfium2.PdfDocument(path)[0].render(scale=scale, draw_annots=False).to_pil().convert("L")
        for path in (source, written.copy)
    )
    document = extract(source)
    place = document.text.index("Thripp")
    words = document.words
    index = next(i for i in range(len(words.starts)) if words.starts[i] <= place < words.ends[i])
    box = [round(float(side) * scale) for side in words.boxes[index]]
    assert before.crop(box).getextrema()[0] < 60
    histogram = after.crop(box).histogram()
    # An opaque box of light grey with a short label: most of what was white paper and black letters is grey now.
    assert sum(histogram[225:246]) > 0.5 * sum(histogram)
    assert sum(histogram[250:]) < 0.05 * sum(histogram)


def test_names_that_are_kept_stay(tmp_path: Path) -> None:
    source = tmp_path / "review.txt"
    source.write_text("\n\n".join(PROSE), encoding="utf-8")
    copy = write(plan(source, keep=["Mr Thripp"]), tmp_path / "out").copy
    text = copy.read_text(encoding="utf-8")
    assert "Kieran Thripp" in text
    assert "The visit to Mr Thripp" in text
    assert "Oduya" not in text


def test_the_list_says_what_was_done(copies: dict[str, Path]) -> None:
    copy = copies[".docx"]
    record = json.loads((copy.parent / "KEEP-INSIDE-review-removed.json").read_text(encoding="utf-8"))
    assert record["copy"] == copy.name
    assert {item["kind"] for item in record["items"]} >= {
        "person",
        "crn",
        "date_of_birth",
        "address",
        "postcode",
        "phone",
    }
    labels = [item["label"] for item in record["items"]]
    assert len(labels) == len(set(labels))
    assert any("tracked changes" in note for note in record["left_out"])


def test_a_copy_in_which_something_is_left_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "review.txt"
    source.write_text("\n\n".join(PROSE), encoding="utf-8")
    planned = plan(source)
    import sfo_nlp.redact.plain as writer

    monkeypatch.setattr(writer.Finder, "marks", lambda self, text: [])
    # The proof uses the same class, so it is given another one.
    monkeypatch.setattr("sfo_nlp.redact.proof.Finder", _Honest)
    with pytest.raises(OutputFailed):
        write(planned, tmp_path / "out")
    assert not (tmp_path / "out").exists()


class _Honest:
    """Finds by plain search, whatever was done to the finder under test."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._forms = [re.compile(re.escape(form)) for item in items for form in item.forms]

    def marks_in_lines(self, text: str) -> list[object]:
        return [Mark(Span(*match.span()), "x") for pattern in self._forms for match in pattern.finditer(text)]


@pytest.mark.parametrize(
    "text", ["Kieran\nThripp", "Kie-\nran Thripp", "KIERAN THRIPP", "Mr\u00a0Thripp’s", "Dr. Thripp", "“Thripp”"]
)
def test_a_name_is_found_however_it_is_broken(text: str) -> None:
    finder = Finder([Item("[Person 1]", "person", ("Kieran Thripp", "Thripp", "Kieran"), 1)])
    assert finder.marks_in_lines(f"It was {text} who came.")


def test_a_name_inside_a_word_stays() -> None:
    finder = Finder([Item("[Person 1]", "person", ("Ann",), 1)])
    assert not finder.marks("Annual leave in Hannover.")


def test_two_people_of_one_name_are_two_labels(tmp_path: Path) -> None:
    source = tmp_path / "review.txt"
    source.write_text(
        "Mr Kieran Thripp was released in May. His mother, Mrs Thripp, rang PC Lunt. Mr Thripp was told.\n",
        encoding="utf-8",
    )
    redacted = write(plan(source), tmp_path / "out").copy.read_text(encoding="utf-8")
    assert redacted == (
        "[Person 1] was released in May. His mother, [Person 2], rang PC [Person 3]. [Person 1] was told.\n"
    )


def test_the_command_shows_first_and_writes_after(tmp_path: Path) -> None:
    source = tmp_path / "review.txt"
    source.write_text("\n\n".join(PROSE), encoding="utf-8")
    shown = CliRunner().invoke(main, ["redact", str(source), "--out", str(tmp_path / "out"), "--preview"])
    assert shown.exit_code == 0
    assert "[Person 1]" in shown.output
    assert "07700 900143" in shown.output
    assert not (tmp_path / "out").exists()
    written = CliRunner().invoke(main, ["redact", str(source), "--out", str(tmp_path / "out")])
    assert written.exit_code == 0
    assert (tmp_path / "out" / "review-redacted.txt").exists()


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_done(tmp_path: Path) -> None:
    source = tmp_path / "review.txt"
    source.write_text("\n\n".join(PROSE), encoding="utf-8")
    result = CliRunner().invoke(
        main, ["redact", str(tmp_path / "none.pdf"), str(source), "--out", str(tmp_path / "out")]
    )
    assert result.exit_code == 1
    assert "file_missing" in result.output
    assert (tmp_path / "out" / "review-redacted.txt").exists()


def test_every_page_stays_a_page(samples: list[Path], tmp_path: Path) -> None:
    source = next(path for path in samples if "landscape" in path.name)
    copy = write(plan(source), tmp_path).copy
    old, new = pypdfium2.PdfDocument(source), pypdfium2.PdfDocument(copy)
    assert [page.get_size() for page in new] == [pytest.approx(page.get_size(), abs=0.5) for page in old]


NAMED = "\n\n".join([*PROSE[:3], "He went back to Millrace Walk twice, and to MILLRACE  WALK once more at night."])


def named(folder: Path, name: str, text: str = NAMED) -> Path:
    """A text file under a name of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


@pytest.mark.parametrize(
    "name",
    [
        "Kieran_Thripp review.txt", "THRIPP-final.txt", "kieranthripp.txt", "X123456 (Oduya).txt",
        "14 Millrace Walk, 14-02-1986.txt", "review DE99_4XQ.txt",
    ],
)  # fmt: skip
def test_names_of_files_give_nobody_away(name: str, tmp_path: Path) -> None:
    written = write(plan(named(tmp_path, name)), tmp_path / "out")
    for path in (written.copy, written.record):
        squeezed = re.sub(r"[\W_]", "", path.name).lower()
        for secret in (*SECRETS[:-1], "DE99 4XQ"):
            assert re.sub(r"[\W_]", "", secret).lower() not in squeezed
    assert written.record.name.startswith("KEEP-INSIDE-")


def test_reviews_whose_names_are_taken_out_do_not_overwrite_each_other(tmp_path: Path) -> None:
    one, two = named(tmp_path, "Thripp.txt"), named(tmp_path, "thripp2.txt", f"{NAMED}\nMore.")
    assert len({write(plan(path), tmp_path / "out").copy for path in (one, two)}) == 2
    assert write(plan(one), tmp_path / "out").copy.name == write(plan(one), tmp_path / "out").copy.name


def test_a_name_that_stays_may_stand_in_the_file_name(tmp_path: Path) -> None:
    kept = write(plan(named(tmp_path, "thripp.txt"), keep=["Thripp"]), tmp_path / "out")
    assert kept.copy.name == "thripp-redacted.txt"


def test_a_label_that_holds_a_word_to_remove_is_not_put_into_the_name(tmp_path: Path) -> None:
    written = write(plan(named(tmp_path, "thripp.txt"), remove=["person"]), tmp_path / "out")
    assert "person" not in written.copy.name.lower()


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("6 Staithe Cottages, Harrowgill", ("Staithe Cottages",)),
        ("Flat 2, Harbour House, 14 Mill Lane, Market Harborough", ("Harbour House", "Mill Lane")),
        ("12 The Row, Ashbeck", ()),
        ("3 Heol y Bryn", ("Heol y Bryn",)),
    ],
)
def test_the_street_of_an_address(address: str, expected: tuple[str, ...]) -> None:
    assert streets(address) == expected


def test_a_street_goes_with_its_address_and_is_listed(tmp_path: Path) -> None:
    planned = plan(named(tmp_path, "review.txt"))
    item = next(item for item in planned.items if item.kind == "address")
    assert item.forms == ("14 Millrace Walk, Ashbeck", "Millrace Walk")
    assert item.count == 3
    written = write(planned, tmp_path / "out")
    assert "millrace" not in written.copy.read_text(encoding="utf-8").lower()
    assert "Millrace Walk" in written.record.read_text(encoding="utf-8")


def test_a_street_stays_with_an_address_that_stays(tmp_path: Path) -> None:
    text = f"{NAMED}\n\nHis mother lived at 20 Millrace Walk, Ashbeck."
    source = named(tmp_path, "review.txt", text)
    copy = write(plan(source, keep=["20 Millrace Walk, Ashbeck"]), tmp_path / "out").copy.read_text(encoding="utf-8")
    assert "20 Millrace Walk, Ashbeck" in copy
    assert "14 Millrace Walk" not in copy
    street = write(plan(source, keep=["Millrace Walk"]), tmp_path / "out").copy.read_text(encoding="utf-8")
    assert "back to Millrace Walk twice" in street
    assert "14 Millrace Walk" not in street


def test_words_that_name_nothing_are_said(tmp_path: Path) -> None:
    source = str(named(tmp_path, "review.txt"))
    words = ["--keep", "Nobody Here", "--keep", "Mr Thripp", "--remove", "Nowhere", "--remove", "at night"]
    result = CliRunner().invoke(main, ["redact", source, "--preview", *words])
    assert result.exit_code == 0
    said = [line for line in result.stderr.splitlines() if line.startswith("warning")]
    assert len(said) == 2
    assert "'Nobody Here'" in said[0]
    assert "'Nowhere'" in said[1]


def test_only_writing_needs_a_folder(tmp_path: Path) -> None:
    source = str(named(tmp_path, "review.txt"))
    assert CliRunner().invoke(main, ["redact", source, "--preview"]).exit_code == 0
    refused = CliRunner().invoke(main, ["redact", source])
    assert (refused.exit_code, "--out" in refused.stderr) == (2, True)


def test_the_list_on_the_terminal_is_in_plain_words(tmp_path: Path) -> None:
    shown = CliRunner().invoke(main, ["redact", str(named(tmp_path, "review.txt")), "--preview"]).stdout
    assert "case number" in shown
    assert "crn" not in shown


def test_reviews_of_one_name_do_not_overwrite_each_other(tmp_path: Path) -> None:
    sources = [
        named(tmp_path / "a", "review.txt"),
        named(tmp_path / "b", "review.txt", f"{NAMED}\nMore."),
        tmp_path / "review.docx",
    ]
    docx_of(sources[2])
    first = [write(plan(source), tmp_path / "out") for source in sources]
    again = [write(plan(source), tmp_path / "out") for source in sources]
    assert len({path for written in first for path in (written.copy, written.record)}) == 6
    assert first == again
    assert first[0].copy.name == "review-redacted.txt"


def test_a_copy_whose_list_was_moved_away_is_not_written_over(tmp_path: Path) -> None:
    one = named(tmp_path / "a", "review.txt")
    two = named(tmp_path / "b", "review.txt", f"{NAMED}\nMore.")
    first = write(plan(one), tmp_path / "out")
    before = first.copy.read_bytes()
    first.record.rename(tmp_path / "kept-inside.json")
    second = write(plan(two), tmp_path / "out")
    assert second.copy != first.copy
    assert first.copy.read_bytes() == before
    assert write(plan(two), tmp_path / "out") == second


ACCENTED = (
    "Mr René Thripp (CRN X123456) was released on licence in May and met his officer in a café near the office.\n\n"
    "The visit to Mr Thripp was never made, because the manager had not been told of it – nobody else was – before "
    "the end of the year that followed.\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_text_file_is_read_alike_for_the_list_the_copy_and_the_proof(encoding: str) -> None:
    planned = plan_of(ACCENTED.encode(encoding), Path("review.txt"))
    assert "René Thripp" in {form for item in planned.items for form in item.forms}
    assert make(planned).content.decode("utf-8") == (
        ACCENTED.replace("Mr René Thripp", "[Person 1]").replace("Mr Thripp", "[Person 1]").replace(
            "X123456", "[case number]"
        )
    )  # fmt: skip


def test_a_copy_that_lost_characters_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    planned = plan_of(ACCENTED.encode("cp1252"), Path("review.txt"))
    monkeypatch.setattr("sfo_nlp.redact.plain.decoded", lambda content: content.decode("utf-8", "replace"))
    with pytest.raises(OutputFailed, match="4 character"):
        make(planned)


def test_characters_that_the_review_had_lost_stop_no_copy() -> None:
    text = ACCENTED.replace("café", "caf\ufffd")
    assert "caf\ufffd" in make(plan_of(text.encode(), Path("review.txt"))).content.decode()


def hall(path: Path, side: float) -> Path:
    """A PDF whose one page is as large as `side` points each way."""
    page = canvas.Canvas(str(path), pagesize=(side, side))
    page.setFont("Helvetica", 120)
    for number, line in enumerate(re.findall(r".{1,60}(?:\s|$)", " ".join(PROSE))):
        page.drawString(200, side - 400 - 160 * number, line)
    page.save()
    return path


def test_a_page_as_large_as_a_hall_is_drawn_small(tmp_path: Path) -> None:
    copy = write(plan(hall(tmp_path / "review.pdf", 14_400)), tmp_path / "out").copy
    page = pypdfium2.PdfDocument(copy)[0]
    assert page.get_size() == (14_400, 14_400)
    (picture,) = page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
    assert picture.get_px_size() == (LARGEST, LARGEST)
    text = " ".join(extract(copy).text.split())
    assert "[Person 1]" in text
    assert "was covering two posts" in text
    assert "Thripp" not in everything(copy)


class _Watch:
    """Says whether two threads were ever inside the watched calls together."""

    def __init__(self) -> None:
        self.inside: set[int] = set()
        self.together = False

    def over(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*arguments: Any, **options: Any) -> Any:
            me = threading.get_ident()
            outermost = me not in self.inside
            self.inside.add(me)
            self.together |= len(self.inside) > 1
            time.sleep(0.01)
            try:
                return call(*arguments, **options)
            finally:
                if outermost:
                    self.inside.discard(me)

        return watched


def test_two_threads_are_never_in_pdfium_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = pdf_of(tmp_path / "review.pdf").read_bytes()
    here = Settings(isolate=False)
    planned = plan_of(content, tmp_path / "review.pdf", here)
    given = wire(paged=True, content=content, name="review.pdf")

    def copy() -> bytes:
        return make(planned, here).content

    def marked() -> bytes:
        return render_report(given, form="pdf", content=content, settings=here)

    assert copy() == make(planned).content
    expected = copy()
    watch = _Watch()
    for owner, name in [
        (pypdfium2.PdfDocument, "__init__"),
        (pypdfium2.PdfDocument, "__getitem__"),
        (pypdfium2.PdfDocument, "save"),
        (pypdfium2.PdfDocument, "close"),
        (pypdfium2.PdfPage, "render"),
    ]:
        monkeypatch.setattr(owner, name, watch.over(getattr(owner, name)))
    with ThreadPoolExecutor(4) as threads:
        copies = [threads.submit(copy) for _ in range(2)]
        reports = [threads.submit(marked) for _ in range(2)]
        assert [each.result() for each in copies] == [expected, expected]
        assert all(each.result().startswith(b"%PDF") for each in reports)
    assert not watch.together


def test_the_limits_are_the_callers(tmp_path: Path) -> None:
    planned = plan(docx_of(tmp_path / "review.docx"))
    with pytest.raises(LimitExceeded):
        redact_docx(planned, Settings(limits=Limits(unpacked_mb=0)), title="Copy")
    planned = plan(pdf_of(tmp_path / "review.pdf"))
    with pytest.raises(LimitExceeded, match="1 pages"):
        redact_pdf(planned, Settings(limits=Limits(pages=0)), title="Copy")


def test_a_pdf_that_cannot_be_opened_again_has_a_code(tmp_path: Path) -> None:
    planned = replace(plan(pdf_of(tmp_path / "review.pdf")), content=b"%PDF-1.4 and no more")
    with pytest.raises(FileDamaged):
        make(planned)


def paged(path: Path, count: int) -> Path:
    """A PDF of `count` pages, each with a name."""
    page = canvas.Canvas(str(path), pagesize=(595, 842))
    for number in range(count):
        page.drawString(60, 700, f"Mr Kieran Thripp was told on page {number + 1} of what the officer had not done.")
        page.showPage()
    page.save()
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no signals")
@pytest.mark.parametrize(("task", "times"), [("sheet", 2), ("texts", 1), ("mark", 1)])
def test_a_drawing_process_that_is_killed_midway_is_a_coded_error(
    task: str, times: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = paged(tmp_path / "review.pdf", 3)
    planned = plan(path)
    given = wire(paged=True, content=planned.content, name="review.pdf")
    seen = 0
    honest = Worker._send

    def send(worker: Worker, content: bytes) -> None:
        nonlocal seen
        honest(worker, content)
        if content.startswith(b"{") and json.loads(content).get("task") == task:
            seen += 1
            if seen == times:
                worker.process.kill()

    monkeypatch.setattr(Worker, "_send", send)
    marks = partial(render_report, given, form="pdf", content=planned.content)
    work: Callable[[], object] = marks if task == "mark" else partial(write, planned, tmp_path / "out")
    with pytest.raises(ReaderFailed, match="signal 9"):
        work()
    assert not (tmp_path / "out").exists()
    monkeypatch.undo()
    assert write(planned, tmp_path / "out").copy.exists()


def test_a_mutated_pdf_breaks_neither_copy_nor_marks(tmp_path: Path) -> None:
    path = pdf_of(tmp_path / "review.pdf")
    planned = plan(path)
    given = wire(paged=True, content=planned.content, name="review.pdf")
    chance, ends = random.Random(7), Counter[str]()
    for _ in range(25):
        broken = bytearray(planned.content)
        for place in chance.sample(range(len(broken)), 12):
            broken[place] = chance.randrange(256)
        for form, work in (
            ("copy", partial(make, replace(planned, content=bytes(broken)))),
            ("marks", partial(render_report, given, form="pdf", content=bytes(broken))),
        ):
            try:
                work()
                ends[form] += 1
            except SfoError as error:
                ends[error.code] += 1
    assert ends.total() == 50
    assert ends["copy"]
    assert ends["marks"]
    assert ends["file_damaged"]


def test_a_page_that_takes_too_long_to_draw_is_a_coded_error(tmp_path: Path) -> None:
    planned = plan(paged(tmp_path / "review.pdf", 2))
    for limits in (Limits(seconds=0.001), Limits(ocr_seconds=0.0)):
        with pytest.raises(LimitExceeded, match="took longer"):
            redact_pdf(planned, Settings(limits=limits), title="Copy")


def test_an_answer_that_is_no_page_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = plan(pdf_of(tmp_path / "review.pdf"))
    honest = sheet_here(planned.content, name="review.pdf", page=1, most=9, without_pictures=True)
    for answer in (
        b"",
        honest[:-1],
        honest.replace(b'"width": 595', b'"width": -95'),
        honest.replace(b'"of": 1', b'"of": {}'),
    ):
        monkeypatch.setattr("sfo_nlp.extract.sheets.asked", lambda *_, answer=answer, **__: answer)
        with pytest.raises(ReaderFailed, match="makes no sense"):
            redact_pdf(planned, Settings(), title="Copy")


def test_the_whole_text_is_searched_once_however_many_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = plan(paged(tmp_path / "review.pdf", 4))
    searched: list[str] = []
    honest = Finder.marks
    monkeypatch.setattr(Finder, "marks", lambda self, text: [searched.append(text), honest(self, text)][1])
    redact_pdf(planned, Settings(), title="Copy")
    assert searched.count(planned.document.text) == 1


FORMS = [
    ("Thripp", "person"),
    ("Kieran Thripp", "person"),
    ("Łukasz Nowak", "person"),
    ("O’Brien-Lee Jr.", "person"),
    ("Mrs Tate", "person"),
    ("+44 7700", "phone"),
    ("- X1", "chosen"),
    ("Mill Road", "address"),
    ("", "chosen"),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Half in capitals it is no form of the whole name; the surname alone is.
        ("Mr Kieran  THRIPP", ["THRIPP"]),
        ("Mr Kieran\nThripp,", ["Mr Kieran\nThripp", "Thripp"]),
        ("KIERAN THRIPP’s", ["KIERAN THRIPP", "THRIPP"]),
        ("Thripp2 and Thrippson", ["Thripp"]),
        ("xŁukasz Nowak, Łukasz Nowak", ["Łukasz Nowak"]),
        ("O’Brien-Lee Jr. and O’Brien-Lee Jr", ["O’Brien-Lee Jr."]),
        ("Mrs. Tate and Lady Mrs Tate", ["Mrs. Tate", "Lady Mrs Tate"]),
        ("on +44\u00a07700 or 1+44 7700 or ++44 77001", ["+44\u00a07700"]),
        ("a -\tx1, - X12", ["-\tx1"]),
        ("14 MILL ROAD, Mill Roads", ["MILL ROAD"]),
    ],
)
def test_forms_stand_in_a_text_as_whole_words(text: str, expected: list[str]) -> None:
    found = sorted((span for _, span in Forms(FORMS).find(text)), key=lambda span: (span.start, -span.end))
    assert [text[slice(*span)] for span in found] == expected


def test_the_longest_form_wins() -> None:
    finder = Finder(
        [
            Item("[Person 1]", "person", ("Ann Mill", "Ann"), 1),
            Item("[address]", "address", ("Mill Road East",), 1),
        ]
    )
    assert finder.marks("Ann Mill Road East") == [Mark(Span(0, 3), "[Person 1]"), Mark(Span(4, 18), "[address]")]


def test_numbers_that_meet_do_not_overlap() -> None:
    text = "at 14 Mill Road, DE99 4XQ, 07700 900143, x@y.co"
    spans = [item.span for item in personal_data(text)]
    assert [text[slice(*span)] for span in spans] == ["14 Mill Road", "DE99 4XQ", "07700 900143", "x@y.co"]


def test_what_is_kept_of_a_plan_can_be_let_go() -> None:
    content = ACCENTED.encode()
    first = disclosure._planned("document", content, "review.txt", ())
    assert disclosure._planned("document", content, "review.txt", ()) is first
    disclosure.forget()
    assert disclosure._planned("document", content, "review.txt", ()) is not first
    disclosure.forget()
