"""The authoring format of the annotated corpus: text and labels written together, one unit a line.

A review is a plain text file. Lines starting with ``@`` give facts about the whole review, the rest is
its body: headings (``#``), paragraphs (consecutive lines), list items, table rows. Every unit carries its
labels in front, in square brackets; ``corpus/annotated/GUIDE.md`` says what they mean. Lines that start with ``//`` are
left out. ``python -m sfo_nlp.training.markup w73-01.txt --split train`` prints the reviews as lines of the corpus.
"""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from sfo_nlp.checks.explanation import CAUSE_LEVELS
from sfo_nlp.checks.learning import LEVELS
from sfo_nlp.checks.roles import ROLES
from sfo_nlp.checks.themes import AGENCIES, themes

LETTERS = dict(zip("ECSXJA", ROLES, strict=True))
VERDICTS = ("taken", "not_taken", "partly", "unclear", "contradictory", "absent")
CAUSES = tuple(CAUSE_LEVELS)
FLAGS = ("condolence", "blaming", "distressing", "quoted")
PERSON_ROLES = ("person_on_probation", "victim", "family", "child", "staff", "third_party")
DATA_KINDS = ("crn", "date_of_birth", "address", "postcode", "phone", "email", "nino", "pnc", "nhs", "prison_number")

_UNIT = re.compile(r"^(?P<marker>[^\[\]]{0,12}?)\s*\[(?P<tags>[^\]]*)\]\s*(?P<text>\S.*)$")
_THEME = re.compile(r"^(?P<id>[a-z_]+)(?P<sign>[+-])(?:@(?P<agency>[a-z_]+))?$")


class MarkupError(ValueError):
    """A line that the format does not allow; the message names file and line."""


def parse_review(path: Path, *, theme_ids: frozenset[str]) -> dict[str, Any]:
    """Read one marked-up review into a corpus record.

    The record holds ``text`` (units joined by a space in a paragraph, a newline between blocks) and
    ``units``, each with half-open code point offsets into it. Raises `MarkupError`.
    """
    facts: dict[str, Any] = {"id": path.stem, "persons": [], "personal_data": []}
    units: list[dict[str, Any]] = []
    pieces: list[str] = []
    position = 0
    for number, block, unit in _units(path, facts, theme_ids):
        separator = "" if not units else ("\n" if units[-1]["block"] != block else " ")
        if unit["kind"] == "heading" and units:
            separator = "\n\n"
        text = unit.pop("text")
        start = position + len(separator)
        pieces += [separator, text]
        position = start + len(text)
        units.append({"start": start, "end": position, "block": block, **unit})
        if not text:
            raise MarkupError(f"{path.name}:{number}: empty unit")
    record = {"schema": "sfo-nlp/corpus/1", **facts, "text": "".join(pieces), "units": units}
    _check(record, path)
    return record


def _units(path: Path, facts: dict[str, Any], theme_ids: frozenset[str]) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Yield line number, block number and unit, filling `facts` from the ``@`` lines on the way."""
    place = _Place()
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = raw.strip()
        where = f"{path.name}:{number}"
        if not line or line.startswith("//"):
            place.block += 1
            place.in_table = False
        elif line.startswith("@"):
            _read_fact(line, facts, where)
        else:
            read = _heading if line.startswith("#") else _table_line if line.startswith("|") else _text_line
            for text, tags, fields in read(line, place, where):
                yield number, place.block, {"text": text, **fields, **_labels(tags, where, theme_ids)}
            place.block += line.startswith("#")


@dataclass(slots=True)
class _Place:
    """Where the next unit stands: its block, and in a table its row and the column after it."""

    block: int = 0
    table: int = 0
    row: int = 0
    column: int = 0
    in_table: bool = False

    def cell(self, row: int, column: int) -> dict[str, Any]:
        return {"kind": "cell", "table": self.table, "row": row, "column": column}


def _heading(line: str, place: _Place, where: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    rest = line.lstrip("#")
    depth = len(line) - len(rest)
    match = _UNIT.match(rest.strip()) if rest.strip().startswith("[") else None
    place.block += 1
    text, tags = (match["text"], match["tags"]) if match else (rest.strip(), "-")
    yield text, tags, {"kind": "heading", "depth": depth}


def _table_line(line: str, place: _Place, where: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """``|!`` the heads of a table, ``|-`` a new row, ``|`` a cell, ``|+`` a further unit of the same cell."""
    if not place.in_table:
        place.in_table, place.table, place.row, place.column = True, place.table + 1, 0, 0
    if line.startswith("|!"):
        for column, title in enumerate(line[2:].split("|")):
            place.block += 1
            place.column = column
            yield title.strip(), "-", place.cell(0, column)
        return
    if line.startswith("|-"):
        place.row, place.column = place.row + 1, 0
        return
    if not line.startswith("|+"):
        place.block += 1
        place.column += 1
    line = line.lstrip("|+ ")
    match = _require(_UNIT.match(line), where, line)
    yield match["text"], match["tags"], place.cell(max(place.row, 1), place.column - 1)


def _text_line(line: str, place: _Place, where: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    match = _require(_UNIT.match(line), where, line)
    marker = match["marker"].strip()
    kind = "sentence"
    if marker.startswith("~"):
        kind = "struck"
    elif marker.startswith("^"):
        kind = "footnote"
    elif marker in ("-", "*", "•") or re.fullmatch(r"\(?[a-z]{1,2}\)", marker):
        kind = "list_item"
    place.block += bool(marker)
    yield match["text"], match["tags"], {"kind": kind, **({"marker": marker} if marker else {})}


def _require(match: re.Match[str] | None, where: str, line: str) -> re.Match[str]:
    if match is None:
        raise MarkupError(f"{where}: no [labels] before the text: {line[:60]!r}")
    return match


def _read_fact(line: str, facts: dict[str, Any], where: str) -> None:
    key, _, value = line[1:].partition(" ")
    value = value.strip()
    if key == "person":
        name, role, *aliases = (part.strip() for part in value.split("|"))
        _one_of(role, PERSON_ROLES, where)
        facts["persons"].append({"name": name, "role": role, "aliases": [a for a in aliases if a]})
    elif key == "data":
        kind, _, text = value.partition(" ")
        _one_of(kind, DATA_KINDS, where)
        facts["personal_data"].append({"kind": kind, "text": text.strip()})
    elif key == "verdict":
        facts[key] = _one_of(value, VERDICTS, where)
    elif key in ("reasoned", "systemic_causes", "other_agencies"):
        facts[key] = _one_of(value, ("yes", "no"), where) == "yes"
    elif key == "title":
        facts[key] = value
    else:
        raise MarkupError(f"{where}: unknown fact @{key}")


def _labels(tags: str, where: str, theme_ids: frozenset[str]) -> dict[str, Any]:
    """Turn ``E C f1 recall- decoy=judgement`` into the label fields of a unit; empty ones are left out."""
    out: dict[str, Any] = {"labels": []}
    themes: list[dict[str, str]] = []
    action: dict[str, Any] = {}
    try:
        tokens = shlex.split(tags.replace(";", " "))
    except ValueError as error:
        raise MarkupError(f"{where}: {error}") from error
    for token in tokens:
        name, equals, value = token.partition("=")
        theme = _THEME.match(token)
        if token == "-":
            continue
        if re.fullmatch(r"[ECSXJA]+", token):
            out["labels"] += [LETTERS[letter] for letter in token]
        elif re.fullmatch(r"f\d+", token):
            out["failing"] = token
        elif re.fullmatch(r">f\d+(,f\d+)*", token):
            out["explains"] = token[1:].split(",")
        elif theme:
            _one_of(theme["id"], theme_ids, where)
            agency = _one_of(theme["agency"] or "probation", AGENCIES, where)
            polarity = "strength" if theme["sign"] == "+" else "concern"
            themes.append({"id": theme["id"], "polarity": polarity, "agency": agency})
        elif token in FLAGS:
            out.setdefault("flags", []).append(token)
        elif equals and name == "cause":
            out["causes"] = [_one_of(item, CAUSES, where) for item in value.split(",")]
        elif equals and name == "level":
            out["level"] = _one_of(value, LEVELS, where)
        elif equals and name == "verdict":
            out["verdict"] = _one_of(value, VERDICTS, where)
        elif equals and name == "scope":
            out["scope"] = _one_of(value, ("overall", "stage"), where)
        elif equals and name == "decoy":
            names = theme_ids | {"judgement", "explanation", "action", "concern", "strength"}
            out["decoys"] = [_one_of(item, names, where) for item in value.split(",")]
        elif equals and name in ("owner", "due"):
            action[name] = value
        elif equals and name in ("measure", "weak"):
            action[name] = _one_of(value, ("yes", "no"), where) == "yes"
        elif equals and name == "at":
            action[name] = _one_of(value, ("individual", "team", "region", "national"), where)
        else:
            raise MarkupError(f"{where}: unknown label {token!r}")
    if themes:
        out["themes"] = themes
    if action:
        out["action"] = action
    return out


def _one_of(value: str, allowed: tuple[str, ...] | frozenset[str], where: str) -> str:
    if value not in allowed:
        raise MarkupError(f"{where}: {value!r} is not one of {', '.join(sorted(allowed))}")
    return value


def _check(record: dict[str, Any], path: Path) -> None:
    """Whole-review rules: facts present, links point to failings, labels and fields agree."""
    for fact in ("title", "verdict", "reasoned", "systemic_causes", "other_agencies"):
        if fact not in record:
            raise MarkupError(f"{path.name}: @{fact} is missing")
    failings = {unit["failing"] for unit in record["units"] if "failing" in unit}
    for unit in record["units"]:
        text = record["text"][unit["start"] : unit["end"]]
        where = f"{path.name}: {text[:50]!r}"
        if ("finding_concern" in unit["labels"]) != ("failing" in unit):
            raise MarkupError(f"{where}: C and a number f1, f2, ... go together")
        unknown = set(unit.get("explains", ())) - failings
        if unknown:
            raise MarkupError(f"{where}: explains {sorted(unknown)}, which no unit carries")
        if unit.get("explains") and "explanation" not in unit["labels"]:
            raise MarkupError(f"{where}: only an X unit explains")
        if "judgement" in unit["labels"] and "verdict" not in unit:
            raise MarkupError(f"{where}: a J unit needs verdict= and scope=")


@click.command(help="Prints marked-up reviews, WRITER-NUMBER.txt each, as lines of the corpus.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--split", type=click.Choice(("train", "validation", "test")), required=True)
def main(paths: tuple[Path, ...], split: str) -> None:
    """Print one corpus record a line; a fault in the markup ends it, with file and line named."""
    for path in paths:
        try:
            record = parse_review(path, theme_ids=frozenset(themes()))
        except MarkupError as error:
            raise click.ClickException(str(error)) from error
        first = {"schema": record["schema"], "id": path.stem, "writer": path.stem.partition("-")[0], "split": split}
        click.echo(json.dumps({**first, **record}, ensure_ascii=False))


if __name__ == "__main__":
    main()
