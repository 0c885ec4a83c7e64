"""What the tests share: a text read as a review without models, and the sample reviews."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from postgres import Missing, server
from sqlalchemy import create_engine, text

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


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """Makes a fresh database on a PostgreSQL of the tests' own, and gives its URL; skips where there is none."""
    numbers = count()
    try:
        running = server()
        address = running.__enter__()
    except Missing as error:
        pytest.skip(str(error))
    admin = create_engine(address.format("postgres"), isolation_level="AUTOCOMMIT")

    def fresh() -> str:
        name = f"store{next(numbers)}"
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        return address.format(name)

    yield fresh
    admin.dispose()
    running.__exit__(None, None, None)


def _fresh(request: pytest.FixtureRequest, folder: Path) -> str:
    return (
        f"sqlite:///{folder / 'store.sqlite'}" if request.param == "sqlite" else request.getfixturevalue("postgres")()
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store, on SQLite and on PostgreSQL."""
    return _fresh(request, tmp_path)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def any_store_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same for the tests of one module together."""
    return _fresh(request, tmp_path_factory.mktemp("store"))
