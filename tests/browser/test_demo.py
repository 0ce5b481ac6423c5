"""The sandbox's pages, which a newcomer plays the other side with: side by side with Floyd's own, and each by itself on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from context.household import PHONE as TOMS_PHONE
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.examining import WCAG, troubles
from tests.browser.real_site import MARKS, sign_in_within, spoken
from tests.browser.sizes import DESK, PHONE, fits
from tests.end_to_end.processes import Processes, shared_processes

__all__ = ["shared_processes"]
pytestmark = MARKS
SCHOOL = "+15195550110"
ASK = "Call the school and tell them Mara is sick today."
AGAIN = "Could you say that again?"


@pytest.fixture
def handset(shared_processes: Processes, browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The school's phone, on a phone; into its microphone one sentence is said, again and again."""
    sound = spoken(AGAIN, tmp_path / "school.wav")
    chromium = browser.browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, f"--use-file-for-fake-audio-capture={sound}"])
    page = chromium.new_page(base_url=shared_processes.sandbox_url, permissions=["microphone"], locale="en-CA", **PHONE)
    page.goto(f"/phones/{SCHOOL}")
    page.get_by_label("When it rings").select_option("human")
    yield page
    chromium.close()


@pytest.fixture
def demo(shared_processes: Processes, browser: Browser) -> Iterator[Page]:
    """Floyd, the called phone and the user's phone, side by side."""
    expect.set_options(timeout=60_000)
    page = browser.new_page(base_url=shared_processes.sandbox_url, locale="en-CA", **DESK)
    page.goto("/demo")
    yield page
    page.close()


def say(handset: Page, words: str) -> None:
    handset.get_by_label("What to say").fill(words)
    handset.get_by_role("button", name="Say", exact=True).click()
    expect(handset.locator(".bubble.mine").filter(has_text=words)).to_be_visible()


def greet_again(handset: Page, floyd: FrameLocator) -> None:
    """Somebody is back from hold; as people do, who gets no answer says something else."""
    situation = floyd.locator(".situation")
    for words in ("Hello, sorry for the wait.", "Hi, I'm back. Are you still there?"):
        say(handset, words)
        with suppress(AssertionError):
            expect(situation).to_have_count(0, timeout=25_000)
            return
    transcripts = [[line.inner_text() for line in place.all()] for place in (handset.locator(".bubble"), floyd.locator(".line"))]
    pytest.fail(f"Floyd stays on hold ({situation.all_inner_texts()}): {transcripts}")


def talk(handset: Page, floyd: FrameLocator) -> None:
    """Types, presses keys, puts Floyd on hold, speaks into the microphone, and hangs up."""
    handset.get_by_role("button", name="Answer").tap()
    say(handset, "Hello, Brock Road School.")
    expect(handset.locator(".bubble:not(.mine)").first).to_contain_text("AI assistant")
    handset.get_by_role("button", name="Keypad").tap()
    handset.get_by_role("button", name="5", exact=True).tap()
    expect(handset.locator("#trouble")).to_be_hidden()
    handset.get_by_role("button", name="Keypad").tap()
    expect(handset.get_by_role("group", name="Keypad")).to_be_hidden()
    say(handset, "Please hold, I will put you on hold for a moment.")
    handset.get_by_role("button", name="Hold").tap()
    expect(handset.locator("#state")).to_contain_text("On hold")
    expect(floyd.locator(".situation")).to_contain_text("on hold")
    expect(floyd.locator(".situation time")).to_have_text(re.compile(r"\d:\d\d"))
    handset.get_by_role("button", name="Come back").tap()
    greet_again(handset, floyd)
    handset.get_by_role("button", name="Speak").tap()
    expect(handset.get_by_text("You hear the call and are heard.")).to_be_visible()
    expect(floyd.locator(".line.callee").filter(has_text=re.compile("say that again", re.I)).first).to_be_visible()
    handset.get_by_role("button", name="Mute").tap()
    expect(handset.get_by_text("You hear the call.", exact=True)).to_be_visible()
    assert fits(handset)
    handset.get_by_role("button", name="Hang up").tap()


def test_the_demo_side_by_side(demo: Page, handset: Page):
    """What is asked on the left is answered on the right."""
    floyd, called, texts = (demo.frame_locator(f"#{name}") for name in ("dashboard", "vendor-phone", "user-phone"))
    sign_in_within(floyd)
    floyd.get_by_label("What should Floyd do?").fill(ASK)
    floyd.get_by_role("button", name="Send").click()
    expect(handset.get_by_role("button", name="Answer")).to_be_visible()
    expect(demo.get_by_label("Phone that Floyd calls")).to_have_value(SCHOOL)
    expect(called.locator("#state")).to_have_text("Floyd is calling")
    talk(handset, floyd)
    expect(called.locator("#state")).to_have_text(re.compile("Waiting for a call|Idle"))
    expect(floyd.locator(".callbar.on")).to_have_count(0)

    texts.get_by_label("Text to Floyd").fill("When's my next dentist appointment?")
    texts.get_by_role("button", name="Send").click()
    expect(texts.locator(".bubble:not(.mine)").filter(has_text="9:30").first).to_be_visible()
    demo.set_viewport_size(PHONE["viewport"])  # type: ignore[arg-type]
    for name, pane in (("Texts", "texts"), ("Called", "vendor"), ("Floyd", "dashboard")):
        demo.get_by_role("button", name=name, exact=True).click()
        expect(demo.locator(f".pane.{pane}")).to_be_visible()
        expect(demo.locator(".pane:visible")).to_have_count(1)
        assert fits(demo)
    demo.goto("/")
    expect(demo.locator("#calls .bubble").first).to_be_visible()
    assert troubles(demo, runOnly={"type": "tag", "values": WCAG}) == [], "a long talk is scrolled by keys, too"


@pytest.mark.parametrize("window", [PHONE, DESK], ids=["phone", "desk"])
def test_mail_and_faults(shared_processes: Processes, browser: Browser, window):
    page = browser.new_page(base_url=shared_processes.sandbox_url, locale="en-CA", **window)
    page.goto("/mail")
    page.get_by_label(re.compile("^To")).fill("nobody@floyd.sandbox")
    page.get_by_label("Subject").fill("Garage")
    page.get_by_label("Text", exact=True).fill("The car is ready.")
    page.get_by_role("button", name="Send").click()
    letter = page.locator("details.letter", has_text="Garage").first
    letter.locator("summary").click()
    expect(letter.get_by_text("The car is ready.")).to_be_visible()
    assert fits(page)

    page.goto("/faults")
    row = page.locator("[id='place-messages.create']")
    row.get_by_label("How often").select_option("-1")
    row.get_by_role("button", name="Switch on").click()
    expect(row.get_by_role("button", name="On: switch off")).to_be_visible()
    expect(row.get_by_label("How it fails")).to_be_disabled()
    row.get_by_role("button", name="On: switch off").click()
    expect(row.get_by_role("button", name="Switch on")).to_be_visible()
    page.get_by_role("button", name="Nasty").click()
    expect(page.get_by_role("status")).to_contain_text("Nasty now")
    page.get_by_role("button", name="All off").click()
    expect(page.get_by_role("status")).to_contain_text("Polite now.")
    assert fits(page)
    page.goto("/")
    page.get_by_label("Another number").fill(TOMS_PHONE)
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_label("Text to Floyd")).to_be_visible()
    page.close()
