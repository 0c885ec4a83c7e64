"""Large work in the pane: a review of sixty pages, a queue of five thousand. Limits are of an idle machine."""

import re
import statistics
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from browser import (
    MARKS,
    WAIT,
    Served,
    Visit,
    address,
    browser,
    keep,
    open_review,
    paged,
    pane,
    press,
    slack,
    visit,
    watch,
)

from sfo_nlp.store.store import Store

__all__ = ["address", "browser", "visit"]


pytestmark = MARKS


def test_a_review_of_sixty_pages_opens_and_turns_quickly(visit: Visit, address: Served) -> None:
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
    assert opened < 3 * slack()
    assert statistics.median(turns) < 0.3 * slack()
    page.get_by_role("button", name=re.compile("^Page 57:")).click()
    page.wait_for_function("() => window.deepShown().startsWith('57:')")
    page.locator(".hit").first.click()
    page.wait_for_function("() => window.deepShown().length > 5")
    keep(page, "review-sixty-pages")


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
    assert opened < 1.5 * slack()


def fill(store: Store, number: int) -> None:
    """Many reviews straight into the tables: the queue needs no assessments' texts."""
    from sqlalchemy import insert

    from sfo_nlp.store.days import due_date
    from sfo_nlp.store.tables import AssessmentRow, ReviewRow

    days = [date(2026, 1, 5) + timedelta(days=day) for day in range(60)]
    dues = {day: due_date(day) for day in days}
    now = datetime(2026, 1, 5)
    reviews = [
        {
            "id": one, "document": f"{one:064x}", "name": f"SFO review {one:04}.pdf", "format": "pdf",
            "pages": 9 + one % 50, "words": 2000 + one, "received": days[one % 60], "due": dues[days[one % 60]],
            "assigned": ("", "Ada", "Ben")[one % 3], "status": ("new", "in progress", "done")[one % 3],
            "fictional": False, "added": now, "current": one,
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
