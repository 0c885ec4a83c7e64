"""What people decide about one finding, saved at once: agree, disagree, correct, note, and what others said."""

from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from typing import Any

import streamlit as st

from sfo_nlp import __version__
from sfo_nlp.errors import SfoError
from sfo_nlp.report.outline import said
from sfo_nlp.report.safe import one_line
from sfo_nlp.report.view import Item, View
from sfo_nlp.report.words import VERDICTS
from sfo_nlp.store.decision import Decision
from sfo_nlp.ui.correct import correction_form
from sfo_nlp.ui.frame import say, store, who
from sfo_nlp.ui.opened import Spot


def row_part(view: View, spot: Spot, *, head: str, shortcuts: bool) -> None:
    """One finding with its buttons; `head` is safe HTML. Only one row of a card may have the `shortcuts`."""
    item = spot.item
    mine = item.standing.of(who())
    keys = ("a", "d") if shortcuts else (None, None)
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key=f"decide-{spot.key}"):
        st.html(head, width="stretch")
        if item.label == "near_miss":
            _accept(view, spot, mine, keys)
        else:
            _button(view, spot, "Agree", "agree", keys[0], mine)
            _button(view, spot, "Disagree", "disagree", keys[1], mine)
            _correct(view, spot)
        note = next((note.reason for note in item.standing.notes if note.who == who()), "")
        with st.popover("Note", icon=":material/check:" if note else None, width="content", key=f"noting-{spot.key}"):
            _text(view, spot, "note", "Your note on this passage; it is saved when you leave the box", note, {})
        if mine:
            st.button(
                "Take back", type="tertiary", on_click=decide, args=(view, spot, "withdraw"), key=f"withdraw-{spot.key}"
            )
    if mine and mine.kind in ("disagree", "correct"):
        _text(view, spot, mine.kind, "Why? It is kept with your decision.", mine.reason, mine.value)
    _history(item)


def _correct(view: View, spot: Spot) -> None:
    box = st.popover("Correct…", width="content", key=f"correcting-{spot.key}", on_change="rerun")
    if box.open:
        with box:
            value = correction_form(view, spot.item)
        if value is not None:
            decide(view, spot, "correct", value=value)
            st.rerun(scope="fragment")


def _button(view: View, spot: Spot, label: str, kind: str, key: str | None, mine: Decision | None) -> None:
    """A button of this very finding: a key pressed while the next one is on its way can never decide on that one."""
    on = mine is not None and mine.kind == kind
    st.button(
        f"{label}d" if on else label,
        type="primary" if on else "secondary",
        icon=":material/check:" if kind == "agree" else ":material/close:",
        shortcut=key,
        on_click=decide,
        args=(view, spot, kind),
        key=f"{kind}-{spot.key}",
    )


def _accept(view: View, spot: Spot, mine: Decision | None, keys: tuple[str | None, str | None]) -> None:
    options = ["taken", "not_taken", "partly", "unclear"]
    given = mine.value.get("verdict") if mine else None
    verdict = st.selectbox(
        "It says that",
        options,
        index=options.index(given) if given in options else None,
        format_func=lambda one: VERDICTS[one].lower(),
        placeholder="choose what it says",
        key=f"says-{spot.key}",
        width=320,
    )
    st.button(
        "This is it",
        type="primary" if mine and mine.kind == "accept" else "secondary",
        icon=":material/check:",
        shortcut=keys[0],
        on_click=decide,
        args=(view, spot, "accept"),
        kwargs={"value": {"verdict": verdict}},
        key=f"accept-{spot.key}",
        disabled=verdict is None,
        help="Choose what it says first." if verdict is None else None,
    )
    st.button(
        "Not it", icon=":material/close:", shortcut=keys[1], on_click=decide, args=(view, spot, "disagree"),
        key=f"not-it-{spot.key}",
        type="primary" if mine and mine.kind == "disagree" else "secondary",
    )  # fmt: skip


def _text(view: View, spot: Spot, kind: str, label: str, given: str, value: Mapping[str, Any]) -> None:
    """A text box that saves what it holds when it is left; a newer text is a newer decision."""
    key = f"{kind}-text-{spot.item.key}"

    def keep() -> None:
        decide(view, spot, kind, reason=str(st.session_state[key]), value=value)

    st.text_area(label, value=given, key=key, on_change=keep, height=72, max_chars=4000)


def decide(view: View, spot: Spot, kind: str, *, reason: str = "", value: Mapping[str, Any] | None = None) -> None:
    """Add one decision to the store, in the name of whoever is at work. A failure is said, and what was typed stays."""
    item, passage = spot.item, spot.passage
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


def outcome_part() -> None:
    """What came of the last decision: saved, or why not."""
    saved = st.session_state.pop("saved", "")
    st.html(f'<p class="saved" role="status">{saved}</p>')
    failed = st.session_state.pop("failed", None)
    if failed is not None:
        say(failed, about="Your decision was not saved. ")


def _history(item: Item) -> None:
    words = [*item.standing.judged, *item.standing.notes]
    if words:
        lines = "".join(f"<li>{escape(one_line(said(decision)))}</li>" for decision in words)
        divided = "<p><b>People differ here.</b></p>" if item.standing.divided else ""
        st.html(f'<div class="said">{divided}<ul>{lines}</ul></div>')
