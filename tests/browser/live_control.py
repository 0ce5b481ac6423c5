"""What a user does with a call that goes on, on a phone: every process is real, there is sound on the line, and the school's phone
is in another browser."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.real_site import MARKS, sign_in, spoken
from tests.end_to_end.processes import Processes, shared_processes

__all__ = ["shared_processes"]
pytestmark = MARKS
SCHOOL = "+15195550110"
ASK = "Call the school and tell them Mara is sick today."
#: Both voices say it plainly: “The school trip …” was half heard, with a confidence of 0.3 to 0.5 in the school's.
TRIP = "The trip is on Friday morning."
#: What comes out of each side's volume, and since when it was first loud: asked of the very nodes that the page makes.
EARS = """(() => {
  window.ears = [];
  const Real = GainNode;
  window.GainNode = class extends Real {
    constructor(context, options) {
      super(context, options);
      const analyser = new AnalyserNode(context, { fftSize: 2048 });
      this.connect(analyser);
      const ear = { analyser, loudest: 0, since: 0, samples: new Float32Array(2048) };
      setInterval(() => {
        analyser.getFloatTimeDomainData(ear.samples);
        const loud = ear.samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
        ear.loudest = Math.max(ear.loudest, loud);
        if (loud > 0.02 && !ear.since) ear.since = Date.now();
      }, 10);
      window.ears.push(ear);
    }
  };
  window.hush = () => window.ears.forEach((ear) => { ear.loudest = ear.since = 0; });
})();"""
#: The loudest that nothing is.
QUIET = 0.001


class School:
    """The school's phone in a browser, held by the test; what it knows is read from behind it."""

    def __init__(self, page: Page, sandbox_url: str) -> None:
        self._page, self._state = page, f"{sandbox_url}/control/people/{SCHOOL}"
        page.goto(f"{sandbox_url}/phones/{SCHOOL}")
        page.get_by_label("When it rings").select_option("human")
        until(lambda: self._known()["behaviour"] == "human")

    def pick_up(self) -> None:
        """As soon as it rings."""
        self._page.get_by_role("button", name="Answer").click(timeout=60_000)

    def say(self, text: str) -> float:
        """Says something; gives the last moment at which it had not begun to."""
        before = len(self._said())
        self._page.get_by_label("What to say").fill(text)
        self._page.get_by_role("button", name="Say").click()
        while True:
            asked = time.time()
            if len(self._said()) > before:
                return asked
            time.sleep(0.005)

    def _known(self) -> dict[str, Any]:
        with urllib.request.urlopen(self._state, timeout=10) as answer:
            return dict(json.load(answer))

    def _said(self) -> list[dict[str, Any]]:
        return [line for line in self._known()["call"]["transcript"] if line["speaker"] == "callee"]

    @property
    def keys(self) -> str:
        """The keys that were heard."""
        return "".join(tone["digit"] for tone in self._known()["call"]["pressed"] if not tone["wrong"])


def until(true: Callable[[], Any], *, within_s: float = 60) -> Any:
    """Waits for something that no page shows."""
    late = time.monotonic() + within_s
    while not (found := true()):
        assert time.monotonic() < late, "it did not happen"
        time.sleep(0.05)
    return found


@pytest.fixture
def school(shared_processes: Processes, browser: Browser) -> Iterator[School]:
    held = browser.new_page(locale="en-CA")
    yield School(held, shared_processes.sandbox_url)
    held.close()


@pytest.fixture
def page(shared_processes: Processes, browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """Tom's phone; into its microphone he says one sentence, again and again."""
    sound = spoken(TRIP, tmp_path / "tom.wav")
    chromium = browser.browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, f"--use-file-for-fake-audio-capture={sound}"])
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    opened = chromium.new_page(base_url=shared_processes.site_url, permissions=["microphone"], locale="en-CA", **phone)
    opened.add_init_script(EARS)
    expect.set_options(timeout=30_000)
    sign_in(opened)
    yield opened
    chromium.close()


def line(page: Page, speaker: str, words: str) -> Locator:
    """A line of the transcript."""
    return page.locator(f".line.{speaker}").filter(has_text=re.compile(words, re.I)).first


def loudest_of(page: Page, ms: int) -> float:
    """The loudest of the other side that is heard from now on."""
    page.evaluate("hush()")
    page.wait_for_timeout(ms)
    return float(page.evaluate("window.ears[0].loudest"))


def test_a_call_is_listened_to_steered_taken_over_given_back_and_ended(page: Page, school: School, record_property: Any):
    page.get_by_label("What should Floyd do?").fill(ASK)
    page.get_by_role("button", name="Send").click()
    school.pick_up()
    school.say("Hello, Brock Road School.")

    page.get_by_role("button", name="Listen in").tap()
    expect(page.locator(".audience")).to_have_text("Listening: Tom Redmond")
    expect(line(page, "floyd", "AI assistant calling for Tom Redmond")).to_be_visible()
    until(lambda: page.evaluate("window.ears[1].loudest > 0.05"))
    page.get_by_label("Tell Floyd, while it talks").fill("Ask if there is a school trip.")
    page.get_by_role("button", name="Tell Floyd").tap()
    expect(page.get_by_text("Floyd was told.")).to_be_visible()
    expect(line(page, "floyd", "could you tell me if there is a school trip")).to_be_visible()

    # From here on Floyd is quiet: nothing that the school says makes it go on before the test does.
    page.get_by_role("button", name="Take over").tap()
    expect(page.get_by_text("You are on the line. Floyd is quiet.")).to_be_visible()
    expect(line(page, "floyd", "Tom Redmond is joining the call now")).to_be_visible()
    said = page.locator(".line.floyd").count()
    page.evaluate("hush()")
    began = school.say(TRIP)
    heard = until(lambda: page.evaluate("window.ears[0].since"))
    record_property("heard_after_ms", round(heard - began * 1000))
    assert int(page.locator(".listening").get_attribute("data-behind") or 0) < 500
    expect(line(page, "callee", "trip is on Friday")).to_be_visible()
    expect(line(page, "user", "trip is on Friday").locator(".speaker")).to_have_text("You")
    page.get_by_label("Volume: Brock Road School", exact=True).fill("0")
    until(lambda: loudest_of(page, 200) < QUIET)
    school.say("When will she be back?")
    assert loudest_of(page, 1500) < QUIET, "their volume is down"
    page.get_by_text("Keys", exact=True).tap()
    page.get_by_role("button", name="4", exact=True).tap()
    until(lambda: school.keys == "4")
    assert page.locator(".line.floyd").count() == said, "Floyd is quiet"

    page.get_by_role("button", name="Give back to Floyd").tap()
    expect(line(page, "floyd", "This is Floyd again, the AI assistant")).to_be_visible()
    page.get_by_role("button", name="Hang up", exact=True).tap()
    expect(page.locator(".callbar.on")).to_have_count(0)
    expect(page.locator(".listening")).to_have_count(0)
    for words in ("You listen in.", "You take the call over.", "You pressed 4.", "You gave the call back to Floyd.", "You hung up."):
        expect(page.locator(".timeline").get_by_text(words, exact=True)).to_be_attached()
