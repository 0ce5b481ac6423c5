"""Staff work through calls by keys, after saying why; what they read and say is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from calls.review_models import Review, ReviewNote, StaffReading
from tests.calls.recording.scene import with_sound
from tests.calls.review.scene import GREETING, REASON, in_queue

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.fixture
def queue(tom, sam):
    """Three calls, the newest first."""
    now = timezone.now()
    made = [in_queue(tom, ended_at=now - timedelta(hours=hours), number=f"+1519555019{hours}", waits=(700, 900)) for hours in (3, 2, 1)]
    return made[::-1]


def test_calls_are_judged_by_keys(open_browser, sam, queue):
    newest, middle, oldest = queue
    with_sound(newest.call, begins_ms=3_000)
    page = open_browser(sam)
    page.goto("/staff/")
    expect(page.locator("[data-rows] a")).to_have_count(3)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Before you look")).to_be_visible()
    assert GREETING not in page.content() and not StaffReading.objects.exists()
    page.get_by_label("Why").fill(REASON)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/staff/calls/{newest.pk}/")
    expect(page.locator(".lines").get_by_text(GREETING)).to_be_visible()
    assert set(StaffReading.objects.values_list("reason", flat=True)) == {REASON}

    page.get_by_role("button", name="0:12").press("Enter")  # the recording begins at 0:03
    page.wait_for_function(
        "(({ duration, currentTime }) => duration === 14 && currentTime >= 9 && currentTime < 14)(document.querySelector('audio'))"
    )
    assert set(StaffReading.objects.values_list("what", flat=True)) == {"page", "recording"}

    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard")
    expect(keys).to_contain_text("good, and on", ignore_case=True)
    expect(keys).not_to_contain_text("Texts")
    page.keyboard.press("1")  # what lies under the dialog is not judged
    keys.get_by_label("Use these keys").uncheck()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.press("1")
    page.keyboard.press("j")
    page.get_by_role("button", name="Keyboard shortcuts").click()
    keys.get_by_label("Use these keys").check()
    keys.get_by_role("button", name="Close").click()
    assert page.url.endswith(f"/staff/calls/{newest.pk}/") and not Review.objects.exclude(verdict="").exists()

    page.keyboard.press("n")
    page.keyboard.type("Slow at the second answer.")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".judge .remark")).to_contain_text("Slow at the second answer.")
    page.keyboard.press("l")
    page.keyboard.type("slow, school")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Labels")).to_have_value("school, slow")

    page.keyboard.press("1")
    page.wait_for_url(f"**/staff/calls/{middle.pk}/")
    page.keyboard.press("j")
    page.wait_for_url(f"**/staff/calls/{oldest.pk}/")
    page.keyboard.press("2")
    expect(page.get_by_text("That was the last call of this list.")).to_be_visible()
    expect(page.locator("[data-rows] a")).to_have_count(1)
    said = dict(Review.objects.values_list("pk", "verdict"))
    assert said == {newest.pk: "good", middle.pk: "", oldest.pk: "poor"}
    assert ReviewNote.objects.get().author == sam
    assert StaffReading.objects.filter(reason=REASON).count() >= 3
