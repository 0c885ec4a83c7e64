"""Who an action names outside its subject: after a comma or dash, in brackets, under a label, or after "by the".

A post counts here only in a place where nothing but a doer stands; a post that is merely spoken of does not.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from sfo_nlp.checks.data import phrases
from sfo_nlp.checks.dates import MONTHS

_CAPITAL = r"(?-i:[A-Z])[\w’'&-]*"
_MONTHS = "|".join([*{number: name for name, number in MONTHS.items()}.values(), "Q[1-4]"])
_PLACE = (
    rf"(?:,?\s+(?:of|for|at|in)\s+(?:the\s+)?(?!(?:{_MONTHS})\b)(?:HMP\s+)?{_CAPITAL}"
    rf"(?:\s+(?:(?:and|of|for|the)\s+)?{_CAPITAL}){{0,5}})"
)
_BREAK = r"(?:[,;:(]|\s[–—-])\s*"


class Posts:
    """The places in which a post is named as the doer. `names` are the last words of posts, such as "manager"."""

    def __init__(self, names: Iterable[str]) -> None:
        words = phrases("actions", "owning", space=r"\s+")
        noun = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
        titled = "|".join([*(re.escape(name.title()) for name in names), words["short"]])
        # Written as a title, "Head of Business Services"; or in small letters after an article, "the team manager".
        title = rf"(?:the\s+)?(?:{_CAPITAL}\s+(?:(?:and|of|for)\s+)?){{0,5}}?(?-i:{titled})\b{_PLACE}?"
        between = r"(?:(?!(?:of|for|in|at|to|and|or)\b)[\w’'-]+\s+){0,3}?"
        office = rf"\s+of\s+(?:the\s+)?(?:\w+\s+)?{words['offices']}\b"
        end = rf"(?=\s*(?:[,;)]|[–—]|\s-\s|\.?\s*$|\s{words['before_date']}\s))"
        plain = rf"(?:the|our)\s+{between}(?:{noun})\b(?!’s|'s)(?:{_PLACE}|{office})?"
        first = rf"(?:{_CAPITAL}\s+){between}(?:{noun}){_PLACE}?"
        either = rf"(?P<owner>{plain}|{title})"
        self._opening = re.compile(rf"^\W*(?P<owner>{title}|{first})\s*(?::|\s[–—-])\s", re.IGNORECASE)
        self._set_off = re.compile(rf"{_BREAK}(?P<owner>{title}|{plain}){end}", re.IGNORECASE)
        self._said = re.compile(
            rf"(?:(?:^\W*|[.;:(]\s*)(?:actions?\s+)?assigned\s+to\s+|\b{words['for']}\s*:?\s+"
            rf"|\b{words['duties']}\b[^.;]{{0,40}}?\b{words['lies_with']}\s+|\b{words['led_by']}\s+){either}",
            re.IGNORECASE,
        )
        self._by = re.compile(rf"\bby\s+(?P<owner>{plain})", re.IGNORECASE)
        self._ends = re.compile(rf"\b(?:{noun}|{words['short']})$", re.IGNORECASE)

    def named(self, text: str) -> Iterator[str]:
        """Posts named as the doer, the surest place first."""
        for pattern in (self._opening, self._said):
            for match in pattern.finditer(text):
                yield match["owner"]
        for match in self._set_off.finditer(text):
            before = re.split(r"[,;:(]", text[: match.start()])[-1].strip()
            # "with the Deputy Head, Head of Operations" is a list of those told, not of doers.
            if before and not self._ends.search(before):
                yield match["owner"]

    def doers(self, text: str) -> Iterator[str]:
        """Posts after "by": the doer of what is to be done, where `text` is the demand in the passive."""
        for match in self._by.finditer(text):
            yield match["owner"]


@lru_cache(maxsize=2)
def posts(names: tuple[str, ...]) -> Posts:
    """The patterns for these posts, compiled once."""
    return Posts(names)
