"""The words in which results are said to people: one place for the terminal, the reports and the pane."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sfo_nlp.assessment.policy import STANDARDS as STANDARDS

VERDICTS: Mapping[str, str] = {
    "taken": "All reasonable steps were taken",
    "not_taken": "Not all reasonable steps were taken",
    "partly": "Some reasonable steps were taken, others were not",
    "unclear": "It comes near a conclusion but does not state one",
    "contradictory": "Two statements cannot both stand",
    "absent": "The review states no judgement of its own",
}
WHY: Mapping[str, str] = {
    "explains_why": "It explains why",
    "partly": "It explains why in part",
    "what_only": "It tells what happened, hardly why",
}
NOT_CHECKED = "Could not be checked"
OUTCOMES: Mapping[str, tuple[str, str]] = {
    "met": ("✓", "Met"),
    "not_met": ("✗", "Not met"),
    "refer": ("?", "For a person to decide"),
    "not_run": ("–", NOT_CHECKED),
}


def worst_first(outcome: str) -> int:
    """The place of an outcome when those that ask for something come first."""
    return ("not_met", "not_run", "refer", "met").index(outcome)


# For reports: whoever reads one in a browser or in Word has no command line.
LISTED = "quoted under another question or listed in the last section, “Other passages”"
IN_TABLE = "The report “Findings as a table” lists every finding in full."
SEE_ALL = "to see all: --format html --out FOLDER, or --format json"

LEFT_OUT: Mapping[str, str] = {
    "header": "running heads",
    "footer": "running feet",
    "page_number": "page numbers",
    "marking": "protective markings",
    "repeated_header": "repeated table heads",
    "contents": "table of contents",
    "struck_out": "struck-out words",
    "deleted": "tracked deletions",
    "comment": "comments",
    "hidden": "hidden words",
    "note_mark": "note marks",
    "unreadable": "words that could not be made out",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """How the passages of one check are marked: a letter and a kind of line tell them apart without the colour."""

    letter: str
    name: str
    colour: str
    line: str


MARKS: Mapping[str, Mark] = {
    "judgement": Mark("J", "Judgement", "#5b3a8c", "double"),
    "explanation": Mark("W", "What or why", "#a3390f", "solid"),
    "themes": Mark("T", "Practice theme", "#0b5c7d", "dashed"),
    "learning": Mark("L", "Learning and actions", "#2d6a31", "dotted"),
    "rosh": Mark("H", "Risk of serious harm", "#7c2d12", "dashed"),
    "stages": Mark("S", "Stage of the case", "#4b5563", "dashed"),
    "agencies": Mark("A", "Other agencies", "#1d4ed8", "dashed"),
    "readability": Mark("R", "Plain language", "#6e5500", "dotted"),
    "consistency": Mark("C", "Agreement within the text", "#0f5f59", "dashed"),
    "victims": Mark("V", "Victims and families", "#9d174d", "double"),
}
OTHER = Mark("O", "Other", "#374151", "solid")

TITLES: Mapping[tuple[str, str], str] = {
    ("judgement", "taken"): "Says that all reasonable steps were taken",
    ("judgement", "not_taken"): "Says that not all reasonable steps were taken",
    ("judgement", "partly"): "Says that some reasonable steps were taken",
    ("judgement", "unclear"): "Comes near a judgement without stating one",
    ("judgement", "near_miss"): "Near a judgement: is this it?",
    ("explanation", "explained"): "Shortcoming with a reason beside it",
    ("explanation", "unexplained"): "Shortcoming without a reason",
    ("learning", "action"): "Action",
    ("learning", "weak_action"): "Weak action",
    ("learning", "finding_without_action"): "Shortcoming that no action answers",
    ("learning", "systemic_cause"): "Cause beyond the individual",
    ("learning", "other_agency"): "Another agency's practice",
    ("learning", "strength"): "Good practice",
    ("learning", "action_without_finding"): "Action that answers no shortcoming found",
    ("rosh", "inaccuracy"): "Finds the risk assessment wrong",
    ("rosh", "reason"): "Why the risk was misjudged",
    ("rosh", "accepted"): "Accepts a risk level: look again",
    ("agencies", "agency"): "Another agency's practice",
    ("readability", "hard_sentence"): "Hard sentence",
    ("readability", "long_sentence"): "Long sentence",
    ("readability", "passive"): "Passive: it does not say who",
    ("readability", "nominalisation"): "A noun where a verb would be plainer",
    ("readability", "acronym"): "Acronym never explained",
    ("readability", "late_acronym"): "Acronym explained only after its first use",
    ("readability", "double_negative"): "Double negative: say it straight",
    ("readability", "jargon"): "Jargon",
    ("readability", "spelling"): "American spelling",
    ("stages", "stage"): "Evaluates a stage of the case",
    ("consistency", "draft"): "Draft mark left in",
    ("consistency", "impossible_date"): "A date that does not exist",
    ("consistency", "wrong_weekday"): "The weekday does not fit the date",
    ("consistency", "dates_reversed"): "The later date stands first",
    ("consistency", "two_dates"): "Two dates for one event",
    ("consistency", "age"): "The age does not fit the date of birth",
    ("consistency", "spelling"): "A name spelt in two ways",
    ("consistency", "reference"): "Refers to something that is not there",
    ("victims", "condolence"): "Acknowledges the loss",
    ("victims", "blaming"): "May blame the victim or play the offence down",
    ("victims", "minimising"): "May make the offence or the harm look smaller",
    ("victims", "evasive"): "Says that it went wrong, not who did what",
    ("victims", "personal_data"): "Personal data left in",
    ("victims", "distressing"): "Graphic detail",
}
CAUSES: Mapping[str, str] = {
    "knowledge_skill": "knowledge or skill",
    "cognitive_bias": "bias in thinking",
    "workload": "workload",
    "experience_training": "experience or training",
    "supervision_management": "supervision",
    "process_system": "process or system",
    "policy": "policy",
    "partner_agency": "a partner agency",
    "culture": "culture",
    "resources": "resources",
    "other": "another cause",
}
DECISIONS: Mapping[str, str] = {
    "agree": "agrees",
    "disagree": "disagrees",
    "correct": "corrects it",
    "accept": "says: this is it",
    "withdraw": "took the decision back",
    "note": "notes",
}


def mark_of(check: str) -> Mark:
    """The mark of a check, or a neutral one for a check that is not known here."""
    return MARKS.get(check, OTHER)


def plain(word: str) -> str:
    """An identifier as words: ``management_oversight`` becomes ``Management oversight``."""
    return word.replace("_", " ").strip().capitalize()


def sure(confidence: float, source: str) -> str:
    """How sure the tool is, in words: rules are certain that the words stand there, models more or less."""
    if source.startswith("rule:"):
        return "found by rule"
    if confidence >= 0.9:
        return "very sure"
    return "fairly sure" if confidence >= 0.7 else "unsure"


def counted(number: int, thing: str) -> str:
    """A number with its thing in the singular or plural."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def part(number: int, total: int) -> str:
    """A part of a total: none and all as words."""
    return f"{'none' if not number else 'all' if number == total else f'{number:,}'} of {total:,}"


def coverage_line(document: Mapping[str, Any]) -> str:
    """One sentence on what was read; `document` as in an assessment's JSON, of which older ones have no coverage."""
    coverage = document.get("coverage", {})
    read = f"{counted(document['words'], 'word')} read"
    if document["pages"]:
        blank = coverage.get("pages_without_text", ())
        read += f" on {counted(document['pages'], 'page')}"
        read += f", none on page{'s' * (len(blank) > 1)} {', '.join(map(str, blank))}" if blank else ""
    if not coverage:
        return f"{read}."
    left = coverage["words_left_out"]
    reasons = ", ".join(f"{LEFT_OUT.get(reason, reason)} {count:,}" for reason, count in left.items())
    return f"{read}; {sum(left.values()):,} left out ({reasons})." if left else f"{read}; nothing left out."
