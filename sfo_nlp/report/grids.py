"""The tables of a report: themes, plain language, and the findings that stand under no question."""

from collections import Counter
from collections.abc import Callable, Iterator

from sfo_nlp.report import words
from sfo_nlp.report.parts import Grid, Section, people_of
from sfo_nlp.report.safe import one_line, quoted
from sfo_nlp.report.view import Item, View

SHORT = 110
TERMS, HARD = 20, 10
SENTENCES = ("passive", "nominalisation", "double_negative", "spelling")
Printed = Callable[[Item], bool]


def themes_section(view: View, number: int) -> Section:
    """The themes with the first passage of each."""
    rows = tuple(
        (
            one_line(str(item.facts.get("label", item.label))),
            words.plain(str(item.facts.get("polarity", ""))),
            words.plain(str(item.facts.get("agency") or "probation")),
            str(len(item.passages)),
            f"{quoted(one_line(item.passage.quote, longest=SHORT))} ({item.passage.where})",
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
            (str(item.facts.get("term", item.passage.quote)), one_line(item.note), item.passage.where)
            for item in terms[:TERMS]
        )
        note = f"And {len(terms) - TERMS} more. {words.IN_TABLE}" if len(terms) > TERMS else ""
        head = ("Term", "What it means", "First on")
        grids.append(Grid("Terms to explain or replace", head, lines, (0.25, 0.55, 0.2), note))
    hard = view.of("readability", "hard_sentence")
    if hard and not above:
        sentences = tuple((one_line(item.passage.quote), item.passage.where) for item in hard[:HARD])
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
    counted = Counter(item.label for item in view.of("readability"))
    for label in SENTENCES:
        if counted[label]:
            yield words.TITLES["readability", label], f"{counted[label]:,}"


def findings_section(view: View, number: int, printed: Printed) -> Section:
    """The passages that stand under no question, one row each; of plain language only what people spoke to."""
    places: dict[tuple[int, int], list[Item]] = {}
    for item in view.items:
        if not printed(item) and (item.check != "readability" or people_of(item)):
            places.setdefault((item.passage.start, item.passage.end), []).append(item)
    rows = [_row(found) for found in places.values()]
    head: tuple[str, ...] = ("Mark", "What was found", "Quotation", "Where", "What people said")
    if not any(row[-1] for row in rows):
        head, rows = head[:-1], [row[:-1] for row in rows]
    widths = (0.08, 0.3, 0.36, 0.1, 0.16)[: len(head)]
    grid = Grid("Passages", head, tuple(rows), widths, words.IN_TABLE)
    return Section("findings", number, "Other passages", "In reading order, without those quoted above.", grids=(grid,))


def _row(found: list[Item]) -> tuple[str, ...]:
    """One passage with everything found in it."""
    passage = found[0].passage
    return (
        "".join(dict.fromkeys(item.mark.letter for item in found)),
        "; ".join(dict.fromkeys(one_line(item.title) for item in found)),
        one_line(passage.quote, longest=SHORT),
        passage.where,
        " ".join(line for item in found for line in people_of(item)),
    )
