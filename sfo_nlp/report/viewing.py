"""Make the view from an assessment's JSON form, so that a stored one is shown without being computed again."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sfo_nlp.checks.personal_data import KIND_NAMES
from sfo_nlp.checks.verdict import CLEAR
from sfo_nlp.document import finding_id
from sfo_nlp.report import words
from sfo_nlp.report.view import Answer, Criterion, Item, Passage, Standard, View
from sfo_nlp.store.decision import Decision, Standing, standing

NOBODY = Standing()


def view_of(wire: Mapping[str, Any], decisions: Iterable[Decision] = ()) -> View:
    """Make the view of an assessment in its JSON form, with what people decided beside each finding."""
    document = wire["document"]
    stands = standing(decisions)
    items = tuple(_items(wire, stands))
    return View(
        wire=wire,
        document=document["id"],
        name=document["name"],
        pages=document["pages"],
        words=document["words"],
        text=document["text"],
        answers=tuple(_answers(wire)),
        standards=tuple(_standards(wire, items)),
        items=items,
        near_misses=tuple(_near_misses(wire, stands)),
        warnings=tuple(document.get("warnings", ())),
        standing=stands,
    )


def passage_of(evidence: Mapping[str, Any]) -> Passage:
    """A quotation from its JSON form."""
    boxes = tuple(tuple(box) for box in evidence.get("boxes") or ())
    places = {name: evidence[name] for name in ("quote", "page", "paragraph", "start", "end", "source", "confidence")}
    return Passage(boxes=boxes, **places)


def _items(wire: Mapping[str, Any], stands: Mapping[str, Standing]) -> Iterable[Item]:
    """Every finding, in reading order; two that share an id get keys of their own."""
    seen: Counter[str] = Counter()
    found = [finding for finding in wire.get("findings", ()) if finding["evidence"]]
    for finding in sorted(found, key=lambda one: (one["evidence"][0]["start"], one["check"], one["label"])):
        seen[finding["id"]] += 1
        count = seen[finding["id"]]
        facts = finding["facts"]
        first = finding["evidence"][0]
        beside = facts.get("explanation")
        yield Item(
            key=finding["id"] if count == 1 else f"{finding['id']}-{count}",
            id=finding["id"],
            check=finding["check"],
            label=finding["label"],
            title=title_of(finding["check"], finding["label"], facts),
            note=note_of(finding["check"], facts),
            tone=tone_of(finding["label"], facts),
            passages=tuple(passage_of(evidence) for evidence in finding["evidence"]),
            beside=passage_of(beside) if isinstance(beside, Mapping) else None,
            sure=words.sure(finding["confidence"], first["source"]),
            standing=stands.get(finding["id"], NOBODY),
            facts=facts,
        )


def _near_misses(wire: Mapping[str, Any], stands: Mapping[str, Standing]) -> Iterable[Item]:
    for evidence in wire["judgement"].get("near_misses", ()):
        identity = finding_id(wire["document"]["id"], "judgement", "near_miss", evidence["quote"])
        yield Item(
            key=identity,
            id=identity,
            check="judgement",
            label="near_miss",
            title=words.TITLES["judgement", "near_miss"],
            note="",
            tone="neutral",
            passages=(passage_of(evidence),),
            beside=None,
            sure="nearest sentence",
            standing=stands.get(identity, NOBODY),
            facts={},
        )


def title_of(check: str, label: str, facts: Mapping[str, Any]) -> str:
    """What a finding is, in plain words."""
    if check == "themes":
        return f"{facts.get('label', words.plain(label))}: {facts.get('polarity', '')}"
    if check == "agencies" and facts.get("agency"):
        return f"Another agency: {words.plain(str(facts['agency'])).lower()}"
    if check == "rosh" and facts.get("label"):
        said = "Risk assessment" if label == "inaccuracy" else "Why the risk was misjudged"
        return f"{said}: {str(facts['label'])[:1].lower()}{str(facts['label'])[1:]}"
    if check == "stages" and "stage" in facts:
        return f"Evaluates a stage: {words.plain(str(facts['stage'])).lower()}"
    named = {"acronym": "term", "late_acronym": "term", "jargon": "term"}.get(label)
    title = words.TITLES.get((check, label), words.plain(label))
    return f"{title}: {facts[named]}" if named and facts.get(named) else title


def note_of(check: str, facts: Mapping[str, Any]) -> str:
    """What else is known of a finding, as short phrases."""
    parts: list[str] = []
    if facts.get("causes"):
        parts.append("cause: " + ", ".join(words.CAUSES.get(cause, cause) for cause in facts["causes"]))
    if check == "themes" and facts.get("agency") not in (None, "probation"):
        parts.append(f"practice of: {words.plain(str(facts['agency'])).lower()}")
    if check == "judgement" and facts.get("scope") == "stage":
        parts.append("on one stage only")
    if facts.get("expansion"):
        parts.append(f"stands for: {facts['expansion']}")
    if facts.get("plain"):
        parts.append(f"in plain words: {facts['plain']}")
    if facts.get("kind") in KIND_NAMES:
        parts.append(KIND_NAMES[facts["kind"]])
    if facts.get("reasons"):
        parts.append(", ".join(map(str, facts["reasons"])))
    elif check == "readability" and facts.get("words"):
        parts.append(f"{facts['words']} words")
    if (facts.get("count") or 0) > 1:
        parts.append(f"{facts['count']} times")
    if "owner" in facts:
        parts += [f"{name}: {facts[key] or 'none named'}" for key, name in (("owner", "who"), ("due", "by when"))]
    return "; ".join(parts)


def tone_of(label: str, facts: Mapping[str, Any]) -> str:
    """Whether a finding speaks of a concern, a strength, or neither."""
    if facts.get("polarity") in ("concern", "strength"):
        return str(facts["polarity"])
    good = {"explained", "strength", "condolence", "taken"}
    bad = {"unexplained", "weak_action", "finding_without_action", "blaming", "personal_data", "not_taken"}
    return "strength" if label in good else "concern" if label in bad else "neutral"


def _standards(wire: Mapping[str, Any], items: Sequence[Item]) -> Iterable[Standard]:
    for standard, title in words.STANDARDS.items():
        mine = [one for one in wire["criteria"] if one["standard"] == standard]
        yield Standard(standard, title, tuple(_criterion(one, items) for one in mine))


def _criterion(criterion: Mapping[str, Any], items: Sequence[Item]) -> Criterion:
    """A criterion with every finding it rests on; quotations that are no finding (near misses) stay loose."""
    resting = _resting(criterion, items)
    places = {(item.passage.start, item.passage.end) for item in resting}
    loose = [passage_of(one) for one in criterion["evidence"] if (one["start"], one["end"]) not in places]
    return Criterion(
        id=criterion["id"],
        question=criterion["question"],
        outcome=criterion["outcome"],
        reason=criterion["reason"],
        items=tuple(resting),
        loose=tuple(loose),
    )


def _resting(criterion: Mapping[str, Any], items: Sequence[Item]) -> list[Item]:
    """The findings that an answer rests on, in the order it gives; by check and label in assessments of old."""
    if "findings" in criterion:
        by_id: dict[str, list[Item]] = {}
        for item in items:
            by_id.setdefault(item.id, []).append(item)
        return [item for identity in dict.fromkeys(criterion["findings"]) for item in by_id.get(identity, ())]
    check, label = criterion.get("check", ""), criterion.get("label", "")
    resting = [item for item in items if item.check == check and label in ("", item.label, item.facts.get("scope"))]
    if check == "explanation":  # the share counts both kinds: those without a reason come first, then those with one
        resting += [item for item in items if item.check == check and item not in resting]
    return resting


def _answers(wire: Mapping[str, Any]) -> Iterable[Answer]:
    """The five answers that a reader wants first; what a check that broke would have said could not be checked."""
    failed = {check["id"]: check["failure"] for check in wire.get("checks", ()) if check["failure"]}
    for name, title, check, answer in HEADLINES:
        if failed.get(check):
            yield Answer(name, title, words.NOT_CHECKED, f"the check broke: {failed[check]}", "not_run")
        else:
            yield Answer(name, title, *answer(wire))


def _judged(wire: Mapping[str, Any]) -> tuple[str, str, str]:
    """The verdict is the review's, not ours: its content has no colour; a want of clearness asks for attention."""
    verdict = wire["judgement"].get("verdict")
    if verdict not in words.VERDICTS:
        return words.NOT_CHECKED, "", "refer"
    said = words.VERDICTS[verdict]
    if verdict not in CLEAR:
        return said, "", "refer"
    reasoned = {True: "with its grounds", False: "without grounds beside it"}.get(wire["judgement"].get("reasoned"), "")
    return f"The review says: {said[0].lower()}{said[1:]}", reasoned, "neutral"


def _explained(wire: Mapping[str, Any]) -> tuple[str, str, str]:
    explanation = wire["explanation"]
    concerns = explanation["findings"]
    if not concerns:
        return "No shortcoming found", "so there was nothing to explain", "refer"
    explained = sum(bool(one["explained"]) for one in concerns)
    tone = {"explains_why": "met", "partly": "refer"}.get(explanation["verdict"], "not_met")
    detail = f"shortcomings with a reason beside them: {words.part(explained, len(concerns))}"
    return words.WHY.get(explanation["verdict"], words.NOT_CHECKED), detail, tone


def _themed(wire: Mapping[str, Any]) -> tuple[str, str, str]:
    counts = Counter(theme["polarity"] for theme in wire["themes"])
    said = f"{counts['concern']} as concern, {counts['strength']} as strength" if wire["themes"] else "None found"
    return said, "", "neutral"


def _readable(wire: Mapping[str, Any]) -> tuple[str, str, str]:
    age = wire["readability"].get("reading_age")
    acronyms = len(wire["readability"].get("unexplained_acronyms", ()))
    detail = f"{words.counted(acronyms, 'acronym')} never explained" if acronyms else ""
    outcome = next((one["outcome"] for one in wire["criteria"] if one["id"] == "plain_language"), "neutral")
    return f"Reading age about {age:.1f}" if age else "Too little prose to score", detail, outcome


def _counted(wire: Mapping[str, Any]) -> tuple[str, str, str]:
    outcomes = Counter(one["outcome"] for one in wire["criteria"])
    unchecked = f", {outcomes['not_run']} that could not be checked" if outcomes["not_run"] else ""
    detail = f"{outcomes['refer']} for a person to decide{unchecked}"
    return f"{outcomes['met']} met, {outcomes['not_met']} not met", detail, "neutral"


HEADLINES = (
    ("judgement", "Reasonable-steps judgement", "judgement", _judged),
    ("explanation", "What or why", "explanation", _explained),
    ("themes", "Practice themes", "themes", _themed),
    ("readability", "Readability", "readability", _readable),
    ("criteria", "The four standards", "", _counted),
)
