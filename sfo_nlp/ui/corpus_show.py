"""How the corpus page shows an answer: table, chart with words beside it, the passages behind a chosen row."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from sfo_nlp.mining.answer import Answer
from sfo_nlp.mining.corpus import Corpus, Filters
from sfo_nlp.mining.passages import cause_passages, measure_passages, theme_passages
from sfo_nlp.mining.tables import render
from sfo_nlp.report.safe import cell, one_line, visible
from sfo_nlp.ui.opened import open_review

SHARES = frozenset({"share", "low", "high", "given", "change", "change_low", "change_high", "last_share"})
# Every kind that a row can have: a mark whose kind is not among them is not drawn.
COLOURS = {"concern": "#a3290f", "strength": "#1e6b3a", "review": "#1f4e79"}
ROW_HEIGHT = 26
NOTHING = "–"
PER_PAGE = 15
CHARTED = 20


def table(answer: Answer) -> None:
    """An answer with its notes."""
    _notes(answer)
    st.dataframe(
        _frame(answer), hide_index=True, column_config=columns_of(answer), alt=answer.title, placeholder=NOTHING
    )
    _download(answer)


def picked(answer: Answer, *, key: str) -> Mapping[str, Any] | None:
    """An answer whose rows can be chosen; the chosen one, whose passages are then asked for."""
    _notes(answer)
    if not answer.rows:
        st.info("Nothing was found.", icon=":material/search_off:")
        return None
    st.caption("Choose a row to read the passages behind it.")
    event = st.dataframe(
        _frame(answer), hide_index=True, column_config=columns_of(answer), alt=answer.title, key=f"table-{key}",
        on_select="rerun", selection_mode="single-row", height=min(36 * len(answer.rows) + 40, 420),
        placeholder=NOTHING,
    )  # fmt: skip
    _download(answer)
    rows = event.selection.rows
    return answer.rows[rows[0]] if rows and rows[0] < len(answer.rows) else None


def _notes(answer: Answer) -> None:
    for note in answer.notes[:6]:
        st.caption(f":material/info: {one_line(note)}")
    if len(answer.notes) > 6:
        with st.expander(f"{len(answer.notes) - 6} more notes"):
            for note in answer.notes[6:]:
                st.caption(one_line(note))


def _frame(answer: Answer) -> pd.DataFrame:
    def value(row: Mapping[str, Any], name: str) -> Any:
        found = answer.said(row, name)
        if isinstance(found, list):
            return "; ".join(map(str, found))
        return 100 * found if name in SHARES and isinstance(found, float) else cell(found)

    held = [name for name in answer.columns if any(answer.said(row, name) is not None for row in answer.rows)]
    return pd.DataFrame([{name: value(row, name) for name in held} for row in answer.rows], columns=held)


def columns_of(answer: Answer) -> dict[str, Any]:
    """Titles and forms of the columns; a title that stands twice is told apart by what it belongs to."""
    column, titles = st.column_config, {name: title or name for name, title in answer.columns.items()}
    twice = [title for title, count in Counter(titles.values()).items() if count > 1]
    for name, title in titles.items():
        if title in twice and name.startswith("change"):
            titles[name] = f"Change, {title}"
    return {
        name: column.NumberColumn(title, format="%.0f%%") if name in SHARES else column.Column(title)
        for name, title in titles.items()
    }


def _download(answer: Answer) -> None:
    with st.container(horizontal=True):
        for form, mime in (("csv", "text/csv"), ("json", "application/json"), ("parquet", "application/octet-stream")):
            name = f"{answer.name}.{form}"
            st.download_button(
                form.upper(),
                partial(render, answer, form),
                name,
                mime,
                key=f"get-{answer.title}-{form}",
                type="tertiary",
            )


def chart(answer: Answer, *, by: str | None = None, line: bool = False) -> None:
    """Shares with their intervals as bars, or as lines over time; the table below holds the same figures."""
    rows = [row for row in answer.rows if row.get("share") is not None]
    rows = rows if by else rows[:CHARTED]
    if not rows:
        return
    frame = frame_of(rows, by=by)
    words = "; ".join(_words(row, by) for row in rows[:CHARTED])
    drawn = _over(frame, line=line) if by else bars(frame)
    st.altair_chart(drawn, alt=f"{answer.title}: {words}")


def frame_of(rows: Sequence[Mapping[str, Any]], *, by: str | None = None) -> pd.DataFrame:
    """What a chart draws: a row's name, its kind (a key of `COLOURS`), its group, the share and its bounds in %."""
    return pd.DataFrame(
        [
            {
                "name": f"{row['label']} ({row['polarity']})" if "polarity" in row else row["label"],
                "kind": row.get("polarity", "review"),
                "group": row.get(by, "") if by else "",
                **{share: 100 * row[share] for share in ("share", "low", "high")},
            }
            for row in rows
        ]
    )


def _words(row: Mapping[str, Any], by: str | None) -> str:
    name = f"{row['label']}, {row['polarity']}" if "polarity" in row else str(row["label"])
    group = f" in {row[by]}" if by else ""
    return f"{name}{group}: {100 * row['share']:.0f} % ({100 * row['low']:.0f} to {100 * row['high']:.0f})"


def bars(frame: pd.DataFrame) -> Any:
    """The rows of `frame_of` as bars with their intervals, every one of them with its label."""
    labels = alt.Axis(labelLimit=340, labelOverlap=False)
    base = alt.Chart(frame).encode(y=alt.Y("name:N", sort=None, title=None, axis=labels))
    axis = alt.X("share:Q", title="Share of reviews, %", scale=alt.Scale(domain=[0, 100]))
    colour = alt.Color("kind:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())), legend=None)
    drawn = base.mark_bar(height=12, opacity=0.55).encode(x=axis, color=colour)
    return (drawn + base.mark_rule(color="#1d2530").encode(x="low:Q", x2="high:Q")).properties(
        height=ROW_HEIGHT * len(frame) + 40
    )


def _over(frame: pd.DataFrame, *, line: bool) -> Any:
    base = alt.Chart(frame).encode(x=alt.X("group:N", title=None), color=alt.Color("name:N", title=None))
    share = alt.Y("share:Q", title="Share of reviews, %", scale=alt.Scale(domain=[0, 100]))
    offset = {} if line else {"xOffset": "name:N"}
    drawn = base.mark_line(point=True) if line else base.mark_point(filled=True, size=70)
    bounds = base.mark_rule(opacity=0.6).encode(y="low:Q", y2="high:Q", **offset)
    return (drawn.encode(y=share, **offset) + bounds).properties(height=320)


def behind(
    corpus: Corpus,
    filters: Filters,
    *,
    theme: str | None = None,
    polarity: str | None = None,
    cause: str | None = None,
    measure: str | None = None,
    also: str | None = None,
    group: tuple[str, str] | None = None,
) -> None:
    """The passages behind a chosen row, page by page, each with a button that opens its review there."""
    if group is not None:
        filters = replace(filters, group=group)
    if also is not None:
        filters = replace(filters, theme=also)
    key = "-".join(map(str, ("behind", theme, polarity, cause, measure, also, group)))
    start = PER_PAGE * (int(st.session_state.get(key, 1)) - 1)
    if cause is not None:
        answer = cause_passages(corpus, filters, theme=theme, cause=cause, limit=PER_PAGE + 1, offset=start)
    elif measure is not None:
        answer = measure_passages(corpus, measure, filters, limit=PER_PAGE + 1, offset=start)
    else:
        answer = theme_passages(corpus, theme or "", filters, polarity=polarity, limit=PER_PAGE + 1, offset=start)
    more = len(answer.rows) > PER_PAGE
    st.subheader(one_line(answer.title))
    listed(replace(answer, rows=answer.rows[:PER_PAGE]), key=f"{key}-list", first=start + 1)
    if more or start:
        st.number_input("Page", 1, None, key=key)


def listed(answer: Answer, *, key: str, first: int = 1) -> None:
    """Passages one below the other, words found in bold, with a button that opens the review."""
    for note in answer.notes:
        st.caption(one_line(note))
    if not answer.rows:
        st.info("No passage.", icon=":material/search_off:")
    for number, row in enumerate(answer.rows, start=first):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(f"<blockquote>{_quoted(row)}</blockquote>", width="stretch")
            where = f", p. {row['page']}" if row.get("page") else ""
            label = f"{one_line(str(row['name']), longest=40)}{where}"
            if st.button(label, key=f"{key}-{number}", type="tertiary", icon=":material/open_in_new:"):
                open_review(row["document"], finding=row.get("finding"))
                st.switch_page(st.session_state.pages["review"])


def safe(text: str) -> str:
    """Foreign text for a page: markup escaped, invisible characters written out."""
    return escape(visible(text))


def _quoted(row: Mapping[str, Any]) -> str:
    if "hit" in row:
        left, hit, right = (safe(one_line(str(row[name]))) for name in ("left", "hit", "right"))
        return f"…{left} <mark>{hit}</mark> {right}…"
    text = str(row.get("text") or row.get("quote") or "")
    pieces, place = [], 0
    hits: Sequence[Sequence[int]] = row.get("hits", ())
    for start, end in hits:
        pieces.append(f"{safe(text[place:start])}<mark>{safe(text[start:end])}</mark>")
        place = end
    pieces.append(safe(text[place:]))
    reason = f"<br><small>Reason given: {safe(one_line(str(row['reason'])))}</small>" if row.get("reason") else ""
    near = f" <small>({row['similarity']:.2f})</small>" if "similarity" in row else ""
    return "".join(pieces) + near + reason
