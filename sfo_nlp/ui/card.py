"""The chosen finding: its words, why it was marked, and what people decide about it, saved at once."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from sfo_nlp import __version__
from sfo_nlp.errors import SfoError
from sfo_nlp.report.outline import said
from sfo_nlp.report.safe import one_line
from sfo_nlp.report.view import Item, View
from sfo_nlp.report.words import VERDICTS, counted
from sfo_nlp.store.decision import Decision
from sfo_nlp.ui.correct import correction_form
from sfo_nlp.ui.frame import say, store, who
from sfo_nlp.ui.opened import Stop, choose, chosen_of


def show_card(view: View, stops: Sequence[Stop]) -> None:
    """The card of the chosen passage, with previous and next; or words on how to choose one."""
    place = chosen_of(stops)
    with st.container(key="card", border=True):
        _steps(stops, place)
        if place is None:
            st.markdown(
                "Choose a passage: click it on the page or in the list, or press **n** for the first one."
                if stops
                else "No passages of this kind were found. Show other kinds above."
            )
            return
        stop = stops[place]
        _words(stop)
        _decide(view, stop)
        _history(stop.item)


def _steps(stops: Sequence[Stop], place: int | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="steps"):
        before = (place or 0) - 1
        after = 0 if place is None else place + 1
        st.button("Previous", shortcut="p", disabled=before < 0, on_click=_step, args=(stops, -1), key="previous")
        st.button("Next", shortcut="n", disabled=after >= len(stops), on_click=_step, args=(stops, 1), key="next")
        total = counted(len(stops), "passage")
        st.html(f'<p class="count">{f"{place + 1:,} of {total}" if place is not None else total}</p>')


def _step(stops: Sequence[Stop], by: int) -> None:
    """Go on from whatever is chosen when the key press is dealt with, which may be later than when it was made."""
    here = chosen_of(stops)
    place = 0 if here is None else here + by
    if 0 <= place < len(stops):
        choose(stops[place].key)


def _words(stop: Stop) -> None:
    item, passage = stop.item, stop.passage
    mark = item.mark
    head = f'<span class="letter" style="--k:{mark.colour}">{mark.letter}</span> <b>{_html(item.title)}</b>'
    tail = f'<span class="where">{_html(passage.where)} · {_html(item.sure)}</span>'
    body = f"<blockquote>{_html(passage.quote)}</blockquote>"
    if item.beside and item.beside.start != passage.start:
        body += f'<p class="beside">The reason beside it, {item.beside.where}: “{_html(item.beside.quote)}”</p>'
    if item.note:
        body += f'<p class="note">{_html(item.note)}</p>'
    st.html(f'<div class="finding"><p class="head">{head}{tail}</p>{body}</div>')


def _decide(view: View, stop: Stop) -> None:
    item = stop.item
    mine = item.standing.of(who())
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="decide"):
        if item.label == "near_miss":
            _accept(view, stop, mine)
        else:
            _button(view, stop, "Agree", "agree", "a", mine)
            _button(view, stop, "Disagree", "disagree", "d", mine)
            correct = st.popover("Correct…", width="content", key=f"correcting-{stop.key}", on_change="rerun")
            if correct.open:
                with correct:
                    value = correction_form(view, item)
                if value is not None:
                    decide(view, stop, "correct", value=value)
                    st.rerun(scope="fragment")
        note = next((note.reason for note in item.standing.notes if note.who == who()), "")
        with st.popover("Note", icon=":material/check:" if note else None, width="content", key=f"noting-{stop.key}"):
            _text(view, stop, "note", "Your note on this passage; it is saved when you leave the box", note, {})
        if mine:
            st.button(
                "Take back", type="tertiary", on_click=decide, args=(view, stop, "withdraw"), key=f"withdraw-{stop.key}"
            )
    if mine and mine.kind in ("disagree", "correct"):
        _text(view, stop, mine.kind, "Why? It is kept with your decision.", mine.reason, mine.value)


def _button(view: View, stop: Stop, label: str, kind: str, key: str, mine: Decision | None) -> None:
    """A button of this very passage: a key pressed while the next one is on its way can never decide on that one."""
    on = mine is not None and mine.kind == kind
    st.button(
        f"{label}d" if on else label,
        type="primary" if on else "secondary",
        icon=":material/check:" if kind == "agree" else ":material/close:",
        shortcut=key,
        on_click=decide,
        args=(view, stop, kind),
        key=f"{kind}-{stop.key}",
    )


def _accept(view: View, stop: Stop, mine: Decision | None) -> None:
    options = ["taken", "not_taken", "partly", "unclear"]
    given = mine.value.get("verdict") if mine else None
    verdict = st.selectbox(
        "It says that",
        options,
        index=options.index(given) if given in options else None,
        format_func=lambda one: VERDICTS[one].lower(),
        placeholder="choose what it says",
        key=f"says-{stop.key}",
        width=320,
    )
    st.button(
        "This is it",
        type="primary" if mine and mine.kind == "accept" else "secondary",
        icon=":material/check:",
        shortcut="a",
        on_click=decide,
        args=(view, stop, "accept"),
        kwargs={"value": {"verdict": verdict} if verdict else {}},
        key=f"accept-{stop.key}",
    )
    st.button(
        "Not it", icon=":material/close:", shortcut="d", on_click=decide, args=(view, stop, "disagree"),
        key=f"not-it-{stop.key}",
        type="primary" if mine and mine.kind == "disagree" else "secondary",
    )  # fmt: skip


def _text(view: View, stop: Stop, kind: str, label: str, given: str, value: Mapping[str, Any]) -> None:
    """A text box that saves what it holds when it is left; a newer text is a newer decision."""
    key = f"{kind}-text-{stop.item.key}"

    def keep() -> None:
        decide(view, stop, kind, reason=str(st.session_state[key]), value=value)

    st.text_area(label, value=given, key=key, on_change=keep, height=72, max_chars=4000)


def decide(view: View, stop: Stop, kind: str, *, reason: str = "", value: Mapping[str, Any] | None = None) -> None:
    """Add one decision to the store, in the name of whoever is at work. A failure is said, and what was typed stays."""
    item, passage = stop.item, stop.passage
    decision = Decision(
        document=view.document, finding=item.id, kind=kind, who=who(), at=datetime.now(UTC), version=__version__,
        check=item.check, label=item.label, quote=passage.quote, page=passage.page, start=passage.start,
        end=passage.end, reason=reason, value=value or {},
    )  # fmt: skip
    try:
        store().decide(decision)
    except SfoError as error:
        st.session_state.failed = error
        return
    st.session_state.saved = {"note": "Note saved", "withdraw": "Taken back"}.get(kind, "Decision saved")


def _history(item: Item) -> None:
    saved = st.session_state.pop("saved", "")
    st.html(f'<p class="saved" role="status">{saved}</p>')
    failed = st.session_state.pop("failed", None)
    if failed is not None:
        say(failed, about="Your decision was not saved. ")
    others = [*item.standing.judged, *item.standing.notes]
    if others:
        lines = "".join(f"<li>{_html(said(decision))}</li>" for decision in others)
        divided = "<p><b>People differ here.</b></p>" if item.standing.divided else ""
        st.html(f'<div class="said">{divided}<ul>{lines}</ul></div>')


def _html(text: str) -> str:
    """Foreign text as safe HTML."""
    from html import escape

    return escape(one_line(text))
