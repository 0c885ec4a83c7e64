"""The shortcomings in practice that a review tells: found once, for every check that asks what became of them."""

from collections.abc import Iterator
from itertools import pairwise

from sfo_nlp.checks.base import CheckContext
from sfo_nlp.checks.roles import Role, with_role
from sfo_nlp.language.reading import Sentence


def failings(context: CheckContext) -> tuple[Role, ...]:
    """The sentences that find fault with practice, each with its chance, in reading order.

    Left out are the verdict on the whole of the management, which is no shortcoming in itself, and the remark that the
    failing right before it has no known reason.
    """
    return context.once("failings", lambda: tuple(_failings(context)))


def _failings(context: CheckContext) -> list[Role]:
    predictions = context.reading.predictions
    whole = predictions.of("scope:overall") > predictions.of("scope:stage")
    judging = {role.sentence.index for role in with_role(context, "judgement") if whole[role.sentence.index]}
    concerns = [role for role in with_role(context, "finding_concern") if role.sentence.index not in judging]
    faulted = {role.sentence.index for role in concerns}
    remarks = {other.index for one, other in without_reason(context) if one.index in faulted}
    return [role for role in concerns if role.sentence.index not in remarks]


def without_reason(context: CheckContext) -> Iterator[tuple[Sentence, Sentence]]:
    """Each sentence that says that no reason is known, after the one before it in its paragraph."""
    saying = saying_unknown(context)
    for one, other in pairwise(context.sentences):
        if other.index in saying and one.block == other.block:
            yield one, other


def saying_unknown(context: CheckContext) -> set[int]:
    """The sentences that say that no reason is known, by index."""
    hits = context.hits.family("decoy:explanation")
    return {hit.sentence for hit in hits if hit.source == "rule:explanation.unknown"}
