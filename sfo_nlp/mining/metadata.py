"""What is known of each review from outside its text: a comma-separated table, checked before anything is stored."""

import csv
import io
import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from sfo_nlp.errors import shown
from sfo_nlp.mining.errors import MetadataInvalid

LONGEST = 80
_DAY = re.compile(r"^(?:(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<d2>\d{1,2})/(?P<m2>\d{1,2})/(?P<y2>\d{4}))$")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in the table: the row as a spreadsheet counts it (the heading is 1), what, and what to do."""

    row: int
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """The rows that can be used and their numbers, by absolute path, and the problems of the others."""

    rows: Mapping[str, Mapping[str, object]]
    problems: tuple[Problem, ...]
    numbers: Mapping[str, int]


@lru_cache(maxsize=1)
def rules() -> Mapping[str, Any]:
    """The columns, their kinds and the order of dates, from ``metadata.toml``."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def read_metadata(path: Path, files: Sequence[str] = (), *, today: date | None = None) -> Metadata:
    """Read and check a table. A file is named by its path from the table's folder, or by its bare name in `files`.

    A row with a fault is left out whole and named; unknown columns are named and ignored. Raises `MetadataInvalid`
    when there is no table at all.
    """
    columns = {column["name"]: column for column in rules()["column"]}
    table, heading = _table(path)
    problems = list(_headings(heading, columns))
    places = _Places(path.parent, files)
    rows: dict[str, Mapping[str, object]] = {}
    numbers: dict[str, int] = {}
    for number, row in enumerate(table, start=2):
        if not any(row.values()):
            continue
        faults: list[Problem] = []
        place = places.find(row.get("file", ""), number, faults)
        values = {
            name: _value(number, columns[name], row[name], today or date.today(), faults)
            for name in columns
            if name in row
        }
        faults += _out_of_order(number, values)
        if place in rows:
            faults.append(Problem(number, f"{row['file']} has a row already", "Keep one row for each file."))
        problems += faults
        if place and not faults:
            rows[place] = values
            numbers[place] = number
    return Metadata(rows, tuple(problems), numbers)


def _table(path: Path) -> tuple[list[dict[str, str]], list[str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_text(encoding="cp1252", errors="replace")
    except OSError as error:
        raise MetadataInvalid(f"{shown(path)}: {error.strerror or error}") from error
    try:
        sample = csv.Sniffer().sniff(text[:4000], delimiters=",;\t")
    except csv.Error:
        sample = csv.excel
    reader = csv.reader(io.StringIO(text, newline=""), sample)
    lines = [[cell.strip() for cell in line] for line in reader]
    heading = [re.sub(r"[\s-]+", "_", cell.lower()) for cell in lines[0]] if lines else []
    if "file" not in heading:
        raise MetadataInvalid(f"{shown(path)}: its first row has no column called file")
    return [dict(zip(heading, line, strict=False)) for line in lines[1:]], heading


def _headings(heading: Sequence[str], columns: Mapping[str, Any]) -> Iterator[Problem]:
    for name in heading:
        if name and name != "file" and name not in columns:
            near = get_close_matches(name, columns, n=1)
            remedy = f"Did you mean {near[0]}?" if near else f"Known columns: file, {', '.join(columns)}."
            yield Problem(1, f"the column {name} is not known and was ignored", remedy)
    for name in sorted({name for name in heading if name and heading.count(name) > 1}):
        yield Problem(1, f"there are two columns called {name}", "Keep one; the last of them was read.")


class _Places:
    """Finds the file that a row names."""

    def __init__(self, folder: Path, files: Sequence[str]) -> None:
        self._folder = folder
        self._files = set(files)
        self._named: dict[str, list[str]] = {}
        for file in files:
            self._named.setdefault(Path(file).name, []).append(file)

    def find(self, name: str, row: int, faults: list[Problem]) -> str:
        """The absolute path, or '' with a fault."""
        if not name:
            faults.append(Problem(row, "no file is named", "Fill in the column file."))
            return ""
        path = os.path.abspath(self._folder / name)
        if path in self._files or Path(path).is_file():
            return path
        same = self._named.get(name, [])
        if len(same) == 1:
            return same[0]
        if same:
            faults.append(Problem(row, f"{len(same)} files are called {name}", "Name it with its folder."))
        else:
            faults.append(Problem(row, f"there is no file {name}", "Correct its name, or leave the row out."))
        return ""


def _value(row: int, column: Mapping[str, Any], text: str, today: date, faults: list[Problem]) -> object:
    """A cell as a value; None when it is empty or has a fault."""
    if not text:
        return None
    name = column["name"]
    if column["kind"] == "date":
        return _day(row, column, text, today, faults)
    if column["kind"] == "choice":
        known = {choice.lower(): choice for choice in column["choices"]} | column.get("also", {})
        if text.lower() not in known:
            choices = ", ".join(column["choices"])
            faults.append(Problem(row, f"{name}: {text[:40]!r} is not one of the choices", f"Choose from: {choices}."))
        return known.get(text.lower())
    if len(text) > LONGEST:
        faults.append(Problem(row, f"{name}: longer than {LONGEST} characters", "Shorten it."))
        return None
    return " ".join(text.split())


def _day(row: int, column: Mapping[str, Any], text: str, today: date, faults: list[Problem]) -> date | None:
    match = _DAY.match(text)
    try:
        found = datetime(*(int(match[k] or match[f"{k}2"]) for k in "ymd")).date() if match else None  # type: ignore[arg-type]
    except ValueError:
        found = None
    name = column["name"]
    if found is None:
        faults.append(Problem(row, f"{name}: {text[:40]!r} is no date", "Write 2024-03-31 or 31/03/2024."))
    elif found < rules()["earliest"]:
        faults.append(Problem(row, f"{name}: {found} is too long ago", "Check the year."))
        return None
    elif found > today and not column.get("future"):
        faults.append(Problem(row, f"{name}: {found} lies in the future", "Check the year."))
        return None
    return found


def _out_of_order(row: int, values: Mapping[str, object]) -> Iterator[Problem]:
    for pair in rules()["order"]:
        first, then = values.get(pair["first"]), values.get(pair["then"])
        if isinstance(first, date) and isinstance(then, date) and first > then:
            message = f"{pair['first']} ({first}) lies after {pair['then']} ({then})"
            yield Problem(row, message, "Check which of the two is wrong.")
