"""The command line keeps its word whatever it is given: one bad path, an odd name, another encoding, a full disk."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sfo_nlp.cli import main

BODY = (
    "The officer did not ask the police about domestic abuse before he was released, because she believed that the "
    "prison had done it. Not all reasonable steps were taken to manage the risk of serious harm in this case, and we "
    "say so – “plainly” – to his family."
)
FULL = Path("/dev/full")


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def rows(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def process(*words: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", "from sfo_nlp.cli import main; main()", *map(str, words)]
    return subprocess.run(command, capture_output=True, env={**os.environ, **environment}, timeout=120, check=False)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.txt"
    path.write_text(BODY, encoding="utf-8")
    return path


def test_a_path_that_may_not_be_looked_at_is_one_failure(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, locked = tmp_path / "secret.txt", tmp_path / "locked" / "a.txt"
    secret.write_text(BODY)
    can, exists, stat = os.access, Path.exists, Path.stat

    def refuse(path: Path, *args: Any, **options: Any) -> Any:
        if path.parent.name == "locked":
            raise PermissionError(13, "Permission denied", str(path))
        return stat(path, *args, **options)

    def look(path: Path) -> bool:
        return bool(refuse(path)) if path.parent.name == "locked" else exists(path)

    def read(path: Path) -> bytes:
        if path == secret:
            raise PermissionError(13, "Permission denied", str(path))
        with path.open("rb") as source:
            return source.read()

    monkeypatch.setattr(os, "access", lambda path, mode, **o: str(path) != str(secret) and can(path, mode, **o))
    monkeypatch.setattr(Path, "stat", refuse)
    monkeypatch.setattr(Path, "exists", look)
    monkeypatch.setattr(Path, "read_bytes", read)
    long = tmp_path / ("x" * 300 + ".txt")
    result = run("review", "--format", "json", "--fast", secret, locked, long, good)
    assert result.exit_code == 1, result.output
    found = rows(result)
    assert [row.get("error", {}).get("code") for row in found] == ["file_unreadable"] * 3 + [None]
    assert found[3]["judgement"]["verdict"] == "not_taken"
    assert result.stderr.count("error[file_unreadable]") == 3
    pair = run("compare", "--format", "json", "--fast", secret, long)
    assert (pair.exit_code, len(rows(pair))) == (1, 2)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file names are text there")
def test_a_name_that_is_no_utf8_breaks_no_json(good: Path, tmp_path: Path) -> None:
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")
    Path(odd).write_text(BODY, encoding="utf-8")
    done = process("review", "--format", "json", "--fast", odd, f"{odd}x", good)
    found = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    assert [row.get("document", {}).get("name") for row in found] == ["caf\ufffd.txt", None, "good.txt"]
    assert found[1]["path"].endswith("caf\ufffd.txtx")
    assert (done.returncode, b"Traceback" in done.stderr) == (1, False)


def test_output_is_utf8_whatever_the_system_says(good: Path) -> None:
    good.write_text(BODY + " Menna Ŵyn wrote ⅔ of it.", encoding="utf-8")
    for form in ("json", "text"):
        done = process("review", "--format", form, "--fast", good, PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
        assert done.returncode == 0, done.stderr
        assert "“plainly”" in done.stdout.decode("utf-8")


@pytest.mark.skipif(not FULL.exists(), reason="no full device on this system")
@pytest.mark.parametrize("form", ["json", "text"])
def test_a_full_disk_is_said(form: str, good: Path) -> None:
    command = [sys.executable, "-c", "from sfo_nlp.cli import main; main()", "review", "--fast", "--format", form, good]
    with FULL.open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, timeout=120, check=False)
    assert done.returncode == 1
    assert done.stderr.decode().startswith("error[output_failed] standard output: ")
    assert len(done.stderr.decode().splitlines()) == 1


def test_an_error_about_a_file_is_not_taken_for_the_output(monkeypatch: pytest.MonkeyPatch, good: Path) -> None:
    def fail(*args: object) -> None:
        raise OSError(28, "No space left on device", "model.bin")

    monkeypatch.setattr("sfo_nlp.pipeline.review", fail)
    result = run("review", "--fast", good)
    assert isinstance(result.exception, OSError)


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_folder_for_what_goes_to_the_terminal_is_said_and_not_made(form: str, good: Path, tmp_path: Path) -> None:
    result = run("review", "--fast", good, "--format", form, "--out", tmp_path / "o")
    assert result.exit_code == 0
    assert "--out is for" in result.stderr
    assert "--out is for" not in result.stdout
    assert not (tmp_path / "o").exists()


def test_reports_of_one_name_do_not_write_over_each_other(good: Path, tmp_path: Path) -> None:
    other = tmp_path / "b" / "GOOD.md"
    other.parent.mkdir()
    other.write_text(BODY.replace("police", "prison"), encoding="utf-8")
    result = run("review", good, other, "--fast", "--format", "csv", "--out", tmp_path / "o")
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (tmp_path / "o").iterdir()) == ["GOOD-2.feedback.csv", "good.feedback.csv"]
    again = run("review", good, "--fast", "--format", "csv", "--out", tmp_path / "o")
    assert (again.exit_code, len(list((tmp_path / "o").iterdir()))) == (0, 2)
