"""An assessment for people, on the terminal: evidence first, the answer per criterion last."""

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sfo_nlp.assessment.assess import PLAIN, Assessment
from sfo_nlp.assessment.policy import STANDARDS
from sfo_nlp.assessment.wire import document_wire
from sfo_nlp.document import Evidence
from sfo_nlp.report.words import coverage_line

MARKS = {
    "met": ("✓ met", "green"),
    "not_met": ("✗ not met", "red"),
    "refer": ("? refer", "yellow"),
    "not_run": ("– not run", "magenta"),
}
WHY = {"explains_why": "explains why", "partly": "explains why in part", "what_only": "tells what happened, hardly why"}
QUOTED = 3
LONGEST = 220


def print_assessment(assessment: Assessment, console: Console | None = None) -> None:
    """Write one assessment to standard output, or to `console`."""
    console = console or Console(highlight=False)
    document = assessment.document
    console.rule(Text(document.name, style="bold"), align="left")
    console.print(Text(f"{coverage_line(document_wire(document))} {assessment.seconds:.1f} s", style="dim"))
    for warning in document.warnings:
        console.print(Text(f"! {warning.message}", style="yellow"))
    _judgement(assessment, console)
    _explanation(assessment, console)
    _themes(assessment, console)
    _readability(assessment, console)
    _criteria(assessment, console)


def where(evidence: Evidence) -> str:
    """Page, or paragraph where the format has no pages."""
    return f"page {evidence.page}" if evidence.page is not None else f"paragraph {evidence.paragraph}"


def _quote(evidence: Evidence, console: Console, *, style: str = "") -> None:
    words = " ".join(evidence.quote.split())
    words = words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
    line = Text(f"“{words}”", style=style)
    line.append(f"  {where(evidence)}", style="dim")
    console.print(Padding(line, (0, 0, 0, 2)))


def _judgement(assessment: Assessment, console: Console) -> None:
    verdict = str(assessment.measure("judgement", "verdict"))
    console.print(Text("\nReasonable-steps judgement: ", style="bold").append(PLAIN.get(verdict, verdict)))
    deciding = [item for item in assessment.findings("judgement") if item.facts.get("decides")]
    for finding in deciding[:QUOTED]:
        _quote(finding.evidence[0], console)
    near = assessment.measure("judgement", "near_misses")
    if not deciding and isinstance(near, tuple) and near:
        console.print("  Nearest sentences, for you to judge:")
        for item in near:
            _quote(item, console, style="dim")


def _explanation(assessment: Assessment, console: Console) -> None:
    share = assessment.measure("explanation", "share_explained")
    verdict = WHY[assessment.policy.explanation_verdict(share if isinstance(share, float) else None)]
    findings = assessment.findings("explanation")
    unexplained = assessment.findings("explanation", "unexplained")
    console.print(Text("\nWhat or why: ", style="bold").append(verdict))
    console.print(f"  {len(findings) - len(unexplained)} of {len(findings)} shortcomings have a reason beside them.")
    if unexplained:
        console.print("  Without a reason:")
    for finding in unexplained[:QUOTED]:
        _quote(finding.evidence[0], console)
    if len(unexplained) > QUOTED:
        console.print(Text(f"  and {len(unexplained) - QUOTED} more", style="dim"))


def _themes(assessment: Assessment, console: Console) -> None:
    console.print(Text("\nPractice themes", style="bold"))
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for finding in assessment.findings("themes"):
        first = finding.evidence[0]
        sign = (
            Text("– concern", style="red")
            if finding.facts["polarity"] == "concern"
            else Text("+ strength", style="green")
        )
        table.add_row(
            sign,
            str(finding.facts["label"]),
            f"{len(finding.evidence)}×",
            Text(f"first on {where(first)}", style="dim"),
        )
    console.print(Padding(table, (0, 0, 0, 2)))


def _readability(assessment: Assessment, console: Console) -> None:
    age = assessment.measure("readability", "reading_age")
    console.print(
        Text("\nReadability: ", style="bold").append(f"about age {age}" if age else "too little prose to score")
    )
    acronyms = [str(item.facts["term"]) for item in assessment.findings("readability", "acronym")]
    if acronyms:
        console.print(f"  Never explained: {', '.join(acronyms)}")


def _criteria(assessment: Assessment, console: Console) -> None:
    console.print(Text("\nThe four standards", style="bold"))
    for standard, title in STANDARDS.items():
        console.print(Text(f"  {title}", style="underline"))
        table = Table(box=None, padding=(0, 2, 0, 2), show_header=False)
        table.add_column(no_wrap=True, width=10)
        table.add_column()
        for answer in assessment.answers:
            if answer.criterion.standard == standard:
                mark, colour = MARKS[answer.outcome]
                table.add_row(Text(mark, style=colour), answer.reason)
        console.print(table)
