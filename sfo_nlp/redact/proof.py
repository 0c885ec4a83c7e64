"""Proof that a copy holds nothing of what it should not: it is opened again and searched, every part of it."""

import io
import re
import zipfile

import pypdfium2

from sfo_nlp.document import Document
from sfo_nlp.extract import extract_bytes, pdfium
from sfo_nlp.redact.finding import Finder
from sfo_nlp.redact.planning import Item, Plan
from sfo_nlp.settings import Settings


def left_over(plan: Plan, content: bytes, name: str, settings: Settings) -> list[str]:
    """The forms of removed items that can still be found in the copy, by reading it as a review and part by part."""
    texts = [_read(extract_bytes(content, name, settings))]
    if name.endswith(".pdf"):
        texts += _pdf_texts(content)
    elif name.endswith(".docx"):
        texts += _docx_texts(content)
    else:
        texts.append(content.decode("utf-8"))
    finder = Finder(plan.items)
    labels = {item.label for item in plan.items}
    found = {text[slice(*mark.span)] for text in texts for mark in finder.marks_in_lines(_without(text, labels))}
    return sorted(found)


def _without(text: str, labels: set[str]) -> str:
    """The text with labels blanked out, so that "[address]" is not looked into; lengths stay the same."""
    return re.sub("|".join(map(re.escape, labels)) or r"(?!)", lambda match: " " * len(match.group()), text)


def _read(document: Document) -> str:
    return "\n\n".join([document.text, *(item.text for item in document.left_out), *document.facts])


def _pdf_texts(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    try:
        texts = [" ".join(document.get_metadata_dict().values())]
        for page in document:
            text_page = page.get_textpage()
            texts.append(pdfium.page_text(pdfium.address(text_page.raw)))
        return texts
    finally:
        document.close()


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


def kept_apart(items: tuple[Item, ...]) -> list[str]:
    """Labels that stand for two different people or numbers; there should be none."""
    seen: dict[str, tuple[str, ...]] = {}
    clashes = []
    for item in items:
        if item.label in seen and seen[item.label] != item.forms:
            clashes.append(item.label)
        seen[item.label] = item.forms
    return clashes
