"""Every page stands still while it loads and is live, fits its window, has what a page must have, and nothing on it is too small for a finger."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from calls.models import CONVERSATION_RELAY, MEDIA_STREAM, Speaker
from context.models import User
from requests_app import services
from requests_app.access import open_for_staff
from requests_app.status import Status
from tests.browser.every_page import OUTSIDE, pages_of
from tests.browser.furnished import furnish
from tests.browser.test_live_pages import change_request, say

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
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
#: Below what is in a box, within its padding.
BLANK = """(box) => {
  const { paddingBottom, borderBottomWidth } = getComputedStyle(box);
  const [outer, inner] = [box, box.lastElementChild].map((one) => one.getBoundingClientRect().bottom);
  return outer - inner - parseFloat(paddingBottom) - parseFloat(borderBottomWidth);
}"""
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
    """What is wrong with a page."""
    page.goto(path)
    page.evaluate(WATCH)
    settle(page)
    found = [f"too small: {one}" for one in page.evaluate(TOO_SMALL, SMALLEST)]
    if shifts(page) > STEADY:
        found.append(f"moves by itself: {page.evaluate('window.moved')}")
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("wider than the window")
    head = page.evaluate(HEAD)
    if not (head["lang"] and head["title"].endswith("Floyd") and head["headings"] == 1 and "width=device-width" in head["viewport"]):
        found.append(f"head: {head}")
    return [f"{name}: {one}" for one in found]


@pytest.mark.parametrize(("width", "language"), [(390, "de-DE"), (1280, "en-CA")])
def test_every_page_stands_still_and_fits_a_finger(open_browser, tom, width, language):
    """On a phone in German, whose words are longer."""
    User.objects.filter(pk=tom.pk).update(page_language=language[:2])
    pages = pages_of(furnish(tom))
    window = {"viewport": {"width": width, "height": 844}, "locale": language}
    inside, outside = open_browser(tom, **window), open_browser(**window)
    found = [one for name, path in pages.items() for one in examine(inside, name, path)]
    found += [one for name, path in OUTSIDE.items() for one in examine(outside, name, path)]
    assert found == [], chr(10).join(found)


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
