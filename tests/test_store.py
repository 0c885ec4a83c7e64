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
from click.testing import CliRunner
from sqlalchemy import MetaData, create_engine, text
from sqlalchemy.exc import DatabaseError
from wires import SENTENCES, pdf_of, wire

from sfo_nlp.checks.names import names
from sfo_nlp.cli import main
from sfo_nlp.errors import SfoError
from sfo_nlp.mining.corpus import Corpus
from sfo_nlp.mining.themes import themes
from sfo_nlp.pipeline import review
from sfo_nlp.settings import Settings
from sfo_nlp.store import engine
from sfo_nlp.store.corpus_tables import IngestRow
from sfo_nlp.store.days import days_left, due_date
from sfo_nlp.store.decision import Decision, standing
from sfo_nlp.store.errors import ReviewUnknown, StoreDamaged, StoreFull, StoreLocked, StoreNewer, StoreUnreachable
from sfo_nlp.store.rows import versions
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


def broke(given: dict, *checks: str) -> dict:  # type: ignore[type-arg]
    """An assessment as it would be had these checks broken."""
    made = json.loads(json.dumps(given))
    made["checks"] = [{"id": check, "failure": "ValueError: by nought", "findings": 0} for check in checks]
    made["findings"] = [finding for finding in made["findings"] if finding["check"] not in checks]
    empty: dict[str, dict[str, object]] = {
        "judgement": {"verdict": None, "confidence": None, "reasoned": None, "evidence": []},
        "explanation": {"verdict": None, "share_explained": None, "roles": None, "findings": []},
        "learning": {"systemic_causes": None, "other_agencies": None},
    }
    for check in checks:
        made |= {check: made[check] | empty[check]} if check in empty else {check: []}
    for criterion in made["criteria"]:
        criterion["outcome"] = "not_run" if criterion["check"] in checks else criterion["outcome"]
    return made


def measured(store: Store, document: str) -> dict[str, object]:
    """The row of a review's measures."""
    query = text("SELECT m.* FROM measures m JOIN reviews r ON r.id = m.review_id WHERE r.document = :document")
    with store.session() as session:
        return dict(session.execute(query, {"document": document}).mappings().one())


def test_what_a_broken_check_would_have_said_is_not_known(store: Store) -> None:
    whole = wire()
    store.add(whole)
    kept = measured(store, whole["document"]["id"])
    assert None not in (kept["verdict"], kept["explanation"], kept["concerns"], kept["actions"], kept["raised"])
    made_by = {
        "judgement": {"verdict", "reasoned"},
        "explanation": {"explanation", "share_explained", "concerns", "causes"},
        "learning": {"systemic_causes", "other_agencies", "actions", "weak_actions"},
        "themes": {"raised", "causes"},
    }
    nothing = {name for name, value in kept.items() if value is None}
    for number, (check, gone) in enumerate(made_by.items()):
        given = broke(wire(sentences=(*SENTENCES, f"Number {number}.")), check)
        store.add(given)
        row = measured(store, given["document"]["id"])
        assert {name for name, value in row.items() if value is None} == gone | nothing, check


def test_a_check_that_found_nothing_is_no_broken_check(store: Store) -> None:
    given = wire(sentences=SENTENCES[:2], verdict="absent")
    given["explanation"]["verdict"] = "what_only"
    store.add(given)
    row = measured(store, given["document"]["id"])
    assert (row["verdict"], row["explanation"], row["concerns"], row["actions"]) == ("absent", "what_only", 0, 0)
    assert (row["raised"], row["causes"]) == ("{}", "{}")


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


@pytest.mark.parametrize(
    ("ada", "ben", "divided"),
    [
        ({"verdict": "not_taken"}, {"verdict": "partly"}, True),
        ({"verdict": "partly"}, {"verdict": "partly"}, False),
        ({"causes": ["policy", "culture"]}, {"causes": ["culture", "policy"]}, False),
    ],
)
def test_people_who_correct_to_different_things_are_divided(
    ada: dict[str, object], ben: dict[str, object], divided: bool
) -> None:
    given = wire()
    words = [word(given, "correct", who, value=value) for who, value in (("Ada", ada), ("Ben", ben))]
    assert standing(words)[given["findings"][0]["id"]].divided == divided


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
    with store.session(writes=True) as session:
        for path, document, before in (
            ("/in/a.txt", given["document"]["id"], ""),
            ("/in/b.txt", given["document"]["id"], ""),
            ("/in/c.txt", "another", given["document"]["id"]),
        ):
            session.add(
                IngestRow(
                    path=path, document=document, before=before, recipe="r", state="done", at=datetime(2026, 3, 2)
                )
            )
    store.forget(given["document"]["id"])
    with store.session() as session:
        assert session.execute(text("SELECT path, before FROM ingested")).all() == [("/in/c.txt", "")]
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


def test_a_bare_file_name_is_a_store_wherever_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(engine.VARIABLE, "s.sqlite")
    store = Store()
    store.add(wire())
    assert store.place == str(tmp_path / "s.sqlite")
    monkeypatch.delenv(engine.VARIABLE)
    told = CliRunner().invoke(main, ["themes", "--store", "s.sqlite", "--format", "json"])
    assert json.loads(told.stdout)["reviews"] == 1


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


def test_a_filled_store_of_the_second_version_loses_what_broken_checks_had_filled_in(store_url: str) -> None:
    whole, failed = wire(), broke(wire(sentences=(*SENTENCES, "Another.")), "judgement", "explanation", "learning")
    unthemed = broke(wire(sentences=(*SENTENCES, "A third.")), "themes")
    # So the second version said it of a check that broke.
    failed["explanation"]["verdict"] = "what_only"
    whole["findings"][0] |= {"check": "rosh", "facts": {"kind": "level_wrong"}}
    failed["checks"].append({"id": "rosh", "failure": "it broke", "findings": 0})
    del unthemed["rosh"]  # an assessment from before that check
    _second_version(store_url, [whole, failed, unthemed])
    store = Store(store_url)
    kept, emptied, bare = (measured(store, one["document"]["id"]) for one in (whole, failed, unthemed))
    assert (kept["verdict"], kept["explanation"], kept["concerns"]) == ("unclear", "partly", 2)
    assert (kept["raised"], kept["actions"], kept["reasoned"]) == ('{"home_visits:concern":1}', 1, False)
    gone = ("verdict", "reasoned", "explanation", "concerns", "systemic_causes", "other_agencies", "actions", "causes")
    assert [emptied[name] for name in gone] == [None] * len(gone)
    assert (emptied["raised"], emptied["reading_age"]) == ('{"home_visits:concern":1}', 14.6)
    assert (bare["raised"], bare["causes"], bare["verdict"]) == (None, None, "unclear")
    assert [row.explanation for row in store.queue()] == ["partly", None, "partly"]
    assert [one["risk"] for one in (kept, emptied, bare)] == ['{"kind:level_wrong":1}', None, None]
    corpus = Corpus(store)
    with store.session() as session:
        # Nothing was indexed anew: sentence vectors cannot be made again from an assessment.
        assert session.scalars(text("SELECT review_id FROM vectors ORDER BY review_id")).all() == [1, 2, 3]
        assert session.scalars(text("SELECT review_id FROM failings ORDER BY review_id")).all() == [1]
        assert session.scalars(text("SELECT path FROM ingested")).all() == ["/in/1.txt"]
    assert (corpus.count(), themes(corpus).reviews) == (3, 2)
    store.close()


def _second_version(url: str, wires: list[dict]) -> None:  # type: ignore[type-arg]
    """A store as the second migration left it: every review measured, with vectors; one file of a removed review."""
    config = Config()
    config.set_main_option("script_location", str(engine.MIGRATIONS))
    base = create_engine(url)
    with base.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        known = MetaData()
        known.reflect(connection, only=["reviews", "assessments", "measures", "vectors", "failings", "ingested"])
        for number, given in enumerate(wires, start=1):
            for table, row in _rows_of(number, given).items():
                connection.execute(known.tables[table].insert(), row)
        for path, document in (("/in/1.txt", wires[0]["document"]["id"]), ("/in/gone.txt", "gone")):
            row = {"path": path, "document": document, "recipe": "r", "state": "done", "seconds": 0.1, "at": NOON}
            row |= dict.fromkeys(("before", "code", "message", "remedy"), "")
            connection.execute(known.tables["ingested"].insert(), row | {"at": datetime(2026, 3, 2)})
    base.dispose()


def _rows_of(number: int, given: dict) -> dict[str, dict[str, object]]:  # type: ignore[type-arg]
    """A review with its assessment and measures as the second version wrote them, broken checks or not."""
    explanation = given["explanation"]
    rows: dict[str, dict[str, object]] = {
        "reviews": {
            "id": number, "document": given["document"]["id"], "name": "a.txt", "format": "txt", "words": 80,
            "received": date(2026, 3, 2), "due": date(2026, 3, 30), "assigned": "", "status": "new",
            "fictional": False, "added": datetime(2026, 3, 2), "current": number,
        },
        "assessments": {
            "id": number, "review_id": number, "fingerprint": "mark", "version": "0.1.0", "made": datetime(2026, 3, 2),
            "verdict": given["judgement"]["verdict"], "explanation": explanation["verdict"],
            "met": 1, "not_met": 2, "refer": 2, "not_run": 0, "wire": zlib.compress(json.dumps(given).encode()),
        },
        "measures": {
            "review_id": number, "assessment_id": number, "verdict": given["judgement"]["verdict"] or "absent",
            "reasoned": False, "explanation": explanation["verdict"], "concerns": len(explanation["findings"]),
            "share_explained": explanation["share_explained"], "systemic_causes": False, "other_agencies": False,
            "actions": 1, "weak_actions": 1, "reading_age": 14.6, "sentences": 9,
            "raised": '{"home_visits:concern":1}', "causes": '{":workload":1}',
        },
        "vectors": {"review_id": number, "model": "m", "dimensions": 8, "numbers": b"", "codes": b""},
    }  # fmt: skip
    if explanation["findings"]:
        rows["failings"] = {"theme": "", "cause": "", "review_id": number, "start_offset": 0, "end_offset": 5}
    return rows


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


def test_only_the_databases_own_failures_are_the_stores(store: Store) -> None:
    for error in (FileNotFoundError("gone.txt"), ModuleNotFoundError("no such module")):
        with pytest.raises(type(error)) as caught, store.session(writes=True):
            raise error
        assert caught.value is error
    with pytest.raises(StoreUnreachable, match="no such table"), store.session() as session:
        session.execute(text("SELECT * FROM nowhere"))


def test_whether_a_review_was_assessed_by_these_versions(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("# Findings\n\n" + " ".join(SENTENCES))
    settings = Settings(fast=True, models=Path("no-models"))
    given = review(path, settings).to_dict()
    document = str(given["document"]["id"])  # type: ignore[index]
    assert not store.has(document)
    store.add(given)
    assert store.has(document)
    assert store.has(document, made_by=versions(settings))
    assert not store.has(document, made_by=versions(settings) | {"rules": "others"})
    assert not store.has(document, made_by=versions(Settings()))


def test_the_pane_lets_go_of_a_forgotten_review(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    import streamlit as st

    from sfo_nlp.ui import disclosure, opened
    from sfo_nlp.ui.pictures import PICTURES

    monkeypatch.setattr(opened, "store", lambda: store)
    given, content = wire(), pdf_of(SENTENCES)
    document = given["document"]["id"]
    store.add(given, content=content)
    assert opened.content_of(document) == content
    assert opened.load(document).document == document
    PICTURES.get(document, 1, content)
    plan = disclosure._planned(document, content, "a.pdf", ())
    names("Mr Thripp was seen.")
    st.session_state["copy_made"] = ((document, ()), b"a copy")
    store.forget(document)
    opened.forget_cached()
    assert opened.content_of(document) is None
    assert (PICTURES.size, PICTURES._kept) == (0, {})
    assert names.cache_info().currsize == 0
    assert "copy_made" not in st.session_state
    assert disclosure._planned(document, content, "a.pdf", ()) is not plan


def test_due_dates_leave_out_weekends_and_bank_holidays() -> None:
    assert due_date(date(2026, 3, 2)) == date(2026, 3, 30)
    assert due_date(date(2025, 12, 22)) == date(2026, 1, 22)
    assert days_left([date(2026, 3, 30), date(2026, 2, 27)], date(2026, 3, 2)) == [20, -1]
    assert days_left([], date(2026, 3, 2)) == []
