"""What staff do with a week of calls, on a phone and on a desk, with scripts and without."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from calls.models import Call
from calls.review_models import Review, ReviewNote, StaffReading
from context.models import User
from tests.browser.furnished import furnish
from tests.browser.queue import ANSWER, ENDS, in_the_queue
from tests.browser.sizes import in_both
from tests.browser.walking import go, press, scripts_or_none, see
from tests.calls.review.scene import REASON
from tests.use_cases.people import dana, taken_call, version_of
from use_cases.models import HandOff

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
FORMULA = "=HYPERLINK(1)"


def filter_the_queue(page: Page, scripts: bool) -> None:
    """By a choice, which counts at once where there are scripts, and by a word."""
    see(page, "/staff/")
    rows = page.locator("[data-rows] > li")
    expect(rows.first).to_be_visible()
    every = rows.count()
    page.get_by_label("Review", exact=True).select_option("good")
    if not scripts:
        press(page, "Show")
    page.wait_for_url("**/staff/?*state=good*")
    expect(rows.first.locator(".pill", has_text="Good")).to_be_visible()
    assert rows.count() == Review.objects.filter(verdict="good").count() < every
    go(page, "Clear")
    page.get_by_label("Outcome").select_option("voicemail")
    if not scripts:
        press(page, "Show")
    page.wait_for_url("**/staff/?*outcome=voicemail*")
    expect(rows).to_have_count(Review.objects.filter(outcome="voicemail", verdict="").count())


def give_a_reason(page: Page, call: Call) -> None:
    see(page, f"/staff/calls/{call.pk}/")
    expect(page.get_by_role("heading", name="Before you look")).to_be_visible()
    press(page, "Go on")
    expect(page.get_by_text("Mara Redmond in grade three")).to_have_count(0)
    page.get_by_label("Why").fill(REASON)
    press(page, "Go on")
    expect(page.locator(".lines").get_by_text("Mara Redmond in grade three")).to_be_visible()
    assert set(StaffReading.objects.filter(call=call).values_list("reason", flat=True)) == {REASON}


def judge(page: Page, call: Call, sam: User) -> None:
    """A note about a line, labels, who reviews it, the turn's prompt, and the verdict."""
    page.get_by_label("Note", exact=True).fill("Said twice.")
    page.get_by_label("About", exact=True).select_option("8")
    press(page, "Add")
    expect(page.locator("#line-8 .remark, .lines .remark").first).to_contain_text("Said twice.")
    page.get_by_label("Labels").fill("school, slow")
    press(page.locator("form", has=page.get_by_label("Labels")), "Save")
    expect(page.get_by_label("Labels")).to_have_value("school, slow")
    press(page, "It is mine")
    expect(page.get_by_label("Who reviews it")).to_have_value(sam.email)
    page.get_by_label("Who reviews it").select_option("")
    press(page, "Assign")
    expect(page.get_by_label("Who reviews it")).to_have_value("")
    go(page, "Prompts")
    expect(page.get_by_text(ANSWER)).to_be_visible()
    page.get_by_text("The prompt, 2 messages").click()
    expect(page.get_by_text("You are Floyd, an AI assistant")).to_be_visible()
    go(page, "The call")
    page.get_by_role("button", name="Rude").click()
    review = Review.objects.get(pk=call.pk)
    assert (review.verdict, review.assignee) == ("rude", None)
    assert ReviewNote.objects.filter(review=review, author=sam, text="Said twice.").exists()


def look_at_the_board(page: Page) -> None:
    see(page, "/staff/quality/")
    assert page.locator("svg.plot").count() == 4
    page.get_by_text("As a table").first.click()
    expect(page.get_by_role("region", name="Figures per day").first.locator("tbody tr").first).to_be_visible()
    go(page, "7 days")
    expect(page.get_by_role("heading", name="Where the time of a turn goes")).to_be_visible()


def read_a_hand_off(page: Page) -> None:
    see(page, "/staff/hand-offs/")
    page.get_by_role("link", name="legal").click()
    expect(page.get_by_text("Her lawyer will call.").first).to_be_visible()
    expect(page.get_by_text("Whitfield").first).to_be_visible()


def take_it_along(page: Page, folder: Path) -> None:
    """The list as files: figures that no spreadsheet takes for a formula, and calls with their words."""
    see(page, "/staff/?state=all")
    with page.expect_download() as figures:
        go(page, "CSV, figures only")
    figures.value.save_as(folder / "calls.csv")
    with (folder / "calls.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == Review.objects.count() + 1
    assert FORMULA not in [cell for row in rows for cell in row] and any(FORMULA in cell for row in rows for cell in row)
    with page.expect_download() as words:
        page.get_by_role("link", name="JSON").click()
    words.value.save_as(folder / "calls.json")
    assert "Mara Redmond in grade three" in json.dumps(json.loads((folder / "calls.json").read_text()))


@in_both
@scripts_or_none
def test_what_staff_do_with_calls(open_browser, tom, sam, window, scripts, tmp_path):
    call = in_the_queue(furnish(tom), sam)
    Review.objects.exclude(pk=call.pk).filter(outcome=ENDS[0]).update(use_case=FORMULA)
    taken = taken_call(dana(), version_of())
    HandOff.objects.create(call=taken, code="legal", summary="Her lawyer will call.")
    page = open_browser(sam, java_script_enabled=scripts, **window)
    filter_the_queue(page, scripts)
    give_a_reason(page, call)
    judge(page, call, sam)
    look_at_the_board(page)
    read_a_hand_off(page)
    take_it_along(page, tmp_path)
