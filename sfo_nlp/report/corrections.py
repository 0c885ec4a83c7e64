"""What people decided, in the format of the annotated corpus, so that training can learn from it.

A record holds a review's whole text and, as units, only the passages that a person decided on. A passage on which
people differ is left out; the words of the review are in the record, so it must be kept as the review is kept.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sfo_nlp.report.agreement import NONE, labels_of
from sfo_nlp.store.decision import Decision, standing

if TYPE_CHECKING:
    from sfo_nlp.store.store import Store

SCHEMA = "sfo-nlp/corpus/1"
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
    verdict = _verdict(wire, stands.values())
    return {
        "schema": SCHEMA,
        "id": f"decided-{wire['document']['id'][:12]}",
        "writer": "inspectors",
        "split": "train",
        "title": wire["document"]["name"],
        "verdict": verdict,
        "reasoned": bool(wire["judgement"].get("reasoned")),
        "systemic_causes": bool(wire["learning"].get("systemic_causes")),
        "other_agencies": bool(wire["learning"].get("other_agencies")),
        "persons": [],
        "personal_data": [],
        "text": text,
        "units": [units[place] for place in sorted(units)],
    }


def _verdict(wire: Mapping[str, Any], stands: Iterable[Any]) -> str:
    """The tool's verdict, unless a person named the sentence that states another."""
    for words in stands:
        for decision in words.judged:
            if decision.check == "judgement" and decision.kind in ("accept", "correct"):
                said = decision.value.get("verdict")
                if said and decision.value.get("scope", "overall") == "overall":
                    return str(said)
    return str(wire["judgement"].get("verdict") or "absent")


def _learn(
    units: dict[tuple[int, int], Unit],
    failings: dict[tuple[int, int], str],
    decision: Decision,
    finding: Mapping[str, Any] | None,
    text: str,
) -> None:
    place = (decision.start, decision.end)
    _, label = labels_of(decision)
    unit = units.setdefault(place, _unit(text, *place))
    facts = finding["facts"] if finding else {}
    if decision.check == "judgement" and label != NONE:
        _add(unit, "judgement")
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
    elif decision.check == "learning" and label in ("action", "weak_action"):
        _add(unit, "action")
        unit["action"] = {"weak": label == "weak_action" or bool(facts.get("weak"))}
    elif decision.check == "victims" and label in ("condolence", "blaming", "distressing"):
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
    reason["explains"] = sorted({*reason.get("explains", ()), failing})
    causes = list(decision.value.get("causes") or facts.get("causes") or ())
    if causes:
        reason["causes"] = causes
    if facts.get("level"):
        reason["level"] = facts["level"]


def _unit(text: str, start: int, end: int) -> Unit:
    return {"start": start, "end": end, "block": text.count("\n", 0, start) + 1, "kind": "sentence", "labels": []}


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


def corrections_jsonl(store: "Store") -> str:
    """The records of everything decided in a store, one JSON line each."""
    decisions = store.decisions()
    wires = (store.wire(document) for document in dict.fromkeys(one.document for one in decisions))
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in corpus_records(wires, decisions))
