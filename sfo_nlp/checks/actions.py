"""An action taken apart: who does it, by when, how one would know, how far it reaches, and whether it only reminds."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sfo_nlp.checks.base import CheckContext
from sfo_nlp.checks.roles import Role, with_role
from sfo_nlp.document import Block

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}(?:\s+\d{{4}})?|{_MONTH}\s+\d{{4}}|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}}"
    rf"|(?:the\s+)?end\s+of\s+(?:{_MONTH}|the\s+(?:year|month|quarter|financial\s+year))(?:\s+\d{{4}})?|Q[1-4](?:\s+\d{{4}})?"
    rf"|(?:early|late|mid)?-?(?:spring|summer|autumn|winter)(?:\s+\d{{4}})?|(?:next|this)\s+(?:month|quarter|spring|summer|autumn|winter|year)"
    rf"|(?:the\s+month|(?:one|two|three|four|six|nine|twelve|eighteen|\d+)\s+(?:working\s+)?(?:days|weeks|months)))\b"
)
_BARE_MONTH = re.compile(
    rf"\b(?:by|in|from|before|until|of)\s+(?:the\s+)?(?P<date>{_MONTH}|spring|summer|autumn|winter)\b"
)
_AHEAD = re.compile(
    r"(?:by|before|from|until|starting(?:\s+in)?|beginning(?:\s+in|\s+on)?|as\s+of|in|on|within|no\s+later\s+than|not\s+later\s+than|due|decision\s+by|:|after|than|ending|complete[ds]?|,)\s*(?:the\s+)?$",
    re.IGNORECASE,
)
_MODAL = re.compile(
    r"\s+(?:to|will|should|must|shall|is\s+to|are\s+to|has|have|is\s+asked|are\s+asked|was|were|is|are|would|needs?\s+to|ought\s+to)\s+(?P<rest>\S.*)",
    re.S,
)
_BY_OWNER = re.compile(
    r"\bby\s+(?P<owner>(?:the\s+|an?\s+|our\s+)?[A-Z][\w’'-]+(?:\s+(?:of|for|and|the|[A-Z][\w’'-]+))*)"
)
_LATER_OWNER = re.compile(
    r"[,;:(]\s*(?:and\s+)?(?P<owner>(?:the\s+)?[A-Z][\w’'-]+(?:\s+(?:of|for|the|[A-Z][\w’'-]+))*)\s+(?:to|will|should|must)\s"
)
_LABELLED = re.compile(r"\b(?:owner|lead|responsible|who)\s*[:–-]\s*(?P<owner>[^.;,|]+)", re.IGNORECASE)
_TITLED = re.compile(r"^(?:Mr|Mrs|Ms|Miss|Dr|Mx)\.?\s+[A-Z]")
_PERSON = re.compile(r"^(?:(?:Mr|Mrs|Ms|Miss|Dr|Mx)\.?\s+)?[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+){0,2}$")
LONGEST_OWNER = 12


@dataclass(frozen=True, slots=True)
class Action:
    """An action of the review. `level` is individual, team, region or national."""

    role: Role
    owner: str | None
    due: str | None
    measurable: bool
    weak: bool
    level: str


class Parts(NamedTuple):
    """The parts of an action, as in `Action`."""

    owner: str | None
    due: str | None
    measurable: bool
    weak: bool
    level: str


@dataclass(frozen=True, slots=True)
class _Patterns:
    owners: re.Pattern[str]
    crowds: frozenset[str]
    columns: Mapping[str, tuple[str, ...]]
    weak: tuple[re.Pattern[str], ...]
    measure: tuple[re.Pattern[str], ...]
    levels: tuple[tuple[str, re.Pattern[str]], ...]


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return _Patterns(
        owners=re.compile(rf"\b(?:{'|'.join(sorted(data['owners'], key=len, reverse=True))})\b", re.IGNORECASE),
        crowds=frozenset(data["crowds"]),
        columns={name: tuple(heads) for name, heads in data["columns"].items()},
        weak=tuple(re.compile(item["pattern"], re.IGNORECASE) for item in data["weak"]),
        measure=tuple(re.compile(item["pattern"], re.IGNORECASE) for item in data["measure"]),
        levels=tuple((item["level"], re.compile(item["pattern"], re.IGNORECASE)) for item in data["level"]),
    )


def actions(context: CheckContext) -> list[Action]:
    """Every sentence that asks for or reports an action, taken apart, in reading order."""
    rows = _rows(context)
    return [
        Action(role, *judged_text(role.sentence.text, _beside(role.sentence.block, rows, context)))
        for role in with_role(context, "action")
    ]


def judged_text(text: str, beside: Mapping[str, str]) -> Parts:
    """An action's words taken apart, with what the cells beside it say under owner, due and measure."""
    patterns = _patterns()
    owner = owner_of(text) or _owner_cell(beside.get("owner", ""))
    due = due_of(text) or due_of(f"by {beside.get('due') or beside.get('owner', '')}")
    measured = bool(beside.get("measure", "").strip(" -–—"))
    measurable = measured or any(pattern.search(text) for pattern in patterns.measure)
    reminding = any(pattern.search(text) for pattern in patterns.weak)
    weak = (reminding and not (measurable and due)) or not (owner or due or measurable)
    return Parts(owner, due, measurable, weak, level_of(text, owner, weak=weak))


def owner_of(text: str) -> str | None:
    """Who is to do it, as written: the subject of the demand, or the doer after "by"."""
    text = re.sub(r"^\W*(?:\d+[.)]\s*|That\s+|(?:By|From|On|Within)\s+[^,]{3,40},\s*)", "", text)
    modal = _MODAL.search(text)
    if modal:
        subject = text[: modal.start()].strip(" ,:")
        subject = subject.rpartition(", and ")[2] or subject
        if _can_own(subject):
            return subject.rstrip(",")
    for pattern in (_LABELLED, _BY_OWNER, _LATER_OWNER):
        for match in pattern.finditer(text):
            found = match["owner"].strip()
            if _can_own(found) and not DATE.fullmatch(found):
                return found
    return None


def _can_own(subject: str) -> bool:
    """Whether a subject names somebody who can be held to it."""
    patterns = _patterns()
    words = subject.lower().split()
    if not words or len(words) > LONGEST_OWNER:
        return False
    bare = " ".join(words[1:] if words[0] in ("the", "our", "an", "a") else words)
    if words[0] in patterns.crowds or bare in patterns.crowds or (words[-1] in patterns.crowds and len(words) < 4):
        return False
    if DATE.search(subject) and not patterns.owners.search(subject):
        return False
    head = re.split(r"\s+(?:of|for|in|at|with)\s+|,", bare)[0]
    return bool(patterns.owners.search(head) or _PERSON.match(subject) or _TITLED.match(subject))


def _owner_cell(text: str) -> str | None:
    """The owner in a cell of its own: what stands before a date."""
    date = DATE.search(text)
    owner = (text[: date.start()] if date else text).strip(" ,;:.–-")
    owner = re.sub(r"\s+(?:by|before|from|in|on|within)$", "", owner)
    return owner if owner and len(owner.split()) <= LONGEST_OWNER and owner.lower() not in _patterns().crowds else None


def due_of(text: str) -> str | None:
    """By when, as written: a date that lies ahead of a preposition of time, or None."""
    for match in DATE.finditer(text):
        if match.start() == 0 or _AHEAD.search(text[max(0, match.start() - 24) : match.start()]):
            return match.group()
    bare = _BARE_MONTH.search(text)
    return bare["date"] if bare else None


def level_of(text: str, owner: str | None, *, weak: bool) -> str:
    """How far the action reaches: from its owner first, then from its words."""
    if weak and _TITLED.match(owner or text):
        return "individual"
    for source in (owner or "", text):
        for level, pattern in _patterns().levels:
            if pattern.search(source):
                return level
    return "individual" if _TITLED.match(text) and weak else "team"


def _rows(context: CheckContext) -> Mapping[tuple[int, int], list[Block]]:
    rows: dict[tuple[int, int], list[Block]] = {}
    for block in context.document.blocks:
        if block.cell:
            rows.setdefault((block.cell.table, block.cell.row), []).append(block)
    return rows


def _beside(block: Block, rows: Mapping[tuple[int, int], list[Block]], context: CheckContext) -> dict[str, str]:
    """What the other cells of an action's row say, by the kind of their column."""
    if block.cell is None:
        return {}
    found: dict[str, str] = {}
    for other in rows[block.cell.table, block.cell.row]:
        kind = column_kind(other.cell.header if other.cell else "")
        if kind and other.number != block.number:
            found.setdefault(kind, context.document.text[slice(*other.span)])
    return found


def column_kind(header: str) -> str | None:
    """What a column of an action table holds: owner, due, measure, status; None for any other."""
    plain = header.lower().strip(" :.?")
    if not plain:
        return None
    for kind in ("measure", "owner", "due", "status"):
        if any(
            plain == head or plain.startswith(f"{head} ") or (len(head) > 4 and head in plain)
            for head in _columns(kind)
        ):
            return kind
    return None


def _columns(kind: str) -> Iterator[str]:
    yield from _patterns().columns[kind]
