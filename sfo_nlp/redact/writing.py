"""Writes the copy and the list of what was done; a copy in which anything is left is not written at all."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sfo_nlp import __version__
from sfo_nlp.errors import OutputFailed, shown
from sfo_nlp.redact.naming import copy_name, record_name
from sfo_nlp.redact.planning import Plan
from sfo_nlp.redact.proof import left_over, spoilt
from sfo_nlp.settings import Settings

Writer = Callable[..., tuple[bytes, list[str]]]


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy and its list as bytes, their names, and what was left out besides the plan's items."""

    name: str
    content: bytes
    record_name: str
    record: bytes
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """Where the copy and its list lie, and what was left out besides the plan's items."""

    copy: Path
    record: Path
    notes: tuple[str, ...]


def make(
    plan: Plan, settings: Settings = Settings(), *, title: str = "Copy for disclosure", distinct: bool = False
) -> Copy:
    """The copy and the list, under the names of `redact.naming`.

    The copy is opened again and searched first. Raises `OutputFailed` when anything that should be gone is found in it
    or characters were lost in making it, and what reading and drawing raise.
    """
    suffix = f".{plan.document.format}"
    name = copy_name(plan, distinct=distinct)
    content, notes = _writer(suffix)(plan, settings, title=title)
    lost = spoilt(plan, content)
    if lost:
        raise OutputFailed(
            f"{shown(plan.path)}: {lost} character(s) were lost in the copy, which was not written",
            remedy="Save the original as UTF-8 and try again.",
        )
    left = left_over(plan, content, name, settings)
    if left:
        raise OutputFailed(
            f"{shown(plan.path)}: {len(left)} item(s) could still be found in the copy, which was not written",
            remedy=f"Remove them in the original and try again: {', '.join(left[:3])}",
        )
    record = json.dumps(_record(plan, name, notes), ensure_ascii=False, indent=1) + "\n"
    return Copy(name, content, record_name(plan, distinct=distinct), record.encode(), tuple(notes))


def write(plan: Plan, folder: Path, settings: Settings = Settings(), *, title: str = "Copy for disclosure") -> Written:
    """Put what `make` gives into `folder`; another review's copy and list there are never written over.

    Raises `OutputFailed` as `make` does, or when `folder` cannot be written to.
    """
    made = make(plan, settings, title=title, distinct=_is_anothers(folder, plan))
    copy, record = folder / made.name, folder / made.record_name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(made.content)
        record.write_bytes(made.record)
    except OSError as error:
        raise OutputFailed(f"{folder}: {error.strerror or error}") from error
    return Written(copy, record, made.notes)


def _is_anothers(folder: Path, plan: Plan) -> bool:
    """Whether what lies under these names is another file's; a copy without its list may be anybody's."""
    record = folder / record_name(plan)
    if not record.exists():
        return (folder / copy_name(plan)).exists()
    try:
        return bool(json.loads(record.read_bytes())["document"]["id"] != plan.document.id)
    except (OSError, ValueError, KeyError, TypeError):
        return True


def _writer(suffix: str) -> Writer:
    if suffix == ".pdf":
        from sfo_nlp.redact.pdf import redact_pdf

        return redact_pdf
    if suffix == ".docx":
        from sfo_nlp.redact.docx import redact_docx

        return redact_docx
    from sfo_nlp.redact.plain import redact_text

    return redact_text


def _record(plan: Plan, copy: str, notes: list[str]) -> dict[str, object]:
    """The list for the file of the service. It names what was removed, so it must not leave with the copy."""
    return {
        "schema": "sfo-nlp/redaction/1",
        "warning": "This list names what was removed. Keep it inside the service; do not send it with the copy.",
        "document": {"name": plan.document.name, "id": plan.document.id},
        "copy": copy,
        "version": __version__,
        "checked": "The copy was opened again and none of the removed items was found in it.",
        "items": [
            {
                "label": item.label,
                "kind": item.kind,
                "role": item.role,
                "removed": not item.kept,
                "forms": list(item.forms),
                "count": item.count,
            }
            for item in plan.items
        ],
        "left_out": notes,
    }
