"""What Floyd knows, under a thumb: proposals are kept and refused by a swipe or a tap and a fact is shut away."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import APIResponse, Locator, Page, Route, expect

from context.models import Fact, FactStatus, Sensitivity, Source
from context.proposals import propose_fact

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def swipe(page: Page, card: Locator, share: float) -> None:
    """A finger on the words of a card, drawn over that share of its width."""
    box = card.locator(".words").bounding_box()
    whole = card.bounding_box()
    assert box and whole
    finger = page.context.new_cdp_session(page)
    across = share * whole["width"]
    x, y = box["x"] + (20 if share > 0 else box["width"] - 20), box["y"] + box["height"] / 2

    def touch(kind: str, *points: float) -> None:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": point, "y": y} for point in points]})

    touch("touchStart", x)
    for part in range(1, 9):
        touch("touchMove", x + across * part / 8)
    touch("touchEnd")
    finger.detach()


def test_proposals_are_kept_and_refused_by_a_swipe_and_brought_back_by_a_tap(open_browser, tom):
    for words in ("Mara likes maths", "Mara has a cat"):
        propose_fact(user=tom, statement=words, source=Source.CALL, topic="family")
    page = open_browser(tom, **PHONE)
    page.goto("/knows/")
    expect(page.locator("body")).to_have_attribute("data-live", "current")
    cards = page.get_by_role("list", name="Waiting for your word").get_by_role("listitem")
    expect(cards).to_have_count(2)

    half_hearted = cards.filter(has_text="Mara likes maths")
    swipe(page, half_hearted, 0.2)
    expect(half_hearted).to_have_css("translate", "none")
    swipe(page, half_hearted, 0.6)
    expect(cards).to_have_count(1)
    expect(page.locator("#facts").get_by_text("Mara likes maths")).to_be_visible()
    swipe(page, cards.filter(has_text="Mara has a cat"), -0.6)
    expect(cards).to_have_count(0)
    assert dict(Fact.objects.filter(statement__startswith="Mara ", topic="family").values_list("statement", "status")).items() >= {
        ("Mara likes maths", FactStatus.CONFIRMED),
        ("Mara has a cat", FactStatus.RETIRED),
    }

    page.get_by_role("button", name="Undo").click()
    expect(cards).to_have_count(1)
    page.get_by_role("button", name="Yes, remember it: Mara has a cat").click()
    expect(page.locator("#facts").get_by_text("Mara has a cat")).to_be_visible()


def test_on_a_desk_the_buttons_decide_and_a_drag_of_the_mouse_only_marks_words(open_browser, tom):
    for words in ("Mara likes maths", "Mara has a cat"):
        propose_fact(user=tom, statement=words, source=Source.CALL, topic="family")
    page = open_browser(tom)
    page.goto("/knows/")
    expect(page.locator("body")).to_have_attribute("data-live", "current")
    cards = page.get_by_role("list", name="Waiting for your word").get_by_role("listitem")
    box = cards.filter(has_text="Mara likes maths").locator(".words").bounding_box()
    assert box
    page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 700, box["y"] + box["height"] / 2, steps=6)
    page.mouse.up()
    expect(cards).to_have_count(2)
    assert "Mara likes maths" in page.evaluate("getSelection().toString()")

    page.get_by_role("button", name="Yes, remember it: Mara likes maths").click()
    expect(cards).to_have_count(1)
    expect(page.locator("#facts").get_by_text("Mara likes maths")).to_be_visible()
    cards.get_by_role("button", name=re.compile("^No")).click()
    expect(cards).to_have_count(0)
    assert {fact.statement: fact.status for fact in Fact.objects.filter(statement__startswith="Mara ", topic="family")}.items() >= {
        ("Mara likes maths", FactStatus.CONFIRMED),
        ("Mara has a cat", FactStatus.RETIRED),
    }


def test_one_tap_says_that_nobody_hears_of_it(open_browser, tom):
    fact = Fact.objects.create(user=tom, statement="The alarm code is 1234", status=FactStatus.CONFIRMED, source=Source.TOLD)
    page = open_browser(tom, **PHONE)
    page.goto("/knows/")
    never = page.get_by_role("group", name="May a callee hear it? The alarm code is 1234").locator(".never")
    never.tap()
    expect(never).to_have_attribute("aria-pressed", "true")
    expect(never).to_be_focused()
    assert Fact.objects.get(statement=fact.statement, status=FactStatus.CONFIRMED).sensitivity == Sensitivity.NEVER


def test_the_keyboard_stays_on_the_switch_though_the_new_row_is_there_before_the_answer(open_browser, tom):
    old = Fact.objects.create(user=tom, statement="The alarm code is 1234", status=FactStatus.CONFIRMED, source=Source.TOLD)
    page = open_browser(tom)
    held: dict[str, tuple[Route, APIResponse]] = {}
    page.route("**/sharing/", lambda route: held.update({route.request.method: (route, route.fetch())}))
    page.goto("/knows/")
    expect(page.locator("body")).to_have_attribute("data-live", "current")
    page.locator(f"#share-{old.pk}-never").press("Enter")

    expect(page.locator(f"#fact-{old.pk}")).to_have_count(0)  # what was pushed is there: its switch and the answer are held back
    new = Fact.objects.get(statement=old.statement, status=FactStatus.CONFIRMED)
    never = page.locator(f"#share-{new.pk}-never")
    expect(page.locator(f"#fact-{new.pk}")).to_be_visible()
    for method in ("POST", "GET"):
        while method not in held:
            page.wait_for_timeout(20)
        route, answer = held[method]
        never.evaluate_all("buttons => buttons.forEach(button => (button.old = true))")
        route.fulfill(response=answer)
        while not never.evaluate_all("buttons => buttons.length > 0 && buttons.every(button => !button.old)"):  # until the answer took its place
            page.wait_for_timeout(20)
        expect(never).to_be_focused()
        expect(never).to_have_attribute("aria-pressed", "true")
