"""What comes in does not move what is read, and what is late takes the place that was kept for it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from calls.models import CONVERSATION_RELAY, MEDIA_STREAM, Speaker
from context.models import User
from requests_app import services
from requests_app.access import open_for_staff
from requests_app.status import Status
from tests.browser.examining import STEADY, WATCH, examine, settle, shifts
from tests.browser.furnished import furnish
from tests.browser.test_live_pages import change_request, say

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
#: Below what is in a box, within its padding.
BLANK = """(box) => {
  const { paddingBottom, borderBottomWidth } = getComputedStyle(box);
  const [outer, inner] = [box, box.lastElementChild].map((one) => one.getBoundingClientRect().bottom);
  return outer - inner - parseFloat(paddingBottom) - parseFloat(borderBottomWidth);
}"""


#: How long and high each run of text is.
SIZES = """() => {
  const range = document.createRange(), sizes = [];
  for (const one of document.querySelectorAll("h1, h2, label, a, button, p")) {
    range.selectNodeContents(one);
    const { width, height } = range.getBoundingClientRect();
    sizes.push([one.textContent.trim().slice(0, 20), Math.round(width), Math.round(height)]);
  }
  return sizes;
}"""


def test_the_controls_of_a_call_that_nobody_can_hear_take_the_place_that_was_kept_and_no_more(open_browser, tom):
    wish = furnish(tom).calling
    wish.calls.update(line=CONVERSATION_RELAY)
    page = open_browser(tom, viewport={"width": 390, "height": 844})
    found = examine(page, "relay", f"/requests/{wish.pk}/")
    expect(page.locator(".controls .steering")).to_be_visible()
    assert found == []
    assert page.locator(".controls").evaluate(BLANK) < 1


@pytest.mark.parametrize(("width", "language"), [(390, "de-DE"), (1280, "en-CA")])
def test_staff_who_look_at_a_running_call_see_nothing_move(open_browser, tom, sam, width, language):
    """Of its controls they get less than its user does, whether it can be heard or not."""
    User.objects.filter(pk__in=(tom.pk, sam.pk)).update(page_language=language[:2])
    wish = furnish(tom).calling
    open_for_staff(sam, wish.pk, reason="Tom asked")
    page = open_browser(sam, viewport={"width": width, "height": 844}, locale=language)
    for line in (MEDIA_STREAM, CONVERSATION_RELAY):
        wish.calls.update(line=line)
        found = examine(page, line, f"/requests/{wish.pk}/")
        expect(page.locator(".controls .muted").last).to_be_visible()
        assert found == []
        assert page.locator(".controls").evaluate(BLANK) < 2


def test_what_arrives_does_not_move_what_is_read(open_browser, tom):
    """Words of a call, its timeline and another request's news come in while somebody reads further up."""
    account = furnish(tom)
    call = account.calling.calls.get()
    page = open_browser(tom, viewport={"width": 1280, "height": 500})
    page.goto(f"/requests/{account.calling.pk}/")
    settle(page)
    expect(page.locator(".steering")).to_be_visible()
    title = page.get_by_role("heading", level=1)
    before = title.bounding_box()
    page.evaluate(WATCH)
    page.evaluate("window.moved = []")
    say(call, 6, Speaker.CALLEE, "We have tulips or roses today.", final=True)
    expect(page.get_by_text("We have tulips or roses today.")).to_be_visible()
    services.record_event(request_id=account.calling.pk, kind="note", text="They look what they have.")
    expect(page.get_by_text("They look what they have.")).to_be_attached()
    change_request(account.planned, status=Status.CANCELLED)
    expect(page.locator(f"#requests-lately #request-{account.planned.pk}")).to_be_visible()
    assert title.bounding_box() == before


def test_fonts_that_come_late_move_nothing(open_browser):
    """They are kept for the next page instead."""
    page = open_browser(viewport={"width": 390, "height": 844})
    late: list[Route] = []

    def hold_back(route: Route) -> None:
        late.append(route)

    page.route("**/*.woff2", hold_back)
    page.goto("/accounts/login/", wait_until="domcontentloaded")
    page.evaluate(WATCH)
    page.wait_for_timeout(500)  # as on a slow line: longer than any browser holds text back for them
    assert len(late) >= 2, "the fonts of both kinds of text are on their way"
    sizes = page.evaluate(SIZES)
    for route in late:
        route.continue_()
    settle(page)
    assert shifts(page) <= STEADY and page.evaluate(SIZES) == sizes
