"""Sentence by sentence: the hardest ones with what makes each hard, and every offer to write one more simply."""

from collections.abc import Iterable, Iterator, Mapping

from sfo_nlp.checks.base import CheckContext, Finding
from sfo_nlp.checks.wording import Wording, split_at
from sfo_nlp.document import Span
from sfo_nlp.language.prose import POLYSYLLABLE, syllables, words_of

HARDEST = 10
LEAST_HARD = 15
MANY_CLAUSES = 4


def hardest(context: CheckContext, looked_at: list[Wording]) -> Iterator[Finding]:
    """The ten hardest sentences, hardest first, with the reasons in words."""
    ranked = sorted(looked_at, key=lambda item: (-_weight(item), item.sentence.index))
    for item in ranked[:HARDEST]:
        if item.words < LEAST_HARD:
            continue
        yield Finding(
            check="readability",
            label="hard_sentence",
            evidence=(context.quote(item.sentence, source="rule:sentences.hard_sentence"),),
            facts={"words": item.words, "reasons": _reasons(item), "split_at": _split(item, longest=20)},
        )


def sentence_findings(context: CheckContext, looked_at: list[Wording], *, longest: int) -> Iterator[Finding]:
    """Findings ``long_sentence``, ``passive``, ``nominalisation`` and ``double_negative``, in reading order.

    The first evidence is the sentence, the others are the words in it; facts say what to do about each of them.
    """
    for item in looked_at:
        if item.words > longest:
            facts: dict[str, object] = {"words": item.words, "split_at": _split(item, longest=longest)}
            yield _found(context, item, "long_sentence", (), facts)
        if item.passives:
            facts = {"verbs": [verb.participle for verb in item.passives], "by": [verb.by for verb in item.passives]}
            yield _found(context, item, "passive", [verb.span for verb in item.passives], facts)
        for label, swaps in (("nominalisation", item.nominalisations), ("double_negative", item.double_negatives)):
            if swaps:
                plain = [swap.plain for swap in swaps]
                yield _found(context, item, label, [swap.span for swap in swaps], {"plain": plain})


def _found(
    context: CheckContext, item: Wording, label: str, spans: Iterable[Span], facts: Mapping[str, object]
) -> Finding:
    source = f"rule:sentences.{label}"
    places = (context.document.evidence(span, source=source) for span in spans)
    return Finding("readability", label, (context.quote(item.sentence, source=source), *places), facts=facts)


def _split(item: Wording, *, longest: int) -> int | None:
    """Where the second sentence could begin, as an offset into the document's text."""
    place = split_at(item.sentence.text) if item.words > longest else None
    return item.sentence.span.start + place if place is not None else None


def _weight(item: Wording) -> float:
    """How hard a sentence is: Kincaid's grade for it alone, and something for each obstacle."""
    heard = item.counts.syllables / max(item.words, 1)
    obstacles = (
        0.8 * len(item.passives)
        + len(item.nominalisations)
        + 2 * len(item.double_negatives)
        + item.brackets
        + 0.5 * max(item.clauses - 2, 0)
    )
    return 0.39 * item.words + 11.8 * heard + obstacles


def _reasons(item: Wording) -> list[str]:
    """What makes the sentence hard, in plain words."""
    reasons = [f"{item.words} words long"] if item.words > 20 else []
    if item.clauses >= MANY_CLAUSES:
        reasons.append(f"{item.clauses} clauses inside one another")
    if item.passives:
        verbs = ", ".join(f"“{passive.participle}”" for passive in item.passives[:3])
        reasons.append(
            f"passive verbs that hide who acted: {verbs}"
            if not all(p.by for p in item.passives)
            else f"passive verbs: {verbs}"
        )
    if item.nominalisations:
        base = item.sentence.span.start
        nouns = ", ".join(
            f"“{item.sentence.text[s.span.start - base : s.span.end - base]}”" for s in item.nominalisations[:2]
        )
        reasons.append(f"verbs hidden in nouns: {nouns}")
    if item.double_negatives:
        reasons.append("a double negative")
    if item.brackets:
        reasons.append("a long aside in brackets")
    long_words = [word for word in words_of(item.sentence.text) if syllables(word) > POLYSYLLABLE]
    if len(long_words) >= 3:
        reasons.append("long words: " + ", ".join(f"“{word}”" for word in list(dict.fromkeys(long_words))[:4]))
    return reasons or ["many ideas close together"]
