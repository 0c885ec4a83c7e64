"""Does the review evaluate practice at each stage of the case, or only narrate it?

A stage is evaluated when a sentence that finds fault, praises, explains or judges names its work, or stands under
a heading that does. The words of each stage are in ``stages.toml``.
"""

from collections import defaultdict

from sfo_nlp.checks.base import CheckContext, CheckResult, Finding
from sfo_nlp.checks.data import count
from sfo_nlp.checks.roles import Role, with_role
from sfo_nlp.language.reading import Sentence

STAGES = ("court_and_allocation", "assessment", "planning", "delivery", "reviewing", "enforcement", "release")
EVALUATING = ("finding_concern", "finding_strength", "explanation", "judgement")


class StagesCheck:
    id = "stages"
    title = "Stages of the case"

    def run(self, context: CheckContext) -> CheckResult:
        """Findings: one per stage evaluated. Measures: share_evaluative (0 to 1), stages_evaluated, stages_missing."""
        evaluating: dict[int, Role] = {}
        for name in EVALUATING:
            for role in with_role(context, name):
                evaluating.setdefault(role.sentence.index, role)
        named = _stages_named(context)
        shown = count("stages", "shown")
        passages: dict[str, list[Role]] = defaultdict(list)
        for index in sorted(evaluating):
            for stage in named.get(index, ()):
                passages[stage].append(evaluating[index])
        findings = tuple(
            Finding(
                check=self.id,
                label="stage",
                evidence=tuple(role.quote(context) for role in passages[stage][:shown]),
                confidence=max(role.confidence for role in passages[stage]),
                facts={"stage": stage, "passages": len(passages[stage])},
            )
            for stage in STAGES
            if stage in passages
        )
        prose = sum(sentence.index in evaluating or tells(sentence) for sentence in context.sentences)
        measures = {
            "share_evaluative": round(len(evaluating) / prose, 3) if prose else None,
            "stages_evaluated": len(findings) if prose else None,
            "stages_missing": [stage for stage in STAGES if stage not in passages],
        }
        return CheckResult(self.id, findings, measures)


def tells(sentence: Sentence) -> bool:
    """Whether a sentence is the author's prose: a cell that holds a name, a date or a word tells nothing."""
    return sentence.is_prose and (
        sentence.block.kind != "cell" or len(sentence.text.split()) >= count("stages", "cell_words")
    )


def _stages_named(context: CheckContext) -> dict[int, set[str]]:
    """The stages whose work each sentence names itself, else those that its heading names."""
    own: dict[int, set[str]] = defaultdict(set)
    for stage in STAGES:
        for hit in context.hits.of(f"stage:{stage}"):
            own[hit.sentence].add(stage)
    headed: set[str] = set()
    for sentence in context.sentences:
        if sentence.block.kind == "heading":
            headed = own.get(sentence.index, set())
        elif sentence.index not in own and headed:
            own[sentence.index] = headed
    return own


CHECK = StagesCheck()
