"""Home and the list of all requests in a real browser: talking to Floyd, finding, keys, and no connection."""

from __future__ import annotations

import json
import re

import pytest
from django.db import transaction
from playwright.sync_api import WebSocketRoute, expect

from live.publish import publish
from requests_app.life import topics
from requests_app.listing import PER_PAGE
from requests_app.models import Request
from requests_app.status import Status
from tests.browser.sizes import PHONE
from tests.cast import make_request

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
STOP = '{"stop": true}'
#: A promise that is kept when the bars show a sound.
UNTIL_LOUD = """() => new Promise((done) => {
  const look = () => [...document.querySelectorAll(".level i")].some((bar) => Number(bar.style.getPropertyValue("--loud")) > 0.2);
  const again = () => (look() ? done() : setTimeout(again, 30));
  again();
})"""


def test_the_list_goes_on_by_itself_and_is_live(open_browser, tom):
    wishes = [make_request(tom, status=Status.PLANNING, ask=f"Number {number}.") for number in range(2 * PER_PAGE + 1)]
    page = open_browser(tom)
    page.goto("/requests/")
    for shown in (PER_PAGE, 2 * PER_PAGE, 2 * PER_PAGE + 1):
        expect(page.locator("#found .title").nth(shown - 1)).to_have_text(f"Number {2 * PER_PAGE + 1 - shown}.")
        page.locator("#found > li").last.scroll_into_view_if_needed()
    expect(page.locator("#found > li")).to_have_count(2 * PER_PAGE + 1)
    expect(page.locator("body")).to_have_attribute("data-live", "current")
    with transaction.atomic():
        Request.objects.filter(pk=wishes[0].pk).update(status=Status.FAILED)
        publish(topics=topics(wishes[0].pk, tom.pk), kind="request", ref=wishes[0].pk)
    expect(page.locator("#found > li").last.locator(".pill")).to_have_text("Didn't work")
    expect(page.locator("#found > li")).to_have_count(2 * PER_PAGE + 1)


def test_everything_is_reached_by_keys(open_browser, tom):
    first, second = (make_request(tom, ask=ask, status=Status.DONE) for ask in ("Call the school.", "Order flowers."))
    page = open_browser(tom)
    page.keyboard.press("n")
    expect(page.get_by_label("What should Floyd do?")).to_be_focused()
    page.keyboard.type("njk")
    expect(page.get_by_label("What should Floyd do?")).to_have_value("njk")
    page.get_by_label("What should Floyd do?").fill("")
    page.keyboard.press("Escape")
    for key, wish in (("j", second), ("j", first), ("j", first), ("k", second)):
        page.keyboard.press(key)
        expect(page.locator(f"#request-{wish.pk} a")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard")
    expect(keys).to_contain_text("What Floyd knows")
    keys.get_by_label("Use these keys").uncheck()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.press("3")
    page.keyboard.press("n")
    expect(page.get_by_label("What should Floyd do?")).not_to_be_focused()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    keys.get_by_label("Use these keys").check()
    keys.get_by_role("button", name="Close").click()
    page.keyboard.press("3")
    expect(page.get_by_role("heading", name="What Floyd knows")).to_be_visible()


def test_the_microphone_is_held_while_one_talks(open_browser, tom):
    """It shows how loud it hears, ends when it is let go, and sends what was understood. The box stays as it is under the finger."""
    said: list[str | bytes] = []

    def listen(socket: WebSocketRoute) -> None:
        def take(message: str | bytes) -> None:
            said.append(message)
            if message == STOP:
                socket.send(json.dumps({"done": "When is the dentist?"}))
                socket.close(code=1000)
            elif STOP not in said:  # a piece of sound that was on its way may come after it
                socket.send(json.dumps({"words": "When is"}))

        socket.on_message(take)

    page = open_browser(tom, permissions=["microphone"], viewport=PHONE["viewport"])
    page.route_web_socket(re.compile("/microphone/"), listen)
    composer = page.locator(".composer")
    before = composer.bounding_box()
    box = page.get_by_role("button", name="Say it").bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    expect(page.get_by_label("What should Floyd do?")).to_have_value("When is")
    expect(page.locator(".level")).to_be_visible()
    expect(page.locator("#ask-status")).to_have_text("Listening. Let go to send it.")
    assert composer.bounding_box() == before
    # The browser's own test sound beeps once a second.
    page.evaluate(UNTIL_LOUD)
    page.mouse.up()
    expect(page.get_by_role("heading", name="When is the dentist?")).to_be_visible()
    assert (said[0], said.count(STOP)) == ('{"held": true}', 1)
    assert Request.objects.get().channel == "voice"


def test_without_a_connection_floyd_says_so_itself(open_browser, site, tom):
    page = open_browser(tom, service_workers="allow")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    site.stop()
    page.goto("/texts/")
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    assert "Tom" not in page.content(), "what is kept is the same for everybody"
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily").startswith("Newsreader"), "it has its looks"
    site.start()
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", name="Texts")).to_be_visible()


def test_what_is_said_stands_behind_what_was_typed_and_a_tap_gets_out(open_browser, tom):
    """Typed words stay, whatever becomes of the microphone; what is never answered does not hold the page up."""
    page = open_browser(tom, permissions=["microphone"])
    page.route_web_socket(re.compile("/microphone/"), lambda socket: socket.on_message(lambda _: socket.send(json.dumps({"words": "for Krista"}))))
    page.clock.install()
    page.goto("/")
    box, status = page.get_by_label("What should Floyd do?"), page.locator("#ask-status")
    box.fill("Order flowers")
    page.get_by_role("button", name="Say it").click()
    expect(box).to_have_value("Order flowers for Krista")
    page.get_by_role("button", name="Stop listening").click()
    expect(status).to_have_text("One moment…")
    page.clock.fast_forward(10_000)
    expect(status).to_contain_text("Floyd did not answer in time.")
    page.evaluate("void (navigator.mediaDevices.getUserMedia = () => new Promise(() => {}))")
    page.get_by_role("button", name="Say it").click()
    page.get_by_role("button", name="Stop listening").click()
    expect(status).to_contain_text("Floyd stopped listening.")
    expect(page.get_by_role("button", name="Say it")).to_be_visible()
    expect(box).to_have_value("Order flowers for Krista")
    assert not Request.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_going_back_does_not_offer_what_was_sent_a_second_time_and_keeps_what_was_not(open_browser, tom):
    page = open_browser(tom)
    page.goto("/")
    box = page.get_by_label("What should Floyd do?")
    box.fill("Call the school, Mara is ill.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Call the school, Mara is ill.")).to_be_visible()
    page.go_back()
    expect(box).to_have_value("")
    box.fill("Order some")
    page.get_by_role("link", name="Texts").first.click()
    expect(page.get_by_role("heading", name="Texts", exact=True)).to_be_visible()
    page.go_back()
    expect(box).to_have_value("Order some")
    assert Request.objects.count() == 1


def test_a_status_takes_along_the_words_that_were_typed_but_not_yet_searched(open_browser, tom):
    for ask in ("Order some flowers.", "Call the school."):
        make_request(tom, status=Status.DONE, ask=ask)
    page = open_browser(tom)
    page.goto("/requests/")
    page.fill("[name=q]", "flowers")
    page.get_by_role("link", name="Done", exact=True).click()
    page.wait_for_url("**/requests/?status=done&q=flowers")
    expect(page.locator("#found li")).to_have_count(1)
