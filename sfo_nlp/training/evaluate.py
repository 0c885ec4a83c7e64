"""Measure the whole program on annotated reviews: roles, verdicts, explained failings, themes, decoys, calibration."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from sfo_nlp.checks.roles import ROLES
from sfo_nlp.checks.themes import POLARITIES, themes
from sfo_nlp.checks.verdict import CLEAR
from sfo_nlp.document import Evidence
from sfo_nlp.training.figures import Counts, Figure, brier, counts, f1, interval, precision, recall, reliability, share
from sfo_nlp.training.fit_link import reasons_of
from sfo_nlp.training.gold import Judged


def measure(judged: Sequence[Judged]) -> dict[str, Any]:
    """Every figure that the annotation of `judged` allows, as plain values with intervals by review.

    A record of corrections counts for the verdict where a person gave it, and not for what needs a whole annotation.
    """
    told = [item for item in judged if "verdict" in item.review.record]
    whole = [item for item in told if "reasoned" in item.review.record]
    figures: dict[str, Any] = {"reviews": len(judged), "units": sum(len(item.rows) for item in judged)}
    figures["units_found"] = round(float(np.mean(np.concatenate([item.rows >= 0 for item in judged]))), 4)
    figures["roles"] = {role: _role(judged, number) for number, role in enumerate(ROLES)}
    if told:
        figures["verdict"] = _verdicts(told)
    if whole:
        figures["explained"] = _figure(whole, _explained).to_dict()
        figures["right_reason"] = _figure(whole, _right_reason).to_dict()
        figures["themes"] = _themes(whole)
        figures["decoys"] = _decoys(whole)
        for name, check in (("systemic_causes", "learning"), ("other_agencies", "learning")):
            figures[name] = _figure(whole, _same(name, check), measure=share).to_dict()
    return figures


def mistakes(judged: Sequence[Judged]) -> Iterator[dict[str, Any]]:
    """What the program has otherwise than the annotation: verdicts of whole reviews, then roles unit by unit.

    Each with the review's id, what was ``wanted`` and ``given``; units with their words, place and role probabilities.
    """
    for item in judged:
        record = item.review.record
        verdict = str(item.assessment.measure("judgement", "verdict"))
        if record.get("verdict", verdict) != verdict:
            yield {"review": item.review.id, "wanted": record["verdict"], "given": verdict}
        for row, (unit, raw) in enumerate(zip(item.review.units, item.review.raw, strict=True)):
            given = [role for number, role in enumerate(ROLES) if item.held[row, number]]
            wanted = [role for role in ROLES if role in raw["labels"]]
            if given != wanted:
                chances = {role: round(float(item.chances[row, number]), 3) for number, role in enumerate(ROLES)}
                place = {"unit": row, "section": unit.heading, "kind": unit.kind, "text": unit.text}
                yield {"review": item.review.id, **place, "wanted": wanted, "given": given, "chances": chances}


def _figure(
    judged: Sequence[Judged], count: Callable[[Judged], Counts], *, measure: Callable[[Counts], float] = f1
) -> Figure:
    rows = [count(item) for item in judged]
    total = np.sum(rows, axis=0)
    return interval(rows, measure, support=int(total[1] if len(total) == 2 else total[0] + total[2]))


def _role(judged: Sequence[Judged], number: int) -> dict[str, Any]:
    def count(item: Judged) -> Counts:
        wanted = np.array([ROLES[number] in unit["labels"] for unit in item.review.raw], np.bool_)
        return counts(wanted, item.held[:, number])

    wanted = np.concatenate([[ROLES[number] in unit["labels"] for unit in item.review.raw] for item in judged])
    chances = np.concatenate([item.chances[:, number] for item in judged])
    return {
        "precision": _figure(judged, count, measure=precision).to_dict(),
        "recall": _figure(judged, count, measure=recall).to_dict(),
        "f1": _figure(judged, count).to_dict(),
        "brier": round(brier(wanted, chances), 4),
        "reliability": reliability(wanted, chances),
    }


def _verdicts(judged: Sequence[Judged]) -> dict[str, Any]:
    pairs = [(item.review.record["verdict"], str(item.assessment.measure("judgement", "verdict"))) for item in judged]
    right = [np.array([wanted == given, 1.0]) for wanted, given in pairs]
    clear = [np.array([(wanted in CLEAR) == (given in CLEAR), 1.0]) for wanted, given in pairs]
    figures = {
        "accuracy": interval(right, share, support=len(pairs)).to_dict(),
        "clear_or_not": interval(clear, share, support=len(pairs)).to_dict(),
        "confusion": {f"{wanted} as {given}": number for (wanted, given), number in sorted(Counter(pairs).items())},
    }
    whole = [item for item in judged if "reasoned" in item.review.record]
    if whole:
        figures["reasoned"] = _figure(whole, _same("reasoned", "judgement"), measure=share).to_dict()
    return figures


def _explained(item: Judged) -> Counts:
    """Failings that the annotation explains against those that the program finds and calls explained."""
    given = {
        finding.evidence[0].span.start
        for finding in item.assessment.findings("explanation")
        if finding.facts["explained"]
    }
    annotated = reasons_of(item.review)
    wanted = np.array(list(map(bool, annotated.values())), np.bool_)
    called = [item.rows[row] >= 0 and item.sentence_starts[item.rows[row]] in given for row in annotated]
    return counts(wanted, np.array(called, np.bool_))


def _right_reason(item: Judged) -> Counts:
    """Reasons that the program gives for failings, all it found, against the failings and reasons of the annotation."""
    rows = {item.sentence_starts[sentence]: row for row, sentence in enumerate(item.rows) if sentence >= 0}
    annotated = reasons_of(item.review)
    given = hits = 0
    for finding in item.assessment.findings("explanation"):
        reason = finding.facts["explanation"]
        if isinstance(reason, Evidence):
            given += 1
            failing = rows.get(finding.evidence[0].span.start, -1)
            hits += rows.get(reason.span.start, -1) in annotated.get(failing, ())
    return np.array([hits, given - hits, sum(map(bool, annotated.values())) - hits], np.float64)


def _themes(judged: Sequence[Judged]) -> dict[str, Any]:
    labels = [(theme, polarity) for theme in themes() for polarity in POLARITIES]

    def sets(item: Judged) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
        gold = {(theme["id"], theme["polarity"]) for unit in item.review.raw for theme in unit.get("themes", ())}
        found = {(str(f.facts["id"]), str(f.facts["polarity"])) for f in item.assessment.findings("themes")}
        return gold, found

    pairs = [sets(item) for item in judged]
    matrix = np.array(
        [
            [[label in gold and label in found, label in found - gold, label in gold - found] for label in labels]
            for gold, found in pairs
        ],
        np.float64,
    )
    present = [number for number in range(len(labels)) if matrix[:, number, [0, 2]].sum()]
    per_label = {f"{labels[number][0]}:{labels[number][1]}": f1(matrix[:, number].sum(axis=0)) for number in present}
    micro = interval(list(matrix.sum(axis=1)), f1, support=int(matrix[:, :, [0, 2]].sum()))
    return {
        "micro_f1": micro.to_dict(),
        "macro_f1": round(float(np.mean(list(per_label.values()))), 3) if per_label else None,
        "precision": interval(list(matrix.sum(axis=1)), precision, support=micro.support).to_dict(),
        "recall": interval(list(matrix.sum(axis=1)), recall, support=micro.support).to_dict(),
        "per_theme": {name: round(value, 3) for name, value in per_label.items()},
    }


def _decoys(judged: Sequence[Judged]) -> dict[str, Any]:
    """The share of passages marked as only looking like something on which the program fires all the same."""
    fired: dict[str, list[float]] = {"theme": [0, 0], "judgement": [0, 0], "explanation": [0, 0], "action": [0, 0]}
    for item in judged:
        quoted = {
            (str(f.facts["id"]), item_.span.start) for f in item.assessment.findings("themes") for item_ in f.evidence
        }
        starts = item.sentence_starts
        for row, unit in enumerate(item.review.raw):
            for decoy in unit.get("decoys", ()):
                sentence = int(item.rows[row])
                if sentence < 0:
                    continue
                kind = decoy if decoy in fired else "theme"
                if decoy in ROLES or kind != "theme":
                    if kind in unit["labels"]:
                        continue
                    fires = bool(item.held[row, ROLES.index(kind)])
                elif decoy in themes():
                    fires = (decoy, starts[sentence]) in quoted
                else:
                    continue
                fired[kind][0] += fires
                fired[kind][1] += 1
    return {kind: {"share": round(hit / total, 3), "n": int(total)} for kind, (hit, total) in fired.items() if total}


def _same(name: str, check: str) -> Callable[[Judged], Counts]:
    def count(item: Judged) -> Counts:
        return np.array([item.review.record[name] == bool(item.assessment.measure(check, name)), 1.0])

    return count
