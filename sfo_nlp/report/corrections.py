"""What people decided, in the format of the annotated corpus, so that training can learn from it.

A record holds a review's whole text as units: the passages that a person decided on, each with the labels that the
person spoke to (`decided`), and the text around them, of which nothing is said. A passage on which people differ counts
as text around. Of the whole review only the verdict is there, and only where a person gave it: nobody is asked for its
grounds, causes and agencies. The words of the review are in the record, so it must be kept as the review is kept.
"""

import json
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sfo_nlp.report.agreement import NONE, UNSAID, labels_of
from sfo_nlp.store.decision import Decision, Standing, standing

if TYPE_CHECKING:
    from sfo_nlp.store.store import Store

SCHEMA = "sfo-nlp/corpus/1"
FLAGS = ("condolence", "blaming", "distressing")
ACTIONS = ("action", "weak_action")
ROLE_OF: Mapping[str, str] = {
    "judgement": "role:judgement",
    "explanation": "role:finding_concern",
    "learning": "role:action",
}
Unit = dict[str, Any]


def corpus_record(wire: Mapping[str, Any], decisions: Iterable[Decision]) -> dict[str, Any] | None:
    """One review as a corpus record, or None when nothing on it was decided that a model can learn from."""
    units: dict[tuple[int, int], Unit] = {}
    failings: dict[tuple[int, int], str] = {}
    stands = standing(decisions)
    findings = {finding["id"]: finding for finding in wire.get("findings", ())}
    text = wire["document"]["text"]
    for name, words in stands.items():
        if not words.judged or words.divided:
            continue
        decision = words.judged[-1]
        if text[decision.start : decision.end] == decision.quote:
            _learn(units, failings, decision, findings.get(name), text)
    if not units:
        return None
    return {
        "schema": SCHEMA,
        "id": f"decided-{wire['document']['id'][:12]}",
        "writer": "inspectors",
        "split": "train",
        "title": wire["document"]["name"],
        **_of_the_whole(wire, stands, findings),
        "persons": [],
        "personal_data": [],
        "text": text,
        "units": _with_context(wire, units),
    }


def _with_context(wire: Mapping[str, Any], units: Mapping[tuple[int, int], Unit]) -> list[Unit]:
    """The decided passages with the headings and the text between them, in order: models read them in their place."""
    text = wire["document"]["text"]
    headings = {section["start"] for section in wire["document"].get("sections", ())}
    found, decided = dict(units), sorted(units)
    for line in re.finditer(r"[^\n]+", text):
        free = line.start()
        for start, end in [*decided, (line.end(), line.end())]:
            if start > line.end() or end < free:
                continue
            gap = text[free:start]
            if gap.strip():
                place = (free + len(gap) - len(gap.lstrip()), free + len(gap.rstrip()))
                kind = "heading" if line.start() in headings else "sentence"
                found[place] = {**_unit(text, *place), "kind": kind}
            free = max(free, end)
    return [found[place] for place in sorted(found)]


def _of_the_whole(
    wire: Mapping[str, Any], stands: Mapping[str, Standing], findings: Mapping[str, Any]
) -> dict[str, Any]:
    """The review's verdict as people gave it; nothing where nobody did or their sentences differ."""
    agreed = ((name, words) for name, words in stands.items() if words.judged and not words.divided)
    newest = ((words.judged[-1], findings.get(name)) for name, words in agreed)
    said = {verdict for decision, finding in newest if (verdict := _verdict(wire, decision, finding))}
    return {"verdict": said.pop()} if len(said) == 1 else {}


def _verdict(wire: Mapping[str, Any], decision: Decision, finding: Mapping[str, Any] | None) -> str:
    """The verdict on the whole case that a person gave by one sentence, or an empty string.

    Whoever agrees with a sentence agrees with the review's verdict only where that sentence decides it.
    """
    if decision.check != "judgement" or decision.kind == "disagree":
        return ""
    if decision.kind == "agree":
        decides = finding is not None and finding["facts"].get("decides")
        return decision.label if decides and decision.label == wire["judgement"].get("verdict") else ""
    overall = decision.value.get("scope", "overall") == "overall"
    verdict = str(decision.value.get("verdict") or "")
    # That this sentence is no judgement does not say that the review has none.
    return verdict if overall and verdict != "absent" else ""


def _learn(
    units: dict[tuple[int, int], Unit],
    failings: dict[tuple[int, int], str],
    decision: Decision,
    finding: Mapping[str, Any] | None,
    text: str,
) -> None:
    place = (decision.start, decision.end)
    told, label = labels_of(decision)
    unit = units.setdefault(place, _unit(text, *place))
    if label != told:
        _decide(unit, _denied(decision.check, told))
    _decide(unit, _affirmed(decision.check, label))
    facts = finding["facts"] if finding else {}
    if decision.check == "judgement" and label != NONE:
        _add(unit, "judgement")
        if label != UNSAID:
            unit["verdict"] = label
            unit["scope"] = str(decision.value.get("scope") or facts.get("scope") or "overall")
    elif decision.check == "themes" and label != NONE:
        theme, polarity = label.split(":")
        agency = str(facts.get("agency") or "probation")
        unit.setdefault("themes", []).append({"id": theme, "polarity": polarity, "agency": agency})
        _add(unit, "finding_strength" if polarity == "strength" else "finding_concern")
    elif decision.check == "explanation" and label != NONE:
        _add(unit, "finding_concern")
        if label == "explained":
            _reason(units, failings, decision, facts, text)
    elif decision.check == "learning" and label in ACTIONS:
        _add(unit, "action")
        unit["action"] = {"weak": label == "weak_action" or bool(facts.get("weak"))}
    elif decision.check == "victims" and label in FLAGS:
        unit.setdefault("flags", []).append(label)
    if "finding_concern" in unit["labels"]:
        unit["failing"] = failings.setdefault(place, f"f{len(failings) + 1}")


def _reason(
    units: dict[tuple[int, int], Unit],
    failings: dict[tuple[int, int], str],
    decision: Decision,
    facts: Mapping[str, Any],
    text: str,
) -> None:
    """The passage that explains a shortcoming: the one that the person linked, else the one that the tool did."""
    told = decision.value if decision.value.get("explained") else facts.get("explanation")
    if not told or text[told["start"] : told["end"]] != told["quote"]:
        return
    place = (decision.start, decision.end)
    failing = failings.setdefault(place, f"f{len(failings) + 1}")
    reason = units.setdefault((told["start"], told["end"]), _unit(text, told["start"], told["end"]))
    _add(reason, "explanation")
    _decide(reason, ("role:explanation",))
    reason["explains"] = sorted({*reason.get("explains", ()), failing})
    causes = list(decision.value.get("causes") or facts.get("causes") or ())
    if causes:
        reason["causes"] = causes
        _decide(reason, ("cause",))
    if facts.get("level"):
        reason["level"] = facts["level"]
        _decide(reason, ("level",))


def _denied(check: str, label: str) -> tuple[str, ...]:
    """The labels of training that a person says are not there, by whole names."""
    if check == "themes" and label != NONE:
        return (f"theme:{label.partition(':')[0]}",)
    if check == "victims" and label in FLAGS:
        return (f"flag:{label}",)
    spoken = check in ROLE_OF and (check != "learning" or label in ACTIONS)
    return (ROLE_OF[check],) if spoken and label != NONE else ()


def _affirmed(check: str, label: str) -> tuple[str, ...]:
    """The labels, or whole families of them, that a person spoke to by saying what is there."""
    if label == NONE:
        return ()
    if check == "themes":
        theme, polarity = label.split(":")
        return f"theme:{theme}", "polarity", "agency", f"role:finding_{polarity}"
    if check == "judgement" and label != UNSAID:
        return "role:judgement", "verdict", "scope"
    return _denied(check, label)


def _unit(text: str, start: int, end: int) -> Unit:
    block = text.count("\n", 0, start) + 1
    return {"start": start, "end": end, "block": block, "kind": "sentence", "labels": [], "decided": []}


def _decide(unit: Unit, labels: Iterable[str]) -> None:
    unit["decided"] = sorted({*unit["decided"], *labels})


def _add(unit: Unit, label: str) -> None:
    if label not in unit["labels"]:
        unit["labels"].append(label)


def corpus_records(wires: Iterable[Mapping[str, Any]], decisions: Iterable[Decision]) -> Iterable[dict[str, Any]]:
    """The records of all reviews on which something was decided."""
    by_document: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        by_document[decision.document].append(decision)
    for wire in wires:
        record = corpus_record(wire, by_document.get(wire["document"]["id"], ()))
        if record is not None:
            yield record


def corrections_jsonl(store: "Store", *, only: Container[str] | None = None) -> str:
    """The records of everything decided in a store, one JSON line each; `only` on these documents, if any are named."""
    decisions = [decision for decision in store.decisions() if only is None or decision.document in only]
    wires = (store.wire(document) for document in dict.fromkeys(one.document for one in decisions))
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in corpus_records(wires, decisions))
