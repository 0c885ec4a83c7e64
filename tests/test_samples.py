"""The samples are known as fictional however they come into a store, and a question makes no store."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_mining_reports import COMMANDS

from sfo_nlp.cli import main
from sfo_nlp.store.samples import is_sample, sample_files
from sfo_nlp.store.store import Store


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with a sample under another name and a review that is none."""
    folder = tmp_path_factory.mktemp("taken")
    sample = min(sample_files(), key=lambda path: path.stat().st_size)
    shutil.copy(sample, folder / f"mine{sample.suffix}")
    (folder / "own.txt").write_text(
        "No home visit was made in the whole of the order, which was a missed opportunity.\n"
    )
    place = str(folder / "store.sqlite")
    done = CliRunner().invoke(main, ["ingest", str(folder), "--store", place, "--jobs", "1", "--fast"])
    assert done.exit_code == 0, done.output
    return place


def counted(place: str, *words: str) -> int:
    result = CliRunner().invoke(main, ["themes", "--store", place, "--format", "json", *words])
    return int(json.loads(result.stdout)["reviews"])


def test_a_sample_that_is_taken_in_is_not_counted(taken_in: str) -> None:
    assert (counted(taken_in), counted(taken_in, "--fictional")) == (1, 2)
    store = Store(f"sqlite:///{taken_in}")
    assert {row.name: row.fictional for row in store.queue()} == {
        next(row.name for row in store.queue() if is_sample(row.document)): True,
        "own.txt": False,
    }
    store.close()


def test_where_only_samples_are_left_out_it_is_said(taken_in: str) -> None:
    result = CliRunner().invoke(main, ["themes", "--store", taken_in, "--until", "1990-01-01"])
    assert "--fictional" not in result.stderr
    store = Store(f"sqlite:///{taken_in}")
    store.forget(next(row.document for row in store.queue() if not row.fictional))
    store.close()
    for words in (["themes"], ["annual"]):
        assert "--fictional" in CliRunner().invoke(main, [*words, "--store", taken_in]).stderr


@pytest.mark.parametrize("command", [*COMMANDS, "benchmark"])
def test_a_question_to_no_store_is_refused_and_makes_none(command: str, tmp_path: Path) -> None:
    missing = tmp_path / "folder" / "none.db"
    result = CliRunner().invoke(main, [command, *COMMANDS.get(command, []), "--store", str(missing)])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[store_missing]" in result.stderr
    assert "sfo-nlp ingest" in result.stderr
    assert not missing.parent.exists()


def test_answers_in_a_table_need_no_store(tmp_path: Path) -> None:
    table = tmp_path / "answers.csv"
    rows = [
        f"r{number},clear,{who},{'met' if number % 2 else 'not_met'}" for number in range(4) for who in ("Ada", "Ben")
    ]
    table.write_text("\n".join(["review,criterion,inspector,answer", *rows]))
    missing = tmp_path / "none.db"
    result = CliRunner().invoke(main, ["benchmark", "--answers", str(table), "--store", str(missing)])
    assert (result.exit_code, missing.exists()) == (0, False), result.output
