"""Beside the evidence: reports to take away, the official ratings, and what is known of the file."""

from functools import partial

import streamlit as st

from sfo_nlp.errors import SfoError
from sfo_nlp.report import render_report
from sfo_nlp.report.safe import file_name, one_line
from sfo_nlp.report.view import View
from sfo_nlp.report.words import LEFT_OUT, STANDARDS, coverage_line
from sfo_nlp.store.store import RATINGS
from sfo_nlp.ui.frame import say, store, who
from sfo_nlp.ui.opened import content_of

FORMS = {
    "docx": ("Feedback report (Word)", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "html": ("Feedback report (HTML, for print)", "text/html"),
    "pdf": ("The PDF with highlights and comments", "application/pdf"),
    "csv": ("Findings as a table (CSV)", "text/csv"),
}


def report_tab(view: View) -> None:
    """Reports, each made when it is asked for, with the decisions and notes as they stand."""
    st.markdown(
        "Every report quotes the evidence with its page, then the answer, and your decisions and notes beside them."
    )
    for form, (label, kind) in FORMS.items():
        if form == "pdf" and not view.is_pdf:
            st.markdown(f":material/block: {label}: only for reviews that came as PDF.")
            continue
        if form == "pdf" and content_of(view.document) is None:
            st.markdown(f":material/block: {label}: the file itself is not kept in the store; add it again.")
            continue
        suffix = ".reviewed.pdf" if form == "pdf" else f".feedback.{form}"
        st.download_button(
            label, data=partial(_render, view, form), file_name=file_name(view.name, suffix=suffix), mime=kind,
            icon=":material/download:", key=f"report-{form}", on_click="ignore",
        )  # fmt: skip


def _render(view: View, form: str) -> bytes:
    decisions = store().decisions(view.document)
    return render_report(view.wire, form=form, decisions=decisions, content=content_of(view.document))


def rating_tab(view: View) -> None:
    """The official ratings as the inspector gives them; the tool suggests none."""
    st.markdown("You give the ratings. The tool never suggests one, and keeps each that you record with name and day.")
    newest = {rating.standard: rating for rating in store().ratings(view.document)}
    for standard, title in {**STANDARDS, "overall": "Overall"}.items():
        given = newest.get(standard)
        st.selectbox(
            title, RATINGS, index=RATINGS.index(given.rating) if given else None, placeholder="not rated yet",
            key=f"rating-{standard}-{view.document}", on_change=_rate, args=(view.document, standard),
        )  # fmt: skip
        if given:
            st.caption(f"{given.rating}: recorded by {one_line(given.who)}, {given.at:%d %B %Y}")


def _rate(document: str, standard: str) -> None:
    rating = st.session_state[f"rating-{standard}-{document}"]
    if rating is None:
        return
    try:
        store().rate(document, standard, rating, who())
    except SfoError as error:
        say(error, about="The rating was not saved. ")


def about_tab(view: View) -> None:
    """What is known of the file and of what read it; and the way to remove it."""
    made = view.wire["provenance"]
    facts = {
        "File": one_line(view.name),
        "SHA-256": view.document,
        "Checked by": f"sfo-nlp {made.get('version', '')}, {made.get('extractor', '')}",
        "Criteria": made.get("policy", ""),
        "Model": made.get("model", ""),
        "Time taken": f"{made.get('seconds', 0):.1f} s",
    }
    st.table(
        [{"What": name, "Value": str(value)} for name, value in facts.items()], border="horizontal", hide_header=True
    )
    failed = [check for check in view.wire.get("checks", ()) if check.get("failure")]
    ran = len(view.wire.get("checks", ())) - len(failed)
    st.markdown(f"Checks run: {ran} of {len(view.wire.get('checks', ()))}.")
    for check in failed:
        st.warning(f"{check['id']} did not run: {one_line(check['failure'])}")
    document = view.wire["document"]
    st.markdown(coverage_line(document))
    left_out = document.get("left_out", ())
    if left_out:
        with st.expander("What was left out of the text"):
            st.dataframe(
                [
                    {
                        "Why": LEFT_OUT.get(one["reason"], one["reason"]),
                        "Page": one["page"],
                        "Words": one_line(one["text"], longest=200),
                    }
                    for one in left_out
                ],
                hide_index=True,
            )
