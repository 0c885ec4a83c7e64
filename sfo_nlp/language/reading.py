"""A document parsed once: spaCy's tokens, our sentences, and what the models say of each of them."""

import gc
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from sfo_nlp.document import Block, Document, Span
from sfo_nlp.language.letters import initials_spelling_words, unspelt
from sfo_nlp.language.predict import predict
from sfo_nlp.language.sentences import bound_tokenizer, learn_words
from sfo_nlp.language.units import Predictions, Unit
from sfo_nlp.settings import Settings

LONGEST_RUN = 2000
_RUN = re.compile(rf"\S{{{LONGEST_RUN}}}")
_PIECES = re.compile(rf"(?:\S{{1,{LONGEST_RUN - 1}}}\s+|\s+)+|\S{{1,{LONGEST_RUN}}}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, list item, cell or heading: `span` in the document's text, `tokens` in the spaCy `Doc`."""

    index: int
    span: Span
    tokens: Span
    block: Block
    section: str
    text: str

    @property
    def is_prose(self) -> bool:
        """Whether the author wrote it as a sentence: no heading, no caption."""
        return self.block.kind not in ("heading", "caption")


@dataclass(frozen=True, slots=True)
class Reading:
    """What every check shares. `units` and `predictions` have one row per sentence."""

    document: Document
    doc: Doc
    sentences: tuple[Sentence, ...]
    units: tuple[Unit, ...]
    predictions: Predictions

    def sentence_at(self, offset: int) -> Sentence:
        """The sentence that holds the character at `offset`, or the last one that starts before it."""
        index = bisect_right(self.sentences, offset, key=lambda sentence: sentence.span.start) - 1
        return self.sentences[max(index, 0)]


@lru_cache(maxsize=4)
def load_pipeline(name: str | None) -> Language:
    """The spaCy pipeline: blank English, or the installed one called `name`, with our sentences."""
    nlp = bound_tokenizer(spacy.load(name, exclude=["senter"]) if name else spacy.blank("en"))
    nlp.add_pipe("review_sentences", first=True)
    nlp.max_length = 20_000_000
    # What the libraries hold stays to the end; looking for garbage in it again and again takes a tenth of a review.
    gc.freeze()
    return nlp


def read_language(document: Document, settings: Settings) -> Reading:
    """Tokenise, split into sentences and run the models over `document`."""
    nlp = load_pipeline(settings.pipeline)
    doc = _tokenise(nlp, document.text)
    doc.user_data["text"] = document.text
    doc.user_data["edges"] = [block.span.start for block in document.blocks]
    for _, component in nlp.pipeline:
        doc = component(doc)
    sentences = tuple(_sentences(document, doc))
    initials = initials_spelling_words(document.text)
    units = tuple(_unit(sentence, initials) for sentence in sentences)
    return Reading(document, doc, sentences, units, predict(units, settings))


def _tokenise(nlp: Language, text: str) -> Doc:
    """The tokens of `text`; a run without any space is cut, since spaCy's cost grows with the square of its length."""
    if not _RUN.search(text):
        learn_words(nlp, text)
        return nlp.make_doc(text)
    pieces = [nlp.make_doc(piece) for piece in _PIECES.findall(text)]
    return Doc.from_docs(pieces, ensure_whitespace=False) or nlp.make_doc(text)


def _sentences(document: Document, doc: Doc) -> list[Sentence]:
    found: list[Sentence] = []
    blocks = iter(document.blocks)
    block = next(blocks, None)
    if block is None:
        return found
    following = next(blocks, None)
    section = document.text[slice(*block.span)] if block.kind == "heading" else ""
    for tokens in doc.sents:
        raw = document.text[tokens.start_char : tokens.end_char]
        text = raw.strip()
        if not text:
            continue
        start = tokens.start_char + len(raw) - len(raw.lstrip())
        while following is not None and following.span.start <= start:
            block, following = following, next(blocks, None)
            if block.kind == "heading":
                section = document.text[slice(*block.span)]
        span = Span(start, start + len(text))
        found.append(Sentence(len(found), span, Span(tokens.start, tokens.end), block, section, text))
    return found


def _unit(sentence: Sentence, initials: frozenset[str]) -> Unit:
    block = sentence.block
    return Unit(
        text=unspelt(sentence.text, initials),
        heading="" if block.kind == "heading" else sentence.section,
        kind=block.kind,
        header=block.cell.header if block.cell else "",
        block=block.number,
        row=(block.cell.table, block.cell.row) if block.cell else None,
        marker=block.marker,
    )
