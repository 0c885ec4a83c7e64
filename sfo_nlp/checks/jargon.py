"""Probation's own words and officialese, with plain words to put in their place or beside them."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from spacy.matcher import PhraseMatcher
from spacy.util import filter_spans

from sfo_nlp.checks.base import CheckContext, Finding
from sfo_nlp.checks.cues import expand
from sfo_nlp.document import Span
from sfo_nlp.language.reading import load_pipeline

_GLOSS = re.compile(
    r"s?\s*\(\s*(?!see\b|para|page|section)[a-z][\w’'-]*\s+\w+|s?,\s+(?:that is|which means|meaning|in other words)\b"
)


@dataclass(frozen=True, slots=True)
class Plain:
    """One entry of ``jargon.toml``: its first form, the plain words, its kind (probation, officialese), its source."""

    id: str
    plain: str
    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class JargonUse:
    """A term in a document: all its places; `glossed` when the text explains it at one of them."""

    entry: Plain
    term: str
    spans: tuple[Span, ...]
    glossed: bool


@lru_cache(maxsize=1)
def _entries() -> tuple[dict[str, Plain], PhraseMatcher]:
    """Every entry by name, and one matcher over all their forms."""
    data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    nlp = load_pipeline(None)
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    entries: dict[str, Plain] = {}
    for kind, terms in data.items():
        for pattern, (plain, source) in terms.items():
            forms = [form for (form,) in expand(pattern, {})]
            entries[forms[0]] = Plain(forms[0], plain, kind, source)
            matcher.add(forms[0], [nlp.make_doc(form) for form in forms])
    return entries, matcher


def jargon(context: CheckContext) -> tuple[JargonUse, ...]:
    """Every term of the list in the document's prose, commonest first; the longest term wins where two overlap."""
    entries, matcher = _entries()
    doc, text = context.reading.doc, context.document.text
    headings = {block.span for block in context.document.blocks if block.kind == "heading"}
    found: dict[str, list[Span]] = defaultdict(list)
    # The names are known to the matcher's pipeline, and the document may be of another.
    strings = load_pipeline(None).vocab.strings
    names: dict[tuple[int, int], str] = {}
    for key, start, end in matcher(doc):
        names.setdefault((start, end), strings[key])
    for match in filter_spans([doc[start:end] for start, end in names]):
        block = context.document.block_of(match.start_char)
        if block is None or block.span not in headings:
            found[names[match.start, match.end]].append(Span(match.start_char, match.end_char))
    uses = [
        JargonUse(
            entries[name],
            text[spans[0].start : spans[0].end],
            tuple(spans),
            any(_GLOSS.match(text, span.end) for span in spans),
        )
        for name, spans in found.items()
    ]
    return tuple(sorted(uses, key=lambda use: (-len(use.spans), use.spans[0])))


def find_jargon(context: CheckContext, uses: tuple[JargonUse, ...]) -> Iterator[Finding]:
    """A finding ``jargon`` for every term that the text does not explain."""
    for use in uses:
        if not use.glossed:
            yield Finding(
                check="readability",
                label="jargon",
                evidence=tuple(context.document.evidence(span, source="rule:jargon") for span in use.spans[:1]),
                facts={
                    "term": use.term,
                    "plain": use.entry.plain,
                    "count": len(use.spans),
                    "kind": use.entry.kind,
                    "source": use.entry.source,
                },
            )
