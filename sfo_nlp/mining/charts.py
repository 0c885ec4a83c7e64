"""Charts of yearly figures as SVG or PNG, each with the words that stand for it where it cannot be seen."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

INK, NOW, FILL, THEN, PUBLISHED = "#1d2530", "#1f4e79", "#8fb0cf", "#f3c969", "#7a4d00"
WIDTH = 7.2


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart: `svg` text, `png` bytes, and `words` that say the same."""

    title: str
    svg: str
    png: bytes
    words: str


def bars(title: str, rows: Sequence[Mapping[str, Any]], *, now: str, before: str, of: str = "reviews") -> Chart | None:
    """Shares `of` a thing with 95 % intervals as bars, those before as diamonds; None when there is nothing to draw."""
    shown = [row for row in rows if row["share"] is not None]
    if not shown:
        return None
    figure, axes = _canvas(1.1 + 0.34 * len(shown))
    places = range(len(shown))
    values = [100 * row["share"] for row in shown]
    below = [value - 100 * row["low"] for value, row in zip(values, shown, strict=True)]
    above = [100 * row["high"] - value for value, row in zip(values, shown, strict=True)]
    whiskers = {"elinewidth": 1, "capsize": 3, "ecolor": INK}
    axes.barh(places, values, xerr=[below, above], color=FILL, edgecolor=NOW, height=0.55, error_kw=whiskers, label=now)
    past = [
        (place, 100 * row["last_share"])
        for place, row in zip(places, shown, strict=True)
        if row["last_share"] is not None
    ]
    if past:
        axes.scatter(
            [share for _, share in past], [place for place, _ in past],
            marker="D", s=34, color=THEN, edgecolors=INK, linewidths=0.7, zorder=3, label=before,
        )  # fmt: skip
    axes.set_yticks(list(places), [row["label"] for row in shown])
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.set_xlabel(f"Share of {of}, %, with 95 % interval")
    axes.legend(frameon=False, fontsize=8, loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    return _drawn(figure, title, "; ".join(_words(row, now, before) for row in shown))


def series(title: str, published: Mapping[str, Any], own: Mapping[int, float], label: str) -> Chart:
    """A published series of shares by year, and this corpus's own beside it."""
    figure, axes = _canvas(2.9)
    points = [(value["year"], 100 * value["share"]) for value in published["values"]]
    axes.plot(*zip(*points, strict=True), marker="o", color=PUBLISHED, label="Published")
    for year, share in points:
        axes.annotate(f"{share:.0f}", (year, share), textcoords="offset points", xytext=(0, 7), ha="center", fontsize=8)
    if own:
        years = sorted(own)
        axes.plot(years, [100 * own[year] for year in years], marker="s", linestyle="--", color=NOW, label=label)
    every = sorted({year for year, _ in points} | set(own))
    axes.set_xticks(every, [str(year) for year in every])
    axes.set_ylim(0, 100)
    axes.set_ylabel("Share of reviews, %")
    axes.legend(frameon=False, fontsize=8)
    words = "; ".join(f"{year}: {share:.0f} % published" for year, share in points)
    mine = "; ".join(f"{year}: {100 * own[year]:.0f} % in this corpus" for year in sorted(own))
    return _drawn(figure, title, "; ".join(filter(None, (words, mine))))


def _words(row: Mapping[str, Any], now: str, before: str) -> str:
    text = f"{row['label']}: {100 * row['share']:.0f} % in {now} ({row['reviews']} of {row['of']}"
    text += f", interval {100 * row['low']:.0f} to {100 * row['high']:.0f})"
    return text + (f", {100 * row['last_share']:.0f} % in {before}" if row["last_share"] is not None else "")


def _canvas(height: float) -> tuple[Any, Any]:
    """A figure of its own, without matplotlib's global state, so that several threads may draw."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    axes = figure.subplots()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(labelsize=8.5, colors=INK)
    return figure, axes


def _drawn(figure: Any, title: str, words: str) -> Chart:
    import matplotlib

    svg, png = io.StringIO(), io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "sfo-nlp", "svg.fonttype": "none", "font.size": 9}):
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        figure.savefig(png, format="png", dpi=160)
    text = svg.getvalue()
    return Chart(title, text[text.index("<svg") :], png.getvalue(), words)
