"""One file's assessment as a worker makes it: bytes in, plain values out, every failure a value, no exception."""

import hashlib
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import numpy as np

from sfo_nlp.errors import SfoError
from sfo_nlp.mining.errors import InternalError, WorkerDiffers
from sfo_nlp.mining.recipe import recipe
from sfo_nlp.settings import Settings, default_models
from sfo_nlp.store.corpus_index import Vectors

LEAST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Job:
    """A file to assess: its path (a name only), its bytes, or the failure to read them."""

    path: str
    name: str
    content: bytes = b""
    failure: SfoError | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """An assessed file: the assessment's JSON form, its sentence vectors if a model made some, seconds of work."""

    path: str
    wire: dict[str, Any]
    vectors: Vectors | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that could not be assessed, by code. `document` is the hash of its bytes, empty if unread."""

    path: str
    document: str
    error: SfoError
    seconds: float = 0.0


def assess_job(job: Job, settings: Settings, expected: str, own_models: bool) -> Done | Failed:
    """Assess one file. With `own_models` this machine's installed models serve, whatever path `settings` names.

    A worker that would assess otherwise than `expected` (its `recipe`) fails the file instead.
    """
    started = perf_counter()
    identity = hashlib.sha256(job.content).hexdigest() if job.content else ""
    if job.failure is not None:
        return Failed(job.path, identity, job.failure)
    try:
        if own_models:
            settings = replace(settings, models=default_models())
        if recipe(settings) != expected:
            raise WorkerDiffers(f"{job.name}: the worker has another version of sfo-nlp, its rules or its models")
        wire, vectors = _assess(job, settings)
        return Done(job.path, wire, vectors, round(perf_counter() - started, 3))
    except SfoError as error:
        return Failed(job.path, identity, error, round(perf_counter() - started, 3))
    except Exception as error:  # one file must not stop the others
        fault = InternalError(f"{job.name}: {type(error).__name__}: {error}")
        return Failed(job.path, identity, fault, round(perf_counter() - started, 3))


def _assess(job: Job, settings: Settings) -> tuple[dict[str, Any], Vectors | None]:
    from sfo_nlp.extract import extract_bytes
    from sfo_nlp.language.reading import read_language
    from sfo_nlp.pipeline import review_reading

    started = perf_counter()
    reading = read_language(extract_bytes(job.content, job.name, settings), settings)
    assessment = review_reading(reading, settings)
    wire = replace(assessment, seconds=round(perf_counter() - started, 3)).to_dict()
    predictions = reading.predictions
    if not predictions.vectors.shape[1]:
        return wire, None
    kept = [s.index for s in reading.sentences if s.is_prose and len(s.text.split()) >= LEAST_WORDS]
    starts = np.array([reading.sentences[index].span.start for index in kept], np.int32)
    model = predictions.files.get("encoder.onnx", "encoder")
    return wire, Vectors(starts, predictions.vectors[kept], model)
