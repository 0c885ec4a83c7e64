"""The chosen passage: its words once, everything found in it with the buttons to decide, previous and next."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from sfo_nlp.report.safe import one_line
from sfo_nlp.report.view import View
from sfo_nlp.report.words import counted
from sfo_nlp.ui.deciding import outcome_part, row_part
from sfo_nlp.ui.frame import who
from sfo_nlp.ui.opened import Spot, Stop, choose, chosen_of

SHORT = 160


def show_card(view: View, stops: Sequence[Stop]) -> None:
    """The card of the chosen passage, with previous and next; or words on how to choose one."""
    place = chosen_of(stops)
    with st.container(key="card", border=True):
        _steps(stops, place)
        if place is None:
            st.markdown(
                "Choose a passage: click it on the page or in the list, or press **n** for the first one. "
                "Then **a** agrees with what was found in it, **d** disagrees."
                if stops
                else "No passages of this kind were found. Show other kinds above."
            )
            return
        stop = stops[place]
        st.html(f'<div class="finding"><blockquote>{_html(stop.passage.quote)}</blockquote></div>')
        mine = _next_to_decide(stop)
        for spot in stop.findings:
            with st.container(key=f"finding-{spot.key}", gap=None):
                row_part(view, spot, head=_head(stop, spot), shortcuts=spot is mine)
        outcome_part()


def _next_to_decide(stop: Stop) -> Spot:
    """The finding that the keys decide on: the chosen one, or once it is decided the first that is not."""
    chosen = st.session_state.get("chosen")
    keys = {spot.item.key for spot in stop.spots if spot.key == chosen}
    first = sorted(stop.findings, key=lambda spot: spot.item.key not in keys)
    return next((spot for spot in first if spot.item.standing.of(who()) is None), first[0])


def _steps(stops: Sequence[Stop], place: int | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="steps"):
        before = (place or 0) - 1
        after = 0 if place is None else place + 1
        st.button("Previous", shortcut="p", disabled=before < 0, on_click=_step, args=(stops, -1), key="previous")
        st.button("Next", shortcut="n", disabled=after >= len(stops), on_click=_step, args=(stops, 1), key="next")
        total = counted(len(stops), "passage")
        where = f"{place + 1:,} of {total} · {_html(stops[place].passage.where)}" if place is not None else total
        st.html(f'<p class="count">{where}</p>')


def _step(stops: Sequence[Stop], by: int) -> None:
    """Go on from whatever is chosen when the key press is dealt with, which may be later than when it was made."""
    here = chosen_of(stops)
    place = 0 if here is None else here + by
    if 0 <= place < len(stops):
        choose(stops[place].key)


def _head(stop: Stop, spot: Spot) -> str:
    """What was found, how sure the tool is, and the words it rests on where they are not the whole passage."""
    item, passage = spot.item, spot.passage
    letter = f'<span class="letter" style="--k:{item.mark.colour}">{item.mark.letter}</span>'
    body = f"<b>{_html(item.title)}</b> <span class='sure'>{_html(item.sure)}</span>"
    whole = (passage.start, passage.end) == (stop.passage.start, stop.passage.end)
    if not whole and one_line(passage.quote) not in item.title:
        body += f'<span class="part">“{_html(passage.quote, longest=SHORT)}”</span>'
    if item.beside and item.beside.start != passage.start:
        body += f'<span class="beside">The reason beside it, {item.beside.where}: “{_html(item.beside.quote)}”</span>'
    if item.note:
        body += f'<span class="note">{_html(item.note)}</span>'
    return f'<div class="finding"><p class="head">{letter}<span>{body}</span></p></div>'


def _html(text: str, *, longest: int | None = None) -> str:
    """Foreign text as safe HTML."""
    return escape(one_line(text, longest=longest))
