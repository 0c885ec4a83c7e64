"""The review page: the page as it looks on the left, the standards and their evidence on the right."""

from collections.abc import Callable

import streamlit as st

from sfo_nlp.report.safe import one_line
from sfo_nlp.report.view import View
from sfo_nlp.report.words import MARKS, counted
from sfo_nlp.store.errors import ReviewUnknown
from sfo_nlp.ui import opened
from sfo_nlp.ui.card import show_card
from sfo_nlp.ui.disclosure import disclosure_tab
from sfo_nlp.ui.frame import say, store
from sfo_nlp.ui.opened import EVIDENCE, checks_key, reveal, stops_of
from sfo_nlp.ui.paper import show_paper
from sfo_nlp.ui.parts import keeper_part, list_data, list_part, tiles_part
from sfo_nlp.ui.tabs import about_tab, rating_tab, report_tab
from sfo_nlp.ui.tiles import tiles_data

MANY = 8
QUIET = ("readability", "stages")
TABS: dict[str, Callable[[View], None] | None] = {
    EVIDENCE: None,
    "Reports": report_tab,
    "Official ratings": rating_tab,
    "Copy for disclosure": disclosure_tab,
    "About the file": about_tab,
}


def page() -> None:
    """The review page, or words on how to open a review."""
    document = opened.current()
    if document is None:
        _nothing_open()
        return
    try:
        view = opened.load(document)
    except ReviewUnknown as error:
        say(error)
        _nothing_open()
        return
    st.session_state.sent = {}
    with st.container(key="reviewing", gap="xsmall"):
        _head(view)
        _workspace(document)
    keeper_part()


def _nothing_open() -> None:
    st.title("Review")
    rows = store().queue()
    if not rows:
        st.info("No review is here yet. Add one on the **Queue** page.", icon=":material/inbox:")
    elif len(rows) > MANY:
        st.markdown(f"Choose a review; the {MANY} that came last stand here.")
    else:
        st.markdown("Choose a review.")
    for row in sorted(rows, key=lambda row: row.received, reverse=True)[:MANY]:
        st.button(
            one_line(row.name), key=f"open-{row.document}", on_click=opened.open_review, args=(row.document,),
            icon=":material/description:",
        )  # fmt: skip
    st.page_link(st.session_state.pages["queue"], label="All reviews in the queue", icon=":material/inbox:")


def _head(view: View) -> None:
    row = store().find(view.document)
    tag = '<span class="tag fictional">fictional sample</span>' if row.fictional else ""
    pages = f"{counted(view.pages, 'page')} · " if view.pages else ""
    facts = f"{pages}{counted(view.words, 'word')} · due {row.due.day} {row.due:%B %Y}"
    name = one_line(view.name).replace("&", "&amp;").replace("<", "&lt;")
    st.html(f'<header class="review"><h1>{name}</h1>{tag}<p>{facts}</p></header>')
    for warning in view.warnings:
        st.warning(one_line(str(warning["message"])), icon=":material/info:")


@st.fragment
def _workspace(document: str) -> None:
    view = opened.load(document)
    with st.container(key="kinds", gap="xsmall"):
        tiles_part(tiles_data(view), key="tiles", on_select=lambda: reveal(view, st.session_state["tiles"].select))
        stops = stops_of(view, _shown_checks(view))
    left, right = st.columns([11, 10], gap="medium")
    with right:
        tabs = dict(zip(TABS, st.tabs(list(TABS), key="tab", on_change="rerun"), strict=True))
    evidence = tabs[EVIDENCE].container(key="evidence")
    # The card before the page: a key pressed as soon as the page has turned must find the new card.
    with evidence:
        show_card(view, stops)
    with left, st.container(key="paperbox"):
        show_paper(view, stops)
    with evidence:
        list_part(list_data(view), key="list", on_select=lambda: reveal(view, st.session_state["list"].select))
    for name, show in TABS.items():
        if show is not None and tabs[name].open:
            with tabs[name]:
                show(view)


def _shown_checks(view: View) -> list[str]:
    present = [check for check in MARKS if view.of(check) or (check == "judgement" and view.near_misses)]
    chosen = str(st.session_state.get("chosen") or "").partition("~")[0]
    asked = [item.check for item in view.items if item.key == chosen]
    key = checks_key(view)
    st.session_state.setdefault(key, [check for check in present if check not in QUIET or check in asked])
    picked = st.pills(
        "Kinds of passage shown on the page",
        present,
        selection_mode="multi",
        format_func=lambda check: f"{MARKS[check].letter}  {MARKS[check].name}",
        key=key,
        label_visibility="collapsed",
    )
    return list(picked)
