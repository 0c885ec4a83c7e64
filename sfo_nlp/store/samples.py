"""The fictional sample reviews that come with the program, known by their content however they come into a store."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from sfo_nlp.settings import PACKAGE


def sample_folder() -> Path:
    """The sample reviews: in the installed package, or in the checkout."""
    installed = PACKAGE / "samples"
    return installed if installed.is_dir() else PACKAGE.parent / "corpus" / "samples"


def sample_files() -> list[Path]:
    """The samples, PDF and DOCX; none where they are not installed."""
    folder = sample_folder()
    return sorted(path for path in folder.glob("*") if path.suffix in (".pdf", ".docx")) if folder.is_dir() else []


def is_sample(document: str) -> bool:
    """Whether a document, by its id, is one of the samples: these are kept as fictional and not counted."""
    return document in _sample_ids()


@cache
def _sample_ids() -> frozenset[str]:
    return frozenset(sha256(path.read_bytes()).hexdigest() for path in sample_files())
