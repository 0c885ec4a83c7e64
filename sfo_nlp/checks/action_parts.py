"""The words of an action taken apart: who does it, by when, how one would know, how far it reaches."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sfo_nlp.checks.owners import Posts, posts

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_SEASON = r"(?:spring|summer|autumn|winter)"
DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}(?:\s+\d{{4}})?|{_MONTH}\s+\d{{4}}"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{4}-\d{2}-\d{2}"
    rf"|(?:the\s+)?end\s+of\s+(?:{_MONTH}|the\s+(?:year|month|quarter|financial\s+year))(?:\s+\d{{4}})?"
    rf"|Q[1-4](?:\s+\d{{4}})?|(?:(?:early|late|mid)[ -])?{_SEASON}(?:\s+\d{{4}})?"
    rf"|(?:next|this)\s+(?:month|quarter|year|{_SEASON})|(?:Easter|Christmas)(?:\s+\d{{4}})?)\b"
)
_LOOSE = re.compile(
    rf"\b(?:by|in|from|before|until|at|to|within)\s+(?:the\s+)?(?P<date>{_MONTH}|{_SEASON}"
    r"|(?:a\s+|this\s+|one\s+)?(?:month|quarter|week)"
    r"|(?:two|three|four|six|eight|nine|twelve|eighteen|\d+)\s+(?:weeks|months))\b",
    re.IGNORECASE,
)
_LOOKS_AHEAD = re.compile(r"\b(?:to|will|shall|should|must|is asked|are asked|recommend)\b")
_AHEAD = re.compile(
    r"(?P<word>by|before|from|until|starting(?:\s+in)?|beginning(?:\s+in|\s+on)?|as\s+of|in|on|at|to|within|during"
    r"|no\s+later\s+than|not\s+later\s+than|due|decision\s+by|:|after|than|ending|complete[ds]?|,)\s*(?:the\s+)?$",
    re.IGNORECASE,
)
_MODAL = re.compile(
    r"[\s,]+(?P<modal>to|will|should|must|shall|is\s+to|are\s+to|has|have|is\s+asked|are\s+asked|was|were|is|are|would"
    r"|needs?\s+to|ought\s+to)[\s,]+(?P<rest>\S.*)",
    re.DOTALL,
)
# What may stand before the owner: a number, "I recommend that", a date.
_OPENING = re.compile(
    r"^\W*(?:\d+[.)]\s*|(?:I|We|It\s+is)\s+recommend(?:ed)?\s+that\s+|That\s+"
    rf"|(?:By|From|On|Within|In)\s+(?:the\s+)?(?:{DATE.pattern}|[^,]{{3,40}},)[\s,]*)",
)
# "Plan not reviewed → Head of PDU to audit": the action stands after the last arrow.
_ARROW = re.compile(r"→|⇒|➔|➜|[-=]{1,3}>")
_BRACKETED = re.compile(r"\s*\([^()]{1,60}\)")
_BY_OWNER = re.compile(
    r"\bby\s+(?P<owner>(?:the\s+|an?\s+|our\s+)?[A-Z][\w’'-]+(?:\s+(?:of|for|and|the|[A-Z][\w’'-]+))*)"
)
_LATER_OWNER = re.compile(
    r"[,;:(]\s*(?:and\s+)?(?P<owner>(?:the\s+)?[A-Z][\w’'-]+(?:\s+(?:of|for|the|[A-Z][\w’'-]+))*)\s+(?:to|will|should|must)\s"
)
_LABELLED = re.compile(r"\b(?:owner|lead|responsible|who)\s*[:–-]\s*(?P<owner>[^.;,|]+)", re.IGNORECASE)
_TITLED = re.compile(r"^(?:Mr|Mrs|Ms|Miss|Dr|Mx)\.?\s+[A-Z]")
_PERSON = re.compile(r"^(?:(?:Mr|Mrs|Ms|Miss|Dr|Mx)\.?\s+)?[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+){0,2}$")
_NOBODY = re.compile(
    r"(?:no ?(?:one|body)|none|n/?a|tbc|to be (?:decided|confirmed|agreed|named)|not (?:yet )?(?:named|agreed))\b",
    re.IGNORECASE,
)
_PUT_TO = re.compile(
    r"\b(?:ask|asks|asked|asking|raise|raised|put it|put to|write|written|propos\w+|request\w*|escalat\w+"
    r"|take .{0,40} to)\b"
)
LONGEST_OWNER = 12


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
    posts: Posts
    verbs: frozenset[str]
    determiners: frozenset[str]
    crowds: frozenset[str]
    columns: Mapping[str, tuple[str, ...]]
    weak: tuple[re.Pattern[str], ...]
    measure: tuple[re.Pattern[str], ...]
    levels: tuple[tuple[str, re.Pattern[str]], ...]


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    data = tomllib.loads(Path(__file__).with_name("actions.toml").read_text(encoding="utf-8"))
    return _Patterns(
        owners=re.compile(rf"\b(?:{'|'.join(sorted(data['owners'], key=len, reverse=True))})\b", re.IGNORECASE),
        posts=posts(tuple(data["posts"])),
        verbs=frozenset(data["verbs"]),
        determiners=frozenset(data["determiners"]),
        crowds=frozenset(data["crowds"]),
        columns={name: tuple(heads) for name, heads in data["columns"].items()},
        weak=tuple(re.compile(item["pattern"], re.IGNORECASE) for item in data["weak"]),
        measure=tuple(re.compile(item["pattern"], re.IGNORECASE) for item in data["measure"]),
        levels=tuple((item["level"], re.compile(item["pattern"], re.IGNORECASE)) for item in data["level"]),
    )


def judged_text(text: str, beside: Mapping[str, str]) -> Parts:
    """An action's words taken apart, with what the cells beside it say under owner, due and measure."""
    patterns = _patterns()
    owner = owner_of(text) or _owner_cell(beside.get("owner", ""))
    due = due_of(text) or due_of(f"by {beside.get('due') or beside.get('owner', '')}")
    measured = bool(beside.get("measure", "").strip(" -–—"))
    measurable = measured or any(pattern.search(text) for pattern in patterns.measure)
    reminding = any(pattern.search(text) for pattern in patterns.weak)
    weak = (reminding and not (due and (owner or measurable))) or not (owner or due or measurable)
    return Parts(owner, due, measurable, weak, level_of(text, owner, weak=weak))


def owner_of(text: str) -> str | None:
    """Who is to do it, as written: the subject of the demand, or the doer after "by"."""
    text = _ARROW.split(text)[-1]
    for _ in range(2):
        text = _OPENING.sub("", text)
    modal = _MODAL.search(text)
    # "A supplier to be appointed by the Head of X" is for the Head; "the Board to be asked" is for the Board.
    suffers = modal and re.match(r"be\s+(?!asked|invited|requested|required|instructed|told)\w+", modal["rest"])
    if modal and not suffers:
        subject = text[: modal.start()].strip(" ,:")
        # "Write to the board" has a verb before "to", not a doer.
        verb = modal["modal"] == "to" and subject.lower() in _patterns().verbs
        if not verb and _can_own(subject):
            return subject
    for found in _named(text, modal["rest"] if modal and suffers else ""):
        if _can_own(found) and not _LOOSE.match(f"by {found}") and not DATE.match(found):
            return found
    return None if modal and not suffers else _opening_role(text)


def _named(text: str, suffered: str) -> Iterator[str]:
    """Who is named beside the demand, surest first; `suffered` is what is to be done where it stands in the passive."""
    yield from (match["owner"].strip() for match in _LABELLED.finditer(text))
    for match in _BY_OWNER.finditer(text):
        found = match["owner"].strip()
        # "Replaced by OASys": one word alone is rather a system or a form.
        if " " in found:
            yield found
    yield from _patterns().posts.doers(suffered)
    yield from (match["owner"].strip() for match in _LATER_OWNER.finditer(text))
    yield from _patterns().posts.named(text)


def _opening_role(text: str) -> str | None:
    """A role that opens a demand without an auxiliary: "that the regional director withdraw one of the two"."""
    words = text.split()[:LONGEST_OWNER]
    heads = [place for place, word in enumerate(words) if _patterns().owners.fullmatch(word.strip(",'’s"))]
    if not heads or heads[0] > 4 or words[0].lower() not in ("the", "our", "a"):
        return None
    return " ".join(words[: heads[0] + 1]).strip(",")


def _can_own(subject: str) -> bool:
    """Whether a subject names somebody who can be held to it."""
    patterns = _patterns()
    first = _BRACKETED.sub("", re.split(r",\s", subject)[0])
    words = first.lower().split()
    if not words or len(words) > LONGEST_OWNER:
        return False
    bare = " ".join(words[1:] if words[0] in ("the", "our", "an", "a") else words)
    if words[0] in patterns.determiners or bare in patterns.crowds or (words[-1] in patterns.crowds and len(words) < 3):
        return False
    head = re.split(r"\s+(?:of|for|in|at|with)\s+", bare)[0]
    return bool(patterns.owners.search(head) or all(_PERSON.match(part) for part in first.split(" and ")))


def _owner_cell(text: str) -> str | None:
    """The owner in a cell of its own: what stands before a date."""
    date = DATE.search(text)
    owner = (text[: date.start()] if date else text).strip(" ,;:.–-")
    owner = re.sub(r"\s+(?:by|before|from|in|on|within)$", "", owner)
    if _NOBODY.match(owner):
        return None
    return owner if owner and len(owner.split()) <= LONGEST_OWNER and owner.lower() not in _patterns().crowds else None


def due_of(text: str) -> str | None:
    """By when, as written: a date after a preposition of time, else a month, season or number of weeks; or None.

    "On" and "in" name a day that lies ahead only where something is still to be done.
    """
    ahead = bool(_LOOKS_AHEAD.search(text)) or len(text.split()) < 4
    for match in DATE.finditer(text):
        before = _AHEAD.search(text[max(0, match.start() - 24) : match.start()])
        if match.start() == 0 or (before and (ahead or before["word"].lower() not in ("on", "in", "at", ",", "of"))):
            return match.group()
    loose = _LOOSE.search(text) if ahead else None
    return loose["date"] if loose else None


def level_of(text: str, owner: str | None, *, weak: bool) -> str:
    """How far the action reaches: as far as a national body it is put to, else from its owner, else from its words."""
    if weak and _TITLED.match(owner or text):
        return "individual"
    levels = _patterns().levels
    if _PUT_TO.search(text) and levels[0][1].search(text):
        return levels[0][0]
    for source in (owner or "", text):
        for level, pattern in levels:
            if pattern.search(source):
                return level
    return "team"


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
