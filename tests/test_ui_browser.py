"""The pane in a real browser: whole journeys, large work, narrow screens, accessibility, speed, nothing from outside."""

import re
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import pytest
from browser import ARGUMENTS, CHROMIUM, PICTURES, pane
from wires import SENTENCES, evidence, pdf_of, wire

from sfo_nlp.document import finding_id
from sfo_nlp.store.store import Store

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: pip install playwright")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed: apt-get install chromium"),
]
ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "corpus" / "samples"
WAIT = 60_000
Page = Any


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Store]]:
    url = f"sqlite:///{tmp_path_factory.mktemp('pane') / 'store.sqlite'}"
    store = Store(url)
    with pane(url) as where:
        yield where, store


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as tool:
        chromium = tool.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Any, address: tuple[str, Store]) -> Iterator[Callable[..., Page]]:
    """Open a page of the pane in a browser of its own; any request to elsewhere fails the test."""
    contexts: list[Any] = []
    elsewhere: list[str] = []

    def go(path: str = "", *, width: int = 1440, height: int = 900, scale: float = 1) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, device_scale_factor=scale)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.on("request", lambda request: elsewhere.append(request.url) if outside(request.url) else None)
        page.goto(f"{address[0]}/{path}")
        page.wait_for_selector("h1")
        settle(page)
        return page

    yield go
    for context in contexts:
        context.close()
    assert elsewhere == []


def outside(url: str) -> bool:
    parsed = urlparse(url)
    return parsed.scheme in ("http", "https", "ws", "wss") and parsed.hostname != "127.0.0.1"


def settle(page: Page) -> None:
    """Wait until no run of the script is under way."""
    page.wait_for_function("() => !document.querySelector('[data-testid=stStatusWidget]')")
    page.wait_for_timeout(250)
    page.wait_for_function("() => !document.querySelector('[data-testid=stStatusWidget]')")


def keep(page: Page, name: str) -> None:
    """Keep a picture for the documentation, when asked to."""
    if PICTURES:
        page.wait_for_timeout(700)
        page.screenshot(path=PICTURES / f"{name}.png")


def open_review(visit: Callable[..., Page], document: str, **size: Any) -> Page:
    page = visit(f"review?review={document}", **size)
    page.wait_for_selector(".viewer[data-shown]")
    return page


def shown(page: Page) -> str:
    """Which page and finding the marked page shows, as ``page:finding``."""
    return str(page.locator(".viewer").get_attribute("data-shown"))


def press(page: Page, key: str) -> None:
    """Press a key and wait until the marked page shows something else."""
    before = shown(page)
    page.keyboard.press(key)
    page.wait_for_function("before => window.deepShown() !== before", arg=before)


def watch(page: Page) -> None:
    """Let the page tell what the marked page shows: it stands in a shadow root."""
    page.evaluate(
        """() => { window.deepShown = () => { for (const host of document.querySelectorAll('*'))
        { const viewer = host.shadowRoot?.querySelector('.viewer'); if (viewer) return viewer.dataset.shown; } } }"""
    )


def faults(page: Page) -> list[str]:
    """Serious and critical faults that axe-core finds."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {node['target']} {node['failureSummary'][:200]}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"][:3]
    ]


def paged(number: int, *, pages: int = 1) -> tuple[dict[str, Any], bytes]:
    """A review of many pages, each with the same sentences, and its PDF."""
    content = pdf_of((*SENTENCES, f"Review number {number}."), pages=pages)
    given = wire(paged=True, content=content, name=f"review-{number}.pdf")
    text = "\n\n".join("\n".join((*SENTENCES, f"This is page {page}.")) for page in range(1, pages + 1))
    given["document"] |= {"text": text, "pages": pages, "words": len(text.split())}
    originals, given["findings"] = given["findings"], []
    for page in range(1, pages + 1):
        start = text.index(f"This is page {page}.") - len("\n".join(SENTENCES)) - 1
        for original in originals:
            quote = original["evidence"][0]["quote"]
            passage = evidence(text[start:], quote, page=page)
            passage |= {"start": passage["start"] + start, "end": passage["end"] + start}
            name = finding_id(given["document"]["id"], original["check"], original["label"], f"{page} {quote}")
            given["findings"].append({**original, "id": name, "evidence": [passage]})
    return given, content


def test_an_inspectors_day_from_upload_to_report(
    visit: Callable[..., Page], address: tuple[str, Store], tmp_path: Path
) -> None:
    sample = SAMPLES / "review-w04-01-form.pdf"
    page = visit()
    keep(page, "queue-empty")
    page.locator("input[type=file]").first.set_input_files(sample)
    page.get_by_text("Checked: review-w04-01-form.pdf").wait_for()
    settle(page)
    canvas = page.locator("[data-testid=stDataFrame] canvas").first.bounding_box()
    page.mouse.click(canvas["x"] + 90, canvas["y"] + 52)
    page.wait_for_selector(".viewer[data-shown]")
    assert page.locator(".answers .given").first.inner_text()
    watch(page)
    press(page, "n")
    assert page.locator(".hit.on").count() >= 1
    assert page.locator(".hit.on").first.bounding_box()["width"] > 5
    page.keyboard.press("a")
    page.get_by_role("button", name="Agreed Shortcut A", exact=True).wait_for()
    page.get_by_text("inspector agrees").wait_for()
    page.reload()
    page.get_by_text("inspector agrees").wait_for()
    page.get_by_role("tab", name="Reports").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Feedback report (HTML").click()
    report = Path(waiting.value.path()).read_text()
    assert "inspector agrees" in report
    assert waiting.value.suggested_filename == "review-w04-01-form.feedback.html"
    with page.expect_download() as waiting:
        page.get_by_role("button", name="highlights and comments").click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF")


def test_an_author_mends_a_draft(visit: Callable[..., Page], tmp_path: Path) -> None:
    old, new = tmp_path / "draft-1.txt", tmp_path / "draft-2.txt"
    body = "\n\n".join(("# Findings", *SENTENCES * 3))
    old.write_text(body)
    new.write_text(
        body.replace(SENTENCES[8], "") + "\n\nNot all reasonable steps were taken to manage the risk of serious harm."
    )
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


def test_a_team_lead_assigns_rates_and_reads_the_method(visit: Callable[..., Page], address: tuple[str, Store]) -> None:
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


def test_two_browsers_decide_on_one_review_at_once(visit: Callable[..., Page], address: tuple[str, Store]) -> None:
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
    pages[0].get_by_role("button", name="Agreed Shortcut A", exact=True).wait_for()
    pages[1].get_by_role("button", name="Disagreed Shortcut D", exact=True).wait_for()
    pages[0].reload()
    pages[0].get_by_text("People differ here").wait_for()
    assert {(one.who, one.kind) for one in address[1].decisions(document)} == {("Ada", "agree"), ("Ben", "disagree")}


def test_a_reload_in_the_middle_loses_neither_place_nor_name_nor_decision(
    visit: Callable[..., Page], address: tuple[str, Store]
) -> None:
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


def test_shortcuts_rest_while_somebody_types(visit: Callable[..., Page], address: tuple[str, Store]) -> None:
    given, content = paged(4)
    address[1].add(given, content=content)
    page = open_review(visit, given["document"]["id"])
    watch(page)
    press(page, "n")
    page.get_by_role("button", name="Note").click()
    box = page.get_by_label("Your note on this passage")
    box.type("and a panda")
    box.blur()
    page.get_by_text("notes: and a panda").wait_for()
    assert [one.kind for one in address[1].decisions(given["document"]["id"])] == ["note"]


def test_a_review_of_sixty_pages_opens_and_turns_quickly(
    visit: Callable[..., Page], address: tuple[str, Store]
) -> None:
    given, content = paged(60, pages=60)
    address[1].add(given, content=content)
    document = given["document"]["id"]
    visit(f"review?review={document}")
    begun = time.perf_counter()
    page = open_review(visit, document)
    page.wait_for_function("() => true")
    opened = time.perf_counter() - begun
    watch(page)
    turns = []
    for _ in range(25):
        begun = time.perf_counter()
        press(page, "n")
        turns.append(time.perf_counter() - begun)
    print(f"open {opened:.2f} s, turn median {statistics.median(turns) * 1000:.0f} ms")
    assert opened < 3
    assert statistics.median(turns) < 0.3
    page.get_by_role("button", name=re.compile("^Page 57:")).click()
    page.wait_for_function("() => window.deepShown().startsWith('57:')")
    page.locator(".hit").first.click()
    page.wait_for_function("() => window.deepShown().length > 5")
    keep(page, "review")


def test_a_queue_of_five_thousand_reviews(browser: Any, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'many.sqlite'}"
    store = Store(url)
    fill(store, 5000)
    with pane(url) as where:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(WAIT)
        page.goto(where)
        page.get_by_text("5,000 reviews").wait_for()
        begun = time.perf_counter()
        page.reload()
        page.get_by_text("5,000 reviews").wait_for()
        page.locator("[data-testid=stDataFrame] canvas").first.wait_for()
        opened = time.perf_counter() - begun
        print(f"queue of 5,000: {opened:.2f} s")
        keep(page, "queue")
        page.get_by_label("Search by name").fill("4321")
        page.get_by_label("Search by name").press("Enter")
        page.get_by_text("1 of 5,000 reviews").wait_for()
        page.close()
    assert opened < 1.5


def fill(store: Store, number: int) -> None:
    """Many reviews straight into the tables: the queue needs no assessments' texts."""
    from sqlalchemy import insert

    from sfo_nlp.store.days import due_date
    from sfo_nlp.store.tables import AssessmentRow, ReviewRow

    days = [date(2026, 1, 5) + timedelta(days=day) for day in range(60)]
    dues = {day: due_date(day) for day in days}
    now = __import__("datetime").datetime(2026, 1, 5)
    reviews = [
        {
            "id": one, "document": f"{one:064x}", "name": f"SFO review {one:04}.pdf", "format": "pdf", "pages": 9 + one % 50,
            "words": 2000 + one, "received": days[one % 60], "due": dues[days[one % 60]], "assigned": ("", "Ada", "Ben")[one % 3],
            "status": ("new", "in progress", "done")[one % 3], "fictional": False, "added": now, "current": one,
        }
        for one in range(1, number + 1)
    ]  # fmt: skip
    verdicts = ("taken", "not_taken", "partly", "unclear", "absent")
    assessments = [
        {
            "id": one, "review_id": one, "fingerprint": "x", "version": "0", "made": now, "verdict": verdicts[one % 5],
            "explanation": ("explains_why", "partly", "what_only")[one % 3], "share_explained": one % 11 / 10,
            "reading_age": 11 + one % 7, "met": 10, "not_met": one % 9, "refer": one % 5, "not_run": 0, "wire": b"",
        }
        for one in range(1, number + 1)
    ]  # fmt: skip
    with store.session(writes=True) as session:
        session.execute(insert(ReviewRow), reviews)
        session.execute(insert(AssessmentRow), assessments)


@pytest.mark.parametrize(("width", "height", "scale", "name"), [(390, 844, 2, "phone"), (720, 450, 2, "zoomed")])
def test_narrow_and_zoomed_screens_lose_nothing(
    visit: Callable[..., Page], address: tuple[str, Store], width: int, height: int, scale: int, name: str
) -> None:
    given, content = paged(7, pages=3)
    address[1].add(given, content=content, fictional=True)
    for path in ("queue", f"review?review={given['document']['id']}", "self-check", "method"):
        page = visit(path, width=width, height=height, scale=scale)
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
        if path.startswith("review"):
            page.wait_for_selector(".viewer[data-shown]")
            watch(page)
            press(page, "n")
            page.get_by_role("button", name="Agree Shortcut A", exact=True).scroll_into_view_if_needed()
            box = page.get_by_role("button", name="Agree Shortcut A", exact=True).bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            keep(page, f"review-{name}")
            assert faults(page) == []
        elif name == "phone":
            keep(page, f"{path}-phone")


def test_axe_finds_no_fault_on_the_review_page_in_any_state(
    visit: Callable[..., Page], address: tuple[str, Store]
) -> None:
    given, content = paged(8, pages=2)
    address[1].add(given, content=content, fictional=True)
    page = open_review(visit, given["document"]["id"])
    assert faults(page) == []
    watch(page)
    press(page, "n")
    page.keyboard.press("d")
    page.get_by_role("button", name="Disagreed Shortcut D", exact=True).wait_for()
    assert faults(page) == []
    page.get_by_role("button", name="Correct…").click()
    page.get_by_text("Save the correction").wait_for()
    assert faults(page) == []
    page.keyboard.press("Escape")
    for tab in ("Reports", "About the file"):
        page.get_by_role("tab", name=tab).click()
        settle(page)
        assert faults(page) == []


def test_axe_finds_no_fault_on_the_queue(visit: Callable[..., Page], address: tuple[str, Store]) -> None:
    given, content = paged(9)
    address[1].add(given, content=content)
    page = visit("queue")
    assert faults(page) == []
    page.get_by_text("Open by name, assign, set status").click()
    page.get_by_role("button", name="Open it").wait_for()
    assert faults(page) == []
    keep(page, "queue-manage")


def test_everything_is_reached_by_keyboard(visit: Callable[..., Page], address: tuple[str, Store]) -> None:
    given, content = paged(10)
    address[1].add(given, content=content)
    page = open_review(visit, given["document"]["id"])
    names: set[str] = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        names.add(page.evaluate(
            """() => { let at = document.activeElement; while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
            const line = getComputedStyle(at).outlineStyle; return `${at.className?.baseVal ?? at.className}|${line}` }"""
        ))  # fmt: skip
        if any("item" in name for name in names):
            break
    reached = {name.split("|")[0].split(" ")[0] for name in names}
    assert {"hit", "stage", "item"} <= reached
    assert all(name.endswith("|none") is False for name in names if name.startswith(("hit", "item", "stage")))


def test_a_text_review_shows_its_words_with_marks(visit: Callable[..., Page], address: tuple[str, Store]) -> None:
    given = wire(sentences=(*SENTENCES, "Only in this one."), verdict="absent", leave_out=frozenset({"unclear"}))
    address[1].add(given, fictional=True)
    page = open_review(visit, given["document"]["id"])
    watch(page)
    press(page, "n")
    assert page.locator(".text .hit.on").count() >= 1
    assert SENTENCES[3] in page.locator(".sheet.text").inner_text()
    keep(page, "review-text")
    assert faults(page) == []


def test_an_unreadable_file_is_said_with_its_remedy(visit: Callable[..., Page], tmp_path: Path) -> None:
    bad = tmp_path / "broken.pdf"
    bad.write_bytes(b"%PDF-1.7 this is no document")
    page = visit("queue")
    if not page.locator("input[type=file]").count():
        page.get_by_text("Add reviews").click()
    page.locator("input[type=file]").first.set_input_files(bad)
    page.get_by_text("What to do:").wait_for()
    assert "Traceback" not in page.content()
    keep(page, "queue-unreadable")
