"""The annotated corpus as the models see it: units with features and one row of targets each."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sfo_nlp.checks.learning import LEVELS
from sfo_nlp.checks.roles import ROLES
from sfo_nlp.checks.themes import AGENCIES, POLARITIES, themes
from sfo_nlp.errors import shown
from sfo_nlp.language.units import Unit
from sfo_nlp.training.errors import AnnotationInvalid
from sfo_nlp.training.markup import CAUSES, FLAGS

CORPUS = Path(__file__).parent.parent.parent / "corpus" / "annotated"
SPLITS = ("train", "validation", "test")
KINDS = {
    "sentence": "paragraph",
    "list_item": "list_item",
    "cell": "cell",
    "heading": "heading",
    "footnote": "footnote",
}


def label_names() -> tuple[str, ...]:
    """Every label that the models predict, as ``family:name``."""
    names = [f"role:{role}" for role in ROLES]
    names += [f"verdict:{name}" for name in ("taken", "not_taken", "partly", "unclear")]
    names += ["scope:overall", "scope:stage"]
    names += [f"cause:{name}" for name in CAUSES]
    names += [f"level:{name}" for name in LEVELS]
    names += [f"theme:{theme}" for theme in themes()]
    names += [f"polarity:{polarity}" for polarity in POLARITIES]
    names += [f"agency:{name}" for name in AGENCIES if name != "probation"]
    names += [f"flag:{name}" for name in FLAGS if name != "quoted"]
    return tuple(names)


@dataclass(frozen=True, slots=True)
class Review:
    """One annotated review. `units` leave struck-out text out; `targets` is (units, labels) of 0 and 1.

    `spans` are the units' half-open offsets into ``record["text"]``; `raw` the units as annotated.
    """

    id: str
    writer: str
    split: str
    record: dict[str, Any]
    units: tuple[Unit, ...]
    raw: tuple[dict[str, Any], ...]
    targets: npt.NDArray[np.float32]

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        """Which of `targets` somebody spoke to, (units, labels): all, but in a record of corrections few."""
        names = label_names()
        known = np.ones(self.targets.shape, np.bool_)
        for row, unit in enumerate(self.raw):
            if "decided" in unit:
                spoken = set(unit["decided"])
                known[row] = [name in spoken or name.partition(":")[0] in spoken for name in names]
        return known | (self.targets > 0)

    @property
    def is_extract(self) -> bool:
        """Whether it is one chapter or letter of a review, not a whole one."""
        return self.record.get("form") == "extract"


def load_corpus(folder: Path = CORPUS, *, splits: Iterable[str] = SPLITS) -> list[Review]:
    """All reviews of `splits`, in file order; one JSON line each in the folder's ``w*.jsonl``.

    Raises `AnnotationInvalid`.
    """
    wanted = set(splits)
    return [
        review for path in sorted(folder.glob("w*.jsonl")) for review in read_reviews(path) if review.split in wanted
    ]


def read_reviews(path: Path) -> Iterator[Review]:
    """The reviews of one JSON Lines file. Raises `AnnotationInvalid`."""
    for number, record in read_records(path):
        with placed(path, number):
            review = to_review(record)
        yield review


def read_records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The records of one JSON Lines file, each with the number of its line. Raises `AnnotationInvalid`."""
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    with placed(path, number):
                        record = json.loads(line)
                        if not isinstance(record, dict):
                            raise TypeError("this is no record")
                    yield number, record
    except (OSError, UnicodeDecodeError) as error:
        raise AnnotationInvalid(f"{shown(path)}: {error}") from error


@contextmanager
def placed(path: Path, number: int) -> Iterator[None]:
    """Turn what a record lacks, or has otherwise than it should, into `AnnotationInvalid` with its line."""
    try:
        yield
    except KeyError as error:
        raise AnnotationInvalid(f"{shown(path)}, line {number}: {error} is missing or not known") from error
    except (AttributeError, TypeError, ValueError) as error:
        raise AnnotationInvalid(f"{shown(path)}, line {number}: {error}") from error


def to_review(record: dict[str, Any]) -> Review:
    """A corpus record as units and targets."""
    raw = tuple(unit for unit in record["units"] if unit["kind"] != "struck")
    return Review(
        id=record["id"],
        writer=record.get("writer", ""),
        split=record.get("split", "test"),
        record=record,
        units=tuple(_units(record["text"], raw)),
        raw=raw,
        targets=_targets(raw),
    )


def _units(text: str, raw: Sequence[dict[str, Any]]) -> Iterator[Unit]:
    heading = ""
    headers: dict[tuple[int, int], str] = {}
    for unit in raw:
        words = text[unit["start"] : unit["end"]]
        header, row = "", None
        if unit["kind"] == "heading":
            heading = words
        if unit["kind"] == "cell":
            place, row = (unit["table"], unit["column"]), (unit["table"], unit["row"])
            if unit["row"] == 0:
                headers[place] = words
            else:
                header = headers.get(place, "")
        yield Unit(
            words,
            "" if unit["kind"] == "heading" else heading,
            KINDS[unit["kind"]],
            header,
            unit["block"],
            row,
            unit.get("marker", ""),
        )


def _targets(raw: Sequence[dict[str, Any]]) -> npt.NDArray[np.float32]:
    names = label_names()
    column = {name: index for index, name in enumerate(names)}
    targets = np.zeros((len(raw), len(names)), np.float32)
    for row, unit in enumerate(raw):
        labels = [f"role:{role}" for role in unit["labels"]]
        labels += [f"verdict:{unit['verdict']}"] if "verdict" in unit else []
        labels += [f"scope:{unit['scope']}"] if "scope" in unit else []
        labels += [f"cause:{cause}" for cause in unit.get("causes", ())]
        labels += [f"level:{unit['level']}"] if "level" in unit else []
        for theme in unit.get("themes", ()):
            labels += [f"theme:{theme['id']}", f"polarity:{theme['polarity']}", f"agency:{theme['agency']}"]
        labels += [f"flag:{flag}" for flag in unit.get("flags", ())]
        targets[row, [column[label] for label in labels if label in column]] = 1
    return targets
