"""Whole ways through the pages, on a phone and on a desk, each with scripts and without: what is live then is loaded again by hand."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from context.models import ApiToken, Contact, Fact, FactStatus, Learning, PlanApproval, User
from requests_app import services
from requests_app.listing import PER_PAGE
from requests_app.models import Question, Request
from requests_app.status import Status
from tests.browser.furnished import furnish
from tests.browser.planned import wait_for_a_yes
from tests.browser.sizes import fits, in_both
from tests.browser.walking import go, press, scripts_or_none, see, status
from tests.cast import PASSWORD, make_request

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
ASK = "Order Krista some flowers for Friday."
CONTACTS = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Hill & Sons\r\nTEL:+15195550190\r\nEND:VCARD\r\n"


def sign_in(page: Page, email: str) -> None:
    page.goto("/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Sign in")
    expect(page.get_by_label("What should Floyd do?")).to_be_visible()


def ask_and_change_the_plan(page: Page) -> None:
    """Asks, waits for the plan, changes its steps, approves it, answers what is asked, and stops it."""
    page.get_by_label("What should Floyd do?").fill(ASK)
    press(page, "Send")
    expect(page.get_by_role("heading", name=ASK)).to_be_visible()
    wish = Request.objects.get(ask=ASK)
    wait_for_a_yes(wish)
    see(page, f"/requests/{wish.pk}/")
    go(page, "Change the plan")
    page.get_by_label("Steps").fill("Call the florist\nAsk for peonies")
    page.get_by_label("First words").fill("I would like to order peonies.")
    page.get_by_label("Most that may be spent").fill("70")
    assert fits(page)
    press(page, "Save the plan")
    steps = page.get_by_label("Plan", exact=True).locator("ol li")
    expect(steps).to_have_text(["Call the florist", "Ask for peonies"])
    expect(status(page)).to_have_text("Needs you")
    press(page, "Go ahead")
    expect(status(page)).to_have_text("Finding the number")
    expect(page.locator(".question")).to_have_count(0)

    question = services.ask_question(request=wish, kind="money", text="They want $90. How much may it cost?", step="dial")
    see(page, "/")
    asked = page.locator(f"#question-{question.pk}")
    for typed, said in (("hmm", "I didn't understand an amount"), ("up to $95", "")):
        asked.get_by_label("Your answer").fill(typed)
        press(asked, "Answer")
        if said:
            expect(page.get_by_text(said)).to_be_visible()
    expect(asked.locator(".question")).to_have_count(0)
    assert Question.objects.get(pk=question.pk).answer == {"amount_minor": 9500, "currency": "CAD"}
    page.goto(f"/requests/{wish.pk}/")
    press(page, "Stop")
    expect(status(page)).to_have_text("Cancelled")
    assert Request.objects.get(pk=wish.pk).plan["limit_minor"] == 7000  # type: ignore[index]


def correct_what_came_of_it(page: Page, done: Request) -> None:
    see(page, f"/requests/{done.pk}/")
    go(page, "Correct the summary")
    page.get_by_label("What came of it").fill("The school knows, and sends homework.")
    press(page, "Save")
    expect(page.locator(".outcome .summary")).to_have_text("The school knows, and sends homework.")
    expect(page.locator(".outcome del").first).to_contain_text("The school knows that Mara is sick.")
    go(page, "Remind me of something")
    page.locator("main form [name=text]").fill("Fetch the homework")
    page.locator("main form [name=due_at]").fill((timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT09:00"))
    press(page, "Remind me")
    expect(page.get_by_role("region", name="What comes next")).to_contain_text("Fetch the homework")


def teach_and_forget(page: Page) -> None:
    """Adds a fact, changes it, says that nobody hears of it, forgets it, brings it back, deletes it for good."""
    see(page, "/knows/")
    page.locator("section", has=page.get_by_role("heading", name=re.compile("About you"))).get_by_role("link", name="Add", exact=True).click()
    press(page, "Save")
    expect(page.locator(".errorlist").first).to_be_visible()
    page.get_by_label("What is so?").fill("Mara plays the trumpet")
    press(page, "Save")
    page.locator("#facts a.known", has_text="Mara plays the trumpet").click()
    page.get_by_label("What is so?").fill("Mara plays the cello")
    press(page, "Save")
    row = page.locator("#facts li", has_text="Mara plays the cello")
    expect(row).to_be_visible()
    row.locator(".never").click()
    expect(row.locator(".never")).to_have_attribute("aria-pressed", "true")
    for _ in range(2):
        row.locator("a.known").click()
        press(page, "Forget this")
        expect(page.get_by_text("Forgotten: “Mara plays the cello”")).to_be_visible()
        press(page, "Undo")
        expect(row).to_be_visible()
    row.locator("a.known").click()
    press(page, "Forget this")
    expect(row).to_have_count(0)
    go(page, "What was taken away")
    gone = page.get_by_role("button", name=re.compile("^Delete Mara plays the (cello|trumpet) for good$"))
    expect(gone.first).to_be_visible()
    for left in reversed(range(gone.count())):  # what it was before it was changed, too
        gone.first.click()
        expect(gone).to_have_count(left)
    assert not Fact.objects.filter(statement__startswith="Mara plays").exists()


def import_a_file(page: Page) -> None:
    """A file is looked at, left, looked at again, saved and undone."""
    for last in ("Leave it", "Save 1"):
        see(page, "/knows/import/")
        page.get_by_label("File, up to").set_input_files({"name": "contacts.vcf", "mimeType": "text/vcard", "buffer": CONTACTS.encode()})
        press(page, "Look into it")
        expect(page.get_by_text("Nothing is saved yet.")).to_be_visible()
        expect(page.get_by_text("Hill & Sons")).to_be_visible()
        assert fits(page)
        with page.expect_navigation():
            press(page, last)
    expect(page.get_by_text("1 saved.")).to_be_visible()
    assert Contact.objects.filter(name="Hill & Sons").exists()
    press(page, "Undo this import")
    expect(page.get_by_text("Undone.")).to_be_visible()
    see(page, "/knows/")
    expect(page.locator("#contacts")).not_to_contain_text("Hill & Sons")
    assert Contact.objects.get(name="Hill & Sons").status == FactStatus.RETIRED


def save(page: Page, group: str) -> None:
    with page.expect_navigation():
        press(page.locator(f"#{group}"), "Save")


def change_settings(page: Page) -> None:
    """One of every group; a wrong one is said at its field, and nothing of it is saved."""
    see(page, "/settings/")
    page.get_by_label("Time zone").fill("Mars/Olympus")
    save(page, "about")
    expect(page.get_by_text("This is no time zone.")).to_be_visible()
    page.get_by_label("Time zone").fill("Europe/Berlin")
    page.get_by_label("Voice of calls").select_option(index=1)
    save(page, "about")
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_label("When Floyd has a plan").select_option("ask")
    save(page, "acting")
    page.get_by_label("Most that a text message of yours may allow").fill("120")
    page.get_by_label("Calls per day", exact=True).fill("7")
    save(page, "money")
    page.locator("[name=tell_by]").select_option(index=1)
    page.locator("[name=quiet_from]").fill("21:30")
    page.locator("[name=quiet_to]").fill("07:15")
    save(page, "telling")
    page.locator("[name=learning]").select_option("never")
    save(page, "learning")
    page.locator("[name=keep_days]").select_option(index=1)
    save(page, "keeping")
    expect(page.locator("[name=quiet_from]")).to_have_value("21:30")
    tom = User.objects.get(name="Tom Redmond")
    assert (tom.time_zone, tom.plan_approval, tom.learning) == ("Europe/Berlin", PlanApproval.ASK, Learning.NEVER)
    assert (tom.spending_limit_minor, tom.calls_per_day) == (12_000, 7)
    assert tom.voice and tom.keep_days and tom.quiet_from and tom.quiet_from.hour == 21


def make_and_revoke_a_token(page: Page) -> None:
    see(page, "/account/tokens/")
    page.get_by_label("What is it for?").fill("Kitchen display")
    press(page, "Make a token")
    token = page.locator("code.token").inner_text()
    with_it = {"headers": {"Authorization": f"Bearer {token}"}}
    assert page.request.get("/api/v1/me", **with_it).json()["name"] == "Tom Redmond"  # type: ignore[arg-type]
    page.goto("/account/tokens/")
    expect(page.locator("code.token")).to_have_count(0)
    press(page, "Revoke Kitchen display")
    expect(page.get_by_role("button", name="Revoke")).to_have_count(0)
    assert page.request.get("/api/v1/me", **with_it).status == 401  # type: ignore[arg-type]
    assert not ApiToken.objects.filter(revoked_at=None).exists()


def find_requests(page: Page, scripts: bool) -> None:
    """The list goes on, by itself or by a tap; it is searched and narrowed down."""
    see(page, "/requests/")
    found = page.locator("#found .title")
    expect(found.nth(PER_PAGE - 1)).to_be_visible()
    if scripts:
        page.locator("#found > li").last.scroll_into_view_if_needed()
    else:
        go(page, "Show older ones")
    expect(page.locator("#found").get_by_text("Water the garden.")).to_be_attached()
    see(page, "/requests/")
    page.get_by_role("searchbox").fill("garden")
    page.keyboard.press("Enter")
    expect(found).to_have_text(["Water the garden."])
    page.get_by_role("link", name="Cancelled").click()
    expect(page.get_by_text("Nothing fits.")).to_be_visible()
    page.get_by_role("link", name="show all requests").click()
    expect(found.nth(PER_PAGE - 1)).to_be_visible()


@in_both
@scripts_or_none
def test_what_a_person_asks_for(open_browser, tom, window, scripts):
    make_request(tom, ask="Water the garden.", status=Status.DONE)
    account = furnish(tom)
    for number in range(PER_PAGE):
        make_request(tom, ask=f"Number {number}.", status=Status.DONE)
    page = open_browser(java_script_enabled=scripts, **window)
    sign_in(page, tom.email)
    ask_and_change_the_plan(page)
    correct_what_came_of_it(page, account.done)
    find_requests(page, scripts)


@in_both
@scripts_or_none
def test_what_a_person_teaches_floyd(open_browser, tom, window, scripts):
    page = open_browser(tom, java_script_enabled=scripts, **window)
    teach_and_forget(page)
    import_a_file(page)


@in_both
@scripts_or_none
def test_what_a_person_settles_for_themselves(open_browser, tom, window, scripts):
    page = open_browser(tom, java_script_enabled=scripts, **window)
    other = open_browser(tom, java_script_enabled=scripts, **window)
    change_settings(page)
    make_and_revoke_a_token(page)
    see(page, "/accounts/sessions/")
    expect(page.locator(".devices li")).to_have_count(2)
    page.locator(".devices").get_by_role("button", name="Sign out").click()
    expect(page.locator(".devices li")).to_have_count(1)
    other.reload()
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    press(page, "Sign out")
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_have_count(0)
