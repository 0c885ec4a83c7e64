"""Initials that spell a word: the models read letters in lower case, so "NO was seen weekly" would deny that he was."""

import re

# Words of two letters, without those that reviews also write in capitals as themselves (IT, US, AM, PM).
WORDS = tuple("AN AS AT BE BY DO GO HE IF IN IS ME MY NO OF ON OR SO TO UP WE".split())
OFTEN = 3
_CAPITALS = re.compile(rf"\b(?:{'|'.join(WORDS)})\b(?![./-])")
# What somebody does or owns; "NO" for emphasis and "IN" of a heading in capitals are followed by other words.
_SOMEBODY = re.compile(
    r"\b([A-Z]{2})(?:['’]s\b|,? (?:was|were|had|has|did|does|would|could|will|should|may|might|must|can|said|says|told"
    r"|never|also|then|first|later|[a-z]{3,}ed)\b)"
)


def initials_spelling_words(text: str) -> frozenset[str]:
    """Those of `WORDS` that stand in `text` as somebody's initials at least `OFTEN` times."""
    if not _CAPITALS.search(text):
        return frozenset()
    found = [match[1] for match in _SOMEBODY.finditer(text)]
    return frozenset(word for word in WORDS if found.count(word) >= OFTEN)


def unspelt(text: str, initials: frozenset[str]) -> str:
    """`text` with other letters, as many, in place of `initials`, so that they spell nothing."""
    if not initials:
        return text
    return _CAPITALS.sub(lambda match: f"{match[0][0]}K" if match[0] in initials else match[0], text)
