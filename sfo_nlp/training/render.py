"""Corpus records as files that a user might have: PDF and DOCX in varied layouts, and the sample reviews.

``python -m sfo_nlp.training.render --samples`` writes corpus/samples/ anew, ``--held-out`` the test writers' reviews
and some of the validation writers' to corpus/annotated/rendered/, layouts in turn; always the same files.
"""

import json
from pathlib import Path
from typing import Any

import click

from sfo_nlp.training.corpus import CORPUS
from sfo_nlp.training.pieces import pieces, printable
from sfo_nlp.training.render_docx import LAYOUTS as DOCX_LAYOUTS
from sfo_nlp.training.render_docx import render_docx
from sfo_nlp.training.render_looks import LOOKS
from sfo_nlp.training.render_pdf import render_pdf

LAYOUTS = (*LOOKS, *DOCX_LAYOUTS)
SAMPLES = CORPUS.parent / "samples"
# Review, layout: one of every verdict, well and badly written, each layout that a newcomer is likely to meet.
CHOSEN = (
    ("w01-06", "numbered"),
    ("w02-09", "two_columns"),
    ("w05-07", "letter"),
    ("w04-01", "form"),
    ("w01-10", "landscape"),
    ("w07-09", "report"),
    ("w05-03", "docx_tables"),
    ("w04-07", "docx_draft"),
)
RENDERED = CORPUS / "rendered"
HELD_OUT = 40
COMMENT = "Are we sure about this? Legal to see before it goes any further."


def render(record: dict[str, Any], *, layout: str) -> bytes:
    """The file of a corpus record in one of `LAYOUTS`."""
    title, items = printable(record["title"]), pieces(record)
    if layout in DOCX_LAYOUTS:
        comments = [item["text"] for item in record.get("comments", ())] or [COMMENT]
        return render_docx(title, items, layout=layout, comments=comments)
    return render_pdf(title, items, layout=layout)


def suffix(layout: str) -> str:
    """The file name's ending for a layout."""
    return ".docx" if layout in DOCX_LAYOUTS else ".pdf"


def records(folder: Path = CORPUS) -> dict[str, dict[str, Any]]:
    """All corpus records by id."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("w*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            found[record["id"]] = record
    return found


def held_out() -> dict[str, str]:
    """Review id to layout: all reviews of the test writers, then of the validation writers, `HELD_OUT` in all."""
    known = records()
    test = [name for name, record in known.items() if record["split"] == "test"]
    others = [name for name, record in known.items() if record["split"] == "validation"]
    chosen = [*test, *others[:: max(len(others) // max(HELD_OUT - len(test), 1), 1)]][:HELD_OUT]
    return {name: LAYOUTS[number % len(LAYOUTS)] for number, name in enumerate(chosen)}


def write_held_out(folder: Path = RENDERED) -> list[Path]:
    """Write the held-out reviews as files named by their ids."""
    folder.mkdir(parents=True, exist_ok=True)
    known, paths = records(), []
    for name, look in held_out().items():
        paths.append(folder / f"{name}{suffix(look)}")
        paths[-1].write_bytes(render(known[name], layout=look))
    return paths


@click.command()
@click.option("--held-out", "held", is_flag=True, help="Write the held-out reviews to corpus/annotated/rendered/.")
@click.option("--samples", is_flag=True, help="Write the sample reviews to corpus/samples/.")
@click.option("--review", help="The id of one review to render, e.g. w01-06.")
@click.option("--layout", type=click.Choice(LAYOUTS), default="numbered", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=SAMPLES, show_default=True)
def main(held: bool, samples: bool, review: str | None, layout: str, out: Path) -> None:
    """Render corpus reviews as PDF or DOCX."""
    if held:
        click.echo(f"{len(write_held_out())} files in {RENDERED}")
        return
    known = records()
    chosen = CHOSEN if samples else ((review, layout),) if review in known else ()
    if not chosen:
        raise click.UsageError("say --samples, or --review with the id of a review of the corpus")
    out.mkdir(parents=True, exist_ok=True)
    for name, look in chosen:
        path = out / f"review-{name}-{look.replace('_', '-')}{suffix(look)}"
        path.write_bytes(render(known[name], layout=look))
        click.echo(f"{path} ({path.stat().st_size // 1024} KB)")


if __name__ == "__main__":
    main()
