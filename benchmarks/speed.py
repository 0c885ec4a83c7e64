"""Speed as ratios, side by side in one run: the PDF engine alone, our reading, our whole review, and a plain script.

`python -m benchmarks.speed` makes 60-page digital reviews from the corpus, times each in turn (medians, warm, every
time another review: what is kept of a text that was read before must not count), then
whole commands from a cold start, peak memory of each in a process of its own, and the growth with the number of pages.
It writes docs/benchmarks-speed.md. Times are of one run on one machine: read them as ratios.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

import numpy as np

from sfo_nlp.training.render import records, render

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks-speed.md"
ROUNDS = 5
PATHS = 3000
PLAIN_SCRIPT = "plain script: pdfplumber, textstat, spaCy"
PLAIN = """
import sys, pdfplumber, textstat, spacy
nlp = spacy.blank("en"); nlp.add_pipe("sentencizer"); nlp.max_length = 10**8
def run(path):
    with pdfplumber.open(path) as pdf:
        text = "\\n".join(page.extract_text() or "" for page in pdf.pages)
    return len(list(nlp(text).sents)), textstat.flesch_kincaid_grade(text)
"""
BODIES: Mapping[str, str] = {
    "PDFium text alone": """
import pypdfium2
def run(path):
    with pypdfium2.PdfDocument(path) as pdf:
        return sum(len(page.get_textpage().get_text_range()) for page in pdf)
""",
    "our reading, words and boxes": """
from pathlib import Path
from sfo_nlp.extract import extract
from sfo_nlp.settings import Settings
def run(path): return len(extract(Path(path), Settings(isolate=False)).text)
""",
    "our reading, in the child process": """
from pathlib import Path
from sfo_nlp.extract import extract
from sfo_nlp.settings import Settings
def run(path): return len(extract(Path(path), Settings()).text)
""",
    "whole review, --fast": """
from pathlib import Path
from sfo_nlp import review, Settings
def run(path): return len(review(Path(path), Settings(fast=True)).answers)
""",
    "whole review": """
from pathlib import Path
from sfo_nlp import review, Settings
def run(path): return len(review(Path(path)).answers)
""",
    PLAIN_SCRIPT: PLAIN,
}
DRAWN = ("PDFium text alone", "our reading, words and boxes", "whole review, --fast", PLAIN_SCRIPT)
COLD: Mapping[str, list[str]] = {
    "import click": ["-c", "import click"],
    "sfo-nlp --help": ["-m", "sfo_nlp", "--help"],
    "import spacy": ["-c", "import spacy"],
    "two-page review, --fast": ["-m", "sfo_nlp", "review", "--fast", "{short}"],
}
HARNESS = """
import json, resource, sys, time
{body}
first, *paths = sys.argv[1:]
run(first)
times = []
for path in paths:
    started = time.perf_counter(); run(path); times.append(time.perf_counter() - started)
peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps([sorted(times)[len(times) // 2], peak / 1024]))
"""


def long_review(folder: Path, pages: int, first: int = 0) -> Path:
    """A review of about `pages` pages, made by setting corpus reviews one after another, from the `first` on."""
    path = folder / f"review-{pages}-{first}.pdf"
    known = list(records().values())
    count = max(pages // 4, 1)
    joined = {**known[first % len(known)], "text": "", "units": []}
    for number in range(count):
        record = known[(first + number) % len(known)]
        shift, blocks = len(joined["text"]) + 2 * bool(number), 10_000 * number
        joined["text"] += ("\n\n" if number else "") + record["text"]
        joined["units"] = joined["units"] + [
            {
                **unit,
                "start": unit["start"] + shift,
                "end": unit["end"] + shift,
                "block": unit["block"] + blocks,
                **({"table": unit["table"] + 1000 * number} if "table" in unit else {}),
            }
            for unit in record["units"]
        ]
    path.write_bytes(render(joined, layout="numbered"))
    return path


def drawn_pages(folder: Path, seed: int, pages: int = 12) -> Path:
    """A file with a third of a page of text over a chart of `PATHS` curves on each page, as maps and plots have."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    path, chance = folder / f"drawn-{seed}.pdf", Random(seed)
    words = " ".join(record["text"] for record in records().values()).split()
    canvas, start = Canvas(str(path), pagesize=A4), 300 * pages * seed
    for page in range(pages):
        text = canvas.beginText(60, 780)
        for place in range(start + 300 * page, start + 300 * page + 264, 12):
            text.textLine(" ".join(words[place : place + 12]))
        canvas.drawText(text)
        for _ in range(PATHS):
            x, y = chance.uniform(60, 480), chance.uniform(60, 440)
            curve = canvas.beginPath()
            curve.moveTo(x, y)
            curve.curveTo(x + 8, y + 15, x + 20, y - 12, x + 30, y + chance.uniform(0, 10))
            canvas.drawPath(curve)
        canvas.showPage()
    canvas.save()
    return path


def warm(body: str, paths: Sequence[Path]) -> tuple[float, float]:
    """Median seconds of a run for each file but the first, and peak memory in MB, in a process of its own."""
    command = [sys.executable, "-c", HARNESS.format(body=body), *map(str, paths)]
    seconds, peak = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return float(seconds), float(peak)


def cold(arguments: list[str], *, rounds: int = ROUNDS) -> float:
    """Median seconds of a whole command."""
    return median(
        _timed(lambda: subprocess.run([sys.executable, *arguments], capture_output=True, check=True))
        for _ in range(rounds)
    )


def _timed(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def exponent(sizes: list[int], seconds: list[float]) -> float:
    """The slope of log time over log pages: 1 is linear."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def main() -> None:
    """Measure and write the tables."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = [long_review(folder, 60, first) for first in range(ROUNDS + 1)]
        rows = {title: warm(body, paths) for title, body in BODIES.items()}
        short = long_review(folder, 2)
        starts = {title: cold([part.format(short=short) for part in command]) for title, command in COLD.items()}
        sizes = [12, 60, 240, 1000]
        grown = [warm(BODIES["whole review, --fast"], [paths[0], long_review(folder, size, 1)])[0] for size in sizes]
        pages = round(median(map(_pages, paths[1:])))
        charts = [drawn_pages(folder, seed) for seed in range(ROUNDS + 1)]
        drawn = {title: warm(BODIES[title], charts)[0] for title in DRAWN}
    floor = rows["PDFium text alone"][0]
    help_ratio = starts["sfo-nlp --help"] / starts["import click"]
    review_ratio = starts["two-page review, --fast"] / starts["import spacy"]
    lines = [
        "# Speed",
        "",
        f"One run of `python -m benchmarks.speed` on {ROUNDS} digital reviews of about {pages} pages; medians, warm.",
        "",
        "| what | seconds | times PDFium | peak memory, MB |",
        "|---|---|---|---|",
        *(
            f"| {title} | {seconds:.2f} | {seconds / floor:.1f} | {peak:.0f} |"
            for title, (seconds, peak) in rows.items()
        ),
        "",
        f"12 pages with {PATHS:,} curves each:",
        "",
        "| what | seconds | times faster than the plain script |",
        "|---|---|---|",
        *(f"| {title} | {seconds:.2f} | {drawn[PLAIN_SCRIPT] / seconds:.1f} |" for title, seconds in drawn.items()),
        "",
        "| cold start | seconds |",
        "|---|---|",
        *(f"| {title} | {seconds:.2f} |" for title, seconds in starts.items()),
        "",
        f"`--help` takes {help_ratio:.1f} times importing the command-line library, a two-page `--fast` review",
        f"{review_ratio:.1f} times importing spaCy.",
        "",
        f"Growth of the `--fast` review over {', '.join(map(str, sizes))} pages: seconds "
        + ", ".join(f"{seconds:.2f}" for seconds in grown)
        + f"; fitted exponent {exponent(sizes, grown):.2f}.",
    ]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))


def _pages(path: Path) -> int:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as pdf:
        return len(pdf)


if __name__ == "__main__":
    main()
