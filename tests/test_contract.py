"""The JSON that other programs rely on: every field, every quotation, on every sample."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sfo_nlp.assessment.assess import assess
from sfo_nlp.assessment.policy import read_policy
from sfo_nlp.checks.registry import CHECKS, run_checks
from sfo_nlp.checks.roles import ROLES
from sfo_nlp.checks.themes import themes
from sfo_nlp.cli import main
from sfo_nlp.pipeline import review
from sfo_nlp.report.words import coverage_line
from sfo_nlp.settings import Settings

FIELDS: dict[str, set[str]] = {
    "document": {"id", "name", "format", "pages", "words", "text", "sections", "warnings"},
    "judgement": {"verdict", "confidence", "reasoned", "evidence"},
    "explanation": {"verdict", "share_explained", "roles", "findings"},
    "readability": {
        "reading_age", "grade", "flesch_reading_ease", "words_per_sentence", "share_over_20_words",
        "share_over_25_words", "passive_share", "reading_minutes", "unexplained_acronyms", "jargon", "sections",
    },
    "learning": {"actions", "findings_without_action", "systemic_causes", "other_agencies"},
    "victims": {"condolence", "blaming_language", "personal_data"},
    "provenance": {"version", "extractor", "policy", "models", "seconds"},
}  # fmt: skip
ITEMS: dict[tuple[str, str], set[str]] = {
    ("document", "sections"): {"title", "level", "page", "start", "end"},
    ("explanation", "findings"): {"finding", "explained", "explanation", "causes", "level"},
    ("readability", "unexplained_acronyms"): {"term", "expansion", "evidence"},
    ("readability", "jargon"): {"term", "plain", "count", "evidence"},
    ("readability", "sections"): {"title", "reading_age"},
    ("learning", "actions"): {"evidence", "owner", "due", "measurable", "weak", "level"},
    ("victims", "personal_data"): {"kind", "evidence"},
}
EVIDENCE = {"quote", "page", "paragraph", "start", "end", "boxes", "source", "confidence"}
VERDICTS = {"taken", "not_taken", "partly", "unclear", "contradictory", "absent"}
STANDARDS = {"analysis_of_practice", "overall_judgements", "learning", "victims_and_families"}


@pytest.fixture(scope="module")
def assessments(samples: list[Path]) -> list[dict[str, Any]]:
    return [json.loads(json.dumps(review(path, Settings(fast=True)).to_dict())) for path in samples]


def quotations(value: Any) -> Iterator[dict[str, Any]]:
    """Every quotation at any depth."""
    if isinstance(value, dict):
        if value.keys() >= EVIDENCE:
            yield value
        for item in value.values():
            yield from quotations(item)
    elif isinstance(value, list):
        for item in value:
            yield from quotations(item)


def test_there_are_six_samples_or_more_in_both_formats(samples: list[Path]) -> None:
    assert len(samples) >= 6
    assert {path.suffix for path in samples} == {".pdf", ".docx"}
    assert all(path.stat().st_size < 1_000_000 for path in samples)


def test_every_field_is_there(assessments: list[dict[str, Any]]) -> None:
    for found in assessments:
        assert found["schema"] == "sfo-nlp/assessment/1"
        for part, names in FIELDS.items():
            assert names <= found[part].keys(), part
        for (part, name), names in ITEMS.items():
            for item in found[part][name]:
                assert names <= item.keys(), (part, name)
        assert found["judgement"]["verdict"] in VERDICTS
        assert set(found["explanation"]["roles"]) == set(ROLES)
        assert {criterion["standard"] for criterion in found["criteria"]} == STANDARDS
        for criterion in found["criteria"]:
            assert criterion["outcome"] in {"met", "not_met", "refer", "not_run"}
            assert criterion["reason"].endswith(".")
            assert "{" not in criterion["reason"]
        for theme in found["themes"]:
            assert theme["id"] in themes()
            assert theme["polarity"] in {"concern", "strength"}
            assert theme["evidence"]


def test_every_list_is_filled_on_some_sample(assessments: list[dict[str, Any]]) -> None:
    empty = {key for key in ITEMS if not any(found[key[0]][key[1]] for found in assessments)}
    assert not empty
    assert any(found["themes"] for found in assessments)
    assert any(found["judgement"]["evidence"] for found in assessments)
    assert any(found["victims"]["condolence"]["present"] for found in assessments)


def test_no_check_failed(assessments: list[dict[str, Any]]) -> None:
    failures = {check["id"]: check["failure"] for found in assessments for check in found["checks"] if check["failure"]}
    assert not failures


class Broken:
    """A check that breaks."""

    def __init__(self, id: str) -> None:
        self.id = self.title = id

    def run(self, context: Any) -> Any:
        raise ZeroDivisionError("by nought")


def of_text(read: Any, text: str, *broken: str) -> dict[str, Any]:
    """The JSON of a text, with these checks broken."""
    reading, settings = read(text), Settings(models=Path("no-models"))
    checks = [Broken(check.id) if check.id in broken else check for check in CHECKS]
    assessment = assess(reading, run_checks(reading, settings, checks=checks), read_policy(settings.policy))
    found: dict[str, Any] = json.loads(json.dumps(assessment.to_dict()))
    return found


def test_a_check_that_broke_is_null_and_no_verdict(read: Any) -> None:
    found = of_text(read, "He was seen at home.", *(check.id for check in CHECKS))
    for part, names in FIELDS.items():
        assert names <= found[part].keys(), part
    assert {found["judgement"][name] for name in ("verdict", "confidence", "reasoned")} == {None}
    assert {found["explanation"][name] for name in ("verdict", "share_explained", "roles")} == {None}
    assert {found["learning"][name] for name in ("systemic_causes", "other_agencies")} == {None}
    lists = ("unexplained_acronyms", "jargon")
    assert {found["readability"][name] for name in FIELDS["readability"] if name not in lists} == {None}
    assert found["victims"]["condolence"]["present"] is None
    assert {criterion["outcome"] for criterion in found["criteria"]} == {"not_run"}
    assert all(check["failure"] for check in found["checks"])


def test_a_check_that_found_nothing_says_so(read: Any) -> None:
    found = of_text(read, "He was seen at home.", "themes")
    assert found["judgement"]["verdict"] == "absent"
    assert found["explanation"] | {"roles": {}} == {
        "verdict": "what_only", "share_explained": None, "roles": {}, "findings": [],
    }  # fmt: skip
    assert found["victims"]["condolence"]["present"] is False
    assert (found["learning"]["systemic_causes"], found["learning"]["other_agencies"]) == (False, False)


def test_every_quotation_is_its_place_in_the_text(assessments: list[dict[str, Any]]) -> None:
    for found in assessments:
        text, paged = found["document"]["text"], found["document"]["pages"] is not None
        seen = list(quotations(found))
        assert seen
        for quotation in seen:
            assert text[quotation["start"] : quotation["end"]] == quotation["quote"] != ""
            assert (quotation["page"] is not None) == paged
            assert quotation["source"].startswith(("rule:", "model:"))
            assert 0 <= quotation["confidence"] <= 1
            if paged:
                assert quotation["boxes"]
                assert 1 <= quotation["page"] <= found["document"]["pages"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_reasons_count_what_the_evidence_holds(assessments: list[dict[str, Any]]) -> None:
    for wire in assessments:
        counts = {"explains_why": len(wire["explanation"]["findings"])}
        for name in ("actions_owned_and_dated", "actions_measurable", "actions_not_weak"):
            counts[name] = len(wire["learning"]["actions"])
        said = {item["id"]: item["reason"] for item in wire["criteria"]}
        for name, count in counts.items():
            assert not count or f" of {count}" in said[name], (name, said[name], count)


def test_the_coverage_line_counts_what_was_left_out(assessments: list[dict[str, Any]]) -> None:
    for wire in assessments:
        document = wire["document"]
        left = sum(len(item["text"].split()) for item in document["left_out"])
        assert document["coverage"]["words_kept"] == len(document["text"].split())
        assert sum(document["coverage"]["words_left_out"].values()) == left > 0
        assert f"{left:,} left out" in coverage_line(document)


def test_json_keeps_the_order_and_names_what_failed(samples: list[Path], tmp_path: Path) -> None:
    missing, empty = tmp_path / "gone.pdf", tmp_path / "empty.docx"
    empty.write_bytes(b"")
    result = run("review", "--fast", "--format", "json", str(samples[0]), str(missing), str(empty), str(samples[1]))
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [line["document"]["name"] if "document" in line else line["error"]["code"] for line in lines] == [
        samples[0].name, "file_missing", "file_empty", samples[1].name,
    ]  # fmt: skip
    assert "error[file_missing]" in result.stderr
    assert all(line["error"]["remedy"] for line in lines if "error" in line)


def test_wrong_usage_is_two() -> None:
    assert run("review").exit_code == 2
    assert run("review", "--format", "xml", "x.pdf").exit_code == 2
    assert run("review", "--format", "html", "x.pdf").exit_code == 2


def test_sentences_have_all_labels(samples: list[Path]) -> None:
    result = run("sentences", "--fast", str(samples[0]))
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [row["index"] for row in rows] == list(range(len(rows)))
    for row in rows:
        assert set(row) >= {"document", "index", "page", "start", "end", "text", "section", "labels"}
        assert set(row["labels"]) == set(ROLES)
        assert all(0 <= chance <= 1 for chance in row["labels"].values())


def test_text_is_for_people(samples: list[Path]) -> None:
    result = run("review", "--fast", str(samples[0]))
    assert result.exit_code == 0
    for words in ("Reasonable-steps judgement", "What or why", "Practice themes", "Readability", "The four standards"):
        assert words in result.stdout
