"""The pane for everybody: no axe fault in any state, all by keyboard, narrow and zoomed screens."""

import pytest
from browser import (
    MARKS,
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
    visit,
    watch,
)

FOCUSED = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return `${at.className?.baseVal ?? at.className}|${getComputedStyle(at).outlineStyle}`;
}"""
__all__ = ["address", "browser", "visit"]


pytestmark = MARKS


@pytest.mark.parametrize(("width", "height", "scale", "name"), [(390, 844, 2, "phone"), (720, 450, 2, "zoomed")])
def test_narrow_and_zoomed_screens_lose_nothing(
    visit: Visit, address: Served, width: int, height: int, scale: int, name: str
) -> None:
    given, content = paged(7, pages=3)
    address[1].add(given, content=content, fictional=True)
    for path in ("", f"review?review={given['document']['id']}", "self-check", "method"):
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
            keep(page, f"{path or 'queue'}-phone")


def test_axe_finds_no_fault_on_the_review_page_in_any_state(visit: Visit, address: Served) -> None:
    given, content = paged(8, pages=2)
    address[1].add(given, content=content, fictional=True)
    page = open_review(visit, given["document"]["id"])
    assert faults(page) == []
    watch(page)
    press(page, "n")
    page.keyboard.press("d")
    page.get_by_role("button", name="Disagreed", exact=True).wait_for()
    assert faults(page) == []
    page.get_by_role("button", name="Correct…").first.click()
    page.get_by_text("Save the correction").wait_for()
    assert faults(page) == []
    page.keyboard.press("Escape")
    for tab in ("Reports", "About the file"):
        page.get_by_role("tab", name=tab).click()
        settle(page)
        assert faults(page) == []


def test_axe_finds_no_fault_on_the_queue(visit: Visit, address: Served) -> None:
    given, content = paged(9)
    address[1].add(given, content=content)
    page = visit()
    assert faults(page) == []
    page.get_by_text("Open by name, assign, set status").click()
    page.get_by_role("button", name="Open it").wait_for()
    assert faults(page) == []
    keep(page, "queue-manage")


def test_everything_is_reached_by_keyboard(visit: Visit, address: Served) -> None:
    given, content = paged(10)
    address[1].add(given, content=content)
    page = open_review(visit, given["document"]["id"])
    names: set[str] = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        names.add(page.evaluate(FOCUSED))
        if any("item" in name for name in names):
            break
    reached = {name.split("|")[0].split(" ")[0] for name in names}
    assert {"hit", "stage", "item"} <= reached
    assert all(name.endswith("|none") is False for name in names if name.startswith(("hit", "item", "stage")))
