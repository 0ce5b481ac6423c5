"""What the directory lists, what was tried and when the next try is, on a phone and on a desk, by day and by night; and the user's word about it."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from context.choices import CalleeChoice
from requests_app import candidates, next_candidate, number
from requests_app.candidates import Candidate, Candidates, State
from requests_app.models import Question, Request
from requests_app.status import Status
from tests.cast import make_request
from tests.fakes import plan

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
SHOTS = os.environ.get("SCREENSHOTS")
ALWAYS = {day: [["00:00", "24:00"]] for day in ("sun", "mon", "tue", "wed", "thu", "fri", "sat")}


def shot(page, name: str) -> None:
    """Kept where SCREENSHOTS says, to be looked at."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def listed() -> Candidates:
    near = {"kind": "Plumber", "hours": ALWAYS, "time_zone": "America/Toronto"}
    return Candidates(
        wanted="plumber",
        area="Guelph, Ontario",
        source="Google Maps",
        measured_from="Guelph",
        found=[
            Candidate(
                name="Royal City Plumbing",
                number="+15195550180",
                address="40 Quebec Street, Guelph",
                distance_m=180,
                rating=4.9,
                ratings=212,
                closed_until=timezone.now() + timedelta(hours=20),
                **near,
            ),
            Candidate(
                name="Maple Leaf Plumbing", number="+15195550181", address="112 Woolwich Street", distance_m=2345, rating=4.6, ratings=87, **near
            ),
            Candidate(name="Speed River <b>Plumbing</b>", number="+15195550182", **near),
            Candidate(name="Hotline", number="+19005550123", state=State.LEFT_OUT, why="a premium-rate number"),
        ],
    )


def looked_up(user, **fields) -> Request:
    made = plan(
        kind="book", goal="Book a plumber visit.", title="Book a plumber", steps=[], callee={"contact_id": None, "name": "plumber", "kind": "plumber"}
    )
    ask = "Book a plumber visit for the leaking kitchen tap."
    return make_request(user, status=Status.FINDING_NUMBER, ask=ask, snapshot={}, plan=made, candidates=candidates.write(listed()), **fields)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_shows_who_was_found_who_was_tried_and_the_next_try(open_browser, tom, width, scheme):
    wish = looked_up(tom)
    number.find_number(request_id=wish.pk)
    Request.objects.filter(pk=wish.pk).update(status=Status.WRAPPING_UP, attempt=1)
    assert next_candidate.give_up_on(request_id=wish.pk, number="+15195550181", why="They have no time this month.")
    number.find_number(request_id=wish.pk)
    Request.objects.filter(pk=wish.pk).update(status=Status.SCHEDULED, not_before=timezone.now())
    page = open_browser(tom, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(f"/requests/{wish.pk}/")
    card = page.get_by_role("region", name="Looked up")
    expect(card).to_contain_text("“plumber” near Guelph, Ontario")
    names = card.locator("strong").all_inner_texts()
    assert names == ["Maple Leaf Plumbing", "Speed River <b>Plumbing</b>", "Royal City Plumbing", "Hotline"]
    expect(card).to_contain_text("They have no time this month.")
    expect(card).to_contain_text("2.3 km from the middle of Guelph · rated 4.6 of 5 by 87 people · open now (all day)")
    expect(card).to_contain_text("A premium-rate number")
    expect(page.locator("header.head").get_by_text("Next try")).to_be_visible()
    shot(page, f"looked-up-{width}-{scheme}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="Not today").click()
    expect(page.locator("header.head").get_by_text("Next try Tomorrow")).to_be_visible()
    expect(page.get_by_role("button", name="Not today")).to_have_count(0)
    page.get_by_role("button", name="Call now").click()
    expect(page.get_by_text("Finding the number").first).to_be_visible()
    assert Request.objects.get(pk=wish.pk).status == Status.FINDING_NUMBER


def test_who_chooses_taps_one_of_them(open_browser, tom):
    tom.callee_choice = CalleeChoice.USER
    tom.save()
    wish = looked_up(tom)
    number.find_number(request_id=wish.pk)
    page = open_browser(tom, viewport={"width": 390, "height": 900})
    page.goto(f"/requests/{wish.pk}/")
    asked = page.locator(f"#questions-{wish.pk}")
    expect(asked).to_contain_text("Which plumber shall I call (distances from the middle of Guelph)?")
    shot(page, "which-one-390")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="Maple Leaf Plumbing · 2.3 km · rated 4.6 · open now").click()
    expect(asked.get_by_role("button", name="Maple Leaf")).to_have_count(0)
    assert (Question.objects.get().answer or {})["choice"].startswith("Maple Leaf")
