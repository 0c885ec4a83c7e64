"""Tables over pages: parts are joined, repeated header rows dropped, every cell knows its header."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sfo_nlp.extract.lines import Line
from sfo_nlp.extract.table_boxes import TableBox

Row = dict[int, list[Line]]


@dataclass(slots=True)
class Table:
    """A whole table: rows of cells by column, and whether its first row is a header. `repeated` counts dropped rows."""

    parts: list[TableBox]
    rows: list[Row] = field(default_factory=list)
    headed: bool = False
    repeated: list[tuple[int, str]] = field(default_factory=list)

    @property
    def headers(self) -> dict[int, str]:
        """The header of each column, empty where the table has none."""
        return {column: cell_text(lines) for column, lines in self.rows[0].items()} if self.headed else {}


def cell_text(lines: Sequence[Line]) -> str:
    """The words of a cell in one line."""
    return " ".join(line.text for line in lines)


def to_table(part: TableBox) -> Table:
    """A table from its first part."""
    table = Table([part], _rows(part))
    table.headed = _headed(table.rows)
    return table


def _rows(part: TableBox) -> list[Row]:
    rows: dict[int, Row] = {}
    for (row, column), lines in sorted(part.cells.items()):
        rows.setdefault(row, {})[column] = lines
    return list(rows.values())


def goes_on(table: Table, part: TableBox) -> bool:
    """Whether `part`, which comes right after `table`, continues it in the next column or on the next page."""
    last = table.parts[-1]
    over = part.page == last.page + 1 or (part.page == last.page and part.top < last.bottom)
    if not over or part.ruled != last.ruled or len(part.edges) < 2:
        return False
    here, there = ([edge - box.edges[0] for edge in box.edges] for box in (part, last))
    near = sum(any(abs(one - other) < 6 for other in there) for one in here)
    return near >= max(len(here), len(there)) - (0 if part.ruled else 1)


def extend(table: Table, part: TableBox) -> None:
    """Add the rows of `part`: without the header row again, and with a row that runs over the page made whole."""
    rows = _rows(part)
    table.parts.append(part)
    header = [cell_text(lines) for lines in table.rows[0].values()]
    if rows and [cell_text(lines) for lines in rows[0].values()] == header:
        table.headed = True
        table.repeated.append((part.page, " | ".join(header)))
        rows = rows[1:]
    if rows and table.rows and _runs_over(table, rows[0]):
        for column, lines in rows.pop(0).items():
            table.rows[-1].setdefault(column, []).extend(lines)
    table.rows += rows


def _runs_over(table: Table, row: Row) -> bool:
    """Whether a page's first row is the rest of the row before it."""
    always = all(0 in earlier for earlier in table.rows)
    if 0 not in row and always and len(table.rows) > 1:
        return True
    return all(lines and lines[0].text[:1].islower() for lines in row.values())


def _headed(rows: Sequence[Row]) -> bool:
    """Whether the first row names the columns: set bold above plain rows, or short beside longer ones."""
    if len(rows) < 2:
        return False
    first, rest = rows[0], rows[1:]
    if len(first) < max(len(row) for row in rest) or len(first) < 2:
        return False
    bold = [all(line.bold for line in lines) for lines in first.values()]
    below = [all(line.bold for line in lines) for row in rest for column, lines in row.items() if column]
    if all(bold):
        return not below or sum(below) < 0.5 * len(below)
    labels = [all(line.bold for line in row[0]) for row in rows if 0 in row]
    if labels and all(labels):
        return False
    texts = [cell_text(lines) for lines in first.values()]
    plain = all(len(text.split()) <= 5 and not text.endswith((".", ";")) and not text[:1].isdigit() for text in texts)
    lengths = [len(cell_text(lines)) for row in rest for lines in row.values()]
    return plain and max(len(text) for text in texts) < max(lengths)


def cells(table: Table) -> Iterator[tuple[int, int, list[Line]]]:
    """(row, column, lines) of every cell that holds text, row by row."""
    for row, by_column in enumerate(table.rows):
        for column, lines in sorted(by_column.items()):
            yield row, column, lines
