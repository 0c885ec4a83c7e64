"""Proof that a copy holds nothing of what it should not: it is opened again and searched, every part of it."""

import io
import re
import zipfile

from sfo_nlp.document import Document
from sfo_nlp.extract import decoded, extract_bytes
from sfo_nlp.extract.sheets import all_texts
from sfo_nlp.redact.finding import Finder
from sfo_nlp.redact.planning import Plan
from sfo_nlp.settings import Settings

_LOST = "\ufffd"
_BRACKETED = re.compile(r"\[[^\[\]]*\]")


def left_over(plan: Plan, content: bytes, name: str, settings: Settings) -> list[str]:
    """The forms of removed items that can still be found in the copy, by reading it as a review and part by part."""
    texts = [_text_of(extract_bytes(content, name, settings))]
    if name.endswith(".pdf"):
        texts += all_texts(content, name, settings)
    elif name.endswith(".docx"):
        texts += _docx_texts(content)
    else:
        texts.append(decoded(content))
    finder = Finder(plan.items)
    labels = {item.label for item in plan.items}
    found = {text[slice(*mark.span)] for text in texts for mark in finder.marks_in_lines(_without(text, labels))}
    return sorted(found)


def spoilt(plan: Plan, content: bytes) -> int:
    """How many characters of a text copy stand for lost ones, beyond those of the review.

    What was lost cannot be searched: half a name is not found as the name.
    """
    if plan.document.format not in ("txt", "md"):
        return 0
    return max(decoded(content).count(_LOST) - decoded(plan.content).count(_LOST), 0)


def _without(text: str, labels: set[str]) -> str:
    """The text with labels blanked out, so that "[address]" is not looked into; lengths stay the same."""
    return _BRACKETED.sub(lambda match: " " * len(match.group()) if match.group() in labels else match.group(), text)


def _text_of(document: Document) -> str:
    return "\n\n".join([document.text, *(item.text for item in document.left_out), *document.facts])


def _docx_texts(content: bytes) -> list[str]:
    """Every part of the package as text: element contents run together per paragraph, and all attributes."""
    texts = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            body = archive.read(name).decode("utf-8", "replace")
            paragraphs = re.sub(r"</w:p>|<w:br/>|<w:tab/>", "\n", body)
            texts.append(re.sub(r"<[^>]+>", "", paragraphs))
            texts.append("\n".join(re.findall(r'"([^"]*)"', body)))
    return texts
