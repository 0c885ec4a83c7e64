"""Strips a part of a Word document to what its reader sees: the accepted text and its looks."""

import re
from collections.abc import Callable, Sequence

from lxml import etree

from sfo_nlp.extract.package import W

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_FIELDS_KEPT = re.compile(r"^\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b")

# Gone with all that they hold.
_DROP = {
    "del": "deletions of tracked changes", "moveFrom": "deletions of tracked changes",
    "drawing": "pictures", "pict": "pictures", "object": "embedded objects",
    "commentRangeStart": "", "commentRangeEnd": "", "commentReference": "comments", "annotationRef": "",
    "bookmarkStart": "", "bookmarkEnd": "", "proofErr": "", "permStart": "", "permEnd": "",
    "rPrChange": "", "pPrChange": "", "tblPrChange": "", "trPrChange": "", "tcPrChange": "", "sectPrChange": "",
    "tblGridChange": "", "numberingChange": "", "sdtPr": "", "sdtEndPr": "", "customXmlPr": "", "smartTagPr": "",
    "tblCaption": "", "tblDescription": "", "altChunk": "embedded documents", "subDoc": "embedded documents",
    "control": "embedded objects", "moveFromRangeStart": "", "moveFromRangeEnd": "", "moveToRangeStart": "",
    "moveToRangeEnd": "", "lastRenderedPageBreak": "", "printerSettings": "", "ruby": "",
}  # fmt: skip
# Gone, but what they hold stays in their place.
_UNWRAP = ("ins", "moveTo", "hyperlink", "smartTag", "customXml", "sdt", "sdtContent", "dir", "bdo")

_STYLE_REFERENCES = ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link", "numStyleLink", "styleLink")


def clean(root: etree._Element, *, hidden: Callable[[etree._Element], str]) -> list[str]:
    """Clean one part in place. `hidden` says why a run is not seen. Returns what was taken out, in words."""
    notes: list[str] = []
    _lift_text_boxes(root)
    for alternate in list(root.iter(f"{_MC}AlternateContent")):
        _remove(alternate)
    _drop_fields(root)
    for name, what in _DROP.items():
        for element in list(root.iter(f"{W}{name}")):
            if what and what not in notes:
                notes.append(what)
            _remove(element)
    for name in _UNWRAP:
        for element in list(root.iter(f"{W}{name}")):
            _unwrap(element)
    for run in list(root.iter(f"{W}r")):
        why = hidden(run)
        if why and "".join(run.itertext(f"{W}t")).strip():
            notes.append({"hidden": "hidden text", "struck_out": "struck-out text", "white": "white text"}[why])
        if why:
            _remove(run)
    for element in root.iter():
        for name in [key for key in element.attrib if "rsid" in key or key.endswith(("}author", "}date", "}initials"))]:
            del element.attrib[name]
    for foreign in [item for item in root.iter() if not isinstance(item.tag, str)]:
        _remove(foreign)
    return notes


def rename_styles(roots: Sequence[etree._Element]) -> int:
    """Give the styles that somebody made plain names, wherever they are referred to; how many there were.

    A style may be called after the person it was first used for, inside a longer word that no search would find.
    """
    own = [style for root in roots for style in root.iter(f"{W}style") if style.get(f"{W}customStyle") in ("1", "true")]
    names = {style.get(f"{W}styleId", ""): f"Own{number}" for number, style in enumerate(own, start=1)}
    for root in roots:
        for element in root.iter(*(f"{W}{name}" for name in _STYLE_REFERENCES)):
            element.set(f"{W}val", names.get(element.get(f"{W}val", ""), element.get(f"{W}val", "")))
        for element in list(root.iter(f"{W}rsid", f"{W}rsids", f"{W}aliases")):
            _remove(element)
    for style in own:
        new = names[style.get(f"{W}styleId", "")]
        style.set(f"{W}styleId", new)
        for child in style.iterchildren(f"{W}name"):
            child.set(f"{W}val", new)
    return len(own)


def _lift_text_boxes(root: etree._Element) -> None:
    """Put the paragraphs of text boxes after the paragraph that holds the box, where they stay when it goes."""
    for fallback in list(root.iter(f"{_MC}Fallback")):
        _remove(fallback)
    for box in list(root.iter(f"{W}txbxContent")):
        host = next((item for item in box.iterancestors(f"{W}p")), None)
        if host is None:
            continue
        for paragraph in reversed(list(box)):
            host.addnext(paragraph)


def _drop_fields(root: etree._Element) -> None:
    """Keep what a field shows and drop its code, which may hold names and addresses; page numbers stay fields."""
    for simple in list(root.iter(f"{W}fldSimple")):
        if not _FIELDS_KEPT.match(simple.get(f"{W}instr", "")):
            _unwrap(simple)
    for paragraph in root.iter(f"{W}p"):
        codes = list(paragraph.iter(f"{W}instrText"))
        if codes and all(_FIELDS_KEPT.match(item.text or "") or not (item.text or "").strip() for item in codes):
            continue
        for name in ("instrText", "fldChar", "delInstrText"):
            for element in list(paragraph.iter(f"{W}{name}")):
                _remove(element)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _unwrap(element: etree._Element) -> None:
    """Put an element's children in its place."""
    parent = element.getparent()
    if parent is None:
        return
    place = parent.index(element)
    for child in reversed(list(element)):
        parent.insert(place + 1, child)
    parent.remove(element)
