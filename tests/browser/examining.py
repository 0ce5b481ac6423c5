"""What is wrong with a page: for people who see, hear or touch otherwise, whose line is slow, or who wait until it stands still."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

AXE = (Path(__file__).parent / "vendor" / "axe-4.14.1.min.js").read_text()
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Bytes over the wire for one page with all that belongs to it, nothing kept from before.
HEAVIEST = 150_000
#: Cumulative layout shift. What counts as good on the web is 0.1; a hair's breadth is left for rounding.
STEADY = 0.01
#: WCAG 2.2, target size (minimum), in CSS px.
SMALLEST = 24
#: Adds up what moves by itself from now on: https://web.dev/articles/cls
WATCH = """() => {
  window.moved = [];
  const note = (list) => {
    for (const one of list.getEntries()) {
      if (one.hadRecentInput) continue;
      const what = one.sources.map((source) => source.node?.id || source.node?.className || source.node?.nodeName).join(" ");
      window.moved.push([one.value, what]);
    }
  };
  new PerformanceObserver(note).observe({ type: "layout-shift", buffered: true });
}"""
#: Links within a sentence may be as low as its line.
TOO_SMALL = """(least) => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !one.closest("p, small, li > span, .unseen, .skip"))
  .map((one) => [one, (one.closest("label") ?? one).getBoundingClientRect()])
  .filter(([one, box]) => box.width > 1 && (box.width < least || box.height < least))
  .map(([one, box]) => `${one.outerHTML.slice(0, 120)} ${box.width}x${box.height}`)"""
OUT = "document.documentElement.scrollWidth > innerWidth"
HEAD = """() => ({
  lang: document.documentElement.lang, title: document.title, headings: document.querySelectorAll("h1").length,
  viewport: document.querySelector("meta[name=viewport]")?.content ?? "", colours: document.querySelectorAll("meta[name=theme-color]").length,
})"""


def settle(page: Page) -> None:
    """Until fonts are there and what comes by itself has come."""
    page.evaluate("document.fonts.ready.then(() => true)")
    page.wait_for_selector("body:not([data-topics]), body[data-live]", state="attached")
    expect(page.locator(".htmx-request")).to_have_count(0)  # no wait_for_function: what it evaluates again and again our CSP refuses
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")  # the observer is told after a frame


def shifts(page: Page) -> float:
    return float(page.evaluate("window.moved.reduce((sum, [value]) => sum + value, 0)"))


def examine(page: Page, name: str, path: str) -> list[str]:
    """Loads a page: what moves by itself, is too small or too wide, and what its head lacks."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(path)
    page.evaluate(WATCH)
    settle(page)
    found = ["wider than the window"] if page.evaluate(OUT) else []
    found += [f"too small: {one}" for one in page.evaluate(TOO_SMALL, SMALLEST)]
    if shifts(page) > STEADY:
        found.append(f"moves by itself: {page.evaluate('window.moved')}")
    head = page.evaluate(HEAD)
    if not (head["lang"] and head["title"].endswith(("Floyd", "Sandbox")) and head["headings"] == 1 and "width=device-width" in head["viewport"]):
        found.append(f"head: {head}")
    return [f"{name}: {one}" for one in found]


def wide(page: Page, name: str, path: str) -> list[str]:
    """Loads a page: whether something stands out of its window."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(path)
    settle(page)
    return [f"{name}: wider than the window"] if page.evaluate(OUT) else []


def troubles(page: Page, **options: Any) -> list[str]:
    """What axe finds on the page as it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("options => axe.run(document, options)", {"resultTypes": ["violations"], **options})
    return [f"{one['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}" for one in found["violations"] for node in one["nodes"]]


def accessible(page: Page, name: str) -> list[str]:
    """What is wrong with a page that stands, by all rules by day, and at night by those that colour decides."""
    found = troubles(page, runOnly={"type": "tag", "values": WCAG})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found += [f"dark {one}" for one in troubles(page, runOnly={"type": "rule", "values": ["color-contrast"]})]
    return [f"{name}: {one}" for one in found]


class Scales:
    """Bytes that come over the wire for each page, with its styles, scripts and fonts, as if nothing were kept; without recordings, of which a
    browser loads as much beforehand as it likes."""

    def __init__(self, page: Page) -> None:
        self._sizes: list[float] = []
        self._sounds: set[str] = set()
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.responseReceived", lambda event: self._sounds.add(event["requestId"]) if event["type"] == "Media" else None)
        session.on("Network.loadingFinished", self._came)

    def _came(self, event: dict[str, Any]) -> None:
        if event["requestId"] not in self._sounds:
            self._sizes.append(event["encodedDataLength"])

    def weigh(self) -> int:
        """What came since it was asked last."""
        size = sum(self._sizes)
        self._sizes.clear()
        return int(size)
