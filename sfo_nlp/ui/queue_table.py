"""The columns of the queue: what a row says of a review, and how each column is shown."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from sfo_nlp.report.safe import cell, one_line
from sfo_nlp.store.days import days_left
from sfo_nlp.store.rows import QueueRow

VERDICTS = {
    "taken": "all taken", "not_taken": "not all taken", "partly": "in part", "unclear": "unclear",
    "contradictory": "contradictory", "absent": "none stated", None: "not run",
}  # fmt: skip
LONGEST = 52


def frame_of(rows: Sequence[QueueRow]) -> pd.DataFrame:
    """One row a review; the columns on samples and on broken checks only where there are any."""
    left = days_left([row.due for row in rows], date.today())
    frame = pd.DataFrame(
        {
            "Review": [cell(shortened(one_line(row.name))) for row in rows],
            "Not met": [row.not_met for row in rows],
            "For a person": [row.refer for row in rows],
            "Judgement": [VERDICTS.get(row.verdict, row.verdict) for row in rows],
            "Explained": [None if row.share_explained is None else 100 * row.share_explained for row in rows],
            "Reading age": [row.reading_age for row in rows],
            "Words": [row.words for row in rows],
            "Received": [row.received for row in rows],
            "Due": [row.due for row in rows],
            "Days left": [None if row.status == "done" else days for row, days in zip(rows, left, strict=True)],
            "Who has it": [one_line(row.assigned) for row in rows],
            "Status": [row.status for row in rows],
        }
    )
    if any(row.fictional for row in rows):
        frame.insert(1, "Kind", ["fictional" if row.fictional else "" for row in rows])
    if any(row.not_run for row in rows):
        frame.insert(list(frame).index("For a person") + 1, "Not checked", [row.not_run for row in rows])
    return frame


def columns() -> dict[str, Any]:
    """Widths, forms and what the headings mean."""
    column = st.column_config
    return {
        "Review": column.TextColumn(width=300),
        "Kind": column.TextColumn(width=70, help="Fictional samples are no real reviews"),
        "Not met": column.NumberColumn(width=65, help="Criteria that are not met"),
        "For a person": column.NumberColumn(width=90, help="Criteria that a person must decide"),
        "Not checked": column.NumberColumn(width=90, help="Criteria whose check broke"),
        "Judgement": column.TextColumn(width=95, help="Reasonable steps: what the review itself says of them"),
        "Explained": column.ProgressColumn(
            width=110,
            help="Share of shortcomings with a reason beside them",
            format="%.0f%%",
            min_value=0,
            max_value=100,
        ),
        "Reading age": column.NumberColumn(width=85, format="%.1f"),
        "Words": column.NumberColumn(width=60, format="localized"),
        "Received": column.DateColumn(width=90, format="D MMM YYYY"),
        "Due": column.DateColumn(width=90, format="D MMM YYYY", help="20 working days after it was received"),
        "Days left": column.NumberColumn(width=75, help="Working days left; negative when the due day has passed"),
    }


def shortened(name: str) -> str:
    """A long file name without its middle: how it begins and ends tells it from others."""
    if len(name) <= LONGEST:
        return name
    half = (LONGEST - 3) // 2
    return f"{name[:half].rstrip()} … {name[-half:].lstrip()}"
