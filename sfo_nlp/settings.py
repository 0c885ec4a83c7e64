"""What a user may set, with defaults that are safe: limits for foreign files, where models and policy lie."""

from dataclasses import dataclass, field
from pathlib import Path

PACKAGE = Path(__file__).parent


def default_models() -> Path:
    """The fitted models: in the installed package, or beside it in a checkout."""
    installed = PACKAGE / "models"
    return installed if installed.is_dir() else PACKAGE.parent / "models"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one foreign file: the reader that passes one is stopped and the file refused by code."""

    seconds: float = 120.0
    ocr_seconds: float = 1200.0
    memory_mb: int = 2048
    file_mb: int = 200
    pages: int = 2000
    objects: int = 3_000_000
    unpacked_mb: int = 400


@dataclass(frozen=True, slots=True)
class Settings:
    """How one review is read and judged. All fields have working defaults.

    `fast` leaves the sentence encoder out; `policy` is the criteria file; `pipeline` names an installed
    spaCy pipeline to use in place of the blank English one; `isolate` reads foreign files in a child process.
    """

    fast: bool = False
    policy: Path = PACKAGE / "assessment" / "criteria.toml"
    models: Path = field(default_factory=default_models)
    pipeline: str | None = None
    audience: str = "family"
    ocr: bool = True
    isolate: bool = True
    limits: Limits = Limits()
