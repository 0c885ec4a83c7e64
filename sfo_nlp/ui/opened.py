"""The review that is open: which one, its view, the finding chosen, the page shown; it outlives a reload."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from sfo_nlp.checks.names import names
from sfo_nlp.report.view import Item, Passage, View
from sfo_nlp.report.viewing import view_of
from sfo_nlp.report.words import MARKS
from sfo_nlp.ui.frame import store
from sfo_nlp.ui.pictures import PICTURES

KEPT = 6


@dataclass(frozen=True, slots=True)
class Stop:
    """One passage of one finding: where next and previous lead, in reading order."""

    key: str
    item: Item
    passage: Passage


def open_review(document: str, *, finding: str | None = None) -> None:
    """Make a review the one that the review page shows."""
    st.session_state.review = document
    st.session_state.chosen = finding
    st.session_state.pop("page_at", None)


def current() -> str | None:
    """The open review's document id: the one chosen in this session, else the one in the address."""
    found = st.session_state.get("review") or st.query_params.get("review")
    if found:
        st.session_state.review = found
        st.session_state.setdefault("chosen", st.query_params.get("finding"))
        st.query_params["review"] = found
    return found


@st.cache_resource(max_entries=KEPT, show_spinner="Opening the review…")
def _wire(document: str, stamp: str) -> dict[str, Any]:
    return store().wire(document)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def content_of(document: str) -> bytes | None:
    """The bytes of the reviewed file."""
    return store().content(document)


def load(document: str) -> View:
    """The view of a stored assessment with what people have decided up to now. Raises `ReviewUnknown`."""
    stamp, last = store().stamp(document), store().last_decision(document)
    return _view(document, stamp, last)


@st.cache_resource(max_entries=2 * KEPT, show_spinner=False)
def _view(document: str, stamp: str, last: int) -> View:
    return view_of(_wire(document, stamp), store().decisions(document))


def forget_cached() -> None:
    """Let go of everything kept of reviews: one was removed, and its numbers may be given out again.

    The only place that does: whoever keeps something of a review empties it from here.
    """
    from sfo_nlp.ui import corpus, disclosure  # both need this module

    for cached in (_wire, _view, content_of, corpus.corpus_of):
        cached.clear()
    st.cache_data.clear()  # drafts that were checked, and groups of concerns with their words
    disclosure.forget()  # the plan of a copy and the copy
    PICTURES.forget()
    names.cache_clear()


def stops_of(view: View, checks: Sequence[str]) -> list[Stop]:
    """Every passage of the checks shown, in reading order, near misses among them."""
    stops = []
    for item in (*view.items, *view.near_misses):
        if item.check in checks or item.check not in MARKS:
            for number, passage in enumerate(item.passages):
                stops.append(Stop(item.key if number == 0 else f"{item.key}~{number}", item, passage))
    return sorted(stops, key=lambda stop: (stop.passage.start, stop.passage.end))


def chosen_of(stops: Sequence[Stop]) -> int | None:
    """The place of the chosen passage among the stops, or None."""
    chosen = st.session_state.get("chosen")
    return next((place for place, stop in enumerate(stops) if stop.key == chosen), None)


def choose(key: str | None) -> None:
    """Choose a passage; the page turns to it."""
    if key:
        st.session_state.chosen = key
        st.session_state.pop("page_at", None)
        st.query_params["finding"] = key
