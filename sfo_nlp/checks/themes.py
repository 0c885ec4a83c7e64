"""Which practice themes the review raises, as concern or as strength.

A theme's word alone raises nothing: the sentence must say that practice fell short or was done well. Rules name
themes by words that say both; the model finds the others.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import numpy as np
import numpy.typing as npt

from sfo_nlp.checks.base import CheckContext, CheckResult, Finding
from sfo_nlp.checks.cues import Hit
from sfo_nlp.checks.data import bound, data
from sfo_nlp.checks.explanation import causes_of
from sfo_nlp.checks.replies import is_bare
from sfo_nlp.checks.roles import finds_none, is_elsewhere, with_role
from sfo_nlp.document import Evidence
from sfo_nlp.language.models import model_folder

POLARITIES = ("concern", "strength")
FEATURES = ("theme", "polarity", "role", "topic words", "own phrase", "opposite phrase", "weaker", "against")
AGENCIES = ("probation", "prison", "police", "health", "social_care", "court", "other")


@dataclass(frozen=True, slots=True)
class Theme:
    """One entry of ``themes.toml``. `causes`: the kinds of reason for a shortcoming that are this theme."""

    id: str
    label: str
    definition: str
    source: str
    causes: Sequence[str] = ()


@lru_cache(maxsize=1)
def themes() -> Mapping[str, Theme]:
    """The theme list, by id, in the file's order."""
    return {entry["id"]: Theme(**entry) for entry in data("themes")["theme"]}


NONSENSE = ("good_practice", "concern")
LABELS = tuple(pair for theme in themes() for polarity in POLARITIES if (pair := (theme, polarity)) != NONSENSE)


class ThemesCheck:
    id = "themes"
    title = "Practice themes"

    def run(self, context: CheckContext) -> CheckResult:
        """Findings: one per theme and polarity raised, its passages in reading order. No measures."""
        passages = _by_rule(context) if context.reading.predictions.model == "none" else _by_model(context)
        _add_causes(context, passages)
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


def _by_model(context: CheckContext) -> dict[tuple[str, str], list[Evidence]]:
    """Themes with a passage that reaches the fitted bar, each with all passages that do."""
    fitted = theme_weights(context)
    bare = [one.index for one in context.sentences if is_bare(one.text) or is_elsewhere(one)]
    clear = [one.index for one in context.sentences if finds_none(one.text)]
    found: dict[tuple[str, str], list[Evidence]] = {}
    for theme, polarity in LABELS:
        chances, hits = theme_chances(context, theme, polarity, fitted)
        chances[bare if polarity == "strength" else bare + clear] = 0.0
        rows = np.flatnonzero(chances >= fitted["bar"]).tolist()
        if rows:
            found[theme, polarity] = [
                context.quote(
                    context.sentences[row],
                    source=hits[row].source if row in hits else f"model:theme.{theme}.{polarity}",
                    confidence=float(chances[row]),
                )
                for row in rows
            ]
    return found


def _add_causes(context: CheckContext, passages: dict[tuple[str, str], list[Evidence]]) -> None:
    """Count the reasons for practice that are themes themselves, such as too few staff, among their passages."""
    reasons = [(set(causes_of(context, role.sentence)), role) for role in with_role(context, "explanation")]
    for theme in themes().values():
        known = passages.get((theme.id, "concern"), [])
        starts = {item.span.start for item in known}
        told = [role for causes, role in reasons if causes & set(theme.causes)]
        added = [role.quote(context) for role in told if role.sentence.span.start not in starts]
        if added:
            passages[theme.id, "concern"] = sorted([*known, *added], key=lambda item: item.span.start)


def theme_weights(context: CheckContext) -> Mapping[str, float]:
    """The fitted weights that join model and rules, for the mode in which the models ran."""
    weights = model_folder(context.settings.models).data("themes.json")
    return cast(Mapping[str, float], weights[context.reading.predictions.model])


def theme_chances(
    context: CheckContext, theme: str, polarity: str, fitted: Mapping[str, float]
) -> tuple[npt.NDArray[np.float32], dict[int, Hit]]:
    """How likely each sentence (n,) raises the theme with this polarity, and the rules that fired."""
    features, hits = theme_features(context, theme, polarity)
    weights = np.array([fitted[name] for name in FEATURES], np.float32)
    chances = np.asarray(1 / (1 + np.exp(-(features @ weights + fitted["bias"]))), np.float32)
    return chances, hits


def theme_features(context: CheckContext, theme: str, polarity: str) -> tuple[npt.NDArray[np.float32], dict[int, Hit]]:
    """`FEATURES` of every sentence (n, features) and the hits of the theme's own phrases by sentence."""
    predictions = context.reading.predictions
    own = context.hits.sentences(f"theme:{theme}:{polarity}")
    opposite = "strength" if polarity == "concern" else "concern"
    other = context.hits.sentences(f"theme:{theme}:{opposite}")
    columns = np.zeros((len(context.sentences), len(FEATURES)), np.float32)
    columns[:, 0] = _logit(predictions.of(f"theme:{theme}"))
    columns[:, 1] = _logit(predictions.of(f"polarity:{polarity}"))
    columns[:, 2] = _logit(predictions.of(f"role:finding_{polarity}"))
    columns[list(context.hits.sentences(f"topic:{theme}")), 3] = 1
    columns[list(own), 4] = 1
    columns[list(other), 5] = 1
    # A theme is raised only when the sentence is about it and also evaluates, and this way rather than the other.
    columns[:, 6] = np.minimum(columns[:, 0], np.maximum(columns[:, 1], columns[:, 2]))
    columns[:, 7] = columns[:, 2] - _logit(predictions.of(f"role:finding_{opposite}"))
    return columns, own


def _logit(chances: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    safe = np.clip(chances, 1e-4, 1 - 1e-4)
    return np.asarray(np.log(safe / (1 - safe)), np.float32)


def _by_rule(context: CheckContext) -> dict[tuple[str, str], list[Evidence]]:
    """Themes by words alone: a phrase that says theme and polarity, or a topic in a sentence that evaluates."""
    evaluating = {
        polarity: {role.sentence.index for role in with_role(context, f"finding_{polarity}")} for polarity in POLARITIES
    }
    found: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    sure = bound("themes", "by_words")
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
                    found[theme, polarity].append(context.quote(sentence, source=hits[index].source, confidence=sure))
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
    return best if totals[best] >= bound("themes", "agency") else "probation"


CHECK = ThemesCheck()
