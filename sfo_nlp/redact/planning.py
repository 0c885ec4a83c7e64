"""What a copy for disclosure would lose: every person and every number, each with one label throughout."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sfo_nlp.checks.name_lists import lists
from sfo_nlp.checks.personal_data import KIND_NAMES, personal_data
from sfo_nlp.checks.persons import persons
from sfo_nlp.document import Document
from sfo_nlp.extract import extract_bytes, load
from sfo_nlp.redact.matching import Forms
from sfo_nlp.redact.streets import alone, streets
from sfo_nlp.settings import Settings

KINDS = {"person": "Person", **KIND_NAMES, "chosen": "removed"}


@dataclass(frozen=True, slots=True)
class Item:
    """One person or number: the label that replaces it, its kind, all forms as written, how often it stands.

    `role` is a guess at what a person is to the case; `kept` items stay in the copy. An address has its street as a
    further form where that singles out a place.
    """

    label: str
    kind: str
    forms: tuple[str, ...]
    count: int
    role: str | None = None
    kept: bool = False

    @property
    def what(self) -> str:
        """What or who it is, in words."""
        if self.kind == "chosen":
            return "words you named"
        return self.role.replace("_", " ") if self.role else KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class Plan:
    """A review with what would be removed from it. `content` is the file as read.

    `unknown` holds the words to keep or to remove that stand nowhere in the review.
    """

    path: Path
    document: Document
    content: bytes
    items: tuple[Item, ...]
    pictures: bool = True
    unknown: tuple[str, ...] = ()

    @property
    def removed(self) -> tuple[Item, ...]:
        """The items that will not stand in the copy."""
        return tuple(item for item in self.items if not item.kept)


def plan(
    path: Path,
    settings: Settings = Settings(),
    *,
    keep: Sequence[str] = (),
    remove: Sequence[str] = (),
    keep_pictures: bool = False,
) -> Plan:
    """Read a review and list what a copy would lose.

    `keep` names people or numbers that stay, in any of their forms; `remove` adds words to remove. Raises a subclass
    of `SfoError` when the file cannot be read.
    """
    return plan_of(load(path, settings), path, settings, keep=keep, remove=remove, keep_pictures=keep_pictures)


def plan_of(
    content: bytes,
    path: Path,
    settings: Settings = Settings(),
    *,
    keep: Sequence[str] = (),
    remove: Sequence[str] = (),
    keep_pictures: bool = False,
) -> Plan:
    """The same for a file already read; `path` names it."""
    document = extract_bytes(content, path.name, settings)
    # What was left out of the text (headers, struck-out words) still stands in the file, so it is searched as well.
    text = "\n\n".join([document.text, *(item.text for item in document.left_out)])
    wanted = {word.casefold() for word in keep}
    met: set[str] = set()
    items = [*_people(text, wanted, met), *_numbers(text, wanted, met), *_chosen(text, remove)]
    unknown = [word for word in keep if word.casefold() not in met]
    unknown += [form for item in items if item.kind == "chosen" and not item.count for form in item.forms]
    return Plan(path, document, content, tuple(items), pictures=not keep_pictures, unknown=tuple(unknown))


def _people(text: str, keep: set[str], met: set[str]) -> Iterable[Item]:
    """The people named; the words of `keep` that name one of them are added to `met`."""
    title = re.compile(rf"^(?:{'|'.join(lists().titles)})\.?\s+", re.IGNORECASE)
    people = persons(text)
    exact = {form.casefold() for person in people for form in (*person.forms, person.name)}
    for person in people:
        # "Mr K" gives nobody away, and a single letter would be found everywhere.
        forms = tuple(form for form in person.forms if len(form) > 1)
        if not forms:
            continue
        said = {form.casefold() for form in (*forms, person.name)}
        # "Mr Tate" keeps the person whose name is written "Tate" after a title, and not another of that name.
        meant = {word for word in keep if (word if word in exact else title.sub("", word)) in said}
        met |= meant
        yield Item(f"[Person {person.number}]", "person", forms, len(person.spans), person.role, bool(meant))


def _numbers(text: str, keep: set[str], met: set[str]) -> Iterable[Item]:
    """Each number once, numbered within its kind where there are several; an address with its street."""
    found = personal_data(text)
    counts = Counter((item.kind, " ".join(text[slice(*item.span)].split())) for item in found)
    of_kind = Counter(kind for kind, _ in counts)
    roads = _roads([form for kind, form in counts if kind == "address"], keep, met)
    elsewhere = alone(text, found, [road for several in roads.values() for road in several])
    numbers: Counter[str] = Counter()
    for (kind, form), count in counts.items():
        numbers[kind] += 1
        label = f"[{KINDS[kind]} {numbers[kind]}]" if of_kind[kind] > 1 else f"[{KINDS[kind]}]"
        own = roads[form] if kind == "address" else ()
        met |= keep & {form.casefold()}
        yield Item(
            label, kind, (form, *own), count + sum(elsewhere[road] for road in own), kept=form.casefold() in keep
        )


def _roads(addresses: Sequence[str], keep: set[str], met: set[str]) -> dict[str, list[str]]:
    """The streets that go with each address; those that `keep` names are added to `met` and stay."""
    # A street goes with the first of its addresses; where one of them stays, it stays too.
    taken = {street for form in addresses if form.casefold() in keep for street in streets(form)}
    roads: dict[str, list[str]] = {}
    for form in addresses:
        named = [road for road in streets(form) if road not in taken]
        met |= keep & {road.casefold() for road in named}
        roads[form] = [road for road in named if road.casefold() not in keep]
        taken.update(roads[form])
    return roads


def _chosen(text: str, remove: Sequence[str]) -> Iterable[Item]:
    counts = Counter(index for index, _ in Forms([(form, "chosen") for form in remove]).find(text))
    for index, form in enumerate(remove):
        yield Item(f"[removed {index + 1}]", "chosen", (form,), counts[index])
