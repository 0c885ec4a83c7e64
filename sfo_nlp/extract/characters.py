"""Characters that look alike or show nothing, brought to one form; the shape of quotation marks is kept."""

import re
from functools import lru_cache

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_NOTHING = "\u00ad\u200b\u200c\u200d\u2060\ufeff\ufffe\uffff\u034f\u180e\u115f\u1160\u3164"
_REORDERING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_BULLETS = dict.fromkeys("\uf0b7\uf0a7\uf076\uf0d8\uf0fc\u25aa\u25cf\u25e6\u25cb\u2023\u2043\u2219\u27a2", "•")
_TABLE = str.maketrans(
    {
        **_LIGATURES,
        **_BULLETS,
        **dict.fromkeys(_SPACES, " "),
        **dict.fromkeys(_NOTHING),
        # Left in, these would show a sentence in another order than the one that was judged.
        **dict.fromkeys(_REORDERING, "\ufffd"),
        **{chr(code): None for code in (*range(9), *range(14, 32), 127, *range(0x80, 0xA0))},
        "\u2010": "-",
        "\u2011": "-",
        "\u2212": "-",
        "\t": " ",
        "\x0b": " ",
    }
)
_RUNS = re.compile(r"\s+")
REORDERING = re.compile(f"[{_REORDERING}]")


@lru_cache(maxsize=65_536)
def clean_word(word: str) -> str:
    """One word as it is read: ligatures resolved, invisible characters gone, reordering marks made visible."""
    return word if word.isascii() and word.isprintable() else word.translate(_TABLE).strip()


def clean(text: str) -> str:
    """A stretch of text in one line, its white space collapsed."""
    return _RUNS.sub(" ", text if text.isascii() and text.isprintable() else text.translate(_TABLE)).strip()
