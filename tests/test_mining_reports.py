"""Emerging themes, agreement between inspectors, the yearly report, and all questions as commands."""

import io
import json
import re
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from test_mining import COUNT, REVIEWS, fill
from wires import SENTENCES, wire

from sfo_nlp.checks.cues import Matcher, read_rules
from sfo_nlp.checks.rosh import names
from sfo_nlp.cli import main
from sfo_nlp.cli.questions import INACCURACY_NAMES
from sfo_nlp.mining import agreement as agree
from sfo_nlp.mining.annual import annual, last_year, period, published
from sfo_nlp.mining.annual_report import to_html, to_word
from sfo_nlp.mining.answer import Answer
from sfo_nlp.mining.corpus import Corpus
from sfo_nlp.mining.emerging import emerging, uncovered
from sfo_nlp.mining.errors import MetadataInvalid, TooFewReviews
from sfo_nlp.mining.grouping import Concern, clusters
from sfo_nlp.mining.inaccuracy import inaccuracy_passages
from sfo_nlp.mining.proposing import propose
from sfo_nlp.mining.tables import render
from sfo_nlp.store.corpus_tables import MetadataRow
from sfo_nlp.store.decision import Decision
from sfo_nlp.store.rows import review_id_of
from sfo_nlp.store.store import Store

SUBJECTS = {
    "interpreter": (
        "No interpreter was booked for the {n} meeting.",
        "The booked interpreter never came to meeting {n}.",
    ),
    "transfer": (
        "The prison transfer papers were lost in week {n}.",
        "Papers of the transfer from prison {n} went astray.",
    ),
    "phone": (
        "His phone number had been wrong since spring {n}.",
        "Nobody noticed that the phone number {n} was wrong.",
    ),
}


def concerns(reviews: int) -> list[Concern]:
    """Concerns on three subjects, one of each in every review."""
    found = []
    for number in range(reviews):
        for variants in SUBJECTS.values():
            quote = variants[number % 2].format(n=number)
            found.append(Concern(number, f"d{number}", f"r{number}.txt", None, 0, len(quote), quote))
    return found


def test_groups_of_concerns_are_found_from_ten_reviews_with_their_words() -> None:
    found = clusters(concerns(10))
    assert len(found) == len(SUBJECTS)
    for cluster in found:
        (subject,) = (word for word in SUBJECTS if word in cluster.words)
        assert all(subject in member.quote for member in cluster.members)
        assert (cluster.reviews, cluster.stable) == (10, True)
        assert cluster.stability > 0.9
    assert found == clusters(concerns(10))


def test_concerns_without_anything_in_common_make_no_group() -> None:
    words = "apple brook cedar dusk ember frost grove heron inlet juniper".split()
    alone = [Concern(n, f"d{n}", f"r{n}.txt", None, 0, 9, f"Only {word} mattered.") for n, word in enumerate(words)]
    assert clusters(alone) == []
    assert clusters([]) == []


def test_a_proposed_theme_is_a_rule_that_fires_on_its_passages(tmp_path: Path, read: object) -> None:
    (cluster, *_) = clusters(concerns(10))
    path = tmp_path / "proposed.toml"
    path.write_text(propose(cluster, label='A "new" theme'), encoding="utf-8")
    (rule,) = read_rules(path)
    assert rule.label == "topic:a_new_theme"
    matcher = Matcher([rule])
    for passage in rule.fires:
        assert matcher.match(read(passage)).of(rule.label), passage  # type: ignore[operator]


def test_emerging_themes_come_from_the_failings_of_no_theme(store_url: str) -> None:
    corpus = Corpus(fill(Store(store_url)))
    found = uncovered(corpus)
    assert len(found) == COUNT
    assert {one.quote for one in found} == {"No call-out history was asked for before the hearing."}
    answer = emerging(corpus)
    assert answer.reviews == COUNT
    assert "12 concerns are covered by no theme" in answer.notes[0]


def test_emerging_themes_need_ten_reviews(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'small.sqlite'}")
    store.add(wire())
    with pytest.raises(TooFewReviews, match="need 10"):
        emerging(Corpus(store))


def given(table: dict[str, str]) -> list[agree.Given]:
    """Answers as one string per inspector, a character per review; a dot is no answer."""
    return [
        agree.Given(f"r{n}", "criterion", who, value)
        for who, values in table.items()
        for n, value in enumerate(values)
        if value != "."
    ]


def test_alpha_is_what_the_textbook_gives() -> None:
    # Krippendorff's worked example: three observers, fifteen units, gaps; nominal alpha 0.691.
    table = {"A": ".....34121133.3", "B": "1.213343.......", "C": "..21344.21133.4"}
    (row,) = agree.agreement(given(table)).rows
    assert (row["alpha"], row["units"], row["inspectors"], row["same"]) == (0.6914, 12, 3, 9)
    assert sorted(one.split(":")[0] for one in row["divided"]) == ["r14", "r5", "r7"]


def test_kappas_are_what_a_count_by_hand_gives() -> None:
    # 20 times both yes, 5 yes and no, 10 no and yes, 15 both no: Cohen (0.7 - 0.5) / 0.5, Fleiss (0.7 - 0.505) / 0.495.
    table = {"A": "y" * 25 + "n" * 25, "B": "y" * 20 + "n" * 5 + "y" * 10 + "n" * 15}
    (row,) = agree.agreement(given(table)).rows
    assert (row["cohen"], row["fleiss"], len(row["divided"])) == (0.4, 0.3939, 15)


def test_ratings_that_lie_far_apart_weigh_more_and_come_first() -> None:
    def rated(second: str) -> list[agree.Given]:
        pairs = [("Good", "Good"), ("Inadequate", "Inadequate"), ("Good", second), ("Outstanding", "Good")]
        return [
            agree.Given(f"r{n}", "rating: overall", who, value)
            for n, pair in enumerate(pairs)
            for who, value in zip(("Ada", "Ben"), pair, strict=True)
        ]

    (near,), (far,) = (agree.agreement(rated(value)).rows for value in ("Requires improvement", "Inadequate"))
    assert near["alpha"] > far["alpha"]
    assert [one.split(":")[0] for one in far["divided"]] == ["r2", "r3"]


def test_one_answer_everywhere_leaves_alpha_undefined() -> None:
    (row,) = agree.agreement(given({"A": "yyy", "B": "yyy"})).rows
    assert (row["alpha"], row["fleiss"], row["cohen"], row["divided"]) == (None, None, None, [])


def test_ratings_and_decisions_of_a_store_are_compared(tmp_path: Path) -> None:
    store = fill(Store(f"sqlite:///{tmp_path / 'store.sqlite'}"))
    documents = sorted((row.name, row.document) for row in store.queue())
    for number, (_, document) in enumerate(documents[:6]):
        store.rate(document, "overall", "Inadequate", "Ada")
        store.rate(document, "overall", "Good", "Ada")
        store.rate(document, "overall", "Good" if number else "Inadequate", "Ben")
    corpus = Corpus(store)
    (row,) = agree.agreement(agree.given_ratings(corpus)).rows
    assert (row["criterion"], row["units"], row["same"]) == ("rating: overall", 6, 5)
    assert row["divided"] == ["r00.txt: Ada Good, Ben Inadequate"]
    with pytest.raises(TooFewReviews):
        agree.agreement(agree.given_decisions(corpus))


def test_agreement_counts_each_review_once_under_the_filters(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    made = {name: wire(name="r.txt", sentences=(*SENTENCES, name)) for name in ("One.", "Two.", "A sample.")}
    for name, given in made.items():
        store.add(given, fictional=name == "A sample.")
        document = given["document"]["id"]
        found = next(finding for finding in given["findings"] if finding["check"] == "themes")
        for who, kind, rating in (("Ada", "agree", "Good"), ("Ben", "disagree", "Inadequate")):
            store.rate(document, "overall", rating, who)
            store.decide(
                Decision(
                    document=document, finding=found["id"], kind=kind, who=who, version="0.1.0", check="themes",
                    at=datetime(2025, 6, 1, tzinfo=UTC), label=found["label"], quote=found["evidence"][0]["quote"],
                )
            )  # fmt: skip
    corpus = Corpus(store)
    answer = agree.inspectors_agree(corpus)
    assert answer.reviews == 2
    assert {row["criterion"]: row["units"] for row in answer.rows} == {"rating: overall": 2, "finding: themes": 2}
    assert {one.split(":")[0] for row in answer.rows for one in row["divided"]} == {"r.txt"}
    command = ["benchmark", "--store", store.url, "--format", "json"]
    told = json.loads(CliRunner().invoke(main, [*command, "--fictional"]).stdout)
    assert (told["reviews"], told["filters"]) == (3, ["fictional: True"])
    assert "error[too_few_reviews]" in CliRunner().invoke(main, [*command, "--region", "Nowhere"]).stderr


def test_answers_of_a_benchmarking_event_are_read(tmp_path: Path) -> None:
    table = tmp_path / "answers.csv"
    table.write_text("review,criterion,inspector,answer\nr1,c1,Ada,met\nr1,c1,Ben,not_met\nr2,c1,Ada,met\n")
    (row,) = agree.agreement(agree.read_answers(table)).rows
    assert (row["units"], row["divided"]) == (1, ["r1: Ada met, Ben not_met"])
    table.write_text("review,criterion\nr1,c1\n")
    with pytest.raises(MetadataInvalid, match="inspector, answer"):
        agree.read_answers(table)
    refused = CliRunner().invoke(main, ["benchmark", "--answers", str(table), "--region", "Wales"])
    assert (refused.exit_code, "--answers" in refused.stderr) == (2, True)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The small corpus with due days: those of 2024 on time, those of 2025 late."""
    store = fill(Store(f"sqlite:///{tmp_path_factory.mktemp('annual') / 'store.sqlite'}"))
    for review in REVIEWS:
        with store.session(writes=True) as session:
            document = next(row.document for row in store.queue() if row.name == f"r{review.number:02}.txt")
            row = session.get_one(MetadataRow, review_id_of(session, document))
            row.due_date = review.completed if review.completed.year == 2024 else date(2024, 12, 31)
    return Corpus(store)


def by_year(year: int) -> int:
    return sum(review.completed.year == year for review in REVIEWS)


def test_a_years_figures_stand_beside_those_of_the_year_before(corpus: Corpus) -> None:
    answer = annual(corpus, 2025)
    rows = {(row["section"], row["id"]): row for row in answer.rows}
    assert answer.reviews == by_year(2025)
    clear = rows["judgement", "clear_judgement"]
    for count, of, year in (("reviews", "of", 2025), ("last_reviews", "last_of", 2024)):
        inside = [review for review in REVIEWS if review.completed.year == year]
        assert (clear[count], clear[of]) == (sum(one.verdict in ("taken", "not_taken") for one in inside), len(inside))
    assert clear["change"] == round(clear["share"] - clear["last_share"], 2) or clear["change_low"] < clear["change"]
    late = rows["extensions", "extended"]
    assert (late["reviews"], late["of"], late["last_reviews"], late["last_of"]) == (
        by_year(2025),
        by_year(2025),
        0,
        by_year(2024),
    )
    assert rows["themes", "home_visits:concern"]["of"] == by_year(2025)
    assert rows["ratings", "good_or_outstanding"]["of"] == sum(
        r.completed.year == 2025 and r.number < 6 for r in REVIEWS
    )
    assert any("no official rating" in note for note in answer.notes)


def test_the_last_year_is_taken_unless_one_is_named(corpus: Corpus) -> None:
    assert last_year(corpus) == max(review.completed.year for review in REVIEWS)
    assert period(2024, financial=True) == (date(2024, 4, 1), date(2025, 3, 31))
    with pytest.raises(TooFewReviews, match="2019") as caught:
        annual(corpus, 2019)
    assert "2024, 2025" in caught.value.remedy
    assert caught.value.remedy.count("2024") == 1


def test_the_published_series_is_whole_and_sourced() -> None:
    years = {year["year"]: year for year in published()["year"]}
    assert sorted(years) == [2020, 2022, 2023, 2024, 2025]
    for figure in published()["figure"]:
        for value in figure["values"]:
            assert 0 <= value["share"] <= 1
            assert value["source"]
            assert value["year"] in years


def test_the_page_shows_every_figure_with_words_for_its_charts(corpus: Corpus) -> None:
    answer = annual(corpus, 2025)
    page = to_html(answer).decode()
    assert page.count("<svg") == page.count('role="img"') >= 3
    assert all(len(words) > 60 for words in re.findall(r'role="img" aria-label="([^"]*)"', page))
    assert "<script" not in page
    assert not re.search(r'(src|href)="https?:', page)
    assert "Home visits" in page
    assert "46 %" in page or "47 %" in page
    assert to_html(answer) == to_html(answer)


def test_the_word_report_holds_the_same_with_alternative_texts(corpus: Corpus) -> None:
    with zipfile.ZipFile(io.BytesIO(to_word(annual(corpus, 2025)))) as parts:
        body = parts.read("word/document.xml").decode()
        pictures = [name for name in parts.namelist() if name.startswith("word/media/")]
    described = re.findall(r'<wp:docPr [^>]*descr="([^"]+)"', body)
    assert len(described) == len(pictures) >= 3
    assert all(len(words) > 60 for words in described)
    assert "w:tblHeader" in body
    assert "The published series, 2020 to 2025" in body


def risky(number: int, **found: list[str]) -> dict[str, Any]:
    """A review that finds each of `found`, ``kind`` or ``reason``, wrong in the assessment of risk."""
    made = wire(sentences=(*SENTENCES, f"This was review number {number}."))
    passage = made["findings"][0]["evidence"][0]
    made["findings"] += [
        {
            "id": f"{fact}{name}"[:16],
            "check": "rosh",
            "label": "x",
            "confidence": 0.8,
            "evidence": [passage] * 2,
            "facts": {fact: name},
        }
        for fact, names in found.items()
        for name in names
    ]
    return made


def test_the_year_counts_what_the_check_of_each_review_found(store_url: str) -> None:
    store = Store(store_url)
    unchecked = risky(4, kind=["level_wrong"])
    unchecked["checks"].append({"id": "rosh", "failure": "it broke", "findings": 0})
    for made in (
        risky(1, kind=["level_wrong", "not_holistic"], reason=["workload"]),
        risky(2, kind=["level_wrong"]),
        risky(3, kind=["accepted_against_facts"]),
        unchecked,
        risky(5),
    ):
        store.add(made, received=date(2025, 5, 1))
    corpus = Corpus(store)
    answer = annual(corpus, 2025)
    counted = {row["id"]: (row["reviews"], row["of"]) for row in answer.rows if row["section"].startswith("risk")}
    assert counted["risk_assessment_inaccurate"] == (2, 4)
    assert counted["accepted_against_facts"] == (1, 4)
    assert (counted["level_wrong"], counted["not_holistic"], counted["group_wrong"]) == ((2, 2), (1, 2), (0, 2))
    assert (counted["workload"], counted["none"], counted["training"]) == ((1, 2), (1, 2), (0, 2))
    assert any("assessment of risk could not be checked in 1 of 5" in note for note in answer.notes)
    pages = [inaccuracy_passages(corpus, "level_wrong", limit=3, offset=offset).rows for offset in (0, 3)]
    assert [len(page) for page in pages] == [3, 1]
    assert len({row["document"] for page in pages for row in page}) == 2
    for row in pages[0]:
        assert store.wire(row["document"])["document"]["text"][row["start"] : row["end"]] == row["quote"]
    assert not inaccuracy_passages(corpus, "group_wrong").rows
    store.close()


def test_the_command_knows_every_kind_and_reason() -> None:
    assert set(INACCURACY_NAMES) == {*names("kinds"), *names("reasons")}


def test_answers_become_json_csv_and_parquet_alike(tmp_path: Path) -> None:
    rows = [{"name": "=1+1", "reviews": 3, "warnings": ["a"]}, {"name": "b", "reviews": None, "warnings": []}]
    answer = Answer("rows", "Rows", {"name": "Name"}, rows, 2, ("note",), {"filters": []})
    assert json.loads(render(answer, "json")) == {"reviews": 2, "rows": rows, "notes": ["note"], "filters": []}
    lines = render(answer, "csv").decode().splitlines()
    assert lines == ["name,reviews,warnings", '\'=1+1,3,"[""a""]"', "b,,[]"]
    table = pq.read_table(io.BytesIO(render(answer, "parquet")))
    assert table.to_pylist()[0] == {"name": "=1+1", "reviews": 3, "warnings": '["a"]'}
    assert table.schema.metadata[b"sfo-nlp:reviews"] == b"2"


COMMANDS = {
    "themes": ["--by", "region"], "trends": ["--by", "quarter"], "together": ["--least", "2"], "balance": [],
    "causes": [], "shares": ["--by", "region"], "reading": [], "ratings": [], "search": ["home", "--limit", "3"],
    "passages": ["--of", "home_visits"], "export": ["--what", "findings"], "annual": ["--year", "2025"], "emerging": [],
}  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_question_is_a_command_in_every_form(command: str, corpus: Corpus, tmp_path: Path) -> None:
    words = [command, *COMMANDS[command], "--store", corpus.store.url]
    shown = CliRunner().invoke(main, words)
    assert (shown.exit_code, shown.stderr) == (0, ""), shown.output
    assert "reviews)" in shown.stdout
    found = json.loads(CliRunner().invoke(main, [*words, "--format", "json"]).stdout)
    assert found["reviews"] == (by_year(2025) if command == "annual" else COUNT)
    name = next(key for key, value in found.items() if isinstance(value, list) and key not in ("notes", "filters"))
    lines = CliRunner().invoke(main, [*words, "--format", "csv"]).stdout.splitlines()
    assert len(lines) >= len(found[name]) + 1
    target = tmp_path / "rows.parquet"
    assert CliRunner().invoke(main, [*words, "--format", "parquet", "--out", str(target)]).exit_code == 0
    assert pq.read_table(target).num_rows == len(found[name])
    assert CliRunner().invoke(main, [*words, "--format", "parquet"]).exit_code == 2


def test_the_contract_of_themes(corpus: Corpus) -> None:
    found = json.loads(CliRunner().invoke(main, ["themes", "--store", corpus.store.url, "--format", "json"]).stdout)
    assert found["reviews"] == COUNT
    for theme in found["themes"]:
        assert set(theme) >= {"id", "polarity", "reviews", "share", "low", "high"}
        assert theme["low"] <= theme["share"] == round(theme["reviews"] / COUNT, 4) <= theme["high"]


def test_annual_reports_are_written(corpus: Corpus, tmp_path: Path) -> None:
    for form, sign in (("html", b"<!DOCTYPE"), ("docx", b"PK")):
        target = tmp_path / f"year.{form}"
        words = ["annual", "--store", corpus.store.url, "--year", "2025", "--format", form, "--out", str(target)]
        assert CliRunner().invoke(main, words).exit_code == 0
        assert target.read_bytes().startswith(sign)


def test_a_refusal_has_a_code_and_a_remedy(corpus: Corpus, tmp_path: Path) -> None:
    refused = CliRunner().invoke(main, ["search", "OR", "--store", corpus.store.url])
    assert refused.exit_code == 1
    assert "error[search_invalid]" in refused.stderr
    assert refused.stdout == ""
    nowhere = CliRunner().invoke(main, ["themes", "--store", "postgresql+psycopg://nobody@127.0.0.1:1/none"])
    assert "error[store_unreachable]" in nowhere.stderr
    lost = CliRunner().invoke(main, ["themes", "--store", corpus.store.url, "--out", str(tmp_path / "no" / "x")])
    assert "error[output_failed]" in lost.stderr
