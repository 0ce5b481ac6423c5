"""The two windows in which people walk through Floyd."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 860}}
#: A test with `window` among its arguments is run in both.
in_both = pytest.mark.parametrize("window", [pytest.param(PHONE, id="phone"), pytest.param(DESK, id="desk")])


def fits(page: Page) -> bool:
    """Whether nothing stands out of the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
