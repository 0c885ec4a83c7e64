"""The passages nearest to a sentence in meaning: the signs of all vectors first, the vectors of the best then.

Signs of vectors keep their angles (Charikar 2002), and comparing bits is quick: three million sentences are 144 MB.
The `CANDIDATES` with the fewest different bits are then compared by the vectors themselves.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy import select

from sfo_nlp.mining.answer import Answer
from sfo_nlp.mining.corpus import Corpus, Filters
from sfo_nlp.mining.errors import VectorsMissing
from sfo_nlp.mining.search import COLUMNS, located
from sfo_nlp.mining.themes import said
from sfo_nlp.settings import Settings
from sfo_nlp.store.corpus_index import signs
from sfo_nlp.store.corpus_tables import SHIFT, VectorRow, VectorValueRow

CANDIDATES = 400


class Codes(NamedTuple):
    """The signs of every sentence vector: `ids` (n,), `bits` (n, dimensions / 64) as unsigned integers."""

    ids: npt.NDArray[np.int64]
    bits: npt.NDArray[np.uint64]
    dimensions: int


def nearest(
    corpus: Corpus,
    sentence: str,
    filters: Filters = Filters(),
    *,
    settings: Settings = Settings(),
    limit: int = 20,
    vector: npt.NDArray[np.float32] | None = None,
    model: str | None = None,
) -> Answer:
    """The `limit` sentences whose vectors have the largest cosine (`similarity`, -1 to 1) with that of `sentence`.

    `vector` and `model` stand in for the encoder's when given. Raises `VectorsMissing` where no model or no vectors
    are there.
    """
    if vector is None:
        vector, model = encode(sentence, settings)
    codes = corpus.kept("codes", (filters, model), lambda: _codes(corpus, filters, model))
    best = _candidates(codes, vector)
    scored = sorted(_compare(corpus, best, vector, codes.dimensions), key=lambda pair: -pair[1])[:limit]
    rows = located(corpus, [id for id, _ in scored])
    similar = dict(scored)
    ordered = [{**rows[id], "similarity": round(similar[id], 4)} for id, _ in scored if id in rows]
    columns = {"similarity": "Similarity", **COLUMNS}
    note = f"Compared with {len(codes.ids):,} sentences."
    return Answer(
        "passages", f"Nearest to: {sentence}", columns, ordered, corpus.count(filters), (note,), said(filters)
    )


def encode(sentence: str, settings: Settings) -> tuple[npt.NDArray[np.float32], str]:
    """The encoder's vector of one sentence, unit length, and the encoder's hash. Raises `VectorsMissing`."""
    from sfo_nlp.language.models import model_folder, sentence_encoder
    from sfo_nlp.language.units import Unit

    folder = model_folder(settings.models)
    if not folder or settings.fast:
        raise VectorsMissing("No sentence encoder is installed, so nearest passages cannot be looked for")
    unit = Unit(text=sentence, heading="", kind="paragraph", header="", block=1)
    (vector,) = sentence_encoder(folder).vectors([unit])
    return vector / max(float(np.linalg.norm(vector)), 1e-6), folder.files.get("encoder.onnx", "encoder")


def _codes(corpus: Corpus, filters: Filters, model: str | None) -> Codes:
    query = select(VectorRow.review_id, VectorRow.dimensions, VectorRow.numbers, VectorRow.codes)
    if model is not None:
        query = query.where(VectorRow.model == model)
    within = corpus.within(filters)
    if within is not None:
        query = query.where(VectorRow.review_id.in_(within))
    with corpus.session() as session:
        found = session.execute(query.order_by(VectorRow.review_id)).all()
    if not found:
        raise VectorsMissing("The reviews in the store have no sentence vectors of this encoder")
    dimensions = found[0][1]
    ids = [np.frombuffer(numbers, "<i4").astype(np.int64) + (review << SHIFT) for review, _, numbers, _ in found]
    bits = np.frombuffer(b"".join(codes for *_, codes in found), np.uint8).reshape(-1, dimensions // 8)
    return Codes(np.concatenate(ids), _words(bits), dimensions)


def _words(bits: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint64]:
    """Bytes (n, b) as 64-bit words (n, ceil(b / 8)), so that eight are compared at once."""
    short = -bits.shape[1] % 8
    padded = np.pad(bits, ((0, 0), (0, short))) if short else bits
    return np.ascontiguousarray(padded).view(np.uint64)


def _candidates(codes: Codes, vector: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    asked = _words(signs(vector[None, :]))[0]
    different = np.zeros(len(codes.ids), np.uint16)
    for column in range(codes.bits.shape[1]):
        different += np.bitwise_count(codes.bits[:, column] ^ asked[column])
    count = min(CANDIDATES, len(different))
    return codes.ids[np.argpartition(different, count - 1)[:count]]


def _compare(
    corpus: Corpus, ids: npt.NDArray[np.int64], vector: npt.NDArray[np.float32], dimensions: int
) -> list[tuple[int, float]]:
    """Each candidate's id and cosine."""
    wanted: dict[int, list[int]] = {}
    for id in ids.tolist():
        wanted.setdefault(id >> SHIFT, []).append(id & ((1 << SHIFT) - 1))
    query = (
        select(VectorRow.review_id, VectorRow.numbers, VectorValueRow.content)
        .join(VectorValueRow, VectorValueRow.review_id == VectorRow.review_id)
        .where(VectorRow.review_id.in_(wanted))
    )
    scored: list[tuple[int, float]] = []
    with corpus.session() as session:
        for review, numbers, content in session.execute(query):
            rows = np.searchsorted(np.frombuffer(numbers, "<i4"), wanted[review])
            values = np.frombuffer(content, np.int8).reshape(-1, dimensions)[rows].astype(np.float32)
            cosines: Any = values @ vector / np.maximum(np.linalg.norm(values, axis=1), 1e-6)
            scored += [((review << SHIFT) + n, float(c)) for n, c in zip(wanted[review], cosines, strict=True)]
    return scored
