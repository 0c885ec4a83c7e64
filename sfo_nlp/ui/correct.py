"""Correct a finding: another verdict, polarity, theme or link, or that it is nothing of the kind."""

from typing import Any

import streamlit as st

from sfo_nlp.checks.themes import themes
from sfo_nlp.language.lines import sentences_of
from sfo_nlp.report.safe import one_line
from sfo_nlp.report.view import Item, View
from sfo_nlp.report.words import CAUSES, VERDICTS

NEAR = 1_500


def correction_form(view: View, item: Item) -> dict[str, Any] | None:
    """The form for this kind of finding. Returns what the finding should be once it is saved, else None."""
    with st.form(f"correct-{item.key}", border=False):
        if item.check == "judgement":
            value = _judgement(item)
        elif item.check == "themes":
            value = _theme(item)
        elif item.check == "explanation":
            value = _explanation(view, item)
        else:
            should = st.text_input("What it should be", max_chars=300)
            value = {"should_be": should.strip()} if should.strip() else {}
        saved = st.form_submit_button("Save the correction", type="primary")
    if saved and not value:
        st.warning("Say what it should be.")
    return value if saved and value else None


def _judgement(item: Item) -> dict[str, Any]:
    options = ["taken", "not_taken", "partly", "unclear", "absent"]
    place = options.index(item.label) if item.label in options else 0
    verdict = st.selectbox("This sentence says", options, index=place, format_func=lambda one: VERDICTS[one])
    scope = st.radio(
        "About", ["overall", "stage"], index=int(item.facts.get("scope") == "stage"),
        format_func=lambda one: {"overall": "the whole case", "stage": "one stage only"}[one],
    )  # fmt: skip
    return {"verdict": verdict, "scope": scope}


def _theme(item: Item) -> dict[str, Any]:
    known = themes()
    options = ["none", *known]
    theme = st.selectbox(
        "Theme",
        options,
        index=options.index(item.facts["id"]) if item.facts.get("id") in known else 0,
        format_func=lambda one: known[one].label if one in known else "No theme at all",
    )
    polarity = st.radio("As", ["concern", "strength"], index=int(item.tone == "strength"), format_func=str.capitalize)
    return {"theme": theme, "polarity": polarity} if theme != "none" else {"theme": None}


def _explanation(view: View, item: Item) -> dict[str, Any]:
    kinds = {"shortcoming": "It is a shortcoming in practice", "not_a_shortcoming": "It is no shortcoming at all"}
    kind = st.radio("This passage", list(kinds), format_func=lambda one: kinds[one])
    near = _sentences_near(view, item)
    options = [None, *near]
    linked = st.selectbox(
        "Its reason",
        options,
        index=next((n for n, one in enumerate(options) if one and item.beside and one[0] == item.beside.start), 0),
        format_func=lambda one: one_line(one[2], longest=110) if one else "No reason is given for it",
    )
    causes = st.multiselect(
        "The causes it names", list(CAUSES), default=[one for one in item.facts.get("causes", ()) if one in CAUSES],
        format_func=lambda one: CAUSES[one],
    )  # fmt: skip
    if kind == "not_a_shortcoming":
        return {"finding": False}
    if linked is None:
        return {"explained": False}
    start, end, quote = linked
    return {"explained": True, "start": start, "end": end, "quote": quote, "causes": causes}


def _sentences_near(view: View, item: Item) -> list[tuple[int, int, str]]:
    """Sentences before and after the passage, in reading order; offsets into the document's text."""
    first = max(view.text.rfind("\n", 0, max(item.passage.start - NEAR, 0)) + 1, 0)
    last = view.text.find("\n", min(item.passage.end + NEAR, len(view.text)))
    last = len(view.text) if last < 0 else last
    return [
        (first + place.start, first + place.end, place.text)
        for place in sentences_of(view.text[first:last])
        if len(place.text) > 20
    ]
