"""The review page: the page as it looks on the left, the standards and their evidence on the right."""

from collections.abc import Callable, Sequence

import streamlit as st

from sfo_nlp.errors import SfoError
from sfo_nlp.report.safe import one_line
from sfo_nlp.report.view import Item, View
from sfo_nlp.report.words import MARKS, counted
from sfo_nlp.store.errors import ReviewUnknown
from sfo_nlp.ui import opened
from sfo_nlp.ui.card import show_card
from sfo_nlp.ui.disclosure import disclosure_tab
from sfo_nlp.ui.frame import say, store
from sfo_nlp.ui.opened import Stop, choose, chosen_of, content_of, stops_of
from sfo_nlp.ui.parts import keeper_part, list_data, list_part, page_part, places_of
from sfo_nlp.ui.pictures import PICTURES
from sfo_nlp.ui.sheets import blocks_of, sheet_at, sheets_of
from sfo_nlp.ui.tabs import about_tab, rating_tab, report_tab

LETTERS = 4
EVIDENCE = "Standards and evidence"
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
    _head(view)
    _workspace(document)
    keeper_part()


def _nothing_open() -> None:
    st.title("Review")
    rows = store().queue()
    if not rows:
        st.info("No review is here yet. Add one on the **Queue** page.", icon=":material/inbox:")
    for row in rows[:8]:
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
    answers = "".join(
        f'<li class="{answer.tone}"><span class="asked">{answer.title}</span>'
        f'<span class="given">{answer.answer}</span><span class="detail">{answer.detail}</span></li>'
        for answer in view.answers
    )
    name = one_line(view.name).replace("&", "&amp;").replace("<", "&lt;")
    st.html(f'<header class="review"><h1>{name}</h1>{tag}<p>{facts}</p><ul class="answers">{answers}</ul></header>')
    for warning in view.warnings:
        st.warning(one_line(str(warning["message"])), icon=":material/info:")


@st.fragment
def _workspace(document: str) -> None:
    view = opened.load(document)
    checks = _shown_checks(view)
    stops = stops_of(view, checks)
    left, right = st.columns([11, 10], gap="medium")
    with right:
        show_card(view, stops)
    with left, st.container(key="paperbox"):
        _paper(view, stops)
    with right:
        tabs = dict(zip(TABS, st.tabs(list(TABS), key="tab", on_change="rerun"), strict=True))
        with tabs[EVIDENCE]:
            list_part(list_data(view), key="list", on_select=_listed)
        for name, show in TABS.items():
            if show is not None and tabs[name].open:
                with tabs[name]:
                    show(view)


def _shown_checks(view: View) -> list[str]:
    present = [check for check in MARKS if view.of(check) or (check == "judgement" and view.near_misses)]
    picked = st.pills(
        "Kinds of passage shown",
        present,
        selection_mode="multi",
        default=[check for check in present if check not in ("readability", "stages")],
        format_func=lambda check: f"{MARKS[check].letter}  {MARKS[check].name}",
        key="checks",
    )
    return list(picked)


def _listed() -> None:
    """A click in the list: show its kind of passage too, if it was hidden."""
    choose(st.session_state["list"].select)


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


def _paper(view: View, stops: Sequence[Stop]) -> None:
    place = chosen_of(stops)
    stop = stops[place] if place is not None else None
    content = content_of(view.document) if view.pages else None
    data = _pictured(view, stops, stop, content) if content else _written(view, stops, stop)
    page_part(
        {**data, "selected": stop.key if stop else None},
        key="paper",
        on_select=_clicked,
        on_turn=_turned,
        on_need=_needed,
    )


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
        "letters": {one.key: one.item.mark.letter for one in stops},
    }


def _items(stops: Sequence[Stop]) -> list[Item]:
    return list({stop.item.key: stop.item for stop in stops}.values())


def _strip(unit: str, numbers: range, stops: Sequence[tuple[int | None, Stop]]) -> list[dict[str, object]]:
    """One entry a page: its number and the letters of what stands on it."""
    found: dict[int, list[str]] = {number: [] for number in numbers}
    for number, stop in stops:
        if number in found:
            found[number].append(stop.item.mark.letter)
    return [
        {
            "number": number,
            "letters": "".join(list(dict.fromkeys(letters))[:LETTERS]),
            "label": f"{unit} {number}: {len(letters)} passage{'' if len(letters) == 1 else 's'}",
        }
        for number, letters in found.items()
    ]
