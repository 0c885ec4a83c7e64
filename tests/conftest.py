"""What the tests share: a text read as a review without models, and the sample reviews."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sfo_nlp.checks.base import CheckContext
from sfo_nlp.checks.cues import built_in_matcher
from sfo_nlp.document import Document
from sfo_nlp.extract.build import build
from sfo_nlp.extract.plain import read_plain
from sfo_nlp.language.reading import Reading, read_language
from sfo_nlp.settings import Settings

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "corpus" / "samples"
NO_MODELS = Settings(models=Path("no-models"))


def document_of(text: str) -> Document:
    """A plain text as a document, without touching a file."""
    return build(read_plain(text, markdown=True), identity="test", name="test.md", format="md")


@pytest.fixture(scope="session")
def read() -> Callable[[str], Reading]:
    """Parse a text, no models."""
    return lambda text: read_language(document_of(text), NO_MODELS)


@pytest.fixture(scope="session")
def context_of(read: Callable[[str], Reading]) -> Callable[[str], CheckContext]:
    """What a check sees of a text, no models."""

    def make(text: str) -> CheckContext:
        reading = read(text)
        return CheckContext(reading, built_in_matcher().match(reading), NO_MODELS)

    return make


@pytest.fixture(scope="session")
def samples() -> list[Path]:
    """The sample reviews, PDF and DOCX."""
    return sorted(path for path in SAMPLES.iterdir() if path.suffix in (".pdf", ".docx"))
