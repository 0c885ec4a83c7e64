"""Acronyms that the text never explains, with what they stand for where that is certain.

A term is explained when its full form or a gloss stands anywhere: in brackets beside it, in a clause after it, in a
glossary row. Letters that stand for several things are reported with their choices and never filled in.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from sfo_nlp.checks.base import CheckContext, Finding
from sfo_nlp.checks.hints import Lines, lines_of
from sfo_nlp.document import Document, Span
from sfo_nlp.language.prose import is_word

_TOKEN = re.compile(
    r"(?<![\w@./#&-])(?P<term>(?:[A-Z]|n(?=[A-Z]))(?:[A-Za-z]|&(?=[A-Z])|-(?=[A-Z]{2,3}\b))*(?:-?\d{1,4})?)(?![\w@])"
)
_ROMAN = re.compile(r"[IVXLC]+")
_CODE_AHEAD = re.compile(r"\s?\d[A-Z]{2}\b|\s\d\d\s?\d\d\s?\d\d\b|\s?\d{5,}|/\d")
_NAME = re.compile(r"\b[A-Z][a-z’'-]+(?:\s+(?:[A-Z][a-z’'-]+|[A-Z]\.?))+")
_TITLE_BEHIND = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Mx|HHJ|Judge)\.?\s$")
_MIXED_NAME = re.compile(r"(?:Mc|Mac|De|Le|La|Fitz|O)[A-Z][a-z]+$")
_LONGEST = 8
_POSSESSIVE = r"(?:s|’s|'s|s’|s')?"
_REFERENCE = r"(?!see\b|para|page|section|annex|appendix|level\b|category\b|dated\b|and\b|or\b|not\b|as\b)"

# What explains letters that stand before it: brackets with words, "stands for", a clause that says what the thing is.
_GLOSS_AFTER = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_POSSESSIVE}\s*\(\s*{_REFERENCE}(?:an?\s+|the\s+)?[A-Za-z][\w’'-]+[ ,-]+[\w’'-]+",
        r"s?[”’\"]?,?\s+(?:stands? for|means|which stands for|(?:for )?short(?: for)?|that is,|i\.e\.|meaning)\b",
        r"s?,\s+(?:the|an?|our|which is|which are|that is|or)\s+[a-z][\w’'-]+\s+[\w’'-]+",
        r"(?:\s+[a-z]+)?,\s+(?:the|an?)\s+[a-z][\w’'-]+\s+(?:of|that|which|who|where|for|to|by|used)\b",
        r"s?\s+(?:is|are)\s+(?:the|an?|our)\s+[a-z][\w’'-]+\s+(?:\w+\s+)?(?:of|that|which|who|where|for|by|used|probation)\b",
        r"s?\s+(?:is|are)\s+(?:the|an?|our)\s+(?:name|term|form|score|scheme|system|meeting|panel|tool|record|number|team|set)\b",
    )
)
_NAMED_BEFORE = re.compile(
    r"(?:known as|called|call|abbreviated (?:to|as)|shortened to|referred to as|goes by)\s+(?:an?\s|the\s)?[“‘\"(]?$"
)
_BRACKET_BEFORE = re.compile(r"\w+\s+[\w’'-]+\s*[(\[]\s*(?:the\s|or\s|known as\s|called\s)?[“\"]?$")
_PHRASE_BEFORE = re.compile(r"\b(?:[Aa]n?|[Tt]he|[Oo]ur)\s(?:[\w’'-]+\s){0,3}[a-z][\w’'-]+,\s(?:the|an?|or|our)\s$")


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of ``acronyms.toml``: what the letters stand for, one `expansion` or several `choices`."""

    acronym: str
    plain: str
    source: str
    expansion: str | None = None
    choices: tuple[str, ...] = ()

    @property
    def meanings(self) -> tuple[str, ...]:
        return (self.expansion,) if self.expansion else self.choices


@dataclass(frozen=True, slots=True)
class Use:
    """An acronym in a document: its first place, how often it stands there, where it is explained if anywhere."""

    acronym: str
    term: Term | None
    first: Span
    count: int
    explained_at: int | None


@dataclass(frozen=True, slots=True)
class Glossary:
    """All known terms, by their letters and by their letters in capitals, and what never needs explaining."""

    terms: Mapping[str, Term]
    everyday: frozenset[str]
    capitals: Mapping[str, Term] = field(default_factory=dict)

    def find(self, letters: str) -> Term | None:
        """The term for `letters`; other spellings in capitals (ROSH) and hyphens (CAS-3) are the same term."""
        return self.terms.get(letters) or self.capitals.get(letters.upper().replace("-", ""))


@lru_cache(maxsize=1)
def glossary() -> Glossary:
    """The built-in glossary."""
    data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    terms = {
        acronym: Term(acronym, entry["plain"], entry["source"], entry.get("expansion"), tuple(entry.get("choices", ())))
        for acronym, entry in data["terms"].items()
    }
    return Glossary(
        terms, frozenset(data["everyday"] + data["shouted"]), {key.upper(): term for key, term in terms.items()}
    )


def acronyms(document: Document) -> tuple[Use, ...]:
    """Every acronym of a document in the order of first use, everyday ones left out."""
    lines = lines_of(document.text)
    places: dict[str, list[Span]] = {}
    known: dict[str, Term | None] = {}
    for letters, span in _candidates(document):
        term = glossary().find(letters)
        key = term.acronym if term else letters
        known[key] = term
        places.setdefault(key, []).append(span)
    return tuple(
        Use(key, known[key], spans[0], len(spans), _explained_at(document, lines, key, known[key], spans))
        for key, spans in places.items()
    )


def find_acronyms(context: CheckContext, used: tuple[Use, ...]) -> Iterator[Finding]:
    """A finding ``acronym`` for each one never explained, ``late_acronym`` for one explained after its first use."""
    for use in used:
        if use.explained_at is not None and use.explained_at <= use.first.end:
            continue
        term = use.term
        yield Finding(
            check="readability",
            label="acronym" if use.explained_at is None else "late_acronym",
            evidence=(context.document.evidence(use.first, source="rule:acronyms"),),
            facts={
                "term": use.acronym,
                "expansion": term.expansion if term else None,
                "choices": list(term.choices) if term else [],
                "plain": term.plain if term else None,
                "count": use.count,
            },
        )


def _candidates(document: Document) -> Iterator[tuple[str, Span]]:
    """Letters that look like an acronym, with their place; codes, initials of people and shouted words left out."""
    text, other = document.text, _Other(document.text)
    for match in _TOKEN.finditer(text):
        letters, end = match["term"], match.end()
        if "-" in letters and not glossary().find(letters):
            letters = letters.partition("-")[0]
            end = match.start() + len(letters)
        if letters[-1:] == "s" and len(letters) > 2 and (letters[:-1].isupper() or letters[:-1] in glossary().terms):
            letters, end = letters[:-1], end - 1
        if letters in glossary().everyday or not (letters in glossary().terms or sum(map(str.isupper, letters)) > 1):
            continue
        if _CODE_AHEAD.match(text, match.end()) or _TITLE_BEHIND.search(
            text[max(0, match.start() - 7) : match.start()]
        ):
            continue
        if glossary().find(letters) is None and not _looks_right(letters, other):
            continue
        if _shouted(document, match.start(), letters):
            continue
        yield letters, Span(match.start(), end)


class _Other:
    """What letters may stand for in a text other than an abbreviation; looked for when first asked for."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def initials(self) -> set[str]:
        """Of people named in full."""
        initials = {"".join(word[0] for word in match.group().split()) for match in _NAME.finditer(self._text)}
        return initials | {letters[0] + letters[-1] for letters in initials}

    @cached_property
    def words(self) -> set[str]:
        """In small letters."""
        return set(re.findall(r"\b[a-z]{2,}\b", self._text))


def _looks_right(letters: str, other: _Other) -> bool:
    """Whether letters that no glossary knows are an acronym: capitals only, no number, name or ordinary word."""
    if not letters.rstrip("0123456789-").replace("&", "").isupper() or len(letters) > _LONGEST:
        return False
    if _ROMAN.fullmatch(letters) or _MIXED_NAME.match(letters) or letters in other.initials:
        return False
    return letters.lower() not in other.words and not (len(letters) >= 4 and is_word(letters.lower()))


def _shouted(document: Document, offset: int, letters: str) -> bool:
    """Whether the letters stand among words set in capitals, where they say nothing."""
    block = document.block_of(offset)
    if block is None:
        return False
    words = re.findall(r"[^\W\d_]{2,}", document.text[block.span.start : block.span.end])
    shouting = sum(word.isupper() for word in words)
    if len(words) > 1 and shouting > 0.7 * len(words):
        return len(words) > 3 or is_word(letters.lower())
    around = document.text[max(block.span.start, offset - 24) : offset + 24]
    in_row = re.search(rf"(?:[A-Z]{{2,}} ){{2,}}{letters}\b|\b{letters}(?: [A-Z]{{2,}}){{2,}}", around)
    return bool(in_row) and glossary().find(letters) is None


def _explained_at(document: Document, lines: Lines, key: str, term: Term | None, spans: list[Span]) -> int | None:
    """The offset of the earliest full form or gloss, or None."""
    text, places = document.text, []
    for meaning in term.meanings if term else ():
        match = lines.search(_meaning(meaning), (max(_words(meaning), key=len).lower(),))
        if match:
            places.append(match.start())
    for order, span in enumerate(spans):
        if _glossed(text, span, first=order == 0) or _defined_by_row(document, span):
            places.append(span.start)
            break
    if not term:
        match = lines.search(_spelt_out(key), (key.lower(),))
        if match:
            places.append(match.start())
    return min(places, default=None)


def _words(meaning: str) -> list[str]:
    return re.findall(r"[A-Za-z0-9']+", meaning)


@lru_cache(maxsize=512)
def _meaning(meaning: str) -> re.Pattern[str]:
    """The full form as it may stand in a text: any case, hyphen or space, plural."""
    return re.compile(
        r"\b" + r"s?[\s,-]+(?:and\s|&\s)?".join(map(re.escape, _words(meaning))) + r"(?:s|es)?\b", re.IGNORECASE
    )


@lru_cache(maxsize=512)
def _spelt_out(letters: str) -> re.Pattern[str]:
    """Words whose initials are the letters, set beside them in brackets."""
    words = r"[\s-]+(?:(?:of|and|the|for|in|to|on)\s+)?".join(
        rf"(?i:{char})[\w’']+" for char in letters if char.isalpha()
    )
    return re.compile(rf"\b{words}\s*[(\[“\"]\s*{re.escape(letters)}\b")


def _glossed(text: str, span: Span, *, first: bool) -> bool:
    """Whether a gloss stands directly beside the letters at `span`."""
    before, after = text[max(0, span.start - 80) : span.start], text[span.end : span.end + 160]
    if any(pattern.match(after) for pattern in _GLOSS_AFTER) or _NAMED_BEFORE.search(before):
        return True
    if first and _BRACKET_BEFORE.search(before) and re.match(r"s?[”\"]?[)\]]", after):
        return True
    return bool(first and _PHRASE_BEFORE.search(before) and re.match(r"s?,", after))


def _defined_by_row(document: Document, span: Span) -> bool:
    """Whether the letters open a glossary line, or fill a cell with words beside it."""
    block = document.block_of(span.start)
    if block is None:
        return False
    rest = document.text[span.end : block.span.end]
    if block.cell and block.cell.column == 0 and not rest.strip(" .:"):
        if block.span.start != span.start:
            return False
        following = document.blocks[block.number : block.number + 1]
        return any(
            item.cell and item.cell.row == block.cell.row and len(document.text[slice(*item.span)].split()) >= 2
            for item in following
        )
    opens = not document.text[block.span.start : span.start].strip(" -•*")
    return opens and bool(re.match(r"\s*(?::|=|[–—-])\s*[A-Za-z][\w’'-]+\s+\w+", rest))
