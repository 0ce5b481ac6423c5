"""Forms that could not be taken: what was typed is offered to whoever typed it, sent again by their click only, and no secret is among it."""

import html
import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from context.models import Fact
from requests_app import services
from requests_app.models import Question, Request
from requests_app.status import Status
from tests.cast import make_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]
FACT = {"statement": "Peanuts", "about": "Mara", "sensitivity": "ask_first"}
FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}


def words(response) -> str:
    return html.unescape(response.content.decode())


def offered(response) -> tuple[str, dict[str, str]] | None:
    """Where the page would send what it offers, and what; None: it offers nothing."""
    form = re.search(r'class="unsent".*?</blockquote>\s*<form method="post" action="([^"]*)">(.*?)</form>', response.content.decode(), re.DOTALL)
    if form is None:
        return None
    assert "Send it now" in form[2] or "Go on" in form[2]
    fields = {name: html.unescape(value) for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form[2])}
    fields.pop("csrfmiddlewaretoken", None)
    return html.unescape(form[1]), fields


def sign_in(client: Client, user) -> None:
    """As a person does, at the page."""
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    assert client.post("/accounts/login/", {"login": user.email, "password": "a-password-for-tests"}).status_code == 302


@pytest.mark.parametrize(
    ("path", "fields", "shown"),
    [
        ("/knows/facts/new/", FACT, ["Peanuts", "Mara"]),
        ("/knows/contacts/new/", {"name": "Lincoln", "phone": "519-555-0188"}, ["Lincoln", "519-555-0188"]),
        ("/knows/calendar/new/", {"title": "Recital", "starts_at": "2031-05-02T18:00"}, ["Recital", "2031-05-02T18:00"]),
        ("/knows/tell/", {"words": "peanuts"}, ["peanuts"]),
        ("/settings/", {"group": "you", "name": "Thomas", "region": "CA"}, ["Thomas", "CA"]),
        ("/accounts/email/", {"email": "tom@brock.example", "action_add": ""}, ["tom@brock.example"]),
        ("/accounts/phone/", {"phone": "519 555 0150"}, ["519 555 0150"]),
    ],
)
def test_every_form_is_offered_again_whole_behind_the_sign_in(client, tom, path, fields, shown):
    client.post(path, fields)
    client.force_login(tom)
    page = client.get("/knows/")
    assert offered(page) == (path, fields)
    assert all(f"<p>{one}</p>" in words(page) for one in shown)
    assert offered(client.get("/knows/")) is None


def test_nothing_is_sent_before_the_click_and_once_by_it(client, tom):
    client.post("/knows/facts/new/", FACT)
    client.force_login(tom)
    path, fields = offered(client.get("/knows/facts/new/")) or ("", {})
    assert not Fact.objects.filter(user=tom, statement="Peanuts").exists()
    client.post(path, fields)
    assert Fact.objects.get(user=tom, statement="Peanuts").sensitivity == "ask_first"


def test_an_answer_given_by_a_script_is_offered_on_the_page_it_came_from(client, tom):
    wish = make_request(tom, status=Status.WAITING_FOR_USER)
    question = services.ask_question(request=wish, kind="money", text="How much?", step="dial")
    here = {"HX-Request": "true", "HX-Current-URL": f"http://testserver/requests/{wish.pk}/"}
    sent = client.post(f"/questions/{question.pk}/answer/", {"text": "$80"}, headers=here)
    assert (sent.status_code, sent["HX-Redirect"]) == (401, f"/accounts/login/?next=/requests/{wish.pk}/")
    client.force_login(tom)
    assert offered(client.get(f"/requests/{wish.pk}/")) == (f"/questions/{question.pk}/answer/", {"text": "$80"})
    assert Question.objects.get().answered_at is None


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/settings/phone-pin/", {"pin": "4417"}),
        ("/settings/mailbox/", {"password": "open sesame please"}),
        ("/account/delete/", {"email_again": "tom@redmond.example"}),
        ("/calls/0190a000-0000-7000-8000-000000000000/keys/", {"keys": "4111 1111 1111 1111"}),
        ("/settings/mailbox/", {"mails": "1"}),
        ("/accounts/email/", {"email": "tom@brock.example", "action_remove": ""}),
        ("/accounts/password/change/", {"oldpassword": "open sesame", "password1": "open sesame please"}),
    ],
)
def test_secrets_keys_and_mere_taps_are_not_kept(client, tom, path, fields):
    client.post(path, fields)
    client.force_login(tom)
    page = client.get("/settings/")
    assert offered(page) is None and "signed out before" not in words(page)


def test_the_password_beside_other_words_is_left_out(client, tom):
    client.post("/settings/mailbox/", {"host": "imap.example.com", "username": "tom", "password": "open-sesame"})
    client.force_login(tom)
    page = client.get("/settings/mailbox/")
    assert offered(page) == ("/settings/mailbox/", {"host": "imap.example.com", "username": "tom"})
    assert "open-sesame" not in words(page) and "you are asked for them again" in words(page)


def test_nobody_reads_what_somebody_else_typed_at_the_same_browser(client, tom, alice):
    sign_in(client, tom)
    client.cookies.pop("sessionid")
    client.post("/knows/facts/new/", FACT)
    client.post("/requests/", {"ask": "Call the clinic about my results."})
    sign_in(client, alice)
    seen = words(client.get("/")) + words(client.get("/knows/"))
    assert "Peanuts" not in seen and "clinic" not in seen and Request.objects.count() == 0


def test_who_signs_in_again_has_their_words(client, tom):
    sign_in(client, tom)
    client.cookies.pop("sessionid")
    client.post("/knows/facts/new/", FACT)
    sign_in(client, tom)
    assert offered(client.get("/knows/")) == ("/knows/facts/new/", FACT)


# --- the page was too old ---


def test_a_form_from_an_old_page_is_offered_again_where_one_of_our_pages_sent_it(tom):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(tom)
    page = strict.post("/knows/facts/new/", FACT, headers=FROM_OUR_PAGE)
    assert page.status_code == 403 and offered(page) == ("/knows/facts/new/", FACT)


def test_a_sign_up_from_an_old_page_keeps_all_but_the_password(settings):
    settings.OPEN_SIGN_UP = True
    strict = Client(enforce_csrf_checks=True)
    typed = {"name": "Nora Quinn", "email": "nora@quinn.example", "time_zone": "America/Toronto"}
    page = strict.post("/accounts/signup/", {**typed, "password1": "open-sesame"}, headers=FROM_OUR_PAGE)
    assert page.status_code == 403 and offered(page) == ("/accounts/signup/", typed)
    assert "open-sesame" not in words(page) and "<p>America/Toronto</p>" not in words(page)
    asked_again = Client().post("/accounts/signup/", typed)
    assert 'value="nora@quinn.example"' in words(asked_again) and "Nora Quinn" in words(asked_again)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", ""])
def test_what_another_site_sent_is_shown_and_has_no_button(tom, site):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(tom)
    page = strict.post("/knows/facts/new/", FACT, headers={"Sec-Fetch-Site": site} if site else {})
    assert page.status_code == 403 and offered(page) is None and "Send it now" not in words(page)
    assert "<p>Peanuts</p>" in words(page)


def test_a_script_on_an_old_page_has_it_loaded_again_with_the_words(tom):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(tom)
    wish = make_request(tom, status=Status.WAITING_FOR_USER)
    question = services.ask_question(request=wish, kind="money", text="How much?", step="dial")
    here = {"HX-Request": "true", "HX-Current-URL": f"http://testserver/requests/{wish.pk}/"}
    sent = strict.post(f"/questions/{question.pk}/answer/", {"text": "$80"}, headers=here)
    assert (sent.status_code, sent["HX-Redirect"]) == (403, f"/requests/{wish.pk}/")
    assert offered(strict.get(f"/requests/{wish.pk}/")) == (f"/questions/{question.pk}/answer/", {"text": "$80"})


# --- what it was about is gone ---


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("facts", FACT),
        ("contacts", {"name": "Lincoln", "phone": "519 555 0188"}),
        ("calendar", {"title": "Recital", "starts_at": "2031-05-02T18:00"}),
    ],
)
def test_what_was_deleted_for_good_can_be_saved_as_a_new_one(client, tom, kind, fields):
    client.force_login(tom)
    page = client.post(f"/knows/{kind}/999999/", fields)
    assert page.status_code == 404
    assert "deleted for good in another window" in words(page) and f'action="/knows/{kind}/new/"' in words(page)
    assert all(f'value="{value}"' in words(page) for name, value in fields.items() if name != "sensitivity")
    assert client.post(f"/knows/{kind}/new/", fields).status_code == 303


def test_what_was_typed_about_a_request_that_is_gone_is_there_to_copy(client, tom):
    client.force_login(tom)
    page = client.post("/requests/0190a000-0000-7000-8000-000000000000/edit/", {"ask": "Call the school after lunch.", "seen": "Call the school."})
    assert page.status_code == 404 and "<p>Call the school after lunch.</p>" in words(page)
