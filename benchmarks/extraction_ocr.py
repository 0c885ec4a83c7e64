"""How well scanned pages are read: renderings drawn at 300 dpi, tilted, blurred and grained, then read back.

    python -m benchmarks.extraction_ocr [--reviews N] [--engines] [--write]

`--engines` compares Tesseract with rapidocr-onnxruntime (where that is installed) on the words of single pages.
"""

import argparse
import io
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter

from benchmarks.extraction import WRITERS, Score, compare, table
from sfo_nlp.extract import extract_bytes
from sfo_nlp.extract.ocr import DPI, _tesseract
from sfo_nlp.settings import Settings
from sfo_nlp.training.render import records, render

TARGET = Path(__file__).parent.parent / "docs" / "benchmarks-extraction-scans.md"
LAYOUTS = ("numbered", "letter", "two_columns", "landscape", "form", "report")
TILT, BLUR, GRAIN = 0.4, 0.7, 12.0


def pictures(content: bytes, seed: int) -> Iterator[Image.Image]:
    """The pages of a PDF as a scanner might give them: 300 dpi, tilted up to 0.4 degrees, blurred, grained."""
    rng = np.random.default_rng(seed)
    with pypdfium2.PdfDocument(content) as pdf:
        for page in pdf:
            drawn = page.render(scale=DPI / 72, grayscale=True).to_pil()
            tilted = drawn.rotate(rng.uniform(-TILT, TILT), fillcolor=255, resample=Image.Resampling.BICUBIC)
            grey = np.asarray(tilted.filter(ImageFilter.GaussianBlur(BLUR)), np.float64)
            yield Image.fromarray((grey + rng.normal(0, GRAIN, grey.shape)).clip(0, 255).astype(np.uint8))


def scanned(content: bytes, seed: int = 1) -> bytes:
    """A PDF of pictures of the pages of another."""
    first, *rest = pictures(content, seed)
    target = io.BytesIO()
    first.save(target, "PDF", resolution=DPI, save_all=True, append_images=rest)
    return target.getvalue()


def by_layout(reviews: int) -> dict[str, Score]:
    """Scores of the product's own reading of scans."""
    known = records()
    chosen = [known[key] for key in sorted(known, key=lambda key: (key[4:], key)) if key[:3] in WRITERS][:reviews]
    scores: dict[str, Score] = {}
    for layout in LAYOUTS:
        scores[layout] = Score()
        for record in chosen:
            document = extract_bytes(scanned(render(record, layout=layout)), "scan.pdf", Settings())
            compare(record, layout, document, scores[layout], straight=True)
    return scores


def engines(reviews: int) -> Iterator[tuple[str, float, float]]:
    """(engine, share of the words that it does not have, seconds per page), over the first pages of reviews."""
    known = records()
    chosen = [known[key] for key in sorted(known, key=lambda key: (key[4:], key)) if key[:3] in WRITERS][:reviews]
    readers: dict[str, Callable[[Image.Image], list[str]]] = {"Tesseract": _with_tesseract}
    try:
        from rapidocr_onnxruntime import RapidOCR

        engine = RapidOCR()
        readers["rapidocr-onnxruntime"] = lambda picture: _rapid(engine, picture)
    except ImportError:
        pass
    for name, reader in readers.items():
        missing, wanted, pages, seconds = 0, 0, 0, 0.0
        for record in chosen:
            content = render(record, layout="letter")
            with pypdfium2.PdfDocument(content) as pdf:
                source = pdf[0].get_textpage().get_text_bounded().split()
            picture = next(pictures(content, 1))
            started = time.perf_counter()
            found = reader(picture)
            seconds += time.perf_counter() - started
            missing += sum((Counter(source) - Counter(found)).values())
            wanted, pages = wanted + len(source), pages + 1
        yield name, missing / wanted, seconds / pages


def _with_tesseract(picture: Image.Image) -> list[str]:
    return [row["text"] for row in _tesseract(np.asarray(picture), dpi=DPI) if row["level"] == "5"]


def _rapid(engine: Callable[..., tuple[list[list[object]] | None, object]], picture: Image.Image) -> list[str]:
    lines, _ = engine(np.asarray(picture.convert("RGB")))
    return " ".join(str(line[1]) for line in lines or []).split()


HEAD = """# How well scanned reviews are read

Made by `python -m benchmarks.extraction_ocr --write`: renderings of reviews of the training writers, drawn at 300 dpi,
tilted by up to 0.4 degrees, blurred and grained, read through Tesseract and compared with their source as in
[benchmarks-extraction.md](benchmarks-extraction.md), quotation marks taken as straight.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--reviews", type=int, default=4)
    parser.add_argument("--engines", action="store_true", help="compare the engines")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks-extraction-scans.md")
    options = parser.parse_args()
    if options.engines:
        for name, share, seconds in engines(options.reviews):
            print(f"{name}: {share:.1%} of the words missing or wrong, {seconds:.1f} s a page")
        return
    made = table(by_layout(options.reviews))
    print(made)
    if options.write:
        TARGET.write_text(f"{HEAD}\n{made}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
