"""Other agencies: which are named, whose practice the review evaluates, and which findings should be sent to them."""

from collections import defaultdict

from sfo_nlp.checks.base import CheckContext, CheckResult, Finding
from sfo_nlp.checks.data import bound, count
from sfo_nlp.checks.roles import Role, with_role
from sfo_nlp.document import Evidence

PARTNERS = ("police", "prison", "health", "social_care", "court", "other")


def evaluating(context: CheckContext) -> dict[int, tuple[str, Role]]:
    """Sentence index to polarity and role, for every sentence that finds fault or praises."""
    found = {role.sentence.index: ("strength", role) for role in with_role(context, "finding_strength")}
    found |= {role.sentence.index: ("concern", role) for role in with_role(context, "finding_concern")}
    return found


def evaluated_agencies(context: CheckContext) -> dict[str, tuple[Evidence, ...]]:
    """The passages that evaluate a partner's practice, by agency, most often evaluated first; no headings."""
    passages: dict[str, list[Evidence]] = defaultdict(list)
    for index, (_, role) in sorted(evaluating(context).items()):
        agency = agency_of(context, index) if role.sentence.is_prose else None
        if agency:
            passages[agency].append(role.quote(context))
    ordered = sorted(passages.items(), key=lambda item: -len(item[1]))
    return {name: tuple(evidence) for name, evidence in ordered}


def agency_of(context: CheckContext, index: int) -> str | None:
    """Whose practice a sentence evaluates: the model's agency, else the one that opens it; None for probation."""
    predictions = context.reading.predictions
    chances = predictions.chances("agency", index)
    if chances:
        best = max(chances, key=chances.__getitem__)
        return best if best in predictions.held("agency", index) else None
    sentence = context.sentences[index]
    for name in PARTNERS:
        hit = context.hits.sentences(f"agency:{name}").get(index)
        # Without a model only an agency that opens the sentence is taken as the one that acted.
        if hit and hit.span.start - sentence.span.start <= bound("learning", "agency_opens"):
            return name
    return None


def _naming(context: CheckContext, name: str) -> list[int]:
    """The sentences that name an agency; a heading or a caption does not count."""
    return [index for index in context.hits.sentences(f"agency:{name}") if context.sentences[index].is_prose]


class AgenciesCheck:
    id = "agencies"
    title = "Other agencies"

    def run(self, context: CheckContext) -> CheckResult:
        """Findings: one ``agency`` per partner whose practice is evaluated, with the passages that do.

        Measures: named, evaluated, to_send (those with concerns).
        """
        judged = evaluating(context)
        practice_of: dict[str | None, list[int]] = defaultdict(list)
        for index in sorted(judged):
            practice_of[agency_of(context, index)].append(index)
        shown = count("learning", "agency_passages")
        findings = []
        for name in PARTNERS:
            practice = practice_of[name]
            if not practice:
                continue
            concerns = [index for index in practice if judged[index][0] == "concern"]
            ruled = context.reading.predictions.model == "none"
            source = f"rule:learning.{name}" if ruled else "model:agency"
            findings.append(
                Finding(
                    check=self.id,
                    label="agency",
                    evidence=tuple(
                        context.quote(context.sentences[index], source=source) for index in practice[:shown]
                    ),
                    facts={
                        "agency": name,
                        "named": len(_naming(context, name)),
                        "concerns": len(concerns),
                        "strengths": len(practice) - len(concerns),
                        "send_findings": bool(concerns),
                    },
                )
            )
        measures = {
            "named": [name for name in PARTNERS if _naming(context, name)],
            "evaluated": [finding.facts["agency"] for finding in findings],
            "to_send": [finding.facts["agency"] for finding in findings if finding.facts["send_findings"]],
        }
        return CheckResult(self.id, tuple(findings), measures)


CHECK = AgenciesCheck()
