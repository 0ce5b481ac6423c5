"""Staff see a user's request after saying why, to read only, on a phone and on a desk, by day and by night."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from requests_app.status import Status
from tests.browser.test_live_pages import make_call, say
from tests.cast import make_request

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
SHOTS = os.environ.get("SCREENSHOTS")


def shot(page, name: str) -> None:
    """Kept where SCREENSHOTS says, to be looked at."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_reason_opens_the_request_to_read(open_browser, tom, sam, width, scheme):
    wish = make_request(tom, status=Status.DONE)
    say(make_call(wish, status="completed", seconds=30), 1, "callee", "Hello, Brock Road School.")
    page = open_browser(sam, viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto(f"/requests/{wish.pk}/")
    expect(page.get_by_role("heading", name="A request of Tom Redmond")).to_be_visible()
    assert wish.ask not in page.content()
    shot(page, f"look-{width}-{scheme}")
    page.get_by_label("Why do you need to see it?").fill("Tom asked why the call ended")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=wish.ask)).to_be_visible()
    expect(page.get_by_text("to read only")).to_be_visible()
    expect(page.get_by_text("Hello, Brock Road School.")).to_be_visible()
    expect(page.get_by_text("Staff looked at this request: Tom asked why the call ended")).to_be_visible()
    expect(page.locator("main form")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    shot(page, f"looked-{width}-{scheme}")
