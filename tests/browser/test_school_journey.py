"""What a newcomer does in the browser, through every real process: sign up or in, ask by typing or by voice, watch it happen."""

from __future__ import annotations

import base64
import json
import re
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from context.household import STAFF_EMAIL
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.real_site import MARKS, sign_in, sign_in_within, spoken
from tests.browser.sizes import DESK, PHONE, fits
from tests.end_to_end.processes import ROOT, Processes, shared_processes

__all__ = ["shared_processes"]
pytestmark = MARKS
ASK = "Hey Floyd, can you call the school and let them know Mara is going to be home, she's sick today."
#: A promise that is kept when the sample of a voice is playing.
PLAYED = "new Promise((done) => { if (player.currentTime) done(true); else player.ontimeupdate = () => player.currentTime && done(true); })"
#: Chromium without Google's keys has no push service: this stands in for it, and gives what a real one would.
PUSH_SERVICE = """() => { PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
  if (!userVisibleOnly || applicationServerKey.length !== 65) throw new Error("no key");
  return { endpoint: "https://9.9.9.9/push/%s", keys: { p256dh: "%s", auth: "%s" } };
}; }"""
PICTURE = ROOT / "docs" / "school-journey.png"


def keep(picture: bytes, path: Path) -> None:
    """Keeps a picture, where there is none yet: a test run changes no file of the project."""
    if not path.exists():
        path.write_bytes(picture)


def test_the_school_journey_in_the_browser(shared_processes: Processes, browser: Browser):
    page = browser.new_page(base_url=shared_processes.site_url, viewport={"width": 1280, "height": 1000}, locale="en-CA")
    sign_in(page)
    page.get_by_label("What should Floyd do?").fill(ASK)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name=ASK)).to_be_visible()
    page.evaluate("window.notLoadedAgain = true")

    expect(page.get_by_label("Plan").locator("li").first).to_be_visible(timeout=30_000)
    status = page.locator("main .pill").first
    expect(status).to_have_text("On the phone", timeout=30_000)
    expect(page.locator(".line.floyd").first).to_contain_text("this is Floyd, an AI assistant calling for Tom Redmond", timeout=45_000)
    expect(page.locator(".line.callee").first).to_be_visible()
    expect(status).to_have_text("Done", timeout=150_000)
    expect(page.locator(".outcome .summary")).to_be_visible()
    page.get_by_text("Where the time of each turn went").click()
    page.set_viewport_size({"width": 1280, "height": 1600})
    page.evaluate("scrollTo(0, 0)")
    keep(page.screenshot(animations="disabled"), PICTURE)

    page.locator(".evidence").first.click()
    expect(page.locator(".line:target")).to_be_visible()
    assert page.evaluate("window.notLoadedAgain"), "the page was loaded again"
    page.close()
    ask_the_model_again(browser, shared_processes.site_url)


def ask_the_model_again(browser: Browser, site_url: str) -> None:
    """Staff open a turn of the call, and put its question to the model once more: it answers, and nothing is said."""
    page = browser.new_page(base_url=site_url, locale="en-CA")
    page.goto("/staff/")
    sign_in_within(page, STAFF_EMAIL)
    page.locator("[data-rows] a").first.click()
    page.get_by_label("Why").fill("The wait was long")
    page.get_by_role("button", name="Go on", exact=True).click()
    page.goto(str(page.locator("a[href*='/turns/']").first.get_attribute("href")))
    page.get_by_role("button", name="Ask", exact=True).first.click()
    again = page.locator("#again")
    expect(again.get_by_role("heading")).to_contain_text("asked again: first token")
    expect(again.locator(".said, .tool").first).to_be_visible()
    expect(again.locator(".errors")).to_have_count(0)
    page.close()


def test_a_request_can_be_said(shared_processes: Processes, browser: Browser, tmp_path: Path):
    """Words appear while Tom speaks, it sends itself when he stops, and the answer comes without a call."""
    sound = spoken("When's my next dentist appointment?", tmp_path / "ask.wav")
    chromium = browser.browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, f"--use-file-for-fake-audio-capture={sound}%noloop"])
    page = chromium.new_page(base_url=shared_processes.site_url, permissions=["microphone"], locale="en-CA")
    sign_in(page)
    page.get_by_role("button", name="Say it").click()
    expect(page.get_by_label("What should Floyd do?")).to_have_value(re.compile("dentist", re.I), timeout=20_000)
    expect(page.get_by_role("heading", name=re.compile("next dentist appointment", re.I))).to_be_visible(timeout=20_000)
    expect(page.locator("main .pill").first).to_have_text("Done", timeout=30_000)
    expect(page.locator("main .meta")).to_contain_text("Said on the page")
    expect(page.locator(".outcome")).to_contain_text("9:30")
    chromium.close()


def code_in(address: str, taker: str) -> str:
    """The code in the newest of the mails, or texts, to somebody, as the sandbox shows them."""
    late = time.monotonic() + 30
    while time.monotonic() < late:
        with urllib.request.urlopen(address, timeout=10) as answer:
            found = json.load(answer)
        letters = [letter for box in found.get("accounts", ()) for letter in reversed(box["mails"])] + found.get("messages", [])
        for letter in reversed([letter for letter in letters if taker in letter["to"]]):
            if code := re.search(r"\b\d{6}\b|\b[A-Z]{4}-[A-Z]{4}\b", letter.get("text") or letter.get("body") or ""):
                return code[0]
        time.sleep(0.1)
    raise AssertionError("no code came")


def sign_up(page: Page, sandbox_url: str, name: str, email: str) -> None:
    """An account, and the code from the mail."""
    page.goto("/accounts/signup/")
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill("a-long-word-9")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Code").fill(code_in(f"{sandbox_url}/control/mail", email))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name=f"Welcome, {name}")).to_be_visible()


@pytest.mark.parametrize(("window", "number"), [(PHONE, "0143"), (DESK, "0144")], ids=["phone", "desk"])
def test_a_newcomer_signs_up_shows_a_phone_and_asks_for_something(shared_processes: Processes, browser: Browser, window, number):
    """An account, the code from the mail, the code from the text, what Floyd should know, and the first request."""
    page = browser.new_page(base_url=shared_processes.site_url, locale="en-CA", **window)
    sign_up(page, shared_processes.sandbox_url, "Eve Moneypenny", f"eve-{number}@floyd.example")
    page.get_by_label("Your mobile number").fill(f"519 555 {number}")
    page.get_by_role("button", name="Text me a code").click()
    page.get_by_label("Code").fill(code_in(f"{shared_processes.sandbox_url}/control/messages", f"+1519555{number}"))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("verified", exact=True)).to_be_visible()
    page.get_by_label("Where do you live").fill("12 Elm Street, Guelph")
    page.get_by_role("button", name="Keep these").click()
    expect(page.get_by_label("Where do you live")).to_have_count(0)
    page.get_by_role("button", name="Try it").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("Plan").locator("li").first).to_be_visible(timeout=30_000)
    assert fits(page)
    page.close()


def switch_notifications(page: Page, name: str) -> None:
    """On for this browser, which is asked and subscribes with our key; and off."""
    point, secret = (base64.urlsafe_b64encode(bytes(length)).decode().rstrip("=") for length in (65, 16))
    page.evaluate(PUSH_SERVICE % (name, point, secret))
    page.get_by_role("button", name="Notify me on this device").click()
    off = page.get_by_role("button", name=re.compile("^Remove Chrom"))
    expect(off).to_be_visible()
    off.click()
    expect(page.get_by_text("No device yet.")).to_be_visible()


@pytest.mark.parametrize("window", [PHONE, DESK], ids=["phone", "desk"])
def test_who_skips_the_welcome_comes_back_with_a_mailed_code_hears_a_voice_and_is_notified(shared_processes: Processes, browser: Browser, window):
    page = browser.new_page(base_url=shared_processes.site_url, locale="en-CA", permissions=["notifications"], **window)
    email = f"moneypenny-{window['viewport']['width']}@floyd.example"
    sign_up(page, shared_processes.sandbox_url, "Fay Moneypenny", email)
    page.get_by_role("button", name="Something of my own").click()
    expect(page.get_by_label("What should Floyd do?")).to_have_value("")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Email me a code").click()
    page.get_by_label("Email").fill(email)
    page.get_by_role("button", name="Send the code").click()
    code = page.get_by_label("Code")
    code.fill("000000")
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator(".errorlist")).to_be_visible()
    code.fill(code_in(f"{shared_processes.sandbox_url}/control/mail", email))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_label("What should Floyd do?")).to_be_visible()

    page.goto("/settings/")
    page.get_by_role("link", name="Listen to: A woman, light").click()
    assert page.evaluate(PLAYED), "the sample is heard in place"
    expect(page.locator("#sample-status")).to_be_empty()
    switch_notifications(page, str(window["viewport"]["width"]))
    assert fits(page)
    page.close()
