"""What a family would stumble over: dates, ages and names that do not agree, draft marks, references that lead nowhere.

Each finding is certain of what it says about the text and nothing more: which of two things is right, a person knows.
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from sfo_nlp.checks.base import CheckContext, CheckResult, Finding
from sfo_nlp.checks.dates import DAYS, Dated, age_on, dates
from sfo_nlp.checks.hints import lines_of
from sfo_nlp.checks.names import names
from sfo_nlp.checks.persons import persons
from sfo_nlp.checks.spellings import confusable
from sfo_nlp.document import Span

_DRAFT = re.compile(
    r"\b(?:DRAFT|Draft \d|draft (?:version|copy|report|only)|first draft|not for disclosure|version for comment)\b"
    r"|\[(?:insert|add|check|confirm|tbc|date|name|to follow|xx+)[^\]]{0,60}\]|\bX{3,}\b|\?\?+|\bTBC\b|lorem ipsum",
)
_DRAFT_WORDS = ("draft", "not for disclosure", "version for comment", "[", "xxx", "??", "tbc", "lorem ipsum")
_AGED = re.compile(r"\baged\s+(?P<age>\d{1,3})\b")
_BORN = re.compile(r"\b(?:born|date of birth|d\.?o\.?b\.?)\b[^.;\n\d]{0,30}$", re.IGNORECASE)
_DIED = re.compile(r"\b(?:died|was (?:killed|murdered)|were (?:killed|murdered))\s+(?:\w+\s+){0,4}?on\s+$")
_RANGE = re.compile(r"^\s*(?:to|until|till|[–—-])\s*$")
# A small "a" is an article ("on the table a week before") and "I" the writer; neither is the letter of a part.
_POINTER = re.compile(
    r"\b(?P<what>(?i:page|paragraph|para\.?|section|annex|appendix|table))[^\S\n]+"
    r"(?P<number>\d+(?:\.\d+)*|A|[B-HJ-Zb-hj-z])\b"
)
_PARTS = ("page", "para", "section", "annex", "appendix", "table")
_WARNED = {
    "tracked_changes": "tracked changes",
    "struck_out": "struck-out text",
    "comments": "comments",
    "hidden_text": "hidden text",
}


class _Who(NamedTuple):
    """One person; where several have a surname, what is said of it without a given name is told by the title alone."""

    number: int
    title: str
    name: str


class ConsistencyCheck:
    id = "consistency"
    title = "Consistency"

    def run(self, context: CheckContext) -> CheckResult:
        """Findings: draft, impossible_date, wrong_weekday, dates_reversed, two_dates, age, spelling, reference.

        Measures: inconsistencies (count of all), draft (whether draft marks are left), kinds (counts).
        """
        dated = tuple(dates(context.document.text))
        findings = (
            *_drafts(context),
            *_calendar(context, dated),
            *_two_dates(context, dated),
            *_ages(context, dated),
            *_spellings(context),
            *_references(context),
        )
        kinds = Counter(finding.label for finding in findings)
        warned = [_WARNED[item.code] for item in context.document.warnings if item.code in _WARNED]
        measures = {
            "inconsistencies": len(findings),
            "draft": bool(kinds["draft"] or warned),
            "draft_traces": list(dict.fromkeys(warned)),
            "kinds": dict(kinds),
        }
        return CheckResult(self.id, findings, measures)


def _finding(context: CheckContext, label: str, *spans: Span, **facts: object) -> Finding:
    evidence = tuple(context.document.evidence(span, source=f"rule:consistency.{label}") for span in spans)
    return Finding("consistency", label, evidence, facts=facts)


def _drafts(context: CheckContext) -> Iterator[Finding]:
    """Draft marks in the text and in the running lines, one finding per mark."""
    places: dict[str, list[Span]] = defaultdict(list)
    for match in lines_of(context.document.text).finditer(_DRAFT, _DRAFT_WORDS):
        places[match.group().lower()].append(Span(*match.span()))
    for mark, spans in places.items():
        yield _finding(context, "draft", *spans[:3], mark=mark, count=len(spans))


def _calendar(context: CheckContext, dated: Sequence[Dated]) -> Iterator[Finding]:
    """Days that do not exist, weekdays that do not fit, spans of time that end before they start."""
    text = context.document.text
    previous = None
    for item in dated:
        if item.day is None:
            yield _finding(context, "impossible_date", item.span)
            previous = None
            continue
        real = DAYS[item.day.weekday()]
        if item.weekday and item.weekday != real:
            yield _finding(context, "wrong_weekday", item.span, written=item.weekday, right=real)
        between = text[previous.span.end : item.span.start] if previous else "."
        if previous and previous.day and previous.day > item.day and _RANGE.match(between):
            yield _finding(context, "dates_reversed", Span(previous.span.start, item.span.end))
        previous = item


def _two_dates(context: CheckContext, dated: Sequence[Dated]) -> Iterator[Finding]:
    """Two days for one birth or one death: of the same named person, or of the one that the text speaks of."""
    text, people = context.document.text, _mentions(context)
    known: dict[tuple[str, _Who], tuple[date, Span]] = {}
    for item in dated:
        if item.day is None:
            continue
        before = text[max(0, item.span.start - 60) : item.span.start]
        event = "birth" if _BORN.search(before) else "death" if _DIED.search(before) else ""
        who = _nearest(people, item.span.start, within=60)
        if not event or not who:
            continue
        day, span = known.setdefault((event, who), (item.day, item.span))
        if day != item.day:
            yield _finding(context, "two_dates", span, item.span, event=event, who=who.name)


def _ages(context: CheckContext, dated: Sequence[Dated]) -> Iterator[Finding]:
    """An age beside a date of birth and a day: "born 3 May 1980 ... on 4 June 2020, aged 38"."""
    text = context.document.text
    known = [item for item in dated if item.day]
    people = _mentions(context)
    born: dict[_Who, Dated] = {}
    for item in known:
        who = _nearest(people, item.span.start, within=60)
        if who and _BORN.search(text[max(0, item.span.start - 40) : item.span.start]):
            born.setdefault(who, item)
    for match in _AGED.finditer(text):
        who = _nearest(people, match.start(), within=12)
        birth = born.get(who) if who else None
        sentence = context.reading.sentence_at(match.start()).span
        days = [item.day for item in known if sentence.start <= item.span.start < sentence.end and item is not birth]
        if birth and birth.day and len(days) == 1 and days[0]:
            right = age_on(birth.day, days[0])
            if right != int(match["age"]):
                yield _finding(context, "age", Span(*match.span()), birth.span, written=int(match["age"]), right=right)


def _mentions(context: CheckContext) -> list[tuple[Span, _Who]]:
    """Every mention of a person with who it is, in order."""
    text = context.document.text
    number = {span: person.number for person in context.once("persons", lambda: persons(text)) for span in person.spans}
    named = names(text)
    bearers = Counter(surname for surname, _ in {(name.surname, number[name.span]) for name in named})
    shown = {number[name.span]: name.given[0] for name in named if name.given}
    shown |= {number[name.span]: name.surname for name in named if name.surname}
    found = []
    for name in named:
        doubtful = not name.given and bearers[name.surname] > 1
        known = number[name.span]
        who = _Who(0, name.title, name.surname) if doubtful else _Who(known, "", shown[known])
        found.append((name.span, who))
    return found


def _nearest(people: list[tuple[Span, _Who]], offset: int, *, within: int) -> _Who | None:
    """Who was named last before `offset`, at most `within` characters before it."""
    place = bisect_right(people, offset, key=lambda item: item[0].end) - 1
    return people[place][1] if place >= 0 and offset - people[place][0].end <= within else None


def _spellings(context: CheckContext) -> Iterator[Finding]:
    """A name that stands in two spellings, one of them rare."""
    text = context.document.text
    places: dict[str, list[Span]] = defaultdict(list)
    for name in names(text):
        mention = text[slice(*name.span)].lower()
        for part in (*name.given, name.surname):
            # A name in capitals is known by its usual form.
            at = mention.find(part.lower()) if len(part) > 3 else -1
            if at >= 0:
                start = name.span.start + at
                places[part].append(Span(start, start + len(part)))
    counts = {part: len(spans) for part, spans in places.items()}
    for rare, common in confusable(counts):
        yield _finding(context, "spelling", places[rare][0], places[common][0], rare=rare, common=common)


def _references(context: CheckContext) -> Iterator[Finding]:
    """References to pages, paragraphs, annexes and tables that the document does not have."""
    document = context.document
    marks = {block.marker.strip("().") for block in document.blocks if block.marker}
    headings = [document.text[slice(*block.span)] for block in document.blocks if block.kind in ("heading", "caption")]
    parts = {
        (found["what"].lower(), found["number"].upper()) for title in headings for found in _POINTER.finditer(title)
    }
    numbers = marks | {number.rstrip(".") for title in headings for number in re.findall(r"^\W*(\d+(?:\.\d+)*)", title)}
    for match in lines_of(document.text).finditer(_POINTER, _PARTS):
        what, number = match["what"].lower().rstrip("."), match["number"]
        if _misses(what, number, parts, numbers, pages=len(document.pages)) and _points_inside(document.text, match):
            yield _finding(context, "reference", Span(*match.span()), what=what, number=number)


def _misses(what: str, number: str, parts: set[tuple[str, str]], numbers: set[str], *, pages: int) -> bool:
    """Whether the document has no such part; only asked of parts that it numbers. Annex 1 holds its annex 1.2."""
    if what == "page":
        return bool(pages) and number.isdigit() and int(number) > pages
    if what in ("annex", "appendix", "table"):
        named = {name for kind, name in parts if kind == what}
        whole = {number.upper(), number.partition(".")[0]}
        return bool(named) and not named & whole and not any(name.startswith(f"{number}.") for name in named)
    if what in ("paragraph", "para", "section"):
        dotted = {mark for mark in numbers if "." in mark}
        return "." in number and len(dotted) >= 5 and number not in dotted
    return False


def _points_inside(text: str, match: re.Match[str]) -> bool:
    """Whether the reference is to this document: "page 40 of the trial bundle" and "section 20 of the Act" are not."""
    elsewhere = re.match(
        r"\s*(?:of|in|to|from)\s+(?:the|his|her|its|an?|that|those)\b", text[match.end() : match.end() + 30]
    )
    return not elsewhere and not text[max(0, match.start() - 9) : match.start()].rstrip().endswith(("’s", "'s"))


CHECK = ConsistencyCheck()
