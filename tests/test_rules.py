"""Every rule says where it comes from, fires on its own passages and stays silent on the others."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from conftest import NO_MODELS

from sfo_nlp import Settings, review
from sfo_nlp.checks import cues
from sfo_nlp.checks.base import CheckContext
from sfo_nlp.checks.cues import Matcher, Rule, built_in_rules, expand, read_rules
from sfo_nlp.checks.registry import CHECKS
from sfo_nlp.checks.themes import themes
from sfo_nlp.errors import RulesInvalid
from sfo_nlp.language.reading import Reading

RULES = built_in_rules()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_fires_and_stays_silent(rule: Rule, context_of: Callable[[str], CheckContext]) -> None:
    assert rule.source
    assert rule.fires, "a rule without a passage on which it fires is not tested"
    for passage in rule.fires:
        assert rule.id in {hit.rule for hit in context_of(passage).hits.of(rule.label)}, passage
    for passage in rule.silent:
        assert rule.id not in {hit.rule for hit in context_of(passage).hits.of(rule.label)}, passage


def test_rule_ids_are_unique() -> None:
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))


def test_all_thirty_six_themes_have_words() -> None:
    assert len(themes()) == 36
    labels = {rule.label for rule in RULES}
    for theme in themes():
        assert f"topic:{theme}" in labels


def test_every_check_has_its_own_name() -> None:
    assert len({check.id for check in CHECKS}) == len(CHECKS)


def test_notation_expands_to_plain_phrases() -> None:
    assert set(expand("not (very |)good <word> .. at all", {"word": ["work", "care"]})) == {
        ("not very good work", "at all"),
        ("not good work", "at all"),
        ("not very good care", "at all"),
        ("not good care", "at all"),
    }


def test_a_gap_is_bounded_and_stays_in_its_sentence(context_of: Callable[[str], CheckContext]) -> None:
    near = "It could be argued that the team took reasonable steps."
    far = "It could be argued that this matters. We saw reasonable steps."
    assert context_of(near).hits.of("judgement:unclear")
    assert not context_of(far).hits.of("judgement:unclear")


def test_a_broken_rule_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('[[rule]]\nid = "x"\nlabel = "y"\nphrases = ["a"]\n')
    with pytest.raises(RulesInvalid, match=r"bad\.toml"):
        read_rules(path)
    assert cues.built_in_rules() is RULES


def test_one_matcher_serves_many_threads(read: Callable[[str], Reading]) -> None:
    """It compiles its phrases as texts bring the words, here in four threads at once."""
    readings = [read(" ".join(passage for rule in RULES[start::8] for passage in rule.fires)) for start in range(8)]
    alone = [_labels(Matcher(RULES), reading) for reading in readings]
    for _ in range(3):
        matcher = Matcher(RULES)
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(partial(_labels, matcher), readings)) == alone


def test_a_word_that_stands_in_a_contraction_alone_is_found(read: Callable[[str], Reading]) -> None:
    """ "Cannot" is two tokens: a phrase may hold it whole or its half."""
    assert ("modifiers.negation", 0) in _labels(Matcher(RULES), read("They cannot stay."))


def _labels(matcher: Matcher, reading: Reading) -> list[tuple[str, int]]:
    return sorted((hit.rule, hit.sentence) for hit in matcher.match(reading).family(""))


@pytest.mark.parametrize("models", [True, False])
def test_every_source_names_a_rule_its_module_or_a_model_that_answered(samples: list[Path], models: bool) -> None:
    ids = {rule.id for rule in RULES}
    files = {path.stem for path in Path(cues.__file__).parent.iterdir()}
    for path in samples:
        wire = review(path, Settings(fast=True) if models else NO_MODELS).to_dict()
        sources = set(_sources(wire))
        assert {source for source in sources if source.startswith("rule:")}
        for source in sources:
            kind, _, name = source.partition(":")
            assert (kind == "rule" and (name in ids or name.partition(".")[0] in files)) or (kind == "model" and models)


def _sources(node: object) -> Iterator[str]:
    """Every evidence's source in an assessment's JSON form."""
    if isinstance(node, dict):
        if isinstance(node.get("source"), str) and "quote" in node:
            yield node["source"]
        for value in node.values():
            yield from _sources(value)
    elif isinstance(node, list):
        for value in node:
            yield from _sources(value)
