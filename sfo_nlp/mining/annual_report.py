"""The yearly report as HTML and as a Word document, from one outline: the same words, figures and charts in both."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sfo_nlp import __version__
from sfo_nlp.mining.annual import SECTIONS
from sfo_nlp.mining.answer import FEW, Answer
from sfo_nlp.mining.charts import Chart, bars, series
from sfo_nlp.report.safe import xml_safe

HEAD = ("Figure", "Reviews", "Share", "95 % interval", "Year before", "Change", "95 % interval")
CHARTED = ("ratings", "risk_kinds", "risk_reasons", "themes", "strengths", "learning")
PURPOSE = (
    "Shares are of reviews, with Wilson 95 % intervals; changes on the year before have Newcombe 95 % intervals. "
    "A change whose interval holds nought may be chance; (few) stands where fewer than five could be counted."
)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the first column names its rows."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the report."""

    id: str
    title: str
    about: str
    charts: Sequence[Chart]
    tables: Sequence[Grid]


@dataclass(frozen=True, slots=True)
class Report:
    """What the report says, in order."""

    title: str
    facts: Sequence[str]
    purpose: str
    notes: Sequence[str]
    parts: Sequence[Part]
    made: str


def outline(answer: Answer) -> Report:
    """The report of an annual answer."""
    about = answer.extra["period"]
    facts = [f"{answer.reviews} reviews", f"{about['first']} to {about['last']}", f"{about['before']} the year before"]
    facts += list(answer.extra["filters"])
    title = f"Serious further offence reviews: annual report {about['name']}"
    made = f"Made by sfo-nlp {__version__} from reviews in its store. No text left the machine."
    return Report(
        title, facts, PURPOSE, answer.notes, [*_parts(answer), _readability(answer), _published(answer)], made
    )


def _parts(answer: Answer) -> Iterator[Part]:
    name = answer.extra["period"]["name"]
    for section, title in SECTIONS.items():
        rows = [row for row in answer.rows if row["section"] == section]
        if not rows:
            continue
        shown = [row for row in rows if row["reviews"] or row["last_reviews"] or section not in CHARTED] or rows[:1]
        chart = bars(title, shown, now=name, before="the year before") if section in CHARTED else None
        grid = Grid(title, HEAD, [_line(row) for row in rows])
        yield Part(section, title, answer.extra["about"].get(section, ""), [chart] if chart else [], [grid])


def _line(row: Mapping[str, Any]) -> tuple[str, ...]:
    share, low, high, was = (_percent(row[name]) for name in ("share", "low", "high", "last_share"))
    change, least, most = (_points(row[name]) for name in ("change", "change_low", "change_high"))
    between, around = (f"{a} to {b}" if a != "–" else "–" for a, b in ((low, high), (least, most)))
    count = f"{row['reviews']} of {row['of']}" + (" (few)" if row["of"] < FEW else "")
    return row["label"], count, share, between, was, change, around


def _readability(answer: Answer) -> Part:
    before = {row["id"]: row for row in answer.extra["readability"]["before"]}
    rows = [
        (
            row["label"],
            str(row["reviews"]),
            f"{row['mean']:.2f}",
            f"{row['p10']:.2f} to {row['p90']:.2f}",
            f"{before[row['id']]['mean']:.2f}" if row["id"] in before else "–",
        )
        for row in answer.extra["readability"]["now"]
    ]
    head = ("Measure", "Reviews", "Mean", "Eight in ten between", "Mean, year before")
    about = "Formulas rank versions of one text well and label an unseen text badly: read these as a trend."
    return Part("readability", "Readability", about, [], [Grid("Readability", head, rows)])


def _published(answer: Answer) -> Part:
    published = answer.extra["published"]
    years = [year["year"] for year in published["year"]]
    by_id = {figure["id"]: figure for figure in published["figure"]}
    own = {row["id"]: row for row in answer.rows}
    rows = []
    for figure in published["figure"]:
        shares = {value["year"]: value for value in figure["values"]}
        cells = [_stated(shares[year]) if year in shares else "–" for year in years]
        mine = own.get(figure["id"])
        rows.append((figure["label"], *cells, _percent(mine["share"]) if mine else "–"))
    counts = ("Reviews", *(str(year["reviews"]) for year in published["year"]), str(answer.reviews))
    sources = [(str(year["year"]), year["name"], year["period"], year["source"]) for year in published["year"]]
    good = own["good_or_outstanding"]
    ours = {int(answer.extra["year"]): float(good["share"])} if good["share"] is not None else {}
    chart = series("Rated Good or Outstanding", by_id["good_or_outstanding"], ours, "This corpus")
    notes = [
        (
            f"{figure['label']}, {value['year']}",
            value.get("note", "–"),
            value.get("standing", "published"),
            value["source"],
        )
        for figure in published["figure"]
        for value in figure["values"]
    ]
    head = ("Figure", *map(str, years), "This corpus")
    about = (
        "In the sources' own definitions; their keys are those of docs/sources.md. † follows from a published figure."
    )
    tables = [
        Grid("The published series", head, [counts, *rows]),
        Grid("Its sources", ("Year", "Publication", "Period", "Sources"), sources),
        Grid("Each figure", ("Figure", "Said", "Standing", "Sources"), notes),
    ]
    return Part("published", "The published series, 2020 to 2025", about, [chart], tables)


def _stated(value: Mapping[str, Any]) -> str:
    return f"{100 * value['share']:.0f} %" + ("†" if value.get("standing") == "implied" else "")


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f} %"


def _points(change: float | None) -> str:
    return "–" if change is None else f"{100 * change:+.0f} points"


def to_html(answer: Answer) -> bytes:
    """The report as one HTML file without scripts and with nothing from outside."""
    css = (Path(__file__).parent.parent / "report" / "templates" / "report.css").read_text(encoding="utf-8")
    return str(_template().render(report=outline(answer), css=css)).encode()


@lru_cache(maxsize=1)
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(Path(__file__).parent / "templates")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return made.get_template("annual.html.j2")


def to_word(answer: Answer) -> bytes:
    """The report as the bytes of a DOCX file; every chart carries its words as alternative text."""
    from docx import Document
    from docx.shared import Cm, Pt

    report = outline(answer)
    document = Document()
    document.core_properties.title, document.core_properties.author = report.title, "sfo-nlp"
    document.core_properties.language = "en-GB"
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2)
    document.styles["Normal"].font.name, document.styles["Normal"].font.size = "Arial", Pt(10)
    document.add_heading(report.title, level=0)
    document.add_paragraph(" · ".join(report.facts))
    for text in (report.purpose, *report.notes):
        document.add_paragraph(xml_safe(text))
    for number, part in enumerate(report.parts, start=1):
        document.add_heading(f"{number}. {part.title}", level=1)
        if part.about:
            document.add_paragraph(part.about)
        for chart in part.charts:
            _picture(document, chart)
        for grid in part.tables:
            _table(document, grid)
    document.add_heading("How this report was made", level=1)
    document.add_paragraph(report.made)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _picture(document: Any, chart: Chart) -> None:
    from docx.shared import Cm

    shape = document.add_picture(io.BytesIO(chart.png), width=Cm(16.5))
    properties = shape._inline.docPr
    properties.set("title", chart.title)
    properties.set("descr", xml_safe(f"{chart.title}. {chart.words}"))


def _table(document: Any, grid: Grid) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    document.add_paragraph().add_run(grid.caption).bold = True
    table = document.add_table(rows=1, cols=len(grid.head), style="Table Grid")
    table.autofit = False
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(head)
    for row in (grid.head, *grid.rows):
        cells = table.rows[0].cells if row is grid.head else table.add_row().cells
        for cell, text, width in zip(cells, row, _widths(len(row)), strict=True):
            cell.width = width
            run = cell.paragraphs[0].add_run(xml_safe(text))
            run.bold, run.font.size = row is grid.head, Pt(8)


def _widths(columns: int) -> list[Any]:
    """Column widths that leave the first column, which names the rows, twice the room of the others."""
    from docx.shared import Cm

    one = 17 / (columns + 1.2)
    return [Cm(2.2 * one), *(Cm(one) for _ in range(columns - 1))]
