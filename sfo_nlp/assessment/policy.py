"""The policy: criteria, questions and thresholds read from a TOML file that a service may replace."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from sfo_nlp.errors import PolicyInvalid

STANDARDS: Mapping[str, str] = {
    "analysis_of_practice": "Analysis of practice",
    "overall_judgements": "Overall judgements",
    "learning": "Learning",
    "victims_and_families": "Victims and their families",
}
OUTCOMES = ("met", "not_met", "refer", "not_run")
WORDINGS = ("met", "not_met", "refer", "none")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One question of a standard and how its answer follows from one measure of one check.

    Where `measure` is a share, `share_of` may name the check's measure that counts what it is a share of. `evidence`
    names, for each of `WORDINGS`, the findings that an answer rests on; None where it rests on all of the check's.
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
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PolicyInvalid(f"{path.name}: {error}") from error
    criteria = tuple(_criterion(entry, path) for entry in data.get("criterion", ()))
    if not criteria:
        raise PolicyInvalid(f"{path.name}: it has no [[criterion]]")
    bounds = data.get("explanation", {})
    digest = hashlib.sha256(content).hexdigest()[:12]
    return Policy(
        version=f"{data.get('name', path.stem)} ({digest})",
        criteria=criteria,
        explains_why_from=float(bounds.get("explains_why_from", 0.667)),
        partly_from=float(bounds.get("partly_from", 0.333)),
    )


def _criterion(entry: Mapping[str, Any], path: Path) -> Criterion:
    name = entry.get("id", "a criterion without id")
    known = {field.name for field in fields(Criterion)}
    unknown = sorted(set(entry) - known)
    missing = sorted({"standard", "id", "question", "check", "measure", "says"} - set(entry))
    if unknown or missing:
        fault = f"unknown {', '.join(unknown)}" if unknown else f"missing {', '.join(missing)}"
        raise PolicyInvalid(f"{path.name}: {name}: {fault}")
    if "share_of" not in entry and any("{count}" in text or "{part}" in text for text in entry["says"].values()):
        raise PolicyInvalid(f"{path.name}: {name}: its words count something; share_of must say what")
    if entry["standard"] not in STANDARDS:
        raise PolicyInvalid(f"{path.name}: {name}: standard {entry['standard']!r} is not one of {', '.join(STANDARDS)}")
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    try:
        return Criterion(**{**values, "evidence": _evidence(entry.get("evidence", ""))})
    except (TypeError, ValueError) as error:
        raise PolicyInvalid(f"{path.name}: {name}: evidence {error}") from error


def _evidence(given: object) -> Mapping[str, tuple[str, ...]] | None:
    """The names for each wording, from a name, a list of names, or a table of either by wording; None for ``""``."""
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
