"""A copy for disclosure: what would be removed is shown and chosen first, then the copy is made and proved."""

from dataclasses import replace
from pathlib import Path

import streamlit as st

from sfo_nlp.errors import SfoError
from sfo_nlp.redact import Copy, Item, Plan, make, plan_of
from sfo_nlp.report.safe import file_name, one_line, visible
from sfo_nlp.report.view import View
from sfo_nlp.ui.frame import say
from sfo_nlp.ui.opened import content_of

STAYS, GOES = "Stays", "Replaced by"


def disclosure_tab(view: View) -> None:
    """Everybody named and every number found, which of them stay, and the copy."""
    st.markdown(
        "A copy in which names and personal data are gone, not covered. Nothing is removed that does not stand in this "
        "list; tick what may stay. Who a person is to the case is a guess."
    )
    content = content_of(view.document)
    if content is None:
        st.info("The file itself is not kept in the store, so no copy can be made. Add it again on the **Queue** page.")
        return
    besides = st.text_input(
        "Remove these words too", key=f"remove-{view.document}", help="Separated by semicolons, as they are written."
    )
    words = tuple(word.strip() for word in besides.split(";") if word.strip())
    try:
        planned = _planned(view.document, content, view.name, words)
    except SfoError as error:
        say(error)
        return
    if not planned.items:
        st.success("No name and no number was found to remove.", icon=":material/check:")
    chosen = replace(planned, items=_chosen(planned.items, view.document, words))
    _copy(chosen, view.document)


def forget() -> None:
    """Let go of the plans kept, which hold files and the names in them, and of the copy made."""
    _planned.clear()
    st.session_state.pop("copy_made", None)


@st.cache_resource(max_entries=2, show_spinner="Looking for names and numbers…")
def _planned(document: str, _content: bytes, name: str, words: tuple[str, ...]) -> Plan:
    return plan_of(_content, Path(file_name(name, suffix=Path(name).suffix.lower())), remove=words)


def _chosen(items: tuple[Item, ...], document: str, words: tuple[str, ...]) -> tuple[Item, ...]:
    """The items with what the person lets stay."""
    rows = [
        {
            STAYS: item.kept,
            GOES: item.label,
            "As written": visible(", ".join(item.forms)),
            "Times": item.count,
            "What or who": item.what,
        }
        for item in items
    ]
    fixed = [name for name in rows[0] if name != STAYS] if rows else []
    edited = st.data_editor(rows, key=f"stays-{document}-{words}", disabled=fixed, hide_index=True) if rows else []
    return tuple(replace(item, kept=bool(row[STAYS])) for item, row in zip(items, edited, strict=True))


def _copy(planned: Plan, document: str) -> None:
    """Make the copy when asked; it is offered until the choice changes."""
    choice = (document, tuple((item.forms, item.kept) for item in planned.items))
    made: Copy | None = None
    if st.button("Make the copy", type="primary", icon=":material/ink_eraser:", key="make-copy"):
        with st.spinner("Making the copy and searching it for anything left…"):
            try:
                made = make(planned)
            except SfoError as error:
                say(error)
        st.session_state.copy_made = (choice, made)
    kept_choice, kept = st.session_state.get("copy_made", (None, None))
    if kept is None or kept_choice != choice:
        return
    gone = len(planned.removed)
    st.success(
        f"{gone} of {len(planned.items)} names and numbers are gone. The copy was opened again: none was found in it.",
        icon=":material/check:",
    )
    for note in kept.notes:
        st.caption(f"Also: {one_line(note)}")
    st.download_button(
        "The copy", kept.content, kept.name, icon=":material/download:", key="copy-file", on_click="ignore"
    )
    st.download_button(
        "The list of what was removed (keep it inside the service)", kept.record, kept.record_name,
        "application/json", icon=":material/download:", key="copy-list", on_click="ignore",
    )  # fmt: skip
