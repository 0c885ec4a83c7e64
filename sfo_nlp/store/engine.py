"""Open a store: where it lies, its connection settings, its migrations, and its failures by code."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError

from sfo_nlp.errors import SfoError
from sfo_nlp.store.errors import StoreDamaged, StoreFull, StoreLocked, StoreMissing, StoreNewer, StoreUnreachable

VARIABLE = "SFO_NLP_STORE"
MIGRATIONS = Path(__file__).parent / "migrations"
WAIT_MS = 5_000
_SIGNS: tuple[tuple[str, type[SfoError]], ...] = (
    ("database is locked", StoreLocked),
    ("lock timeout", StoreLocked),
    ("disk is full", StoreFull),
    ("no space left", StoreFull),
    ("disk i/o error", StoreFull),
    ("file is not a database", StoreDamaged),
    ("malformed", StoreDamaged),
)


def default_url() -> str:
    """The store's address: the variable SFO_NLP_STORE, else an SQLite file in the user's data directory."""
    import platformdirs

    chosen = os.environ.get(VARIABLE)
    return address(chosen or str(Path(platformdirs.user_data_dir("sfo-nlp", appauthor=False)) / "store.sqlite"))


def address(place: str) -> str:
    """A store's URL; a bare file name stands for an SQLite file."""
    return place if "://" in place else f"sqlite:///{Path(place).absolute()}"


def open_engine(url: str, *, create: bool = True) -> Engine:
    """Connect to `url` and bring its tables to this version. Without `create`, an SQLite file has to be there.

    Raises `StoreMissing`, `StoreUnreachable`, `StoreLocked`, `StoreNewer`, `StoreFull` or `StoreDamaged`.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreUnreachable(
            "The store's address cannot be read: it should look like sqlite:///file.sqlite"
        ) from error
    place = parsed.render_as_string(hide_password=True)
    if not create and parsed.get_backend_name() == "sqlite" and not _is_there(parsed.database):
        raise StoreMissing(f"There is no store at {parsed.database}")
    try:
        with guarded(place):
            if parsed.get_backend_name() == "sqlite":
                engine = _sqlite(url, parsed.database)
            else:
                engine = create_engine(url, pool_pre_ping=True)
            migrate(engine, place)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreUnreachable(f"The store {place} needs a database driver that is not installed: {error}") from error
    except OSError as error:
        raise StoreUnreachable(f"The store {place}: {error.strerror or error}") from error
    return engine


def _is_there(database: str | None) -> bool:
    return not database or database == ":memory:" or Path(database).exists()


def _sqlite(url: str, database: str | None) -> Engine:
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": WAIT_MS / 1000})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: SqliteConnection, _record: Any) -> None:
    """Write-ahead log, checked links between tables, and transactions that SQLAlchemy begins itself."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("foreign_keys=ON", f"busy_timeout={WAIT_MS}", "journal_mode=WAL", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Writers take their lock at once: a reader that turns writer half-way would be refused instead of waiting."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def migrate(engine: Engine, place: str) -> None:
    """Run the numbered migrations that the store has not had. Raises `StoreNewer` for one it has and we do not know."""
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    known = {revision.revision for revision in script.walk_revisions()}
    if current is not None and current not in known:
        raise StoreNewer(
            f"{place}: its tables are of version {current}, this program knows up to {script.get_current_head()}"
        )
    if current != script.get_current_head():
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


@contextmanager
def guarded(place: str) -> Iterator[None]:
    """Turn a database's failure into a coded one that names the store at `place`.

    Nothing else is touched: a file that cannot be read while the store is open is not the store's failure.
    """
    try:
        yield
    except DatabaseError as error:
        words = str(error.orig).strip()
        kind = next((kind for sign, kind in _SIGNS if sign in words.lower()), None)
        if kind is None and not isinstance(error, OperationalError):
            raise
        raise (kind or StoreUnreachable)(f"The store {place}: {words.splitlines()[0]}") from error
