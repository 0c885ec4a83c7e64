"""Rules as data: phrases with a source, matched over a document in one pass, aware of negation and hedging.

A rule file holds ``[[rule]]`` tables: ``id``, ``label``, ``source``, ``phrases`` and the passages on which the
rule ``fires`` and stays ``silent`` (its tests). In a phrase ``(a|b|)`` lists alternatives, an empty one makes the
group optional, ``<name>`` stands for a list of the file's ``[lists]``, and ``..`` for up to `GAP` words of the
same sentence. ``negatable = false`` lets a rule fire under a negation; ``unhedged = true`` silences it under a hedge.
"""

import hashlib
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from spacy.matcher import PhraseMatcher

from sfo_nlp.document import Span
from sfo_nlp.errors import RulesInvalid
from sfo_nlp.language.reading import Reading, load_pipeline

GAP = 7
REACH = 4
_GROUP = re.compile(r"\(([^()]*)\)")
_LETTERS = re.compile(r"[^\W\d_]+")
_LIST = re.compile(r"<([a-z_]+)>")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `sequences` are its phrases, expanded; each is the parts between gaps."""

    id: str
    label: str
    source: str
    sequences: tuple[tuple[str, ...], ...]
    fires: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    negatable: bool = True
    unhedged: bool = False


class Hit(NamedTuple):
    """A rule that fired: where, in which sentence, and whether a negation or a hedge stands in reach."""

    rule: str
    label: str
    sentence: int
    span: Span
    negated: bool
    hedged: bool

    @property
    def source(self) -> str:
        return f"rule:{self.rule}"


class Hits:
    """All hits of a document, by label and by sentence."""

    def __init__(self, hits: Iterable[Hit]) -> None:
        self._by_label: dict[str, list[Hit]] = defaultdict(list)
        for hit in hits:
            self._by_label[hit.label].append(hit)

    def of(self, label: str) -> list[Hit]:
        """The hits of `label` in reading order."""
        return self._by_label.get(label, [])

    def family(self, prefix: str) -> Iterator[Hit]:
        """The hits of every label that starts with `prefix`."""
        for label, hits in self._by_label.items():
            if label.startswith(prefix):
                yield from hits

    def sentences(self, label: str) -> dict[int, Hit]:
        """The first hit of `label` in each sentence that has one."""
        first: dict[int, Hit] = {}
        for hit in self.of(label):
            first.setdefault(hit.sentence, hit)
        return first


def read_rules(path: Path) -> tuple[Rule, ...]:
    """The rules of one TOML file. Raises `RulesInvalid` with the place of the first fault."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        lists = data.get("lists", {})
        return tuple(_rule(entry, lists) for entry in data.get("rule", ()))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, OSError) as error:
        raise RulesInvalid(f"{path.name}: {error}") from error


def _rule(entry: Mapping[str, Any], lists: Mapping[str, list[str]]) -> Rule:
    sequences = [sequence for phrase in entry["phrases"] for sequence in expand(phrase, lists)]
    return Rule(
        id=entry["id"],
        label=entry["label"],
        source=entry["source"],
        sequences=tuple(dict.fromkeys(sequences)),
        fires=tuple(entry.get("fires", ())),
        silent=tuple(entry.get("silent", ())),
        negatable=entry.get("negatable", True),
        unhedged=entry.get("unhedged", False),
    )


def expand(phrase: str, lists: Mapping[str, list[str]]) -> Iterator[tuple[str, ...]]:
    """Every plain phrase that the notation stands for, cut at its gaps."""
    phrase = _LIST.sub(lambda match: f"({'|'.join(lists[match.group(1)])})", phrase)
    pieces = _GROUP.split(phrase)
    choices = [piece.split("|") if index % 2 else [piece] for index, piece in enumerate(pieces)]
    for chosen in product(*choices):
        parts = tuple(" ".join(part.split()) for part in "".join(chosen).split(".."))
        if all(parts):
            yield parts


class Matcher:
    """All rules in one phrase matcher, which is filled as documents bring the words."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._nlp = load_pipeline(None)
        # One matcher serves every thread of the pane, and it grows while it is used.
        self._lock = Lock()
        self._matcher = PhraseMatcher(self._nlp.vocab, attr="LOWER")
        self._whole: dict[str, list[Rule]] = defaultdict(list)
        self._started: dict[str, list[tuple[Rule, tuple[str, ...]]]] = defaultdict(list)
        for rule in rules:
            for sequence in rule.sequences:
                if len(sequence) == 1:
                    self._whole[sequence[0].lower()].append(rule)
                else:
                    self._started[sequence[0].lower()].append((rule, tuple(part.lower() for part in sequence[1:])))
        parts = {*self._whole, *self._started}
        parts |= {part for entries in self._started.values() for _, rest in entries for part in rest}
        self._wanted = {""}
        self._met = {""}
        self._waiting: dict[str, list[str]] = defaultdict(list)
        for part in parts:
            words = _LETTERS.findall(part)
            self._wanted.update(words)
            self._waiting[max(words, key=len, default="")].append(part)

    def match(self, reading: Reading) -> Hits:
        """Every rule hit of a document, in reading order."""
        strings = self._nlp.vocab.strings
        with self._lock:
            self._prepare(reading)
            places = sorted((start, end, strings[key]) for key, start, end in self._matcher(reading.doc))
        return Hits(self._hits(reading, places))

    def _prepare(self, reading: Reading) -> None:
        """Compile the phrases whose every word was met by now: most of thousands never are, and each costs time.

        A phrase waits for one word at a time, its longest first.
        """
        # A review says most of its words over and over: they are cut into letters once. "Cannot" is two tokens, and a
        # phrase may hold it whole or its half.
        words = set(reading.document.text.lower().split())
        # The document may be of another pipeline, with words that this one has not met.
        strings = reading.doc.vocab.strings
        tokens = [strings[key] for key in np.unique(reading.doc.to_array("LOWER")).tolist()]
        self._met |= self._wanted.intersection(_LETTERS.findall(" ".join((*words, *tokens))))
        for word in self._met & self._waiting.keys():
            for part in self._waiting.pop(word):
                missing = next((other for other in _LETTERS.findall(part) if other not in self._met), None)
                if missing is None:
                    self._matcher.add(part, [self._nlp.make_doc(part)])
                else:
                    self._waiting[missing].append(part)

    def _hits(self, reading: Reading, places: Sequence[tuple[int, int, str]]) -> Iterator[Hit]:
        """The rules whose phrases stand at `places`: first token, one past the last, the phrase."""
        sentence_of = _sentence_of(reading)
        # Asking the document for its tokens one by one costs more than finding the phrases.
        starts, lengths = reading.doc.to_array(["IDX", "LENGTH"]).T.tolist() if places else ([], [])
        ends = [start + length for start, length in zip(starts, lengths, strict=True)]
        by_part: dict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
        modifiers: dict[str, dict[int, list[int]]] = {"negation": defaultdict(list), "hedge": defaultdict(list)}
        found: list[tuple[Rule, int, int]] = []
        parts_of: dict[int, set[str]] = defaultdict(set)
        for start, end, part in places:
            by_part[sentence_of[start], part].append((start, end))
            parts_of[sentence_of[start]].add(part)
        for start, end, part in places:
            found += [(rule, start, end) for rule in self._whole.get(part, ())]
            sentence = sentence_of[start]
            parts = parts_of[sentence]
            for rule, rest in self._started.get(part, ()):
                last = _follow(rest, end, by_part, sentence) if rest[0] in parts else None
                if last is not None:
                    found.append((rule, start, last))
        for rule, start, end in found:
            if rule.label in modifiers:
                modifiers[rule.label][sentence_of[start]].append(end)
        for rule, start, end in found:
            sentence = sentence_of[start]
            if sentence < 0 or sentence_of[end - 1] != sentence:
                continue
            negated = any(0 <= start - at <= REACH for at in modifiers["negation"][sentence])
            hedged = bool(modifiers["hedge"][sentence])
            if (negated and rule.negatable and rule.label not in modifiers) or (hedged and rule.unhedged):
                continue
            yield Hit(rule.id, rule.label, sentence, Span(starts[start], ends[end - 1]), negated, hedged)


def _follow(
    rest: tuple[str, ...], end: int, by_part: Mapping[tuple[int, str], list[tuple[int, int]]], sentence: int
) -> int | None:
    """The token end of a gapped phrase whose first part ends at `end`, or None when a part does not follow."""
    for part in rest:
        following = [stop for start, stop in by_part.get((sentence, part), ()) if 0 <= start - end <= GAP]
        if not following:
            return None
        end = min(following)
    return end


def _sentence_of(reading: Reading) -> list[int]:
    owner = [-1] * (len(reading.doc) + 1)
    for sentence in reading.sentences:
        owner[sentence.tokens.start : sentence.tokens.end] = [sentence.index] * (
            sentence.tokens.end - sentence.tokens.start
        )
    return owner


@lru_cache(maxsize=1)
def built_in_rules() -> tuple[Rule, ...]:
    """The rules of every TOML file beside the checks that holds rules, in file order."""
    return tuple(rule for path in sorted(Path(__file__).parent.glob("*.toml")) for rule in read_rules(path))


@lru_cache(maxsize=1)
def rules_version() -> str:
    """The start of one hash over every data file beside the checks: it changes when any rule does."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.toml")):
        digest.update(path.name.encode() + b"\x00" + path.read_bytes())
    return digest.hexdigest()[:12]


@lru_cache(maxsize=1)
def built_in_matcher() -> Matcher:
    """The matcher over the built-in rules, compiled once per process."""
    return Matcher(built_in_rules())
