"""Foreign text made safe to show: invisible and direction-changing characters visible, no formulas, safe file names."""

import re
import unicodedata
from pathlib import PurePath

_KEPT = frozenset("\n\t\u200d\u00ad")
_HIDDEN = frozenset("Cc Cf Co Cs".split())
_DOUBLE = '“”"'
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})


def visible(text: str) -> str:
    """`text` with control, direction-changing and private characters written out as ⟨U+202E⟩."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(char) for char in text)


def _shown(char: str) -> str:
    if char in _KEPT or unicodedata.category(char) not in _HIDDEN:
        return char
    return f"⟨U+{ord(char):04X}⟩"


def one_line(text: str, *, longest: int | None = None) -> str:
    """`text` made visible on one line, cut at a word when it is longer than `longest` characters."""
    words = " ".join(visible(text).split())
    if longest is None or len(words) <= longest:
        return words
    return f"{words[:longest].rsplit(' ', 1)[0]}…"


def quoted(text: str) -> str:
    """`text` in quotation marks: single ones around double ones, none around words that carry their own."""
    if not any(mark in text for mark in _DOUBLE):
        return f"“{text}”"
    inner = text[1:-1]
    whole = text[:1] in _DOUBLE and text[-1:] in _DOUBLE and not any(mark in inner for mark in _DOUBLE)
    return text if whole else f"‘{text}’"


def cell(value: object) -> object:
    """A value for a table: text that a spreadsheet would run as a formula gets an apostrophe in front."""
    if isinstance(value, str):
        value = visible(value)
        return f"'{value}" if value.lstrip(" \n").startswith(_FORMULA) else value
    return value


def xml_safe(text: str) -> str:
    """`text` without what XML cannot hold; what is taken out is written out."""
    return visible(text).replace("\u00ad", "")


def file_name(name: str, *, suffix: str) -> str:
    """A file name that every system takes, from a foreign one: its stem, made safe and bounded, and `suffix`."""
    stem = PurePath(name.replace("\\", "/")).name
    stem = unicodedata.normalize("NFC", stem)
    stem = re.sub(r"[^\w.() -]+", "_", re.sub(r"\.(pdf|docx|txt|md)$", "", stem, flags=re.IGNORECASE))
    stem = stem.strip(" .")[:80] or "review"
    if stem.split(".")[0].lower() in _DEVICES:
        stem = f"_{stem}"
    return f"{stem}{suffix}"
