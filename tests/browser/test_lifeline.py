"""One page's line to Floyd: killed, refused, silent; and rows that somebody changes by hand in the database."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import psycopg
import pytest
from django.db import connection
from playwright.sync_api import Page, WebSocketRoute, expect

from requests_app import services
from requests_app.models import Request
from tests.browser.sizes import fits, in_both
from tests.cast import make_request

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
DOWN = "The line to Floyd is down"
#: When the page tried to get a line, in ms.
TRIES = """(() => {
  window.tries = [];
  window.WebSocket = new Proxy(WebSocket, { construct: (real, given) => (window.tries.push(Date.now()), new real(...given)) });
})();"""
#: Breaks are killed like this by proxies and by processes that end.
GOING_AWAY = 1001
#: As in live.js.
SILENCE_MS = 25_000


class Between:
    """Stands between a page and the server: lets its sockets through, kills or refuses them, or swallows what the server says."""

    def __init__(self, page: Page) -> None:
        self.refuses = self.silent = False
        self.through = self.swallowed = 0
        self._open: WebSocketRoute | None = None
        page.route_web_socket(re.compile("/live/"), self._opened)

    def kill(self) -> None:
        """Ends the socket that is open."""
        assert self._open is not None
        self._open.close(code=GOING_AWAY)

    def _opened(self, page_side: WebSocketRoute) -> None:
        if self.refuses:
            page_side.close(code=GOING_AWAY)
            return
        self.through += 1
        self._open = page_side
        silent = self.silent

        def hand_on(message: str | bytes) -> None:
            if silent:
                self.swallowed += 1
            else:
                page_side.send(message)

        page_side.connect_to_server().on_message(hand_on)


def by_hand(statement: str, *values: Any) -> None:
    """What somebody types into psql."""
    parameters = {key: value for key, value in connection.get_connection_params().items() if key in {"dbname", "user", "password", "host", "port"}}
    with psycopg.connect(**parameters, application_name="psql", autocommit=True) as other:
        other.execute(statement, values)


def note(wish: Request, text: str) -> None:
    services.record_event(request_id=wish.pk, kind="note", text=text)


def tick(page: Page, until: str) -> None:
    """Lets the page's clock run on until something holds."""
    for _ in range(600):
        if page.evaluate(until):
            return
        page.clock.run_for(100)
    raise AssertionError(f"{until} did not come")


@in_both
def test_a_killed_line_is_tried_again_ever_more_rarely_and_loses_nothing(open_browser, tom, window):
    wish = make_request(tom)
    page = open_browser(tom, **window)
    between = Between(page)
    page.add_init_script(TRIES)
    page.clock.install()
    page.goto(f"/requests/{wish.pk}/")
    expect(page.locator("body")).to_have_attribute("data-live", "current")
    page.evaluate("window.notLoadedAgain = true; window.tries.length = 0")
    note(wish, "Before the break.")
    expect(page.get_by_text("Before the break.")).to_be_attached()

    between.refuses = True
    between.kill()
    tick(page, "document.body.dataset.live === 'lost'")
    expect(page.get_by_text(DOWN)).to_be_visible()
    assert fits(page)
    note(wish, "Within the break.")
    Request.objects.filter(pk=wish.pk).update(ask="Call the school: Mara is sick, and so is Tom.")
    by_hand("update requests_app_request set status = 'planning' where id = %s", wish.pk)
    tick(page, "window.tries.length >= 5")
    waits = [later - earlier for earlier, later in pairwise(page.evaluate("window.tries"))]
    assert waits[3] > 2 * waits[0], f"it is tried more and more rarely: {waits}"

    between.refuses = False
    tick(page, "document.body.dataset.live === 'current'")
    expect(page.get_by_text(DOWN)).to_be_hidden()
    expect(page.get_by_text("Within the break.")).to_have_count(1)
    expect(page.get_by_text("Before the break.")).to_have_count(1)
    expect(page.locator("main .pill").first).to_have_text("Planning")
    note(wish, "After the break.")
    expect(page.get_by_text("After the break.")).to_be_attached()
    assert page.evaluate("window.notLoadedAgain")


@in_both
def test_a_line_on_which_nothing_is_heard_is_given_up_for_a_new_one(open_browser, tom, window):
    """It seems open, as after a change of networks; the server's own signs of life do not arrive."""
    wish = make_request(tom)
    page = open_browser(tom, **window)
    between = Between(page)
    between.silent = True
    page.clock.install()
    page.goto(f"/requests/{wish.pk}/")
    while not between.swallowed:
        page.wait_for_timeout(20)
    note(wish, "Said into the silence.")
    between.silent = False
    page.clock.fast_forward(SILENCE_MS - 5_000)
    assert between.through == 1, "it is given time"
    page.clock.fast_forward(5_000)
    tick(page, "document.body.dataset.live === 'current'")
    assert between.through == 2
    expect(page.get_by_text("Said into the silence.")).to_have_count(1)


@in_both
def test_rows_that_are_changed_by_hand_appear_by_themselves(open_browser, tom, window):
    """On the request's page, at home and among what Floyd knows."""
    wish, fact = make_request(tom), tom.facts.get(topic="car")
    page = open_browser(tom, **window)
    page.goto(f"/requests/{wish.pk}/")
    home, knows = page.context.new_page(), page.context.new_page()
    home.goto("/")
    knows.goto("/knows/")
    for one in (page, home, knows):
        expect(one.locator("body")).to_have_attribute("data-live", "current")
        one.evaluate("window.notLoadedAgain = true")

    by_hand("update requests_app_request set status = 'failed', trouble = 'Nobody answered.' where id = %s", wish.pk)
    expect(page.locator("main .pill").first).to_have_text("Didn't work")
    expect(page.get_by_role("alert")).to_have_text("Nobody answered.")
    expect(home.locator(f"#request-{wish.pk} .pill")).to_have_text("Didn't work")
    by_hand("update context_fact set statement = 'The car is a 2021 Mazda 3.' where id = %s", fact.pk)
    expect(knows.locator(f"#fact-{fact.pk}")).to_contain_text("The car is a 2021 Mazda 3.")
    by_hand("insert into requests_app_request (user_id, ask) values (%s, 'Call the dentist.')", tom.pk)
    expect(home.locator("#requests-now").get_by_text("Call the dentist.")).to_be_visible()
    by_hand("delete from requests_app_request where id = %s", wish.pk)
    expect(home.locator(f"#request-{wish.pk}")).to_be_hidden()
    expect(page.get_by_text("This request is gone.")).to_be_visible()
    assert all(one.evaluate("window.notLoadedAgain") for one in (page, home, knows))
