"""Pictures of every page, on a phone and on a desk, by day and by night: `make screens`. Not collected by `make test`.

SCREENS says where they go; ONLY="home texts" makes some of them.
"""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.every_page import OUTSIDE, pages_of
from tests.browser.furnished import furnish

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1800)]
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 860}}
#: Tall enough for every page; what is longer is cut.
TALLEST = 2000
#: Small enough to be kept with the project, and sharp enough to be looked at.
QUALITY = 55


def picture(page: Page, clip: dict[str, float]) -> bytes:
    """The page as WebP, which Playwright itself does not write."""
    session = page.context.new_cdp_session(page)
    made = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY, "captureBeyondViewport": True, "clip": clip})
    session.detach()
    return base64.b64decode(made["data"])


def test_pictures_of_every_page(open_browser, tom):
    folder = Path(os.environ.get("SCREENS", "docs/screens"))
    folder.mkdir(parents=True, exist_ok=True)
    pages = pages_of(furnish(tom))
    only = set(os.environ.get("ONLY", "").split())
    for size, viewport in SIZES.items():
        inside, outside = open_browser(tom, viewport=viewport), open_browser(viewport=viewport)
        for page in (inside, outside):
            page.set_default_timeout(60_000)
        for page, addresses in ((inside, pages), (outside, OUTSIDE)):
            for name, path in addresses.items():
                if only and name not in only:
                    continue
                for scheme in ("light", "dark"):
                    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                    page.goto(path)
                    page.evaluate("document.fonts.ready")
                    if page is inside:
                        page.wait_for_selector("body:not([data-topics]), body[data-live]", state="attached")
                    height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
                    whole = {"x": 0, "y": 0, "scale": 1, "width": viewport["width"], "height": max(height, viewport["height"])}
                    (folder / f"{name}-{size}-{scheme}.webp").write_bytes(picture(page, whole))
