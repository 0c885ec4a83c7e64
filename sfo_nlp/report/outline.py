"""The feedback report as an outline for HTML and DOCX: one page at a glance, then the evidence as an appendix."""

from collections.abc import Iterable

from sfo_nlp.report import words
from sfo_nlp.report.asked import Asked
from sfo_nlp.report.glance import glance_of, letters_of
from sfo_nlp.report.grids import findings_section, language_section, themes_section
from sfo_nlp.report.parts import Outline
from sfo_nlp.report.parts import quote_of as quote_of
from sfo_nlp.report.parts import said as said
from sfo_nlp.report.safe import one_line
from sfo_nlp.report.view import View

PURPOSE = (
    "This page answers; the appendix quotes what each answer rests on. The tool finds passages for a person to judge. "
    "It gives no rating, and what it passed over is not proof that nothing is there."
)


def outline_of(view: View) -> Outline:
    """Lay the view out as a report: at a glance, the four standards, themes, plain language, then the findings."""
    asked = Asked(view)
    sections = list(asked.sections())
    sections.append(themes_section(view, len(sections) + 1))
    sections.append(language_section(view, len(sections) + 1, asked.under("readability", "hard_sentence")))
    sections.append(findings_section(view, len(sections) + 1, asked.printed))
    return Outline(
        title=one_line(view.name),
        facts=(words.coverage_line(view.wire["document"]),),
        purpose=PURPOSE,
        warnings=tuple(one_line(str(warning["message"])) for warning in view.warnings),
        glance=glance_of(view, sections),
        letters=letters_of(view),
        sections=tuple(sections),
        made_by=tuple(_made_by(view)),
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
