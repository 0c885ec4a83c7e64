"""A PDF's pages as they look without their pictures, with where each character stands; and all the text in a PDF."""

import json
import math
import struct
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pypdfium2
import pypdfium2.raw as raw
from PIL import Image

from sfo_nlp.document import Box
from sfo_nlp.errors import FileDamaged, LimitExceeded, ReaderFailed, shown
from sfo_nlp.extract import pdfium
from sfo_nlp.extract.picture import LARGEST
from sfo_nlp.extract.sandbox import asked
from sfo_nlp.settings import Settings

DPI = 170
_FINE, _MOST_STEPS = 16, 2**30
_HEAD = struct.Struct("<QQ")


class Sheet(NamedTuple):
    """One page: size in points, picture and its pixels per point, its characters and a box for each, (n, 4).

    `of` is the file's number of pages, `pictures` the boxes of the pictures that were taken off. All boxes are in
    points from the page's top left.
    """

    of: int
    width: float
    height: float
    scale: float
    image: Image.Image
    text: str
    boxes: pdfium.Floats
    pictures: tuple[Box, ...]


def sheets(content: bytes, name: str, settings: Settings, *, without_pictures: bool) -> Iterator[Sheet]:
    """Every page of a PDF, its picture at most `LARGEST` pixels long.

    Raises `FileDamaged`, `ReaderFailed`, or `LimitExceeded` for too many pages, for a page that takes longer than
    reading may and for pages that together take longer than recognising text may.
    """
    limits, start = settings.limits, time.monotonic()
    where = shown(Path(name))
    page = count = 1
    while page <= count:
        left = limits.ocr_seconds - (time.monotonic() - start)
        if left <= 0:
            raise LimitExceeded(f"{where}: drawing its pages took longer than {limits.ocr_seconds:g} seconds")
        bound = replace(settings, limits=replace(limits, seconds=min(limits.seconds, left)))
        options = {"page": page, "most": limits.pages, "without_pictures": without_pictures}
        sheet = _unpack(asked("sheet", content, name, bound, **options), where)
        yield sheet
        page, count = page + 1, sheet.of


def all_texts(content: bytes, name: str, settings: Settings) -> list[str]:
    """The metadata of a PDF as one text, then every page's characters, whether they can be seen or not."""
    try:
        return [str(text) for text in json.loads(asked("texts", content, name, settings))]
    except (ValueError, TypeError) as error:
        raise ReaderFailed(f"{shown(Path(name))}: the reader's answer makes no sense") from error


def sheet_here(content: bytes, *, name: str, page: int, most: int, without_pictures: bool) -> bytes:
    """Draw page `page` (from 1) in this process. Raises `FileDamaged`, and `LimitExceeded` for over `most` pages."""
    try:
        with pypdfium2.PdfDocument(content) as document:
            if len(document) > most:
                raise LimitExceeded(f"{name}: {len(document)} pages, more than the limit of {most}")
            return _sheet(document[page - 1], len(document), without_pictures=without_pictures)
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise FileDamaged(f"{name}: page {page} cannot be drawn ({error})") from error


def texts_here(content: bytes, *, name: str) -> bytes:
    """All the text of a PDF, read in this process. Raises `FileDamaged`."""
    try:
        with pypdfium2.PdfDocument(content) as document:
            texts = [" ".join(document.get_metadata_dict().values())]
            texts += [pdfium.page_text(pdfium.address(page.get_textpage().raw)) for page in document]
    except pypdfium2.PdfiumError as error:
        raise FileDamaged(f"{name}: the PDF cannot be read ({error})") from error
    return json.dumps(texts).encode()


def _sheet(page: Any, count: int, *, without_pictures: bool) -> bytes:
    width, height = page.get_size()
    text, boxes = _characters(page, width, height)
    pictures = _take_pictures(page, width, height) if without_pictures else []
    # A page may say that it is as large as a hall: drawn to scale it would fill the memory.
    scale = min(DPI / 72, LARGEST / max(width, height, 1))
    image = page.render(scale=scale, draw_annots=False, may_draw_forms=False).to_pil().convert("RGB")
    head = {"of": count, "width": width, "height": height, "scale": scale, "pixels": image.size}
    body = json.dumps({**head, "text": text, "pictures": pictures}).encode()
    return b"".join([_HEAD.pack(len(body), len(text)), body, boxes.astype("<f4").tobytes(), image.tobytes()])


def _unpack(parcel: bytes, name: str) -> Sheet:
    """A sheet again. Pixels and boxes are plain numbers, so that nothing from outside is decoded in this process."""
    try:
        length, characters = _HEAD.unpack_from(parcel)
        start = _HEAD.size + length
        head = json.loads(parcel[_HEAD.size : start])
        wide, high = (int(side) for side in head["pixels"])
        width, height, scale = (float(head[side]) for side in ("width", "height", "scale"))
        text, pictures = str(head["text"]), tuple(Box(*map(float, box)) for box in head["pictures"])
        boxes = np.frombuffer(parcel, "<f4", 4 * characters, start).reshape(characters, 4)
        if len(text) != characters or not (0 < wide <= LARGEST + 1 and 0 < high <= LARGEST + 1):
            raise ValueError("sizes that cannot be")
        numbers = [width, height, scale, *chain.from_iterable(pictures)]
        if min(width, height, scale) <= 0 or not (np.isfinite(boxes).all() and all(map(math.isfinite, numbers))):
            raise ValueError("places that cannot be")
        image = Image.frombytes("RGB", (wide, high), parcel[start + boxes.nbytes :])
        return Sheet(int(head["of"]), width, height, scale, image, text, boxes, pictures)
    except (ValueError, KeyError, TypeError, struct.error) as error:
        raise ReaderFailed(f"{name}: the reader's answer makes no sense") from error


def _characters(page: Any, width: float, height: float) -> tuple[str, pdfium.Floats]:
    """The characters of a page and their boxes as shown."""
    text_page = page.get_textpage()
    handle = pdfium.address(text_page.raw)
    text = pdfium.page_text(handle)
    return text, _to_screen(page, width, height, pdfium.char_boxes(handle, range(len(text)), len(text)))


def _to_screen(page: Any, width: float, height: float, boxes: pdfium.Floats) -> pdfium.Floats:
    """Boxes of page space, any two corners each, as the page is shown, its rotation and crop included."""
    wide, high = max(width, 1.0), max(height, 1.0)
    fine = min(_FINE, _MOST_STEPS / max(wide, high))
    origin, right, up = (_device(page, width, height, fine, x, y) for x, y in ((0, 0), (wide, 0), (0, high)))
    axes = np.array([(right - origin) / wide, (up - origin) / high])
    ends = [boxes[:, pair] @ axes + origin for pair in ([0, 1], [2, 3])]
    return np.hstack([np.minimum(*ends), np.maximum(*ends)]).astype(np.float32)


def _device(page: Any, width: float, height: float, fine: float, x: float, y: float) -> npt.NDArray[np.float64]:
    across, down = raw.c_int(), raw.c_int()
    raw.FPDF_PageToDevice(page.raw, 0, 0, round(width * fine), round(height * fine), 0, x, y, across, down)
    return np.array([across.value, down.value]) / fine


def _take_pictures(page: Any, width: float, height: float) -> list[tuple[float, ...]]:
    """Take every picture off the page before it is drawn; their boxes as shown."""
    places = []
    for item in list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=1)):
        places.append(item.get_bounds())
        page.remove_obj(item)
    forms = list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_FORM], max_depth=1))
    hidden = 0
    for form in forms:
        count = raw.FPDFFormObj_CountObjects(form.raw)
        inside = [raw.FPDFFormObj_GetObject(form.raw, place) for place in range(count)]
        pictures = [item for item in inside if raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_IMAGE]
        hidden += sum(bool(raw.FPDFFormObj_RemoveObject(form.raw, item)) for item in pictures)
    boxes = _to_screen(page, width, height, np.array(places, np.float32).reshape(-1, 4))
    return [*map(tuple, boxes.tolist()), *[(0.0, 0.0, 0.0, 0.0)] * hidden]
