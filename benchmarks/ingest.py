"""Take many made-up reviews in as a user would: `python -m benchmarks.ingest --help`.

Text files are put together from the annotated fictional reviews (`benchmarks.synthetic`) and taken in by the command
itself, over every core. The run is killed once (SIGKILL) after a tenth and goes on; then files are copied, renamed and
changed and it runs again. Measured: processor time per review against reviews held, and memory of all its processes.
With --write the figures go to docs/benchmarks-ingest.md.
"""

import argparse
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import fmean

import psutil  # type: ignore[import-untyped]

from benchmarks.corpus import exponent
from benchmarks.synthetic import Pool, make

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks-ingest.md"
STEPS = (178, 316, 562, 1000, 1778, 3162, 5623, 10_000)
SECONDS_BETWEEN = 1.0
OTHERS = 20


@dataclass(frozen=True, slots=True)
class Moment:
    """One look at a run: files `done` in the store, processor `seconds` spent and `memory` (MB) held by it so far."""

    done: int
    seconds: float
    memory: float


def write_files(folder: Path, count: int) -> None:
    """The made-up reviews as text files."""
    pool = Pool()
    folder.mkdir()
    for number in range(count):
        (folder / f"made-up-{number:05}.txt").write_text(make(pool, number).wire["document"]["text"], encoding="utf-8")


def start(folder: Path, store: Path, *, fast: bool) -> "subprocess.Popen[str]":
    """The command, politely: others share the cores."""
    command = ["nice", "-n", "15", sys.executable, "-m", "sfo_nlp", "ingest", str(folder)]
    command += ["--store", f"sqlite:///{store}", *(["--fast"] if fast else [])]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def watch(run: "subprocess.Popen[str]", store: Path) -> Iterator[Moment]:
    """What the run has done and holds, every second until it ends."""
    main = psutil.Process(run.pid)
    while run.poll() is None:
        seconds = memory = 0.0
        try:
            for process in (main, *main.children(recursive=True)):
                seconds += sum(process.cpu_times()[:4])  # its own and its ended children's, user and system
                memory += process.memory_info().rss / 1e6
            yield Moment(held(store, "ingested WHERE state = 'done'"), seconds, memory)
        except psutil.NoSuchProcess:
            continue
        time.sleep(SECONDS_BETWEEN)


def held(store: Path, what: str) -> int:
    """How many rows of a table the store holds; 0 while there is none."""
    try:
        with sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=30) as connection:
            return int(connection.execute(f"SELECT count(*) FROM {what}").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def killed_and_resumed(folder: Path, store: Path, count: int, *, fast: bool) -> tuple[int, list[Moment], str]:
    """Kill a run after a tenth, go on; the files done when it was killed, the second run's moments and last words."""
    run = start(folder, store, fast=fast)
    for moment in watch(run, store):
        if moment.done >= count // 10:
            run.send_signal(signal.SIGKILL)
            break
    run.communicate()
    survived = held(store, "ingested WHERE state = 'done'")
    again = start(folder, store, fast=fast)
    moments = list(watch(again, store))
    return survived, moments, again.communicate()[0]


def costs(moments: list[Moment]) -> dict[int, float]:
    """Processor seconds per review between the steps that the run passed, by the reviews held at the later one."""
    first = next(moment for moment in moments if moment.done > moments[0].done)  # models are loaded by then
    last = moments[-1]
    passed = [first, *(next(m for m in moments if m.done >= step) for step in STEPS if first.done < step <= last.done)]
    passed += [last] if last.done > passed[-1].done else []
    return {then.done: (then.seconds - now.seconds) / (then.done - now.done) for now, then in pairwise(passed)}


def memories(moments: list[Moment]) -> list[float]:
    """Mean memory (MB) in each fifth of a run, while it was at work."""
    working = [moment for moment in moments if moments[0].done < moment.done < moments[-1].done]
    size = max(len(working) // 5, 1)
    return [fmean(moment.memory for moment in working[at : at + size]) for at in range(0, 5 * size, size)]


def disturb(folder: Path) -> None:
    """Copy some files, rename some others and change some more."""
    files = sorted(folder.iterdir())
    for number in range(OTHERS):
        copied, renamed, changed = files[3 * number : 3 * number + 3]
        (folder / f"copy-{number}.txt").write_bytes(copied.read_bytes())
        renamed.rename(folder / f"renamed-{number}.txt")
        changed.write_text(changed.read_text(encoding="utf-8") + "\nOne line more.\n", encoding="utf-8")


def report(count: int, *, fast: bool, folder: Path) -> list[str]:
    """Run all, and say it in Markdown."""
    files, store = folder / "files", folder / "store.sqlite"
    write_files(files, count)
    survived, moments, said = killed_and_resumed(files, store, count, fast=fast)
    marks, memory = costs(moments), memories(moments)
    rows = [
        f"{count:,} text files of about {held(store, 'sentences') // count} sentences, {os.cpu_count()} cores, "
        f"{'without' if fast else 'with'} the sentence encoder.",
        "",
        f"Killed (SIGKILL) when {survived} were done; the second run found these {_counted(said, 'unchanged')} done,",
        f"assessed {_counted(said, 'assessed')}, and the store holds {held(store, 'assessments')} assessments of",
        f"{held(store, 'measures')} reviews.",
        "",
        "| reviews in the store | processor s a review since the line above |",
        "|---|---|",
        *(f"| {done:,} | {seconds:.2f} |" for done, seconds in marks.items()),
        "",
        f"Fitted exponent of the cost per review: {exponent(marks):+.3f} (0 is flat).",
        "",
        "Memory of all its processes, mean over each fifth of the run: "
        + ", ".join(f"{each:,.0f}" for each in memory)
        + " MB.",
    ]
    before = held(store, "assessments")
    disturb(files)
    run = start(files, store, fast=fast)
    said = run.communicate()[0]
    rows += [
        "",
        f"{OTHERS} files copied, {OTHERS} renamed, {OTHERS} changed, run again: {_counted(said, 'assessed')} assessed,",
        f"{_counted(said, 'unchanged')} unchanged, {_counted(said, 'with the same')} copies counted once,",
        f"{_counted(said, 'known under')} known under another name; {held(store, 'assessments') - before} assessments",
        f"more, {held(store, 'measures')} reviews counted, in {_seconds(said)} s.",
    ]
    return rows


def _counted(said: str, kind: str) -> int:
    found = re.search(rf"(\d+)  {kind}", said)
    return int(found[1]) if found else 0


def _seconds(said: str) -> str:
    found = re.search(r"in ([\d.]+) s", said)
    return found[1] if found else "?"


def main() -> None:
    """Make the files, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=int, default=1000)
    parser.add_argument("--fast", action="store_true", help="leave the sentence encoder out")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks-ingest.md")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines = report(given.reviews, fast=given.fast, folder=Path(folder))
    asked = f"python -m benchmarks.ingest --reviews {given.reviews}{' --fast' if given.fast else ''} --write"
    head = f"# Taking many reviews in, measured\n\nWritten by `{asked}`. The reviews are **synthetic**, put\n"
    text = "\n".join([f"{head}together as for [benchmarks-corpus.md](benchmarks-corpus.md).\n", *lines, ""])
    print(text)
    if given.write:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
