"""One character repeated without end, or a word without one, takes no longer than so much text would."""

from collections.abc import Callable
from time import perf_counter

import pytest

from sfo_nlp.checks.personal_data import personal_data
from sfo_nlp.checks.registry import run_checks
from sfo_nlp.extract.plain import read_plain
from sfo_nlp.language.reading import Reading
from sfo_nlp.settings import Settings

LENGTH, SECONDS = 16_000, 6.0
RUNS = ["a", "A", "Ab", "Aa-", "[", "“", "’", '"', "(", "!", ".", "-", "1", "a.b-", "Abc ", "A. ", "a@", "a/"]


@pytest.mark.parametrize("run", RUNS)
def test_a_run_takes_no_minutes(run: str, read: Callable[[str], Reading]) -> None:
    text = f"The officer did not check the record. See {run * (LENGTH // len(run))} the end of it."
    started = perf_counter()
    run_checks(read(text), Settings(fast=True))
    assert perf_counter() - started < SECONDS


@pytest.mark.parametrize("run", RUNS)
def test_personal_data_is_linear(run: str) -> None:
    started = perf_counter()
    personal_data(run * (100_000 // len(run)))
    assert perf_counter() - started < SECONDS


@pytest.mark.parametrize("run", [*RUNS, "> ", "# ", "| ", "* ", "1. ", "a\n", "A b\n", "_a", "[a](", "- \n"])
@pytest.mark.parametrize("markdown", [False, True])
def test_reading_a_text_file_is_linear(run: str, markdown: bool) -> None:
    started = perf_counter()
    read_plain(run * (200_000 // len(run)), markdown=markdown)
    assert perf_counter() - started < SECONDS
