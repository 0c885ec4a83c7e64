"""The actions of a review, each with its owner, date and measure, from its words and what stands beside them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile

from sfo_nlp.checks.action_parts import column_kind, judged_text
from sfo_nlp.checks.base import CheckContext
from sfo_nlp.checks.roles import Role, with_role
from sfo_nlp.document import Block

# A sentence that is nothing but the owner or the date of the demand before it.
_LABEL = re.compile(
    r"\W*(?:by(?: when| whom)?|due(?: by| date)?|deadline|date|timescale|target date|owner|lead|responsible)"
    r"\s*[:–-]\s*\S.{0,60}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Action:
    """An action of the review. `level` is individual, team, region or national."""

    role: Role
    owner: str | None
    due: str | None
    measurable: bool
    weak: bool
    level: str


def actions(context: CheckContext) -> list[Action]:
    """Every sentence that asks for or reports an action, taken apart, in reading order.

    A second sentence of the same item or cell has the owner and date of the first where it names none itself.
    """
    rows = _rows(context)
    found: list[Action] = []
    asking = with_role(context, "action")
    demanded = {_row_of(role) for role in asking if not _beside_column(role)}
    for role in asking:
        # Owner, date and measure belong to the demand in their row; a row with no other demand keeps what it has.
        if (_beside_column(role) and _row_of(role) in demanded) or (found and _LABEL.match(role.sentence.text)):
            continue
        block = role.sentence.block
        beside = _beside(block, rows, context)
        before = found[-1] if found and found[-1].role.sentence.block == block and block.kind != "paragraph" else None
        if before:
            beside = {"owner": before.owner or "", "due": before.due or "", **beside}
        following = takewhile(_LABEL.match, (other.text for other in context.sentences[role.sentence.index + 1 :]))
        found.append(Action(role, *judged_text(" ".join([role.sentence.text, *following]), beside)))
    return found


def _row_of(role: Role) -> tuple[int, int] | None:
    cell = role.sentence.block.cell
    return (cell.table, cell.row) if cell else None


def _beside_column(role: Role) -> bool:
    cell = role.sentence.block.cell
    return cell is not None and column_kind(cell.header) is not None


def _rows(context: CheckContext) -> Mapping[tuple[int, int], list[Block]]:
    rows: dict[tuple[int, int], list[Block]] = {}
    for block in context.document.blocks:
        if block.cell:
            rows.setdefault((block.cell.table, block.cell.row), []).append(block)
    return rows


def _beside(block: Block, rows: Mapping[tuple[int, int], list[Block]], context: CheckContext) -> dict[str, str]:
    """What the other cells of an action's row say, by the kind of their column."""
    if block.cell is None:
        return {}
    found: dict[str, str] = {}
    for other in rows[block.cell.table, block.cell.row]:
        kind = column_kind(other.cell.header if other.cell else "")
        if kind and other.number != block.number:
            found.setdefault(kind, context.document.text[slice(*other.span)])
    return found
