"""Whole journeys through the pane in a real browser, and its wrong states."""

import re
from pathlib import Path

from browser import (
    MARKS,
    ROOT,
    Served,
    Visit,
    address,
    browser,
    faults,
    keep,
    open_review,
    paged,
    press,
    settle,
    shown,
    visit,
    watch,
)
from wires import SENTENCES, wire

from sfo_nlp.extract import extract

__all__ = ["address", "browser", "visit"]
SAMPLES = ROOT / "corpus" / "samples"


pytestmark = MARKS


def test_an_inspectors_day_from_upload_to_report(visit: Visit, address: Served, tmp_path: Path) -> None:
    sample = SAMPLES / "review-w01-06-numbered.pdf"
    page = visit()
    keep(page, "queue-empty")
    page.locator("input[type=file]").first.set_input_files(sample)
    page.get_by_text("Checked: review-w01-06-numbered.pdf").wait_for()
    settle(page)
    canvas = page.locator("[data-testid=stDataFrame] canvas").first.bounding_box()
    page.mouse.click(canvas["x"] + 90, canvas["y"] + 52)
    page.wait_for_selector(".viewer[data-shown]")
    assert page.locator(".tiles .given").first.inner_text()
    watch(page)
    press(page, "n")
    assert page.locator(".hit.on").count() >= 1
    assert page.locator(".hit.on").first.bounding_box()["width"] > 5
    page.keyboard.press("a")
    page.get_by_role("button", name=re.compile("^Agreed")).wait_for()
    page.get_by_text("inspector agrees").wait_for()
    page.reload()
    page.get_by_text("inspector agrees").wait_for()
    watch(page)
    before = shown(page)
    page.locator(".list .item").nth(2).click()
    page.wait_for_function("before => window.deepShown() !== before", arg=before)
    keep(page, "review")
    page.get_by_role("tab", name="Reports").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Feedback report (HTML").click()
    report = Path(waiting.value.path()).read_text()
    assert "inspector agrees" in report
    assert waiting.value.suggested_filename == "review-w01-06-numbered.feedback.html"
    with page.expect_download() as waiting:
        page.get_by_role("button", name="highlights and comments").click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF")


def test_an_author_mends_a_draft(visit: Visit, tmp_path: Path) -> None:
    old, new = tmp_path / "draft-1.txt", tmp_path / "draft-2.txt"
    document = extract(SAMPLES / "review-w05-03-docx-tables.docx")
    old.write_text("\n\n".join(document.text[block.span.start : block.span.end] for block in document.blocks))
    ending = "Not all reasonable steps were taken to manage the risk of serious harm, as he was not seen at home."
    added = f"{ending}\n\nStaff are to be reminded of the policy."
    new.write_text(old.read_text().replace("\n\nGlossary", f"\n\n{added}\n\nGlossary"))
    page = visit("self-check")
    page.locator("input[type=file]").first.set_input_files(old)
    page.get_by_text("things to mend").wait_for()
    settle(page)
    assert page.get_by_text("The form, not the facts").count() >= 1
    keep(page, "self-check")
    assert faults(page) == []
    page.locator("input[type=file]").nth(1).set_input_files(new)
    page.locator(".counts").wait_for()
    settle(page)
    assert int(page.locator(".counts .met b").inner_text()) >= 1
    keep(page, "self-check-compared")
    assert faults(page) == []


def test_a_team_lead_assigns_rates_and_reads_the_method(visit: Visit, address: Served) -> None:
    given, content = paged(1)
    address[1].add(given, content=content, fictional=True)
    document = given["document"]["id"]
    page = open_review(visit, document)
    page.get_by_role("tab", name="Official ratings").click()
    page.get_by_role("combobox", name="Overall", exact=True).click()
    page.get_by_role("option", name="Requires improvement").click()
    page.get_by_text("Requires improvement: recorded by").wait_for()
    keep(page, "ratings")
    assert faults(page) == []
    assert address[1].ratings(document)[0].rating == "Requires improvement"
    page = visit("method")
    page.get_by_text("Cannot see").first.wait_for()
    keep(page, "method")
    assert faults(page) == []


def test_two_browsers_decide_on_one_review_at_once(visit: Visit, address: Served) -> None:
    given, content = paged(2)
    address[1].add(given, content=content)
    document = given["document"]["id"]
    pages = [visit(f"review?review={document}&who={name}") for name in ("Ada", "Ben")]
    for page in pages:
        page.wait_for_selector(".viewer[data-shown]")
        watch(page)
        press(page, "n")
    for page, key in zip(pages, "ad", strict=True):
        page.keyboard.press(key)
    pages[0].get_by_role("button", name="Agreed", exact=True).wait_for()
    pages[1].get_by_role("button", name="Disagreed", exact=True).wait_for()
    pages[0].reload()
    pages[0].get_by_text("People differ here").wait_for()
    assert {(one.who, one.kind) for one in address[1].decisions(document)} == {("Ada", "agree"), ("Ben", "disagree")}


def test_page_passage_and_evidence_stand_in_one_screen_and_a_tile_leads_to_its_passage(
    visit: Visit, address: Served
) -> None:
    given, content = paged(11, pages=2)
    address[1].add(given, content=content)
    page = open_review(visit, given["document"]["id"])
    watch(page)
    press(page, "n")
    page.locator(".list .item").first.wait_for()
    for part in (".st-key-card", ".st-key-list", ".st-key-paperbox", ".list .item >> nth=0"):
        box = page.locator(part).first.bounding_box()
        assert 0 < box["y"] < box["y"] + box["height"] <= 900, part
    page.get_by_role("tab", name="About the file").click()
    settle(page)
    before = shown(page)
    page.locator(".tiles button").nth(1).click()
    page.wait_for_function("before => window.deepShown() !== before", arg=before)
    settle(page)
    assert "Shortcoming without a reason" in page.locator(".st-key-card").inner_text()
    assert page.locator('[data-group="explains_why"]').get_attribute("open") is not None
    page.locator(".tiles button").nth(3).click()
    page.locator(".st-key-card").get_by_text("Acronym never explained").wait_for()
    assert faults(page) == []


def test_the_keys_decide_on_the_findings_of_a_passage_one_after_the_other(visit: Visit, address: Served) -> None:
    given, content = paged(12)
    address[1].add(given, content=content)
    document = given["document"]["id"]
    page = open_review(visit, document)
    watch(page)
    press(page, "n")
    page.keyboard.press("a")
    page.get_by_text("Decision saved").wait_for()
    page.get_by_role("button", name="Disagree Shortcut D", exact=True).wait_for()
    settle(page)
    page.keyboard.press("d")
    page.get_by_role("button", name="Disagreed", exact=True).wait_for()
    kinds = [(one.kind, one.check) for one in address[1].decisions(document)]
    assert kinds == [("agree", "explanation"), ("disagree", "learning")]


def test_a_reload_in_the_middle_loses_neither_place_nor_name_nor_decision(visit: Visit, address: Served) -> None:
    given, content = paged(3, pages=4)
    address[1].add(given, content=content)
    page = visit(f"review?review={given['document']['id']}&who=Cy")
    page.wait_for_selector(".viewer[data-shown]")
    watch(page)
    for _ in range(4):
        press(page, "n")
    page.keyboard.press("d")
    page.get_by_label("Why? It is kept with your decision.").fill("It was asked for by telephone.")
    page.get_by_label("Why? It is kept with your decision.").blur()
    page.get_by_text("Cy disagrees: It was asked for by telephone.").wait_for()
    place = shown(page)
    page.reload()
    page.wait_for_selector(".viewer[data-shown]")
    page.get_by_text("Cy disagrees: It was asked for by telephone.").wait_for()
    assert shown(page) == place


def test_what_is_typed_and_not_yet_saved_outlives_a_reload(visit: Visit, address: Served) -> None:
    given, content = paged(5)
    address[1].add(given, content=content)
    page = open_review(visit, given["document"]["id"])
    watch(page)
    press(page, "n")
    page.keyboard.press("d")
    why = page.get_by_label("Why? It is kept with your decision.")
    why.fill("Half a thou")
    page.reload()
    why.wait_for()
    page.wait_for_function("() => document.querySelector('.st-key-card textarea')?.value === 'Half a thou'")
    why.press_sequentially("ght")
    why.blur()
    page.get_by_text("disagrees: Half a thought").wait_for()


def test_shortcuts_rest_while_somebody_types(visit: Visit, address: Served) -> None:
    given, content = paged(4)
    address[1].add(given, content=content)
    page = open_review(visit, given["document"]["id"])
    watch(page)
    press(page, "n")
    page.get_by_role("button", name="Note").first.click()
    box = page.get_by_label("Your note on this passage")
    box.type("and a panda")
    box.blur()
    page.get_by_text("notes: and a panda").wait_for()
    assert [one.kind for one in address[1].decisions(given["document"]["id"])] == ["note"]


def test_a_text_review_shows_its_words_with_marks(visit: Visit, address: Served) -> None:
    given = wire(sentences=(*SENTENCES, "Only in this one."), verdict="absent", leave_out=frozenset({"unclear"}))
    address[1].add(given, fictional=True)
    page = open_review(visit, given["document"]["id"])
    watch(page)
    press(page, "n")
    assert page.locator(".text .hit.on").count() >= 1
    assert SENTENCES[3] in page.locator(".sheet.text").inner_text()
    keep(page, "review-text")
    assert faults(page) == []


def test_an_unreadable_file_is_said_with_its_remedy(visit: Visit, tmp_path: Path) -> None:
    bad = tmp_path / "broken.pdf"
    bad.write_bytes(b"%PDF-1.7 this is no document")
    page = visit()
    if not page.locator("input[type=file]").count():
        page.get_by_text("Add reviews").click()
    page.locator("input[type=file]").first.set_input_files(bad)
    page.get_by_text("What to do:").wait_for()
    assert "Traceback" not in page.content()
    keep(page, "queue-unreadable")
