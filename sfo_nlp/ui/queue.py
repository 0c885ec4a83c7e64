"""The queue page: files in, a table of what needs attention, a row opens on the review page."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import streamlit as st

from sfo_nlp.checks.verdict import CLEAR
from sfo_nlp.report.safe import one_line
from sfo_nlp.store.days import days_left
from sfo_nlp.store.rows import QueueRow
from sfo_nlp.store.samples import sample_files
from sfo_nlp.store.store import STATUSES
from sfo_nlp.ui.frame import say, store, who
from sfo_nlp.ui.opened import forget_cached, open_review
from sfo_nlp.ui.queue_table import columns, frame_of
from sfo_nlp.ui.work import Done, Sample, check_all

KINDS = ["pdf", "docx", "txt", "md"]
SHOWN = 17
SOON = 5
SORTS = ("What needs attention first", "Due first", "Newest first", "Name")


def page() -> None:
    """The queue."""
    _open_waiting()
    st.title("Queue")
    rows = store().queue()
    _add(empty=not rows)
    if not rows:
        st.info(
            "Nothing is in the queue yet. Drop a review above, or begin with the fictional samples.",
            icon=":material/inbox:",
        )
        return
    chosen = _filtered(rows)
    _table(chosen, total=len(rows))
    _manage(chosen)


def _open_waiting() -> None:
    """Go to the review page when a row was chosen in the run before."""
    if st.session_state.pop("go", False):
        st.switch_page(st.session_state.pages["review"])


def _add(*, empty: bool) -> None:
    with st.expander("Add reviews", expanded=empty, icon=":material/add:"):
        st.markdown("PDF, DOCX, TXT or MD. They are read on this machine and stay on it.")
        files, folder = st.columns(2)
        number = st.session_state.get("round", 0)
        uploads = files.file_uploader(
            "Files, several at once", KINDS, accept_multiple_files=True, key=f"files-{number}"
        )
        uploads += folder.file_uploader(
            "A whole folder", KINDS, accept_multiple_files="directory", key=f"folder-{number}"
        )
        if uploads:
            _report(check_all(uploads, store()))
        samples = sample_files()
        if samples and st.button(f"Add the {len(samples)} fictional sample reviews", icon=":material/science:"):
            _report(check_all([Sample(path) for path in samples], store()))


def _report(done: Sequence[Done]) -> None:
    """Say what came of each file; then the uploader is emptied."""
    st.session_state.done = list(done)
    st.session_state.round = st.session_state.get("round", 0) + 1
    st.rerun()


def _filtered(rows: Sequence[QueueRow]) -> list[QueueRow]:
    _say_done(st.session_state.pop("done", []))
    rows = _needing(rows)
    search, status, person, sort = st.columns([3, 2, 2, 2], vertical_alignment="bottom")
    words = search.text_input("Search by name", key="search", placeholder="part of a file name").strip().lower()
    people = sorted({row.assigned for row in rows if row.assigned})
    wanted = status.multiselect("Status", STATUSES, key="status", placeholder="any")
    whose = person.selectbox("Who has it", ["anybody", "nobody", *people], key="whose")
    order = sort.selectbox(
        "Order", SORTS, key="order",
        help="What needs attention first: criteria not met or not checked count whole, those for a person half.",
    )  # fmt: skip
    chosen = [
        row
        for row in rows
        if words in row.name.lower()
        and (not wanted or row.status in wanted)
        and (whose == "anybody" or row.assigned == ("" if whose == "nobody" else whose))
    ]
    keys: dict[str, Any] = {
        "What needs attention first": lambda row: (row.status == "done", -attention(row), row.due),
        "Due first": lambda row: (row.status == "done", row.due),
        "Newest first": lambda row: (-row.received.toordinal(), row.name),
        "Name": lambda row: row.name.lower(),
    }
    return sorted(chosen, key=keys[order])


def _needing(rows: Sequence[QueueRow]) -> Sequence[QueueRow]:
    """Those that need the kind of attention chosen above the table; each kind says how many there are."""
    left = dict(zip((row.document for row in rows), days_left([row.due for row in rows], date.today()), strict=True))
    kinds: dict[str, Callable[[QueueRow], bool]] = {
        "Not done": lambda row: row.status != "done",
        "No clear judgement": lambda row: row.verdict not in CLEAR,
        "Not met": lambda row: row.not_met > 0,
        "For a person": lambda row: row.refer > 0,
        "Could not be checked": lambda row: row.not_run > 0,
        "Due soon": lambda row: row.status != "done" and 0 <= left[row.document] <= SOON,
        "Overdue": lambda row: row.status != "done" and left[row.document] < 0,
    }
    found = {name: [row for row in rows if wanted(row)] for name, wanted in kinds.items()}
    chosen = st.pills(
        "Show only what needs attention",
        [name for name in kinds if found[name]],
        format_func=lambda name: f"{name} · {len(found[name]):,}",
        key="needing",
        help=f"Due soon: within {SOON} working days. Press again to see all.",
    )
    return found.get(chosen, rows) if chosen else rows


def _say_done(done: Sequence[Done]) -> None:
    """One line for what went well, one for what was known, a full account of each failure."""
    fresh = [one.name for one in done if one.document and not one.known]
    known = [one.name for one in done if one.known]
    if fresh:
        st.success(f"Checked: {_named(fresh)}.", icon=":material/check:")
    if known:
        st.info(f"Here already, with all that was decided on it: {_named(known)}.", icon=":material/history:")
    for one in done:
        if one.error:
            say(one.error, about="Not added. ")


def _named(names: Sequence[str]) -> str:
    listed = ", ".join(one_line(name, longest=60) for name in names[:3])
    return listed if len(names) <= 3 else f"{listed} and {len(names) - 3} more"


def attention(row: QueueRow) -> float:
    """How much a review needs a reader: criteria not met or not run count whole, those referred to a person half."""
    return row.not_met + row.not_run + row.refer / 2


def _table(rows: Sequence[QueueRow], *, total: int) -> None:
    shown = (
        f"{len(rows):,} of {total:,} reviews" if len(rows) != total else f"{total:,} review{'' if total == 1 else 's'}"
    )
    order = {"Due first": "by due day", "Newest first": "the newest first", "Name": "by name"}
    said = order.get(st.session_state.get("order", ""), "what needs attention first")
    st.markdown(f"**{shown}**, {said}. Click a row to open it.")
    if not rows:
        st.info("No review fits these filters.", icon=":material/filter_alt_off:")
        return
    event = st.dataframe(
        frame_of(rows),
        hide_index=True,
        height="content" if len(rows) <= SHOWN else 36 * SHOWN,
        on_select="rerun",
        selection_mode="single-cell",
        key="table",
        column_config=columns(),
        alt="The reviews in the queue with what needs attention in each",
    )
    cells = event.selection.cells
    if cells:
        go_to(rows[cells[0][0]].document)


def go_to(document: str) -> None:
    """Open a review on the review page."""
    open_review(document)
    st.switch_page(st.session_state.pages["review"])


def _manage(rows: Sequence[QueueRow]) -> None:
    """By keyboard: choose a review by name, open it, take it, set its status and the day it came."""
    with st.expander("Open by name, assign, set status", icon=":material/edit:"):
        names = {row.document: row for row in rows}
        document = st.selectbox("Review", list(names), format_func=lambda one: one_line(names[one].name), key="managed")
        if document is None:
            return
        row = names[document]
        if st.button("Open it", icon=":material/open_in_new:", type="primary"):
            go_to(document)
        name, status, received = st.columns(3, vertical_alignment="bottom")
        name.text_input(
            "Who has it",
            row.assigned,
            key=f"has-{document}",
            on_change=_change,
            args=(document, "assigned", "has"),
            placeholder=who(),
        )
        status.selectbox(
            "Status",
            STATUSES,
            STATUSES.index(row.status),
            key=f"is-{document}",
            on_change=_change,
            args=(document, "status", "is"),
        )
        received.date_input(
            "Received",
            row.received,
            key=f"came-{document}",
            on_change=_change,
            args=(document, "received", "came"),
            format="DD/MM/YYYY",
        )
        _forget(row)


def _change(document: str, field: str, key: str) -> None:
    value = st.session_state[f"{key}-{document}"]
    if value is not None:
        store().change(document, **{field: value})


def _forget(row: QueueRow) -> None:
    with st.popover("Remove this review…", icon=":material/delete:"):
        st.markdown("Removes the file, its assessments **and every decision on it**. This cannot be undone.")
        if st.button("Remove it for good", key=f"forget-{row.document}"):
            store().forget(row.document)
            forget_cached()
            if st.session_state.get("review") == row.document:
                st.session_state.review = None
            st.rerun()
