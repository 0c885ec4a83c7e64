"""The self-check page, for an author: what to mend in a draft, and what the next draft mended, left and broke."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from html import escape
from typing import Any

import streamlit as st

from sfo_nlp.errors import SfoError
from sfo_nlp.report.compare import Change, Comparison, compare
from sfo_nlp.report.mending import Advice, Task, grouped, tasks_of
from sfo_nlp.report.safe import one_line
from sfo_nlp.report.view import View
from sfo_nlp.report.viewing import view_of
from sfo_nlp.report.words import OUTCOMES, mark_of
from sfo_nlp.ui.frame import say
from sfo_nlp.ui.work import check_bytes

KINDS = ["docx", "pdf", "txt", "md"]
OPEN = 3
FIRST = 5
TURNED = {"mended": "Better", "broke": "Worse", "not_comparable": "Cannot be compared"}


def page() -> None:
    """One draft: what to mend. Two drafts: what became of it."""
    st.title("Self-check")
    st.markdown(
        "Drop your draft and see what to mend, the heaviest first. "
        "Drafts are read on this machine and kept only while this page is open; they do not go into the queue."
    )
    left, right = st.columns(2)
    old = _draft(left, "Your draft", "first")
    new = _draft(right, "The next draft, when you have one", "second") if old else None
    if old is None:
        st.info("No draft yet. Word and PDF work best; text files work too.", icon=":material/upload_file:")
    elif new is None:
        _to_mend(old)
    else:
        _compared(compare(old, new))


def _draft(place: Any, label: str, key: str) -> View | None:
    upload = place.file_uploader(label, type=KINDS, key=f"draft-{key}")
    if upload is None:
        return None
    content = upload.getvalue()
    try:
        return view_of(_checked(sha256(content).hexdigest(), upload.name, content))
    except SfoError as error:
        with place:
            say(error)
        return None


@st.cache_data(max_entries=8, show_spinner="Reading the draft…")
def _checked(document: str, name: str, _content: bytes) -> dict[str, Any]:
    return check_bytes(_content, name)


def _to_mend(view: View) -> None:
    tasks = tasks_of(view)
    _say_broken(view)
    if not tasks:
        st.success("Nothing to mend was found. That is not proof that nothing is there: read it once more yourself.")
        return
    kinds = grouped(tasks)
    st.subheader(f"{one_line(view.name)}: {_number(len(tasks), 'thing')} to mend, of {_number(len(kinds), 'kind')}")
    for place, (advice, found) in enumerate(kinds.items()):
        count = f" · {len(found)}" if len(found) > 1 else ""
        with st.expander(f"**{advice.title}**{count}", expanded=place < OPEN):
            st.html(_advice(advice, found) + _passages(found[:FIRST]))
            if len(found) > FIRST and st.toggle(f"Show all {len(found)}", key=f"all-{advice.id}"):
                st.html(_passages(found[FIRST:]))


def _say_broken(view: View) -> None:
    """Name the checks that could not run: an empty list would else look like praise."""
    if view.broken:
        names = ", ".join(mark_of(check).name for check in sorted(view.broken))
        st.warning(f"{one_line(view.name)}: these could not be checked, so nothing is said of them: {names}.")


def _compared(comparison: Comparison) -> None:
    st.subheader(f"{one_line(comparison.old.name)} → {one_line(comparison.new.name)}")
    if comparison.warning:
        st.warning(comparison.warning)
    for view in (comparison.old, comparison.new):
        _say_broken(view)
    lists = _lists(comparison)
    counted = "".join(
        f'<li class="{tone}"><b>{len(changes)}</b> {title.lower()}</li>' for title, tone, _, changes in lists
    )
    st.html(f'<ul class="counts">{counted}</ul>')
    _turned(comparison)
    tabs = st.tabs([f"{title} ({len(changes)})" for title, _, _, changes in lists])
    for tab, (_, _, note, changes) in zip(tabs, lists, strict=True):
        with tab:
            st.caption(note)
            _changes(changes)


def _lists(comparison: Comparison) -> list[tuple[str, str, str, Sequence[Change]]]:
    """The lists of a comparison: title, tone, what it holds, the changes; the last two only where they hold any."""
    always = [
        ("New", "not_met", "What this draft brought in, or what was there and is seen only now.", comparison.broke),
        ("Still open", "refer", "What stands as it stood, or was reworded and is still to mend.", comparison.left),
        ("Mended", "met", "What was put right. Well done.", comparison.mended),
    ]
    gone = "What this draft no longer speaks of: neither mended nor still open. See that nothing was lost."
    unknown = "The check that looks for these broke in one of the drafts, so nobody can say whether they were mended."
    rest = [
        ("No longer in the text", "plain", gone, comparison.gone),
        ("Could not be compared", "not_run", unknown, comparison.unchecked),
    ]
    return [*always, *(one for one in rest if one[-1])]


def _turned(comparison: Comparison) -> None:
    turned = [turn for turn in comparison.criteria if turn.change != "same"]
    if turned:
        rows = "".join(
            f'<li class="{turn.change}"><b>{TURNED[turn.change]}:</b> '
            f"{escape(turn.question)} <span>{OUTCOMES[turn.old][1]} → {OUTCOMES[turn.new][1]}</span></li>"
            for turn in turned
        )
        st.html(f'<ul class="turns">{rows}</ul>')


def _changes(changes: Sequence[Change]) -> None:
    if not changes:
        st.markdown("Nothing here.")
    for advice, tasks in grouped(change.task for change in changes).items():
        count = f" · {len(tasks)}" if len(tasks) > 1 else ""
        with st.expander(f"**{advice.title}**{count}"):
            st.html(_advice(advice, tasks) + _passages(tasks))


def _advice(advice: Advice, tasks: Sequence[Task]) -> str:
    note = tasks[0].note if tasks[0].passage is None else ""
    found = f'<p class="why">{escape(note)}</p>' if note else ""
    return (
        f'<div class="advice"><p class="why">{escape(advice.why)}</p>{found}<p><b>How:</b> {escape(advice.how)}</p>'
        f'<p class="example"><b>The form, not the facts:</b> {escape(advice.example)}</p></div>'
    )


def _passages(tasks: Iterable[Task]) -> str:
    rows = []
    for task in tasks:
        note = f'<span class="note">{escape(one_line(task.note))}</span>' if task.note and task.passage else ""
        rows += [
            f'<li><span class="where">{passage.where}</span><q>{escape(one_line(passage.quote))}</q>{note}</li>'
            for passage in ((task.passage,) if task.passage else task.near)
        ]
    return f'<ul class="passages">{"".join(rows)}</ul>' if rows else ""


def _number(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
