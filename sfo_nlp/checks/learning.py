"""From shortcomings to actions: what is answered and by what, how strong the actions are, at which level causes lie.

The words are about causes, not culprits: a share of reasons per level, never a person's failings.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sfo_nlp.checks.actions import Action, actions
from sfo_nlp.checks.agencies import evaluated_agencies
from sfo_nlp.checks.answering import answered
from sfo_nlp.checks.base import CheckContext, CheckResult, Finding
from sfo_nlp.checks.data import count
from sfo_nlp.checks.explanation import causes_of, level_of
from sfo_nlp.checks.failings import failings
from sfo_nlp.checks.roles import Role, with_role

SYSTEMIC = ("workload", "experience_training", "process_system", "policy", "culture", "resources")
LEVELS = ("individual", "team", "organisation", "partner", "national")


class LearningCheck:
    id = "learning"
    title = "Learning and actions"

    def run(self, context: CheckContext) -> CheckResult:
        """Findings: action, weak_action, finding_without_action, action_without_finding, strength, systemic_cause,
        other_agency.

        Measures: counts, and shares from 0 to 1; `levels` is the share of reasons at each level of cause.
        """
        planned = actions(context)
        concerns = failings(context)
        links = answered(context, [role.sentence for role in concerns], [item.role.sentence for item in planned])
        reasons = with_role(context, "explanation")
        systemic = list(_systemic(context, reasons))
        agencies = list(_agencies(context))
        strengths = with_role(context, "finding_strength")
        findings = (
            *_actions(context, planned, concerns, links),
            *_unanswered(context, concerns, links),
            *(_finding("strength", role, context) for role in strengths),
            *systemic,
            *agencies,
        )
        measures = {
            "actions": len(planned),
            **_shares(planned),
            "share_with_action": round(len(links) / len(concerns), 3) if concerns else None,
            "concerns": len(concerns),
            "strengths": len(strengths),
            "systemic_causes": bool(systemic),
            # Where no practice fell short there is no cause to look for.
            "looks_beyond": bool(systemic) if concerns or systemic else None,
            "other_agencies": bool(agencies),
            "levels": _levels(context, reasons),
            "right_level": _right_level(planned, systemic),
        }
        return CheckResult(self.id, findings, measures)


def _actions(
    context: CheckContext, planned: list[Action], concerns: Sequence[Role], links: Mapping[int, tuple[int, float]]
) -> Iterator[Finding]:
    answers: dict[int, list[int]] = defaultdict(list)
    for failing, (action, _) in links.items():
        answers[action].append(failing)
    for item in planned:
        facts = {
            "owner": item.owner,
            "due": item.due,
            "measurable": item.measurable,
            "weak": item.weak,
            "level": item.level,
            "answers": [
                context.quote(context.sentences[index], source="rule:actions.answering", confidence=links[index][1])
                for index in answers[item.role.sentence.index]
            ],
        }
        evidence = (item.role.quote(context),)
        yield Finding("learning", "action", evidence, item.role.confidence, facts)
        if item.weak:
            yield Finding("learning", "weak_action", evidence, item.role.confidence, {"level": item.level})
        if concerns and not answers[item.role.sentence.index]:
            yield Finding("learning", "action_without_finding", evidence, item.role.confidence)


def _unanswered(
    context: CheckContext, concerns: Sequence[Role], links: Mapping[int, tuple[int, float]]
) -> Iterator[Finding]:
    for role in concerns:
        if role.sentence.index not in links:
            yield _finding("finding_without_action", role, context)


def _finding(label: str, role: Role, context: CheckContext) -> Finding:
    return Finding("learning", label, (role.quote(context),), role.confidence)


def _systemic(context: CheckContext, reasons: Sequence[Role]) -> Iterator[Finding]:
    """A finding for each reason that names workload, training, policy, system, resources or culture."""
    for role in reasons:
        causes = [cause for cause in causes_of(context, role.sentence) if cause in SYSTEMIC]
        if causes:
            yield Finding("learning", "systemic_cause", (role.quote(context),), role.confidence, {"causes": causes})


def _agencies(context: CheckContext) -> Iterator[Finding]:
    """A finding for each other agency whose practice the review evaluates, with its first passages."""
    for name, evidence in evaluated_agencies(context).items():
        facts = {"agency": name, "passages": len(evidence)}
        yield Finding(
            "learning", "other_agency", evidence[: count("learning", "agency_shown")], evidence[0].confidence, facts
        )


def _levels(context: CheckContext, reasons: Sequence[Role]) -> dict[str, float] | None:
    """The share of reasons that lie with individuals, team, organisation, partners, national policy."""
    counts = Counter(level_of(context, role.sentence, causes_of(context, role.sentence)) for role in reasons)
    total = sum(counts.values())
    return {level: round(counts[level] / total, 3) for level in LEVELS} if total else None


def _shares(planned: list[Action]) -> dict[str, float | None]:
    total = len(planned)
    if not total:
        return {"share_owned_and_dated": None, "share_measurable": None, "share_weak": None}
    return {
        "share_owned_and_dated": round(sum(bool(item.owner and item.due) for item in planned) / total, 3),
        "share_measurable": round(sum(item.measurable for item in planned) / total, 3),
        "share_weak": round(sum(item.weak for item in planned) / total, 3),
    }


def _right_level(planned: list[Action], systemic: list[Finding]) -> bool | None:
    """Whether an action reaches beyond the individual where causes do; None without systemic causes or actions."""
    if not systemic or not planned:
        return None
    return any(item.level != "individual" and not item.weak for item in planned)


CHECK = LearningCheck()
