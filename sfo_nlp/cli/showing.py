"""An answer as a table for people that loses nothing on a narrow terminal: headings wrap, intervals are one column."""

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from sfo_nlp.mining.answer import Answer

PERCENT = frozenset({"share", "low", "high", "given", "change", "change_low", "change_high", "last_share"})
INTERVALS = {"low": "high", "change_low": "change_high"}
INTERVAL = "95 % interval"
GAP = 2
LEAST = 16
MOST_TURNED = 8


def print_answer(answer: "Answer", console: "Console | None" = None) -> None:
    """An answer as a table, with its notes above; turned on its side where its columns do not fit the terminal."""
    from rich.console import Console
    from rich.text import Text

    console = console or Console(highlight=False)
    console.print(Text(answer.title, style="bold").append(f"  ({answer.reviews:,} reviews)", style="dim"))
    for note in answer.notes:
        console.print(Text(f"  Note: {note}", style="yellow"))
    if not answer.rows:
        console.print("  Nothing was found.")
        return
    heads = [INTERVAL if name in INTERVALS else head for name, head in answer.columns.items() if name not in _ENDS]
    names = [name for name in answer.columns if name not in _ENDS]
    cells = [[_shown(answer, row, name) for name in names] for row in answer.rows]
    right = [_is_number(answer.rows, name) or name == "left" for name in names]
    if sum(_least(heads, cells, right)) + GAP * len(heads) > console.width and len(cells) <= MOST_TURNED:
        heads, cells = _turned(heads, cells)
        right = [False] + [True] * (len(heads) - 1)
    console.print(_table(heads, cells, right, console.width))


def text_of(answer: "Answer") -> str:
    """The same as plain text."""
    from rich.console import Console

    out = io.StringIO()
    print_answer(answer, Console(width=160, file=out))
    return out.getvalue()


_ENDS = frozenset(INTERVALS.values())


def _is_number(rows: Sequence[Mapping[str, Any]], name: str) -> bool:
    return name in PERCENT or any(isinstance(row.get(name), int | float) for row in rows)


def _shown(answer: "Answer", row: Mapping[str, Any], name: str) -> "Text":
    """A value for people: shares as percentages, ids as words, the words found in a sentence in bold."""
    from rich.text import Text

    from sfo_nlp.report.safe import one_line

    value = answer.said(row, name)
    if value is None:
        return Text("–", style="dim")
    if name in INTERVALS:
        return Text(f"{_percent(value, name)} to {_percent(row.get(INTERVALS[name]), name)}")
    if name in PERCENT and isinstance(value, float):
        return Text(_percent(value, name))
    if name == "text" and row.get("hits"):
        text = Text(str(value))
        for start, end in row["hits"]:
            text.stylize("bold reverse", start, end)
        return text
    if isinstance(value, list | tuple):
        value = "; ".join(map(str, value))
    style = "bold" if name == "hit" else ""
    return Text(f"{value:,}" if isinstance(value, int | float) else one_line(str(value)), style=style)


def _percent(value: Any, name: str) -> str:
    return f"{value:+.0%}" if name.startswith("change") else f"{value:.0%}"


def _turned(heads: Sequence[str], cells: Sequence[Sequence["Text"]]) -> tuple[list[str], list[list["Text"]]]:
    """Rows as columns; the first column gives their headings."""
    from rich.text import Text

    lines = zip(heads[1:], zip(*(row[1:] for row in cells), strict=True), strict=True)
    return [heads[0], *(row[0].plain for row in cells)], [[Text(head), *values] for head, values in lines]


def _least(heads: Sequence[str], cells: Sequence[Sequence["Text"]], right: Sequence[bool]) -> list[int]:
    """The width below which each column would break a word of its heading, a number, or a word of up to `LEAST`."""
    least = []
    for number, head in enumerate(heads):
        words = max((len(word) for word in head.split()), default=1)
        values = [row[number] for row in cells]
        if right[number]:
            least.append(max(words, *(value.cell_len for value in values)))
        else:
            longest = max((len(word) for value in values for word in value.plain.split()), default=1)
            least.append(max(words, min(longest, LEAST)))
    return least


def _table(heads: Sequence[str], cells: Sequence[Sequence["Text"]], right: Sequence[bool], width: int) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, GAP, 0, 0))
    for head, at_right, wide in zip(heads, right, _widths(heads, cells, right, width), strict=True):
        table.add_column(Text(head), justify="right" if at_right else "left", overflow="fold", width=wide)
    for row in cells:
        table.add_row(*row)
    return table


def _widths(heads: Sequence[str], cells: Sequence[Sequence["Text"]], right: Sequence[bool], width: int) -> list[int]:
    """As wide as everything is, then the widest columns narrower, as long as no word breaks."""
    least = _least(heads, cells, right)
    wide = [max(len(head), *(row[number].cell_len for row in cells)) for number, head in enumerate(heads)]
    room = width - GAP * len(heads)
    while sum(wide) > room:
        slack = [number for number in range(len(wide)) if wide[number] > least[number]]
        if not slack:
            break
        wide[max(slack, key=wide.__getitem__)] -= 1
    return wide
