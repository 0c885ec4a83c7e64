"""The tables of a report: themes, plain language, every finding."""

from collections import Counter
from collections.abc import Callable, Iterator

from sfo_nlp.report import words
from sfo_nlp.report.asked import SHORT
from sfo_nlp.report.glance import letters_of
from sfo_nlp.report.parts import Grid, Section, people_of
from sfo_nlp.report.safe import one_line, quoted
from sfo_nlp.report.view import Item, Passage, View

# So many of each kind; the lists of long or passive sentences would otherwise outgrow all the rest.
FIRST = 10
MANY = ("long_sentence", "passive", "nominalisation", "double_negative", "jargon", "spelling")
Printed = Callable[[Passage], str]


def themes_section(view: View, number: int) -> Section:
    """The themes with the first passage of each."""
    rows = tuple(
        (
            one_line(str(item.facts.get("label", item.label))),
            words.plain(str(item.facts.get("polarity", ""))),
            words.plain(str(item.facts.get("agency") or "probation")),
            str(len(item.passages)),
            f"{quoted(one_line(item.passage.quote, longest=220))} ({item.passage.where})",
        )
        for item in view.of("themes")
    )
    intro = (
        "A theme counts when the review says that practice on it fell short or was done well; its word alone does not."
    )
    head = ("Theme", "As", "Whose practice", "Passages", "The first of them")
    grid = Grid("Themes raised", head, rows, (0.2, 0.11, 0.13, 0.11, 0.45))
    return Section("themes", number, "Practice themes", intro, grids=(grid,))


def language_section(view: View, number: int, above: str) -> Section:
    """The figures, the terms, and the hardest sentences unless they stand under the question numbered `above`."""
    grids = [Grid("Figures", ("Measure", "Value"), tuple(_figures(view)), (0.6, 0.4))]
    terms = [*view.of("readability", "acronym"), *view.of("readability", "jargon")]
    if terms:
        lines = tuple(
            (str(item.facts.get("term", item.passage.quote)), one_line(item.note), item.passage.where) for item in terms
        )
        grids.append(
            Grid("Terms to explain or replace", ("Term", "What it means", "First on"), lines, (0.25, 0.55, 0.2))
        )
    hard = view.of("readability", "hard_sentence")
    if hard and not above:
        sentences = tuple((one_line(item.passage.quote), item.passage.where) for item in hard[:FIRST])
        grids.append(Grid("The hardest sentences", ("Sentence", "Where"), sentences, (0.8, 0.2)))
    intro = "Formulas compare versions of one text well and judge a single text badly; words and sentences tell more."
    intro += f" For the hardest sentences see question {above}." if above else ""
    return Section("plain_language", number, "Plain language for the family", intro, grids=tuple(grids))


def _figures(view: View) -> Iterator[tuple[str, str]]:
    read = view.wire["readability"]
    named = (
        ("reading_age", "Reading age of the prose", "{:.1f} years"),
        ("words_per_sentence", "Words in a sentence, on average", "{:.0f}"),
        ("share_over_20_words", "Sentences over 20 words", "{:.0%}"),
        ("share_over_25_words", "Sentences over 25 words", "{:.0%}"),
        ("passive_share", "Sentences in the passive", "{:.0%}"),
        ("reading_minutes", "Time to read", "{:.0f} minutes"),
    )
    for key, title, form in named:
        if isinstance(read.get(key), int | float):
            yield title, form.format(read[key])


def findings_section(view: View, number: int, printed: Printed) -> Section:
    """Every finding in reading order, but of the sentences to write more simply only the first of each kind."""
    seen: Counter[str] = Counter()
    rows: list[tuple[str, ...]] = []
    for item in view.items:
        seen[item.label] += 1
        if item.label not in MANY or seen[item.label] <= FIRST:
            rows.append(_row(item, printed(item.passage)))
    head: tuple[str, ...] = ("Mark", "Finding", "Quotation", "Where", "How it was found", "What people said")
    if not any(row[-1] for row in rows):
        head, rows = head[:-1], [row[:-1] for row in rows]
    widths = (0.07, 0.2, 0.36, 0.1, 0.13, 0.14)[: len(head)]
    more = [
        f"{seen[label] - FIRST} more of “{words.TITLES.get(('readability', label), words.plain(label))}”"
        for label in MANY
        if seen[label] > FIRST
    ]
    note = f"And {', '.join(more)}; the report “Findings as a table” lists them all." if more else ""
    grid = Grid("Findings", head, tuple(rows), widths, note)
    intro = f"{'In' if more else 'Every finding, in'} reading order. {letters_of(view)}."
    return Section("findings", number, "The findings", intro, grids=(grid,))


def _row(item: Item, above: str) -> tuple[str, ...]:
    """One finding; in short where it stands in full under a question."""
    quote = one_line(item.passage.quote, longest=SHORT if above else 400)
    return (
        item.mark.letter,
        one_line(item.title),
        f"{quote} (question {above})" if above else quote,
        item.passage.where,
        "; ".join(filter(None, (item.sure, one_line(item.note)))),
        " ".join(people_of(item)),
    )
