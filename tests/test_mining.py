"""What many reviews say together: every figure is what a count by hand gives, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text
from wires import SENTENCES, wire

from sfo_nlp.language.lines import sentences_of
from sfo_nlp.mining import guard, quality, themes
from sfo_nlp.mining.answer import difference, shares
from sfo_nlp.mining.causes import causes
from sfo_nlp.mining.corpus import Corpus, Filters
from sfo_nlp.mining.errors import SearchInvalid, VectorsMissing
from sfo_nlp.mining.export import export
from sfo_nlp.mining.nearest import nearest
from sfo_nlp.mining.passages import cause_passages, measure_passages, theme_passages
from sfo_nlp.mining.search import concordance, search
from sfo_nlp.settings import Settings
from sfo_nlp.store.corpus_index import Vectors
from sfo_nlp.store.corpus_tables import MetadataRow
from sfo_nlp.store.rows import review_id_of
from sfo_nlp.store.store import Store

COUNT = 12
VERDICTS = ("taken", "not_taken", "absent", "unclear")
REASON, HOME, NURSE, WEAK = SENTENCES[3], SENTENCES[4], SENTENCES[5], SENTENCES[7]


@dataclass(frozen=True)
class Review:
    """A review of the small corpus as the tests count it by hand."""

    number: int

    @property
    def sentences(self) -> tuple[str, ...]:
        left_out = set()
        if self.number >= 9:
            left_out.add(HOME)
        if self.number % 2:
            left_out.add(NURSE)
        if self.number >= 5:
            left_out.add(REASON)
        kept = tuple(sentence for sentence in SENTENCES if sentence not in left_out)
        return (*kept, f"This was review number {self.number} of the panel.")

    @property
    def verdict(self) -> str:
        return VERDICTS[self.number % 4]

    @property
    def region(self) -> str:
        return "Wales" if self.number < 4 else "London"

    @property
    def completed(self) -> date:
        return date(2024, 1, 15) + timedelta(days=91 * self.number)


REVIEWS = tuple(map(Review, range(COUNT)))


def fill(store: Store) -> Store:
    """Twelve small reviews with metadata; vectors for each sentence that point along its place in the review."""
    for review in REVIEWS:
        made = wire(name=f"r{review.number:02}.txt", sentences=review.sentences, verdict=review.verdict)
        places = list(sentences_of(made["document"]["text"]))
        values = np.eye(64, dtype=np.float32)[: len(places)] + 0.02 * (review.number + 1)
        values /= np.linalg.norm(values, axis=1, keepdims=True)
        starts = np.array([place.start for place in places], np.int32)
        with store.session(writes=True) as session:
            store.put(session, made, vectors=Vectors(starts, values, "test"))
            row = MetadataRow(
                review_id=review_id_of(session, made["document"]["id"]),
                region=review.region,
                rating="Good" if review.number < 6 else None,
                completed_date=review.completed,
            )
            session.merge(row)
    return store


@pytest.fixture(scope="module")
def corpus(any_store_url: str) -> Iterator[Corpus]:
    """The small corpus, for tests that only read."""
    store = fill(Store(any_store_url))
    yield Corpus(store)
    store.close()


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """The small corpus in a store of the test's own."""
    store = fill(Store(store_url))
    yield store
    store.close()


def test_themes_are_counted_by_review_with_wilson_intervals(corpus: Corpus) -> None:
    answer = themes.themes(corpus)
    rows = {(row["id"], row["polarity"]): row for row in answer.rows}
    assert answer.reviews == COUNT
    assert {key: row["reviews"] for key, row in rows.items()} == {
        ("home_visits", "concern"): 9,
        ("mental_health", "strength"): 6,
    }
    home = rows["home_visits", "concern"]
    assert (home["share"], home["low"], home["high"]) == (0.75, 0.4677, 0.9111)
    wire = answer.to_dict()
    assert wire["reviews"] == COUNT
    assert {"id", "polarity", "reviews", "share", "low", "high"} <= set(wire["themes"][0])


def test_themes_that_no_review_raises_are_listed_when_asked_for(corpus: Corpus) -> None:
    rows = themes.themes(corpus, every=True).rows
    nought = next(row for row in rows if (row["id"], row["polarity"]) == ("recall", "concern"))
    assert (nought["reviews"], nought["share"], nought["low"]) == (0, 0.0, 0.0)
    assert nought["high"] > 0.2


def test_themes_by_group_name_the_groups_that_are_too_small(corpus: Corpus) -> None:
    answer = themes.themes_by(corpus, "region", only=["home_visits"])
    rows = {row["region"]: row for row in answer.rows}
    assert {name: (row["reviews"], row["of"], row["few"]) for name, row in rows.items()} == {
        "London": (5, 8, False),
        "Wales": (4, 4, True),
    }
    assert answer.notes == ("Wales: only 4 reviews, too few to compare",)


def test_trends_follow_the_day_of_completion(corpus: Corpus) -> None:
    quarters = {row["quarter"]: row["of"] for row in themes.trends(corpus, by="quarter", only=["home_visits"]).rows}
    by_hand: dict[str, int] = {}
    for review in REVIEWS:
        name = f"{review.completed.year} Q{(review.completed.month + 2) // 3}"
        by_hand[name] = by_hand.get(name, 0) + 1
    assert quarters == by_hand
    financial = {row["financial_year"] for row in themes.trends(corpus, by="financial_year").rows}
    assert financial == {"2023", "2024", "2025", "2026"}


def test_themes_together_come_with_their_lift(corpus: Corpus) -> None:
    (pair,) = themes.together(corpus, least=2).rows
    assert (pair["first"], pair["second"], pair["reviews"]) == ("home_visits:concern", "mental_health:strength", 5)
    assert pair["lift"] == round(5 * COUNT / (9 * 6), 3)
    assert pair["given"] == round(5 / 9, 4)
    assert not themes.together(corpus, least=6).rows


def test_balance_sets_concern_against_strength(corpus: Corpus) -> None:
    rows = {row["id"]: row for row in themes.balance(corpus).rows}
    assert (rows["home_visits"]["concern_only"], rows["home_visits"]["share"]) == (9, 1.0)
    assert (rows["mental_health"]["strength_only"], rows["mental_health"]["share"]) == (6, 0.0)


def test_causes_are_counted_by_failing(corpus: Corpus) -> None:
    rows = {(row["theme"], row["cause"]): row for row in causes(corpus).rows}
    assert rows["home_visits", "none given"]["failings"] == 9
    assert rows[None, "workload"]["failings"] == 5
    assert (rows[None, "none given"]["failings"], rows[None, "none given"]["share"]) == (7, round(7 / 12, 4))
    assert {row["theme"] for row in causes(corpus, theme="home_visits").rows} == {"home_visits"}


def test_shares_are_of_reviews(corpus: Corpus) -> None:
    rows = {row["id"]: row["reviews"] for row in quality.quality(corpus).rows}
    assert rows["no_clear_judgement"] == sum(review.verdict in ("absent", "unclear") for review in REVIEWS)
    assert (rows["weak_actions"], rows["mostly_weak_actions"], rows["no_actions"]) == (COUNT, COUNT, 0)
    by = quality.quality(corpus, by="region").rows
    assert {row["region"]: row["of"] for row in by} == {"London": 8, "Wales": 4}


def test_readability_is_summed_up(corpus: Corpus) -> None:
    answer = quality.reading(corpus)
    age = next(row for row in answer.rows if row["id"] == "reading_age")
    assert (age["mean"], age["p50"], age["reviews"]) == (14.6, 14.6, COUNT)
    assert answer.extra["distribution"] == [{"reading_age": 15, "reviews": COUNT}]


def test_verdict_stands_against_the_newest_rating(store: Store) -> None:
    first = next(row.document for row in store.queue() if row.name == "r00.txt")
    store.rate(first, "overall", "Inadequate", "Ada")
    rows = {row["rating"]: row for row in quality.ratings(Corpus(store)).rows}
    assert {name: row["reviews"] for name, row in rows.items()} == {"Good": 5, "Inadequate": 1, "not known": 6}
    assert sum(row["taken"] for row in rows.values()) == 3


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (Filters(region="Wales"), 4),
        (Filters(verdict="absent"), 3),
        (Filters(rating="Good"), 6),
        (Filters(rating="not known"), 6),
        (Filters(since=date(2025, 1, 1)), sum(review.completed.year >= 2025 for review in REVIEWS)),
        (Filters(until=date(2024, 12, 31)), sum(review.completed.year <= 2024 for review in REVIEWS)),
        (Filters(theme="home_visits"), 9),
        (Filters(theme="home_visits:strength"), 0),
        (Filters(region="Wales", theme="mental_health:strength"), 2),
        (Filters(group=("quarter", "2024 Q1")), 1),
    ],
)
def test_filters_choose_reviews(corpus: Corpus, filters: Filters, count: int) -> None:
    assert corpus.count(filters) == count
    assert len(export(corpus, "reviews", filters).rows) == count


def test_words_and_phrases_are_found_with_their_places(corpus: Corpus) -> None:
    answer = search(corpus, '"guidance on home visit"', limit=3)
    assert (answer.extra["sentences"], answer.extra["found_in"], len(answer.rows)) == (COUNT, COUNT, 3)
    row = answer.rows[0]
    text = corpus.store.wire(row["document"])["document"]["text"]
    assert text[row["start"] : row["end"]] == row["text"] == WEAK
    assert [row["text"][start:end] for start, end in row["hits"]] == ["guidance on home visits"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("nurse", 6),
        ("nurses", 6),
        ("nurse OR home", 6 + 9 + COUNT),
        ("home -guidance", 9),
        ("offic*", 6 + 5),
        ('"never seen at home"', 9),
        ('"home at seen"', 0),
        ("hearing asked", COUNT),
        ("x123456", COUNT),
    ],
)
def test_the_notation_of_a_search(corpus: Corpus, query: str, found: int) -> None:
    assert search(corpus, query).extra["sentences"] == found


@pytest.mark.parametrize("query", ["", "-nurse", "OR", '"', "nurse OR -home"])
def test_a_search_for_nothing_is_refused(corpus: Corpus, query: str) -> None:
    with pytest.raises(SearchInvalid):
        search(corpus, query)


@pytest.mark.parametrize("query", ["AND", "NEAR(a b)", "a'b", 'nurse" OR "1"="1', "col:home", "^home", "(home", "é"])
def test_operators_of_the_database_are_plain_words(corpus: Corpus, query: str) -> None:
    assert search(corpus, query).extra["sentences"] >= 0


def test_search_keeps_to_roles_and_filters(corpus: Corpus) -> None:
    assert search(corpus, "home", role="concern").extra["sentences"] == 9
    assert search(corpus, "home", role="action").extra["sentences"] == COUNT
    assert search(corpus, "home", Filters(region="Wales"), role="concern").extra["found_in"] == 4
    assert {row["name"] for row in search(corpus, "nurse", Filters(region="Wales")).rows} == {"r00.txt", "r02.txt"}
    with pytest.raises(SearchInvalid, match="nonsense"):
        search(corpus, "home", role="nonsense")


def test_pages_of_a_search_do_not_overlap(corpus: Corpus) -> None:
    pages = [search(corpus, "guidance", limit=5, offset=offset).rows for offset in (0, 5, 10)]
    found = [row["document"] for page in pages for row in page]
    assert [len(page) for page in pages] == [5, 5, 2]
    assert len(set(found)) == COUNT


def test_concordance_lines_show_both_sides(corpus: Corpus) -> None:
    rows = concordance(corpus, '"seen at home"', width=30).rows
    assert len(rows) == 9
    assert {row["hit"] for row in rows} == {"seen at home"}
    assert all(row["left"].endswith("He was never ") for row in rows)
    text = corpus.store.wire(rows[0]["document"])["document"]["text"]
    assert text[rows[0]["start"] : rows[0]["end"]] == "seen at home"


def test_the_nearest_passages_are_those_of_the_same_direction(corpus: Corpus) -> None:
    vector = np.eye(64, dtype=np.float32)[2]
    answer = nearest(corpus, "", vector=vector, model="test", limit=3)
    assert [row["text"] for row in answer.rows] == [SENTENCES[2]] * 3
    assert [row["name"] for row in answer.rows] == ["r00.txt", "r01.txt", "r02.txt"]
    assert answer.rows[0]["similarity"] > answer.rows[2]["similarity"] > 0.8
    wales = nearest(corpus, "", Filters(region="Wales"), vector=vector, model="test", limit=50)
    assert {row["name"] for row in wales.rows} == {"r00.txt", "r01.txt", "r02.txt", "r03.txt"}


def test_without_vectors_nearest_says_so(corpus: Corpus) -> None:
    with pytest.raises(VectorsMissing, match="no sentence vectors"):
        nearest(corpus, "", vector=np.ones(64, np.float32), model="another")
    with pytest.raises(VectorsMissing, match="No sentence encoder"):
        nearest(corpus, "words", settings=Settings(models=Path("no-models")))


def test_every_number_opens_its_passages(corpus: Corpus) -> None:
    counted = themes.themes(corpus)
    for row in counted.rows:
        passages = theme_passages(corpus, row["id"], polarity=row["polarity"], limit=0)
        assert len({one["document"] for one in passages.rows}) == row["reviews"]
    for row in quality.quality(corpus).rows:
        behind = measure_passages(corpus, row["id"], limit=0)
        assert len({one["document"] for one in behind.rows}) == row["reviews"]
    for row in causes(corpus).rows:
        cause = "" if row["cause"] == "none given" else row["cause"]
        found = cause_passages(corpus, theme=row["theme"] or "", cause=cause, limit=0)
        assert len(found.rows) == row["failings"]
        for one in found.rows:
            assert corpus.store.wire(one["document"])["document"]["text"][one["start"] : one["end"]] == one["quote"]


def test_a_failing_stands_beside_its_reason(corpus: Corpus) -> None:
    rows = cause_passages(corpus, theme="", cause="workload").rows
    assert {(row["quote"], row["reason"]) for row in rows} == {(SENTENCES[2], REASON)}
    known = {finding["id"] for row in rows for finding in corpus.store.wire(row["document"])["findings"]}
    assert {row["finding"] for row in rows} <= known


def test_a_failing_names_its_page_where_the_review_has_pages(store: Store) -> None:
    made = wire(name="paged.pdf", paged=True)
    made["document"]["page_starts"] = [0, made["document"]["text"].index(SENTENCES[4])]
    store.add(made)
    for answer in (cause_passages(Corpus(store), limit=0), export(Corpus(store), "failings")):
        pages = {(row["quote"], row["page"]) for row in answer.rows if row["name"] == "paged.pdf"}
        assert pages == {(SENTENCES[2], 1), (SENTENCES[4], 2)}
        assert {row["page"] for row in answer.rows if row["name"] != "paged.pdf"} == {None}
        assert answer.columns["page"] == "Page"


def test_fictional_and_superseded_reviews_are_not_counted(store: Store) -> None:
    sample = wire(name="sample.txt", sentences=(*SENTENCES, "A sample."))
    store.add(sample, fictional=True)
    corpus = Corpus(store)
    assert corpus.count() == COUNT
    assert corpus.count(Filters(fictional=True)) == COUNT + 1
    assert search(corpus, '"a sample"').extra["sentences"] == 0
    assert "sample.txt" not in {row["name"] for row in theme_passages(corpus, "home_visits", limit=0).rows}


def test_a_review_from_the_pane_and_one_that_was_removed_are_followed(store: Store) -> None:
    fresh = wire(name="new.txt", sentences=(*SENTENCES, "An afterthought about greenhouses."))
    store.add(fresh)
    assert search(Corpus(store), "greenhouse").extra["sentences"] == 1
    store.forget(fresh["document"]["id"])
    corpus = Corpus(store)
    assert search(corpus, "greenhouse").extra["sentences"] == 0
    assert corpus.count() == COUNT
    with store.session() as session:
        assert session.scalar(text("SELECT count(*) FROM sentences")) == sum(len(one.sentences) for one in REVIEWS)


def test_a_store_from_before_the_corpus_is_indexed_when_opened(store: Store) -> None:
    with store.session(writes=True) as session:
        for table in ("measures", "theme_reviews", "failings", "sentences"):
            session.execute(text(f"DELETE FROM {table}"))
    corpus = Corpus(store)
    assert corpus.count() == COUNT
    assert search(corpus, "nurse").extra["sentences"] == 6


def test_filters_are_said_in_words(corpus: Corpus) -> None:
    chosen = Filters(region="Wales", group=("risk_level", "high"))
    assert chosen.words() == ("region: Wales", "risk level: high")
    assert export(corpus, "reviews", chosen).to_dict()["filters"] == list(chosen.words())


def test_the_export_has_a_row_for_each_review_and_finding(corpus: Corpus) -> None:
    reviews = export(corpus).rows
    assert {row["name"]: row["themes"] for row in reviews}["r00.txt"] == [
        "home_visits:concern",
        "mental_health:strength",
    ]
    findings = export(corpus, "findings").rows
    assert sum(row["theme"] == "home_visits" for row in findings) == 9
    assert len(export(corpus, "failings", Filters(region="Wales")).rows) == 8


def test_intervals_are_wilsons_and_newcombes() -> None:
    # Newcombe (1998): 81 of 263 by Wilson's score without correction; 56 of 70 against 48 of 80 by his tenth method.
    assert [round(shares([81], [263])[0][key] or 0, 4) for key in ("low", "high")] == [0.2553, 0.3662]
    change = difference(56, 70, 48, 80)
    assert (change["change"], change["change_low"], change["change_high"]) == (0.2, 0.0524, 0.3339)
    assert shares([0], [0]) == [{"share": None, "low": None, "high": None}]
    assert difference(1, 2, 0, 0)["change"] is None


def test_a_theme_in_nearly_every_review_is_warned_about(corpus: Corpus) -> None:
    assert guard.guard(corpus, {("home_visits", "concern"): 9}, 12) == {}
    warned = guard.guard(corpus, {("home_visits", "concern"): 10}, 12)
    assert "10 of 12 reviews" in warned["home_visits", "concern"][0]
    assert guard.guard(corpus, {("home_visits", "concern"): 9}, 9) == {}


def test_a_theme_that_rests_on_one_cue_is_warned_about() -> None:
    quotes = [f"The handover in {month} was late." for month in ("May", "June", "July")] * 4
    cue, share = guard.leading_cue(("release_handover", "concern"), quotes)
    assert (cue, share) == ("handover", 1.0)
    mixed = [*quotes, *["The pre-release planning was poor."] * 12]
    assert guard.leading_cue(("release_handover", "concern"), mixed)[1] == 0.5
