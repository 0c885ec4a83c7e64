"""A `Document` as bytes and back, between the reader's process and ours: JSON and plain arrays, nothing that runs."""

import json
import struct
from typing import Any

import numpy as np

from sfo_nlp.document import Block, Cell, Document, LeftOut, Page, Span, Warning, Words
from sfo_nlp.errors import ReaderFailed, SfoError

_HEAD = struct.Struct("<QQ")


def pack(document: Document) -> bytes:
    """The document without its name and id, which the caller knows better."""
    words = document.words
    head = {
        "format": document.format,
        "text": document.text,
        "blocks": [[*block.span, block.kind, block.level, block.marker, block.cell] for block in document.blocks],
        "pages": [[page.number, page.width, page.height, *page.span, page.scanned] for page in document.pages],
        "warnings": [[item.code, item.message, item.page] for item in document.warnings],
        "left_out": [[item.reason, item.text, item.page] for item in document.left_out],
        "facts": list(document.facts),
        "extractor": document.extractor,
    }
    body = json.dumps(head).encode()
    arrays = b"".join(
        array.tobytes()
        for array in (
            words.starts.astype("<i4"),
            words.ends.astype("<i4"),
            words.pages.astype("<i4"),
            words.boxes.astype("<f4"),
        )
    )
    return _HEAD.pack(len(body), len(words.starts)) + body + arrays


def unpack(parcel: bytes, *, identity: str, name: str) -> Document:
    """The document again. Raises `ReaderFailed` when the parcel is not what `pack` makes."""
    try:
        length, count = _HEAD.unpack_from(parcel)
        head = json.loads(parcel[_HEAD.size : _HEAD.size + length])
        words = _words(parcel, _HEAD.size + length, count)
        return _document(head, words, identity, name)
    except SfoError:
        raise
    except Exception as error:
        # Whatever is wrong with it: the process that sent it has read a foreign file and is not to be trusted.
        raise ReaderFailed(f"{name}: the reader's answer makes no sense") from error


def _words(parcel: bytes, start: int, count: int) -> Words:
    if len(parcel) != start + 28 * count:
        raise ValueError("wrong length")
    starts, ends, pages = (np.frombuffer(parcel, "<i4", count, start + 4 * count * index) for index in range(3))
    boxes = np.frombuffer(parcel, "<f4", 4 * count, start + 12 * count).reshape(count, 4)
    return Words(starts, ends, pages, boxes)


def _document(head: dict[str, Any], words: Words, identity: str, name: str) -> Document:
    text = str(head["text"])
    size = len(text)
    if len(words.starts) and not (int(words.starts.min()) >= 0 and int(words.ends.max()) <= size):
        raise ValueError("words outside the text")
    return Document(
        id=identity,
        name=name,
        format=head["format"],
        text=text,
        blocks=tuple(
            Block(_span(start, end, size), kind, number, int(level), str(marker), Cell(*cell) if cell else None)
            for number, (start, end, kind, level, marker, cell) in enumerate(head["blocks"], start=1)
        ),
        pages=tuple(
            Page(int(number), float(width), float(height), _span(start, end, size), bool(scanned))
            for number, width, height, start, end, scanned in head["pages"]
        ),
        words=words,
        warnings=tuple(Warning(str(code), str(message), page) for code, message, page in head["warnings"]),
        left_out=tuple(LeftOut(str(reason), str(words), page) for reason, words, page in head["left_out"]),
        facts=tuple(str(fact) for fact in head["facts"]),
        extractor=str(head["extractor"]),
    )


def _span(start: int, end: int, size: int) -> Span:
    if not 0 <= start <= end <= size:
        raise ValueError("a span outside the text")
    return Span(start, end)
