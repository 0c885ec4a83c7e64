"""Standard output and standard error: UTF-8 whatever the system says, and a full disk is an error with a remedy."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper

import click

from sfo_nlp.errors import OutputFailed

_LOST = frozenset({errno.ENOSPC, errno.EIO, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})


def use_utf8() -> None:
    """Write UTF-8: another encoding lacks characters of the reviews. What even UTF-8 cannot hold is written out."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


@contextmanager
def written() -> Iterator[None]:
    """Everything is on its way out when the block ends. Ends the program with status 1 where that failed."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except OSError as error:
        # An error about a file has the file's name; only one of the streams has none.
        if error.filename is not None or error.errno not in {*_LOST, errno.EPIPE}:
            raise
        _drop_output()
        if error.errno != errno.EPIPE:
            remedy = "Make space, or send the results somewhere else."
            click.echo(f"error[{OutputFailed.code}] standard output: {error.strerror}. {remedy}", err=True)
        sys.exit(1)


def _drop_output() -> None:
    """Let go of what could not be written, so that it is not tried again when Python ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
