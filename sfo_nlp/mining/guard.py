"""Warnings about figures: a theme that no longer tells reviews apart, or one that rests on a single cue."""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from sfo_nlp.checks.cues import built_in_rules
from sfo_nlp.mining.corpus import Corpus, Filters
from sfo_nlp.store.tables import FindingRow

Key = tuple[str, str]
T = TypeVar("T")


@lru_cache(maxsize=1)
def limits() -> Mapping[str, Any]:
    """The thresholds of ``guard.toml``."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def guard(corpus: Corpus, reviews: Mapping[Key, int], total: int, filters: Filters = Filters()) -> dict[Key, list[str]]:
    """Warnings by theme and polarity, from the number of reviews that raise each and a sample of their passages.

    `reviews` and `total` are counts under `filters`; only passages of the reviews counted under them are looked at.
    """
    warned: dict[Key, list[str]] = defaultdict(list)
    if total < limits()["least_reviews"]:
        return {}
    for key, count in reviews.items():
        if count >= limits()["no_longer_discriminates_from"] * total:
            warned[key].append(f"raised in {count} of {total} reviews, so it no longer tells them apart")
    for key, quotes in _sample(corpus, [key for key, count in reviews.items() if count], filters).items():
        cue, share = leading_cue(key, quotes)
        if share >= limits()["one_cue"]["share"] and len(quotes) >= limits()["one_cue"]["least_passages"]:
            warned[key].append(f'{share:.0%} of {len(quotes)} passages looked at rest on the words "{cue}" alone')
    return dict(warned)


def leading_cue(key: Key, quotes: Sequence[str]) -> tuple[str, float]:
    """The cue that most passages rest on alone, and the share of passages that do."""
    cues = _cues()[key]
    alone: Counter[tuple[str, ...]] = Counter()
    for quote in quotes:
        low = quote.lower()
        held = [cue for cue in cues if cue[0] in low and all(part in low for part in cue)]
        if len(held) == 1:
            alone[held[0]] += 1
    if not alone:
        return "", 0.0
    (cue, count), *_ = alone.most_common(1)
    return " … ".join(cue), count / len(quotes)


@lru_cache(maxsize=1)
def _cues() -> Mapping[Key, frozenset[tuple[str, ...]]]:
    """The phrases of each theme and polarity, its own and its topic's, less those that hold a shorter one of them."""
    own: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for rule in built_in_rules():
        family, _, rest = rule.label.partition(":")
        if family in ("topic", "theme"):
            own[rest] |= {tuple(part.lower() for part in sequence) for sequence in rule.sequences}
    keys = {(name.partition(":")[0], polarity) for name in own for polarity in ("concern", "strength")}
    found = {(theme, sign): _shortest(own[theme] | own[f"{theme}:{sign}"]) for theme, sign in keys}
    return defaultdict(frozenset, found)


def _shortest(cues: set[tuple[str, ...]]) -> frozenset[tuple[str, ...]]:
    words = {cue: " ".join(cue) for cue in cues}
    kept: list[tuple[str, ...]] = []
    for cue in sorted(cues, key=lambda one: (len(words[one]), one)):
        if not any(words[other] in words[cue] for other in kept):
            kept.append(cue)
    return frozenset(kept)


def _sample(corpus: Corpus, keys: Sequence[Key], filters: Filters) -> dict[Key, list[str]]:
    """Some passages of each theme and polarity, from reviews spread evenly over the counted ones that raise it."""
    counts = corpus.raised(filters)
    found: dict[Key, list[str]] = {}
    with corpus.session() as session:
        for key in keys:
            if key in counts.kinds:
                raising = counts.ids[counts.table[:, counts.kinds.index(key)] > 0]
                found[key] = _quotes(session, key, _spread(raising.tolist()))
    return found


def _quotes(session: Session, key: Key, reviews: Sequence[int]) -> list[str]:
    theme, polarity = key
    query = select(FindingRow.quote).where(FindingRow.theme == theme, FindingRow.polarity == polarity)
    query = query.where(FindingRow.review_id.in_(reviews)).order_by(FindingRow.review_id, FindingRow.start)
    return _spread(list(dict.fromkeys(session.scalars(query))))


def _spread(items: Sequence[T]) -> list[T]:
    """As many of the items as a sample has, the first, the last and evenly between them."""
    size = limits()["one_cue"]["sample"]
    if len(items) <= size:
        return list(items)
    return [items[place * (len(items) - 1) // (size - 1)] for place in range(size)]
