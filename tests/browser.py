"""A pane on a port of its own, a headless Chromium to look at it, and reviews to show in it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import pytest
from wires import SENTENCES, evidence, pdf_of, wire

from sfo_nlp.document import finding_id
from sfo_nlp.store.store import Store

ROOT = Path(__file__).parent.parent
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PICTURES = ROOT / "docs" / "pictures" if os.environ.get("SFO_NLP_PICTURES") else None

MARKS = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed: apt-get install chromium"),
]
WAIT = 60_000
Page = Any
Visit = Callable[..., Page]
Served = tuple[str, Store]


@contextmanager
def pane(store: str) -> Iterator[str]:
    """The pane over the store at this URL; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    environment = {**os.environ, "SFO_NLP_STORE": store, "PYTHONPATH": str(ROOT), "LOGNAME": "inspector"}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = Path("/tmp/sfo-nlp") if PICTURES else tmp_path_factory.mktemp("pane")
    shutil.rmtree(folder, ignore_errors=True)
    url = f"sqlite:///{folder / 'store.sqlite'}"
    store = Store(url)
    with pane(url) as where:
        yield where, store


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="Playwright is not installed: pip install playwright"
    )
    with playwright.sync_playwright() as tool:
        chromium = tool.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Any, address: Served) -> Iterator[Visit]:
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


def open_review(visit: Visit, document: str, **size: Any) -> Page:
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


def slack() -> float:
    """How much longer things may take while other programs want the same cores; 1 on a machine of our own."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def watch(page: Page) -> None:
    """Let the page tell what the marked page shows: it stands in a shadow root."""
    page.evaluate(
        """() => { window.deepShown = () => { for (const host of document.querySelectorAll('*'))
        { const viewer = host.shadowRoot?.querySelector('.viewer'); if (viewer) return viewer.dataset.shown; } } }"""
    )


def faults(page: Page) -> list[str]:
    """Serious and critical faults that axe-core finds once the page rests."""
    from axe_playwright_python.sync_playwright import Axe

    settle(page)
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
