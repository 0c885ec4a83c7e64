"""Whose judgement a sentence tells, and what else keeps a sentence from judging this case.

The words are in ``speakers.toml``; here stands in which order they make a sentence.
"""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from sfo_nlp.checks.data import count, phrases
from sfo_nlp.language.units import is_question


class _Patterns(NamedTuple):
    asks: re.Pattern[str]
    decides: re.Pattern[str]
    answers: re.Pattern[str]
    set: re.Pattern[str]
    due: re.Pattern[str]
    done: re.Pattern[str]
    duty: re.Pattern[str]
    other_case: re.Pattern[str]
    sought_in_vain: re.Pattern[str]
    nothing_undone: re.Pattern[str]
    denied: re.Pattern[str]
    foreseen: re.Pattern[str]
    managed: re.Pattern[str]
    exceptions: re.Pattern[str]
    own: re.Pattern[str]
    others: re.Pattern[str]
    others_work: re.Pattern[str]
    that: re.Pattern[str]
    claim: re.Pattern[str]
    denies: re.Pattern[str]
    opens: re.Pattern[str]
    affirms: re.Pattern[str]
    refuses: re.Pattern[str]
    condition: re.Pattern[str]
    purpose: re.Pattern[str]
    cares: re.Pattern[str]


Stance = Literal["own", "denied", "open"]


def of_another(text: str) -> bool:
    """Whether a sentence tells what a coroner, an inspectorate, a relative or an officer concluded, or others' work."""
    patterns = _patterns()
    return bool(patterns.others_work.search(text)) or (
        bool(patterns.others.search(text)) and not patterns.own.search(text)
    )


def only_asks(text: str) -> bool:
    """Whether a sentence asks, or says what will be asked, and neither answers nor declines to."""
    patterns = _patterns()
    answered = patterns.decides.search(text) or patterns.answers.search(text)
    asks = patterns.asks.search(text) and not answered
    return is_question(text) or bool(asks or patterns.set.search(text))


def found_no_fault(text: str) -> bool:
    """Whether a sentence says that nothing was left undone, or that a search for it found nothing."""
    patterns = _patterns()
    nothing = patterns.nothing_undone.search(text)
    if nothing is None:
        return bool(patterns.sought_in_vain.search(text))
    before = max(0, nothing.start() - count("speakers", "denied_before"))
    return not patterns.denied.search(text, before, nothing.start())


def only_foresees(text: str) -> bool:
    """Whether a sentence says only whether the offence could have been foreseen or prevented."""
    patterns = _patterns()
    return bool(patterns.foreseen.search(text)) and not patterns.managed.search(text)


def stance(text: str, start: int, end: int) -> Stance:
    """How the author stands to the words of `text` from `start` to `end`, which judge taken by themselves.

    "It would be wrong to say that ..." and "the claim that ... cannot be sustained" deny them; a condition and a claim
    of nobody's leave open what the author thinks.
    """
    patterns, before, after = _patterns(), re.sub("n[’']t\\b", " not", text[:start]), text[end:]
    if not patterns.that.search(before):
        return "open" if patterns.condition.search(before) else "own"
    if patterns.claim.search(before):
        return "denied" if patterns.refuses.search(after) else "open"
    if patterns.denies.search(before):
        return "denied"
    return "own" if patterns.affirms.search(before) and not patterns.opens.search(before) else "open"


def is_due(text: str) -> bool:
    """Whether a sentence says what must be done, tells of another case, or of steps with another purpose.

    Of the management of the risk ("all reasonable steps were taken to contact the family") it judges nothing.
    """
    patterns = _patterns()
    purpose = patterns.purpose.search(text)
    if purpose and not patterns.cares.search(text, purpose.end()):
        return True
    due = bool(patterns.due.search(text)) and not patterns.done.search(text)
    return due or bool(patterns.duty.match(text) or patterns.other_case.match(text))


def has_exception(text: str) -> bool:
    """Whether a sentence takes something out of what it says: "all ... except that ..."."""
    return bool(_patterns().exceptions.search(text))


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    asks, due, case, sought, undone, foreseen, other, exceptions = (
        phrases("speakers", table)
        for table in (
            "asks",
            "due",
            "other_case",
            "sought_in_vain",
            "nothing_undone",
            "foreseen",
            "other_body",
            "exceptions",
        )
    )
    straight_on = rf"(?:(?!\b{undone['turned']}\b).)"
    patterns = {
        "asks": rf"\b{asks['who']}\b[^.]{{0,70}}?\b{asks['does']}\b[^.]{{0,90}}?\b{asks['what']}\b",
        "decides": rf"\b{asks['decides']}\b",
        "answers": rf"[,;:–—] (?:(?:and|but|to which|for which)[, ]+)?{asks['answers']}\W*$",
        # Up to its end, or it may go on to answer.
        "set": rf"\b{asks['set']} whether\b[^,;:–—]*$",
        "due": rf"\b{due['modals']}(?: \w+)? {due['verbs']}\b",
        "done": rf"\b{due['done']}\b",
        "duty": (
            rf"\W*(?:it|that|this) (?:is|was) (?:\w+ly )?{due['duties']} to\b[^,;:–—]*$"
            rf"|\W*it (?:is|was) for [^,;:–—]{{2,60}}? to {due['tends']}\b[^,;:–—]*$"
            rf"|\W*\w+ing\b[^,;:–—]* (?:is|was) {due['duties']}\W*$"
        ),
        # "In a case like this one" is about this one.
        "other_case": (
            rf"\W*(?:in|about|from) {case['articles']} (?:{case['kinds']} )?{case['cases']}\b"
            rf"(?! (?:like|such) (?:as )?th)|\W*{case['examples']}"
        ),
        "sought_in_vain": (
            rf"\b{sought['sought']}\b.{{0,80}}?\b{sought['fault']}\b.{{0,160}}?"
            rf"\b(?:{sought['nothing']}|nothing\b.{{0,30}}\b{sought['came_of_it']})\b"
        ),
        "nothing_undone": (
            rf"\b{undone['none']}\b(?:"
            rf"(?! (?:\w+ )?{undone.any('happened', 'papers')}\b){straight_on}{{1,200}}?"
            rf"(?:\b{undone['undone']}\b|\b{undone['owed']}\b{straight_on}{{1,120}}?\b{undone['failed']}\b)"
            rf"|(?: \w+){{0,2}} {undone['happened']} (?:left )?{undone['undone']}\b"
            rf"|[^,;:]{{0,60}}? (?:that|which) (?:\w+ ){{1,3}}?{undone['failed']}\b)"
        ),
        "denied": rf"\b{undone['denied']}\b|n[’']t\b",
        "foreseen": rf"\b{foreseen['modals']}(?: not)? (?:have )?(?:been )?{foreseen['verbs']}\b",
        "managed": rf"\b{foreseen['managed']}\b",
        "exceptions": rf"\b{exceptions['after']}\b",
        # The author who concludes, in whatever sentence: "I note what the coroner said, and find that ...".
        "own": rf"\b{other['authors']}\b(?:,[^,]{{1,60}},)?(?: [\w’'-]+){{0,3}}? {other['concludes']}\b",
        "others": _others(),
        # Steps that others took, or how they did their work: no judgement on probation's, whoever makes it.
        "others_work": (
            rf"\btaken by the {other['doers']}\b"
            rf"|\b{other['owners']}(?:[’']s|[’'])? (?:own )?{other['work']} {other['goes_on']}\b"
        ),
        **_governed(),
    }
    return _Patterns(**{name: re.compile(pattern, re.IGNORECASE) for name, pattern in patterns.items()})


def _governed() -> dict[str, str]:
    """What a judgement hangs on ("the claim that ..."), and what it is about."""
    governed = phrases("speakers", "governed")
    return {
        "that": r"\bthat,?\W*$",
        "claim": rf"(?<!my )(?<!our )\b{governed['nouns']} that\W*$",
        "denies": rf"\b{governed['denies']}\b",
        "opens": rf"\b{governed['opens']}\b",
        "affirms": rf"\b{governed['own']}\b.*\b{governed['affirms']}\b",
        "refuses": rf"\b{governed['refuses']}\b",
        "condition": (
            rf"^\W*(?:even )?{governed['conditions']}\b|[,;:–—]\W*(?:and |but )?{governed['conditions']}\b[^,;:–—]*$"
        ),
        "purpose": (
            rf"\breasonable {governed['steps']}\b(?: (?:was|were|had been|have been))?(?: (?:taken|made))? to (?=\w)"
        ),
        "cares": rf"\b{governed['cares']}\b",
    }


def _others() -> str:
    """Another body, a relative or an officer who says, finds or thinks something."""
    words = phrases("speakers", "other_body")
    body = rf"(?:{words['body']}|{words['purposes']}(?: [\w-]+){{0,3}}? {words['organs']})"
    aside = rf"(?:, {words['asides']}\b[^,]{{2,100}},)?"
    concluded = rf"\b{body}(?:[’']s)?{aside},?(?: {words.any('between', 'papers')}{aside},?)* {words['say']}\b"
    # "Port Ellery Police looked at their own part and concluded that ..."
    in_the_end = rf"\b{body}(?: [\w’'-]+){{1,10}} and {words['say']}\b"
    view = rf"\b{body}[’']s? (?:own )?{words['views']}\b|\b{words['views']} of (?:the |an? )?(?:[\w-]+ )?{body}\b"
    held = rf"\b{words['views']} of (?:the |an? )?(?!review)(?:[\w-]+ )?{words['people']}\b"
    by = rf"\b{words['according']} (?:the |an? )?(?:[\w-]+ ){{0,2}}{body}\b"
    opinion = (
        rf"(?<!reviewing )(?<!countersigning )(?<!review )\b{words['people']}(?:, [^,]{{3,40}},)?"
        rf"(?: {words['between']})* {words['opine']}(?: that)?,? {words['judged']}\b"
    )
    quoted = rf"[”\"],? (?!I\b|we\b)(?:[\w’'-]+ ){{1,4}}?{words['opine']}\b"
    earlier = rf"\b{words['earlier']}\b.{{0,40}}\bconcluded\b"
    return "|".join((concluded, in_the_end, view, held, by, quoted, opinion, earlier))
