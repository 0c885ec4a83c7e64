"""Sentence boundaries that survive titles, initials, numbered paragraphs, times and references.

A spaCy component: it reads the block edges that the extractor found and never lets a sentence cross one.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

_BEGINS, _GOES_ON = np.uint64(1), np.uint64(2**64 - 1)
_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)")
_NEVER_END = frozenset(
    "mr mrs ms miss dr prof rev hon st sgt insp supt det con cllr gen capt lt col messrs mx "
    "para paras no nos ref refs fig vol ed eds pp p cf vs v e.g i.e eg ie approx ca dept govt ext tel "
    "art reg regs sched ss jan feb mar apr jun jul aug sept sep oct nov dec".split()
)
_MAY_END = frozenset("a.m p.m am pm etc al jr sr ltd plc inc co u.k h.m".split())
_STARTERS = frozenset(
    "the a an he she it they we i you his her its their our my your this that these those there here on in at by from "
    "when while after before during following however although despite because as if since once no not neither nothing "
    "nobody mr mrs ms dr and but so then what why who how whether for with to all some both each every one two".split()
)
_AHEAD = re.compile(r"\s+(?P<rest>[\"'“‘(\[]*(?P<opener>[\w’']+|\S))")
_LAST_WORD = re.compile(r"([A-Za-z0-9][\w.'’-]*)$")
# "2. The court heard ...": the number opens the sentence and is none of its own.
_NUMBER_ALONE = re.compile(r"\s*\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivxIVX]{1,5})[.)]+")
# No suffix of a word is longer. Looked for in all that is left of a run of brackets, each costs the length of the run.
_SUFFIX = 64
# As many as spaCy keeps.
_MOST_WORDS = 10_000
_INITIAL = re.compile(r"(?:^|[\s(.])[A-Z]$")


def boundaries(text: str) -> Iterator[int]:
    """Offsets in `text` (one block) at which a new sentence starts, the first one left out."""
    last = 0
    for match in _END.finditer(text):
        ahead = _AHEAD.match(text, match.end())
        if _NUMBER_ALONE.fullmatch(text, last, match.end()):
            continue
        if ahead and _ends_sentence(text[max(0, match.start() - 30) : match.start()], match.group(), ahead["opener"]):
            last = ahead.start("rest")
            yield last


def _ends_sentence(before: str, mark: str, after: str) -> bool:
    """Whether `mark` closes a sentence, from the text before it and the word after it."""
    if after[0].islower():
        return False
    if mark[0] in "!?…" or len(mark.rstrip("\"'”’)]")) > 1:
        return True
    found = _LAST_WORD.search(before)
    word = found.group(1).lower() if found else ""
    starter = after.lower() in _STARTERS
    if word in _MAY_END:
        return starter
    if word in _NEVER_END:
        # "Sept 3", "No. 7", "Mr. Hale" go on; "He said no. The next day" does not.
        return word in ("no", "mar", "con", "art", "ed") and starter
    if _INITIAL.search(before):
        return starter
    return True


def bound_tokenizer(nlp: Language) -> Language:
    """Let a pipeline's tokenizer look for suffixes at the end of a word only: it is linear then in a word's length."""
    tokenizer: Any = nlp.tokenizer
    search = tokenizer.suffix_search
    if search is not None:
        tokenizer.suffix_search = lambda word: search(word[-_SUFFIX:])
    return nlp


def learn_words(nlp: Language, text: str) -> None:
    """Show a pipeline's tokenizer every new word of `text` by itself, so that it keeps what it makes of it.

    Within a text it keeps nothing more from the first contraction on ("can't"), and parts each later word anew.
    """
    shown = _shown(nlp)
    for word in {*text.split(), "\n", "\n\n"} - shown:
        if len(shown) < _MOST_WORDS:
            shown.add(word)
            nlp.make_doc(word)


@lru_cache(maxsize=4)
def _shown(nlp: Language) -> set[str]:
    return set()


@Language.factory("review_sentences")
class ReviewSentences:
    """Sets ``is_sent_start`` from `Doc.user_data["edges"]` (offsets of block starts) and `boundaries`.

    `Doc.user_data["text"]` spares joining the text again from its tokens.
    """

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        text = doc.user_data.get("text") or doc.text
        edges = sorted({0, *doc.user_data.get("edges", ())})
        starts = set(edges)
        for start, end in zip(edges, [*edges[1:], len(text)], strict=True):
            starts.update(start + offset for offset in boundaries(text[start:end]))
        first = np.searchsorted(doc.to_array("IDX"), sorted(starts), side="left")
        flags = np.full(len(doc), _GOES_ON, dtype=np.uint64)
        flags[first[first < len(doc)]] = _BEGINS
        # One array, not token by token: setting each token's flag is quadratic in a document's length.
        return doc.from_array(["SENT_START"], flags)  # type: ignore[arg-type]
