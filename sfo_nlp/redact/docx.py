"""A redacted DOCX: only the parts that carry the review's own text are kept, cleaned, and written to a new package.

Comments, tracked changes, hidden and struck-out text, pictures, embedded files, properties, custom data, macros,
thumbnails, links and revision marks are left behind; the text that stays is edited run by run.
"""

import io
import zipfile
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from sfo_nlp.extract.docx_styles import Styles, look_of, read_styles
from sfo_nlp.extract.package import Package, W
from sfo_nlp.redact.docx_clean import clean, rename_styles
from sfo_nlp.redact.finding import Finder
from sfo_nlp.redact.planning import Plan
from sfo_nlp.settings import Settings

_MAIN = "word/document.xml"
_CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_TEXTUAL = ("header", "footer", "footnotes", "endnotes")
_PLAIN = ("styles", "numbering")
_TYPES = {"document": "document.main"}
_CORE_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_DATE = (1980, 1, 1, 0, 0, 0)


class _Part(NamedTuple):
    """A part of the new package: its file name, kind and relationship id in the main document."""

    name: str
    kind: str
    relation: str
    root: etree._Element


def redact_docx(plan: Plan, settings: Settings, *, title: str) -> tuple[bytes, list[str]]:
    """The new file's bytes and, in words, what was left out of it besides the plan's items."""
    package = Package(plan.content, plan.path.name, settings.limits)
    path, main = package.main()
    finder, notes = Finder(plan.items), []
    parts = [_Part(_MAIN.rpartition("/")[2], "document", "", main), *_related(package, path, main)]
    styles = read_styles(next((part.root for part in parts if part.kind == "styles"), None))
    renamed = rename_styles([part.root for part in parts])
    notes += [f"names of {renamed} own styles"] if renamed else []
    for part in parts:
        if part.kind in _PLAIN:
            _scrub_names(part.root, finder)
            continue
        notes += clean(part.root, hidden=lambda run: _is_hidden(run, styles))
        for paragraph in part.root.iter(f"{W}p"):
            redact_paragraph(paragraph, finder)
        _scrub_names(part.root, finder)
    notes.append("properties, comments, links, embedded files, custom data and macros are not in the copy")
    return _package(parts, title), list(dict.fromkeys(notes))


def _related(package: Package, path: str, main: etree._Element) -> Iterator[_Part]:
    """The parts of the kinds that are kept, with the ids by which the main document's sections refer to them."""
    folder, _, file = path.rpartition("/")
    rels = package.part(f"{folder}/_rels/{file}.rels")
    counts: dict[str, int] = {}
    for item in rels if rels is not None else ():
        kind = item.get("Type", "").rpartition("/")[2]
        if kind not in (*_TEXTUAL, *_PLAIN) or item.get("TargetMode") == "External":
            continue
        target = item.get("Target", "").lstrip("/")
        root = package.part(target if target in package.names else f"{folder}/{target}")
        if root is None:
            continue
        counts[kind] = counts.get(kind, 0) + 1
        suffix = str(counts[kind]) if kind in ("header", "footer") else ""
        yield _Part(f"{kind}{suffix}.xml", kind, item.get("Id", ""), root)
    kept = (
        {item.get("Id") for item in rels if item.get("Type", "").rpartition("/")[2] in _TEXTUAL}
        if rels is not None
        else set()
    )
    for reference in list(main.iter(f"{W}headerReference", f"{W}footerReference")):
        parent = reference.getparent()
        if reference.get(f"{_R}id") not in kept and parent is not None:
            parent.remove(reference)


def _is_hidden(run: etree._Element, styles: Styles) -> str:
    """Why a run is not part of what the reader sees: hidden, struck_out, white; empty when it is."""
    properties = run.find(f"{W}rPr")
    own = look_of(None, properties)
    named = properties.find(f"{W}rStyle") if properties is not None else None
    paragraph = run.getparent()
    style = paragraph.find(f"{W}pPr/{W}pStyle") if paragraph is not None else None
    keys = [item.get(f"{W}val", "") for item in (named, style) if item is not None]
    looks = [own, *(styles.looks[key] for key in keys if key in styles.looks)]
    for flag, why in (("hidden", "hidden"), ("struck", "struck_out")):
        first = next((value for look in looks if (value := getattr(look, flag)) is not None), None)
        if first:
            return why
    colour = properties.find(f"{W}color") if properties is not None else None
    shaded = properties is not None and properties.find(f"{W}shd") is not None
    return "white" if colour is not None and colour.get(f"{W}val", "").upper() == "FFFFFF" and not shaded else ""


def redact_paragraph(paragraph: etree._Element, finder: Finder) -> None:
    """Replace what has to go in one paragraph; the label takes the place of the first character that goes."""
    pieces = [
        item
        for item in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br", f"{W}cr", f"{W}noBreakHyphen")
        if _owner(item) is paragraph
    ]
    texts = [(item.text or "") if item.tag == f"{W}t" else _mark_of(item) for item in pieces]
    waiting = deque(finder.marks("".join(texts)))
    position = 0
    for item, text in zip(pieces, texts, strict=True):
        while waiting and waiting[0].span.end <= position:
            waiting.popleft()
        if not waiting:
            return
        end = position + len(text)
        if item.tag == f"{W}t" and waiting[0].span.start < end:
            kept, at = "", position
            for mark in waiting:
                if mark.span.start >= end:
                    break
                kept += text[max(at - position, 0) : max(mark.span.start - position, 0)]
                kept += mark.label if position <= mark.span.start < end else ""
                at = min(mark.span.end, end)
            item.text = kept + text[at - position :]
            item.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        position = end


def _mark_of(item: etree._Element) -> str:
    return "-" if item.tag == f"{W}noBreakHyphen" else " "


def _owner(item: etree._Element) -> etree._Element | None:
    """The paragraph that an element belongs to; a text box in a paragraph has paragraphs of its own."""
    return next(item.iterancestors(f"{W}p"), None)


def _scrub_names(root: etree._Element, finder: Finder) -> None:
    """Take names out of attributes: of styles called after somebody, of list texts, of anything else."""
    clean: set[str] = set()
    for element in root.iter():
        for name, value in element.attrib.items():
            if len(value) <= 2 or value in clean:
                continue
            if finder.marks(value):
                element.set(name, "".join(char if char.isdigit() else "x" for char in value))
            else:
                clean.add(value)


def _package(parts: list[_Part], title: str) -> bytes:
    """A new package that holds these parts and nothing else."""
    overrides = {f"/word/{part.name}": _CONTENT + _TYPES.get(part.kind, part.kind) for part in parts}
    overrides["/docProps/core.xml"] = "application/vnd.openxmlformats-package.core-properties"
    relations = [(part.relation, _RELATION + part.kind, part.name) for part in parts[1:]]
    roots = [("r1", f"{_RELATION}officeDocument", _MAIN), ("r2", _CORE_RELATION, "docProps/core.xml")]
    files = {
        "[Content_Types].xml": _content_types(overrides),
        "_rels/.rels": _relationships(roots),
        "docProps/core.xml": _core(title),
        "word/_rels/document.xml.rels": _relationships(relations),
        **{f"word/{part.name}": part.root for part in parts},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, root in files.items():
            body = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            archive.writestr(zipfile.ZipInfo(name, _DATE), body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _content_types(overrides: dict[str, str]) -> etree._Element:
    space = "http://schemas.openxmlformats.org/package/2006/content-types"
    root = etree.Element(f"{{{space}}}Types", nsmap={None: space})
    for extension, kind in (("rels", "application/vnd.openxmlformats-package.relationships"), ("xml", "application/")):
        etree.SubElement(root, f"{{{space}}}Default", Extension=extension, ContentType=f"{kind}+xml".replace("/+", "/"))
    for name, kind in overrides.items():
        etree.SubElement(root, f"{{{space}}}Override", PartName=name, ContentType=f"{kind}+xml")
    return root


def _relationships(entries: list[tuple[str, str, str]]) -> etree._Element:
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    root = etree.Element(f"{{{space}}}Relationships", nsmap={None: space})
    for name, kind, target in entries:
        etree.SubElement(root, f"{{{space}}}Relationship", Id=name, Type=kind, Target=target)
    return root


def _core(title: str) -> etree._Element:
    core = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    dublin = "http://purl.org/dc/elements/1.1/"
    root = etree.Element(f"{{{core}}}coreProperties", nsmap={"cp": core, "dc": dublin})
    etree.SubElement(root, f"{{{dublin}}}title").text = title
    return root
