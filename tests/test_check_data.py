"""The data files beside the checks: lists of phrases become patterns, bounds have reasons, faults are named."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from sfo_nlp.checks import data as data_module
from sfo_nlp.checks.base import CheckContext
from sfo_nlp.checks.data import Phrases, bound, count, data
from sfo_nlp.checks.failings import failings
from sfo_nlp.checks.judgement import CHECK
from sfo_nlp.checks.replies import answers, is_bare
from sfo_nlp.checks.speakers import of_another
from sfo_nlp.errors import RulesInvalid

FOLDER = Path(data_module.__file__).parent
BOUNDS = [
    (path.stem, name)
    for path in sorted(FOLDER.glob("*.toml"))
    for name in tomllib.loads(path.read_text(encoding="utf-8")).get("bounds", {})
]


def test_a_phrase_is_written_as_it_stands_in_a_review() -> None:
    words = Phrases("a.toml: b", {"said": ["the coroner's (own |)view", "conclu*", "n/a"]})
    pattern = re.compile(rf"\b{words['said']}\b")
    for text in ("the coroner’s view", "the coroner's own view", "concluded", "n/a"):
        assert pattern.fullmatch(text)
    assert not pattern.fullmatch("the coroners view")
    assert re.fullmatch(Phrases("", {"said": ["no later than"]}, r"\s+")["said"], "no  later\nthan")


@pytest.mark.parametrize(
    "lists", [{}, {"said": "one"}, {"said": []}, {"said": [" "]}, {"said": [3]}, {"said": ["(a|b"]}]
)
def test_a_fault_in_a_list_names_its_place(lists: object) -> None:
    with pytest.raises(RulesInvalid, match=r"a\.toml: b\.said"):
        Phrases("a.toml: b", lists)["said"]


def test_a_phrase_added_to_a_list_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sfo_nlp.checks import speakers

    text = "The harbour master concluded that all reasonable steps were taken."
    assert not of_another(text)
    content = (FOLDER / "speakers.toml").read_text(encoding="utf-8")
    (tmp_path / "speakers.toml").write_text(content.replace("body = [", 'body = ["harbour master", '), encoding="utf-8")
    monkeypatch.setattr(data_module, "_FOLDER", tmp_path)
    caches = (data, speakers._patterns)
    try:
        for cache in caches:
            cache.cache_clear()
        assert of_another(text)
    finally:
        for cache in caches:
            cache.cache_clear()


@pytest.mark.parametrize(("name", "of"), BOUNDS)
def test_every_bound_has_its_reason_and_is_used(name: str, of: str) -> None:
    assert bound(name, of) >= 0
    code = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.py"))
    assert f'("{name}", "{of}")' in code


def test_a_bound_without_its_reason_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "made.toml").write_text("[bounds.faint]\nvalue = 0.4\n[bounds.half]\nvalue = 0.5\nwhy = 'so'\n")
    monkeypatch.setattr(data_module, "_FOLDER", tmp_path)
    with pytest.raises(RulesInvalid, match=r"made\.toml: bounds\.faint"):
        bound("made", "faint")
    with pytest.raises(RulesInvalid, match=r"made\.toml: bounds\.half: 0\.5 is no count"):
        count("made", "half")
    with pytest.raises(RulesInvalid, match=r"gone\.toml"):
        data("gone")


def test_failings_are_found_once(context_of: Callable[[str], CheckContext]) -> None:
    context = context_of("The plan should have been reviewed in May. It was not.")
    assert failings(context)
    assert failings(context) is failings(context)


@pytest.mark.parametrize("text", ["Yes", "No.", "partly:", "Not met –", "N/A"])
def test_a_bare_answer_is_known_whatever_mark_follows(text: str) -> None:
    assert is_bare(text)


def test_one_place_knows_who_answers_a_question_on_practice(context_of: Callable[[str], CheckContext]) -> None:
    outright = context_of("Were all reasonable steps taken?\n\nYes, but not in May.")
    assert [(answer.direction, answer.question is not None) for answer in answers(outright.sentences)] == [
        ("partly", True)
    ]
    of_practice = context_of("Was supervision effective?\n\nYes.")
    assert [(answer.direction, answer.question) for answer in answers(of_practice.sentences)] == [(None, None)]
    of_a_fact = context_of("Was the file read?\n\nYes.")
    assert not list(answers(of_a_fact.sentences))
    assert [finding.label for finding in CHECK.run(outright).findings] == ["partly"]
