"""An assessment for people, on the terminal: the headline answers with their words, then every question answered."""

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from sfo_nlp.assessment.assess import Assessment
from sfo_nlp.report import words
from sfo_nlp.report.safe import one_line, quoted
from sfo_nlp.report.view import Answer, Criterion, Item, Passage, Standard, View
from sfo_nlp.report.viewing import view_of

COLOURS = {"met": "green", "not_met": "red", "refer": "yellow", "not_run": "magenta"}
QUOTED = 3
LONGEST, SHORT = 220, 110


def print_assessment(assessment: Assessment, console: Console | None = None) -> None:
    """Write one assessment to standard output, or to `console`."""
    console = console or Console(highlight=False)
    view = view_of(assessment.to_dict())
    console.rule(Text(one_line(view.name), style="bold"), align="left")
    console.print(Text(f"{words.coverage_line(view.wire['document'])} {assessment.seconds:.1f} s", style="dim"))
    for warning in view.warnings:
        console.print(Text(f"! {one_line(str(warning['message']))}", style="yellow"))
    _judgement(view, console)
    _explanation(view, console)
    _themes(view, console)
    _readability(view, console)
    _standards(view.standards, console)


def _head(answer: Answer, console: Console) -> None:
    line = Text(f"\n{answer.title}: ", style="bold").append(answer.answer)
    console.print(line.append(f" ({answer.detail})", style="dim") if answer.detail else line)


def _quote(passage: Passage, console: Console, *, longest: int = LONGEST, indent: int = 2) -> None:
    line = Text(quoted(one_line(passage.quote, longest=longest)))
    line.append(f"  {passage.where}", style="dim")
    console.print(Padding(line, (0, 0, 0, indent)))


def _first(items: Iterable[Item], console: Console) -> None:
    """The first quotations, and how to see the others."""
    items = tuple(items)
    for item in items[:QUOTED]:
        _quote(item.passage, console)
    if len(items) > QUOTED:
        console.print(Text(f"  and {len(items) - QUOTED} more; {words.SEE_ALL}", style="dim"))


def _judgement(view: View, console: Console) -> None:
    _head(view.answer("judgement"), console)
    deciding = [item for item in view.of("judgement") if item.facts.get("decides")]
    _first(deciding, console)
    if not deciding and view.near_misses:
        console.print("  Nearest sentences, for you to judge:")
        _first(view.near_misses, console)


def _explanation(view: View, console: Console) -> None:
    _head(view.answer("explanation"), console)
    unexplained = view.of("explanation", "unexplained")
    if unexplained:
        console.print("  Without a reason:")
    _first(unexplained, console)


def _themes(view: View, console: Console) -> None:
    _head(view.answer("themes"), console)
    for item in view.of("themes"):
        concern = item.facts.get("polarity") == "concern"
        line = Text("– concern   " if concern else "+ strength  ", style="red" if concern else "green")
        line.append(f"{item.facts.get('label', item.label)}: ", style="default")
        line.append(f"{words.counted(len(item.passages), 'passage')}, first {item.passage.at}", style="dim")
        console.print(Padding(line, (0, 0, 0, 2)))
        _quote_only(item.passage, console)


def _quote_only(passage: Passage, console: Console) -> None:
    """A shortened quotation under a line that has said where it stands."""
    console.print(Padding(Text(quoted(one_line(passage.quote, longest=SHORT))), (0, 0, 0, 14)))


def _readability(view: View, console: Console) -> None:
    _head(view.answer("readability"), console)
    acronyms = [str(item.facts["term"]) for item in view.of("readability", "acronym")]
    if acronyms:
        console.print(Text(f"  Never explained: {', '.join(acronyms)}"))


def _standards(standards: Iterable[Standard], console: Console) -> None:
    console.print(Text("\nThe four standards", style="bold"))
    for standard in standards:
        console.print(Text(f"\n  {standard.title}", style="underline"))
        for criterion in standard.criteria:
            _criterion(criterion, console)


def _criterion(criterion: Criterion, console: Console) -> None:
    """Question, mark, answer; under what is not met or for a person, the first quotation that it rests on."""
    console.print(Padding(Text(criterion.question), (0, 0, 0, 2)))
    line = Text(f"{criterion.sign} {criterion.said}. ", style=COLOURS[criterion.outcome])
    console.print(Padding(line.append(one_line(criterion.reason), style="default"), (0, 0, 0, 4)))
    passages = (*(item.passage for item in criterion.items), *criterion.loose)
    if passages and criterion.outcome in ("not_met", "refer"):
        _quote(passages[0], console, longest=SHORT, indent=6)
