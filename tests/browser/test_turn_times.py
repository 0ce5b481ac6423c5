"""Where the time of each turn went can be read on any screen, and by those who see no bars."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from calls.models import Speaker, Turn
from calls.status import CallStatus
from tests.browser.test_live_pages import make_call, save, say
from tests.cast import make_request

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

TIMES = (
    {"recognition_ms": 250, "end_of_turn_ms": 90, "model_first_token_ms": 310, "first_clause_ms": 80, "voice_first_byte_ms": 160, "buffer_ms": 12},
    {"recognition_ms": 240, "end_of_turn_ms": 60, "model_first_token_ms": 0, "voice_first_byte_ms": 150, "buffer_ms": 8, "asked_ahead": True},
    {"recognition_ms": 300, "tools_ms": 620, "model_first_token_ms": 420, "first_clause_ms": 110, "voice_first_byte_ms": 170, "interrupted": True},
)
WORDS = (
    "I'm sorry, I don't know more than that.",
    "It is for Mara Redmond in grade three, with Ms. Lind, and she stays home today with a cold.",
    "Thank you.",
)


def turns_of(call, wish):
    """Three turns of different kinds, as they are pushed."""
    for number, (times, words) in enumerate(zip(TIMES, WORDS, strict=True)):
        say(call, 2 * number + 1, Speaker.CALLEE, "And what is it about?")
        say(call, 2 * number + 2, Speaker.FLOYD, words)
        whole = sum(value for name, value in times.items() if name.endswith("_ms"))
        save(Turn(call=call, seq=2 * number + 2, whole_ms=whole, **times), "turn", f"request.{wish.pk}")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_parts_of_each_turn_are_shown_and_told(open_browser, tom, width, scheme):
    wish = make_request(tom)
    call = make_call(wish, status=CallStatus.IN_PROGRESS)
    page = open_browser(tom, viewport={"width": width, "height": 860}, color_scheme=scheme)
    page.goto(f"/requests/{wish.pk}/")
    turns_of(call, wish)
    page.get_by_text("Where the time of each turn went").click()
    rows = page.get_by_role("list", name="Times of Floyd's replies").locator("> li")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("0.90 s")
    expect(rows.nth(0).get_by_role("listitem")).to_contain_text(["hearing 250 ms", "end of turn 90 ms", "first token 310 ms"])
    expect(rows.nth(1)).to_contain_text("asked ahead")
    expect(rows.nth(2)).to_contain_text("cut short")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    bars = rows.nth(2).locator("> svg rect").evaluate_all("all => all.map(one => [one.getBoundingClientRect(), getComputedStyle(one).fill])")
    assert all(left[0]["right"] <= right[0]["left"] + 1 for left, right in pairwise(bars))
    assert len({fill for _, fill in bars}) == len(bars)
    rows.nth(1).get_by_role("link").click()
    expect(page.locator(".line:target")).to_contain_text("It is for Mara")
