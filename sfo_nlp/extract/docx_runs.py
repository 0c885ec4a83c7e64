"""The runs of a Word paragraph: its kept words, and what a reader of the accepted text does not see."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from sfo_nlp.document import LeftOut, Warning
from sfo_nlp.extract.build import Read
from sfo_nlp.extract.characters import REORDERING, clean
from sfo_nlp.extract.docx_styles import Look, Styles, look_of, value
from sfo_nlp.extract.package import W

MOST_DEPTH = 60
DELETED = (f"{W}del", f"{W}moveFrom")
_SKIPPED = {f"{W}{name}" for name in ("commentRangeStart", "commentRangeEnd", "pPr", "rPr", "sectPr")}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BOX = f"{W}txbxContent"
_MESSAGES = {
    "tracked_changes": "Tracked changes are unresolved: insertions were read, deletions left out. This is a draft.",
    "struck_out": "Struck-out text was left out; is this a draft?",
    "hidden_text": "Hidden text was left out.",
    "comments": "Comments were left out. Remove them before the review is disclosed.",
    "reordering_marks": "Characters that reorder text were made visible.",
    "external_content": "The document refers to content outside itself, which was not fetched.",
}


class Leavings:
    """What is left out of `read`, each kind with its warning, once."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._warned: set[str] = set()

    def warn(self, code: str) -> None:
        """Add a warning once."""
        if code not in self._warned:
            self._warned.add(code)
            self._read.warnings.append(Warning(code, _MESSAGES[code]))

    def leave(self, code: str, reason: str, text: str) -> None:
        """Record words that are not read, with their warning."""
        self.warn(code)
        if text.strip():
            self._read.left_out.append(LeftOut(reason, clean(text)))

    def deleted(self, item: etree._Element) -> None:
        """Record what a tracked change takes away."""
        self.leave("tracked_changes", "deleted", "".join(item.itertext(f"{W}delText", f"{W}t")))


@dataclass(slots=True)
class ParagraphText:
    """A paragraph's kept words, how they are set, and the notes and text boxes that it refers to."""

    pieces: list[str] = field(default_factory=list)
    bold: int = 0
    plain: int = 0
    size: float = 0.0
    notes: list[str] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)


def read_runs(paragraph: etree._Element, look: Look, styles: Styles, leavings: Leavings) -> ParagraphText:
    """The words of `paragraph`, whose own look is `look`; what is deleted, struck out or hidden goes to `leavings`."""
    text = ParagraphText()
    for run in _runs(paragraph, leavings, depth=0):
        _read_run(run, text, look, styles, leavings)
    return text


def _runs(item: etree._Element, leavings: Leavings, *, depth: int) -> Iterator[etree._Element]:
    if depth > MOST_DEPTH:
        return
    for child in item:
        tag = child.tag
        if tag in DELETED:
            leavings.deleted(child)
        elif tag == f"{W}r":
            yield child
        elif isinstance(tag, str) and tag not in _SKIPPED and tag != _FALLBACK:
            if tag in (f"{W}ins", f"{W}moveTo"):
                leavings.warn("tracked_changes")
            yield from _runs(child, leavings, depth=depth + 1)


def _read_run(run: etree._Element, text: ParagraphText, look: Look, styles: Styles, leavings: Leavings) -> None:
    properties = run.find(f"{W}rPr")
    own = look_of(None, properties)
    named = value(properties, "rStyle") if properties is not None else ""
    own = own.over(styles.looks.get(named, Look()) if named else Look()).over(look)
    words = "".join(_words_of(run, text))
    for box in run.iter(_BOX):
        if not any(above.tag in (_FALLBACK, _BOX) for above in _above(box, run)):
            text.boxes.append(box)
    if own.struck and words.strip():
        leavings.leave("struck_out", "struck_out", words)
    elif own.hidden and words.strip():
        leavings.leave("hidden_text", "hidden", words)
    elif words:
        if REORDERING.search(words):
            leavings.warn("reordering_marks")
        text.pieces.append(words)
        if own.bold:
            text.bold += len(words.strip())
        else:
            text.plain += len(words.strip())
        text.size = max(text.size, own.size or styles.size)


def _words_of(run: etree._Element, text: ParagraphText) -> Iterator[str]:
    for child in run:
        if child.tag == f"{W}t":
            yield (child.text or "").replace("\n", " ")
        elif child.tag in (f"{W}tab", f"{W}ptab"):
            yield "\t"
        elif (child.tag == f"{W}br" and child.get(f"{W}type") in (None, "textWrapping")) or child.tag == f"{W}cr":
            yield "\n"
        elif child.tag == f"{W}noBreakHyphen":
            yield "-"
        elif child.tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
            kind = "footnotes" if child.tag.endswith("footnoteReference") else "endnotes"
            text.notes.append(f"{kind}/{child.get(f'{W}id')}")


def _above(item: etree._Element, stop: etree._Element) -> Iterator[etree._Element]:
    for above in item.iterancestors():
        if above is stop:
            return
        yield above
