"""The actions of a review, each with its owner, date and measure, from its words and what stands beside them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from sfo_nlp.checks.action_dates import is_date
from sfo_nlp.checks.action_parts import (
    column_kind,
    goes_on,
    is_action_head,
    is_head_of,
    is_label,
    judged_text,
    names_no_action,
)
from sfo_nlp.checks.base import CheckContext
from sfo_nlp.checks.data import bound, count
from sfo_nlp.checks.roles import Role, with_role
from sfo_nlp.document import Cell
from sfo_nlp.language.reading import Sentence

COLUMN = "rule:actions.column"


@dataclass(frozen=True, slots=True)
class Action:
    """An action of the review. `level` is individual, team, region or national."""

    role: Role
    owner: str | None
    due: str | None
    measurable: bool
    weak: bool
    level: str


@dataclass(frozen=True, slots=True)
class _Table:
    """A table's cells by row and column, each as its sentences; `heads` by column, `kinds` by the kind of column."""

    rows: Mapping[int, Mapping[int, list[Sentence]]]
    heads: Mapping[int, str]
    kinds: Mapping[str, int]

    def beside(self, row: int, column: int | None) -> dict[str, str]:
        """What the row says under owner, due and measure: "" where the table has the column and the row no cell."""
        cells = self.rows[row]
        return {kind: _joined(cells.get(place, [])) for kind, place in self.kinds.items() if place != column}


def actions(context: CheckContext) -> list[Action]:
    """Every action, taken apart, in reading order: the rows of action tables, and sentences that ask or report.

    A second sentence of the same item or cell has the owner and date of the first where it names none itself.
    """
    asking = with_role(context, "action")
    tables = _tables(context)
    columns = {number: _action_column(table, asking, number) for number, table in tables.items()}
    found = [
        action
        for number, column in columns.items()
        if column is not None
        for action in _in_rows(tables[number], column, asking)
    ]
    loose = [role for role in asking if (cell := role.sentence.block.cell) is None or columns[cell.table] is None]
    found.extend(_in_sentences(loose, tables, context))
    return sorted(found, key=lambda action: action.role.sentence.index)


def _in_rows(table: _Table, column: int, asking: Sequence[Role]) -> Iterator[Action]:
    """One action for each row of an action table, whatever the model makes of its words."""
    labelled = {role.sentence.index for role in asking}
    for row, cells in table.rows.items():
        sentences = cells.get(column, [])
        text = _joined(sentences)
        if names_no_action(text) or text == table.heads[column]:
            continue
        alone = len(cells) == 1 and len(table.heads) > 1 and len(text.split()) <= count("actions", "heading_words")
        if not alone or any(sentence.index in labelled for sentence in sentences):
            role = Role(sentences[0], bound("actions", "in_column"), COLUMN)
            yield Action(role, *judged_text(text, table.beside(row, column)))


def _in_sentences(asking: Sequence[Role], tables: Mapping[int, _Table], context: CheckContext) -> Iterator[Action]:
    """The actions that the model or a cue finds outside action tables."""
    demanded = {_row_of(role) for role in asking if not _beside_column(role)}
    last: Action | None = None
    joined: set[int] = set()
    for role, lead in _with_items(asking, context):
        sentence = role.sentence
        # Owner, date and measure belong to the demand in their row; a row with no other demand keeps what it has.
        if (_beside_column(role) and _row_of(role) in demanded) or (last and is_label(sentence.text)):
            continue
        if sentence.index in joined:
            continue
        otherwise = _beside(sentence.block.cell, tables)
        if lead:
            parts = judged_text(lead.text, {})
            otherwise = {"owner": parts.owner or "", "due": parts.due or "", **otherwise}
        if last and last.role.sentence.block == sentence.block and sentence.block.kind != "paragraph":
            otherwise = {"owner": last.owner or "", "due": last.due or "", **otherwise}
        following = _following(sentence, context)
        joined.update(other.index for other in following)
        last = Action(role, *judged_text(_joined([sentence, *following]), {}, otherwise))
        yield last


def _with_items(asking: Sequence[Role], context: CheckContext) -> Iterator[tuple[Role, Sentence | None]]:
    """Who asks, each with the demand that leads to it: "The Regional Director should, by 1 March:".

    A lead-in that asks is no action of its own: every item of the list after it is one, and shares what it says.
    """
    found = {role.sentence.index: role for role in asking}
    leads: dict[int, Sentence] = {}
    for lead in context.sentences:
        if lead.block.kind != "paragraph" or not lead.text.endswith(":"):
            continue
        after = takewhile(lambda one: one.block.kind == "list_item", context.sentences[lead.index + 1 :])
        items = {one.block.number: one for one in reversed(list(after))}
        asks = found.pop(lead.index, None) if items else None
        for item in items.values():
            leads[item.index] = lead
            if asks:
                found.setdefault(item.index, replace(asks, sentence=item))
    return ((found[index], leads.get(index)) for index in sorted(found))


def _following(demand: Sentence, context: CheckContext) -> list[Sentence]:
    """The sentences after a demand that only label it, or go on about it in the same block."""

    def belongs(other: Sentence) -> bool:
        return is_label(other.text) or (other.block == demand.block and goes_on(other.text))

    return list(takewhile(belongs, context.sentences[demand.index + 1 :]))


def _tables(context: CheckContext) -> dict[int, _Table]:
    cells: dict[int, list[tuple[Cell, Sentence]]] = {}
    for sentence in context.sentences:
        if cell := sentence.block.cell:
            cells.setdefault(cell.table, []).append((cell, sentence))
    return {number: _table(found) for number, found in cells.items()}


def _table(cells: list[tuple[Cell, Sentence]]) -> _Table:
    headed = any(cell.header for cell, _ in cells)
    rows: dict[int, dict[int, list[Sentence]]] = {}
    for cell, sentence in cells:
        rows.setdefault(cell.row, {}).setdefault(cell.column, []).append(sentence)
    heads = {cell.column: cell.header for cell, _ in cells}
    if headed:
        # A column may have nothing below its head.
        heads |= {column: _joined(sentences) for column, sentences in rows.pop(0, {}).items()}
    kinds: dict[str, int] = {}
    # "Target date" before "Date raised": a head that only a plan has says more than one that a chronology may have.
    for column, head in sorted(heads.items(), key=lambda item: (not is_head_of(item[1], "plan"), item[0])):
        if (kind := column_kind(head)) and not is_action_head(head):
            kinds.setdefault(kind, column)
    return _Table(rows, heads, kinds)


def _action_column(table: _Table, asking: Sequence[Role], number: int) -> int | None:
    """The column that holds a table's actions; None where the table is no plan and the model is to decide."""
    headed = [column for column, head in table.heads.items() if is_action_head(head)]
    planned = any(is_head_of(table.heads[column], "plan") for column in table.kinds.values())
    if headed:
        chronicle = not planned and any(_dated(table, column) for column in table.heads if column < headed[0])
        named = [column for column in headed if "action" in table.heads[column].lower()]
        return None if chronicle else (named or headed)[0]
    if not planned:
        return None
    cells = [role.sentence.block.cell for role in asking]
    asked = Counter(cell.column for cell in cells if cell and cell.table == number)
    words = [
        column
        for column, head in table.heads.items()
        if not column_kind(head) and head and not is_head_of(head, "other")
    ]
    if not words or not ({"owner", "due"} <= table.kinds.keys() or any(asked[column] for column in words)):
        return None
    return max(words, key=lambda column: (asked[column], -column))


def _dated(table: _Table, column: int) -> bool:
    """Whether a column gives the dates of what happened, as in "Date | Event | Action"."""
    cells = [_joined(cells[column]) for cells in table.rows.values() if column in cells]
    return column_kind(table.heads[column]) == "due" or (bool(cells) and all(map(is_date, cells)))


def _row_of(role: Role) -> tuple[int, int] | None:
    cell = role.sentence.block.cell
    return (cell.table, cell.row) if cell else None


def _beside_column(role: Role) -> bool:
    cell = role.sentence.block.cell
    return cell is not None and column_kind(cell.header) is not None


def _beside(cell: Cell | None, tables: Mapping[int, _Table]) -> dict[str, str]:
    """What the other cells of a row say, where the table is no plan: it counts only for what the words leave open."""
    if cell is None or cell.row not in tables[cell.table].rows:
        return {}
    return {kind: text for kind, text in tables[cell.table].beside(cell.row, cell.column).items() if text}


def _joined(sentences: Iterable[Sentence]) -> str:
    return " ".join(sentence.text for sentence in sentences)
