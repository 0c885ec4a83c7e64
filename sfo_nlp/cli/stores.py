"""The store that a command reads or writes: its option, and how it is opened."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from sfo_nlp.errors import SfoError

if TYPE_CHECKING:
    from sfo_nlp.store.store import Store

INTERRUPTED = 130
store_option = click.option(
    "--store", "url", metavar="URL", help="The store: an SQLite file or database URL. Default: your own store."
)


@contextmanager
def opened(url: str | None, *, create: bool = False) -> "Iterator[Store]":
    """The store at `url`, which only `create` makes. A coded failure is said and ends the command with status 1."""
    from sfo_nlp.store.engine import address
    from sfo_nlp.store.store import Store

    try:
        store = Store(address(url) if url else None, create=create)
        try:
            yield store
        finally:
            store.close()
    except SfoError as error:
        say(error)
        sys.exit(1)
    except KeyboardInterrupt:
        click.echo("\nStopped. What was finished is kept; the same command goes on from there.", err=True)
        sys.exit(INTERRUPTED)


def say(error: SfoError, about: str = "") -> None:
    """A coded failure on standard error."""
    click.echo(f"error[{error.code}] {about}{error.message}. {error.remedy}", err=True)
