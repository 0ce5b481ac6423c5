"""Passkeys and the second factor in a real browser, with the browser's own virtual authenticator."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
STEP_S = 30
#: A code must still hold when it arrives.
ENOUGH_S = 12


def with_authenticator(page: Page) -> Page:
    """A device that has a fingerprint reader, and a finger on it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, "automaticPresenceSimulation": True}})
    return page


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_have_count(0)


def codes(secret: str) -> Iterator[str]:
    """Codes of an authenticator app, each early in its time."""
    while True:
        left = STEP_S - time.time() % STEP_S
        if left < ENOUGH_S:
            time.sleep(left + 0.1)
        counter = next(totp.yield_hotp_counters_from_time())
        yield totp.format_hotp_value(totp.hotp_value(secret, counter))


def test_a_passkey_is_made_and_signs_in_without_a_password(open_browser, tom):
    page = with_authenticator(open_browser(tom))
    page.goto("/accounts/2fa/webauthn/add/")
    page.locator("input[name=name]").fill("Tom's phone")
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: "/add/" not in url)
    key = Authenticator.objects.get(user=tom, type=Authenticator.Type.WEBAUTHN)
    assert key.wrap().is_passwordless
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_text("Tom's phone")).to_be_visible()
    sign_out(page)
    page.goto("/accounts/login/?next=/knows/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="What Floyd knows")).to_be_visible()
    key.refresh_from_db()
    assert key.last_used_at is not None


def test_a_passkey_that_is_not_known_is_refused_in_words(open_browser, site, tom):
    page = with_authenticator(open_browser())
    page.goto("/accounts/login/")
    expect(page.locator("#passkey-trouble")).to_be_hidden()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("#passkey-trouble")).to_be_visible()


def test_an_authenticator_app_is_set_up_by_the_page(open_browser, tom):
    page = open_browser(tom)
    page.goto("/accounts/2fa/totp/activate/")
    secret = page.get_by_label("Secret").input_value()
    picture = page.get_by_alt_text(secret)
    expect(picture).to_be_visible()
    for code in codes(secret):
        page.locator("input[name=code]").fill(code)
        page.get_by_role("button", name="Switch on").click()
        expect(page.locator("input[name=code][value]").or_(page.get_by_role("heading", name="Codes for an emergency"))).to_be_visible()
        if page.url.endswith("/recovery-codes/"):
            break
    assert Authenticator.objects.filter(user=tom, type=Authenticator.Type.TOTP).exists()


def test_the_second_factor_is_asked_for_and_a_wrong_code_is_refused(open_browser, alice):
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(alice, secret)
    page = open_browser()
    page.goto("/accounts/login/")
    page.fill("input[name=login]", alice.email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button")
    field = page.locator("input[name=code]")
    wrong = f"{(int(next(codes(secret))) + 500_000) % 1_000_000:06d}"
    field.fill(wrong)
    field.press("Enter")
    expect(page.locator(".errorlist")).to_be_visible()
    page.goto("/knows/")
    expect(page.get_by_role("heading", name="What Floyd knows")).to_have_count(0)
    page.goto("/accounts/2fa/authenticate/")
    field.fill(next(codes(secret)))
    field.press("Enter")
    expect(page.get_by_label("What should Floyd do?")).to_be_visible()
