"""Every page of the pane, run without a browser: what it says in each state, and what it keeps."""

import json
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from sqlalchemy import text
from streamlit.testing.v1 import AppTest
from wires import SENTENCES, pdf_of, wire

from sfo_nlp.errors import FileDamaged
from sfo_nlp.extract import extract_bytes
from sfo_nlp.extract.picture import draw
from sfo_nlp.redact import plan_of
from sfo_nlp.settings import Settings
from sfo_nlp.store import engine
from sfo_nlp.store.decision import standing
from sfo_nlp.store.store import Store
from sfo_nlp.ui import paper
from sfo_nlp.ui.pictures import Pictures
from sfo_nlp.ui.sheets import blocks_of, sheet_at, sheets_of
from sfo_nlp.ui.work import Upload, check_all

ROOT = Path(__file__).parent.parent
Open = Callable[..., AppTest]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An empty store that the pane opens by itself."""
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    monkeypatch.setenv(engine.VARIABLE, url)
    st.cache_data.clear()
    st.cache_resource.clear()
    yield Store(url)
    st.cache_resource.clear()


@pytest.fixture
def open_page() -> Open:
    """Run the router with one of its pages as the first one."""

    def run(name: str, **state: Any) -> AppTest:
        script = (ROOT / "app.py").read_text()
        if name != "queue":
            assert f'url_path="{name}"' in script
            script = script.replace("default=True", 'url_path="queue"').replace(f'url_path="{name}"', "default=True")
        app = AppTest.from_string(script, default_timeout=30)
        for key, value in state.items():
            app.session_state[key] = value
        app.run()
        assert not app.exception, app.exception
        return app

    return run


def words(app: AppTest) -> str:
    """All text that a run shows."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "info", "warning", "error", "success", "html")
    return "\n".join(str(getattr(one, "value", "")) for kind in kinds for one in app.get(kind))


def press(app: AppTest, label: str) -> AppTest:
    """Press the button with this label and run again."""
    button = next(one for one in app.button if one.label == label)
    button.click().run()
    assert not app.exception, app.exception
    return app


def test_the_empty_queue_says_what_to_do(store: Store, open_page: Open) -> None:
    shown = words(open_page("queue"))
    assert "Nothing is in the queue yet" in shown
    assert "Nothing leaves this machine" in shown
    assert store.place in shown


def test_the_queue_lists_and_filters(store: Store, open_page: Open) -> None:
    store.add(wire())
    store.add(wire(name="other.txt", sentences=SENTENCES[:5], verdict="absent"), fictional=True)
    app = open_page("queue")
    assert list(app.dataframe[0].value["Review"]) == ["thripp.txt", "other.txt"]
    assert list(app.dataframe[0].value["Kind"]) == ["", "fictional"]
    app.text_input(key="search").set_value("other").run()
    assert list(app.dataframe[0].value["Review"]) == ["other.txt"]
    assert "1 of 2 reviews" in words(app)
    app.text_input(key="search").set_value("zzz").run()
    assert "No review fits these filters" in words(app)


def test_the_queue_shows_only_what_needs_a_kind_of_attention_and_keeps_both_ends_of_a_name(
    store: Store, open_page: Open
) -> None:
    long = f"{'a very long name of a serious further offence review ' * 3}version 3.pdf"
    store.add(wire(name=long, verdict="taken"))
    store.add(wire(name="unclear.txt", sentences=SENTENCES[:7]))
    app = open_page("queue", needing="No clear judgement")
    assert list(app.dataframe[0].value["Review"]) == ["unclear.txt"]
    app = open_page("queue")
    [name] = [name for name in app.dataframe[0].value["Review"] if name != "unclear.txt"]
    assert len(name) <= 52
    assert name.startswith("a very long name")
    assert name.endswith("version 3.pdf")


def test_assigning_and_status_are_kept(store: Store, open_page: Open) -> None:
    given = wire()
    store.add(given)
    identity = given["document"]["id"]
    app = open_page("queue")
    app.text_input(key=f"has-{identity}").set_value("Ben").run()
    app.selectbox(key=f"is-{identity}").set_value("done").run()
    assert (store.find(identity).assigned, store.find(identity).status) == ("Ben", "done")


def test_no_review_open_has_words(store: Store, open_page: Open) -> None:
    assert "No review is here yet" in words(open_page("review"))
    assert "not in the store" in words(open_page("review", review="0" * 64))


def test_a_decision_is_saved_at_once_and_can_be_taken_back(store: Store, open_page: Open) -> None:
    given = wire()
    store.add(given)
    identity = given["document"]["id"]
    app = open_page("review", review=identity, who="Ada")
    assert SENTENCES[2] not in words(app)
    press(app, "Next")
    first = app.session_state["chosen"]
    press(app, "Agree")
    assert [(one.kind, one.who, one.finding) for one in store.decisions()] == [("agree", "Ada", first)]
    press(app, "Disagree")
    app.text_area(key=f"disagree-text-{first}").set_value("Only an aside.").run()
    stands = standing(store.decisions())[first].judged
    assert [(one.kind, one.reason) for one in stands] == [("disagree", "Only an aside.")]
    press(app, "Take back")
    assert standing(store.decisions()) == {}
    assert len(store.decisions()) == 4


def test_next_and_previous_walk_every_passage_shown(store: Store, open_page: Open) -> None:
    given = wire()
    store.add(given)
    app = open_page("review", review=given["document"]["id"])
    app.get("button_group")[0].set_value(["explanation"]) if app.get("button_group") else None
    app.run()
    seen = []
    while not next(one for one in app.button if one.label == "Next").disabled:
        press(app, "Next")
        seen.append(app.session_state["chosen"])
    assert len(seen) == len(set(seen)) > 1
    press(app, "Previous")
    assert app.session_state["chosen"] == seen[-2]


def test_what_is_found_in_one_sentence_is_one_step_with_all_findings_in_its_card(store: Store, open_page: Open) -> None:
    given = wire()
    store.add(given)
    app = open_page("review", review=given["document"]["id"])
    shown = []
    while not next(one for one in app.button if one.label == "Next").disabled:
        press(app, "Next")
        shown.append(words(app))
    for quote, titles in (
        (SENTENCES[2], ("Shortcoming with a reason beside it", "Shortcoming that no action answers")),
        (SENTENCES[4], ("Shortcoming without a reason", "Home visits: concern")),
        (SENTENCES[7], ("Weak action", "<b>Action</b>")),
    ):
        [card] = [one for one in shown if f"<blockquote>{quote}</blockquote>" in one]
        assert all(title in card for title in titles)


def test_a_finding_of_a_hidden_kind_is_shown_when_it_is_asked_for(store: Store, open_page: Open) -> None:
    from sfo_nlp.report.viewing import view_of
    from sfo_nlp.ui.opened import reveal, stops_of

    view = view_of(wire())
    acronym = view.of("readability", "acronym")[0]
    assert [len(stop.findings) for stop in stops_of(view, ("victims", "readability"))] == [1, 1]
    st.session_state[f"checks-{view.document}"] = ["judgement"]
    reveal(view, acronym.key)
    assert st.session_state[f"checks-{view.document}"] == ["judgement", "readability"]


def test_a_note_is_kept_beside_the_decision(store: Store, open_page: Open) -> None:
    given = wire()
    store.add(given)
    app = press(open_page("review", review=given["document"]["id"], who="Ada"), "Next")
    chosen = app.session_state["chosen"]
    app.text_area(key=f"note-text-{chosen}").set_value("Ask the author.").run()
    assert [note.reason for note in standing(store.decisions())[chosen].notes] == ["Ask the author."]
    assert "Ada notes: Ask the author." in words(app)


def test_near_misses_of_an_absent_judgement_can_be_accepted(store: Store, open_page: Open) -> None:
    given = wire(verdict="absent", leave_out=frozenset({"unclear"}))
    store.add(given)
    near = given["judgement"]["near_misses"][0]
    app = open_page("review", review=given["document"]["id"], who="Ada")
    while near["quote"] not in words(app) or "is this it?" not in words(app):
        press(app, "Next")
    accept = f"accept-{app.session_state['chosen']}"
    assert app.button(key=accept).disabled
    app.selectbox(key=f"says-{app.session_state['chosen']}").set_value("partly").run()
    assert not app.button(key=accept).disabled
    press(app, "This is it")
    decision = store.decisions()[0]
    assert (decision.kind, decision.quote, decision.value) == ("accept", near["quote"], {"verdict": "partly"})


def test_two_people_who_differ_are_both_shown(store: Store, open_page: Open) -> None:
    given = wire()
    store.add(given)
    press(press(open_page("review", review=given["document"]["id"], who="Ada"), "Next"), "Agree")
    app = press(press(open_page("review", review=given["document"]["id"], who="Ben"), "Next"), "Disagree")
    assert "People differ here" in words(app)
    assert "Ada agrees" in words(app)
    assert "Ben disagrees" in words(app)


def test_official_ratings_are_recorded_and_never_suggested(store: Store, open_page: Open) -> None:
    given = wire()
    store.add(given)
    identity = given["document"]["id"]
    app = open_page("review", review=identity, who="Ada", tab="Official ratings")
    boxes = [box for box in app.selectbox if str(box.key).startswith("rating-")]
    assert len(boxes) == 5
    assert all(box.value is None for box in boxes)
    app.selectbox(key=f"rating-overall-{identity}").set_value("Good").run()
    assert [(one.standard, one.rating, one.who) for one in store.ratings(identity)] == [("overall", "Good", "Ada")]


def test_the_marked_pdf_is_offered_by_what_the_file_is_and_only_where_it_is_kept(store: Store, open_page: Open) -> None:
    content = pdf_of(SENTENCES)
    given = wire(paged=True, content=content, name="review.docx")
    store.add(given)
    app = open_page("review", review=given["document"]["id"], tab="Reports")
    assert "not kept in the store" in words(app)
    assert "only for reviews that came as PDF" not in words(app)
    store.add(given, content=content)
    st.cache_resource.clear()
    app = open_page("review", review=given["document"]["id"], tab="Reports")
    assert "not kept in the store" not in words(app)
    assert "only for reviews that came as PDF" not in words(app)


def test_a_sample_says_that_it_is_fictional(store: Store, open_page: Open) -> None:
    given = wire()
    store.add(given, fictional=True)
    assert "fictional sample" in words(open_page("review", review=given["document"]["id"]))


def test_a_pdf_is_shown_as_pictures_and_a_broken_one_in_words(
    store: Store, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages: list[dict[str, Any]] = []
    monkeypatch.setattr(paper, "page_part", lambda data, **_: pages.append(data))
    content = pdf_of(SENTENCES)
    given = wire(paged=True, content=b"%PDF-1.4 broken", name="thripp.pdf")
    store.add(given, content=b"%PDF-1.4 broken")
    open_page("review", review=given["document"]["id"])
    assert "page 1 cannot be drawn" in pages[-1]["words"]
    assert FileDamaged.remedy in pages[-1]["words"]
    assert (pages[-1]["url"], bool(pages[-1]["places"])) == ("", True)
    whole = wire(paged=True, content=content, name="thripp.pdf")
    store.add(whole, content=content)
    open_page("review", review=whole["document"]["id"])
    assert "words" not in pages[-1]
    assert pages[-1]["url"].startswith("data:image/jpeg")
    assert (pages[-1]["width"], pages[-1]["height"]) == (595, 842)
    drawn = draw(content, 1)
    assert (drawn.width, drawn.height) == (595, 842)
    assert drawn.content.startswith(b"\xff\xd8")


def test_pictures_are_bounded_and_the_least_recent_goes_first() -> None:
    content = pdf_of(SENTENCES, pages=6)
    one = len(Pictures().get("d", 1, content).url)
    pictures = Pictures(limit=3 * one + one // 2)
    for page in (1, 2, 1, 3, 4):
        pictures.get("d", page, content)
    assert pictures.size <= pictures.limit
    assert [page for _, page in pictures._kept] == [1, 3, 4]
    with pytest.raises(FileDamaged):
        pictures.get("d", 7, content)


def test_the_text_is_cut_into_sheets_without_loss() -> None:
    from sfo_nlp.report.viewing import view_of

    view = view_of(wire(sentences=tuple(f"{sentence} {number}" for number in range(40) for sentence in SENTENCES)))
    sheets = sheets_of(view)
    assert sheets[0].start == 0
    assert sheets[-1].end == len(view.text)
    assert all(left.end == right.start for left, right in pairwise(sheets))
    shown = "".join(
        run["text"] for sheet in sheets for block in blocks_of(view, sheet, view.items) for run in block["runs"]
    )
    assert shown == view.text.replace("\n", "")
    for item in view.items:
        sheet = sheet_at(sheets, item.passage.start)
        marked = "".join(
            run["text"] for block in blocks_of(view, sheet, [item]) for run in block["runs"] if item.key in run["keys"]
        )
        assert item.passage.quote in marked


def test_the_method_page_tells_agreement_and_limits(store: Store, open_page: Open) -> None:
    assert "Nothing has been decided yet" in words(open_page("method"))
    given = wire()
    store.add(given)
    press(press(open_page("review", review=given["document"]["id"]), "Next"), "Agree")
    app = open_page("method")
    assert "Cannot see" in words(app)
    assert any("Decisions" in table.value.columns for table in app.table)


def test_the_method_page_says_what_counts_as_met_in_words_for_every_criterion() -> None:
    from sfo_nlp.assessment.policy import read_policy
    from sfo_nlp.ui.bounds import bounds_of

    criteria = {one.id: one for one in read_policy(Settings().policy).criteria}
    said = {name: bounds_of(one) for name, one in criteria.items()}
    assert said["explains_why"] == (
        "shortcomings with a reason beside them: 67 % or more", "shortcomings with a reason beside them: under 33 %",
    )  # fmt: skip
    assert said["plain_language"] == ("reading age in years: 13 or less", "reading age in years: over 16")
    assert said["personal_data_removed"] == ("pieces of personal data: none", "pieces of personal data: any")
    assert said["facts_agree"] == ("places that do not agree: none", "never by itself")
    assert said["reasonable_steps_judgement"][1] == "the review states no judgement of its own"
    assert said["other_agencies_examined"][1] == "never by itself"
    text = " ".join(word for bounds in said.values() for word in bounds)
    assert not re.search(r"True|False|_|1000", text)


def test_the_method_page_names_the_figures_below_their_goals(tmp_path: Path) -> None:
    from sfo_nlp.ui.bounds import goals

    figures = {"verdict": {"accuracy": {"value": 0.8, "low": 0.6, "high": 0.9}}, "themes": {"macro_f1": 0.76}}
    (tmp_path / "figures.json").write_text(json.dumps({"with encoder, from PDF and DOCX": figures}))
    found = {goal.title: goal.reached for goal in goals(tmp_path)}
    assert found == {"Verdict, one of six, right": False, "Themes with polarity, all themes alike (F1)": True}
    assert list(goals(tmp_path / "nowhere")) == []
    assert len(list(goals(Settings().models))) == 11


def test_every_check_is_defined_on_the_method_page() -> None:
    from sfo_nlp.checks.registry import CHECKS
    from sfo_nlp.report.words import MARKS
    from sfo_nlp.ui.method import definitions

    assert {check.id for check in CHECKS} == {entry["id"] for entry in definitions()}
    assert {check.id for check in CHECKS} <= set(MARKS)
    assert len({mark.letter for mark in MARKS.values()}) == len(MARKS)


def test_the_self_check_page_waits_in_words(store: Store, open_page: Open) -> None:
    assert "No draft yet" in words(open_page("self-check"))


def test_a_store_that_cannot_be_opened_is_said_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_page: Open
) -> None:
    broken = tmp_path / "letter.sqlite"
    broken.write_bytes(b"no database" * 500)
    monkeypatch.setenv(engine.VARIABLE, f"sqlite:///{broken}")
    shown = words(open_page("queue"))
    assert "store_damaged" in shown
    assert "What to do" in shown


def test_a_store_that_locks_keeps_what_was_typed(
    store: Store, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    monkeypatch.setattr(engine, "WAIT_MS", 50)
    given = wire()
    store.add(given)
    app = press(open_page("review", review=given["document"]["id"], who="Ada"), "Next")
    chosen = app.session_state["chosen"]
    holder = sqlite3.connect(store.place, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    app.text_area(key=f"note-text-{chosen}").set_value("Do not lose this.").run()
    assert "Your decision was not saved" in words(app)
    assert app.text_area(key=f"note-text-{chosen}").value == "Do not lose this."
    holder.execute("ROLLBACK")
    assert store.decisions() == []


class Dropped:
    """A file as the uploader gives it."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name, self.content = name, content

    def getvalue(self) -> bytes:
        return self.content


def test_one_bad_file_does_not_stop_the_others(store: Store) -> None:
    good = Dropped("good.txt", ("\n\n".join(SENTENCES * 3)).encode())
    files: list[Upload] = [Dropped("empty.txt", b" \n"), Dropped("picture.png", b"\x89PNG"), good, good]
    done = check_all(files, store)
    assert [one.error.code if one.error else None for one in done] == ["file_empty", "file_unsupported", None, None]
    assert [one.known for one in done[2:]] == [False, True]
    assert len(store.queue()) == 1
    with store.session() as session:
        assert session.execute(text("SELECT count(*) FROM assessments")).scalar() == 1


def test_what_breaks_unforeseen_is_our_fault_and_not_the_files(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(self: Store, *_given: Any, **_named: Any) -> None:
        raise RuntimeError("nobody foresaw this")

    monkeypatch.setattr(Store, "put", broken)
    done = check_all([Dropped("good.txt", "\n\n".join(SENTENCES * 3).encode())], store)
    assert [one.error.code for one in done if one.error] == ["internal_error"]
    assert "nobody foresaw this" in caplog.text


def test_a_review_is_assessed_anew_by_other_rules(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from sfo_nlp.ui import work

    file = Dropped("good.txt", "\n\n".join(SENTENCES * 3).encode())
    assert [one.known for one in check_all([file, file], store)] == [False, True]
    monkeypatch.setattr(work, "versions", lambda settings: {"rules": "others"})
    assert [one.known for one in check_all([file], store)] == [False]
    assert len(store.queue()) == 1


def test_what_nobody_foresaw_has_words_and_no_traceback(
    store: Store, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Store) -> None:
        raise ValueError("secret details")

    monkeypatch.setattr(Store, "queue", broken)
    shown = words(open_page("queue"))
    assert "page_broken" in shown
    assert "secret details" not in shown


def test_a_copy_for_disclosure_is_shown_first_and_holds_no_name(
    store: Store, open_page: Open, samples: list[Path]
) -> None:
    source = next(path for path in samples if path.suffix == ".docx")
    content = source.read_bytes()
    given = wire(name=source.name, content=content)
    store.add(given, content=content)
    app = open_page("review", review=given["document"]["id"], tab="Copy for disclosure")
    assert "not covered" in words(app)
    assert "copy_made" not in app.session_state
    app.button("make-copy").click().run()
    assert not app.exception
    assert "none was found in it" in words(app)
    _, made = app.session_state.copy_made
    copied = extract_bytes(made.content, made.name, Settings()).text
    names = [form for item in plan_of(content, source).removed if item.kind == "person" for form in item.forms]
    assert names
    assert not [name for name in names if re.search(rf"\b{re.escape(name)}\b", copied)]
