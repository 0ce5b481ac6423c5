"""In a real browser, on a phone's screen: what was sent is taken back or changed, in place."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from requests_app.models import Request
from requests_app.status import Status
from tests.cast import make_request

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ASK, OTHER = "Call the school, Mara is sick today.", "Call the school, Mara is sick today and tomorrow."


def test_what_was_sent_can_be_taken_back_for_a_moment(open_browser, tom):
    page = open_browser(tom, **PHONE)
    page.goto("/")
    page.fill("textarea[name=ask]", ASK)
    page.click("button.send")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url(re.compile(r"/$"))
    expect(page.locator("textarea[name=ask]")).to_have_value(ASK)
    assert not Request.objects.exists()
    page.click("button.send")
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    expect(undo).to_have_count(0, timeout=25_000)
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    assert Request.objects.get().ask == ASK


def test_the_ask_is_changed_in_place(open_browser, tom):
    wish = make_request(tom, status=Status.WAITING_FOR_USER, ask=ASK)
    page = open_browser(tom, **PHONE)
    page.goto(f"/requests/{wish.pk}/")
    page.evaluate("window.notLoadedAgain = true")
    page.get_by_role("link", name="Change").click()
    field = page.get_by_label("Change what you want")
    expect(field).to_have_value(ASK)
    assert page.evaluate("window.notLoadedAgain"), "opened in place"
    field.fill(OTHER)
    page.get_by_role("button", name="Change").click()
    expect(page.locator("h1")).to_have_text(OTHER)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out"


def test_going_back_to_a_form_that_was_refused_shows_it_with_what_was_typed(open_browser, tom):
    page = open_browser(tom, **PHONE)
    page.goto("/knows/contacts/new/")
    page.fill("[name=name]", "Lincoln High")
    page.fill("[name=phone]", "12")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("doesn't look like a phone number")).to_be_visible()
    page.get_by_role("link", name="Leave it").click()
    page.wait_for_url(re.compile(r"/knows/$"))
    page.go_back()
    expect(page.locator("[name=name]")).to_have_value("Lincoln High")
    page.fill("[name=phone]", "519 555 0188")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/knows/#contact"))
    page.go_back()
    expect(page.locator("[name=name]")).to_have_value("")
