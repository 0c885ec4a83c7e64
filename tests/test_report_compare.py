"""What to mend, what two drafts have in common, agreement, and corrections that training can read."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner
from wires import SENTENCES, wire

from sfo_nlp.cli import main
from sfo_nlp.pipeline import review
from sfo_nlp.report.agreement import agreements
from sfo_nlp.report.compare import compare
from sfo_nlp.report.comparison_wire import lines, to_dict
from sfo_nlp.report.corrections import corpus_record
from sfo_nlp.report.mending import advices, tasks_of
from sfo_nlp.report.view import View
from sfo_nlp.report.viewing import view_of
from sfo_nlp.settings import Settings
from sfo_nlp.store.decision import Decision
from sfo_nlp.store.store import Store
from sfo_nlp.training.corpus import label_names, read_reviews, to_review

ROOT = Path(__file__).parent.parent
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def draft(**changes: Any) -> View:
    return view_of(wire(**changes))


def kinds(tasks: Any) -> list[str]:
    return [task.advice.id for task in tasks]


def test_what_to_mend_comes_worst_first_with_its_passage() -> None:
    tasks = tasks_of(draft())
    assert [task.advice.weight for task in tasks] == sorted((task.advice.weight for task in tasks), reverse=True)
    assert kinds(tasks)[0] == "judgement_missing"
    unexplained = [task for task in tasks if task.advice.id == "unexplained"]
    assert [task.passage.quote for task in unexplained if task.passage] == [SENTENCES[4]]


def test_advice_gives_a_form_and_no_facts() -> None:
    for advice in advices():
        assert "<" in advice.example or "your own" in advice.example, advice.id
        assert advice.check or (advice.criterion and advice.outcomes)
        assert not {"you failed", "wrong", "bad"} & set(f"{advice.title} {advice.why} {advice.how}".lower().split())


def test_marks_of_a_draft_and_facts_that_disagree_are_to_be_mended_each_by_name() -> None:
    given = wire()
    one = given["findings"][0]
    given["findings"] += [
        {**one, "id": label, "check": "consistency", "label": label, "facts": {}} for label in ("draft", "age")
    ]
    tasks = {task.advice.id: task for task in tasks_of(view_of(given))}
    assert tasks["draft_mark"].passage == tasks["facts_disagree"].passage
    assert tasks["facts_disagree"].note == "The age does not fit the date of birth"


def test_every_criterion_named_by_advice_is_in_the_policy() -> None:
    from sfo_nlp.assessment.policy import read_policy

    known = {criterion.id for criterion in read_policy(Settings().policy).criteria}
    assert {advice.criterion for advice in advices() if advice.criterion} <= known


def test_an_unchanged_draft_has_everything_left() -> None:
    comparison = compare(draft(), draft())
    assert comparison.mended == comparison.gone == comparison.broke == ()
    assert comparison.warning == ""
    assert len(comparison.left) == len(tasks_of(draft()))
    assert {turn.change for turn in comparison.criteria} == {"same"}


def test_mended_left_and_new_are_told_apart() -> None:
    reworded = SENTENCES[4].replace("He was never seen at home", "He was never once seen at home")
    new = wire(
        sentences=(*SENTENCES[:4], *SENTENCES[5:8], "She said that her RoSH level was low."), verdict="not_taken"
    )
    del new["findings"][1]
    comparison = compare(draft(), view_of(new))
    assert "judgement_missing" in [change.task.advice.id for change in comparison.mended]
    assert "personal_data" in [change.task.advice.id for change in comparison.mended]
    assert "acronym" in [change.task.advice.id for change in comparison.left]
    assert reworded != SENTENCES[4]
    assert {turn.id: turn.change for turn in comparison.criteria}["reasonable_steps_judgement"] == "mended"
    back = compare(view_of(new), draft())
    assert len(back.broke) == len(comparison.mended) + len(comparison.gone)
    assert len(back.mended) + len(back.gone) == len(comparison.broke)


def test_a_passage_that_is_gone_is_not_called_mended() -> None:
    assert "unexplained" in kinds(tasks_of(draft()))
    comparison = compare(draft(), draft(sentences=(*SENTENCES[:4], *SENTENCES[5:])))
    gone = [change.task.passage.quote for change in comparison.gone if change.task.passage]
    assert gone == [SENTENCES[4]]
    assert SENTENCES[4] not in [change.task.passage.quote for change in comparison.mended if change.task.passage]


def test_a_passage_that_stands_and_is_no_longer_found_is_mended() -> None:
    comparison = compare(draft(), draft(leave_out=frozenset({"unexplained"})))
    assert SENTENCES[4] in [change.task.passage.quote for change in comparison.mended if change.task.passage]
    assert comparison.gone == ()


def test_two_reviews_that_share_nothing_are_warned_of_and_mend_nothing() -> None:
    other = tuple(sentence[::-1] for sentence in SENTENCES)
    comparison = compare(draft(), draft(sentences=other, verdict="unclear"))
    assert [change for change in comparison.mended if change.task.passage] == []
    assert len(comparison.gone) > 3
    found = to_dict(comparison)
    assert found["shared"] == 0
    assert "drafts of one review" in found["warning"]
    assert any("drafts of one review" in line for _, line in lines(comparison))


def test_questions_answered_better_are_said_beside_what_was_mended() -> None:
    comparison = compare(draft(), draft(verdict="taken"))
    assert to_dict(comparison)["counts"]["criteria_mended"] == 1
    text = [line for _, line in lines(comparison)]
    assert "Questions answered better: 1, worse: 0" in text
    assert any(line.startswith("Mended: ") and line.endswith("beside 1 question answered better") for line in text)
    assert any(line.endswith("for a person to decide → met") for line in text)


@pytest.mark.parametrize("outcome", ["met", "not_met", "refer", "not_run"])
@pytest.mark.parametrize("newer", [True, False])
def test_a_check_that_broke_makes_no_draft_better_or_worse(outcome: str, newer: bool) -> None:
    fine, broken = wire(), wire()
    fine["criteria"][1]["outcome"], broken["criteria"][1]["outcome"] = outcome, "not_run"
    pair = (fine, broken) if newer else (broken, fine)
    comparison = compare(*(view_of(one) for one in pair))
    name = fine["criteria"][1]["id"]
    assert {turn.id: turn.change for turn in comparison.criteria}[name] == "not_comparable"
    counts = to_dict(comparison)["counts"]
    assert (counts["criteria_mended"], counts["criteria_broke"], counts["criteria_not_comparable"]) == (0, 0, 1)
    text = [(style, line) for style, line in lines(comparison) if "Questions" in line or "reasonable" in line]
    assert ("heading", "Questions answered better: 0, worse: 0, not comparable: 1") in text
    assert any(style == "left" and "could not be checked" in line for style, line in text)


def broken(given: dict[str, Any], check: str) -> dict[str, Any]:
    """The assessment as it would be had one check broken."""
    given["findings"] = [finding for finding in given["findings"] if finding["check"] != check]
    given["criteria"] = [
        {**one, "outcome": "not_run", "evidence": []} if one["check"] == check else one for one in given["criteria"]
    ]
    given["checks"] = [{"id": check, "failure": "it broke", "findings": 0}]
    return given


@pytest.mark.parametrize("newer", [True, False])
@pytest.mark.parametrize("check", ["explanation", "judgement"])
def test_what_a_broken_check_would_have_found_is_neither_mended_nor_new(check: str, newer: bool) -> None:
    fine, lame = draft(), view_of(broken(wire(), check))
    comparison = compare(fine, lame) if newer else compare(lame, fine)
    assert comparison.mended == comparison.gone == comparison.broke == ()
    named = {"explanation": "unexplained", "judgement": "judgement_missing"}[check]
    assert [change.task.advice.id for change in comparison.unchecked] == [named]
    assert to_dict(comparison)["counts"]["unchecked"] == 1
    assert ("heading", "Could not be compared, a check broke: 1") in list(lines(comparison))
    assert not any("check broke" in line for _, line in lines(compare(fine, fine)))


def test_a_reworded_passage_is_still_the_same_passage() -> None:
    old = wire()
    new = json.loads(json.dumps(old))
    for finding in new["findings"]:
        if finding["label"] == "finding_without_action":
            finding["evidence"][0]["quote"] = "No call-out history had been asked for before the first hearing."
    comparison = compare(view_of(old), view_of(new))
    assert comparison.mended == comparison.broke == ()


LATE = "The assessment was eleven weeks late."


def said(quote: str, *, section: str = "2. Assessment", add: str = "") -> View:
    """A draft with one shortcoming without a reason, under a heading; `add` is text that nothing was found in."""
    given = wire(sentences=(*SENTENCES, quote, *filter(None, [add])))
    text = given["document"]["text"]
    given["document"]["sections"] = [{"title": section, "level": 1, "page": None, "start": 0, "end": len(text)}]
    failing = next(one for one in given["findings"] if one["label"] == "unexplained")
    failing["evidence"][0] |= {"quote": quote, "start": text.index(quote), "end": text.index(quote) + len(quote)}
    return view_of(given)


@pytest.mark.parametrize(
    ("quote", "section", "left"),
    [
        ("The assessment was completed eleven weeks after it was due.", "3. Assessment", True),
        ("The plan was late and was written without asking anybody.", "2. Assessment", False),
        ("The assessment was completed eleven weeks after it was due.", "3. Supervision", False),
    ],
)
def test_a_shortcoming_told_in_other_words_in_its_section_is_left_as_it_was(
    quote: str, section: str, left: bool
) -> None:
    comparison = compare(said(LATE), said(quote, section=section))
    assert (
        LATE in [change.old.passage.quote for change in comparison.left if change.old and change.old.passage]
    ) == left
    assert ("unexplained" in kinds(change.task for change in comparison.broke)) != left


def test_nothing_is_mended_while_the_same_fault_stands_new_in_its_section() -> None:
    other, about = (
        "The police were never asked about call-outs.",
        "It was late by weeks, eleven, and the assessment knew.",
    )
    assert "unexplained" in kinds(change.task for change in compare(said(LATE), said(other, add=about)).gone)
    apart = compare(said(LATE), said(other, add=about, section="4. Enquiries"))
    assert "unexplained" in kinds(change.task for change in apart.mended)
    stands = compare(said(LATE), said(other, add=LATE))
    assert "unexplained" in kinds(change.task for change in stands.mended)


def test_comparison_as_json_counts_what_it_lists() -> None:
    found = to_dict(compare(draft(), draft(verdict="taken")))
    assert found["schema"] == "sfo-nlp/comparison/1"
    for name in ("mended", "gone", "left", "broke"):
        assert found["counts"][name] == len(found[name])
    assert found["old"]["to_mend"] == found["counts"]["mended"] + found["counts"]["gone"] + found["counts"]["left"]
    assert found["new"]["to_mend"] == found["counts"]["broke"] + found["counts"]["left"]


@pytest.mark.parametrize("form", ["text", "json"])
def test_compare_command(tmp_path: Path, form: str) -> None:
    old, new = tmp_path / "old.txt", tmp_path / "new.txt"
    old.write_text("# Findings\n\n" + "\n\n".join(SENTENCES * 3))
    new.write_text(
        "# Findings\n\n"
        + "\n\n".join(SENTENCES[:6] * 3)
        + "\n\nAll reasonable steps were not taken to manage his risk."
    )
    result = CliRunner().invoke(main, ["compare", str(old), str(new), "--format", form, "--fast"])
    assert result.exit_code == 0, result.output
    if form == "json":
        assert json.loads(result.stdout)["new"]["name"] == "new.txt"
    else:
        assert "Left as it was" in result.stdout


def test_compare_command_names_a_file_that_is_not_there(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["compare", str(tmp_path / "no.txt"), str(tmp_path / "none.txt")])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.count("error[file_missing]") == 2


def word(given: dict[str, Any], label: str, kind: str, who: str = "Ada", **value: Any) -> Decision:
    """A decision on the first finding with a label."""
    finding = next(one for one in given["findings"] if one["label"] == label)
    passage = finding["evidence"][0]
    return Decision(
        document=given["document"]["id"], finding=finding["id"], kind=kind, who=who, version="0.1.0",
        at=NOON + timedelta(minutes=len(label)), check=finding["check"], label=label,
        quote=passage["quote"], start=passage["start"],
        end=passage["end"], value=value,
    )  # fmt: skip


def test_agreement_counts_each_persons_standing_word() -> None:
    given = wire()
    words = [
        word(given, "explained", "agree"),
        word(given, "unexplained", "agree"),
        word(given, "explained", "agree", "Ben"),
        word(given, "unexplained", "disagree", "Ben"),
        word(given, "home_visits:concern", "correct", theme=None),
    ]
    found = {one.check: one for one in agreements(words)}
    assert (found["explanation"].pairs, found["explanation"].people, found["explanation"].agreed) == (4, 2, 0.75)
    assert found["explanation"].kappa == pytest.approx(0.6)
    assert found["themes"].kappa is None
    assert agreements([]) == []


def test_corrections_are_a_corpus_record_that_training_reads() -> None:
    given = wire()
    reason = given["document"]["text"].index(SENTENCES[5])
    words = [
        word(given, "unclear", "correct", verdict="not_taken", scope="overall"),
        word(given, "unexplained", "correct", explained=True, start=reason, end=reason + len(SENTENCES[5]),
             quote=SENTENCES[5], causes=["resources"]),
        word(given, "explained", "agree"),
        word(given, "home_visits:concern", "agree"),
        word(given, "weak_action", "disagree"),
    ]  # fmt: skip
    record = corpus_record(given, words)
    assert record is not None
    jsonschema.validate(record, json.loads((ROOT / "corpus/annotated/schema.json").read_text()))
    learned = to_review(record)
    by_text = {record["text"][unit["start"] : unit["end"]]: unit for unit in learned.raw}
    assert record["verdict"] == "not_taken"
    assert by_text[SENTENCES[6]]["verdict"] == "not_taken"
    assert by_text[SENTENCES[4]]["themes"][0]["id"] == "home_visits"
    assert by_text[SENTENCES[5]]["explains"] == [by_text[SENTENCES[4]]["failing"]]
    assert by_text[SENTENCES[7]]["labels"] == []
    assert learned.targets.sum() > 0
    named = dict(zip(label_names(), range(len(label_names())), strict=True))
    rows = {record["text"][unit["start"] : unit["end"]]: row for row, unit in enumerate(learned.raw)}
    theme = learned.known[rows[SENTENCES[4]]]
    assert theme[named["theme:home_visits"]]
    assert not theme[named["role:explanation"]], "nobody spoke of reasons there"
    denied = rows[SENTENCES[7]]
    assert learned.known[denied, named["role:action"]]
    assert learned.known[denied].sum() == 1
    assert learned.targets[denied].sum() == 0


def test_a_near_miss_taken_without_its_verdict_teaches_only_that_it_is_a_judgement() -> None:
    given = wire(verdict="absent", leave_out=frozenset({"unclear"}))
    near = given["judgement"]["near_misses"][0]
    accepted = Decision(
        document=given["document"]["id"], finding="near", kind="accept", who="Ada", version="0.1.0", at=NOON,
        check="judgement", label="near_miss", quote=near["quote"], start=near["start"], end=near["end"],
    )  # fmt: skip
    record = corpus_record(given, [accepted])
    assert record is not None
    assert "verdict" not in record
    [unit] = [unit for unit in record["units"] if unit["decided"]]
    assert (unit["labels"], unit["decided"]) == (["judgement"], ["role:judgement"])
    assert not {"verdict", "scope"} & set(unit)


def test_corrections_stand_in_the_text_around_them() -> None:
    given = wire()
    record = corpus_record(given, [word(given, "home_visits:concern", "agree")])
    assert record is not None
    pieces = [record["text"][unit["start"] : unit["end"]] for unit in record["units"]]
    assert "".join(pieces).replace(" ", "") == "".join(record["text"].split()).replace(" ", "")
    around = [unit for unit in record["units"] if not unit["decided"]]
    assert len(around) > 2
    assert not to_review(record).known[[unit["decided"] == [] for unit in record["units"]]].any()


@pytest.mark.parametrize("check", ["judgement", "learning"])
def test_corrections_say_nothing_of_a_whole_review_that_a_broken_check_did_not_read(check: str) -> None:
    given = broken(wire(), check)
    record = corpus_record(given, [word(given, "home_visits:concern", "agree")])
    assert record is not None
    assert not {"verdict", "reasoned", "systemic_causes", "other_agencies"} & set(record)
    assert to_review(record).known.any()


OF_THE_WHOLE = {"verdict", "reasoned", "systemic_causes", "other_agencies"}


@pytest.mark.parametrize(
    ("label", "kind", "value", "verdict"),
    [
        ("unclear", "agree", {}, "unclear"),
        ("unclear", "correct", {"verdict": "partly", "scope": "overall"}, "partly"),
        ("unclear", "correct", {"verdict": "partly", "scope": "stage"}, None),
        ("unclear", "correct", {"verdict": "absent", "scope": "overall"}, None),
        ("unclear", "disagree", {}, None),
        ("home_visits:concern", "agree", {}, None),
    ],
)
def test_corrections_hold_of_the_whole_review_only_what_a_person_gave(
    label: str, kind: str, value: dict[str, str], verdict: str | None
) -> None:
    given = wire()
    record = corpus_record(given, [word(given, label, kind, **value)])
    assert record is not None
    jsonschema.validate(record, json.loads((ROOT / "corpus/annotated/schema.json").read_text()))
    assert {name: record[name] for name in OF_THE_WHOLE & set(record)} == ({"verdict": verdict} if verdict else {})


def test_agreeing_with_a_sentence_that_does_not_decide_says_nothing_of_the_whole_review() -> None:
    given = wire()
    given["judgement"]["verdict"] = "contradictory"
    record = corpus_record(given, [word(given, "unclear", "agree")])
    assert record is not None
    assert "verdict" not in record


def test_corrections_leave_the_store_by_command(tmp_path: Path) -> None:
    given = wire()
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    store = Store(url)
    store.add(given)
    store.decide(word(given, "home_visits:concern", "agree"))
    target = tmp_path / "corrections.jsonl"
    done = CliRunner().invoke(main, ["export", "--what", "corrections", "--store", url, "--out", str(target)])
    assert done.exit_code == 0, done.output
    [found] = read_reviews(target)
    [unit] = [unit for unit in found.raw if unit["decided"]]
    assert found.record["text"][unit["start"] : unit["end"]] == SENTENCES[4]
    sample = wire(sentences=(*SENTENCES, "A sample."))
    store.add(sample, fictional=True)
    store.decide(word(sample, "home_visits:concern", "agree"))
    command = ["export", "--what", "corrections", "--store", url]
    for more, count in (((), 1), (("--fictional",), 2), (("--region", "Nowhere"), 0)):
        assert len(CliRunner().invoke(main, [*command, *more]).stdout.splitlines()) == count


def test_a_report_by_command_carries_what_people_decided(samples: list[Path], tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    store = Store(url)
    given = review(samples[0], Settings(fast=True)).to_dict()
    store.add(given)
    finding = given["findings"][0]
    store.decide(
        Decision(
            document=given["document"]["id"], finding=finding["id"], kind="disagree", who="Ada", version="0.1.0",
            at=NOON, check=finding["check"], label=finding["label"], quote=finding["evidence"][0]["quote"],
            reason="That is only an aside.",
        )
    )  # fmt: skip
    words = ["review", str(samples[0]), "--fast", "--format", "csv", "--out", str(tmp_path), "--store", url]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    [table] = tmp_path.glob("*.csv")
    assert "That is only an aside." in table.read_text(encoding="utf-8-sig")


def test_a_passage_on_which_people_differ_is_left_out_of_the_corrections() -> None:
    given = wire()
    words = [word(given, "unclear", "agree"), word(given, "unclear", "disagree", "Ben")]
    assert corpus_record(given, words) is None
    corrected = [word(given, "unclear", "correct", who, verdict=verdict, scope="overall")
                 for who, verdict in (("Ada", "not_taken"), ("Ben", "partly"))]  # fmt: skip
    assert corpus_record(given, corrected) is None
    beside = corpus_record(given, [*corrected, word(given, "home_visits:concern", "agree")])
    assert beside is not None
    assert "verdict" not in beside
