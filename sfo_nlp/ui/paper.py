"""The page as it looks, or the text of a review without pages, with its passages marked: what the browser is given."""

from collections.abc import Sequence

import streamlit as st

from sfo_nlp.errors import SfoError
from sfo_nlp.report.view import Item, View
from sfo_nlp.report.words import counted
from sfo_nlp.ui.opened import Spot, Stop, choose, chosen_of, content_of
from sfo_nlp.ui.parts import page_part, places_of
from sfo_nlp.ui.pictures import PICTURES
from sfo_nlp.ui.sheets import blocks_of, sheet_at, sheets_of

LETTERS = 4


def show_paper(view: View, stops: Sequence[Stop]) -> None:
    """The page that holds the chosen finding, or the one that was turned to."""
    place = chosen_of(stops)
    stop = stops[place] if place is not None else None
    content = content_of(view.document) if view.pages else None
    data = _pictured(view, stops, stop, content) if content else _written(view, stops, stop)
    page_part(
        {**data, "selected": st.session_state.chosen if stop else None},
        key="paper",
        on_select=_clicked,
        on_turn=_turned,
        on_need=_needed,
    )


def _clicked() -> None:
    choose(st.session_state["paper"].select)


def _needed() -> None:
    """The browser lost a picture: send it once more."""
    page_lost = st.session_state["paper"].need
    for pages in st.session_state.get("sent", {}).values():
        pages.discard(page_lost)


def _turned() -> None:
    if st.session_state["paper"].turn:
        st.session_state.page_at = st.session_state["paper"].turn


def _pictured(view: View, stops: Sequence[Stop], stop: Stop | None, content: bytes) -> dict[str, object]:
    total = view.pages or 1
    wanted = st.session_state.get("page_at") or (stop.passage.page if stop else None) or 1
    number = min(max(int(wanted), 1), total)
    data: dict[str, object] = {
        "page": number,
        "unit": "page",
        "Unit": "Page",
        "document": view.document,
        "strip": _strip("Page", range(1, total + 1), [(one.passage.page, one) for one in stops]),
        "places": places_of(_items(stops), number),
        "url": "",
        "width": 1,
        "height": 1,
    }
    try:
        drawn = PICTURES.get(view.document, number, content)
    except SfoError as error:
        return {**data, "words": f"{error.message}. {error.remedy}"}
    following = next((one.passage.page for one in stops if (one.passage.page or 0) > number), None)
    PICTURES.prepare(view.document, following or min(number + 1, total), content)
    url = "" if number in _sent(view.document) else drawn.url
    _sent(view.document).add(number)
    return {**data, "url": url, "width": drawn.width, "height": drawn.height}


def _sent(document: str) -> set[int]:
    """The pages whose pictures the browser has; it asks again for one that it lost."""
    sent: dict[str, set[int]] = st.session_state.setdefault("sent", {})
    return sent.setdefault(document, set())


def _written(view: View, stops: Sequence[Stop], stop: Stop | None) -> dict[str, object]:
    sheets = sheets_of(view)
    wanted = st.session_state.get("page_at") or (sheet_at(sheets, stop.passage.start).number if stop else 1)
    sheet = sheets[min(max(int(wanted), 1), len(sheets)) - 1]
    items = _items(stops)
    return {
        "page": sheet.number,
        "unit": "part",
        "Unit": "Part",
        "document": view.document,
        "strip": _strip(
            "Part", range(1, len(sheets) + 1), [(sheet_at(sheets, one.passage.start).number, one) for one in stops]
        ),
        "places": places_of(items, None),
        "blocks": blocks_of(view, sheet, items),
        "letters": {spot.key: spot.item.mark.letter for spot in _spots(stops)},
    }


def _spots(stops: Sequence[Stop]) -> list[Spot]:
    return [spot for stop in stops for spot in stop.spots]


def _items(stops: Sequence[Stop]) -> list[Item]:
    return list({spot.item.key: spot.item for spot in _spots(stops)}.values())


def _strip(unit: str, numbers: range, stops: Sequence[tuple[int | None, Stop]]) -> list[dict[str, object]]:
    """One entry a page: its number and the letters of what stands on it."""
    found: dict[int, list[Stop]] = {number: [] for number in numbers}
    for number, stop in stops:
        if number in found:
            found[number].append(stop)
    return [
        {
            "number": number,
            "letters": "".join(list(dict.fromkeys(spot.item.mark.letter for spot in _spots(here)))[:LETTERS]),
            "label": f"{unit} {number}: {counted(len(here), 'passage')}",
        }
        for number, here in found.items()
    ]
