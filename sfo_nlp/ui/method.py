"""The method page: what every check looks for, how well, what it cannot see, and where everything is kept."""

import json
import tomllib
from functools import cache, partial
from pathlib import Path
from typing import Any

import streamlit as st

from sfo_nlp import __version__
from sfo_nlp.assessment.policy import STANDARDS, read_policy
from sfo_nlp.report.agreement import agreements
from sfo_nlp.report.corrections import corrections_jsonl
from sfo_nlp.report.safe import visible
from sfo_nlp.report.words import counted, mark_of
from sfo_nlp.settings import Settings
from sfo_nlp.ui.bounds import bounds_of, goals
from sfo_nlp.ui.frame import store


def page() -> None:
    """The method page."""
    st.title("Method")
    st.info(
        "**Nothing leaves this machine.** The pane answers on this machine only, no page opens a connection to "
        f"anywhere else, and usage reporting is off. All that it keeps lies in `{visible(store().place)}`.",
        icon=":material/lock:",
    )
    _checks()
    _bounds()
    _goals()
    _agreement()
    _cards()
    _versions()


@cache
def definitions() -> list[dict[str, str]]:
    """What each check looks for, how, and what it cannot see."""
    found: list[dict[str, str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))[
        "check"
    ]
    return found


def _checks() -> None:
    st.header("What each check looks for")
    cards = []
    for entry in definitions():
        mark = mark_of(entry["id"])
        cards.append(
            f'<section><h3><span class="letter" style="--k:{mark.colour}">{mark.letter}</span> {mark.name}</h3>'
            f"<p><b>Looks for:</b> {entry['looks_for']}</p><p><b>How:</b> {entry['how']}</p>"
            f"<p><b>Cannot see:</b> {entry['cannot_see']}</p></section>"
        )
    st.html(f'<div class="checks">{"".join(cards)}</div>')


def _bounds() -> None:
    st.header("What counts as met")
    st.markdown(
        "The bounds of the criteria in use. What lies between **met** and **not met**, and what could not be measured, "
        "is for a person to decide. They are a working rubric: a service can set its own with `--criteria`."
    )
    criteria = read_policy(Settings().policy).criteria
    for standard, title in STANDARDS.items():
        asked = [criterion for criterion in criteria if criterion.standard == standard]
        rows = [(one.question, *(bound[:1].upper() + bound[1:] for bound in bounds_of(one))) for one in asked]
        with st.expander(f"{title}: {counted(len(asked), 'question')}"):
            st.table(
                [{"Question": question, "Met": met, "Not met": missed} for question, met, missed in rows],
                border="horizontal",
                hide_index=True,
            )


def _goals() -> None:
    found = list(goals(Settings().models))
    if not found:
        return
    st.header("Which figures reach their goals")
    below = [goal for goal in found if not goal.reached]
    st.markdown(
        f"**{len(below)} of {len(found)} are below their goal**, on reviews by writers who taught the models nothing. "
        "A figure of 0.80 says: about eight in ten are right. Those below stand first."
        if below
        else "All figures reach their goals, on reviews by writers who taught the models nothing."
    )
    st.table(
        [
            {
                "Figure": goal.title,
                "Reached": f"{goal.value:.2f}"
                + (f" ({goal.low:.2f} to {goal.high:.2f})" if goal.low is not None else ""),
                "Goal": f"{'at most' if goal.most else 'at least'} {goal.goal:.2f}",
                "So": "✓ reached" if goal.reached else "✗ below the goal",
            }
            for goal in sorted(found, key=lambda goal: goal.reached)
        ],
        border="horizontal",
        hide_index=True,
    )


def _agreement() -> None:
    st.header("Agreement between the tool and its users")
    decisions = store().decisions()
    found = agreements(decisions)
    if not found:
        st.markdown(
            "Nothing has been decided yet. Agree, disagree and correct on the **Review** page; the figures stand here."
        )
        return
    st.markdown(
        "Cohen's kappa between the tool's label and each person's: 1 is full agreement, 0 is no better than chance. "
        "People see mostly what the tool found, so what it passed over hardly counts here: read it as precision."
    )
    st.table(
        [
            {
                "Check": mark_of(one.check).name,
                "Decisions": f"{one.pairs}",
                "People": f"{one.people}",
                "Agreed": f"{one.agreed:.0%}",
                "Kappa": "one label only" if one.kappa is None else f"{one.kappa:.2f}",
            }
            for one in found
        ],
        border="horizontal",
        hide_index=True,
    )
    st.download_button(
        "Corrections in the corpus format (JSON Lines)",
        partial(corrections_jsonl, store()), "corrections.jsonl", "application/jsonl",
        icon=":material/download:", on_click="ignore",
        help="For `sfo-nlp train`. It holds the reviews' own words: keep it as you keep the reviews.",
    )  # fmt: skip


def _cards() -> None:
    st.header("How well the models do")
    cards = sorted(Settings().models.glob("*.md")) if Settings().models.is_dir() else []
    if not cards:
        st.warning("No model cards are installed: the checks run on rules alone.", icon=":material/warning:")
    for card in cards:
        title, _, text = card.read_text(encoding="utf-8").partition("\n")
        with st.expander(title.lstrip("# ").strip()):
            st.markdown(text)


def _versions() -> None:
    st.header("Versions and hashes")
    settings = Settings()
    rows: list[dict[str, Any]] = [
        {"What": "sfo-nlp", "Version or SHA-256": __version__},
        {"What": "Criteria", "Version or SHA-256": read_policy(settings.policy).version},
    ]
    manifest = settings.models / "manifest.json"
    if manifest.is_file():
        files = json.loads(manifest.read_text(encoding="utf-8")).get("files", {})
        rows += [{"What": f"Model file {name}", "Version or SHA-256": digest} for name, digest in files.items()]
    st.table(rows, border="horizontal", hide_index=True)
