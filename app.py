"""Router of the review pane. Open it with `streamlit run app.py` or `sfo-nlp app`."""

import streamlit as st

from sfo_nlp.ui import corpus, frame, method, queue, review, selfcheck

frame.prepare()
pages = {
    "queue": st.Page(queue.page, title="Queue", icon=":material/inbox:", default=True),
    "review": st.Page(review.page, title="Review", icon=":material/rate_review:", url_path="review"),
    "selfcheck": st.Page(selfcheck.page, title="Self-check", icon=":material/fact_check:", url_path="self-check"),
    "corpus": st.Page(corpus.page, title="Corpus", icon=":material/library_books:", url_path="corpus"),
    "method": st.Page(method.page, title="Method", icon=":material/science:", url_path="method"),
}
st.session_state.pages = pages
frame.show(st.navigation(list(pages.values()), position="top").run)
