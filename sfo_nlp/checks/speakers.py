"""Whose judgement a sentence tells, whether it asks or answers, and whether it takes something out of what it says."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from sfo_nlp.language.reading import Sentence
from sfo_nlp.language.units import is_question

_LISTS = Path(__file__).with_name("judgement.toml")
# "Were all reasonable steps taken?" asks for the judgement; "Was management oversight sufficient?" asks for a part.
_ASKED = re.compile(
    r"\b(?:all|every|enough) (?:the |of the )?reasonable (?:steps?|actions?|measures?)\b"
    r"|\b(?:all|everything)\b.{0,30}\breasonably\b.{0,40}\bdone\b|\benough done\b.{0,30}\brisk\b",
    re.IGNORECASE,
)
# "No. 3" is a number, and "NO attended" is somebody with these initials.
_ANSWER = re.compile(
    r"\W*(?P<word>yes|no|partly|partially|in part)\b(?!\.?\s*\d)"
    r"(?P<rest>\W*$|\s*[.,;:!(–—-].*|\s+(?:they|it|we|i|he|she|the|this|that|these|there|not|all|some|most|one|because|but|"
    r"although|though|for|as|with|in|on|to|and|except|reasonable|sufficient|insufficient)\b.*)",
    re.IGNORECASE | re.DOTALL,
)
_SHORT_ANSWERS = dict.fromkeys(("y", "yes", "✓", "✔"), "taken") | dict.fromkeys(("n", "no", "✗", "✘", "x"), "not_taken")
_SHORT_ANSWERS |= dict.fromkeys(("partly", "partially", "in part", "p"), "partly")
_SUFFICED = re.compile(r"\b(?:sufficien\w+|reasonable|adequa\w+|good enough|satisfactory|enough done)\b", re.IGNORECASE)
# "This review considers, for each stage, whether practice was sufficient" says what follows.
_ASKS = re.compile(
    r"\b(?:review|report|section|chapter|part|summary|conclusion|letter|we|i|it|this|that|reviewers?|panel|question|aim"
    r"|purpose|task|role|remit|reference)\b[^.]{0,70}?\b(?:consider(?:s|ed)?|examine[sd]?|ask(?:s|ed)?|address(?:es|ed)?"
    r"|assess(?:es|ed)?|look(?:s|ed)? at|explore[sd]?|sets? out|seeks?|sought|aims?|is|was|are)\b[^.]{0,90}?"
    r"\b(?:whether|how well|how far|to what extent)\b",
    re.IGNORECASE,
)
_DECIDES = re.compile(
    r"\b(?:conclu|finds?\b|found|satisfied|judge|view|opinion|answer|doubt|cannot|not (?:for|possible|able|clear)"
    r"|unclear|difficult|hard|unable|matter for|decide|decline|open|say|i am not|we are not)",
    re.IGNORECASE,
)
# "All reasonable steps must be taken" says what is due, not what was done; "should have been taken" judges.
_DUE = re.compile(
    r"\b(?:must|shall|should|ought to|needs? to|(?:is|are|were|was) (?:required|expected|obliged|meant) to|has to"
    r"|have to|will)(?: \w+)? (?:be (?:taken|done|made|in place|managed)|take|do|ensure)\b",
    re.IGNORECASE,
)
_WAS = re.compile(r"\b(?:have been|was|were|did|had)\b", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"\W*(?:in|about|from) (?:a|an|another|one) (?:(?:separate|different|other|earlier|unrelated|similar) )?"
    r"(?:case|matter|review)\b(?! (?:like|such) (?:as )?th)|\W*(?:for example|an example of|example:)",
    re.IGNORECASE,
)
# "I looked for what a careful officer would have done and we did not, and I have not found it."
_SOUGHT_IN_VAIN = re.compile(
    r"\b(?:look(?:ed|ing)|search(?:ed|ing)|hunt(?:ed|ing)|went through|comb(?:ed|ing))\b.{0,80}?"
    r"\b(?:undone|not do(?:ne)?|missed|gaps?|faults?|failings?|weak|should have|ought to|would have|could have)\b"
    r".{0,160}?\b(?:(?:did|do|could|can|have|has) not (?:find|found)|found (?:none|nothing|no)\b|find none|in vain"
    r"|empty|nothing\b.{0,30}\b(?:turned up|found|emerged)|turned up nothing|there (?:was|is) (?:none|nothing))",
    re.IGNORECASE,
)
# That nobody could have foreseen it says nothing of how the case was managed.
_FORESEEN = re.compile(
    r"\b(?:could|would|might)(?: not)? (?:have )?(?:been )?(?:foreseen|predicted|prevented|averted|avoided|foresee"
    r"|predict|prevent)\b",
    re.IGNORECASE,
)
_MANAGED = re.compile(
    r"\b(?:reasonabl|sufficien|enough|steps?\b|manage|adequa|should have|more (?:could|should))", re.IGNORECASE
)
_BUT = re.compile(
    r"\b(?:but|except|though|although|however|with (?:one|two|some|a few|several) exceptions?)\b", re.IGNORECASE
)


class Answer(NamedTuple):
    """A question for the judgement and the sentence that answers it: taken, not_taken or partly."""

    question: Sentence
    sentence: Sentence
    direction: str


def of_another(text: str) -> bool:
    """Whether a sentence tells what a coroner, an inspectorate, a relative or an officer concluded, or others' work."""
    return bool(_others_work().search(text)) or (bool(_others().search(text)) and not _own().search(text))


def only_asks(text: str) -> bool:
    """Whether a sentence asks, or says what will be asked, and neither answers nor declines to."""
    return is_question(text) or (bool(_ASKS.search(text)) and not _DECIDES.search(text))


def found_no_fault(text: str) -> bool:
    """Whether a sentence says that a search for what was left undone found nothing."""
    return bool(_SOUGHT_IN_VAIN.search(text))


def only_foresees(text: str) -> bool:
    """Whether a sentence says only whether the offence could have been foreseen or prevented."""
    return bool(_FORESEEN.search(text)) and not _MANAGED.search(text)


def is_due(text: str) -> bool:
    """Whether a sentence says what must be done, or tells of another case: of this one it judges nothing."""
    due = bool(_DUE.search(text)) and not _WAS.search(text)
    return due or bool(_ELSEWHERE.match(text))


def has_exception(text: str) -> bool:
    """Whether a sentence takes something out of what it says: "all ... except that ..."."""
    return bool(_exceptions().search(text))


def answers(sentences: Sequence[Sentence]) -> Iterator[Answer]:
    """Every question whether enough was done that the next sentence answers with yes, no or partly."""
    for question, sentence in pairwise(sentences):
        if not is_question(question.text) or not _ASKED.search(question.text):
            continue
        match = _ANSWER.match(sentence.text)
        if match:
            word = match["word"].lower()
            halved = word not in ("yes", "no") or (word == "yes" and _BUT.search(match["rest"]))
            yield Answer(question, sentence, "partly" if halved else "taken" if word == "yes" else "not_taken")


def answering_cells(sentences: Sequence[Sentence]) -> Iterator[tuple[Sentence, str]]:
    """Every "Y", "No" or "Partly" in a column that asks whether practice was good enough, with its direction."""
    for sentence in sentences:
        cell = sentence.block.cell
        direction = _SHORT_ANSWERS.get(sentence.text.strip(" .").lower()) if cell else None
        if cell and direction and _SUFFICED.search(cell.header):
            yield sentence, direction


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    """The lists of ``judgement.toml`` that patterns are made of, each as alternatives."""
    data = tomllib.loads(_LISTS.read_text(encoding="utf-8"))
    lists = data["other_body"] | data["exceptions"]
    return {name: "|".join(map(re.escape, entries)).replace("'", "[’']") for name, entries in lists.items()}


@lru_cache(maxsize=1)
def _own() -> re.Pattern[str]:
    """The author who concludes, in whatever sentence: "I note what the coroner said, and find that ..."."""
    words = _words()
    return re.compile(
        rf"\b(?:{words['authors']})\b(?:,[^,]{{1,60}},)?(?: [\w’'-]+){{0,3}}? (?:{words['concludes']})\b", re.IGNORECASE
    )


@lru_cache(maxsize=1)
def _others() -> re.Pattern[str]:
    """Another body, a relative or an officer who says, finds or thinks something."""
    words = _words()
    body = rf"(?:{words['body']}|(?:{words['purposes']})(?: [\w-]+){{0,3}}? (?:{words['organs']}))"
    aside = r"(?:, (?:which|who|in|on|having|after)\b[^,]{2,100},)?"
    concluded = (
        rf"\b{body}(?:[’']s)?{aside},?(?: (?:{words['between']}|{words['papers']}){aside},?)* (?:{words['say']})\b"
    )
    # "Port Ellery Police looked at their own part and concluded that ..."
    in_the_end = rf"\b{body}(?: [\w’'-]+){{1,10}} and (?:{words['say']})\b"
    view = (
        rf"\b{body}[’']s? (?:own )?(?:{words['views']})\b|\b(?:{words['views']}) of (?:the |an? )?(?:[\w-]+ )?{body}\b"
    )
    by = rf"\b(?:according to|in the eyes of|as far as) (?:the |an? )?(?:[\w-]+ ){{0,2}}{body}\b"
    opinion = (
        rf"(?<!reviewing )(?<!countersigning )(?<!review )\b(?:{words['people']})(?:, [^,]{{3,40}},)?"
        rf"(?: (?:{words['between']}))* (?:{words['opine']})(?: that)?,? (?:{words['judged']})\b"
    )
    earlier = r"\b(?:previous|earlier|internal) review\b.{0,40}\bconcluded\b"
    return re.compile("|".join((concluded, in_the_end, view, by, opinion, earlier)), re.IGNORECASE)


@lru_cache(maxsize=1)
def _others_work() -> re.Pattern[str]:
    """Steps that others took, or how others did their work: no judgement on probation's, whoever makes it."""
    words = _words()
    done_by = rf"\btaken by the (?:{words['doers']})\b"
    theirs = rf"\b(?:{words['owners']})(?:[’']s|[’'])? (?:own )?(?:{words['work']})"
    owned = rf"{theirs} (?:of|in|with|during|at|was|were|fell|had|has)\b"
    return re.compile(rf"{done_by}|{owned}", re.IGNORECASE)


@lru_cache(maxsize=1)
def _exceptions() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_words()['after']})\b", re.IGNORECASE)
