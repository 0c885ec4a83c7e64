"""The notebooks run from beginning to end, hold no outputs, and every plot has an alternative in text."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parent.parent / "notebooks"
BOOKS = sorted(FOLDER.glob("*.ipynb"))


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_its_plots_have_words(path: Path) -> None:
    book = nbformat.read(path, as_version=4)
    assert not any(cell.get("outputs") for cell in book.cells), "strip the outputs"
    done = NotebookClient(book, timeout=120, resources={"metadata": {"path": str(FOLDER)}}).execute()
    pages = [
        output["data"]["text/html"]
        for cell in done.cells
        for output in cell.get("outputs", ())
        if "<svg" in output.get("data", {}).get("text/html", "")
    ]
    assert pages
    assert all('role="img" aria-label="' in page for page in pages)


def test_there_are_two_notebooks() -> None:
    assert [path.stem for path in BOOKS] == ["evaluating-a-check", "mining-themes"]
