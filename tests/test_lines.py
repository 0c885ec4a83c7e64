"""One way to cut a text into sentences, wherever no document is at hand."""

from types import SimpleNamespace
from typing import Any, cast

from sfo_nlp.language.lines import sentences_of
from sfo_nlp.report.kinship import Wording
from sfo_nlp.ui.correct import _sentences_near

TEXT = "Findings\nThe visit was cancelled. Mr. Hale thought the desk at St. Anne had told them.  It had not."


def test_sentences_stand_at_their_place_in_the_text() -> None:
    places = list(sentences_of(TEXT))
    assert [place.text for place in places] == [
        "Findings",
        "The visit was cancelled.",
        "Mr. Hale thought the desk at St. Anne had told them.",
        "It had not.",
    ]
    assert all(TEXT[place.start : place.end] == place.text for place in places)


def test_titles_cut_no_passage_of_a_draft_in_pieces() -> None:
    told = "Officers told Dr. Abernethy, Mr. Gwyther, Mrs. Vance and Ms. Orchard nothing."
    assert Wording(f"The visit was cancelled. {told} It had not.").holds(told)


def test_the_reasons_offered_for_a_correction_are_whole_sentences() -> None:
    reason = "Staff were told in para. 7 of the guidance that the desk would ring."
    text = f"The visit was cancelled. {reason} It had not."
    passage = SimpleNamespace(start=0, end=len("The visit was cancelled."))
    near = _sentences_near(cast(Any, SimpleNamespace(text=text)), cast(Any, SimpleNamespace(passage=passage)))
    assert (text.index(reason), text.index(reason) + len(reason), reason) in near
