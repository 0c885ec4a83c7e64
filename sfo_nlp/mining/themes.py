"""How often themes are raised, by review: overall, by group, over time; together; as concern against strength."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sfo_nlp.checks.themes import themes as known_themes
from sfo_nlp.mining.answer import FEW, INTERVAL, Answer, shares
from sfo_nlp.mining.corpus import Corpus, Filters, grouped
from sfo_nlp.mining.guard import guard
from sfo_nlp.report.words import VERDICTS, WHY, counted

COLUMNS = {
    "label": "Theme",
    "polarity": "Polarity",
    "reviews": "Reviews",
    "share": "Share",
    **INTERVAL,
    "passages": "Passages",
}

LIFT = "Lift is how many times as often two themes stand in one review as they would if they were unrelated."


def label_of(theme: str) -> str:
    """A theme's name for people; its id where it is not in the list."""
    known = known_themes().get(theme)
    return known.label if known else theme


def themes(corpus: Corpus, filters: Filters = Filters(), *, every: bool = False, only: Sequence[str] = ()) -> Answer:
    """In how many reviews each theme is raised, as concern and as strength, with Wilson 95 % intervals.

    By review, not by mention. With `every`, themes that no review raises are listed too; `only` names themes, `id`
    or `id:polarity`.
    """
    counts = corpus.raised(filters)
    total = len(counts.ids)
    sums, spread = counts.table.sum(axis=0).tolist(), (counts.table > 0).sum(axis=0).tolist()
    found = {kind: (n, passages) for kind, n, passages in zip(counts.kinds, spread, sums, strict=True) if n}
    if every:
        for theme in known_themes():
            for polarity in ("concern", "strength"):
                found.setdefault((theme, polarity), (0, 0))
    found = {key: value for key, value in found.items() if _wanted(*key, only)}
    ordered = sorted(found.items(), key=lambda item: (-item[1][0], item[0]))
    intervals = shares([reviews for _, (reviews, _) in ordered], [total] * len(ordered))
    warned = guard(corpus, {key: reviews for key, (reviews, _) in ordered}, total, filters)
    rows: list[dict[str, Any]] = [
        {
            "id": theme,
            "polarity": polarity,
            "reviews": reviews,
            **interval,
            "label": label_of(theme),
            "passages": int(passages),
            "warnings": warned.get((theme, polarity), []),
        }
        for ((theme, polarity), (reviews, passages)), interval in zip(ordered, intervals, strict=True)
    ]
    notes = [f"{row['label']} ({row['polarity']}): {warning}" for row in rows for warning in row["warnings"]]
    notes = [*few(total), *corpus.unchecked("themes", filters=filters), *notes]
    return Answer("themes", "Themes by review", COLUMNS, rows, total, tuple(notes), said(filters))


def themes_by(corpus: Corpus, by: str, filters: Filters = Filters(), *, only: Sequence[str] = ()) -> Answer:
    """The same by group (`corpus.GROUPS`): one row per group and theme. `only` names themes, `id` or `id:polarity`."""
    with corpus.session() as session:
        members: dict[str, list[int]] = defaultdict(list)
        for group, review in session.execute(grouped(by, filters, check="themes")):
            members[group].append(review)
    raised = corpus.raised(Filters(fictional=True))
    sizes = {group: len(reviews) for group, reviews in members.items()}
    found = {
        (group, *kind): n
        for group, reviews in members.items()
        for kind, n in zip(raised.kinds, (raised.table[raised.rows(reviews)] > 0).sum(axis=0).tolist(), strict=True)
        if n
    }
    pairs = sorted({(theme, polarity) for _, theme, polarity in found if _wanted(theme, polarity, only)})
    keys = [(group, theme, polarity) for theme, polarity in pairs for group in sorted(sizes)]
    counts = [found.get(key, 0) for key in keys]
    intervals = shares(counts, [sizes[group] for group, _, _ in keys])
    rows = [
        {
            by: group,
            "id": theme,
            "label": label_of(theme),
            "polarity": polarity,
            "reviews": n,
            "of": sizes[group],
            **interval,
            "few": sizes[group] < FEW,
        }
        for (group, theme, polarity), n, interval in zip(keys, counts, intervals, strict=True)
    ]
    columns = {by: by.replace("_", " ").capitalize(), "label": "Theme", "polarity": "Polarity", "reviews": "Reviews"}
    columns |= {"of": "of", "share": "Share", **INTERVAL}
    small = (few_in(by, group, n) for group, n in sorted(sizes.items()) if n < FEW)
    notes = (*corpus.unchecked("themes", filters=filters), *small)
    total = sum(sizes.values())
    title = f"Themes by {by.replace('_', ' ')}"
    return Answer("themes", title, columns, rows, total, notes, said(filters), group_words(by))


def trends(corpus: Corpus, filters: Filters = Filters(), *, by: str = "year", only: Sequence[str] = ()) -> Answer:
    """Themes over time: `by` is year, quarter or financial_year, of completion or else of receipt."""
    return themes_by(corpus, by, filters, only=only)


def together(corpus: Corpus, filters: Filters = Filters(), *, least: int = FEW, polarity: str | None = None) -> Answer:
    """Which themes are raised in the same reviews: pairs in at least `least` reviews, by lift.

    `lift` is how many times as often as if the two were independent; `given` the share of the first theme's
    reviews that raise the second too.
    """
    counts = corpus.raised(filters)
    kept = [number for number, (_, sign) in enumerate(counts.kinds) if polarity in (None, sign)]
    labels, total = [counts.kinds[number] for number in kept], len(counts.ids)
    table = (counts.table[:, kept] > 0).astype(np.float32)
    both = (table.T @ table).astype(int)
    alone = np.diag(both)
    first, second = np.nonzero(np.triu(both >= least, 1))
    rows: list[dict[str, Any]] = []
    for a, b in zip(first.tolist(), second.tolist(), strict=True):
        rows.append(
            {
                "first": ":".join(labels[a]),
                "second": ":".join(labels[b]),
                "reviews": int(both[a, b]),
                "first_reviews": int(alone[a]),
                "second_reviews": int(alone[b]),
                "lift": round(float(both[a, b] * total / (alone[a] * alone[b])), 3),
                "given": round(float(both[a, b] / alone[a]), 4),
            }
        )
    rows.sort(key=lambda row: (-row["lift"], -row["reviews"], row["first"], row["second"]))
    columns = {"first": "Theme", "second": "with", "reviews": "Reviews", "lift": "Lift", "given": "Share of the first"}
    names = {":".join(kind): f"{label_of(kind[0])} ({kind[1]})" for kind in labels}
    words = {"first": names, "second": names}
    notes = (*few(total), *corpus.unchecked("themes", filters=filters), *([LIFT] if rows else []))
    return Answer("pairs", "Themes raised together", columns, rows, total, notes, said(filters), words)


def balance(corpus: Corpus, filters: Filters = Filters()) -> Answer:
    """For each theme: reviews that raise it as concern only, as strength only, and as both."""
    counts = corpus.raised(filters)
    signs = {kind: counts.table[:, number] > 0 for number, kind in enumerate(counts.kinds)}
    never, total = np.zeros(len(counts.ids), np.bool_), len(counts.ids)
    rows: list[dict[str, Any]] = []
    for theme in sorted({theme for theme, _ in counts.kinds}):
        bad, good = (signs.get((theme, polarity), never) for polarity in ("concern", "strength"))
        alone, praised, mixed = (int(sign.sum()) for sign in (bad & ~good, good & ~bad, bad & good))
        either = alone + praised + mixed
        if either:
            figures = {"concern_only": alone, "strength_only": praised, "both": mixed, "reviews": either}
            share = shares([alone + mixed], [either])[0]
            rows.append({"id": theme, "label": label_of(theme), **figures, **share})
    rows.sort(key=lambda row: (-row["reviews"], row["id"]))
    columns = {"label": "Theme", "concern_only": "Concern only", "strength_only": "Strength only", "both": "Both"}
    columns |= {"reviews": "Reviews", "share": "Share with a concern", **INTERVAL}
    notes = (*few(total), *corpus.unchecked("themes", filters=filters))
    return Answer("themes", "Concern against strength", columns, rows, total, notes, said(filters))


def group_words(by: str | None) -> Mapping[str, Mapping[str, str]]:
    """What the groups of one grouping are called for people, where they are ids."""
    return {by: {"verdict": VERDICTS, "explanation": WHY}.get(by, {})} if by else {}


def few_in(by: str, group: str, count: int) -> str:
    """The note on a group that is too small."""
    return f"{group_words(by)[by].get(group, group)}: only {counted(count, 'review')}, too few to compare"


def few(total: int) -> tuple[str, ...]:
    """The note that must stand beside figures from few reviews."""
    counted_are = f"{counted(total, 'review')} {'is' if total == 1 else 'are'} counted"
    return (f"Only {counted_are}: too few to say more than what they hold.",) if total < FEW else ()


def said(filters: Filters) -> Mapping[str, Any]:
    """The filters in the answer's JSON."""
    return {"filters": list(filters.words())}


def _wanted(theme: str, polarity: str, only: Sequence[str]) -> bool:
    return not only or theme in only or f"{theme}:{polarity}" in only
