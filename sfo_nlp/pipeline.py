"""The whole flow on one screen: from a file to an assessment."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from sfo_nlp.assessment.assess import Assessment, assess
from sfo_nlp.assessment.policy import read_policy
from sfo_nlp.checks.base import CheckContext
from sfo_nlp.checks.cues import built_in_matcher
from sfo_nlp.checks.registry import run_checks
from sfo_nlp.checks.roles import probabilities
from sfo_nlp.document import Document
from sfo_nlp.extract import extract
from sfo_nlp.language.reading import Reading, read_language
from sfo_nlp.settings import Settings


def review(path: Path | str, settings: Settings = Settings()) -> Assessment:
    """Check one review and return everything that was found, with the words each finding rests on.

    Raises a subclass of `sfo_nlp.errors.SfoError` when the file cannot be read or a model is refused.
    """
    started = perf_counter()
    # A criteria file with a fault is refused before any document is read.
    read_policy(settings.policy)
    assessment = review_document(extract(Path(path), settings), settings)
    return replace(assessment, seconds=round(perf_counter() - started, 3))


def review_document(document: Document, settings: Settings = Settings()) -> Assessment:
    """Check a review that has been read already."""
    started = perf_counter()
    read_policy(settings.policy)
    assessment = review_reading(read_language(document, settings), settings)
    return replace(assessment, seconds=round(perf_counter() - started, 3))


def review_reading(reading: Reading, settings: Settings = Settings()) -> Assessment:
    """Check a review whose language has been read already."""
    started = perf_counter()
    policy = read_policy(settings.policy)
    results = run_checks(reading, settings)
    return assess(reading, results, policy, seconds=round(perf_counter() - started, 3))


def read_sentences(path: Path | str, settings: Settings = Settings()) -> Iterator[dict[str, object]]:
    """Every sentence of one review with its page, section and role probabilities (0 to 1), in reading order."""
    reading = read_language(extract(Path(path), settings), settings)
    context = CheckContext(reading, built_in_matcher().match(reading), settings)
    columns = probabilities(context)
    for sentence in reading.sentences:
        yield {
            "document": reading.document.name,
            "index": sentence.index,
            "page": reading.document.page_of(sentence.span.start),
            "start": sentence.span.start,
            "end": sentence.span.end,
            "text": sentence.text,
            "section": sentence.section or None,
            "labels": {role: round(float(column[sentence.index]), 4) for role, column in columns.items()},
        }
