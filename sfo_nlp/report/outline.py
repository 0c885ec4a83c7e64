"""The feedback report as an outline for HTML and DOCX: quotations first, what is concluded from them after."""

from collections.abc import Iterable
from dataclasses import dataclass

from sfo_nlp.report import words
from sfo_nlp.report.safe import one_line, visible
from sfo_nlp.report.view import Criterion, Item, Passage, View
from sfo_nlp.store.decision import Decision

QUOTED = 10
PURPOSE = (
    "This report quotes what the review says and where, then says what was concluded from it. It finds passages for a "
    "person to judge; it gives no rating, and what it passed over is not proof that nothing is there."
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation as printed, with where it stands, what it is, and what people decided about it."""

    letter: str
    title: str
    tone: str
    text: str
    where: str
    beside: str
    beside_where: str
    note: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One question: the quotations first, `more` that are only in the table of findings, then outcome and reason."""

    question: str
    quotes: tuple[Quote, ...]
    more: int
    outcome: str
    sign: str
    said: str
    reason: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its heading row; cells are text, `widths` the columns' shares of the page (equal when empty)."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section: introduction, questions, tables."""

    id: str
    title: str
    intro: str
    parts: tuple[Part, ...] = ()
    grids: tuple[Grid, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """The whole report in order."""

    title: str
    facts: tuple[str, ...]
    purpose: str
    warnings: tuple[str, ...]
    sections: tuple[Section, ...]
    made_by: tuple[tuple[str, str], ...]


def outline_of(view: View) -> Outline:
    """Lay the view out as a report: the four standards, themes, plain language, then every finding."""
    facts = (words.coverage_line(view.wire["document"]),)
    sections = [
        Section(
            standard.id,
            standard.title,
            _counts([criterion.outcome for criterion in standard.criteria]),
            tuple(_part(view, criterion) for criterion in standard.criteria),
        )
        for standard in view.standards
        if standard.criteria
    ]
    sections += [_themes(view), _language(view), _findings(view)]
    return Outline(
        title=one_line(view.name),
        facts=facts,
        purpose=PURPOSE,
        warnings=tuple(one_line(str(warning["message"])) for warning in view.warnings),
        sections=tuple(sections),
        made_by=tuple(_made_by(view)),
    )


def quote_of(item: Item) -> Quote:
    """One finding as a printed quotation."""
    return Quote(
        letter=item.mark.letter,
        title=one_line(item.title),
        tone=item.tone,
        text=one_line(item.passage.quote),
        where=item.passage.where,
        beside=one_line(item.beside.quote) if item.beside and item.beside.start != item.passage.start else "",
        beside_where=item.beside.where if item.beside else "",
        note=one_line(item.note),
        people=tuple(said(decision) for decision in (*item.standing.judged, *item.standing.notes)),
    )


def said(decision: Decision) -> str:
    """One person's word as a line: who, what, why, when."""
    should = "; ".join(f"{words.plain(key).lower()}: {value}" for key, value in decision.value.items())
    text = f"{decision.who} {words.DECISIONS[decision.kind]}"
    text += f" ({should})" if should else ""
    text += f": {decision.reason.strip()}" if decision.reason.strip() else ""
    return visible(f"{text} [{decision.at:%d %B %Y}]".replace("[0", "["))


def _counts(outcomes: list[str]) -> str:
    counts = [(outcomes.count(name), said.lower()) for name, (_, said) in words.OUTCOMES.items()]
    return (
        ", ".join(f"{count} {name}" for count, name in counts if count)
        + f" (of {words.counted(len(outcomes), 'question')})."
    )


def _part(view: View, criterion: Criterion) -> Part:
    near = {(item.passage.start, item.passage.end): item for item in view.near_misses}
    quotes = [quote_of(item) for item in criterion.items[:QUOTED]]
    for passage in criterion.loose[:QUOTED]:
        item = near.get((passage.start, passage.end))
        quotes.append(quote_of(item) if item else _loose(passage))
    return Part(
        question=criterion.question,
        quotes=tuple(quotes[:QUOTED]),
        more=len(criterion.items) + len(criterion.loose) - len(quotes[:QUOTED]),
        outcome=criterion.outcome,
        sign=criterion.sign,
        said=criterion.said,
        reason=one_line(criterion.reason),
    )


def _loose(passage: Passage) -> Quote:
    return Quote("", "Quoted", "neutral", one_line(passage.quote), passage.where, "", "", "", ())


def _themes(view: View) -> Section:
    rows = tuple(
        (
            one_line(str(item.facts.get("label", item.label))),
            words.plain(str(item.facts.get("polarity", ""))),
            words.plain(str(item.facts.get("agency") or "probation")),
            str(len(item.passages)),
            f"“{one_line(item.passage.quote, longest=220)}” ({item.passage.where})",
        )
        for item in view.of("themes")
    )
    intro = (
        "A theme counts when the review says that practice on it fell short or was done well; its word alone does not."
    )
    head = ("Theme", "As", "Whose practice", "Passages", "The first of them")
    return Section(
        "themes", "Practice themes", intro, grids=(Grid("Themes raised", head, rows, (0.2, 0.11, 0.13, 0.11, 0.45)),)
    )


def _language(view: View) -> Section:
    read = view.wire["readability"]
    named = (
        ("reading_age", "Reading age of the prose", "{:.0f} years"),
        ("words_per_sentence", "Words in a sentence, on average", "{:.0f}"),
        ("share_over_20_words", "Sentences over 20 words", "{:.0%}"),
        ("share_over_25_words", "Sentences over 25 words", "{:.0%}"),
        ("passive_share", "Sentences in the passive", "{:.0%}"),
        ("reading_minutes", "Time to read", "{:.0f} minutes"),
    )
    rows = tuple(
        (title, form.format(read[key])) for key, title, form in named if isinstance(read.get(key), int | float)
    )
    grids = [Grid("Figures", ("Measure", "Value"), rows, (0.6, 0.4))]
    terms = [*view.of("readability", "acronym"), *view.of("readability", "jargon")]
    if terms:
        lines = tuple(
            (str(item.facts.get("term", item.passage.quote)), one_line(item.note), item.passage.where) for item in terms
        )
        grids.append(
            Grid("Terms to explain or replace", ("Term", "What it means", "First on"), lines, (0.25, 0.55, 0.2))
        )
    hard = view.of("readability", "hard_sentence")
    if hard:
        sentences = tuple((one_line(item.passage.quote), item.passage.where) for item in hard[:QUOTED])
        grids.append(Grid("The hardest sentences", ("Sentence", "Where"), sentences, (0.8, 0.2)))
    intro = "Formulas compare versions of one text well and judge a single text badly; the lists below help more."
    return Section("plain_language", "Plain language for the family", intro, grids=tuple(grids))


def _findings(view: View) -> Section:
    rows: tuple[tuple[str, ...], ...] = tuple(
        (
            f"{item.mark.letter}",
            one_line(item.title),
            one_line(item.passage.quote, longest=400),
            item.passage.where,
            "; ".join(filter(None, (item.sure, one_line(item.note)))),
            " ".join(quote_of(item).people),
        )
        for item in view.items
    )
    head: tuple[str, ...] = ("Mark", "Finding", "Quotation", "Where", "How it was found", "What people said")
    if not any(row[-1] for row in rows):
        head, rows = head[:-1], tuple(row[:-1] for row in rows)
    widths = (0.07, 0.2, 0.36, 0.1, 0.13, 0.14)[: len(head)]
    letters = ", ".join(f"{mark.letter} {mark.name.lower()}" for mark in words.MARKS.values())
    return Section(
        "findings", "Every finding", f"In reading order. {letters}.", grids=(Grid("Findings", head, rows, widths),)
    )


def _made_by(view: View) -> Iterable[tuple[str, str]]:
    made = view.wire["provenance"]
    yield "sfo-nlp", str(made.get("version", ""))
    yield "Criteria", str(made.get("policy", ""))
    yield "Reader", str(made.get("extractor", ""))
    yield "Model", str(made.get("model", ""))
    for name, digest in made.get("models", {}).items():
        yield f"Model file {name}", str(digest)
    yield "Document (SHA-256)", view.document
