"""The names of the two files: without anything that was removed, and the list plainly kept apart from the copy."""

import re

from sfo_nlp.checks.personal_data import personal_data
from sfo_nlp.redact.matching import alike
from sfo_nlp.redact.planning import Item, Plan

APART = "KEEP-INSIDE-"
_CERTAIN = 4
_IDENTITY = 8


def copy_name(plan: Plan, *, distinct: bool = False) -> str:
    """``STEM-redacted.FORMAT``, for the copy that leaves the service."""
    return f"{safe_stem(plan, distinct=distinct)}-redacted.{plan.document.format}"


def record_name(plan: Plan, *, distinct: bool = False) -> str:
    """``KEEP-INSIDE-STEM-removed.json``: whoever attaches a whole folder to a message sees what must not go."""
    return f"{APART}{safe_stem(plan, distinct=distinct)}-removed.json"


def safe_stem(plan: Plan, *, distinct: bool = False) -> str:
    """The file's stem with a label for all that is removed.

    Where anything was, or where the stem has to be `distinct`, a part of the document's id keeps stems apart.
    """
    stem = clean = plan.path.stem
    words = _words(plan)
    for word, item in words:
        if _may_hold(clean, word):
            clean = _pattern(word, item).sub(_plain(item.label), clean)
    clean = _without_numbers(clean, plan)
    if clean == stem and not distinct:
        return stem
    # A label may itself hold a word that somebody chose to remove.
    left = any(_may_hold(clean, word) and _pattern(word, item).search(clean) for word, item in words)
    return f"{'review' if left else clean}-{plan.document.id[:_IDENTITY]}"


def _may_hold(stem: str, word: str) -> bool:
    """Whether it is worth building a pattern, which takes long: most words stand in no file's name."""
    return _squeezed(word) in _squeezed(stem)


def _squeezed(text: str) -> str:
    """The letters and digits alone, whatever their case."""
    return alike(re.sub(r"[\W_]", "", text))


def _words(plan: Plan) -> list[tuple[str, Item]]:
    """Every removed form, and every word of a person's name, the longest first."""
    kept = {word.casefold() for item in plan.items if item.kept for form in item.forms for word in (form, *_cut(form))}
    words = {form: item for item in plan.removed for form in item.forms}
    for item in plan.removed:
        if item.kind == "person":
            parts = (word for form in item.forms for word in _cut(form) if len(word) > 1)
            words |= {word: item for word in parts if word.casefold() not in kept and word not in words}
    return sorted(words.items(), key=lambda pair: -len(pair[0]))


def _cut(form: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", form)


def _pattern(form: str, item: Item) -> re.Pattern[str]:
    """A form with any signs between its words; in a longer word too, unless it is so short that it stands in many."""
    parts = re.findall(r"[^\W_]+", form)
    body = r"[\W_]*".join(map(re.escape, parts)) or r"(?!)"
    bounded = sum(map(len, parts)) < _CERTAIN or item.kind == "chosen"
    return re.compile(rf"(?<![^\W_]){body}(?![^\W_])" if bounded else body, re.IGNORECASE)


def _without_numbers(stem: str, plan: Plan) -> str:
    """Numbers that stand in the name alone, not in the review, go as well."""
    kept = {form.casefold() for item in plan.items if item.kept for form in item.forms}
    text = stem.replace("_", " ")
    for found in reversed(personal_data(text)):
        if text[slice(*found.span)].casefold() not in kept:
            stem = f"{stem[: found.span.start]}number{stem[found.span.end :]}"
    return stem


def _plain(label: str) -> str:
    """A label as a part of a file name: "[Person 1]" becomes "Person-1"."""
    return label.strip("[]").replace(" ", "-")
