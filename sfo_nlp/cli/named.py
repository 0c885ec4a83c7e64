"""Themes as people name them on the command line: by id or by name, with or without concern or strength."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, overload

import click

if TYPE_CHECKING:
    from sfo_nlp.mining.corpus import Corpus

POLARITIES = ("concern", "strength")


@overload
def named_theme(corpus: "Corpus", said: str, *, option: str) -> str: ...
@overload
def named_theme(corpus: "Corpus", said: None, *, option: str) -> None: ...
def named_theme(corpus: "Corpus", said: str | None, *, option: str) -> str | None:
    """The id of the theme that somebody named, with the polarity if one was. Raises `click.UsageError`."""
    if said is None:
        return None
    name, sign, polarity = said.partition(":")
    names = corpus.theme_names()
    known = {word.casefold(): theme for label, theme in names.items() for word in (theme, label)}
    found = known.get(" ".join(name.split()).casefold())
    if found is None or (sign and polarity not in POLARITIES):
        near = get_close_matches(name.casefold(), known, n=1)
        hint = f" Did you mean {known[near[0]]}?" if near and found is None else ""
        raise click.UsageError(f"{option}: there is no theme {said!r}.{hint} `sfo-nlp themes --all` lists every theme.")
    return f"{found}{sign}{polarity}"


def named_themes(corpus: "Corpus", said: Sequence[str], *, option: str) -> tuple[str, ...]:
    """The same for several."""
    return tuple(named_theme(corpus, one, option=option) for one in said)
