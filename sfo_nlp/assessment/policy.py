"""The policy: criteria, questions and thresholds read from a TOML file that a service may replace."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sfo_nlp.assessment.faults import EXPLANATION, evidence_names, first_fault
from sfo_nlp.errors import PolicyInvalid, shown

STANDARDS: Mapping[str, str] = {
    "analysis_of_practice": "Analysis of practice",
    "overall_judgements": "Overall judgements",
    "learning": "Learning",
    "victims_and_families": "Victims and their families",
}


@dataclass(frozen=True, slots=True)
class Criterion:
    """One question of a standard and how its answer follows from one measure of one check.

    Where `measure` is a share, `share_of` may name the check's measure that counts what it is a share of; where it is
    a number, one that is said beside it. `evidence` names, for met, not_met, refer and none, the findings that an
    answer rests on; None where on all of the check's.
    """

    standard: str
    id: str
    question: str
    check: str
    measure: str
    says: Mapping[str, str]
    share_of: str = ""
    evidence: Mapping[str, tuple[str, ...]] | None = None
    met: tuple[object, ...] = ()
    not_met: tuple[object, ...] = ()
    refer: tuple[object, ...] = ()
    met_from: float | None = None
    not_met_below: float | None = None
    met_to: float | None = None
    not_met_above: float | None = None
    none: str = "refer"
    unsure_below: float = 0.0


@dataclass(frozen=True, slots=True)
class Policy:
    """All criteria in order. `version` is the name in the file and the start of its SHA-256."""

    version: str
    criteria: tuple[Criterion, ...]
    explains_why_from: float
    partly_from: float

    def explanation_verdict(self, share: float | None) -> str:
        """`explains_why`, `partly` or `what_only`, from the share of shortcomings that are explained (0 to 1)."""
        if share is not None and share >= self.explains_why_from:
            return "explains_why"
        return "partly" if share is not None and share >= self.partly_from else "what_only"


@lru_cache(maxsize=8)
def read_policy(path: Path) -> Policy:
    """Read and check a policy file. Raises `PolicyInvalid` naming the criterion at fault."""
    try:
        content = path.read_bytes()
        data = tomllib.loads(content.decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise PolicyInvalid(f"{shown(path)}: {error}") from error
    if fault := first_fault(data, standards=STANDARDS):
        raise PolicyInvalid(f"{shown(path)}: {fault}")
    bounds = {**EXPLANATION, **data.get("explanation", {})}
    return Policy(
        version=f"{data.get('name', path.stem)} ({hashlib.sha256(content).hexdigest()[:12]})",
        criteria=tuple(_criterion(entry) for entry in data["criterion"]),
        explains_why_from=float(bounds["explains_why_from"]),
        partly_from=float(bounds["partly_from"]),
    )


def _criterion(entry: Mapping[str, Any]) -> Criterion:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    return Criterion(**{**values, "evidence": evidence_names(entry.get("evidence", ""))})
