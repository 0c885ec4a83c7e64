"""Pages that are pictures, read by Tesseract: the page is drawn at 300 dpi, words come back with boxes and confidence.

Tesseract is a program of the system (Debian: `tesseract-ocr`), fed and read through pipes, so that nothing is ever
written to disk. Its measure against another engine is in docs/decisions/0023-text-recognition.md.
"""

import csv
import io
import os
import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from statistics import median

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as raw

from sfo_nlp.document import LeftOut, Warning
from sfo_nlp.extract.characters import clean_word
from sfo_nlp.extract.pages import PageText, broken_words, fragments
from sfo_nlp.extract.ruling import find_cells

DPI, SECONDS, UNSURE, LONGEST_SIDE = 300, 60, 30, 6_000
_TALL, _DEEP = frozenset("bdfhklti!?\"'()[]/|"), frozenset("gjpqy,;()[]/|Q")
_NEVER_WORDS, _BULLETS_ALONE = frozenset("°¢»«®©·¤"), frozenset("e*+o.")
Picture = npt.NDArray[np.uint8]
Boxes = npt.NDArray[np.float32]


@lru_cache(maxsize=1)
def program() -> str | None:
    """Where Tesseract is installed, or None."""
    return shutil.which("tesseract")


def needs_ocr(page: PageText) -> bool:
    """Whether a page shows pictures and has no text of its own."""
    return not page.words and page.pictures > 0.05


def recognise(document: raw.FPDF_DOCUMENT, pages: list[PageText]) -> tuple[list[Warning], list[LeftOut]]:
    """Replace the pages that need it by what Tesseract reads. Returns warnings and what was too unsure to keep."""
    wanted = [page for page in pages if needs_ocr(page)]
    found: list[tuple[PageText, float, str]] = []
    workers = max(1, min(os.cpu_count() or 1, 4))
    with ThreadPoolExecutor(workers) as pool:
        for start in range(0, len(wanted), workers):
            batch = wanted[start : start + workers]
            pictures = [draw(document, page) for page in batch]
            found += pool.map(_read, batch, pictures)
    left_out: list[LeftOut] = []
    confidences: dict[int, float] = {}
    for page, confidence, unsure in found:
        pages[page.number - 1] = page
        if page.words:
            confidences[page.number] = confidence
        left_out += [LeftOut("unreadable", unsure, page.number)] if unsure else []
    return list(_warnings(confidences)), left_out


def _warnings(confidences: dict[int, float]) -> list[Warning]:
    """One warning per run of recognised pages."""
    runs: list[list[int]] = []
    for number in sorted(confidences):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    made = []
    for run in runs:
        sure = sum(confidences[number] for number in run) / len(run)
        where = (
            f"Page {run[0]} is a picture and was"
            if len(run) == 1
            else f"Pages {run[0]} to {run[-1]} are pictures and were"
        )
        made.append(Warning("ocr", f"{where} read by text recognition, {sure:.0f} % sure on average.", run[0]))
    return made


def draw(document: raw.FPDF_DOCUMENT, page: PageText) -> Picture:
    """The page as shown, in grey, at 300 dpi or less where it is very large."""
    dpi = min(DPI, 72 * LONGEST_SIDE / max(page.width, page.height, 1))
    width, height = max(1, round(page.width * dpi / 72)), max(1, round(page.height * dpi / 72))
    handle = raw.FPDF_LoadPage(document, page.number - 1)
    picture = np.full((height, width), 255, np.uint8)
    if not handle:
        return picture
    try:
        bitmap = raw.FPDFBitmap_CreateEx(width, height, raw.FPDFBitmap_Gray, picture.ctypes.data, width)
        raw.FPDF_RenderPageBitmap(bitmap, handle, 0, 0, width, height, 0, raw.FPDF_ANNOT | raw.FPDF_GRAYSCALE)
        raw.FPDFBitmap_Destroy(bitmap)
    finally:
        raw.FPDF_ClosePage(handle)
    return picture


def _read(page: PageText, picture: Picture) -> tuple[PageText, float, str]:
    """The page with the words that were recognised, the mean confidence (0 to 100), the words too unsure to keep."""
    scale = page.width / picture.shape[1]
    rows = [row for row in _tesseract(picture, dpi=round(72 / scale)) if row["level"] == "5" and row["text"].strip()]
    sure = [row for row in rows if float(row["conf"]) >= UNSURE and clean_word(row["text"])]
    unsure = " ".join(row["text"] for row in rows if float(row["conf"]) < UNSURE)
    boxes = np.array(
        [[int(row[name]) for name in ("left", "top", "width", "height")] for row in sure], np.float32
    ).reshape(-1, 4)
    boxes[:, 2:] += boxes[:, :2]
    words = [_mended(clean_word(row["text"])) for row in sure]
    result = PageText(page.number, page.width, page.height, words, boxes * scale, pictures=page.pictures, scanned=True)
    result.objects = page.objects
    _lay_out(result, [(row["block_num"], row["par_num"], row["line_num"]) for row in sure], ruling(picture) * scale)
    mean = sum(float(row["conf"]) for row in sure) / max(len(sure), 1)
    return result, mean, unsure


def _mended(word: str) -> str:
    """Tesseract takes an upright stroke that stands alone for what it looks like."""
    return "I" if word == "|" else word


def _lay_out(page: PageText, lines: Sequence[tuple[str, str, str]], rules: Boxes) -> None:
    """Fragments, sizes and cells of a recognised page, found on boxes made level; the words keep their own."""
    own = page.boxes
    level, slope = _levelled(own, page.words, lines)
    page.boxes = level
    rules[:, [1, 3]] -= slope * (rules[:, [0, 2]] - page.width / 2)
    rules[:, [0, 2]] += slope * (rules[:, [1, 3]] - page.height / 2)
    page.rules = rules
    page.grid = find_cells(rules) if len(rules) > 2 else page.grid
    page.fragments = fragments(page)
    _mend_bullets(page)
    page.broken = broken_words(page)
    _set_sizes(page)
    page.boxes = own


def _mend_bullets(page: PageText) -> None:
    """Tesseract has no bullet: what it takes one for, standing alone or where no word could, is one again."""
    for piece in page.fragments:
        word = page.words[piece.first]
        alone = piece.last - piece.first == 1
        if word in _NEVER_WORDS or (alone and word in _BULLETS_ALONE and piece.cell < 0):
            page.words[piece.first] = "•"


def _levelled(boxes: Boxes, words: Sequence[str], lines: Sequence[tuple[str, str, str]]) -> tuple[Boxes, float]:
    """Boxes with one height and one base per line, the page's tilt taken out, and that tilt as a slope.

    A word's box is as tall as its letters: which ones it has tells the size of the type and where the base line is.
    """
    members: dict[tuple[str, str, str], list[int]] = {}
    for index, line in enumerate(lines):
        members.setdefault(line, []).append(index)
    tall = boxes[:, 3] - boxes[:, 1]
    shares = np.array([_share(word) for word in words], np.float32).reshape(-1, 2)
    sizes = tall / shares.sum(axis=1)
    bases = boxes[:, 3] - sizes * shares[:, 1]
    middles = (boxes[:, 0] + boxes[:, 2]) / 2
    slopes = [
        float(np.polyfit(middles[held], bases[held], 1)[0])
        for held in members.values()
        if len(held) > 5 and np.ptp(middles[held]) > 100
    ]
    slope = median(slopes) if slopes else 0.0
    usual = float(np.median(sizes)) if len(sizes) else 10.0
    level = boxes.copy()
    centre = float((boxes[:, 0].min() + boxes[:, 2].max()) / 2) if len(boxes) else 0.0
    bases = bases - slope * (middles - centre)
    for held in members.values():
        size, base = float(np.median(sizes[held])), float(np.median(bases[held]))
        size = usual if abs(size - usual) < 0.12 * usual else size
        level[held, 1], level[held, 3] = base - 0.75 * size, base + 0.25 * size
    return level, slope


def _share(word: str) -> tuple[float, float]:
    """How far a word reaches above and below its base line, as shares of the type size."""
    above = 0.7 if any(char in _TALL or char.isupper() or char.isdigit() for char in word) else 0.47
    return above, 0.21 if any(char in _DEEP for char in word) else 0.0


def _tesseract(picture: Picture, *, dpi: int) -> list[dict[str, str]]:
    """Tesseract's table of words; empty when it fails or takes too long over a page."""
    height, width = picture.shape
    content = b"P5 %d %d 255\n" % (width, height) + picture.tobytes()
    command = [program() or "tesseract", "stdin", "stdout", "-l", "eng", "--dpi", str(dpi), "--psm", "3", "tsv"]
    try:
        run = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return []
    text = run.stdout.decode("utf-8", "replace")
    table = csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [row for row in table if None not in row and None not in row.values()]


def _set_sizes(page: PageText) -> None:
    """Type sizes from the levelled boxes, which are as tall as the type."""
    heights = page.boxes[:, 3] - page.boxes[:, 1]
    for piece in page.fragments:
        piece.size = round(float(heights[piece.first : piece.last].max()), 1)


def ruling(picture: Picture) -> npt.NDArray[np.float32]:
    """The long straight dark strokes of a picture as boxes (n, 4) in pixels."""
    dark = picture < 140
    flat = _runs(dark, least=round(0.45 * DPI))
    upright = _runs(dark.T, least=round(0.25 * DPI))[:, [1, 0, 3, 2]]
    return np.concatenate([flat, upright]).astype(np.float32)


def _runs(dark: npt.NDArray[np.bool_], *, least: int) -> npt.NDArray[np.int64]:
    """Runs of dark pixels along rows that are at least so long, as (x0, y, x1, y)."""
    edges = np.diff(np.pad(dark, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(edges == 1)
    _, ends = np.nonzero(edges == -1)
    long = ends - starts >= least
    return np.stack([starts[long], rows[long], ends[long], rows[long]], axis=1)


def listed(numbers: Sequence[int]) -> str:
    """Page numbers for a message, the first twenty of them."""
    return ", ".join(map(str, numbers[:20])) + (" and more" if len(numbers) > 20 else "")
