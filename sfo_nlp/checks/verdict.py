"""One of the contract's six words for a whole review, from all that it says in judgement."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from sfo_nlp.checks.data import bound, count
from sfo_nlp.language.direction import DIRECTIONS
from sfo_nlp.language.reading import Sentence

CLEAR = ("taken", "not_taken", "partly")


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence that judges: which way, about the whole case or a stage, how sure, by what.

    `asked` is the question that it answers, where it does.
    """

    sentence: Sentence
    direction: str
    scope: str
    confidence: float
    source: str
    asked: Sentence | None = None


def decide(statements: list[Statement]) -> tuple[str, float, list[Statement]]:
    """The verdict over all judging sentences, how sure, and the statements it rests on."""
    overall = _by_direction(statement for statement in statements if statement.scope == "overall")
    stages = _by_direction(statement for statement in statements if statement.scope == "stage")
    clear = [direction for direction in CLEAR if overall[direction]]
    sure_of_both = bound("judgement", "sure_of_both")
    opposed = _opposed(overall, stages)
    if opposed and min(map(_sure, opposed)) >= sure_of_both:
        return "contradictory", min(map(_sure, opposed)), [statement for side in opposed for statement in side]
    # "All was done, save that the police were not asked" is one view; a doubtful exception does not undo it.
    if "taken" in clear and _sure(overall["partly"]) >= sure_of_both:
        clear.remove("taken")
    judged = [statement for direction in CLEAR for statement in stages[direction]]
    if clear:
        best = max((*clear, "unclear"), key=lambda direction: _sure(overall[direction]))
        # Stages that surely differ say more than a less sure sentence on the whole, or two that are opposed.
        differ = min(_sure(stages["taken"]), _sure(stages["not_taken"]))
        doubtful = _sure(overall[best]) < min(differ, bound("judgement", "sure_by_words"))
        if differ >= sure_of_both and (doubtful or (overall["taken"] and overall["not_taken"])):
            return "partly", _sure(judged), judged
        return best, _sure(overall[best]), overall[best]
    if len(judged) >= 2 and (stages["partly"] or (stages["taken"] and stages["not_taken"])):
        return "partly", _sure(judged), judged
    # Nothing is said of the whole, but every stage is judged and each the same way.
    if len({statement.direction for statement in judged}) == 1 and len(set(map(stage_of, judged))) >= _every_stage():
        return judged[0].direction, min(_sure(judged), bound("judgement", "stages_only")), judged
    if _sure(statements) >= bound("judgement", "said_at_all"):
        return "unclear", _sure(statements), statements
    return "absent", min(bound("judgement", "absent"), 1 - _sure(statements)), []


def _by_direction(statements: Iterable[Statement]) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = {direction: [] for direction in DIRECTIONS}
    for statement in statements:
        found[statement.direction].append(statement)
    return found


def _opposed(
    overall: Mapping[str, list[Statement]], stages: Mapping[str, list[Statement]]
) -> tuple[list[Statement], list[Statement]] | None:
    """Two sides that cannot both stand: opposite overall statements, or one against every stage that was judged."""
    if overall["taken"] and overall["not_taken"]:
        # "Not all steps were taken here, but overall they were" is one view with an exception, not two views.
        return None if overall["partly"] else (overall["taken"], overall["not_taken"])
    for one, other in (("taken", "not_taken"), ("not_taken", "taken")):
        if overall[one] and len(stages[other]) >= _every_stage() and not stages[one] and not overall["partly"]:
            return overall[one], stages[other]
    return None


def _sure(statements: list[Statement]) -> float:
    """How likely it is that at least one of the statements is what it seems."""
    surest = bound("judgement", "surest")
    return float(1 - np.prod([1 - min(statement.confidence, surest) for statement in statements]))


def _every_stage() -> int:
    return count("judgement", "every_stage")


def consistent(verdict: str, statements: list[Statement]) -> bool | None:
    """Whether the judgements agree; None where there is none, or where opposite ones stand but faintly.

    A single judgement agrees with itself.
    """
    if verdict == "contradictory":
        return False
    overall = {statement.direction for statement in statements if statement.scope == "overall"}
    return None if not statements or {"taken", "not_taken"} <= overall else True


def stage_of(statement: Statement) -> tuple[int, int]:
    """What a stage judgement is about: its table row, or its paragraph, so that a "Yes" and its grounds count once."""
    cell = statement.sentence.block.cell
    return (cell.table, cell.row) if cell else (-1, statement.sentence.block.number)
