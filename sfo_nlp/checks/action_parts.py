"""The words of an action taken apart: who does it, by when, how one would know, how far it reaches."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sfo_nlp.checks.action_dates import DATE, LOOSE, date_beside_owner, due_beside, due_of, settled
from sfo_nlp.checks.owners import Posts, posts

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
_OWNED = re.compile(r"['’]s?$")
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
# A cell that sends the reader elsewhere says nothing itself.
_ELSEWHERE = re.compile(
    r"\W*(?:(?:as|see)\s+(?:above|below|before|column|row|action|text|[A-Z]?\d)|ditto|same\W*$)", re.IGNORECASE
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
    action_heads: re.Pattern[str]
    told: re.Pattern[str]
    weak: tuple[re.Pattern[str], ...]
    measure: tuple[re.Pattern[str], ...]
    levels: tuple[tuple[str, re.Pattern[str]], ...]
    goes_on: re.Pattern[str]


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
        action_heads=re.compile("|".join(data["action_heads"])),
        told=re.compile(data["told"], re.IGNORECASE),
        weak=tuple(re.compile(item["pattern"], re.IGNORECASE) for item in data["weak"]),
        measure=tuple(re.compile(item["pattern"], re.IGNORECASE) for item in data["measure"]),
        levels=tuple((item["level"], re.compile(item["pattern"], re.IGNORECASE)) for item in data["level"]),
        goes_on=re.compile(data["goes_on"], re.IGNORECASE),
    )


def judged_text(text: str, beside: Mapping[str, str], otherwise: Mapping[str, str] | None = None) -> Parts:
    """An action's words taken apart.

    `beside` is what its row says under owner, due and measure: a key that is there wins over the words, even where its
    cell is empty. `otherwise` is what holds where the words name nothing, from the sentence before or a loose table.
    """
    patterns = _patterns()
    otherwise = otherwise or {}
    beside = {kind: cell for kind, cell in beside.items() if not _ELSEWHERE.match(cell)}
    owner = (
        _owner_cell(beside["owner"]) if "owner" in beside else owner_of(text) or _owner_cell(otherwise.get("owner", ""))
    )
    due = due_beside(beside) if "due" in beside else due_beside(beside) or due_of(text) or due_beside(otherwise)
    said = patterns.told.sub(" ", text)
    measurable = (
        settled(beside["measure"])
        if "measure" in beside
        else settled(otherwise.get("measure", "")) or any(pattern.search(said) for pattern in patterns.measure)
    )
    reminding = any(pattern.search(text) for pattern in patterns.weak)
    weak = (reminding and not (due and (owner or measurable))) or not (owner or due or measurable)
    return Parts(owner, due, measurable, weak, level_of(text, owner, weak=weak))


def goes_on(text: str) -> bool:
    """Whether a sentence only says when the demand before it is to be done: "To be in force by 1 July 2023."."""
    return bool(_patterns().goes_on.match(text)) and due_of(text) is not None


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
        if _can_own(found) and not LOOSE.match(f"by {found}") and not DATE.match(found):
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
    heads = [place for place, word in enumerate(words) if _patterns().owners.fullmatch(_OWNED.sub("", word.strip(",")))]
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
    date = date_beside_owner(text)
    owner = (text[: date.start()] if date else text).strip(" ,;:.(–-")
    owner = re.sub(r"[;,]\s*(?:no\s+)?date\b.*", "", owner)
    owner = re.sub(r"\s+(?:by|before|from|in|on|within)$", "", owner)
    if not settled(owner) or re.match(r"no ?(?:one|body)\b", owner, re.IGNORECASE):
        return None
    return owner if len(owner.split()) <= LONGEST_OWNER and owner.lower() not in _patterns().crowds else None


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
    """What a column of an action table holds: owner, due, measure, status; None for any other.

    A head in two languages, "Dyddiad / Date", is what either half is.
    """
    halves = _halves(header)
    for kind in ("measure", "owner", "due", "status"):
        if any(_is_head(half, head) for half in halves for head in _patterns().columns[kind]):
            return kind
    return None


def is_action_head(header: str) -> bool:
    """Whether a column is headed as the actions or recommendations of a plan."""
    return any(_patterns().action_heads.fullmatch(half) and column_kind(half) is None for half in _halves(header))


def is_head_of(header: str, kind: str) -> bool:
    """Whether a column is headed by one of the words listed under `kind` in ``actions.toml``."""
    return any(_is_head(half, head) for half in _halves(header) for head in _patterns().columns[kind])


def names_no_action(text: str) -> bool:
    """Whether an action's cell is empty, sends elsewhere, or says that nothing is to be done or agreed yet."""
    return (
        not settled(text)
        or bool(_ELSEWHERE.match(text))
        or text.lower().strip(" -–—.") in _patterns().columns["no_action"]
    )


def _halves(header: str) -> list[str]:
    plain = re.sub(r"\s+", " ", _BRACKETED.sub("", f" {header}").replace("(s)", "").lower())
    whole, *halves = (part.strip(" :.?*") for part in (plain, *re.split(r"\s*[/|]\s*|\s[–-]\s", plain)))
    return [part for part in dict.fromkeys((whole, *halves)) if part]


def _is_head(plain: str, head: str) -> bool:
    """Whether a column's head is this word, begins with it, ends with it, or holds it where it is a long one."""
    if plain == head or plain.startswith(f"{head} ") or (len(head) > 4 and head in plain):
        return True
    return len(head) > 2 and plain.endswith(f" {head}")
