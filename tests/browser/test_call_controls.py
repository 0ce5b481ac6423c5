"""What a user does with a call on its request's page, on a phone and on a desk."""

import json
import os
import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import WebSocketRoute, expect

from calls.conversation.effects import Situation
from calls.models import Call, Speaker, TranscriptLine
from calls.status import CallStatus
from live.publish import publish
from requests_app.models import Event
from requests_app.status import Status
from tests import cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def call(transactional_db):
    """Tom's call to the florist, going on."""
    tom = cast.tom()
    request = cast.make_request(tom, status=Status.CALLING, attempt=1, ask="Order some flowers for Krista.")
    call = Call.objects.create(
        request=request, user=tom, attempt=1, number="+15195550111", status=CallStatus.IN_PROGRESS, brief={"callee_name": "Sweet Violet's"}
    )
    for seq, (speaker, text) in enumerate([(Speaker.CALLEE, "Sweet Violet's, hello."), (Speaker.FLOYD, "Hi, this is Floyd.")], 1):
        TranscriptLine.objects.create(call=call, seq=seq, speaker=speaker, text=text, intended=text, start_ms=seq * 1000, end_ms=seq * 1000 + 900)
    return call


def put_on_hold(call):
    """For a minute and a half, so far."""
    with transaction.atomic():
        Call.objects.filter(pk=call.pk).update(situation=Situation.HOLD, situation_since=timezone.now() - timedelta(seconds=90))
        publish(topics=[f"call.{call.pk}", f"request.{call.request_id}"], kind="call", ref=call.pk)


def test_a_page_that_must_be_loaded_again_does_not_throw_away_what_is_being_typed(open_browser, call):
    lines: list[WebSocketRoute] = []

    def hold(line: WebSocketRoute) -> None:
        lines.append(line)

    page = open_browser(call.user)
    page.route_web_socket(re.compile("/live/"), hold)
    page.goto(f"/requests/{call.request_id}/")
    expect(page.locator("[hx-ws\\:connect]")).to_have_count(1)
    field = page.get_by_label("Tell Floyd, while it talks")
    field.fill("Ask if they")
    lines[-1].send(json.dumps({"reload": True}))
    expect(page.get_by_text("This page is out of date.")).to_be_visible()
    expect(field).to_have_value("Ask if they")
    field.fill("")
    with page.expect_navigation():
        lines[-1].send(json.dumps({"reload": True}))


@pytest.mark.parametrize("width", [390, 1280])
def test_telling_pressing_and_hanging_up(open_browser, call, width):
    page = open_browser(call.user, viewport={"width": width, "height": 844})
    page.goto(f"/requests/{call.request_id}/")
    expect(page.locator("body")).to_have_attribute("data-live", "current")
    put_on_hold(call)
    on_hold = page.locator(".situation")
    expect(on_hold).to_contain_text("on hold")
    shown = on_hold.locator("time").inner_text()
    assert re.fullmatch(r"[1-9]:\d\d", shown)
    expect(on_hold.locator("time")).not_to_have_text(shown)  # it runs
    page.get_by_label("Tell Floyd, while it talks").fill("Ask if they deliver on Sunday.")
    # As keepers of passwords do: what takes the field's place must not copy a style, which our policy refuses (and the window complains).
    page.get_by_label("Tell Floyd, while it talks").evaluate("(field) => { field.style.caretColor = 'red' }")
    page.get_by_role("button", name="Tell Floyd").click()
    expect(page.get_by_text("Floyd was told.")).to_be_visible()
    expect(page.get_by_label("Tell Floyd, while it talks")).to_have_value("")
    page.get_by_text("Keys", exact=True).click()
    page.get_by_role("button", name="4", exact=True).click()
    expect(page.get_by_text("You pressed 4.")).to_be_attached()
    page.get_by_label("Several keys").fill("17#")
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/controls-{width}.png", full_page=True)
    page.get_by_role("button", name="Press").click()
    expect(page.get_by_text("You pressed 17#.")).to_be_attached()
    expect(page.get_by_label("Several keys")).to_be_focused()
    page.get_by_role("button", name="Hang up", exact=True).click()
    expect(page.get_by_text(re.compile("Floyd says goodbye"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    kinds = set(Event.objects.filter(request=call.request_id).values_list("kind", flat=True))
    assert kinds >= {"whisper", "press_keys", "hang_up"}
