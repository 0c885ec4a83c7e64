"""The shortcomings in practice that a review tells, and the reason that it gives for each.

Found once, for every check that asks what became of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from sfo_nlp.checks.answering import answered
from sfo_nlp.checks.base import CheckContext
from sfo_nlp.checks.roles import Role, plans, with_role
from sfo_nlp.language.link import DEFAULT_MODEL, Candidate, LinkModel, link
from sfo_nlp.language.models import link_model, model_folder
from sfo_nlp.language.reading import Sentence


def failings(context: CheckContext) -> tuple[Role, ...]:
    """The sentences that find fault with practice, each with its chance, in reading order.

    Left out are the verdict on the whole of the management, which is no shortcoming in itself, the remark that the
    failing right before it has no known reason, and what is rather another failing's reason than a failing.
    """
    return context.once("failings", lambda: tuple(_failings(context)))


def reasons_given(context: CheckContext) -> Mapping[int, Role]:
    """By the index of each sentence that finds fault, the sentence that gives its reason, where one does."""
    return context.once("reasons", lambda: _reasons_given(context))


def _failings(context: CheckContext) -> Iterator[Role]:
    reasons = {
        reason.sentence.index: reason.confidence
        for index, reason in reasons_given(context).items()
        if reason.sentence.index != index
    }
    for concern in _concerns(context):
        if concern.confidence >= reasons.get(concern.sentence.index, 0.0):
            yield concern


def _reasons_given(context: CheckContext) -> dict[int, Role]:
    reasons = {role.sentence.index: role for role in with_role(context, "explanation")}
    # Neither a sentence that says that no reason is known has one, nor the one right before it.
    before = {one.index for one, _ in _without_reason(context) if one.index not in reasons}
    unknown = _saying_unknown(context) | before
    links = link(
        context.reading.units,
        _candidates(role for role in _concerns(context) if role.sentence.index not in unknown),
        _candidates(role for role in reasons.values() if role.sentence.index not in unknown),
        _model(context),
        vectors=context.reading.predictions.vectors,
    )
    given = {index: reasons[reason] for index, (reason, _) in links.items()}
    return given | _restated(context, given)


def _restated(context: CheckContext, given: Mapping[int, Role]) -> dict[int, Role]:
    """What a plan names once more in few words beside its actions has the reason that was told where it was found."""
    concerns = [role.sentence for role in _concerns(context)]
    named = {one.index for one in concerns if (cell := one.block.cell) and cell.table in plans(context)}
    again = [one for one in concerns if one.index in named and one.index not in given]
    found = answered(context, again, [one for one in concerns if one.index not in named])
    return {index: given[first] for index, (first, _) in found.items() if first in given}


def _candidates(roles: Iterable[Role]) -> list[Candidate]:
    return [Candidate(role.sentence.index, role.confidence) for role in roles]


def _model(context: CheckContext) -> LinkModel:
    """The fitted link model, or the default one where no models are installed."""
    folder = model_folder(context.settings.models)
    return link_model(folder, context.reading.predictions.model) if folder else DEFAULT_MODEL


def _concerns(context: CheckContext) -> list[Role]:
    return context.once("concerns", lambda: _finding_fault(context))


def _finding_fault(context: CheckContext) -> list[Role]:
    predictions = context.reading.predictions
    whole = predictions.of("scope:overall") > predictions.of("scope:stage")
    judging = {role.sentence.index for role in with_role(context, "judgement") if whole[role.sentence.index]}
    concerns = [role for role in with_role(context, "finding_concern") if role.sentence.index not in judging]
    faulted = {role.sentence.index for role in concerns}
    remarks = {other.index for one, other in _without_reason(context) if one.index in faulted}
    return [role for role in concerns if role.sentence.index not in remarks]


def _without_reason(context: CheckContext) -> Iterator[tuple[Sentence, Sentence]]:
    """Each sentence that says that no reason is known, after the one before it in its paragraph."""
    saying = _saying_unknown(context)
    for one, other in pairwise(context.sentences):
        if other.index in saying and one.block == other.block:
            yield one, other


def _saying_unknown(context: CheckContext) -> set[int]:
    """The sentences that say that no reason is known, by index."""
    hits = context.hits.family("decoy:explanation")
    return {hit.sentence for hit in hits if hit.source == "rule:explanation.unknown"}
