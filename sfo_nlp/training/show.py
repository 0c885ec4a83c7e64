"""Figures as tables, on the terminal and in the model cards."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table


def print_figures(figures: Mapping[str, Any]) -> None:
    """Write the figures of `evaluate.measure` to standard output."""
    console = Console(highlight=False, width=100)
    console.print(f"{figures['reviews']} reviews, {figures['units']} units, {figures['units_found']:.1%} of them found")
    table = Table("Role", "n", "Precision", "Recall", "F1", "Brier", box=None)
    for role, row in figures["roles"].items():
        cells = [shown(row[name]) for name in ("precision", "recall", "f1")]
        table.add_row(role, str(row["f1"]["n"]), *cells, f"{row['brier']:.3f}")
    console.print(table)
    if "verdict" not in figures:
        return
    verdict = figures["verdict"]
    console.print(
        f"Verdict, six classes   {shown(verdict['accuracy'])}   clear or not {shown(verdict['clear_or_not'])}"
    )
    wrong = {name: count for name, count in verdict["confusion"].items() if len(set(name.split(" as "))) > 1}
    console.print(f"  mistaken: {', '.join(f'{name} {count}' for name, count in wrong.items()) or 'none'}")
    if "themes" not in figures:
        return
    themes = figures["themes"]
    console.print(f"Failings explained, F1  {shown(figures['explained'])}")
    console.print(f"Themes, micro F1        {shown(themes['micro_f1'])}   macro {bare(themes['macro_f1'])}")
    console.print(f"  precision {shown(themes['precision'])}   recall {shown(themes['recall'])}")
    for kind, row in figures["decoys"].items():
        console.print(f"Decoys, {kind:<12} {row['share']:.1%} of {row['n']} fire")
    for name in ("systemic_causes", "other_agencies"):
        console.print(f"{name:<22} right in {shown(figures[name])}")


def shown(figure: Mapping[str, float]) -> str:
    """A figure with its interval."""
    return f"{figure['value']:.2f} ({figure['low']:.2f}-{figure['high']:.2f})"


def bare(value: float | None) -> str:
    """A figure without an interval; a dash where there was nothing to measure."""
    return "–" if value is None else f"{value:.2f}"
