"""All checks, in the order in which their results are shown, and the one place that runs them."""

from collections.abc import Iterable, Mapping

from sfo_nlp.checks import (
    agencies,
    consistency,
    explanation,
    judgement,
    learning,
    readability,
    rosh,
    stages,
    themes,
    victims,
)
from sfo_nlp.checks.base import Check, CheckContext, CheckResult
from sfo_nlp.checks.cues import built_in_matcher
from sfo_nlp.language.reading import Reading
from sfo_nlp.settings import Settings

CHECKS: tuple[Check, ...] = (
    judgement.CHECK,
    explanation.CHECK,
    themes.CHECK,
    stages.CHECK,
    rosh.CHECK,
    learning.CHECK,
    agencies.CHECK,
    readability.CHECK,
    victims.CHECK,
    consistency.CHECK,
)


def run_checks(reading: Reading, settings: Settings, *, checks: Iterable[Check] = CHECKS) -> Mapping[str, CheckResult]:
    """Run every check over one reading. A check that breaks yields a result with `failure`, never an empty one."""
    context = CheckContext(reading, built_in_matcher().match(reading), settings)
    results: dict[str, CheckResult] = {}
    for check in checks:
        try:
            results[check.id] = check.run(context)
        except Exception as error:  # a broken check is a result: the others must still be shown
            results[check.id] = CheckResult(check.id, failure=f"{type(error).__name__}: {error}")
    return results
