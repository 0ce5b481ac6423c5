"""Signing up, signing in, and showing that a phone number is one's own."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib import import_module

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone, translation

from context.devices import in_words
from context.models import User
from live import access as live_access
from requests_app.inbox import receive_message
from requests_app.models import Message, Request
from tests.cast import PASSWORD, TOMS_PHONE

pytestmark = pytest.mark.django_db
NEW = {"name": "Eve Moneypenny", "email": "eve@floyd.example", "password1": "a-long-word-9", "time_zone": "America/Vancouver"}
NUMBER, TYPED = "+15195550143", "519 555 0143"
ANDROID = "Mozilla/5.0 (Android 15; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0"


@pytest.fixture(autouse=True)
def open_doors(settings) -> None:
    settings.OPEN_SIGN_UP = True
    settings.TWILIO_NUMBER = "+15195550199"


@pytest.fixture
def texts(monkeypatch) -> list[tuple[str, str]]:
    """(number, words) of the codes that were texted."""
    sent: list[tuple[str, str]] = []

    def take(number: str, body: str) -> bool:
        sent.append((number, body))
        return True

    monkeypatch.setattr("floyd_site.account_adapter.text_at_once", take)
    return sent


def code_in(words: str) -> str:
    found = re.search(r"\b\d{6}\b|\b[A-Z]{4}-[A-Z]{4}\b", words)
    assert found, words
    return found[0]


def sign_in(client: Client, user: User) -> None:
    """By the form, as people do: what is protected asks for the password again only after a while."""
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    assert client.post("/accounts/login/", {"login": user.email, "password": PASSWORD}).status_code == 302


@pytest.fixture
def later() -> Iterator[Callable[[], None]]:
    """Lets a minute pass, so that the next code may be sent."""
    with time_machine.travel(time.time()) as clock:
        yield lambda: clock.shift(61)


# --- signing up ---


def test_a_newcomer_signs_up_with_a_code_by_mail_and_is_welcomed(client):
    answer = client.post("/accounts/signup/", NEW)
    assert answer.url == "/accounts/confirm-email/" and "_auth_user_id" not in client.session
    code = code_in(mail.outbox[-1].body)
    assert mail.outbox[-1].to == ["eve@floyd.example"] and code in mail.outbox[-1].subject
    assert "eve@floyd.example" in client.get(answer.url).content.decode()
    assert client.post(answer.url, {"code": code}).url == "/welcome/"
    eve = User.objects.get()
    assert (eve.name, eve.time_zone, eve.phone) == ("Eve Moneypenny", "America/Vancouver", "")
    assert EmailAddress.objects.get(user=eve).verified
    page = client.get("/welcome/").content.decode()
    assert "Welcome, Eve Moneypenny" in page and "Where do you live" in page


def test_without_the_code_nobody_is_in(client):
    confirm = client.post("/accounts/signup/", NEW).url
    for _ in range(3):
        client.post(confirm, {"code": "BBBB-BBBB"})
    assert client.get("/welcome/").status_code == 302 and not EmailAddress.objects.filter(verified=True).exists()


def test_a_time_zone_that_is_none_keeps_nobody_out(client):
    client.post("/accounts/signup/", {**NEW, "time_zone": "Mars/Olympus"})
    assert User.objects.get().time_zone == "America/Toronto"


def test_whether_an_address_has_an_account_is_told_to_its_owner_only(client, tom):
    answer = client.post("/accounts/signup/", {**NEW, "email": tom.email})
    assert answer.url == "/accounts/confirm-email/" and User.objects.count() == 1
    assert mail.outbox[-1].to == [tom.email] and "already exists" in mail.outbox[-1].body


def test_mail_that_cannot_be_sent_is_said_and_can_be_asked_for_again(client, settings):
    settings.EMAIL_BACKEND = "tests.context.test_accounts.Refusing"
    answer = client.post("/accounts/signup/", NEW, follow=True)
    assert "could not be sent" in answer.content.decode() and "Send another code" in answer.content.decode()


class Refusing:
    """A mail server that is away."""

    def __init__(self, *_arguments, **_named) -> None:
        pass

    def send_messages(self, _messages) -> int:
        raise ConnectionRefusedError


def test_the_welcome_keeps_what_was_answered_and_offers_a_first_request(client, alice, settings, at_once):
    settings.FIRST_REQUEST = "Ask the florist for tulips & roses."
    client.force_login(alice)
    assert "tulips &amp; roses" in client.get("/welcome/").content.decode()
    client.post("/welcome/", {"address": "14 Brock Road, Guelph", "car": "", "family": "Just me"})
    alice.refresh_from_db()
    assert alice.home_area == "14 Brock Road, Guelph"
    assert set(alice.facts.values_list("topic", flat=True)) == {"address", "family"}
    page = client.get("/welcome/").content.decode()
    assert "Which car do you drive?" in page and "Who lives with you" not in page
    assert client.post("/welcome/done/", {"try": "1"}).url == "/?ask=Ask+the+florist+for+tulips+%26+roses."
    assert "tulips &amp; roses" in client.get("/?ask=Ask+the+florist+for+tulips+%26+roses.").content.decode()


# --- signing in ---


def test_a_code_by_mail_signs_in(client, tom):
    answer = client.post("/accounts/login/code/", {"email": tom.email})
    assert client.post(answer.url, {"code": code_in(mail.outbox[-1].body)}).url == "/"
    assert client.get("/settings/").status_code == 200


def test_of_an_address_without_account_nothing_is_said_on_the_page(client):
    answer = client.post("/accounts/login/code/", {"email": "nobody@floyd.example"}, follow=True)
    assert "nobody@floyd.example" in answer.content.decode() and "do not have any record" in mail.outbox[-1].body


def test_passkeys_are_offered_and_their_pages_stand(client, tom):
    assert "Use a passkey" in client.get("/accounts/login/").content.decode()
    sign_in(client, tom)
    for path in ("/accounts/2fa/", "/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/add/", "/accounts/2fa/totp/activate/"):
        page = client.get(path)
        assert page.status_code == 200 and "style=" not in page.content.decode().split('id="main"')[1]
    assert Client().get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"}).json()["request_options"]["publicKey"]["challenge"]


def test_other_devices_are_listed_and_signed_out(client, tom):
    other = Client(headers={"user-agent": ANDROID})
    sign_in(other, tom)
    sign_in(client, tom)
    page = client.get("/accounts/sessions/").content.decode()
    assert "<b>Firefox on Android</b>" in page and "Mozilla/5.0" not in page and page.count(", signed in ") == 2
    assert page.count("Last seen") == 1 and page.count(">here<") == 1
    client.post("/accounts/sessions/")
    assert other.get("/settings/").status_code == 302 and client.get("/settings/").status_code == 200
    assert UserSession.objects.count() == 1


def test_one_device_is_signed_out_and_the_others_stay(client, tom, alice):
    lost, desk, hers = Client(headers={"user-agent": ANDROID}), Client(), Client()
    for device, user in ((lost, tom), (desk, tom), (hers, alice), (client, tom)):
        sign_in(device, user)
    session = UserSession.objects.get(user_agent=ANDROID)
    path = f"/accounts/sessions/{session.pk}/end/"
    assert "Sign out: Firefox on Android" in client.get("/accounts/sessions/").content.decode()
    assert hers.post(path).status_code == 404, "somebody else's"
    assert client.get(path).status_code == 405
    here = UserSession.objects.get(session_key=client.session.session_key)
    assert client.post(f"/accounts/sessions/{here.pk}/end/").status_code == 404, "this one is left by signing out"
    assert client.post(path).url == "/accounts/sessions/"
    assert lost.get("/settings/").status_code == 302
    assert not live_access.user_of_session(session.session_key).is_authenticated, "its open pages are told so when they are asked about next"
    assert [one.get("/settings/").status_code for one in (client, desk, hers)] == [200, 200, 200]


def test_when_a_device_was_last_seen_is_written_down_every_few_minutes(client, tom):
    sign_in(client, tom)
    client.get("/settings/", headers={"user-agent": ANDROID})
    key = client.session.session_key
    UserSession.objects.filter(session_key=key).update(last_seen_at=timezone.now() - timedelta(days=3), user_agent="older")
    client.get("/settings/", headers={"user-agent": ANDROID})
    assert UserSession.objects.get(session_key=key).user_agent == "older", "not with every page"
    cache.delete(f"device-seen:{key}")
    client.get("/settings/", headers={"user-agent": ANDROID})
    seen = UserSession.objects.get(session_key=key)
    assert seen.user_agent == ANDROID and timezone.now() - seen.last_seen_at < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (ANDROID, "Firefox on Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/130.0 Mobile/15E148 Safari/604.1",
            "Chrome on iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15", "Safari on Mac"),
        ("Tom's old <phone>", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_a_device_has_a_name_that_its_owner_knows(agent, name):
    with translation.override("en"):
        assert in_words(agent) == name


# --- the phone ---


def ask_for_code(client: Client, number: str = TYPED):
    return client.post("/accounts/phone/", {"phone": number})


def test_a_number_is_verified_by_the_code_that_is_texted_to_it(client, alice, texts, at_once):
    sign_in(client, alice)
    assert ask_for_code(client).url == "/accounts/phone/verify/"
    number, words = texts[-1]
    alice.refresh_from_db()
    assert number == NUMBER and alice.phone == "", "nothing is theirs before the code"
    assert NUMBER in client.get("/accounts/phone/verify/").content.decode()
    assert client.post("/accounts/phone/verify/", {"code": code_in(words)}).url == "/accounts/phone/"
    alice.refresh_from_db()
    assert alice.phone == NUMBER and alice.phone_verified_at is not None
    assert NUMBER in mail.outbox[-1].body and mail.outbox[-1].to == [alice.email]
    receive_message(peer=NUMBER, body="Call the florist.", carrier_sid="SM1")
    assert Request.objects.get().user == alice


def test_the_code_stands_on_no_page_and_in_no_row(client, alice, texts):
    sign_in(client, alice)
    ask_for_code(client)
    code = code_in(texts[-1][1])
    assert not Message.objects.exists()
    for path in ("/", "/texts/", "/accounts/phone/", "/accounts/phone/verify/", "/settings/"):
        assert code not in client.get(path).content.decode()


def test_wrong_codes_end_it_in_any_session(client, alice, texts, later):
    sign_in(client, alice)
    ask_for_code(client)
    for _ in range(3):
        answer = client.post("/accounts/phone/verify/", {"code": "x"})
    assert answer.url == "/accounts/phone/"
    assert client.post("/accounts/phone/verify/", {"code": code_in(texts[-1][1])}).url == "/accounts/phone/"
    for _ in range(4):
        later()
        again = Client()
        sign_in(again, alice)
        ask_for_code(again)
        answers = [again.post("/accounts/phone/verify/", {"code": "x"}) for _ in range(2)]
    assert len(texts) == 5
    assert "too many tries" in answers[0].content.decode()
    alice.refresh_from_db()
    assert alice.phone_verified_at is None


def test_after_too_many_tries_the_right_code_is_refused_too(client, alice, texts, settings):
    settings.ACCOUNT_RATE_LIMITS = {"try_phone_code": "1/d/key"}
    sign_in(client, alice)
    ask_for_code(client)
    client.post("/accounts/phone/verify/", {"code": "x"})
    assert "too many tries" in client.post("/accounts/phone/verify/", {"code": code_in(texts[-1][1])}).content.decode()
    alice.refresh_from_db()
    assert alice.phone_verified_at is None


def test_codes_are_not_sent_without_end(client, alice, texts, later):
    sign_in(client, alice)
    ask_for_code(client)
    assert "Try again later" in ask_for_code(client).content.decode(), "one in half a minute"
    for _ in range(9):
        later()
        again = Client()
        sign_in(again, alice)
        ask_for_code(again)
    assert len(texts) == 5, "and five a day to one number"


def test_a_number_belongs_to_one_user(client, tom, alice, texts):
    sign_in(client, alice)
    ask_for_code(client, TOMS_PHONE)
    page = client.post("/accounts/phone/verify/", {"code": code_in(texts[-1][1])}).content.decode()
    assert "already registered" in page
    alice.refresh_from_db()
    tom.refresh_from_db()
    assert (alice.phone, tom.phone) == ("", TOMS_PHONE)


def test_of_two_at_once_one_gets_the_number(client, alice, tom, texts, monkeypatch):
    sign_in(client, alice)
    ask_for_code(client, TOMS_PHONE)
    monkeypatch.setattr("context.verified_phone.user_with", lambda number: None)
    answer = client.post("/accounts/phone/verify/", {"code": code_in(texts[-1][1])}, follow=True)
    assert "already registered" in answer.content.decode()
    assert User.objects.filter(phone=TOMS_PHONE).get() == tom


def test_a_number_that_was_only_typed_in_stands_in_nobodys_way(client, alice, sam, texts):
    User.objects.filter(pk=sam.pk).update(phone=NUMBER)
    sign_in(client, alice)
    ask_for_code(client)
    client.post("/accounts/phone/verify/", {"code": code_in(texts[-1][1])})
    alice.refresh_from_db()
    assert alice.phone_verified_at is not None


def test_the_number_before_stays_until_the_new_one_is_shown(client, tom, texts):
    sign_in(client, tom)
    ask_for_code(client)
    tom.refresh_from_db()
    assert tom.phone == TOMS_PHONE and tom.phone_verified_at is not None


@pytest.mark.parametrize("number", ["", "hello", "911", "+1 519 555 0199", "+1 900 555 0143", "+1 800 555 0143", "+44 7700 900123", "1" * 60])
def test_some_numbers_are_nobodys_phone(client, alice, texts, number):
    sign_in(client, alice)
    assert ask_for_code(client, number).status_code == 200 and not texts


def test_a_text_that_cannot_be_sent_is_said(client, alice, monkeypatch):
    monkeypatch.setattr("floyd_site.account_adapter.text_at_once", lambda number, body: False)
    sign_in(client, alice)
    assert "could not be sent" in client.post("/accounts/phone/", {"phone": TYPED}, follow=True).content.decode()


def test_a_browser_left_open_does_not_change_the_number(client, tom, texts):
    client.force_login(tom)
    assert "/accounts/reauthenticate/" in ask_for_code(client).url and not texts


def test_from_the_welcome_the_code_leads_back_there(client, alice, texts):
    sign_in(client, alice)
    client.get("/welcome/")
    ask_for_code(client)
    assert client.post("/accounts/phone/verify/", {"code": code_in(texts[-1][1])}).url == "/welcome/"


@pytest.mark.parametrize(("browser", "pages", "welcome"), [("de-AT,en;q=0.5", "de", "Willkommen"), ("fr", "en", "Welcome")])
def test_who_signs_up_is_welcomed_in_the_language_of_the_pages_and_calls_keep_theirs(client, browser, pages, welcome):
    german = {"accept-language": browser}
    client.post("/accounts/signup/", NEW, headers=german)
    user = User.objects.get(email=NEW["email"])
    assert (user.page_language, user.language) == (pages, "en-US")
    client.post("/accounts/confirm-email/", {"code": code_in(str(mail.outbox[-1].body))}, headers=german)
    assert welcome in client.get("/welcome/", headers={"accept-language": "en"}).content.decode(), "whatever browser they come with next"


def test_who_had_german_pages_before_the_two_languages_were_apart_keeps_them(alice, tom):
    User.objects.filter(pk=alice.pk).update(language="de-AT")
    User.objects.filter(pk=tom.pk).update(language="fr-CA")
    import_module("context.migrations.0018_page_language")._as_they_have_it(apps, None)
    assert [User.objects.get(pk=user.pk).page_language for user in (alice, tom)] == ["de", "en"]


def test_a_passkey_signs_in_alone_unless_its_user_says_otherwise(client, alice):
    sign_in(client, alice)
    page = client.get("/accounts/2fa/webauthn/add/").content.decode()
    box = re.search(r'<input[^>]*name="passwordless"[^>]*>', page)
    assert box and "checked" in box[0] and "Sign in with it alone" in page


def test_what_is_noted_on_top_is_no_list_without_a_list(client, alice):
    """A region with a role of its own takes the list's from it; its items would hang in the air."""
    client.force_login(alice)
    client.post("/settings/", {"group": "learning", "learning": "never", "mail_learning": "never"})
    page = client.get("/settings/").content.decode()
    assert re.search(r'<div class="notices" role="status">\s*<p class="notice', page)


@pytest.mark.parametrize(
    ("language", "first", "allauths"), [("en", "Codes for an emergency", "Two-Factor|Security Key|Recovery"), ("de", "Notfallcodes", "Sie ")]
)
def test_the_pages_of_the_second_factor_speak_as_floyd_does(client, tom, language, first, allauths):
    User.objects.filter(pk=tom.pk).update(page_language=language)
    sign_in(client, tom)
    totp.TOTP.activate(tom, totp.generate_totp_secret())
    key = Authenticator.objects.create(user=tom, type=Authenticator.Type.WEBAUTHN, data={"name": "Tom's phone", "credential": {}})
    RecoveryCodes.activate(tom)
    assert first in client.get("/accounts/2fa/").content.decode()
    pages = ("", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/", "webauthn/")
    for path in (*pages, f"webauthn/keys/{key.pk}/edit/", f"webauthn/keys/{key.pk}/remove/"):
        page = client.get(f"/accounts/2fa/{path}")
        words = page.content.decode().split('id="main"')[-1]
        assert page.status_code == 200 and not re.search(allauths, words), path


@pytest.mark.parametrize(("language", "words"), [("en", "Passkey added."), ("de", "Passkey hinzugefügt.")])
def test_a_passkey_is_called_that_in_every_language(language, words):
    with translation.override(language):
        assert render_to_string("mfa/messages/webauthn_added.txt").strip() == words
        mail = render_to_string("mfa/email/webauthn_removed_message.txt", {"ip": "::1", "user_agent": "x", "timestamp": "y"})
    assert "Passkey" in mail.replace("passkey", "Passkey") and "chlüssel" not in mail and "ecurity key" not in mail
