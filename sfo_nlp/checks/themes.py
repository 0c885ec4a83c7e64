"""Which practice themes the review raises, as concern or as strength.

A theme's word alone raises nothing: the sentence must say that practice fell short or was done well. Rules name
themes by words that say both; the model finds the others.
"""

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from sfo_nlp.checks.base import CheckContext, CheckResult, Finding
from sfo_nlp.checks.roles import with_role
from sfo_nlp.document import Evidence

POLARITIES = ("concern", "strength")
AGENCIES = ("probation", "prison", "police", "health", "social_care", "court", "other")


@dataclass(frozen=True, slots=True)
class Theme:
    """One entry of ``themes.toml``."""

    id: str
    label: str
    definition: str
    source: str


@lru_cache(maxsize=1)
def themes() -> Mapping[str, Theme]:
    """The theme list, by id, in the file's order."""
    data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {entry["id"]: Theme(**entry) for entry in data["theme"]}


class ThemesCheck:
    id = "themes"
    title = "Practice themes"

    def run(self, context: CheckContext) -> CheckResult:
        """Findings: one per theme and polarity raised, its passages in reading order. No measures."""
        passages = _passages(context)
        findings = [
            Finding(
                check=self.id,
                label=f"{theme}:{polarity}",
                evidence=tuple(evidence),
                confidence=max(item.confidence for item in evidence),
                facts={
                    "id": theme,
                    "label": themes()[theme].label,
                    "polarity": polarity,
                    "agency": _agency(context, evidence),
                },
            )
            for theme in themes()
            for polarity in POLARITIES
            if (evidence := passages.get((theme, polarity)))
        ]
        return CheckResult(self.id, tuple(findings))


def _passages(context: CheckContext) -> dict[tuple[str, str], list[Evidence]]:
    if context.reading.predictions.model == "none":
        return _by_rule(context)
    predictions = context.reading.predictions
    found: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    for theme in themes():
        for polarity in POLARITIES:
            name = f"theme:{theme}:{polarity}"
            column = predictions.of(name)
            for index in np.flatnonzero(predictions.holds(name)):
                found[theme, polarity].append(
                    context.quote(context.sentences[index], source=f"model:{name}", confidence=float(column[index]))
                )
    return found


def _by_rule(context: CheckContext) -> dict[tuple[str, str], list[Evidence]]:
    """Themes by words alone: a phrase that says theme and polarity, or a topic in a sentence that evaluates."""
    evaluating = {
        polarity: {role.sentence.index for role in with_role(context, f"finding_{polarity}")} for polarity in POLARITIES
    }
    found: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    for theme in themes():
        topics = context.hits.sentences(f"topic:{theme}")
        for polarity in POLARITIES:
            hits = dict(context.hits.sentences(f"theme:{theme}:{polarity}"))
            other = evaluating["strength" if polarity == "concern" else "concern"]
            for index, hit in topics.items():
                if index in evaluating[polarity] and index not in other:
                    hits.setdefault(index, hit)
            for index in sorted(hits):
                sentence = context.sentences[index]
                if sentence.is_prose:
                    found[theme, polarity].append(context.quote(sentence, source=hits[index].source, confidence=0.9))
    return found


def _agency(context: CheckContext, evidence: list[Evidence]) -> str:
    """Whose practice the passages are about: the model's likeliest agency over them, else probation."""
    predictions = context.reading.predictions
    names = predictions.family("agency")
    if not names:
        return "probation"
    rows = [context.reading.sentence_at(item.span.start).index for item in evidence]
    totals = {name: float(predictions.of(f"agency:{name}")[rows].mean()) for name in names}
    best = max(totals, key=totals.__getitem__)
    return best if totals[best] >= 0.5 else "probation"


CHECK = ThemesCheck()
