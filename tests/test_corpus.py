"""The annotated corpus: records have the schema's shape, spans hold, splits share no writer, figures are current."""

import csv
import json
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from sfo_nlp.checks.themes import themes
from sfo_nlp.training.corpus import CORPUS, Review, label_names, load_corpus
from sfo_nlp.training.describe import CARD, describe
from sfo_nlp.training.markup import MarkupError, main, parse_review

THEMES = frozenset(themes())


@pytest.fixture(scope="module")
def reviews() -> list[Review]:
    return load_corpus()


def test_records_have_the_schema(reviews: list[Review]) -> None:
    schema = json.loads((CORPUS / "schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    for review in reviews:
        error = jsonschema.exceptions.best_match(validator.iter_errors(review.record))
        assert error is None, (review.id, error)


def test_units_stand_in_the_text_in_order(reviews: list[Review]) -> None:
    for review in reviews:
        end = 0
        for unit in review.record["units"]:
            assert end <= unit["start"] < unit["end"] <= len(review.record["text"]), review.id
            assert review.record["text"][unit["start"] : unit["end"]].strip()
            end = unit["end"]
            assert {theme["id"] for theme in unit.get("themes", ())} <= THEMES


def test_no_writer_stands_in_two_splits(reviews: list[Review]) -> None:
    splits = {(review.writer, review.split) for review in reviews}
    assert len(splits) == len({writer for writer, _ in splits})


def test_verdicts_are_the_planned_ones(reviews: list[Review]) -> None:
    with (CORPUS / "plan.csv").open(encoding="utf-8") as file:
        plan = {row["review"]: row for row in csv.DictReader(file)}
    for review in reviews:
        assert review.split == plan[review.id]["split"]


def test_targets_fit_the_labels(reviews: list[Review]) -> None:
    for review in reviews:
        assert review.targets.shape == (len(review.units), len(label_names()))


def test_the_reviews_differ(reviews: list[Review]) -> None:
    different = describe(reviews)["diversity"]
    assert different["unique_sentences"] > 0.97
    # It grows with the number of writers, and those from w53 on were asked for the service's ordinary wording.
    for last, most in (("w28", 0.03), ("w52", 0.04), ("w72", 0.05)):
        some = describe([review for review in reviews if review.writer <= last])["diversity"]
        assert some["shared_with_others"] < most


def test_the_data_card_is_current(reviews: list[Review]) -> None:
    figures = describe(reviews)
    card = CARD.read_text(encoding="utf-8")
    assert (
        f"| all | {figures['writers']} | {figures['reviews']} | {figures['extracts']} | {figures['words']:,} | "
        f"{figures['units']:,} |" in card
    )


MARKED = """@title A made review
@verdict partly
@reasoned yes
@systemic_causes yes
@other_agencies no
@person Ann Vole | victim | Annie

# Summary
[E] He was released.
[C f1 recall-] The check was not made.
(a) [X >f1 cause=workload level=organisation] The desk was empty.

|! Finding | Action
|-
| [C f2] No call was made.
| [A owner="Head of Unit" due="1 May 2024" measure=yes weak=no at=team] Audit ten cases.
|+ [-] Each month.
"""


def test_a_marked_up_review_becomes_a_line_of_the_corpus(tmp_path: Path) -> None:
    path = tmp_path / "w99-01.txt"
    path.write_text(MARKED, encoding="utf-8")
    done = CliRunner().invoke(main, [str(path), "--split", "train"])
    record = json.loads(done.output)
    schema = json.loads((CORPUS / "schema.json").read_text(encoding="utf-8"))
    assert jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(schema).iter_errors(record)) is None
    assert (record["id"], record["writer"], record["split"]) == ("w99-01", "w99", "train")
    kinds = [unit["kind"] for unit in record["units"]]
    assert kinds == ["heading", "sentence", "sentence", "list_item", "cell", "cell", "cell", "cell", "cell"]
    *_, cell, action, more = record["units"]
    assert [(unit["row"], unit["column"]) for unit in (cell, action, more)] == [(1, 0), (1, 1), (1, 1)]
    assert action["block"] == more["block"]
    assert action["action"]["owner"] == "Head of Unit"


def test_a_fault_ends_the_command_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "w99-01.txt"
    path.write_text(MARKED.replace("[E] He was", "[Q] He was"), encoding="utf-8")
    done = CliRunner().invoke(main, [str(path), "--split", "train"])
    assert done.exit_code == 1
    assert "w99-01.txt:9" in done.output


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("no labels here", "no \\[labels\\]"),
        ("[Q] text", "unknown label"),
        ("[C] text", "go together"),
        ("[E f1] text", "go together"),
        ("[X >f9] text", "which no unit carries"),
        ("[J] text", "needs verdict"),
        ("[C f1 tea-] text", "not one of"),
    ],
)
def test_faults_in_the_authoring_format_are_named(tmp_path: Path, line: str, fault: str) -> None:
    path = tmp_path / "x.txt"
    facts = "@title T\n@verdict absent\n@reasoned no\n@systemic_causes no\n@other_agencies no\n\n"
    path.write_text(facts + line + "\n", encoding="utf-8")
    with pytest.raises(MarkupError, match=fault):
        parse_review(path, theme_ids=THEMES)
