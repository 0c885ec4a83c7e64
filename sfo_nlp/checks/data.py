"""The data file beside a check, read once: its lists of phrases as patterns, its bounds with their reasons.

A list holds phrases as a person writes them. In a phrase ``(a|b|)`` lists alternatives, an empty one makes the group
optional, ``*`` stands for any ending of the word, and ``'`` for either apostrophe. A bound is a number under
``[bounds.NAME]`` with ``why`` it is this number and no other.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from sfo_nlp.errors import RulesInvalid

_FOLDER = Path(__file__).parent
_GROUP = re.compile(r"\(([^()]*)\)")


class Phrases:
    """The lists of one table. `space` is the pattern of what stands between two words of a phrase."""

    def __init__(self, place: str, lists: object, space: str = " ") -> None:
        if not isinstance(lists, Mapping):
            raise RulesInvalid(f"{place}: there is no such table of lists")
        self._place = place
        self._space = space
        self._lists: Mapping[str, object] = lists

    def words(self, name: str) -> tuple[str, ...]:
        """The phrases of one list as they stand in the file. Raises `RulesInvalid` where the list has a fault."""
        found = self._lists.get(name)
        if not isinstance(found, list) or not found:
            raise RulesInvalid(f"{self._place}.{name}: a list of phrases is missing")
        for phrase in found:
            if not isinstance(phrase, str) or not phrase.strip() or set(_GROUP.sub("", phrase)) & set("()|"):
                raise RulesInvalid(f"{self._place}.{name}: {phrase!r} is no phrase")
        return tuple(found)

    def any(self, *names: str) -> str:
        """A pattern that matches any phrase of the lists, tried in their order."""
        return f"(?:{'|'.join(self._pattern(phrase) for name in names for phrase in self.words(name))})"

    def __getitem__(self, name: str) -> str:
        return self.any(name)

    def _pattern(self, phrase: str) -> str:
        pieces = _GROUP.split(phrase)
        return "".join(
            f"(?:{'|'.join(map(self._literal, piece.split('|')))})" if index % 2 else self._literal(piece)
            for index, piece in enumerate(pieces)
        )

    def _literal(self, text: str) -> str:
        escaped = "*".join(map(re.escape, text.split("*"))).replace("*", r"\w*")
        return escaped.replace("\\ ", self._space).replace("'", "[’']")


@lru_cache(maxsize=32)
def data(name: str) -> Mapping[str, Any]:
    """All of ``NAME.toml`` beside the checks. Raises `RulesInvalid` where it is no TOML."""
    try:
        return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise RulesInvalid(f"{name}.toml: {error}") from error


def phrases(name: str, table: str, *, space: str = " ") -> Phrases:
    """The lists of phrases under ``[TABLE]`` of ``NAME.toml``."""
    return Phrases(f"{name}.toml: {table}", data(name).get(table), space)


@lru_cache(maxsize=128)
def bound(name: str, of: str) -> float:
    """The number under ``[bounds.OF]`` of ``NAME.toml``. Raises `RulesInvalid` where it or its reason is missing."""
    entry = data(name).get("bounds", {}).get(of, {})
    value, why = entry.get("value"), entry.get("why")
    if not isinstance(value, int | float) or isinstance(value, bool) or not isinstance(why, str) or not why.strip():
        raise RulesInvalid(f"{name}.toml: bounds.{of}: a number with its reason is missing")
    return value


def count(name: str, of: str) -> int:
    """A `bound` that counts something: sentences, words or passages."""
    value = bound(name, of)
    if not isinstance(value, int) or value < 1:
        raise RulesInvalid(f"{name}.toml: bounds.{of}: {value} is no count")
    return value
