"""Every page: accessible by day and by night, no wider than a phone, and light enough for a slow line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.every_page import OUTSIDE, pages_of
from tests.browser.furnished import furnish

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
AXE = (Path(__file__).parent / "vendor" / "axe-4.14.1.min.js").read_text()
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Bytes over the wire for one page with all that belongs to it, nothing kept from before.
HEAVIEST = 150_000


def troubles(page: Page, **options: Any) -> list[str]:
    """What axe finds on the page as it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("options => axe.run(document, options)", {"resultTypes": ["violations"], **options})
    return [f"{one['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}" for one in found["violations"] for node in one["nodes"]]


def look(page: Page, path: str) -> list[str]:
    """All rules by day; by night those that colour decides. Nothing may stand out of a narrow window."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(path)
    found = troubles(page, runOnly={"type": "tag", "values": WCAG})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found += [f"dark {one}" for one in troubles(page, runOnly={"type": "rule", "values": ["color-contrast"]})]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("wider than the window")
    return [f"{path} {one}" for one in found]


def test_every_page_is_accessible_on_a_phone(open_browser, tom):
    pages = pages_of(furnish(tom))
    phone = {"viewport": {"width": 390, "height": 844}}
    inside, outside = open_browser(tom, **phone), open_browser(**phone)
    found = [one for path in pages.values() for one in look(inside, path)]
    found += [one for path in OUTSIDE.values() for one in look(outside, path)]
    assert found == []


def test_pages_that_are_laid_out_anew_on_a_desk_are_accessible_there(open_browser, tom):
    account = furnish(tom)
    page = open_browser(tom)
    assert [one for path in ("/", "/requests/", f"/requests/{account.calling.pk}/") for one in look(page, path)] == []


def weigh(page: Page, path: str) -> int:
    """Bytes that come over the wire for a page, with its styles, scripts and fonts."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(path, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    session.detach()
    return int(sum(sizes))


def test_no_page_is_heavy(open_browser, tom):
    account = furnish(tom)
    page = open_browser(tom)
    heavy = {path: weigh(page, path) for path in ("/", "/requests/", "/knows/", f"/requests/{account.done.pk}/")}
    assert all(30_000 < size < HEAVIEST for size in heavy.values()), heavy
