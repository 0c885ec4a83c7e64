"""The parts of the review page that Streamlit has not: the answers as buttons, the marked page, the evidence."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import streamlit as st

from sfo_nlp.report.safe import one_line
from sfo_nlp.report.view import Criterion, Item, View
from sfo_nlp.ui.frame import ASSETS

SHORT = 170
SAID = {"agree": "✓ agreed", "disagree": "✗ disagreed", "correct": "✎ corrected", "accept": "✓ this is it"}


def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


@cache
def _page_part() -> Callable[..., Any]:
    html = (
        '<div class="viewer"><nav class="strip" aria-label="Pages, with the letters of what was found on them"></nav>'
        '<div class="desk"><div class="tools" role="toolbar" aria-label="Page and size"></div>'
        '<div class="stage" role="region" tabindex="0" aria-label="Page"></div></div></div>'
    )
    return st.components.v2.component("sfo_page", html=html, css=_asset("page.css"), js=_asset("page.js"))


@cache
def _keeper_part() -> Callable[..., Any]:
    return st.components.v2.component("sfo_keeper", js=_asset("keeper.js"))


def keeper_part() -> None:
    """Keeps what is being typed in this browser tab until it is saved, so that a reload does not lose it."""
    _keeper_part()(key="keeper", height=1)


@cache
def _list_part() -> Callable[..., Any]:
    html = '<div class="list"></div>'
    return st.components.v2.component("sfo_list", html=html, css=_asset("list.css"), js=_asset("list.js"))


@cache
def _tiles_part() -> Callable[..., Any]:
    html = '<ul class="tiles"></ul>'
    return st.components.v2.component("sfo_tiles", html=html, css=_asset("tiles.css"), js=_asset("tiles.js"))


def tiles_part(data: Mapping[str, Any], *, key: str, on_select: Callable[[], None]) -> None:
    """The headline answers as buttons. `st.session_state[key].select` holds the finding that the clicked one leads to;
    the list beside the page opens the question by itself.
    """
    _tiles_part()(key=key, data=dict(data), on_select_change=on_select)


def page_part(
    data: Mapping[str, Any],
    *,
    key: str,
    on_select: Callable[[], None],
    on_turn: Callable[[], None],
    on_need: Callable[[], None],
) -> None:
    """The marked page. `st.session_state[key]` holds `select`, the item clicked; `turn`, the page asked for;
    and `need`, a page whose picture the browser has not.
    """
    _page_part()(key=key, data=dict(data), on_select_change=on_select, on_turn_change=on_turn, on_need_change=on_need)


def list_part(data: Mapping[str, Any], *, key: str, on_select: Callable[[], None]) -> None:
    """Standards, criteria, evidence. `st.session_state[key].select` holds the item clicked."""
    _list_part()(key=key, data=dict(data), on_select_change=on_select)


def list_data(view: View) -> dict[str, Any]:
    """What the list shows: the four standards, then the themes. What is chosen the page tells it, in the browser."""
    near = {(item.passage.start, item.passage.end): item for item in view.near_misses}
    sections = [
        {
            "title": standard.title,
            "tally": f"{standard.count('met')} of {len(standard.criteria)} met",
            "groups": [_group(criterion, near) for criterion in standard.criteria],
        }
        for standard in view.standards
        if standard.criteria
    ]
    themes = view.of("themes")
    sections.append({"title": "Practice themes", "tally": f"{len(themes)} raised", "groups": _themes(themes)})
    return {"sections": sections}


def _group(criterion: Criterion, near: Mapping[tuple[int, int], Item]) -> dict[str, Any]:
    loose = [near[place] for one in criterion.loose if (place := (one.start, one.end)) in near]
    return {
        "id": criterion.id,
        "question": criterion.question,
        "outcome": criterion.outcome,
        "sign": criterion.sign,
        "said": criterion.said,
        "reason": one_line(criterion.reason),
        "items": [_entry(item) for item in (*criterion.items, *loose)],
        "open": criterion.id in ("reasonable_steps_judgement", "explains_why"),
    }


def _themes(items: Iterable[Item]) -> list[dict[str, Any]]:
    groups = []
    for item in items:
        strength = item.tone == "strength"
        groups.append(
            {
                "id": item.key,
                "question": one_line(str(item.facts.get("label", item.label))),
                "outcome": "plain",
                "sign": "+" if strength else "−",
                "said": "",
                "reason": " ".join(
                    filter(None, ("Strength" if strength else "Concern", item.note and f"({item.note})"))
                ),
                "items": [_entry(item, number) for number in range(len(item.passages))],
                "open": False,
            }
        )
    return groups


def _entry(item: Item, number: int = 0) -> dict[str, Any]:
    passage = item.passages[number]
    judged = item.standing.judged
    said = SAID[judged[-1].kind] if judged else "note" if item.standing.notes else ""
    return {
        "key": item.key if number == 0 else f"{item.key}~{number}",
        "letter": item.mark.letter,
        "colour": item.mark.colour,
        "title": one_line(item.title),
        "quote": one_line(passage.quote, longest=SHORT),
        "where": f"p. {passage.page}" if passage.page is not None else f"para {passage.paragraph}",
        "said": said,
    }


def places_of(items: Iterable[Item], page: int | None) -> list[dict[str, Any]]:
    """The passages on a page (all, where there are no pages), those at one place together; long ones first."""
    places: dict[tuple[int, int], list[tuple[str, Item]]] = {}
    boxes: dict[tuple[int, int], Sequence[Sequence[float]]] = {}
    for item in items:
        for number, passage in enumerate(item.passages):
            if page is None or passage.page == page:
                place = (passage.start, passage.end)
                key = item.key if number == 0 else f"{item.key}~{number}"
                places.setdefault(place, []).append((key, item))
                boxes[place] = passage.boxes
    ordered = sorted(places.items(), key=lambda entry: entry[0][0] - entry[0][1])
    return [
        {
            "keys": [key for key, _ in found],
            "letters": "".join(dict.fromkeys(item.mark.letter for _, item in found)),
            "colour": found[0][1].mark.colour,
            "line": found[0][1].mark.line,
            "label": "; ".join(one_line(item.title) for _, item in found),
            "boxes": [list(box) for box in boxes[place]],
        }
        for place, found in ordered
    ]
