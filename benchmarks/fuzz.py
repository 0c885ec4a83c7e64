"""Reads thousands of broken and hostile files as the product does, and counts how each ends.

    python -m benchmarks.fuzz [--mutants 20000] [--seed 1] [--workers 2]

Every file must end in text or in a coded error. It fails (exit status 1) when the parent meets any other exception,
when a file takes longer than its limit, when a file is left behind, or when the parent opens a socket.
"""

import argparse
import os
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from benchmarks.mutants import hostile, mutant, samples
from sfo_nlp.errors import SfoError
from sfo_nlp.extract import extract_bytes, reader_pool
from sfo_nlp.settings import Limits, Settings

LIMITS = Limits(seconds=20, memory_mb=1024, unpacked_mb=200, objects=500_000)
SLACK = 5.0


@dataclass(slots=True)
class Run:
    """What happened: counts by outcome, the slowest file, and everything that must not be."""

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")
    failures: list[str] = field(default_factory=list)


def read_one(name: str, content: bytes) -> tuple[str, str, float]:
    """(name, outcome, seconds) of one file: ``text`` or an error's code, else what must not be, marked with a !."""
    started = time.perf_counter()
    try:
        document = extract_bytes(content, name, Settings(limits=LIMITS, ocr=False))
        sound = all(
            document.text[block.span.start : block.span.end] == document.evidence(block.span, source="rule:fuzz").quote
            or document.text[block.span.start : block.span.end]
            != document.text[block.span.start : block.span.end].strip()
            for block in document.blocks[:50]
        )
        outcome = "text" if sound else "!quotation"
    except SfoError as error:
        outcome = (
            error.code if error.remedy and name.split(".")[0] in error.message else f"!{error.code} without a name"
        )
    except Exception as error:
        outcome = f"!{type(error).__name__}"
    seconds = time.perf_counter() - started
    return name, outcome if seconds < LIMITS.seconds + SLACK else "!hang", seconds


def files(mutants: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """The files built to attack, then the mutants."""
    yield from hostile()
    good = samples()
    for index in range(mutants):
        yield mutant(index, seed, good)


def run(mutants: int, seed: int, *, workers: int = 2, tell: bool = False) -> Run:
    """Read them all and watch the folders and sockets of this process."""
    result = Run()
    opened: list[str] = []
    real = socket.socket

    class Watched(real):  # type: ignore[valid-type, misc]
        def __init__(self, *args: object, **options: object) -> None:
            opened.append(repr(args))
            super().__init__(*args, **options)

    with tempfile.TemporaryDirectory() as folder:
        before, here = os.environ.get("TMPDIR"), set(os.listdir("."))
        os.environ["TMPDIR"] = folder
        tempfile.tempdir = folder
        reader_pool.close()
        socket.socket = Watched  # type: ignore[misc]
        try:
            _read_all(files(mutants, seed), result, workers, tell=tell)
        finally:
            socket.socket = real  # type: ignore[misc]
            reader_pool.close()
            tempfile.tempdir = None
            os.environ.pop("TMPDIR") if before is None else os.environ.__setitem__("TMPDIR", before)
        left = [str(path) for path in Path(folder).rglob("*")] + sorted(set(os.listdir(".")) - here)
    result.failures += [f"left behind: {path}" for path in left] + [f"socket opened: {item}" for item in opened]
    return result


def _read_all(source: Iterator[tuple[str, bytes]], result: Run, workers: int, *, tell: bool) -> None:
    started, done = time.perf_counter(), 0
    with ThreadPoolExecutor(workers) as pool:
        while batch := list(islice(source, 8 * workers)):
            for name, outcome, seconds in pool.map(lambda item: read_one(*item), batch):
                result.outcomes[outcome] += 1
                result.slowest = max(result.slowest, (seconds, name))
                if outcome.startswith("!"):
                    result.failures.append(f"{name}: {outcome}")
                done += 1
                if tell and done % 1000 == 0:
                    print(f"{done} files, {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--mutants", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    result = run(options.mutants, options.seed, workers=options.workers, tell=True)
    print(f"{result.outcomes.total()} files")
    for outcome, count in result.outcomes.most_common():
        print(f"  {count:>7}  {outcome}")
    print(f"slowest: {result.slowest[1]}, {result.slowest[0]:.1f} s")
    for failure in result.failures:
        print(f"FAILED {failure}")
    sys.exit(1 if result.failures else 0)


if __name__ == "__main__":
    main()
