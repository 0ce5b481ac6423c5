"""Staff in the Django admin put a fact right among the others of a user, stop a request and try it again; what was done stands in the log."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from playwright.sync_api import Page, expect

from context.models import Fact, User
from requests_app.models import Request
from requests_app.status import Status
from tests.browser.every_page import as_staff
from tests.browser.examining import WCAG, troubles
from tests.cast import PASSWORD, make_request
from tests.staff_reason import REASON
from use_cases.loading import edit, load_all

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


def act(page: Page, action: str, wish: Request) -> None:
    """An action of the list of requests, on one of them."""
    page.goto("/admin/requests_app/request/")
    page.locator(f'input.action-select[value="{wish.pk}"]').check()
    page.get_by_label("Action:").select_option(action)
    page.get_by_role("button", name="Go", exact=True).click()


def test_staff_put_a_fact_right_stop_a_request_and_try_it_again(open_browser, tom):
    staff = User.objects.create_superuser("root@floyd.example", PASSWORD, name="Root")
    fact, wish = Fact.objects.get(user=tom, topic="car"), make_request(tom)
    shown = open_browser(tom)
    shown.goto("/knows/")
    expect(shown.locator("body")).to_have_attribute("data-live", "current")

    page = open_browser(staff)
    page.goto(f"/admin/context/user/{tom.pk}/change/")
    # Nothing of his is shown before there is a reason, which he reads.
    page.get_by_label("Why").fill(REASON)
    page.keyboard.press("Enter")
    row = page.locator("#facts-group tr.has_original", has=page.locator(f'input[name$="-id"][value="{fact.pk}"]'))
    row.locator('[name$="-statement"]').fill("The car is a 2021 Mazda 3.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("changed successfully")
    expect(shown.locator("#facts").get_by_text("The car is a 2021 Mazda 3.")).to_be_visible()
    shown.goto("/settings/looked/")
    expect(shown.get_by_role("listitem").filter(has_text="Your account").last).to_contain_text(REASON)

    act(page, "stop", wish)
    expect(page.locator(f"tr:has(input[value='{wish.pk}'])")).to_contain_text("Cancelled")
    act(page, "try_again", wish)
    expect(page.locator(".messagelist")).to_be_visible()
    wish.refresh_from_db()
    assert wish.status == Status.PENDING

    page.goto(f"/admin/context/user/{tom.pk}/history/")
    expect(page.locator("#change-history")).to_contain_text("2021 Mazda 3")
    assert LogEntry.objects.filter(user=staff, object_id=str(wish.pk)).count() == 2


def test_the_page_between_a_use_case_and_its_folders_state(open_browser, tom):
    """What taking the folder's state would change is read on a phone, by everybody, before the yes; and logged."""
    staff = User.objects.create_superuser("root@floyd.example", PASSWORD, name="Root")
    load_all()
    edit(slug="restaurant", by=staff.email, title="Dough Boy's Other Pizza")
    page = as_staff(open_browser, staff, viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    page.goto("/admin/use_cases/usecase/")
    page.locator("tr", has_text="restaurant").locator("input.action-select").check()
    page.get_by_label("Action:").select_option("take_folder")
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.locator("#content pre")).to_contain_text("-title: Dough Boy's Other Pizza")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert troubles(page, preload=False, runOnly={"type": "tag", "values": WCAG[:-1]}) == [], scheme
    assert page.evaluate("[document.documentElement, document.querySelector('#content pre')].every((one) => one.scrollWidth <= innerWidth)")
    page.get_by_role("button", name="Take the folder's state").click()
    expect(page.locator(".messagelist")).to_contain_text("updated")
    assert LogEntry.objects.get(user=staff).change_message == "Took the folder's state."


def test_the_admin_is_one_of_floyds_pages(open_browser, tom):
    """Its way back, its most needed lists on top, by day and by night, on a phone. How tables are marked up is Django's."""
    staff, wish = User.objects.create_superuser("root@floyd.example", PASSWORD, name="Root"), make_request(tom)
    page = as_staff(open_browser, staff, viewport={"width": 390, "height": 844})
    for path in ("/admin/", f"/admin/requests_app/request/{wish.pk}/change/", f"/admin/context/user/{tom.pk}/change/"):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.goto(path)
            # Looked at without what axe would fetch for itself: Django's sheets import others, and the page's policy refuses what it makes of them.
            assert troubles(page, preload=False, runOnly={"type": "tag", "values": WCAG[:-1]}) == [], (path, scheme)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.goto("/admin/")
    page.get_by_role("link", name="Users", exact=False).first.click()
    expect(page.locator("#result_list")).to_contain_text(tom.email)
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Requests").click()
    expect(page.get_by_role("heading", name="What should Floyd do?")).to_be_visible()
