"""Questions by command: nothing is lost on a narrow terminal, people read words, wrong names are refused."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.console import Console
from test_mining import COUNT, fill

from sfo_nlp.cli import main
from sfo_nlp.cli.output import GROUP_NAMES
from sfo_nlp.cli.questions import MEASURE_NAMES
from sfo_nlp.cli.showing import print_answer
from sfo_nlp.mining import quality, themes
from sfo_nlp.mining.answer import INTERVAL, Answer
from sfo_nlp.mining.causes import causes
from sfo_nlp.mining.corpus import GROUPS, Corpus
from sfo_nlp.mining.export import export
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
