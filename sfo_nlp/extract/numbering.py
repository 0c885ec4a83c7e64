"""Word's automatic numbers: which marker stands in front of a numbered paragraph."""

import re
from dataclasses import dataclass, field

from lxml import etree

from sfo_nlp.extract.package import W

_BULLET = "•"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: its number format, its text with %1 to %9, where it starts."""

    form: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass(slots=True)
class Numbering:
    """Counts paragraphs of every list as Word does. `lists` maps a list id to its levels and its abstract id."""

    lists: dict[str, tuple[str, dict[int, Level]]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def marker(self, list_id: str, depth: int) -> str:
        """The marker of the next paragraph of list `list_id` at `depth` (0 highest); empty when it shows none."""
        if list_id not in self.lists:
            return ""
        abstract, levels = self.lists[list_id]
        level = levels.get(depth, Level())
        counts = self._counts.setdefault(abstract, {})
        counts[depth] = counts[depth] + 1 if depth in counts else level.start
        for deeper in [key for key in counts if key > depth]:
            del counts[deeper]
        if level.form == "bullet":
            return _BULLET
        if level.form == "none":
            return ""

        def shown(match: re.Match[str]) -> str:
            at = int(match.group(1)) - 1
            outer = levels.get(at, Level())
            form = outer.form if at == depth or outer.form != "bullet" else "decimal"
            return formatted(counts.get(at, outer.start), form)

        return re.sub(r"%([1-9])", shown, level.text).strip()


def formatted(number: int, form: str) -> str:
    """A number as Word's format `form` writes it."""
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (number - 1) % 26) * (1 + min((number - 1) // 26, 3))
        return letter if form == "lowerLetter" else letter.upper()
    if form in ("lowerRoman", "upperRoman"):
        roman = _roman(number)
        return roman if form == "lowerRoman" else roman.upper()
    return f"{number:02d}" if form == "decimalZero" else str(number)


def _roman(number: int) -> str:
    text, rest = "", max(0, min(number, 3_999))
    for value, letters in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        "m cm d cd c xc l xl x ix v iv i".split(),
        strict=True,
    ):
        text += letters * (rest // value)
        rest %= value
    return text


def read_numbering(root: etree._Element | None) -> Numbering:
    """The lists that the numbering part defines; an empty one for a document without lists."""
    numbering = Numbering()
    if root is None:
        return numbering
    abstract = {
        item.get(f"{W}abstractNumId", ""): {
            _int(level.get(f"{W}ilvl"), 0): Level(
                _value(level, "numFmt", "decimal"), _value(level, "lvlText", ""), _int(_value(level, "start", "1"), 1)
            )
            for level in item.iterchildren(f"{W}lvl")
        }
        for item in root.iterchildren(f"{W}abstractNum")
    }
    for item in root.iterchildren(f"{W}num"):
        target = _value(item, "abstractNumId", "")
        if target in abstract:
            key = item.get(f"{W}numId", "")
            override = item.find(f"{W}lvlOverride") is not None
            # A list that overrides its start counts for itself; others of one definition count on.
            numbering.lists[key] = (f"{target}/{key}" if override else target, abstract[target])
    return numbering


def _value(item: etree._Element, name: str, default: str) -> str:
    child = item.find(f"{W}{name}")
    return default if child is None else child.get(f"{W}val", default)


def _int(text: str | None, default: int) -> int:
    return int(text) if text is not None and re.fullmatch(r"-?\d{1,6}", text) else default
