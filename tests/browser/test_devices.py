"""One person, several devices: they agree; and what another app shares with Floyd becomes a request."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from requests_app import services
from requests_app.models import Request
from requests_app.status import Status
from tests.cast import make_request

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
MANIFEST = Path(__file__).resolve().parents[2] / "static" / "floyd.webmanifest"
#: What a browser does that is asked to share.
SHARE = """([action, method, fields]) => {
  const form = Object.assign(document.createElement("form"), { action, method });
  for (const [name, value] of Object.entries(fields)) form.append(Object.assign(document.createElement("textarea"), { name, value }));
  document.body.append(form);
  form.submit();
}"""


def test_two_devices_see_the_same_answer(open_browser, tom):
    wish = make_request(tom, status=Status.WAITING_FOR_USER)
    services.ask_question(request=wish, kind="yes_no", text="Is tomorrow fine?", step="plan")
    desk, phone = open_browser(tom), open_browser(tom, **PHONE)
    desk.goto(f"/requests/{wish.pk}/")
    for page in (desk, phone):  # the phone stays at home
        expect(page.locator("body")).to_have_attribute("data-live", "current")
        expect(page.get_by_role("region", name="Question for you")).to_be_visible()
        page.evaluate("window.notLoadedAgain = true")
    phone.get_by_role("button", name="Yes", exact=True).click()
    for page in (desk, phone):
        expect(page.get_by_role("region", name="Question for you")).to_have_count(0)
        assert page.evaluate("window.notLoadedAgain")
    expect(desk.get_by_role("list").filter(has_text="Is tomorrow fine?")).not_to_have_count(0)
    assert wish.questions.get().answer_text.casefold() == "yes"


def test_what_another_app_shares_stands_in_the_box_and_is_sent_by_a_tap(open_browser, tom):
    target = json.loads(MANIFEST.read_text())["share_target"]
    given = {"title": "Pipeworks", "text": "Ask when they could come.", "url": "https://pipeworks.example/"}
    fields = {target["params"][name]: value for name, value in given.items()}
    page = open_browser(tom, **PHONE)
    with page.expect_navigation():
        page.evaluate(SHARE, [target["action"], target["method"], fields])
    assert page.url.endswith("/"), "it stands in no address"
    box = page.get_by_label("What should Floyd do?")
    expect(box).to_have_value("\n".join(given.values()))
    assert not Request.objects.exists(), "nothing begins without a tap"
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ask when they could come.")
    assert "https://pipeworks.example/" in Request.objects.get().ask
