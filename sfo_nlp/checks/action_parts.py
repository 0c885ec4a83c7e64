"""The words of an action taken apart: who does it, by when, how one would know, how far it reaches."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from sfo_nlp.checks.action_dates import date_beside_owner, due_beside, due_of, is_when, settled, when
from sfo_nlp.checks.data import count, data, phrases
from sfo_nlp.checks.owners import Posts, posts
from sfo_nlp.checks.reach import level_of

# "Plan not reviewed → Head of PDU to audit": the action stands after the last arrow.
_ARROW = re.compile(r"→|⇒|➔|➜|[-=]{1,3}>")
_OWNED = re.compile(r"['’]s?$")
_BRACKETED = re.compile(r"\s*\([^()]{1,60}\)")
_BY_OWNER = re.compile(
    r"\bby\s+(?P<owner>(?:the\s+|an?\s+|our\s+)?[A-Z][\w’'-]+(?:\s+(?:of|for|and|the|[A-Z][\w’'-]+))*)"
)


class Parts(NamedTuple):
    """The parts of an action, as in `Action`."""

    owner: str | None
    due: str | None
    measurable: bool
    weak: bool
    level: str


@dataclass(frozen=True, slots=True)
class _Patterns:
    modal: re.Pattern[str]
    opening: re.Pattern[str]
    suffers: re.Pattern[str]
    later_owner: re.Pattern[str]
    labelled: re.Pattern[str]
    person: re.Pattern[str]
    nobody: re.Pattern[str]
    trailing: re.Pattern[str]
    elsewhere: re.Pattern[str]
    label: re.Pattern[str]
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
    goes_on: re.Pattern[str]


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    file = data("actions")
    return _Patterns(
        **_demands(),
        owners=re.compile(rf"\b(?:{'|'.join(sorted(file['owners'], key=len, reverse=True))})\b", re.IGNORECASE),
        posts=posts(tuple(file["posts"])),
        verbs=frozenset(file["verbs"]),
        determiners=frozenset(file["determiners"]),
        crowds=frozenset(file["crowds"]),
        columns={name: tuple(heads) for name, heads in file["columns"].items()},
        action_heads=re.compile("|".join(file["action_heads"])),
        told=re.compile(file["told"], re.IGNORECASE),
        weak=tuple(re.compile(item["pattern"], re.IGNORECASE) for item in file["weak"]),
        measure=tuple(re.compile(item["pattern"], re.IGNORECASE) for item in file["measure"]),
        goes_on=re.compile(file["goes_on"], re.IGNORECASE),
    )


def _demands() -> dict[str, re.Pattern[str]]:
    """What an action's words are made of beside its owner and date, from ``[demands]`` and ``[cells]``."""
    words, cells = phrases("actions", "demands", space=r"\s+"), phrases("actions", "cells", space=r"\s+")
    short = phrases("actions", "cells")
    titles = rf"(?:{words['titles']}\.?\s+)"
    return {
        "modal": re.compile(rf"[\s,]+(?P<modal>{words['modals']})[\s,]+(?P<rest>\S.*)", re.DOTALL),
        # What may stand before the owner: a number, "I recommend that", a date.
        "opening": re.compile(
            rf"^\W*(?:\d+[.)]\s*|{words['opens']}\s+"
            rf"|{words['before_date']}\s+(?:the\s+)?(?:{when().written.pattern}|[^,]{{3,40}},)[\s,]*)"
        ),
        "suffers": re.compile(rf"be\s+(?!{words['told']})\w+"),
        "later_owner": re.compile(
            r"[,;:(]\s*(?:and\s+)?(?P<owner>(?:the\s+)?[A-Z][\w’'-]+(?:\s+(?:of|for|the|[A-Z][\w’'-]+))*)"
            rf"\s+{words['later_modals']}\s"
        ),
        "labelled": re.compile(rf"\b{words['owner_labels']}\s*[:–-]\s*(?P<owner>[^.;,|]+)", re.IGNORECASE),
        "person": re.compile(rf"^{titles}?[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+){{0,2}}$"),
        "nobody": re.compile(rf"{short['nobody']}\b", re.IGNORECASE),
        "trailing": re.compile(rf"\s+{words['trailing']}$"),
        "elsewhere": re.compile(
            rf"\W*(?:{cells['sends']}\s+(?:{cells['places']}|[A-Z]?\d)|{cells['repeats']}|same\W*$)", re.IGNORECASE
        ),
        "label": re.compile(rf"\W*{short['labels']}\s*[:–-]\s*\S.{{0,60}}$", re.IGNORECASE),
    }


def judged_text(text: str, beside: Mapping[str, str], otherwise: Mapping[str, str] | None = None) -> Parts:
    """An action's words taken apart.

    `beside` is what its row says under owner, due and measure: a key that is there wins over the words, even where its
    cell is empty. `otherwise` is what holds where the words name nothing, from the sentence before or a loose table.
    """
    patterns = _patterns()
    otherwise = otherwise or {}
    beside = {kind: cell for kind, cell in beside.items() if not patterns.elsewhere.match(cell)}
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
        text = _patterns().opening.sub("", text)
    modal = _patterns().modal.search(text)
    # "A supplier to be appointed by the Head of X" is for the Head; "the Board to be asked" is for the Board.
    suffers = modal and _patterns().suffers.match(modal["rest"])
    if modal and not suffers:
        subject = text[: modal.start()].strip(" ,:")
        # "Write to the board" has a verb before "to", not a doer.
        verb = modal["modal"] == "to" and subject.lower() in _patterns().verbs
        if not verb and _can_own(subject):
            return subject
    for found in _named(text, modal["rest"] if modal and suffers else ""):
        if _can_own(found) and not is_when(found):
            return found
    return None if modal and not suffers else _opening_role(text)


def _named(text: str, suffered: str) -> Iterator[str]:
    """Who is named beside the demand, surest first; `suffered` is what is to be done where it stands in the passive."""
    yield from (match["owner"].strip() for match in _patterns().labelled.finditer(text))
    for match in _BY_OWNER.finditer(text):
        found = match["owner"].strip()
        # "Replaced by OASys": one word alone is rather a system or a form.
        if " " in found:
            yield found
    yield from _patterns().posts.doers(suffered)
    yield from (match["owner"].strip() for match in _patterns().later_owner.finditer(text))
    yield from _patterns().posts.named(text)


def _longest_owner() -> int:
    return count("actions", "owner_words")


def _opening_role(text: str) -> str | None:
    """A role that opens a demand without an auxiliary: "that the regional director withdraw one of the two"."""
    words = text.split()[: _longest_owner()]
    heads = [place for place, word in enumerate(words) if _patterns().owners.fullmatch(_OWNED.sub("", word.strip(",")))]
    if not heads or heads[0] > 4 or words[0].lower() not in ("the", "our", "a"):
        return None
    return " ".join(words[: heads[0] + 1]).strip(",")


def _can_own(subject: str) -> bool:
    """Whether a subject names somebody who can be held to it."""
    patterns = _patterns()
    first = _BRACKETED.sub("", re.split(r",\s", subject)[0])
    words = first.lower().split()
    if not words or len(words) > _longest_owner():
        return False
    bare = " ".join(words[1:] if words[0] in ("the", "our", "an", "a") else words)
    if words[0] in patterns.determiners or bare in patterns.crowds or (words[-1] in patterns.crowds and len(words) < 3):
        return False
    head = re.split(r"\s+(?:of|for|in|at|with)\s+", bare)[0]
    return bool(patterns.owners.search(head) or all(patterns.person.match(part) for part in first.split(" and ")))


def _owner_cell(text: str) -> str | None:
    """The owner in a cell of its own: what stands before a date."""
    date = date_beside_owner(text)
    owner = (text[: date.start()] if date else text).strip(" ,;:.(–-")
    owner = re.sub(r"[;,]\s*(?:no\s+)?date\b.*", "", owner)
    owner = _patterns().trailing.sub("", owner)
    if not settled(owner) or _patterns().nobody.match(owner):
        return None
    return owner if len(owner.split()) <= _longest_owner() and owner.lower() not in _patterns().crowds else None


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
    # "What will be done" has a word of progress.
    kinds = (None, "status")
    return any(_patterns().action_heads.fullmatch(half) and column_kind(half) in kinds for half in _halves(header))


def says_what_to_do(header: str) -> bool:
    """Whether a column holds what is to be done, or how one will know that it was: it finds no fault."""
    return is_action_head(header) or (column_kind(header) == "measure" and header.lower().startswith("how"))


def is_head_of(header: str, kind: str) -> bool:
    """Whether a column is headed by one of the words listed under `kind` in ``actions.toml``."""
    return any(_is_head(half, head) for half in _halves(header) for head in _patterns().columns[kind])


def is_label(text: str) -> bool:
    """Whether a sentence is nothing but the owner, the date or the measure of the demand before it."""
    return bool(_patterns().label.match(text))


def names_no_action(text: str) -> bool:
    """Whether an action's cell is empty, sends elsewhere, or says that nothing is to be done or agreed yet."""
    return (
        not settled(text)
        or bool(_patterns().elsewhere.match(text))
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
