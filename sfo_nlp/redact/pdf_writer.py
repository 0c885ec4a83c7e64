"""A PDF of pictures with an invisible layer of words, written from nothing so that nothing of the old file is in it.

Every page is one JPEG over the whole page and, unseen on top, the words that may stay, each at its place, so that
the copy can be searched and read aloud. The font is a name only: it is never shown, and a table gives the letters.
"""

import zlib
from collections.abc import Sequence
from typing import NamedTuple

_LETTERS = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
1 beginbfrange <0000> <FFFF> <0000> endbfrange
endcmap CMapName currentdict /CMap defineresource pop end end"""
_WIDTH = 0.5


class PlacedText(NamedTuple):
    """A word and its box in points from the page's top left: x0, top, x1, bottom."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float


class PicturePage(NamedTuple):
    """One page: size in points, the JPEG's bytes with its size in pixels, the words to lay over it."""

    width: float
    height: float
    jpeg: bytes
    pixels: tuple[int, int]
    words: Sequence[PlacedText]


def write_pdf(pages: Sequence[PicturePage], *, title: str) -> bytes:
    """The file. Its only metadata is `title`."""
    objects: list[bytes] = []

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    letters = add(_stream(b"", _LETTERS))
    descriptor = add(
        b"<< /Type /FontDescriptor /FontName /Unseen /Flags 4 /FontBBox [0 -200 500 800] /ItalicAngle 0 "
        b"/Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>"
    )
    inner = add(
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Unseen /DW 500 /CIDToGIDMap /Identity "
        b"/FontDescriptor %d 0 R /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
        % descriptor
    )
    font = add(
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Unseen /Encoding /Identity-H /DescendantFonts [%d 0 R] "
        b"/ToUnicode %d 0 R >>" % (inner, letters)
    )
    tree = len(objects) + 3 * len(pages) + 1
    kids = []
    for page in pages:
        picture = add(_picture(page))
        content = add(_stream(b"", _content(page)))
        kids.append(add(_page(page, tree, font, picture, content)))
    add(b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids)))
    root = add(
        b"<< /Type /Catalog /Pages %d 0 R /Lang (en-GB) /ViewerPreferences << /DisplayDocTitle true >> >>" % tree
    )
    info = add(b"<< /Title %s >>" % _string(title))
    return _file(objects, root, info)


def _picture(page: PicturePage) -> bytes:
    head = (
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 " % page.pixels
    )
    return b"<< %s/Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream" % (head, len(page.jpeg), page.jpeg)


def _page(page: PicturePage, tree: int, font: int, picture: int, content: int) -> bytes:
    return (
        b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %.2f %.2f] /Contents %d 0 R "
        b"/Resources << /Font << /F %d 0 R >> /XObject << /P %d 0 R >> >> >>"
    ) % (tree, page.width, page.height, content, font, picture)


def _content(page: PicturePage) -> bytes:
    lines = [b"q %.2f 0 0 %.2f 0 0 cm /P Do Q BT 3 Tr" % (page.width, page.height)]
    for word in page.words:
        size = max(word.bottom - word.top, 1.0)
        natural = _WIDTH * size * len(word.text)
        stretch = 100 * max(word.x1 - word.x0, 0.5) / natural
        code = word.text.encode("utf-16-be").hex().encode()
        lines.append(
            b"/F %.2f Tf %.2f Tz 1 0 0 1 %.2f %.2f Tm <%s> Tj"
            % (size, stretch, word.x0, page.height - word.bottom + 0.2 * size, code)
        )
    return b"\n".join([*lines, b"ET"])


def _stream(head: bytes, body: bytes) -> bytes:
    packed = zlib.compress(body)
    return b"<< %s/Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (head, len(packed), packed)


def _string(text: str) -> bytes:
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode() + b">"


def _file(objects: Sequence[bytes], root: int, info: int) -> bytes:
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        root,
        info,
        start,
    )
    return bytes(out)
