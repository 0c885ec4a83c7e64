"""Questions by command: nothing is lost on a narrow terminal, people read words, wrong names are refused."""

import io
import json
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from rich.console import Console
from test_mining import COUNT, REVIEWS, fill
from test_store import broke
from wires import SENTENCES, wire

from sfo_nlp.cli import main
from sfo_nlp.cli.output import GROUP_NAMES
from sfo_nlp.cli.questions import MEASURE_NAMES
from sfo_nlp.cli.showing import print_answer
from sfo_nlp.mining import guard, quality, themes
from sfo_nlp.mining.annual import annual, last_year
from sfo_nlp.mining.answer import INTERVAL, Answer
from sfo_nlp.mining.causes import causes
from sfo_nlp.mining.corpus import GROUPS, Corpus, Filters
from sfo_nlp.mining.export import export
from sfo_nlp.mining.passages import measure_passages
from sfo_nlp.mining.search import search
from sfo_nlp.store.store import Store


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    """The small corpus, for tests that only read."""
    store = fill(Store(f"sqlite:///{tmp_path_factory.mktemp('questions') / 'store.sqlite'}"))
    yield Corpus(store)
    store.close()


def ask(corpus: Corpus, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--store", corpus.store.url])


def shown(answer: Answer, width: int = 80) -> str:
    out = io.StringIO()
    print_answer(answer, Console(width=width, file=out, highlight=False))
    return out.getvalue()


def ratings(count: int) -> Answer:
    """The widest answer, with so many ratings."""
    names = ("Outstanding", "Good", "Requires improvement", "Inadequate", "not known")[:count]
    row = dict.fromkeys(quality.VERDICTS, 1234) | {"reviews": 7404, "share": 0.75, "low": 0.5, "high": 1.0}
    heads = {"rating": "Official rating"} | {name: name.replace("_", " ") for name in quality.VERDICTS}
    heads |= {"reviews": "Reviews", "share": "Share with a clear judgement", **INTERVAL}
    return Answer("ratings", "Ratings", heads, [{"rating": name, **row} for name in names], 9)


@pytest.mark.parametrize("width", [80, 100, 160])
@pytest.mark.parametrize("count", [1, 3, 5])
def test_nothing_is_lost_on_a_narrow_terminal(count: int, width: int) -> None:
    text = shown(ratings(count), width)
    words = ["Official", "not", "taken", "partly", "unclear", "contradictory", "absent", "Reviews", "judgement", "95 %"]
    words += ["Outstanding", "Good", "Requires", "improvement", "Inadequate", "not known"][: count + (count > 2)]
    for word in words:
        assert word in text, word
    assert text.count("1,234") == 6 * count
    assert text.count("50% to 100%") == count
    assert max(map(len, text.splitlines())) <= width


def test_first_columns_stay_on_a_narrow_terminal(corpus: Corpus) -> None:
    assert "Home visits" in shown(themes.balance(corpus), 80)
    assert "Official rating" in shown(quality.ratings(corpus), 80)


@pytest.mark.parametrize("name", ["together", "causes", "reviews", "findings", "by verdict"])
def test_people_read_words_and_programs_ids(name: str, corpus: Corpus) -> None:
    answers = {
        "together": lambda: themes.together(corpus, least=2),
        "causes": lambda: causes(corpus),
        "reviews": lambda: export(corpus, "reviews"),
        "findings": lambda: export(corpus, "findings"),
        "by verdict": lambda: themes.themes_by(corpus, "verdict"),
    }
    ids = {
        "together": "home_visits:concern", "causes": "workload", "reviews": "not_taken",
        "findings": "home_visits:concern", "by verdict": "not_taken",
    }  # fmt: skip
    answer = answers[name]()
    assert f'"{ids[name]}"' in json.dumps(answer.to_dict(), default=str)
    text = shown(answer, 200)
    assert "_" not in text.replace("r0", ""), text


def test_intervals_say_that_they_are(corpus: Corpus) -> None:
    for answer in (themes.themes(corpus), themes.balance(corpus), causes(corpus), quality.quality(corpus)):
        assert "95 % interval" in shown(answer, 120)
        assert (answer.columns["low"], answer.columns["high"]) == ("95 % from", "95 % to")


def test_the_names_on_the_command_line_are_those_of_the_answers() -> None:
    assert tuple(quality.MEASURES) == MEASURE_NAMES
    assert tuple(GROUPS) == GROUP_NAMES
    assert "weak_actions" in CliRunner().invoke(main, ["passages", "--help"]).output


@pytest.mark.parametrize("name", ["home_visits", "Home visits", "home  VISITS"])
def test_a_theme_goes_by_its_id_or_its_name(name: str, corpus: Corpus) -> None:
    found = json.loads(ask(corpus, "passages", "--of", name, "--format", "json").stdout)
    assert len(found["passages"]) == 9
    assert json.loads(ask(corpus, "themes", "--theme", f"{name}:concern", "--format", "json").stdout)["reviews"] == 9


@pytest.mark.parametrize(
    "words",
    [
        ("themes", "--theme", "home_visit"), ("themes", "--only", "home_visit"), ("trends", "--only", "home visit"),
        ("passages", "--of", "home_visit"), ("causes", "--of", "home_visit"),
        ("search", "home", "--theme", "homevisits"),
    ],
)  # fmt: skip
def test_an_unknown_theme_is_wrong_usage(words: tuple[str, ...], corpus: Corpus) -> None:
    refused = ask(corpus, *words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "sfo-nlp themes --all" in refused.stderr
    assert "home_visits" in refused.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("--measure", "no_actions", "--of", "home visits"), ("--measure", "no_actions", "--cause", "workload"),
        ("--inaccuracy", "training", "--measure", "no_actions"), ("--inaccuracy", "training", "--of", "home visits"),
        ("--measure", "no_actions", "--polarity", "concern"), ("--cause", "workload", "--polarity", "concern"),
    ],
)  # fmt: skip
def test_passages_of_two_numbers_at_once_are_wrong_usage(words: tuple[str, ...], corpus: Corpus) -> None:
    refused = ask(corpus, "passages", *words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert words[2] in refused.stderr
    assert ask(corpus, "passages", "--of", "home visits", "--cause", "workload").exit_code == 0


def test_a_polarity_that_there_is_not_is_wrong_usage(corpus: Corpus) -> None:
    assert ask(corpus, "themes", "--theme", "home_visits:bad").exit_code == 2


@pytest.mark.parametrize("query", ['"home at seen', "“home at seen”", '"home at seen"'])
def test_a_phrase_stays_a_phrase_however_its_marks_are_written(query: str, corpus: Corpus) -> None:
    answer = search(corpus, query)
    # All three words stand in nine sentences, but never in this order.
    assert answer.extra["sentences"] == 0
    assert search(corpus, "home at seen").extra["sentences"] == 9
    assert any("not closed" in note for note in answer.notes) == (query.count('"') == 1)


def test_an_unclosed_phrase_is_found_and_said(corpus: Corpus) -> None:
    for more in ((), ("--lines",)):
        found = ask(corpus, "search", 'nurse OR "seen at home', *more)
        assert (found.exit_code, "not closed" in found.stdout) == (0, True)
    assert search(corpus, 'nurse OR "seen at home').extra["sentences"] == 6 + 9


def test_an_answer_written_as_text_is_in_words_too(corpus: Corpus, tmp_path: Path) -> None:
    target = tmp_path / "causes.txt"
    assert ask(corpus, "together", "--least", "2", "--out", str(target)).exit_code == 0
    text = target.read_text(encoding="utf-8")
    assert "Home visits (concern)" in text
    assert f"({COUNT} reviews)" in text


@pytest.fixture
def faulty(tmp_path: Path) -> Iterator[Corpus]:
    """The small corpus with two further reviews: in one the judgement and the actions broke, in one the themes."""
    store = fill(Store(f"sqlite:///{tmp_path / 'store.sqlite'}"))
    for number, checks in enumerate((("judgement", "learning"), ("themes",))):
        store.add(broke(wire(sentences=(*SENTENCES, f"Number {number} broke.")), *checks))
    yield Corpus(store)
    store.close()


def test_a_share_leaves_out_the_reviews_whose_check_broke(faulty: Corpus) -> None:
    answer = quality.quality(faulty)
    rows = {row["id"]: row for row in answer.rows}
    unclear = sum(review.verdict in ("absent", "unclear") for review in REVIEWS) + 1
    assert answer.reviews == COUNT + 2
    assert (rows["no_clear_judgement"]["reviews"], rows["no_clear_judgement"]["of"]) == (unclear, COUNT + 1)
    assert rows["no_clear_judgement"]["share"] == round(unclear / (COUNT + 1), 4)
    assert (rows["no_actions"]["reviews"], rows["no_actions"]["of"]) == (0, COUNT + 1)
    assert (rows["weak_actions"]["reviews"], rows["explains_why"]["of"]) == (COUNT + 1, COUNT + 2)
    assert [note for note in answer.notes if "could not be checked" in note] == [
        f"The judgement could not be checked in 1 of {COUNT + 2} reviews; these shares leave them out.",
        f"Learning and actions could not be checked in 1 of {COUNT + 2} reviews; these shares leave them out.",
    ]
    by = {row["region"]: row["of"] for row in quality.quality(faulty, by="region").rows if row["id"] == "no_actions"}
    assert by == {"London": 8, "Wales": 4, "not known": 1}
    for id, row in rows.items():
        behind = measure_passages(faulty, id, limit=0)
        assert len({one["document"] for one in behind.rows}) == row["reviews"], id


def test_ratings_keep_the_reviews_whose_judgement_broke_apart(faulty: Corpus) -> None:
    answer = quality.ratings(faulty)
    row = next(row for row in answer.rows if row["rating"] == "not known")
    clear = sum(review.verdict in ("taken", "not_taken") for review in REVIEWS[6:])
    assert (row["reviews"], row["not_run"], row["absent"]) == (8, 1, sum(r.verdict == "absent" for r in REVIEWS[6:]))
    assert row["share"] == round(clear / 7, 4)
    assert any("The judgement could not be checked in 1 of" in note for note in answer.notes)
    assert {row["rating"]: row["not_run"] for row in answer.rows}["Good"] == 0
    assert json.dumps(answer.to_dict())


def test_themes_and_causes_are_counted_where_their_checks_ran(faulty: Corpus) -> None:
    assert faulty.count() == COUNT + 2
    assert themes.themes(faulty).reviews == COUNT + 1
    assert themes.balance(faulty).reviews == COUNT + 1
    assert themes.themes(faulty, Filters(region="not known")).reviews == 1
    assert causes(faulty).reviews == COUNT + 1
    by_region = themes.themes_by(faulty, "region", only=["home_visits"]).rows
    assert {(row["reviews"], row["of"]) for row in by_region} == {(5, 8), (4, 4), (1, 1)}
    answers = (themes.themes(faulty), themes.balance(faulty), themes.together(faulty), causes(faulty))
    assert all(any("could not be checked in 1 of" in note for note in answer.notes) for answer in answers)
    assert faulty.unchecked("themes", "explanation") == (
        f"Practice themes could not be checked in 1 of {COUNT + 2} reviews; these shares leave them out.",
    )
    assert faulty.unchecked("themes", filters=Filters(region="Wales")) == ()


def test_the_years_figures_are_of_the_reviews_whose_check_ran(faulty: Corpus) -> None:
    answer = annual(faulty, last_year(faulty))
    rows = {row["id"]: row for row in answer.rows}
    total = answer.reviews
    assert {rows[id]["of"] for id in ("clear_judgement", "no_actions", "home_visits:concern")} == {total - 1}
    assert rows["explains_why"]["of"] == total
    unclear = next(row for row in quality.quality(faulty, year_of(answer)).rows if row["id"] == "no_clear_judgement")
    assert rows["clear_judgement"]["reviews"] == total - 1 - unclear["reviews"]
    assert sum("could not be checked in 1 of" in note for note in answer.notes) == 3


def year_of(answer: Answer) -> Filters:
    first, last = (date.fromisoformat(answer.extra["period"][end]) for end in ("first", "last"))
    return Filters(since=first, until=last)


def test_a_verdict_that_is_not_known_is_no_verdict(faulty: Corpus) -> None:
    assert sum(faulty.count(Filters(verdict=verdict)) for verdict in quality.VERDICTS) == COUNT + 1
    assert faulty.count(Filters(verdict="not known")) == 1
    assert [row["verdict"] for row in export(faulty).rows].count(None) == 1
    for form in ("text", "csv", "json"):
        for words in (("shares", "--by", "verdict"), ("ratings",), ("export",), ("themes", "--by", "verdict")):
            assert ask(faulty, *words, "--format", form).exit_code == 0


KEY = ("release_handover", "concern")


def handover(number: int, quote: str) -> dict[str, Any]:
    """An assessment that raises one theme with these words."""
    made = wire(name=f"h{number}.txt", sentences=(*SENTENCES, f"Number {number} of the handovers."))
    made["themes"] = [one | {"id": KEY[0]} for one in made["themes"] if one["polarity"] == KEY[1]]
    for finding in made["findings"]:
        if finding["check"] == "themes" and finding["facts"]["polarity"] == KEY[1]:
            finding["facts"]["id"] = KEY[0]
            finding["evidence"][0]["quote"] = quote
    return made


def test_only_the_reviews_counted_are_looked_at_for_a_single_cue(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    for number in range(24):
        words = f"The handover of case {number} was late." if number % 2 else f"Pre-release planning {number} was poor."
        store.add(handover(number, words), fictional=number % 2 == 0)
    corpus = Corpus(store)
    warned = guard.guard(corpus, {KEY: 12}, 20)
    assert warned == {KEY: ['100% of 12 passages looked at rest on the words "handover" alone']}
    assert guard.guard(corpus, {KEY: 24}, 40, Filters(fictional=True)) == {}
    assert guard.guard(corpus, {KEY: 12}, 20, Filters(region="Wales")) == {}
    store.close()


def test_a_sample_of_passages_is_spread_over_the_reviews() -> None:
    size = guard.limits()["one_cue"]["sample"]
    drawn = guard._spread(range(1000))
    assert (len(drawn), drawn[0], drawn[-1]) == (size, 0, 999)
    assert max(after - before for before, after in pairwise(drawn)) <= 1000 // (size - 1) + 1
    assert guard._spread([1, 2]) == [1, 2]
