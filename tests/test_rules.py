"""Every rule says where it comes from, fires on its own passages and stays silent on the others."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sfo_nlp.checks import cues
from sfo_nlp.checks.base import CheckContext
from sfo_nlp.checks.cues import Rule, built_in_rules, expand, read_rules
from sfo_nlp.checks.registry import CHECKS
from sfo_nlp.checks.themes import themes
from sfo_nlp.errors import RulesInvalid

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
