"""The store keeps reviews, assessments and every word that a person said, and fails by code."""

import json
import sqlite3
import threading
import zlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DatabaseError
from wires import wire

from sfo_nlp.errors import SfoError
from sfo_nlp.mining.corpus import Corpus
from sfo_nlp.mining.themes import themes
from sfo_nlp.store import engine
from sfo_nlp.store.days import days_left, due_date
from sfo_nlp.store.decision import Decision, standing
from sfo_nlp.store.errors import ReviewUnknown, StoreDamaged, StoreFull, StoreLocked, StoreNewer, StoreUnreachable
from sfo_nlp.store.store import Store

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'a folder' / 'store.sqlite'}"


@pytest.fixture
def store(url: str) -> Store:
    return Store(url)


def word(found: dict, kind: str = "agree", who: str = "Ada", minutes: int = 0, **more: object) -> Decision:  # type: ignore[type-arg]
    """A decision on the first finding of an assessment."""
    finding = found["findings"][0]
    return Decision(
        document=found["document"]["id"],
        finding=finding["id"],
        kind=kind,
        who=who,
        version="0.1.0",
        at=NOON + timedelta(minutes=minutes),
        check=finding["check"],
        label=finding["label"],
        quote=finding["evidence"][0]["quote"],
        **more,  # type: ignore[arg-type]
    )


def test_an_assessment_comes_back_as_it_went_in(store: Store) -> None:
    given = wire()
    store.add(given, content=b"the bytes")
    assert store.wire(given["document"]["id"]) == given
    assert store.content(given["document"]["id"]) == b"the bytes"
    row = store.find(given["document"]["id"])
    assert (row.name, row.verdict, row.refer, row.not_met) == ("thripp.txt", "unclear", 2, 2)
    assert row.due == due_date(row.received)


def test_every_passage_of_every_finding_is_a_row(store: Store) -> None:
    given = wire()
    store.add(given)
    with store.session() as session:
        rows = session.execute(text("SELECT quote, start_offset, end_offset FROM findings")).all()
        plan = session.execute(
            text("EXPLAIN QUERY PLAN SELECT * FROM findings WHERE theme='x' AND polarity='concern'")
        ).all()
    assert len(rows) == sum(len(finding["evidence"]) for finding in given["findings"])
    assert all(given["document"]["text"][start:end] == quote for quote, start, end in rows)
    assert "ix_findings_theme_polarity" in str(plan)


def test_decisions_outlive_a_rerun_a_newer_version_and_the_same_file_again(store: Store, url: str) -> None:
    given = wire()
    store.add(given)
    store.decide(word(given, "disagree", reason="It is only an aside."))
    store.add(given)
    store.add(wire(version="0.2.0"))
    again = Store(url)
    assert [row.document for row in again.queue()] == [given["document"]["id"]]
    assert again.wire(given["document"]["id"])["provenance"]["version"] == "0.2.0"
    kept = again.decisions(given["document"]["id"])
    assert [(one.kind, one.reason, one.who, one.at) for one in kept] == [
        ("disagree", "It is only an aside.", "Ada", NOON)
    ]
    assert standing(kept).keys() <= {finding["id"] for finding in again.wire(given["document"]["id"])["findings"]}


def test_the_newest_word_of_each_person_stands_and_all_are_kept(store: Store) -> None:
    given = wire()
    store.add(given)
    for kind, who, minutes in (("agree", "Ada", 0), ("disagree", "Ben", 1), ("disagree", "Ada", 2), ("note", "Ada", 3)):
        store.decide(word(given, kind, who, minutes, reason="why"))
    words = store.decisions(given["document"]["id"])
    stands = standing(words)[given["findings"][0]["id"]]
    assert len(words) == 4
    assert {one.who: one.kind for one in stands.judged} == {"Ben": "disagree", "Ada": "disagree"}
    assert [note.who for note in stands.notes] == ["Ada"]
    assert not stands.divided
    store.decide(word(given, "agree", "Ben", 4))
    assert standing(store.decisions())[given["findings"][0]["id"]].divided


def test_a_withdrawal_leaves_nothing_standing_but_the_history(store: Store) -> None:
    given = wire()
    store.add(given)
    store.decide(word(given, "agree"))
    store.decide(word(given, "withdraw", minutes=1))
    assert standing(store.decisions()) == {}
    assert len(store.decisions()) == 2


@pytest.mark.parametrize("table", ["decisions", "ratings"])
def test_the_database_itself_refuses_to_change_a_word(store: Store, table: str) -> None:
    given = wire()
    store.add(given)
    store.decide(word(given))
    store.rate(given["document"]["id"], "overall", "Good", "Ada")
    with pytest.raises(DatabaseError, match="never changed"), store.session(writes=True) as session:
        session.execute(text(f"UPDATE {table} SET who = 'Eve'"))
    assert store.decisions()[0].who == "Ada"


def test_ratings_are_added_and_the_queue_row_can_be_changed(store: Store) -> None:
    given = wire()
    store.add(given)
    identity = given["document"]["id"]
    store.rate(identity, "overall", "Good", "Ada")
    store.rate(identity, "overall", "Inadequate", "Ada")
    assert [rating.rating for rating in store.ratings(identity)] == ["Good", "Inadequate"]
    store.change(identity, assigned="Ben", status="done", received=date(2026, 3, 2))
    row = store.find(identity)
    assert (row.assigned, row.status, row.due) == ("Ben", "done", due_date(date(2026, 3, 2)))
    with pytest.raises(ValueError, match="words"):
        store.change(identity, words=1)


def test_a_forgotten_review_leaves_nothing(store: Store) -> None:
    given = wire()
    store.add(given, content=b"bytes")
    store.decide(word(given))
    store.forget(given["document"]["id"])
    with store.session() as session:
        for table in ("reviews", "files", "assessments", "findings", "decisions"):
            assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0
    with pytest.raises(ReviewUnknown):
        store.wire(given["document"]["id"])


def test_two_writers_at_once_lose_nothing(url: str) -> None:
    given = wire()
    Store(url).add(given)

    def write(who: str) -> None:
        mine = Store(url)
        for minute in range(25):
            mine.decide(word(given, "agree", who, minute))

    threads = [threading.Thread(target=write, args=(who,)) for who in ("Ada", "Ben")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(Store(url).decisions()) == 50


def test_the_default_is_a_file_in_write_ahead_mode(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(engine.VARIABLE, url)
    store = Store()
    with store.session() as session:
        assert session.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    assert store.place.endswith("store.sqlite")


def test_a_locked_store_is_named(store: Store, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = wire()
    store.add(given)
    monkeypatch.setattr(engine, "WAIT_MS", 50)
    waiting = Store(url)
    holder = sqlite3.connect(store.place, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreLocked, match="locked"):
        waiting.decide(word(given))
    holder.execute("ROLLBACK")
    waiting.decide(word(given))
    assert len(store.decisions()) == 1


def test_a_full_store_is_named_and_keeps_what_it_had(store: Store) -> None:
    given = wire()
    store.add(given)
    with store.session() as session:
        pages = session.execute(text("PRAGMA page_count")).scalar()

    def overfill() -> None:
        with store.session(writes=True) as session:
            session.execute(text(f"PRAGMA max_page_count={pages}"))
            session.execute(text("UPDATE files SET content = :x"), {"x": b""})
            session.execute(text("INSERT INTO files(review_id, content) VALUES (1, zeroblob(5000000))"))

    with pytest.raises(StoreFull):
        overfill()
    assert store.wire(given["document"]["id"]) == given


def test_a_filled_store_of_the_first_version_is_brought_up_to_date(url: str, tmp_path: Path) -> None:
    given = wire()
    _first_version(url, given)
    store = Store(url)
    document = given["document"]["id"]
    assert store.wire(document) == given
    assert store.content(document) == b"the bytes"
    assert [(one.kind, one.reason, one.who) for one in store.decisions(document)] == [
        ("note", "Ask the author.", "Ada")
    ]
    assert [(one.standard, one.rating) for one in store.ratings(document)] == [("learning", "Good")]
    counted = themes(Corpus(store))
    assert {row["id"] for row in counted.rows} == {theme["id"] for theme in given["themes"]}


def _first_version(url: str, given: dict) -> None:  # type: ignore[type-arg]
    """A store as the first migration left it, with a review, its file, an assessment, a decision and a rating."""
    Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True)
    config = Config()
    config.set_main_option("script_location", str(engine.MIGRATIONS))
    passage = given["findings"][0]["evidence"][0]
    finding = {name: passage[name] for name in ("quote", "page")} | {"a": passage["start"], "z": passage["end"]}
    packed = zlib.compress(json.dumps(given).encode())
    with create_engine(url).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement, values in (
            (
                "INSERT INTO reviews VALUES (1, :document, 'thripp.txt', 'txt', NULL, 80, '2026-03-02',"
                " '2026-03-30', '', 'new', 0, '2026-03-02 12:00:00', 1)",
                {"document": given["document"]["id"]},
            ),
            ("INSERT INTO files VALUES (1, :content)", {"content": b"the bytes"}),
            (
                "INSERT INTO assessments VALUES (1, 1, 'mark', '0.1.0', '2026-03-02 12:00:00', 'unclear',"
                " 'partly', 0.5, 12.0, 1, 2, 2, 0, :wire)",
                {"wire": packed},
            ),
            (
                "INSERT INTO decisions VALUES (1, 1, :id, :check, :label, :quote, :page, :a, :z, 'note',"
                " 'Ask the author.', '{}', 'Ada', '2026-03-02 12:00:00', '0.1.0')",
                {**finding, **{name: given["findings"][0][name] for name in ("id", "check", "label")}},
            ),
            ("INSERT INTO ratings VALUES (1, 1, 'learning', 'Good', 'Ada', '2026-03-02 12:00:00')", {}),
        ):
            connection.execute(text(statement), values)


def test_a_store_of_a_newer_version_is_refused(store: Store, url: str) -> None:
    with store.session(writes=True) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreNewer, match="9999"):
        Store(url)


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "letter.sqlite"
    other.write_bytes(b"this is a letter and no database at all" * 100)
    with pytest.raises(StoreDamaged):
        Store(f"sqlite:///{other}")


@pytest.mark.parametrize("bad", ["nonsense", "sqlite:////proc/nowhere/store.sqlite", "nosuchbase://here/there"])
def test_an_address_that_leads_nowhere_is_refused_by_code(bad: str) -> None:
    with pytest.raises(StoreUnreachable) as caught:
        Store(bad)
    assert isinstance(caught.value, SfoError)
    assert caught.value.remedy


def test_due_dates_leave_out_weekends_and_bank_holidays() -> None:
    assert due_date(date(2026, 3, 2)) == date(2026, 3, 30)
    assert due_date(date(2025, 12, 22)) == date(2026, 1, 22)
    assert days_left([date(2026, 3, 30), date(2026, 2, 27)], date(2026, 3, 2)) == [20, -1]
    assert days_left([], date(2026, 3, 2)) == []
