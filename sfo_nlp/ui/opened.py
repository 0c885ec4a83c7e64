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
EVIDENCE = "Standards and evidence"
CHECKS = {check: place for place, check in enumerate(MARKS)}


@dataclass(frozen=True, slots=True)
class Spot:
    """One finding at one of its passages."""

    key: str
    item: Item
    passage: Passage


@dataclass(frozen=True, slots=True)
class Stop:
    """A passage with everything found in it, the longest first: where next and previous lead, in reading order."""

    spots: tuple[Spot, ...]

    @property
    def key(self) -> str:
        """The key of its first finding, which is chosen when one steps here."""
        return self.spots[0].key

    @property
    def passage(self) -> Passage:
        """The longest of its passages."""
        return self.spots[0].passage

    @property
    def findings(self) -> tuple[Spot, ...]:
        """What was found here, each finding once, the order of the checks."""
        once = {spot.item.key: spot for spot in reversed(self.spots)}
        return tuple(sorted(once.values(), key=lambda spot: (CHECKS.get(spot.item.check, len(CHECKS)), spot.key)))


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
    """Every passage of the checks shown, in reading order, near misses among them; what overlaps is one stop."""
    spots = []
    for item in (*view.items, *view.near_misses):
        if item.check in checks or item.check not in MARKS:
            for number, passage in enumerate(item.passages):
                spots.append(Spot(item.key if number == 0 else f"{item.key}~{number}", item, passage))
    spots.sort(key=lambda spot: (spot.passage.start, -spot.passage.end, CHECKS.get(spot.item.check, len(CHECKS))))
    stops: list[list[Spot]] = []
    for spot in spots:
        if stops and spot.passage.start < stops[-1][0].passage.end:
            stops[-1].append(spot)
        else:
            stops.append([spot])
    return [Stop(tuple(found)) for found in stops]


def chosen_of(stops: Sequence[Stop]) -> int | None:
    """The place of the stop that holds the chosen finding, or None."""
    chosen = st.session_state.get("chosen")
    return next((place for place, stop in enumerate(stops) if any(spot.key == chosen for spot in stop.spots)), None)


def choose(key: str | None) -> None:
    """Choose a finding: the page turns to it, its kind is shown, and the evidence comes to the front."""
    if key:
        st.session_state.chosen = key
        st.session_state.tab = EVIDENCE
        st.session_state.pop("page_at", None)
        st.query_params["finding"] = key


def checks_key(view: View) -> str:
    """Where the session keeps the kinds of passage that are shown of a review."""
    return f"checks-{view.document}"


def reveal(view: View, key: str | None) -> None:
    """Choose a finding whose kind of passage may be hidden: show that kind too."""
    choose(key)
    name = (key or "").partition("~")[0]
    found = next((item for item in (*view.items, *view.near_misses) if item.key == name), None)
    shown = st.session_state.get(checks_key(view))
    if found is not None and shown is not None and found.check not in shown:
        st.session_state[checks_key(view)] = [*shown, found.check]
