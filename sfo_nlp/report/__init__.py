"""Reports for people: terminal, HTML, DOCX, the marked PDF, tables; one view of an assessment behind them all."""

from collections.abc import Collection, Iterable, Mapping
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sfo_nlp.settings import Settings

if TYPE_CHECKING:
    from sfo_nlp.assessment.assess import Assessment
    from sfo_nlp.store.decision import Decision

FORMS = ("html", "docx", "pdf", "csv")


def write_report(
    assessment: "Assessment | Mapping[str, Any]",
    path: Path,
    *,
    form: str,
    folder: Path,
    decisions: "Iterable[Decision]" = (),
    taken: Collection[Path] = (),
    settings: Settings = Settings(),
) -> Path:
    """Write one report of the review at `path` into `folder` and return where.

    `assessment` may be in its JSON form; `decisions` are people's words to stand beside the findings; `taken` are
    reports not to be written over: the second of a name is numbered. Raises `FormUnsuitable` when the form cannot be
    made of this file, and `OutputFailed` when it cannot be written.
    """
    from sfo_nlp.errors import OutputFailed
    from sfo_nlp.report.safe import file_name

    wire = assessment if isinstance(assessment, Mapping) else assessment.to_dict()
    ending = ".reviewed.pdf" if form == "pdf" else f".feedback.{form}"
    endings = chain([ending], (f"-{number}{ending}" for number in count(2)))
    named = (folder / file_name(path.name, suffix=suffix) for suffix in endings)
    # Some systems take names that differ only in capitals for one.
    lower = {str(other).lower() for other in taken}
    target = next(place for place in named if str(place).lower() not in lower)
    file = path.read_bytes() if form == "pdf" else None
    content = render_report(wire, form=form, decisions=decisions, content=file, settings=settings)
    try:
        target.write_bytes(content)
    except OSError as error:
        raise OutputFailed(f"{target}: {error.strerror or error}") from error
    return target


def render_report(
    wire: Mapping[str, Any],
    *,
    form: str,
    decisions: "Iterable[Decision]" = (),
    content: bytes | None = None,
    settings: Settings = Settings(),
) -> bytes:
    """One report as bytes. `content` is the reviewed file itself; it and `settings` are for form ``pdf`` only."""
    from sfo_nlp.report.viewing import view_of

    view = view_of(wire, decisions)
    if form == "html":
        from sfo_nlp.report.html import render_html

        return render_html(view).encode()
    if form == "docx":
        from sfo_nlp.report.word import render_word

        return render_word(view)
    if form == "csv":
        from sfo_nlp.report.tables import findings_csv

        return findings_csv(view).encode("utf-8-sig")
    from sfo_nlp.report.marked import render_marked

    return render_marked(view, content, settings)
