"""The corpus page: questions to all reviews of the store at once; every number opens the passages behind it."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date

import streamlit as st

from sfo_nlp.mining import agreement, emerging, grouping, quality, themes
from sfo_nlp.mining.annual import annual, last_year
from sfo_nlp.mining.answer import Answer
from sfo_nlp.mining.causes import causes
from sfo_nlp.mining.corpus import GROUPS, UNKNOWN, Corpus, Filters
from sfo_nlp.mining.errors import TooFewReviews
from sfo_nlp.mining.nearest import nearest
from sfo_nlp.mining.proposing import propose
from sfo_nlp.mining.search import concordance, search
from sfo_nlp.store.corpus_index import ROLES
from sfo_nlp.store.store import Store
from sfo_nlp.ui.corpus_show import behind, chart, listed, picked, safe, table
from sfo_nlp.ui.frame import store

TIMES = ("year", "quarter", "financial_year")
OVERALL = "all together"
PER_PAGE = 20


def page() -> None:
    """The corpus page."""
    st.title("Corpus")
    corpus = corpus_of(store())
    filters = _filters(corpus)
    total = corpus.count(filters)
    samples = 0 if total else corpus.count(replace(filters, fictional=True))
    if samples:
        st.info(
            f"Only fictional samples are here ({samples:,}), and they are not counted. To look at them all the same, "
            "open **Which reviews** above and choose **Count the fictional samples too**.",
            icon=":material/science:",
        )
        return
    if not total:
        st.info(
            "No review is counted. Add reviews on the **Queue** page, take in a folder with `sfo-nlp ingest FOLDER`, "
            "or widen the filters.",
            icon=":material/inbox:",
        )
        return
    st.markdown(f"**{total:,} reviews** are counted." + ("" if total >= 5 else " That is too few to compare anything."))
    asked = st.segmented_control(
        "Question", list(QUESTIONS), default="Themes", key="question", required=True, label_visibility="collapsed"
    )
    st.caption(ANSWERS[asked or "Themes"])
    QUESTIONS[asked or "Themes"](corpus, filters)


@st.cache_resource(max_entries=2, show_spinner="Looking through the store…", ttl=60)
def corpus_of(_store: Store) -> Corpus:
    """The corpus of the open store; reviews added meanwhile are indexed within a minute."""
    return Corpus(_store)


def _filters(corpus: Corpus) -> Filters:
    """What to count, as chosen above the questions."""
    with st.expander("Which reviews", icon=":material/filter_alt:"):
        chosen: dict[str, object] = {}
        names = ("region", "offence", "grade", "risk_level", "rating", "verdict")
        for column, name in zip(st.columns(len(names)), names, strict=True):
            options = [one for one in corpus.choices(name) if one != UNKNOWN]
            title = name.replace("_", " ").capitalize()
            chosen[name] = column.selectbox(title, options, index=None, placeholder="any", key=f"filter-{name}")
        since, until, fictional = st.columns(3, vertical_alignment="bottom")
        limits = {"min_value": date(1990, 1, 1), "format": "DD/MM/YYYY"}
        chosen["since"] = since.date_input("Completed or received since", None, key="filter-since", **limits)  # type: ignore[call-overload]
        chosen["until"] = until.date_input("until", None, key="filter-until", **limits)  # type: ignore[call-overload]
        chosen["fictional"] = fictional.toggle("Count the fictional samples too", key="filter-fictional")
    known = {field.name for field in fields(Filters)}
    return Filters(**{name: value for name, value in chosen.items() if name in known})  # type: ignore[arg-type]


def _themes(corpus: Corpus, filters: Filters) -> None:
    by = st.selectbox("By", [OVERALL, *GROUPS], key="themes-by", format_func=lambda name: name.replace("_", " "))
    if by != OVERALL:
        known = themes.themes(corpus, filters).rows
        names = {f"{row['id']}:{row['polarity']}": f"{row['label']} ({row['polarity']})" for row in known}
        only = st.multiselect("Themes", list(names), list(names)[:3], format_func=names.__getitem__, key="themes-only")
        answer = themes.themes_by(corpus, by, filters, only=only or ["none"])
        chart(answer, by=by, line=by in TIMES)
    else:
        answer = themes.themes(corpus, filters)
        chart(answer)
    row = picked(answer, key="themes")
    if row:
        behind(corpus, filters, theme=row["id"], polarity=row["polarity"], group=(by, row[by]) if by in row else None)


def _together(corpus: Corpus, filters: Filters) -> None:
    answer = themes.together(corpus, filters)
    row = picked(answer, key="together")
    if row:
        first, _, polarity = row["first"].partition(":")
        behind(corpus, filters, theme=first, polarity=polarity, also=row["second"])


def _balance(corpus: Corpus, filters: Filters) -> None:
    row = picked(themes.balance(corpus, filters), key="balance")
    if row:
        behind(corpus, filters, theme=row["id"])


def _causes(corpus: Corpus, filters: Filters) -> None:
    row = picked(causes(corpus, filters), key="causes")
    if row:
        cause = "" if row["cause"] == "none given" else row["cause"]
        behind(corpus, filters, theme=row["theme"] or "", cause=cause)


def _quality(corpus: Corpus, filters: Filters) -> None:
    by = st.selectbox("By", [OVERALL, *GROUPS], key="shares-by", format_func=lambda name: name.replace("_", " "))
    answer = quality.quality(corpus, filters, by=None if by == OVERALL else by)
    if by == OVERALL:
        chart(answer)
    row = picked(answer, key="shares")
    if row:
        behind(corpus, filters, measure=row["id"], group=(by, row[by]) if by in row else None)


def _reading(corpus: Corpus, filters: Filters) -> None:
    answer = quality.reading(corpus, filters)
    table(answer)
    st.bar_chart(
        answer.extra["distribution"], x="reading_age", y="reviews", x_label="Reading age (years)", y_label="Reviews",
        height=220, alt="How many reviews have each reading age; the table above gives mean and quantiles",
    )  # fmt: skip
    st.subheader("Verdict against official rating")
    table(quality.ratings(corpus, filters))


def _search(corpus: Corpus, filters: Filters) -> None:
    words, role, form = st.columns([5, 2, 2], vertical_alignment="bottom")
    query = words.text_input(
        "Words", key="corpus-query", placeholder='home visit, "face value", recall OR breach, -prison'
    )
    kind = role.selectbox(
        "Only sentences that are a", list(ROLES)[:5], index=None, placeholder="any", key="corpus-role"
    )
    lines = form.toggle("Concordance lines", key="corpus-lines")
    if not query.strip():
        st.caption('All words must occur in a sentence; "a phrase"; OR; - leaves out; word* for any ending.')
        return
    start = PER_PAGE * (int(st.session_state.get("corpus-page", 1)) - 1)
    ask = concordance if lines else search
    answer = ask(corpus, query, filters, role=kind, limit=PER_PAGE, offset=start)
    listed(answer, key="search")
    pages = -(-int(answer.extra["sentences"]) // PER_PAGE)
    if pages > 1:
        st.number_input(f"Page, of {pages:,}", 1, pages, key="corpus-page")


def _nearest(corpus: Corpus, filters: Filters) -> None:
    sentence = st.text_input("A sentence; the passages nearest to it in meaning are looked for", key="corpus-nearest")
    if sentence.strip():
        listed(nearest(corpus, sentence, filters), key="nearest")


def _emerging(corpus: Corpus, filters: Filters) -> None:
    with st.spinner("Grouping the concerns that no theme covers…"):
        found = _clusters(corpus, filters, corpus.count(filters))
    if not found:
        st.info("No group of concerns stands out beside the themes.", icon=":material/check:")
    for number, cluster in enumerate(found, start=1):
        state = "stable" if cluster.stable else "dissolves when the reviews are drawn anew"
        title = f"{', '.join(cluster.words[:5])} · {len(cluster.members)} passages, {cluster.reviews} reviews · {state}"
        with st.expander(title):
            st.markdown(f"Stability {cluster.stability:.2f} (1 is the same group in every resample).")
            for member in cluster.members[:5]:
                st.html(f"<blockquote>{safe(member.quote)}</blockquote>")
            if st.button("Propose a theme", key=f"propose-{number}", icon=":material/add:"):
                st.code(propose(cluster), language="toml")


@st.cache_data(max_entries=4, show_spinner=False)
def _clusters(_corpus: Corpus, filters: Filters, total: int) -> list[grouping.Cluster]:
    if total < grouping.limits()["least_reviews"]:
        emerging.emerging(_corpus, filters)  # raises with the remedy
    return grouping.clusters(emerging.uncovered(_corpus, filters))


def _agreement(corpus: Corpus, filters: Filters) -> None:
    try:
        answer = agreement.inspectors_agree(corpus, filters)
    except TooFewReviews:
        st.info(
            "Nothing to compare yet: two inspectors have to rate or check the same reviews on the **Review** page.",
            icon=":material/group:",
        )
        return
    table(answer)


def _year(corpus: Corpus, filters: Filters) -> None:
    from sfo_nlp.mining.annual_report import to_html, to_word

    column, kind = st.columns(2, vertical_alignment="bottom")
    financial = kind.toggle("From April to March", key="year-financial")
    year = int(column.number_input("Year", 1990, 2200, last_year(corpus, filters, financial=financial), key="year"))
    answer: Answer = annual(corpus, year, filters, financial=financial)
    table(answer)
    with st.container(horizontal=True):
        st.download_button("Report, HTML", lambda: to_html(answer), f"annual-{year}.html", "text/html")
        kind_of = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        st.download_button("Report, Word", lambda: to_word(answer), f"annual-{year}.docx", kind_of)


QUESTIONS: Mapping[str, Callable[[Corpus, Filters], None]] = {
    "Themes": _themes,
    "Together": _together,
    "Balance": _balance,
    "Causes": _causes,
    "What they hold": _quality,
    "Reading and ratings": _reading,
    "Search": _search,
    "Nearest": _nearest,
    "Emerging": _emerging,
    "Agreement": _agreement,
    "Year": _year,
}
ANSWERS: Mapping[str, str] = {
    "Themes": "In how many reviews each practice theme is raised, as concern or as strength.",
    "Together": "Which themes are raised in the same reviews. Lift above 1: more often together than by chance.",
    "Balance": "Of the reviews that raise a theme, how many raise it as a concern, as a strength, or as both.",
    "Causes": "Which reasons the reviews give for which failings.",
    "What they hold": "How many reviews judge clearly, explain why, name systemic causes, and act on what they found.",
    "Reading and ratings": "How hard the reviews are to read, and what they conclude beside the official rating.",
    "Search": "Words and phrases in every sentence of the reviews.",
    "Nearest": "Passages that say nearly the same as a sentence of yours.",
    "Emerging": "Groups of concerns that no theme covers, with the words that set them apart.",
    "Agreement": "How far inspectors agree with one another on the same reviews.",
    "Year": "The figures of one year, in the form in which they are published.",
}
