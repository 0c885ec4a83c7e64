"""The corpus page, run without a browser: every question answers, numbers open passages, failures are said in words."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from test_mining import COUNT, fill
from wires import SENTENCES, wire

from sfo_nlp.language.models import model_folder
from sfo_nlp.mining import quality, themes
from sfo_nlp.mining.answer import Answer
from sfo_nlp.mining.corpus import Corpus
from sfo_nlp.mining.nearest import nearest
from sfo_nlp.settings import Settings
from sfo_nlp.store import engine
from sfo_nlp.store.store import Store
from sfo_nlp.ui.corpus_show import bars, columns_of, frame_of
from sfo_nlp.ui.work import check_all

Open = Callable[..., AppTest]
ALL = (
    "Themes", "Together", "Balance", "Causes", "What they hold", "Reading and ratings", "Search", "Nearest", "Emerging",
    "Agreement", "Year",
)  # fmt: skip
PAGE = """
import streamlit as st
from sfo_nlp.ui import corpus, frame
frame.show(corpus.page)
"""


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """An empty store that the page opens by itself."""
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    monkeypatch.setenv(engine.VARIABLE, url)
    st.cache_data.clear()
    st.cache_resource.clear()
    return Store(url)


@pytest.fixture
def show(empty: Store) -> Open:
    """The page over the small corpus, with something set in its state."""

    def run(**state: Any) -> AppTest:
        app = AppTest.from_string(PAGE, default_timeout=60)
        for key, value in state.items():
            app.session_state[key.replace("_", "-")] = value
        app.run()
        assert not app.exception, app.exception
        return app

    return run


def said(app: AppTest) -> str:
    """All text that a run shows."""
    kinds = ("markdown", "caption", "info", "error", "subheader", "html")
    return "\n".join(str(getattr(one, "value", "")) for kind in kinds for one in app.get(kind))


def test_an_empty_store_says_what_to_do(show: Open) -> None:
    assert "No review is counted" in said(show())


@pytest.mark.parametrize("name", ALL)
def test_every_question_is_answered_or_says_why_not(name: str, empty: Store, show: Open) -> None:
    fill(empty)
    app = show(question=name)
    assert f"{COUNT} reviews" in said(app)
    assert not app.error
    assert name != "Agreement" or "Nothing to compare yet" in said(app)


def test_samples_alone_are_said_to_be_left_out(empty: Store, show: Open) -> None:
    empty.add(wire(), fictional=True)
    text = said(show())
    assert "Only fictional samples are here (1)" in text
    assert "Count the fictional samples too" in text


def test_the_year_has_no_column_without_a_value_and_no_title_twice(empty: Store, show: Open) -> None:
    fill(empty)
    [frame] = [one.value for one in show(question="Year").dataframe]
    assert not [name for name in frame if frame[name].isna().all()]
    answer = Answer("figures", "Year", {"low": "95 % from", "change_low": "95 % from"}, [{"low": 0.1}], 1)
    titles = [column["label"] for column in columns_of(answer).values()]
    assert len(set(titles)) == len(titles)


def test_a_search_shows_the_words_found_and_opens_reviews(empty: Store, show: Open) -> None:
    fill(empty)
    app = show(question="Search", corpus_query='"seen at home"')
    text = said(app)
    assert text.count("<mark>seen at home</mark>") == 9
    assert {"r00.txt", "r08.txt"} <= {button.label for button in app.button}


def test_foreign_text_is_never_markup(empty: Store, show: Open) -> None:
    empty.add(wire(name="evil.txt", sentences=(*SENTENCES, "The zebra said <script>alert(1)</script> & left.")))
    text = said(show(question="Search", corpus_query="zebra"))
    assert "&lt;script&gt;" in text
    assert "<script>" not in text


def test_filters_are_kept_to(empty: Store, show: Open) -> None:
    fill(empty)
    text = said(show(**{"filter-region": "Wales"}))
    assert "**4 reviews**" in text
    assert "too few" in text


def test_the_bars_of_a_chart_have_a_colour_for_every_kind_of_row_and_every_label(empty: Store) -> None:
    corpus = Corpus(fill(empty))
    for answer in (quality.quality(corpus), themes.themes(corpus)):
        frame = frame_of(answer.rows)
        drawn = bars(frame).to_dict()
        colours = drawn["layer"][0]["encoding"]["color"]["scale"]
        assert set(frame["kind"]) <= set(colours["domain"])
        assert len(colours["domain"]) == len(colours["range"])
        assert drawn["layer"][0]["encoding"]["y"]["axis"]["labelOverlap"] is False
        assert drawn["height"] >= 26 * len(frame)


def test_a_review_added_in_the_pane_has_nearest_passages(empty: Store) -> None:
    class Dropped:
        name = "added.txt"

        def getvalue(self) -> bytes:
            return "\n\n".join(SENTENCES * 3).encode()

    if not model_folder(Settings().models):
        pytest.skip("no sentence encoder is installed")
    assert check_all([Dropped()], empty)[0].error is None
    rows = nearest(Corpus(empty), "Nobody ever visited him at his house.").rows
    assert rows
    assert rows[0]["similarity"] > rows[-1]["similarity"]
