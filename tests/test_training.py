"""`train` and `evaluate` on a small corpus: the same files twice, figures that add up, every mistake written down."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sfo_nlp.cli import main
from sfo_nlp.pipeline import review
from sfo_nlp.settings import Settings
from sfo_nlp.training import train as training
from sfo_nlp.training.cards import table
from sfo_nlp.training.corpus import CORPUS

SAMPLES = CORPUS.parent / "samples"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six reviews to fit on and three by another writer to calibrate on."""
    folder = tmp_path_factory.mktemp("corpus")
    for writer, count in (("w01", 3), ("w24", 3), ("w26", 3)):
        lines = (CORPUS / f"{writer}.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
        (folder / f"{writer}.jsonl").write_text("".join(lines[:count]), encoding="utf-8")
    return folder


def refused(*arguments: object) -> str:
    """What a command says that ends with a coded failure."""
    result = CliRunner().invoke(main, [*map(str, arguments)])
    assert (result.exit_code, result.stdout) == (1, ""), result.output
    assert isinstance(result.exception, SystemExit)
    return result.stderr


def run(*arguments: object) -> str:
    result = CliRunner().invoke(main, [*map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_same_corpus_gives_the_same_models(small: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run("train", "--corpus", small, "--out", tmp_path / name, "--part", "lexical")
    one, two = (json.loads((tmp_path / name / "manifest.json").read_text()) for name in ("one", "two"))
    assert one == two
    assert set(one["files"]) == {"lexical.npz", "blend.npz", "direction.npz", "link.json", "themes.json"}
    assert (one["fitted_on"]["reviews"], one["calibrated_on"]["writers"]) == (6, ["w26"])
    assessed = review(sorted(SAMPLES.glob("*.docx"))[0], Settings(fast=True, models=tmp_path / "one"))
    assert assessed.models["lexical.npz"] == one["files"]["lexical.npz"]


def test_figures_and_mistakes_of_a_file(small: Path, tmp_path: Path) -> None:
    figures, mistakes = tmp_path / "figures.json", tmp_path / "mistakes.jsonl"
    data = small / "w26.jsonl"
    output = run("evaluate", "--data", data, "--rules", "--out", figures, "--mistakes", mistakes)
    measured = json.loads(figures.read_text(encoding="utf-8"))
    assert f"{measured['reviews']} reviews" in output
    assert measured["reviews"] == 3
    rows = [json.loads(line) for line in mistakes.read_text(encoding="utf-8").splitlines()]
    assert all(row["wanted"] != row["given"] for row in rows)
    verdicts = [row for row in rows if "unit" not in row]
    assert len(verdicts) == round(3 * (1 - measured["verdict"]["accuracy"]["value"]))
    # A unit is mistaken when any of its roles is: a right action stands in no mistake.
    actions = measured["roles"]["action"]
    wrong = sum(("action" in row["wanted"]) != ("action" in row["given"]) for row in rows if "unit" in row)
    found = round(actions["recall"]["value"] * actions["f1"]["n"])
    assert wrong >= actions["f1"]["n"] - found


@pytest.mark.parametrize("facts", [{}, {"verdict": "taken"}])
def test_corrections_are_measured_as_far_as_people_annotated(
    small: Path, tmp_path: Path, facts: dict[str, str]
) -> None:
    record = json.loads((small / "w26.jsonl").read_text(encoding="utf-8").splitlines()[0])
    for fact in ("verdict", "reasoned", "systemic_causes", "other_agencies"):
        del record[fact]
    data, figures = tmp_path / "corrections.jsonl", tmp_path / "figures.json"
    data.write_text(json.dumps({**record, "writer": "inspectors", **facts}) + "\n", encoding="utf-8")
    run("evaluate", "--data", data, "--rules", "--out", figures)
    measured = json.loads(figures.read_text(encoding="utf-8"))
    assert ("verdict" in measured) == bool(facts)
    assert not {"themes", "explained", "systemic_causes"} & set(measured)


def test_a_training_that_fails_leaves_the_models_as_they_were(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "models"
    run("train", "--corpus", small, "--out", out, "--part", "lexical")
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def breaks(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(training, "fit_themes", breaks)
        with pytest.raises(MemoryError):
            training.train(out, corpus=small, also=[small / "w26.jsonl"], parts=["lexical"])
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["models"]
    again = training.train(out, corpus=small, parts=())
    assert again["files"]["lexical.npz"] == json.loads(before["manifest.json"])["files"]["lexical.npz"]
    assert set(again["files"]) | {"manifest.json"} == set(before)
    assert "kept" not in again
    more = training.train(out, corpus=small, also=[small / "w26.jsonl"], parts=())
    assert more["kept"]["lexical"] == again["fitted_on"] != more["fitted_on"]


def test_what_cannot_be_finished_is_not_begun(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "models"
    monkeypatch.setattr(training, "find_spec", lambda name: None)
    monkeypatch.setattr(training, "fit_lexical", lambda reviews: pytest.fail("fitted"))
    said = refused("train", "--corpus", small, "--out", out)
    assert "error[extra_missing]" in said
    assert "sfo-nlp[train]" in said
    assert "error[model_refused]" in refused("train", "--corpus", small, "--out", out, "--part", "calibration")
    (tmp_path / "empty").mkdir()
    assert "error[annotation_invalid]" in refused(
        "train", "--corpus", tmp_path / "empty", "--out", out, "--part", "lexical"
    )
    assert not out.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{not json}\n", "data.jsonl, line 1: "), ("", "there is no record"), ("\n[1]\n", "line 2: this is no record"),
        ('{"text": "He left."}\n', "line 1: 'labels' is missing"), ('{"units": [], "id": "a"}\n', "line 1: 'text'"),
        ('{"text": " ", "labels": []}\n', "line 1: its text is empty"), (b"\xff\xfe\n", "data.jsonl: "),
    ],
)  # fmt: skip
def test_data_that_cannot_be_read_is_said(content: str | bytes, said: str, tmp_path: Path) -> None:
    data = tmp_path / "data.jsonl"
    data.write_bytes(content.encode() if isinstance(content, str) else content)
    told = refused("evaluate", "--data", data, "--rules")
    assert "error[annotation_invalid]" in told
    assert said in told
    if "line" in said and "labels" not in said and "empty" not in said:
        assert said in refused("train", "--also", data, "--out", tmp_path / "models", "--part", "lexical")


def test_reviews_that_raise_no_theme_are_measured(small: Path, tmp_path: Path) -> None:
    data, figures = tmp_path / "data.jsonl", tmp_path / "figures.json"
    record = json.loads((small / "w26.jsonl").read_text(encoding="utf-8").splitlines()[0])
    for unit in record["units"]:
        unit.pop("themes", None)
    data.write_text(json.dumps(record) + "\n", encoding="utf-8")
    assert "macro –" in run("evaluate", "--data", data, "--rules", "--out", figures)
    measured = json.loads(figures.read_text(encoding="utf-8"))
    assert "| – |" in "\n".join(table({"rules alone": measured}))
    assert "error[annotation_invalid]" in refused("evaluate", "--data", data, "--rules", "--rendered")
