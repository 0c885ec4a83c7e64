"""One character repeated without end, or a word without one, takes no longer than so much text; nor do many items."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

import pytest

from sfo_nlp.checks.personal_data import personal_data
from sfo_nlp.checks.registry import run_checks
from sfo_nlp.extract.plain import read_plain
from sfo_nlp.language.reading import Reading
from sfo_nlp.redact import make, plan_of
from sfo_nlp.settings import Settings

LENGTH, SECONDS = 16_000, 6.0
RUNS = ["a", "A", "Ab", "Aa-", "[", "“", "’", '"', "(", "!", ".", "-", "1", "a.b-", "Abc ", "A. ", "a@", "a/"]
FEW, MANY = 100, 400
# What is linear takes four times as long for four times the items, what is quadratic sixteen times.
GROWTH = 8.0


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


def many(count: int) -> str:
    """A review of `count` paragraphs, each with a person, an address, its street once more and a number of its own."""
    paragraphs = []
    for number in range(count):
        name = "".join(chr(97 + number // 26**place % 26) for place in range(3))
        paragraphs.append(
            f"Mr Peter B{name}ford then moved to {number % 300 + 1} {name.title()}well Road, Ashbeck, and was seen. "
            f"He left {name.title()}well Road in May, and the officer rang him on 07700 {900_000 + number} that week."
        )
    return "\n\n".join(paragraphs)


def growth(work: Callable[[int], object]) -> float:
    """How many times as long `work` takes for `MANY` as for `FEW`, in this process's own time, best of three."""

    def seconds(count: int) -> float:
        started = process_time()
        work(count)
        return process_time() - started

    work(1)
    return min(seconds(MANY) for _ in range(3)) / min(seconds(FEW) for _ in range(3))


def test_time_for_personal_data_grows_with_the_items() -> None:
    assert growth(lambda count: personal_data(many(10 * count))) < GROWTH


def test_time_for_a_list_of_what_goes_grows_with_the_items() -> None:
    assert growth(lambda count: plan_of(many(count).encode(), Path("review.txt"))) < GROWTH


def test_time_for_a_copy_grows_with_the_items() -> None:
    plans = {count: plan_of(many(count).encode(), Path("review.txt")) for count in (1, FEW, MANY)}
    assert growth(lambda count: make(plans[count])) < GROWTH
