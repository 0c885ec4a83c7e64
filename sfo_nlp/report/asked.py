"""The questions of a report: the answer first, then the quotations; what stands in full above is only pointed to."""

from collections.abc import Iterable, Mapping

from sfo_nlp.report import words
from sfo_nlp.report.parts import Again, Part, Quote, Section, loose_quote, people_of, quote_of
from sfo_nlp.report.safe import one_line
from sfo_nlp.report.view import Criterion, Item, Passage, View

# An answer that nobody needs to act on rests on fewer quotations; the others are listed at the end.
QUOTED = {"met": 2}
MOST = 6
Place = tuple[int, int]


class Asked:
    """Lays the questions out one by one and keeps under which question each passage was printed in full."""

    def __init__(self, view: View) -> None:
        self._near = {_place(item.passage): item for item in view.near_misses}
        self._standards = [standard for standard in view.standards if standard.criteria]
        self._printed: dict[Place, Part] = {}
        self._kinds: dict[tuple[str, str], Part] = {}
        self._shown: set[str] = set()

    def sections(self) -> Iterable[Section]:
        """One section a standard, numbered from 1."""
        for number, standard in enumerate(self._standards, start=1):
            asked = enumerate(standard.criteria, start=1)
            yield Section(
                standard.id,
                number,
                standard.title,
                _counts([criterion.outcome for criterion in standard.criteria]),
                tuple(self._part(f"{number}.{place}", criterion) for place, criterion in asked),
            )

    def printed(self, item: Item) -> bool:
        """Whether a finding stands under a question, or its passage does and nobody said anything of the finding."""
        return item.key in self._shown or (_place(item.passage) in self._printed and not people_of(item))

    def under(self, check: str, label: str) -> str:
        """The number of the first question that rests on findings of one kind, or an empty string."""
        part = self._kinds.get((check, label))
        return part.number if part else ""

    def _part(self, number: str, criterion: Criterion) -> Part:
        found: list[tuple[Passage, Item | None]] = [(item.passage, item) for item in criterion.items]
        found += [(passage, self._near.get(_place(passage))) for passage in criterion.loose]
        shown = found[: QUOTED.get(criterion.outcome, MOST)]
        new = {_place(passage): item or passage for passage, item in shown if _place(passage) not in self._printed}
        part = Part(
            id=f"q-{criterion.id}",
            number=number,
            question=criterion.question,
            outcome=criterion.outcome,
            sign=criterion.sign,
            said=criterion.said,
            reason=one_line(criterion.reason),
            quotes=tuple(_quote(one) for one in new.values()),
            again=tuple(_again(self._printed, [passage for passage, _ in shown])),
            more=len(found) - len(shown),
        )
        self._printed |= dict.fromkeys(new, part)
        self._shown |= {one.key for one in new.values() if isinstance(one, Item)}
        for item in criterion.items:
            self._kinds.setdefault((item.check, item.label), part)
        return part


def _place(passage: Passage) -> Place:
    return passage.start, passage.end


def _quote(one: Item | Passage) -> Quote:
    return quote_of(one) if isinstance(one, Item) else loose_quote(one)


def _again(printed: Mapping[Place, Part], passages: Iterable[Passage]) -> Iterable[Again]:
    """One entry a question above, with the places of its passages that this answer rests on too."""
    groups: dict[str, list[Passage]] = {}
    parts: dict[str, Part] = {}
    for passage in passages:
        part = printed.get(_place(passage))
        if part:
            parts[part.number] = part
            groups.setdefault(part.number, []).append(passage)
    for number, shown in groups.items():
        counted = words.counted(len(shown), "passage")
        yield Again(number, parts[number].id, f"{counted} ({', '.join(dict.fromkeys(one.where for one in shown))})")


def _counts(outcomes: list[str]) -> str:
    counts = [(outcomes.count(name), said.lower()) for name, (_, said) in words.OUTCOMES.items()]
    return (
        ", ".join(f"{count} {name}" for count, name in counts if count)
        + f" (of {words.counted(len(outcomes), 'question')})."
    )
