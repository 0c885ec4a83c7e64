"""What makes one sentence hard: length, passive verbs, verbs hidden in nouns, double negatives, brackets, clauses.

Nothing here scores a document; it says what stands in a sentence, and where a long one could be split.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sfo_nlp.checks.passive import Passive, Tokens, passives
from sfo_nlp.document import Span
from sfo_nlp.language.prose import Counts, count_sentence
from sfo_nlp.language.reading import Sentence

_BRACKET = re.compile(r"\([^()]{12,}\)|\[[^\[\]]{12,}\]")
_CLAUSE = re.compile(
    r",\s+(?:which|who|whom|whose|where|when|while|whilst|although|though|because|since|if|unless|as|so that|having"
    r"|being)\b"
    r"|\b(?:that|which|who|because|although|whereas|unless|whether)\b|[;–—]"
)
# Best places first: a semicolon or dash, a joined main clause, a trailing "which" or contrast.
_SPLITS = (
    re.compile(r"\s*[;–—]\s+"),
    re.compile(
        r",\s+(?:and|but|so|yet|nor|or)\s+(?=(?:he|she|it|they|we|I|the|this|that|there|no|nobody|his|her|their|Mr|Mrs|Ms|Miss|Dr|[A-Z])\b)"
    ),
    re.compile(r",\s+(?=(?:which|who|where|while|whilst|although|though|whereas|because|since)\b)"),
    re.compile(r",\s+(?:and|but|so|yet)\s+"),
    re.compile(r"\s+(?:and|but)\s+(?=(?:he|she|it|they|we|I|the|this|there|nobody|Mr|Mrs|Ms|Miss|Dr)\b)"),
    re.compile(r"\s+(?=(?:because|although|whereas|while)\b)"),
)
_WORD = re.compile(r"\w+")
_LEAST_PART = 5


class Swap(NamedTuple):
    """Words that could be said more plainly, with the offer."""

    span: Span
    plain: str


@dataclass(frozen=True, slots=True)
class Wording:
    """What was found in one sentence. Spans are offsets into the document's text."""

    sentence: Sentence
    counts: Counts
    passives: tuple[Passive, ...]
    nominalisations: tuple[Swap, ...]
    double_negatives: tuple[Swap, ...]
    brackets: int
    clauses: int

    @property
    def words(self) -> int:
        return self.counts.words


@dataclass(frozen=True, slots=True)
class _Lists:
    carriers: frozenset[str]
    nouns: Mapping[str, str]
    spelling: Mapping[str, str]
    american: re.Pattern[str]
    negation: re.Pattern[str]
    double_negatives: tuple[tuple[re.Pattern[str], str], ...]


@lru_cache(maxsize=1)
def _lists() -> _Lists:
    data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    negatives = tuple((re.compile(item["pattern"], re.IGNORECASE), item["plain"]) for item in data["double_negative"])
    american = re.compile(rf"\b(?:{'|'.join(map(re.escape, data['spelling']))})\b")
    negation = re.compile(rf"(?:{'|'.join(data['negations'])})\b")
    return _Lists(frozenset(data["carriers"]), data["nouns"], data["spelling"], american, negation, negatives)


def wording(sentence: Sentence) -> Wording:
    """Look at one sentence."""
    text, base = sentence.text, sentence.span.start
    tokens = Tokens(text, base)
    return Wording(
        sentence=sentence,
        counts=count_sentence(text),
        passives=tuple(passives(tokens)),
        nominalisations=tuple(_nominalisations(tokens)),
        double_negatives=tuple(_double_negatives(text, base)),
        brackets=len(_BRACKET.findall(text)),
        clauses=len(_CLAUSE.findall(text)),
    )


def _double_negatives(text: str, base: int) -> Iterator[Swap]:
    lists = _lists()
    if not lists.negation.search(text.lower()):
        return
    for pattern, plain in lists.double_negatives:
        for match in pattern.finditer(text):
            yield Swap(Span(base + match.start(), base + match.end()), plain)


def split_at(text: str) -> int | None:
    """Where in a long sentence the next one could begin: the offset in `text`, or None when no place is safe."""
    middle, best = len(text) / 2, None
    for pattern in _SPLITS:
        places = [
            match.end()
            for match in pattern.finditer(text)
            if len(text[: match.start()].split()) >= _LEAST_PART and len(text[match.end() :].split()) >= _LEAST_PART
        ]
        places = [place for place in places if not _inside(text, place)]
        if places:
            best = min(places, key=lambda place: abs(place - middle))
            break
    return best


def _inside(text: str, place: int) -> bool:
    """Whether `place` lies within brackets or quotation marks, where no sentence may end."""
    before = text[:place]
    quoted = before.count("“") > before.count("”") or before.count('"') % 2 == 1
    return quoted or before.count("(") > before.count(")")


def american_spellings(text: str) -> list[Swap]:
    """American spellings in a text, with the British ones. Names keep theirs: capitalised words are left alone."""
    lists = _lists()
    # Looking for whole words among those of the text spares most texts the slow search for their places.
    if lists.spelling.keys().isdisjoint(_WORD.findall(text)):
        return []
    return [Swap(Span(*match.span()), lists.spelling[match.group()]) for match in lists.american.finditer(text)]


def _nominalisations(tokens: Tokens) -> list[Swap]:
    """Verbs that carry a noun within four words: "made a referral", "carried out an assessment of"."""
    lists, words = _lists(), tokens.words
    found: list[Swap] = []
    if lists.carriers.isdisjoint(words):
        return found
    for index, carrier in enumerate(words):
        if carrier not in lists.carriers:
            continue
        for ahead in range(index + 1, min(index + 5, len(words))):
            if words[ahead] in lists.nouns:
                found.append(Swap(tokens.span(index, ahead), lists.nouns[words[ahead]]))
                break
            if words[ahead] in _STOPS:
                break
    return found


_STOPS = frozenset(
    ". , ; : ( ) that which who and or but because if when by in on at to for from he she it they not".split()
)
