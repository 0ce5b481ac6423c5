"""Pictures of every page, on a phone and on a desk, by day and by night: `make screens`. Not collected by `make test`.

SCREENS says where they go; ONLY="home texts" makes some of them.
"""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from context.models import User
from tests.browser.every_page import ADMIN, COMPONENTS, OUTSIDE, as_staff, pages_of, staff_pages
from tests.browser.furnished import furnish
from tests.browser.sandbox_pages import SANDBOX, running_sandbox
from tests.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1800)]
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 860}}
FOLDER = Path(os.environ.get("SCREENS", "docs/screens"))
ONLY = set(os.environ.get("ONLY", "").split())
#: Tall enough for every page; what is longer is cut.
TALLEST = 2000
#: Small enough to be kept with the project, and sharp enough to be looked at.
QUALITY = 55
SETTLED = "document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))"


def take(page: Page, name: str, path: str) -> None:
    """The whole page by day and by night, loaded once, in a window as high as the page: what stands at the window's edge stands at the page's."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(path)
    page.wait_for_selector("body:not([data-topics]), body[data-live]", state="attached")
    viewport = page.viewport_size
    assert viewport is not None
    size = next(size for size, one in SIZES.items() if one == viewport)
    height = min(max(page.evaluate("document.documentElement.scrollHeight"), viewport["height"]), TALLEST)
    page.set_viewport_size({**viewport, "height": height})
    session = page.context.new_cdp_session(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.evaluate(SETTLED)
        # WebP, which Playwright itself does not write.
        made = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
        (FOLDER / f"{name}-{size}-{scheme}.webp").write_bytes(base64.b64decode(made["data"]))
    session.detach()
    page.set_viewport_size(viewport)


def take_all(page: Page, pages: dict[str, str]) -> None:
    """Pictures of those pages that are wanted."""
    page.set_default_timeout(60_000)
    for name, path in pages.items():
        if not ONLY or name in ONLY:
            take(page, name, path)
    page.close()


def test_pictures_of_every_page(on_the_sandbox, open_browser, tom, sam):
    FOLDER.mkdir(parents=True, exist_ok=True)
    account, root = furnish(tom), User.objects.create_superuser("root@floyd.example", PASSWORD, name="Root")
    pages, for_staff = pages_of(account), staff_pages(account, sam)
    with running_sandbox() as sandbox:
        for viewport in SIZES.values():
            take_all(open_browser(tom, viewport=viewport), pages)
            take_all(open_browser(viewport=viewport), OUTSIDE | COMPONENTS)
            take_all(as_staff(open_browser, sam, viewport=viewport), for_staff)
            take_all(as_staff(open_browser, root, viewport=viewport), ADMIN)
            german = {f"{name}-in-german": path for name, path in OUTSIDE.items() if name != "offline"}
            take_all(open_browser(viewport=viewport, locale="de-DE"), german)
            take_all(open_browser(viewport=viewport), {name: f"{sandbox}{path}" for name, path in SANDBOX.items()})
