"""A group of concerns as a proposed theme and its rule, in TOML, for a person to mend."""

import re

from sfo_nlp.mining.grouping import Cluster, limits


def propose(cluster: Cluster, *, label: str | None = None) -> str:
    """A theme and its rule as TOML, to be read, named and mended by a person before it is used.

    The phrases are words of the group that stand in its passages as they are; the passages become the rule's tests.
    """
    phrases = [word for word in cluster.words if sum(_holds(m.quote, word) for m in cluster.members) >= 2]
    phrases = phrases or list(cluster.words[:3])
    examples = [m.quote for m in cluster.members if any(_holds(m.quote, phrase) for phrase in phrases)]
    examples = examples[: limits()["examples_shown"]]
    name = label or " ".join(phrases[:2]).capitalize()
    slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "new_theme"
    lines = [
        "# Proposed from a group of concerns. Give it a name and a definition, weed the phrases, add silent passages.",
        "# The passages are quoted from reviews: put invented names in place of the real ones before sharing this.",
        "[[theme]]",
        f"id = {_quoted(slug)}",
        f"label = {_quoted(name)}",
        'definition = "To be written."',
        f'source = "proposed: {len(cluster.members)} passages of {cluster.reviews} reviews, '
        f'stability {cluster.stability:.2f}"',
        "",
        "[[rule]]",
        f"id = {_quoted(f'themes.{slug}.topic')}",
        f"label = {_quoted(f'topic:{slug}')}",
        'source = "proposed from the corpus"',
        "negatable = false",
        f"phrases = [{', '.join(map(_quoted, phrases))}]",
        "fires = [",
        *(f"  {_quoted(example)}," for example in examples),
        "]",
        "silent = []",
        "",
    ]
    return "\n".join(lines)


def _holds(text: str, phrase: str) -> bool:
    return re.search(rf"\b{re.escape(phrase)}\b", text.lower()) is not None


def _quoted(text: str) -> str:
    """A TOML basic string."""
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text) + '"'
