"""PDFium through as few Python steps as can be: calls over whole ranges of characters and objects.

pypdfium2's own `ctypes` functions check and convert every argument. The ones below take plain addresses, so
that `map` drives them over a page at the speed of C (see docs/decisions/0020-words-from-pdfium.md).
"""

import ctypes
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from threading import RLock
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as raw

_int, _ptr, _float, _double = ctypes.c_int, ctypes.c_void_p, ctypes.c_float, ctypes.c_double
Floats = npt.NDArray[np.float32]
TEXT, PATH, SHADING, IMAGE, FORM = 1, 2, 4, 3, 5
CURVE = 1
# PDFium is not safe for several threads: whoever uses it holds this.
ALONE = RLock()


def _bind(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    # PYFUNCTYPE keeps the interpreter's lock: letting it go costs more than such a short call.
    address = ctypes.cast(getattr(raw, name), ctypes.c_void_p).value
    return ctypes.PYFUNCTYPE(result, *arguments)(address or 0)


get_text = _bind("FPDFText_GetText", _int, _ptr, _int, _int, _ptr)
count_chars = _bind("FPDFText_CountChars", _int, _ptr)
get_unicode = _bind("FPDFText_GetUnicode", ctypes.c_uint, _ptr, _int)
loose_box = _bind("FPDFText_GetLooseCharBox", _int, _ptr, _int, _ptr)
font_size = _bind("FPDFText_GetFontSize", _double, _ptr, _int)
char_matrix = _bind("FPDFText_GetMatrix", _int, _ptr, _int, _ptr)
text_object = _bind("FPDFText_GetTextObject", _ptr, _ptr, _int)
object_font = _bind("FPDFTextObj_GetFont", _ptr, _ptr)
font_name = _bind("FPDFFont_GetBaseFontName", ctypes.c_size_t, _ptr, _ptr, ctypes.c_size_t)
font_weight = _bind("FPDFFont_GetWeight", _int, _ptr)
page_object = _bind("FPDFPage_GetObject", _ptr, _ptr, _int)
form_object = _bind("FPDFFormObj_GetObject", _ptr, _ptr, ctypes.c_ulong)
count_objects = _bind("FPDFPage_CountObjects", _int, _ptr)
count_form_objects = _bind("FPDFFormObj_CountObjects", _int, _ptr)
object_type = _bind("FPDFPageObj_GetType", _int, _ptr)
object_bounds = _bind("FPDFPageObj_GetBounds", _int, _ptr, _ptr, _ptr, _ptr, _ptr)
object_matrix = _bind("FPDFPageObj_GetMatrix", _int, _ptr, _ptr)
object_fill = _bind("FPDFPageObj_GetFillColor", _int, _ptr, _ptr, _ptr, _ptr, _ptr)
draw_mode = _bind("FPDFPath_GetDrawMode", _int, _ptr, _ptr, _ptr)
count_segments = _bind("FPDFPath_CountSegments", _int, _ptr)
path_segment = _bind("FPDFPath_GetPathSegment", _ptr, _ptr, _int)
segment_point = _bind("FPDFPathSegment_GetPoint", _int, _ptr, _ptr, _ptr)
segment_type = _bind("FPDFPathSegment_GetType", _int, _ptr)


def address(handle: Any) -> int:
    """The address behind a PDFium handle."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def page_text(text_page: int) -> str:
    """All characters of a text page, one code point per PDFium character."""
    count = int(count_chars(text_page))
    if count <= 0:
        return ""
    units = (ctypes.c_ushort * (count + 1))()
    written = int(get_text(text_page, 0, count, ctypes.addressof(units))) - 1
    text = bytes(units)[: 2 * max(written, 0)].decode("utf-16-le", "replace")
    if written == count == len(text):
        return text
    codes = map(get_unicode, repeat(text_page), range(count))
    return "".join(chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd" for code in codes)


def char_boxes(text_page: int, indices: Iterable[int], count: int) -> Floats:
    """The loose boxes of the characters at `indices`: (count, 4) as left, top, right, bottom in page space."""
    boxes = np.zeros((count, 4), np.float32)
    base = boxes.ctypes.data
    deque(map(loose_box, repeat(text_page), indices, range(base, base + 16 * count, 16)), maxlen=0)
    return boxes


def sizes(text_page: int, indices: Sequence[int]) -> list[float]:
    """The size in points at which the characters at `indices` are shown, their text matrix included."""
    matrices = np.zeros((len(indices), 6), np.float32)
    base = matrices.ctypes.data
    deque(map(char_matrix, repeat(text_page), indices, range(base, base + 24 * len(indices), 24)), maxlen=0)
    scale = np.hypot(matrices[:, 2], matrices[:, 3])
    plain = np.fromiter(map(font_size, repeat(text_page), indices), np.float64, len(indices))
    sized: list[float] = (plain * np.where(scale > 0, scale, 1.0)).tolist()
    return sized


class Fonts:
    """Whether characters are set bold or italic; a font is looked up once per page."""

    def __init__(self, text_page: int) -> None:
        self._page = text_page
        self._known: dict[int, tuple[bool, bool]] = {0: (False, False)}

    def styles(self, indices: Iterable[int]) -> list[tuple[bool, bool]]:
        """(bold, italic) of each character."""
        styles = []
        for found in map(text_object, repeat(self._page), indices):
            font = (object_font(found) or 0) if found else 0
            if font not in self._known:
                self._known[font] = _style(font)
            styles.append(self._known[font])
        return styles


def _style(font: int) -> tuple[bool, bool]:
    buffer = ctypes.create_string_buffer(256)
    font_name(font, ctypes.addressof(buffer), 256)
    name = buffer.value.decode("utf-8", "replace").lower()
    bold = any(word in name for word in ("bold", "black", "heavy", "semibd", "-demi")) or font_weight(font) >= 600
    return bold, "italic" in name or "oblique" in name


def bounds(objects: Sequence[int]) -> Floats:
    """The bounds of page objects: (n, 4) as left, bottom, right, top in page space."""
    found = np.zeros((len(objects), 4), np.float32)
    base, stop = found.ctypes.data, found.ctypes.data + 16 * len(objects)
    corners = (range(base + shift, stop + shift, 16) for shift in (0, 4, 8, 12))
    deque(map(object_bounds, objects, *corners), maxlen=0)
    return found


def matrix_of(item: int) -> Floats:
    """A page object's matrix as (a, b, c, d, e, f)."""
    matrix = np.zeros(6, np.float32)
    matrix[[0, 3]] = 1
    object_matrix(item, matrix.ctypes.data)
    return matrix


def fill_of(item: int) -> tuple[bool, bool, tuple[int, int, int, int]]:
    """Whether a path is filled, whether it is stroked, and its fill as red, green, blue, alpha (0 to 255)."""
    modes = (ctypes.c_int * 2)()
    base = ctypes.addressof(modes)
    draw_mode(item, base, base + 4)
    color = (ctypes.c_uint * 4)()
    base = ctypes.addressof(color)
    object_fill(item, base, base + 4, base + 8, base + 12)
    return bool(modes[0]), bool(modes[1]), (color[0], color[1], color[2], color[3])


def curved(items: Sequence[int]) -> npt.NDArray[np.bool_]:
    """Which paths set out in a curve, (n,), as nearly all of a chart's or a map's do."""
    types = map(segment_type, map(path_segment, items, repeat(1)))
    return np.asarray(np.fromiter(types, np.int32, len(items)) == CURVE)


def straight_points(item: int, *, most: int) -> list[tuple[int, float, float]]:
    """The segments of a path as (type, x, y) in its own space, 0 line and 2 move; empty with a curve or over `most`."""
    count = int(count_segments(item))
    if not 2 <= count <= most:
        return []
    point = (ctypes.c_float * 2)()
    base = ctypes.addressof(point)
    points = []
    for segment in map(path_segment, repeat(item), range(count)):
        kind = int(segment_type(segment)) if segment else CURVE
        if kind == CURVE:
            return []
        segment_point(segment, base, base + 4)
        points.append((kind, point[0], point[1]))
    return points
