"""Broken and hostile files: seeded mutants of good ones, and files built to attack a reader's structure."""

import io
import random
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

SAMPLES = Path(__file__).parent.parent / "corpus" / "samples"
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_INTEGER = re.compile(rb"(?<![\w.])\d{1,6}(?![\w.])")
_HUGE = (b"0", b"-1", b"2147483647", b"4294967296", b"99999999999999999999", b"0.0000001", b"1e308")
_WORDS = (
    b"/Kids",
    b"/Count",
    b"/Parent",
    b"/Length",
    b"/Filter",
    b"/Type",
    b"endobj",
    b"xref",
    b"trailer",
    b"obj",
    b"R",
)
_TAGS = ("w:p", "w:r", "w:t", "w:tbl", "w:tr", "w:tc", "w:sdt", "w:ins", "w:del", "w:txbxContent", "w:pict")


def samples(folder: Path = SAMPLES) -> list[tuple[str, bytes]]:
    """The files that mutants are made of."""
    return [(path.name, path.read_bytes()) for path in sorted(folder.iterdir()) if path.suffix in (".pdf", ".docx")]


def mutant(index: int, seed: int, files: list[tuple[str, bytes]]) -> tuple[str, bytes]:
    """Mutant number `index`: the same one for the same seed, whatever came before it."""
    rng = random.Random(f"{seed}/{index}")
    name, content = rng.choice(files)
    inside = _inside_docx if name.endswith(".docx") else _inside_pdf
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        content = inside(content, rng) if rng.random() < 0.55 else rng.choice(_BYTES)(content, rng, files)
    return f"mutant-{index}{Path(name).suffix}", content


def _flip(content: bytes, rng: random.Random, _: object) -> bytes:
    made = bytearray(content)
    for _unused in range(rng.choice((1, 2, 8, 64, 512))):
        if made:
            made[rng.randrange(len(made))] = rng.randrange(256)
    return bytes(made)


def _cut(content: bytes, rng: random.Random, _: object) -> bytes:
    start = rng.randrange(len(content) + 1)
    return content[:start] + content[start + rng.choice((1, 16, 400, 5_000, 10**9)) :]


def _repeat(content: bytes, rng: random.Random, _: object) -> bytes:
    start = rng.randrange(len(content) + 1)
    piece = content[start : start + rng.choice((4, 40, 4_000))]
    return content[:start] + piece * rng.choice((2, 5, 100)) + content[start:]


def _splice(content: bytes, rng: random.Random, files: list[tuple[str, bytes]]) -> bytes:
    other = rng.choice(files)[1]
    return content[: rng.randrange(len(content) + 1)] + other[rng.randrange(len(other)) :]


def _swap(content: bytes, rng: random.Random, _: object) -> bytes:
    a, b = sorted((rng.randrange(len(content) + 1), rng.randrange(len(content) + 1)))
    size = min(rng.choice((8, 200, 3_000)), b - a)
    return content[:a] + content[b : b + size] + content[a + size : b] + content[a : a + size] + content[b + size :]


_BYTES: tuple[Callable[[bytes, random.Random, list[tuple[str, bytes]]], bytes], ...] = (
    _flip,
    _cut,
    _repeat,
    _splice,
    _swap,
)


def _replace_one(pattern: re.Pattern[bytes], content: bytes, rng: random.Random, new: bytes) -> bytes:
    places = list(pattern.finditer(content))
    if not places:
        return content
    place = rng.choice(places)
    return content[: place.start()] + new + content[place.end() :]


def _inside_pdf(content: bytes, rng: random.Random) -> bytes:
    """Change numbers, names or a stream's unpacked bytes."""
    kind = rng.random()
    if kind < 0.35:
        return _replace_one(_INTEGER, content, rng, rng.choice(_HUGE))
    if kind < 0.55:
        return _replace_one(re.compile(re.escape(rng.choice(_WORDS))), content, rng, rng.choice(_WORDS))
    places = list(_STREAM.finditer(content))
    if not places:
        return _flip(content, rng, ())
    place = rng.choice(places)
    packed = place.group(1)
    try:
        plain = zlib.decompress(packed)
    except zlib.error:
        return content[: place.start(1)] + _flip(packed, rng, ()) + content[place.end(1) :]
    plain = rng.choice(
        (
            _flip(plain, rng, ()),
            _cut(plain, rng, ()),
            _repeat(plain, rng, ()),
            _replace_one(_INTEGER, plain, rng, rng.choice(_HUGE)),
            plain.replace(b"Tj", rng.choice((b"TJ", b"Do", b"BI", b"q q q")), rng.choice((1, 50))),
        )
    )
    return content[: place.start(1)] + zlib.compress(plain) + content[place.end(1) :]


def _inside_docx(content: bytes, rng: random.Random) -> bytes:
    """Change one part of the package and pack it again."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as source:
            parts = {name: source.read(name) for name in source.namelist()}
    except Exception:
        return _flip(content, rng, ())
    name = rng.choice([name for name in parts if name.startswith("word/")] or list(parts))
    part = parts[name]
    kind = rng.random()
    if kind < 0.2:
        del parts[name]
    elif kind < 0.45:
        parts[name] = _flip(part, rng, ())
    elif kind < 0.6:
        parts[name] = _cut(part, rng, ())
    elif kind < 0.8:
        parts[name] = _replace_one(_INTEGER, part, rng, rng.choice(_HUGE))
    else:
        tag, other = rng.choice(_TAGS).encode(), rng.choice(_TAGS).encode()
        parts[name] = part.replace(b"<" + tag + b">", b"<" + other + b">").replace(
            b"</" + tag + b">", b"</" + other + b">"
        )
    return packed(parts)


def packed(parts: dict[str, bytes]) -> bytes:
    """Parts as a zip archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def pdf_of(objects: dict[int, bytes], *, root: int = 1, extra: bytes = b"") -> bytes:
    """A PDF of numbered objects with a right cross-reference table."""
    made, places = bytearray(b"%PDF-1.7\n"), {}
    for number, body in objects.items():
        places[number] = len(made)
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (max(objects) + 1)
    for number in range(1, max(objects) + 1):
        made += b"%010d 00000 %s \n" % (places.get(number, 0), b"n" if number in places else b"f")
    made += b"trailer\n<</Size %d/Root %d 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (max(objects) + 1, root, extra, start)
    return bytes(made)


def stream(content: bytes, *, head: bytes = b"", pack: int = 1) -> bytes:
    """A stream object, packed as many times as `pack` says."""
    for _ in range(pack):
        content = zlib.compress(content, 9)
    filters = b"[" + b"/FlateDecode " * pack + b"]"
    return b"<</Length %d/Filter%s%s>>stream\n%s\nendstream" % (len(content), filters, head, content)


_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>%s>>"
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
_WORDS_SHOWN = b"BT /F 11 Tf 72 700 Td (The officer was of the view that it was not in the plan.) Tj ET\n"


def page_pdf(
    content: bytes = _WORDS_SHOWN, *, page: bytes = b"", catalog: bytes = b"", font: bytes = _FONT, **more: bytes
) -> bytes:
    """A PDF of one page with the given content; `more` are further objects by ``o7`` and so on."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: _PAGE % page,
        4: stream(content),
        5: font,
    }
    return pdf_of(objects | {int(name[1:]): body for name, body in more.items()})


def hostile_pdfs() -> Iterator[tuple[str, bytes]]:
    """PDFs that attack a reader: each name says how."""
    loop = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"}
    yield "cyclic-pages", pdf_of(loop)
    yield (
        "cyclic-parent",
        pdf_of(
            loop | {2: b"<</Type/Pages/Parent 2 0 R/Kids[3 0 R]/Count 1>>", 3: b"<</Type/Pages/Kids[2 0 R]/Count 1>>"}
        ),
    )
    yield "a-million-pages-said", pdf_of(loop | {2: b"<</Type/Pages/Kids[3 0 R]/Count 1000000>>", 3: _PAGE % b""})
    yield "minus-pages", pdf_of(loop | {2: b"<</Type/Pages/Kids[3 0 R]/Count -7>>", 3: _PAGE % b""})
    for name, box in {
        "huge": b"0 0 1e9 1e9",
        "nothing": b"0 0 0 0",
        "upside-down": b"595 842 0 0",
        "nan": b"a b c d",
    }.items():
        yield f"box-{name}", page_pdf(page=b"/MediaBox[%s]/CropBox[%s]" % (box, box))
    yield "rotate-odd", page_pdf(page=b"/Rotate 77")
    yield "user-unit", page_pdf(page=b"/UserUnit 1e30")
    yield "deep-array", page_pdf(page=b"/X " + b"[" * 100_000 + b"]" * 100_000)
    yield "deep-dictionary", page_pdf(page=b"/X " + b"<</A" * 50_000 + b" 1" + b">>" * 50_000)
    yield (
        "many-rules",
        page_pdf(
            b"".join(b"10 %d m 500 %d l S %d 10 m %d 800 l S " % (y, y, y, y) for y in range(10, 3_900)) + _WORDS_SHOWN
        ),
    )
    yield "font-missing", page_pdf(font=b"<</Type/Font/Subtype/TrueType/BaseFont/NoSuchFont/FontDescriptor 99 0 R>>")
    yield (
        "font-is-itself",
        page_pdf(font=b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[5 0 R]>>"),
    )
    yield (
        "font-type3-in-itself",
        page_pdf(
            font=b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/CharProcs<</T 4 0 R>>"
            b"/Encoding<</Differences[84/T]>>/FirstChar 84/LastChar 84/Widths[9]/Resources<</Font<</F 5 0 R>>>>>>"
        ),
    )
    yield (
        "cmap-in-itself",
        page_pdf(
            font=_FONT[:-2] + b"/ToUnicode 7 0 R>>", o7=stream(b"1 beginbfrange <00><ff><0000> endbfrange " * 50_000)
        ),
    )
    yield (
        "javascript",
        page_pdf(
            catalog=b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\); this.submitForm\\('http://127.0.0.1:9'\\))>>"
        ),
    )
    yield "launch", page_pdf(catalog=b"/OpenAction<</S/Launch/F(/bin/sh)/Win<</F(cmd.exe)>>>>")
    yield "uri", page_pdf(catalog=b"/OpenAction<</S/URI/URI(http://127.0.0.1:9/)>>")
    yield (
        "embedded-file",
        page_pdf(
            catalog=b"/Names<</EmbeddedFiles<</Names[(../../x.exe) 7 0 R]>>>>",
            o7=b"<</Type/Filespec/F(../../x.exe)/EF<</F 8 0 R>>>>",
            o8=stream(b"MZ"),
        ),
    )
    yield (
        "external-stream",
        pdf_of(
            {
                1: b"<</Type/Catalog/Pages 2 0 R>>",
                2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
                3: _PAGE % b"",
                4: b"<</Length 0/F(http://127.0.0.1:9/x)>>stream\n\nendstream",
                5: _FONT,
            }
        ),
    )
    good = page_pdf()
    yield "wrong-xref", good.replace(b"startxref\n", b"startxref\n9")
    yield "xref-of-itself", good.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % good.rindex(b"xref\n0"))
    yield "shifted-xref", b"%PDF-1.4\n" + b"x" * 900 + good
    yield "no-end", good[:-30]
    yield (
        "encrypt-nonsense",
        good.replace(
            b"/Root 1 0 R", b"/Root 1 0 R/Encrypt<</Filter/Standard/V 9/R 9/O(x)/U(y)/P -1/Length 99999>>/ID[(a)(b)]"
        ),
    )
    yield (
        "annotations",
        page_pdf(
            page=b"/Annots["
            + b"<</Type/Annot/Subtype/StrikeOut/QuadPoints[0 0 9 9 0 0 9 9]/Rect[0 0 9 9]/Contents(x)>>" * 20_000
            + b"]"
        ),
    )
    yield "script-in-text", page_pdf(_WORDS_SHOWN.replace(b"The officer", b"<script>alert\\(1\\)</script> =cmd\\(\\)"))


_HEAD = (
    b'<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
)
_TAIL = b"</w:body></w:document>"
_TEXT = b"<w:p><w:r><w:t>The officer was of the view that it was not in the plan.</w:t></w:r></w:p>"
_RELATIONS = b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def word_of(body: bytes = _TEXT, **parts: bytes) -> bytes:
    """A DOCX with the given body; `parts` are more, ``__`` standing for a slash, ``_dot_`` for a dot."""
    more = {name.replace("__", "/").replace("_dot_", "."): part for name, part in parts.items()}
    return packed({"word/document.xml": _HEAD + body + _TAIL} | more)


def hostile_docx() -> Iterator[tuple[str, bytes]]:
    """Word files that attack a reader: each name says how."""
    yield "plain", word_of()
    deep = 5_000
    yield "deep-tables", word_of(b"<w:tbl><w:tr><w:tc>" * deep + _TEXT + b"</w:tc></w:tr></w:tbl>" * deep)
    yield (
        "deep-runs",
        word_of(b"<w:p>" + b"<w:ins>" * deep + b"<w:r><w:t>x</w:t></w:r>" + b"</w:ins>" * deep + b"</w:p>"),
    )
    yield "medium-tables", word_of(b"<w:tbl><w:tr><w:tc>" * 70 + _TEXT + b"</w:tc></w:tr></w:tbl>" * 70)
    yield "boxes-in-boxes", word_of(b"<w:p><w:r><w:txbxContent>" * 80 + _TEXT + b"</w:txbxContent></w:r></w:p>" * 80)
    laugh = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    yield "billion-laughs", packed({"word/document.xml": b'<!DOCTYPE x [<!ENTITY a0 "ha">' + laugh + b"]><x>&a9;</x>"})
    yield (
        "external-entity",
        packed(
            {
                "word/document.xml": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
                + _HEAD
                + b"<w:p><w:r><w:t>&a;</w:t></w:r></w:p>"
                + _TAIL
            }
        ),
    )
    outside = b'<Relationship Id="r1" Type="%s" Target="http://127.0.0.1:9/x" TargetMode="External"/>'
    for kind in ("attachedTemplate", "image", "oleObject", "frame", "subDocument"):
        rels = _RELATIONS % (outside % (_TYPE + kind).encode())
        yield (
            f"external-{kind}",
            packed({"word/document.xml": _HEAD + _TEXT + _TAIL, "word/_rels/document.xml.rels": rels}),
        )
    yield (
        "paths-up",
        packed({"word/document.xml": _HEAD + _TEXT + _TAIL, "../../../../tmp/escaped": b"x", "/etc/escaped": b"x"}),
    )
    styles = b'<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">%s</w:styles>'
    rels = _RELATIONS % b'<Relationship Id="r1" Type="%s" Target="styles.xml"/>' % (_TYPE + "styles").encode()
    circle = b'<w:style w:styleId="A"><w:basedOn w:val="B"/></w:style>'
    circle += b'<w:style w:styleId="B"><w:basedOn w:val="A"/></w:style>'
    yield (
        "styles-in-a-circle",
        packed(
            {
                "word/document.xml": _HEAD + _TEXT + _TAIL,
                "word/_rels/document.xml.rels": rels,
                "word/styles.xml": styles % circle,
            }
        ),
    )
    span = b'<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr>' + _TEXT + b"</w:tc></w:tr></w:tbl>"
    yield "span-huge", word_of(span)
    yield "no-main", packed({"word/other.xml": b"<a/>"})
    yield "main-is-folder", packed({"word/document.xml/": b"", "word/x": b""})
    two = io.BytesIO()
    with zipfile.ZipFile(two, "w") as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made.writestr("word/document.xml", _HEAD + _TEXT + _TAIL)
        made.writestr("word/document.xml", b"<other/>")
    yield "two-mains", two.getvalue()
    yield "header-lies", word_of().replace(b"PK\x01\x02", b"PK\x01\x03")
    yield "method-unknown", word_of().replace(b"\x14\x00\x00\x00\x08\x00", b"\x14\x00\x00\x00\x63\x00")
    yield "macros", word_of(word__vbaProject_dot_bin=b"\xd0\xcf\x11\xe0")
    yield "reordered", word_of(_TEXT.replace(b"officer", "\u202eofficer\u202c".encode()))


def hostile_text() -> Iterator[tuple[str, bytes]]:
    """Plain text that attacks patterns."""
    yield "spaces.txt", b" " * 3_000_000 + b"x"
    yield "pipes.md", b"|" * 500_000 + b"\n" + b"|" * 500_000
    yield "stars.md", b"*_" * 500_000
    yield "hashes.md", b"#" * 400_000 + b" a"
    yield "one-line.txt", b"the of to and a in was that he " * 100_000
    yield "controls.txt", bytes(range(1, 32)) * 10_000 + b" the of to and a in was"


def heavy() -> Iterator[tuple[str, bytes]]:
    """Files that are small and unpack or grow beyond measure."""
    yield "deflate-bomb.pdf", page_pdf(b" " * 300_000_000 + _WORDS_SHOWN)
    yield (
        "deflate-bomb-twice.pdf",
        pdf_of(
            {
                1: b"<</Type/Catalog/Pages 2 0 R>>",
                2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
                3: _PAGE % b"",
                4: stream(b" " * 200_000_000, pack=3),
                5: _FONT,
            }
        ),
    )
    yield "many-words.pdf", page_pdf(b"BT /F 1 Tf " + b"1 0 0 1 10 10 Tm (word of the ) Tj " * 400_000 + b"ET")
    yield "many-paths.pdf", page_pdf(b"0 0 m 9 9 l S " * 600_000 + _WORDS_SHOWN)
    yield "deep-state.pdf", page_pdf(b"q " * 300_000 + _WORDS_SHOWN)
    yield (
        "laughing-forms.pdf",
        page_pdf(
            b"/A Do",
            page=b"/Resources<</XObject<</A 7 0 R>>>>",
            **{
                f"o{n}": stream(
                    b"/A Do " * 12,
                    head=b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A %d 0 R>>>>" % (n + 1),
                )
                for n in range(7, 15)
            },
        ),
    )
    yield (
        "image-bomb.pdf",
        page_pdf(
            b"/A Do",
            page=b"/Resources<</XObject<</A 7 0 R>>>>",
            o7=stream(
                b"\0" * 1_000_000,
                head=b"/Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8/ColorSpace/DeviceRGB",
            ),
        ),
    )
    yield "zip-bomb.docx", word_of(_TEXT + b"<w:p/>" * 60_000_000)
    yield "zip-bomb-spaces.docx", packed({"word/document.xml": _HEAD + _TEXT + b" " * 900_000_000 + _TAIL})
    yield (
        "many-parts.docx",
        packed({"word/document.xml": _HEAD + _TEXT + _TAIL} | {f"word/{n}.xml": b"" for n in range(30_000)}),
    )
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A 7 0 R>>>>"
    yield (
        "form-in-itself.pdf",
        page_pdf(
            b"/A Do " + _WORDS_SHOWN, page=b"/Resources<</XObject<</A 7 0 R>>>>", o7=stream(b"/A Do /A Do", head=form)
        ),
    )


def light() -> Iterator[tuple[str, bytes]]:
    """Files that attack a reader's structure, with names that have the right ending."""
    for name, content in hostile_pdfs():
        yield f"{name}.pdf", content
    for name, content in hostile_docx():
        yield f"{name}.docx", content
    yield from hostile_text()


def hostile() -> Iterator[tuple[str, bytes]]:
    """All files built to attack."""
    yield from light()
    yield from heavy()
