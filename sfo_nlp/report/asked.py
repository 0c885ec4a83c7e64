"""The questions of a report: the answer first, then the quotations; what stands in full above is only referred to."""

from collections.abc import Iterable, Mapping

from sfo_nlp.report import words
from sfo_nlp.report.parts import Again, Part, Quote, Section, loose_quote, quote_of
from sfo_nlp.report.safe import one_line, quoted
from sfo_nlp.report.view import Criterion, Item, Passage, View

QUOTED = 10
SHORT = 80
Place = tuple[int, int]


class Asked:
    """Lays the questions out one by one and keeps under which question each passage was printed in full."""

    def __init__(self, view: View) -> None:
        self._near = {_place(item.passage): item for item in view.near_misses}
        self._standards = [standard for standard in view.standards if standard.criteria]
        self._printed: dict[Place, Part] = {}
        self._kinds: dict[tuple[str, str], Part] = {}

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

    def printed(self, passage: Passage) -> str:
        """The number of the question under which a passage stands in full, or an empty string."""
        part = self._printed.get(_place(passage))
        return part.number if part else ""

    def under(self, check: str, label: str) -> str:
        """The number of the first question that rests on findings of one kind, or an empty string."""
        part = self._kinds.get((check, label))
        return part.number if part else ""

    def _part(self, number: str, criterion: Criterion) -> Part:
        found: list[tuple[Passage, Item | None]] = [(item.passage, item) for item in criterion.items]
        found += [(passage, self._near.get(_place(passage))) for passage in criterion.loose]
        shown = found[:QUOTED]
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
        for item in criterion.items:
            self._kinds.setdefault((item.check, item.label), part)
        return part


def _place(passage: Passage) -> Place:
    return passage.start, passage.end


def _quote(one: Item | Passage) -> Quote:
    return quote_of(one) if isinstance(one, Item) else loose_quote(one)


def _again(printed: Mapping[Place, Part], passages: Iterable[Passage]) -> Iterable[Again]:
    groups: dict[str, list[str]] = {}
    parts: dict[str, Part] = {}
    for passage in passages:
        part = printed.get(_place(passage))
        if part:
            parts[part.number] = part
            groups.setdefault(part.number, []).append(
                f"{quoted(one_line(passage.quote, longest=SHORT))} ({passage.where})"
            )
    for number, shown in groups.items():
        yield Again(number, parts[number].id, tuple(dict.fromkeys(shown)))


def _counts(outcomes: list[str]) -> str:
    counts = [(outcomes.count(name), said.lower()) for name, (_, said) in words.OUTCOMES.items()]
    return (
        ", ".join(f"{count} {name}" for count, name in counts if count)
        + f" (of {words.counted(len(outcomes), 'question')})."
    )
