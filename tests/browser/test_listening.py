"""Listening in: the jitter buffer keeps the sound whole and recent whatever the network does, and the button on the page plays it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from allauth.usersessions.models import UserSession
from django.db.models.functions import Now
from django.utils import timezone
from playwright.sync_api import expect

from calls import controlling
from calls.listening_models import Listening
from calls.models import Call
from calls.services import topics_of
from calls.status import CallStatus
from live.publish import publish
from providers import mulaw
from requests_app.models import Event
from requests_app.status import Status
from tests import cast

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
WORKLET = Path(__file__).resolve().parents[2] / "static" / "listen-worklet.js"
#: The worklet in virtual time: `arrivals` says at which ms each piece of 40 ms comes; gives for every 10 ms how much is held, and what was played.
DRIVER = """([source, arrivals, lost, run]) => {
  let made;
  globalThis.sampleRate = 48_000;
  globalThis.AudioWorkletProcessor = class { port = { postMessage() {} } };
  globalThis.registerProcessor = (name, processor) => { if (name === "both-sides") made = new processor(); };
  (0, eval)(source);
  const outputs = [[new Float32Array(480)], [new Float32Array(480)]];
  const held = [], loud = [];
  let next = 0;
  for (let ms = 0; ms < run; ms += 10) {
    while (next < arrivals.length && arrivals[next] <= ms) {
      const piece = new Uint8Array(4 + 640).fill(0xff);
      new DataView(piece.buffer).setUint32(0, 7_000 + next * 320);
      piece.fill(0x80, 4, 4 + 320);
      if (!lost.includes(next)) made.port.onmessage({ data: piece.buffer });
      next += 1;
    }
    made.process([], outputs);
    held.push(made.heldMs);
    loud.push([Math.max(...outputs[0][0]) > 0.5, Math.max(...outputs[1][0]) > 0.5]);
  }
  return { held, loud, gaps: made.gaps, goal: made.goal };
}"""


@pytest.fixture
def play(browser):
    """Plays pieces that arrive at given times."""
    page = browser.new_page()

    def played(arrivals, *, lost=(), run=None):
        return page.evaluate(DRIVER, [WORKLET.read_text(), list(arrivals), list(lost), run or max(arrivals)])

    yield played
    page.close()


def test_an_even_network_is_played_whole_and_at_once(play):
    seen = play(range(0, 4000, 40))
    assert seen["gaps"] == 0 and max(seen["held"]) < 200
    first = next(index for index, (theirs, _) in enumerate(seen["loud"]) if theirs)
    assert first * 10 <= 150
    assert all(theirs and not ours for theirs, ours in seen["loud"][first + 2 :]), "each side by itself"


def test_jitter_costs_a_gap_at_most_and_stays_within_half_a_second(play):
    arrivals = sorted(at + (at * 7919 % 180) for at in range(0, 20_000, 40))
    seen = play(arrivals)
    assert seen["gaps"] <= 4 and max(seen["held"]) < 500


def test_after_a_break_it_is_live_again(play):
    arrivals = [at if not 2000 <= at < 4000 else 4000 for at in range(0, 8000, 40)]
    seen = play(arrivals)
    assert seen["gaps"] == 1
    assert max(seen["held"][450:]) < 500, "two seconds that came late are not played late"


def test_what_was_left_out_is_silence_and_the_rest_stays_in_place(play):
    seen = play(range(0, 4000, 40), lost=range(30, 35))
    assert sum(not theirs for theirs, _ in seen["loud"][20:-20]) in range(15, 36)
    assert max(seen["held"]) < 500


def test_a_faster_clock_at_the_other_end_does_not_add_up(play):
    seen = play([at * 0.995 for at in range(0, 60_000, 40)])
    assert max(seen["held"]) < 300


def test_a_better_network_is_followed(play):
    rough = [at if at % 400 else at + 200 for at in range(0, 8000, 40)]
    seen = play([*sorted(rough), *range(8200, 60_000, 40)], run=60_000)
    assert seen["goal"] <= 200 and max(seen["held"][-1000:]) < 300


#: The microphone's worklet: what it makes of a second of a steady sample, as μ-law.
TALK = """([source, sample]) => {
  const made = {};
  const pieces = [];
  globalThis.sampleRate = 44_100;
  globalThis.AudioWorkletProcessor = class { port = { postMessage: (data) => pieces.push([...new Uint8Array(data)]) } };
  globalThis.registerProcessor = (name, processor) => { made[name] = processor; };
  (0, eval)(source);
  const talk = new made.talk();
  for (let block = 0; block < 344; block += 1) talk.process([[new Float32Array(128).fill(sample)]]);
  return pieces;
}"""


@pytest.mark.parametrize("sample", [0.0, 0.5, -0.5, 1.5, -0.01])
def test_the_microphone_is_sent_as_the_telephone_has_it(browser, sample):
    page = browser.new_page()
    pieces = page.evaluate(TALK, [WORKLET.read_text(), sample])
    page.close()
    assert len(pieces) == 49 and {len(piece) for piece in pieces} == {160}
    codes = {code for piece in pieces for code in piece}
    assert codes == {mulaw.encode(np.array([max(-1, min(1, sample)) * 32_767], dtype=np.int16))[0]}


class Node:
    """The call's media process, as the page meets it."""

    def __init__(self, page):
        self.hellos, self.voice, self._page = [], [], page
        self._socket: Any = None
        page.route_web_socket("wss://media.example/listen", self._opened)

    def _opened(self, socket):
        def take(message):
            (self.hellos if isinstance(message, str) else self.voice).append(message)

        self._socket = socket
        socket.on_message(take)

    def sound(self, until, *, pieces=400):
        """Both sides go on until a condition holds, for a while at most."""
        for number in range(pieces):
            if self.hellos:
                Listening.objects.filter(joined_at=None).update(joined_at=timezone.now())
                self._socket.send((number * 320).to_bytes(4, "big") + b"\x90" * 640)
            self._page.wait_for_timeout(40)
            if found := until():
                return found
        return until()

    def say(self, word):
        self._socket.send(json.dumps({"microphone": word}))


@pytest.fixture
def call(transactional_db):
    """Tom's call to the school, going on."""
    tom = cast.tom()
    request = cast.make_request(tom, status=Status.CALLING, attempt=1)
    return Call.objects.create(
        request=request, user=tom, attempt=1, number="+15195550110", status=CallStatus.IN_PROGRESS, node="wss://media.example", brief={}
    )


def events(call, kind):
    return Event.objects.filter(request=call.request_id, kind=kind).count()


@pytest.mark.django_db(transaction=True)
def test_the_button_plays_the_call(open_browser, call):
    page = open_browser(call.user, viewport={"width": 390, "height": 844})
    node = Node(page)
    page.goto(f"/requests/{call.request_id}/")
    page.get_by_role("button", name="Listen in").click()
    box = page.locator(".listening")
    expect(page.get_by_role("button", name="Stop listening")).to_be_visible()
    assert 0 < int(node.sound(lambda: box.get_attribute("data-behind"))) < 500
    assert len(node.hellos) == 1 and '"token"' in node.hellos[0]
    expect(page.get_by_label("Volume: Floyd", exact=True)).to_be_visible()
    page.get_by_role("button", name="Stop listening").click()
    expect(page.get_by_role("button", name="Listen in")).to_be_visible()
    expect(box.locator("input").first).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert call.listenings.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_microphone_speaks_from_the_word_to_the_giving_back(open_browser, call):
    page = open_browser(call.user, permissions=["microphone"])
    node = Node(page)
    page.goto(f"/requests/{call.request_id}/")
    page.get_by_role("button", name="Take over").click()
    assert node.sound(lambda: events(call, "take_over"))
    expect(page.get_by_text("Floyd tells them that you join.")).to_be_visible()
    assert node.voice == [], "before it was said who joins nothing is sent"
    node.say("open")
    expect(page.get_by_text("You are on the line. Floyd is quiet.")).to_be_visible()
    assert node.sound(lambda: len(node.voice) > 5)
    assert {len(piece) for piece in node.voice} == {160}
    page.get_by_role("button", name="Give back to Floyd").dblclick()
    assert node.sound(lambda: events(call, "give_back"))
    expect(page.get_by_role("button", name="Take over")).to_be_visible()
    sent = len(node.voice)
    node.sound(lambda: False, pieces=5)
    assert len(node.voice) == sent
    assert events(call, "take_over") == 1, "who presses twice gives it back, and does not take it over again"
    expect(page.get_by_role("button", name="Stop listening")).to_be_visible()


@pytest.mark.django_db(transaction=True)
def test_another_browser_of_the_user_says_who_has_the_call(open_browser, call):
    page = open_browser(call.user, viewport={"width": 390, "height": 844})
    page.goto(f"/requests/{call.request_id}/")
    expect(page.get_by_role("button", name="Take over", exact=True)).to_be_visible()
    agent = "Mozilla/5.0 (Android 14; Mobile; rv:131.0) Firefox/131.0"
    UserSession.objects.create(user=call.user, session_key="phone", ip="192.0.2.7", user_agent=agent)
    phone = Listening.objects.create(call=call, user=call.user, session_key="phone", joined_at=Now())
    controlling.take_over(call_id=call.pk, user=call.user, listening_id=phone.pk)
    Call.objects.filter(pk=call.pk).update(situation="taken_over", situation_since=Now())
    publish(topics=topics_of(call), kind="call", ref=call.pk)
    expect(page.get_by_text("taken over · Firefox on Android")).to_be_visible()
    expect(page.get_by_role("button", name="Take over here")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    Call.objects.filter(pk=call.pk).update(situation="", situation_since=None)
    publish(topics=topics_of(call), kind="call", ref=call.pk)
    expect(page.get_by_role("button", name="Take over", exact=True)).to_be_visible()
