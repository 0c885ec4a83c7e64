"""What is wrong with a policy, in plain words that name the criterion; asked before any document is read."""

from collections.abc import Collection, Iterator, Mapping
from string import Formatter
from typing import Any

OUTCOMES = ("met", "not_met", "refer", "not_run")
WORDINGS = ("met", "not_met", "refer", "none")
LISTS = ("met", "not_met", "refer")
# The two ways to bound a number: from where it is met, and from where it is not; what lies between is for a person.
BOUNDS = {"met_from": "not_met_below", "met_to": "not_met_above"}
# What a sentence may have filled in, and which sentences there are.
FIELDS = ("value", "percent", "count", "part")
SAYINGS = (*WORDINGS, *(f"{outcome}_{extreme}" for outcome in LISTS for extreme in ("zero", "all")))
NEEDED = ("standard", "id", "question", "check", "measure", "says")
OPTIONAL = ("share_of", "evidence", "none", "unsure_below", *LISTS, *BOUNDS, *BOUNDS.values())
EXPLANATION: Mapping[str, Any] = {"explains_why_from": 0.667, "partly_from": 0.333}
# What a criterion may read of each check, by kind; shares lie from 0 to 1. A test holds this to what the checks give.
MEASURES: Mapping[str, Mapping[str, str]] = {
    "judgement": {
        "share": "confidence",
        "number": "stage_judgements",
        "truth": "reasoned consistent",
        "word": "verdict",
    },
    "explanation": {"share": "share_explained", "number": "concerns"},
    "stages": {"share": "share_evaluative", "number": "stages_evaluated"},
    "rosh": {"number": "accepted_against_facts", "word": "verdict"},
    "learning": {
        "share": "share_owned_and_dated share_measurable share_weak share_with_action",
        "number": "actions concerns strengths",
        "truth": "systemic_causes looks_beyond other_agencies right_level",
    },
    "readability": {
        "share": "share_over_20_words share_over_25_words passive_share",
        "number": "reading_age reading_age_low reading_age_high grade flesch_reading_ease words_per_sentence"
        " words_scored sentences_scored acronyms_unexplained jargon_per_1000_words officialese_per_1000_words"
        " nominalisations double_negatives words_left_out reading_minutes paragraphs_too_long",
    },
    "victims": {
        "number": "blaming evasive distressing personal_data personal_data_left_out impersonal_mentions"
        " mentions_of_victims mentions_of_person_on_probation",
        "truth": "condolence victim_named",
    },
    "consistency": {"number": "inconsistencies", "truth": "draft"},
}


def first_fault(data: Mapping[str, Any], *, standards: Collection[str]) -> str | None:
    """What is wrong with a policy as it was read from its file; None where nothing is."""
    return next(_faults(data, standards), None)


def kinds(check: str) -> dict[str, str]:
    """The kind of every measure of a check: share, number, truth or word. Raises `KeyError` for no such check."""
    return {name: kind for kind, names in MEASURES[check].items() for name in names.split()}


def evidence_names(given: object) -> Mapping[str, tuple[str, ...]] | None:
    """The names for each wording, from a name, a list of names, or a table of either by wording; None for ``""``.

    Raises `TypeError` or `ValueError` for anything else.
    """
    if given == "":
        return None
    if isinstance(given, Mapping):
        unknown = sorted(set(given) - set(WORDINGS))
        if unknown:
            raise ValueError(f"is for {', '.join(WORDINGS)}, not for {', '.join(unknown)}")
        return {wording: _names(given.get(wording, [])) for wording in WORDINGS}
    return dict.fromkeys(WORDINGS, _names(given))


def _names(given: object) -> tuple[str, ...]:
    names = [given] if isinstance(given, str) else given
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise TypeError("must be a name, a list of names, or a table of these")
    return tuple(names)


def _faults(data: Mapping[str, Any], standards: Collection[str]) -> Iterator[str]:
    # Each step trusts those before it: what comes after the first fault need not hold.
    if unknown := sorted(set(data) - {"name", "explanation", "criterion"}):
        yield f"unknown {', '.join(unknown)}"
    if not isinstance(data.get("name", ""), str):
        yield "name must be text"
    yield from _explanation(data.get("explanation", {}))
    criteria = data.get("criterion", [])
    if not isinstance(criteria, list) or not all(isinstance(entry, dict) for entry in criteria):
        yield "every criterion begins with [[criterion]], in two brackets"
    if not criteria:
        yield "it has no [[criterion]]"
    known = set()
    for number, entry in enumerate(criteria, 1):
        name = entry.get("id") or f"criterion {number}"
        yield from (f"{name}: {fault}" for fault in _criterion(entry, standards))
        if name in known:
            yield f"{name}: two criteria have this id"
        known.add(name)


def _explanation(given: object) -> Iterator[str]:
    if not isinstance(given, dict):
        yield "explanation must be a table"
        return
    if unknown := sorted(set(given) - set(EXPLANATION)):
        yield f"explanation: unknown {', '.join(unknown)}"
    bounds = {**EXPLANATION, **given}
    for name, value in bounds.items():
        yield from _number(f"explanation: {name}", value, share=True)
    if bounds["partly_from"] > bounds["explains_why_from"]:
        yield "explanation: partly_from lies above explains_why_from"


def _criterion(entry: Mapping[str, Any], standards: Collection[str]) -> Iterator[str]:
    if unknown := sorted(set(entry) - {*NEEDED, *OPTIONAL}):
        yield f"unknown {', '.join(unknown)}"
    if missing := sorted(set(NEEDED) - set(entry)):
        yield f"missing {', '.join(missing)}"
    for name in ("standard", "id", "question", "check", "measure"):
        if not isinstance(entry[name], str) or not entry[name]:
            yield f"{name} must be text, not {entry[name]!r}"
    yield from _choice("standard", entry["standard"], standards)
    yield from _choice("check", entry["check"], MEASURES)
    yield from _choice("measure", entry["measure"], kinds(entry["check"]))
    yield from _choice("none", entry.get("none", "refer"), OUTCOMES)
    kind = kinds(entry["check"])[entry["measure"]]
    yield from _lists(entry, kind) if kind in ("truth", "word") else _bounds(entry, share=kind == "share")
    yield from _unsure(entry)
    yield from _sayings(entry)
    try:
        evidence_names(entry.get("evidence", ""))
    except (TypeError, ValueError) as error:
        yield f"evidence {error}"


def _choice(name: str, value: object, known: Collection[str]) -> Iterator[str]:
    if value not in tuple(known):
        yield f"{name} {value!r} is not one of {', '.join(known)}"


def _number(name: str, value: object, *, share: bool = False) -> Iterator[str]:
    # TOML knows "nan" and "inf", and Python whole numbers that no float can hold.
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e15:
        yield f"{name} must be a number, not {value!r}"
    elif share and not 0 <= value <= 1:
        yield f"{name} must lie from 0 to 1, where 0.5 is half, not at {value!r}"


def _bounds(entry: Mapping[str, Any], *, share: bool) -> Iterator[str]:
    """The faults in the answer that follows from a number."""
    measure = entry["measure"]
    if lists := [name for name in LISTS if entry.get(name, []) != []]:
        yield f"{measure} is a number: it is answered by {' or '.join(BOUNDS)}, not by {', '.join(lists)}"
    for name in (*BOUNDS, *BOUNDS.values()):
        if name in entry:
            yield from _number(name, entry[name], share=share)
    given = [name for name in BOUNDS if name in entry]
    if len(given) != 1:
        yield "has both met_from and met_to" if given else f"{measure} is a number: it needs met_from or met_to"
    met, not_met = given[0], BOUNDS[given[0]]
    if stray := [name for name in BOUNDS.values() if name in entry and name != not_met]:
        yield f"{stray[0]} does not go with {met}"
    low, high = (not_met, met) if met == "met_from" else (met, not_met)
    if not_met in entry and entry[low] > entry[high]:
        yield f"{low} lies above {high}"


def _lists(entry: Mapping[str, Any], kind: str) -> Iterator[str]:
    """The faults in the answer that follows from a word, or from true or false."""
    measure, wanted = entry["measure"], bool if kind == "truth" else str
    called = "true or false" if kind == "truth" else "a word"
    if bounds := [name for name in (*BOUNDS, *BOUNDS.values()) if name in entry]:
        yield f"{measure} is {called}: it is answered by lists, not by {', '.join(bounds)}"
    seen: list[object] = []
    for name in LISTS:
        values = entry.get(name, [])
        if not isinstance(values, list) or not all(isinstance(value, wanted) for value in values):
            yield f"{name} must be a list of which each is {called}, not {values!r}"
            return
        if twice := [value for value in values if value in seen]:
            yield f"{name} holds {twice[0]!r} a second time"
        seen += values
    if not seen:
        yield f"{measure} is {called}: it needs {' or '.join(LISTS)}"


def _unsure(entry: Mapping[str, Any]) -> Iterator[str]:
    if "unsure_below" in entry:
        yield from _number("unsure_below", entry["unsure_below"], share=True)
        if "confidence" not in kinds(entry["check"]):
            yield f"unsure_below: the check {entry['check']} does not say how sure it is"


def _sayings(entry: Mapping[str, Any]) -> Iterator[str]:
    """The faults in the sentences: which there are, and what they have filled in."""
    says, counted = entry["says"], entry.get("share_of", "")
    if counted != "":
        counts = [name for name, kind in kinds(entry["check"]).items() if kind == "number"]
        yield from _choice("share_of", counted, counts)
    if not isinstance(says, dict) or not all(isinstance(text, str) and text for text in says.values()):
        yield "says must be a table of sentences"
        return
    if unknown := sorted(set(says) - set(SAYINGS)):
        yield f"says: unknown {', '.join(unknown)}"
    if missing := [name for name in WORDINGS if name not in says]:
        yield f"says: missing {', '.join(missing)}"
    for name, text in says.items():
        try:
            parts = list(Formatter().parse(text))
        except ValueError as error:
            yield f"says: {name}: {error}"
            return
        for _, field, shape, turned in parts:
            if field is not None and (field not in FIELDS or shape or turned):
                written = f"{{{field}{'!' + turned if turned else ''}{':' + shape if shape else ''}}}"
                yield f"says: {name}: {written} is not one of {', '.join(f'{{{known}}}' for known in FIELDS)}"
            if field in ("count", "part") and not counted:
                yield f"says: {name}: its words count something; share_of must say what"
