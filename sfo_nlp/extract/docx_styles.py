"""What Word's styles say about a paragraph or a run: heading depth, list, bold, struck out, hidden, size."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lxml import etree

from sfo_nlp.extract.package import W

_OFF = ("0", "false", "off", "none")
MOST_PARENTS = 12


class Look(NamedTuple):
    """How text is set; None where nothing is said. `depth` is a heading's level (1 highest), 0 for body text."""

    bold: bool | None = None
    struck: bool | None = None
    hidden: bool | None = None
    size: float | None = None
    depth: int | None = None
    list_id: str | None = None
    list_depth: int | None = None

    def over(self, base: "Look") -> "Look":
        """This look where it says something, else `base`."""
        silent: dict[str, Any] = {
            name: other for name, own, other in zip(self._fields, self, base, strict=True) if own is None
        }
        return self._replace(**silent)


@dataclass(slots=True)
class Styles:
    """The looks of named styles, their parents' included."""

    looks: dict[str, Look] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    size: float = 11.0
    default: str = ""

    def of(self, style: str | None) -> Look:
        """The look of a style id; that of the default paragraph style for None."""
        return self.looks.get(style if style is not None else self.default, Look())


def read_styles(root: etree._Element | None) -> Styles:
    """Resolve every style with its parents."""
    styles = Styles()
    if root is None:
        return styles
    own: dict[str, tuple[str, Look]] = {}
    for item in root.iterchildren(f"{W}style"):
        key = item.get(f"{W}styleId", "")
        name = value(item, "name").lower()
        look = look_of(item.find(f"{W}pPr"), item.find(f"{W}rPr"))
        if name.startswith("heading ") and name[8:].isdigit():
            look = Look(depth=int(name[8:])).over(look)
        elif name in ("title", "subtitle"):
            look = Look(depth=1 if name == "title" else 2).over(look)
        own[key] = (value(item, "basedOn"), look)
        styles.names[key] = name
        if item.get(f"{W}default") in ("1", "true") and item.get(f"{W}type") == "paragraph":
            styles.default = key
    for key in own:
        look, parent = Look(), key
        for _ in range(MOST_PARENTS):
            if parent not in own:
                break
            look = look.over(own[parent][1])
            parent = own[parent][0]
        styles.looks[key] = look
    base = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    styles.size = look_of(None, base).size or styles.of(None).size or 10.0
    return styles


def look_of(paragraph: etree._Element | None, run: etree._Element | None) -> Look:
    """The look that a paragraph's and a run's own properties ask for."""
    depth, list_id, list_depth = None, None, None
    if paragraph is not None:
        outline = value(paragraph, "outlineLvl")
        if outline.isdigit():
            depth = int(outline) + 1 if int(outline) < 9 else 0
        number = paragraph.find(f"{W}numPr")
        if number is not None:
            list_id = value(number, "numId") or None
            level = value(number, "ilvl")
            list_depth = int(level) if level.isdigit() else None
    if run is None:
        return Look(depth=depth, list_id=list_id, list_depth=list_depth)
    half = value(run, "sz")
    struck = [on for on in (flag(run, "strike"), flag(run, "dstrike")) if on is not None]
    return Look(
        bold=flag(run, "b"),
        struck=any(struck) if struck else None,
        hidden=flag(run, "vanish"),
        size=int(half) / 2 if half.isdigit() else None,
        depth=depth,
        list_id=list_id,
        list_depth=list_depth,
    )


def flag(item: etree._Element, name: str) -> bool | None:
    """An on-off property: None when it is not there."""
    child = item.find(f"{W}{name}")
    return None if child is None else child.get(f"{W}val", "1").lower() not in _OFF


def value(item: etree._Element, name: str) -> str:
    """The value of a child property, empty when it is not there."""
    child = item.find(f"{W}{name}")
    return "" if child is None else str(child.get(f"{W}val", ""))
