"""Hard-wrapped lines of a text file joined into what their author wrote as one: a sentence cut in two may say the
opposite of itself ("not" at the end of one line, "all reasonable steps were taken" on the next)."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from sfo_nlp.extract.characters import clean

Kind = Literal["text", "heading", "row"]
HEADING = re.compile(r"^(?P<hashes>#{1,6})\s+(?P<title>.+?)\s*#*$")
ITEM = re.compile(r"^(?P<marker>[-*•–+]|\(?[a-z]{1,2}\)|\(?[ivx]+\)|\(?\d{1,2}\))\s+(?P<text>.+)$")
NUMBER = re.compile(r"^(?P<marker>\d+(\.\d+)+\.?)\s+(?P<text>.+)$")
COUNTED = re.compile(r"^(?P<marker>\d{1,2}\.)\s+(?P<text>\S.*)$")
RULE_ROW = re.compile(r"^[|\s:+-]+$")
_QUOTE = re.compile(r"^\s{0,3}(?:>[ \t]?)+")
_RULE = re.compile(r"^(?:=+|-{2,}|~{3,}|\*{3,}|_{3,}|(?:[-*_] ){2,}[-*_])$")
_COLUMNS = re.compile(r"\S(?:\t|\s{3,})\S")
_BOLD = re.compile(r"^(?P<mark>\*\*|__)(?P<title>[^*_]{1,100})(?P=mark)$")
# "Owner: Head of unit" below a numbered line belongs to an action, and "09.15" is a time of day.
_LABELLED = re.compile(r"^[A-Z][\w ]{0,25}:\s")
_TIME = re.compile(r"(?:^|\.)0")
_FINISHED = re.compile(r"[.!?:;…][\"'”’)\]*_]*$")
# After these a line was never meant to end, however short it is.
_LEADS_ON = frozenset(
    "a an and any are as at be been but by did do does for from had has have her his if in into is it its no nor not "
    "of on or our so than that the their these they this those to was we were when which while who whose will with "
    "without would mr mrs ms miss dr".split()
)
# In a group of lines narrower than this nobody wrapped: they are short because they were written short.
NARROWEST, DOUBLE_SPACED = 45, 40
FULL, TITLE_WORDS, DEEPEST = 0.85, 9, 6


class Piece(NamedTuple):
    """Lines that belong together: their text, what they are, and whether they stand in a group of their own."""

    text: str
    kind: Kind = "text"
    level: int = 0
    alone: bool = False


def pieces(text: str, *, markdown: bool) -> Iterator[Piece]:
    """What the lines of a text say, wrapping undone. Never joined: headings, list items, rows of tables and columns.

    A line that starts in lower case goes on the one before, over a blank line too where every line has one after it.
    In Markdown a paragraph goes on to the blank line; else a line goes on when the next word would not have fitted.
    """
    before: Piece | None = None
    for lines in _groups(text):
        for piece in _of_group(lines, markdown=markdown):
            if before and _goes_on_over_blank(before, piece):
                before = before._replace(text=f"{before.text} {piece.text}", alone=False)
                continue
            if before:
                yield before
            before = piece
    if before:
        yield before


def _groups(text: str) -> Iterator[list[str]]:
    """The lines between blank lines, marks of quotation taken off."""
    group: list[str] = []
    for raw in text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n"):
        # The gaps of columns are kept until it is known that the line has some.
        line = _QUOTE.sub("", raw).strip()
        if clean(line):
            group.append(line)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _of_group(lines: list[str], *, markdown: bool) -> Iterator[Piece]:
    """One group of lines as pieces."""
    ruled = any(RULE_ROW.match(line) and "|" in line for line in lines)
    width = max(map(len, lines))
    kept: list[str] = []
    above = ""
    for place, line in enumerate(lines):
        row = line.startswith("|") or (ruled and "|" in line)
        if row or _RULE.match(line):
            under = not row and line[0] in "=-" and len(kept) == 1 and _may_be_title(kept[0])
            if kept:
                yield _piece(kept, heading=1 if under and line[0] == "=" else 2 if under else 0, alone=False)
            kept = []
            if row:
                yield Piece(clean(line), "row")
            continue
        if kept and not _goes_on(kept, line, width, markdown=markdown):
            titled = len(kept) == 1 and place == 1 and _is_title_of(kept[0], line)
            numbered = _numbered_title(lines, place - 1, above) if len(kept) == 1 else 0
            yield _piece(kept, heading=2 if titled else numbered, alone=False)
            above, kept = kept[0], []
        kept.append(line)
    if kept:
        yield _piece(kept, heading=0, alone=len(lines) == 1)


def _piece(lines: list[str], *, heading: int, alone: bool) -> Piece:
    text = clean(" ".join(lines))
    mark = HEADING.match(text)
    if mark:
        return Piece(clean(mark["title"]), "heading", len(mark["hashes"]))
    bold = _BOLD.match(text)
    if bold and _may_be_title(bold["title"]):
        return Piece(clean(bold["title"]), "heading", 2)
    return Piece(text, "heading" if heading else "text", heading, alone)


def _goes_on(kept: list[str], line: str, width: int, *, markdown: bool) -> bool:
    """Whether `line` goes on with what is kept of the lines above it."""
    last = kept[-1]
    if HEADING.match(last) or _BOLD.match(last) or _opens(line, kept) or _COLUMNS.search(last):
        return False
    if line[0].islower():
        return True
    if len(kept) == 1 and _is_title_of(last, line) and _breaks_early(last, line, width):
        return False
    if markdown or last.endswith(",") or last.lower().split()[-1] in _LEADS_ON:
        return True
    wrapped = len(kept) > 1 or not _FINISHED.search(last)
    return wrapped and width >= NARROWEST and not _breaks_early(last, line, width)


def _opens(line: str, kept: list[str]) -> bool:
    """Whether a line starts something of its own: a heading, a list item, a numbered paragraph, a row of columns."""
    if HEADING.match(line) or ITEM.match(line) or NUMBER.match(line) or _BOLD.match(line) or _COLUMNS.search(line):
        return True
    counted = COUNTED.match(line)
    if not counted:
        return False
    # "on page\n14. The officer" is no list; one starts with 1, goes on with a number, or follows a finished line.
    return counted["marker"] == "1." or bool(COUNTED.match(kept[0])) or bool(_FINISHED.search(kept[-1]))


def _breaks_early(last: str, line: str, width: int) -> bool:
    """Whether the next word would have fitted on the line: then its author ended it."""
    return len(last) + 1 + len(line.split()[0]) <= FULL * max(width, NARROWEST)


def _may_be_title(line: str) -> bool:
    words = line.split()
    return (
        len(words) <= TITLE_WORDS
        and line[0].isupper()
        and line[-1] not in ".!?,;:)"
        and words[-1].lower() not in _LEADS_ON
    )


def _is_title_of(line: str, below: str) -> bool:
    """Whether a line stands as a heading directly above its paragraph: short, without a colon, prose below it."""
    return _may_be_title(line) and ":" not in line and _is_prose(below) and not ITEM.match(line)


def _is_prose(line: str) -> bool:
    return len(line.split()) > TITLE_WORDS or bool(_FINISHED.search(line))


def _numbered_title(lines: list[str], place: int, above: str) -> int:
    """The depth of a numbered line that is the heading of what stands directly below it, else 0.

    Below it stands prose, or a number one level deeper. After another number of its own depth (in `above`, the line
    that opens what stands over it) or after a colon it is an item of a list.
    """
    depth, title = _numbered(lines[place])
    if not 0 < depth <= DEEPEST or place + 1 == len(lines) or not _may_be_title(title) or ":" in title:
        return 0
    below = lines[place + 1]
    deeper, text = _numbered(below)
    if deeper:
        opens = deeper == depth + 1 and (_is_prose(text) or _numbered_title(lines, place + 1, lines[place]))
        return depth if opens else 0
    listed = _numbered(above)[0] == depth or (place > 0 and lines[place - 1].endswith(":"))
    return depth if _is_prose(below) and not (listed or ITEM.match(below) or _LABELLED.match(below)) else 0


def _numbered(line: str) -> tuple[int, str]:
    """How deep the number before a line is (0 without one), and the line's words."""
    found = NUMBER.match(line) or COUNTED.match(line)
    if not found or _TIME.search(found["marker"]):
        return 0, line
    return found["marker"].rstrip(".").count(".") + 1, found["text"]


def _goes_on_over_blank(before: Piece, piece: Piece) -> bool:
    """Whether a text has a blank line after every line: an unfinished long line, then one in lower case."""
    return (
        before.kind == piece.kind == "text"
        and piece.text[0].islower()
        and len(before.text) >= DOUBLE_SPACED
        and not _FINISHED.search(before.text)
        and not any(mark.match(piece.text) for mark in (ITEM, NUMBER, COUNTED))
    )
