"""Steps of whoever walks through the pages, with scripts or without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.sizes import fits

#: A test with `scripts` among its arguments is run with JavaScript and without.
scripts_or_none = pytest.mark.parametrize("scripts", [pytest.param(True, id="scripts"), pytest.param(False, id="no-scripts")])


def press(where: Page | Locator, name: str) -> None:
    """A button."""
    where.get_by_role("button", name=name, exact=True).first.click()


def go(where: Page | Locator, name: str) -> None:
    """A link."""
    where.get_by_role("link", name=name, exact=True).first.click()


def see(page: Page, path: str) -> None:
    """Loads a page; nothing stands out of its window."""
    page.goto(path)
    assert fits(page), path


def status(page: Page) -> Locator:
    """Where the request of the page stands."""
    return page.locator("main .pill").first
