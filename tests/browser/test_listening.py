"""Listening in: the jitter buffer keeps the sound whole and recent whatever the network does, and the button on the page plays it."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from calls.models import Call
from calls.status import CallStatus
from requests_app.status import Status
from tests import cast

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
WORKLET = Path(__file__).resolve().parents[2] / "static" / "listen-worklet.js"
#: The worklet in virtual time: `arrivals` says at which ms each piece of 40 ms comes; gives for every 10 ms how much is held, and what was played.
DRIVER = """([source, arrivals, lost, run]) => {
  let made;
  globalThis.sampleRate = 48_000;
  globalThis.AudioWorkletProcessor = class { port = { postMessage() {} } };
  globalThis.registerProcessor = (_name, processor) => { made = new processor(); };
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


@pytest.mark.django_db(transaction=True)
def test_the_button_plays_the_call(open_browser):
    tom = cast.tom()
    request = cast.make_request(tom, status=Status.CALLING, attempt=1)
    call = Call.objects.create(
        request=request, user=tom, attempt=1, number="+15195550110", status=CallStatus.IN_PROGRESS, node="wss://media.example", brief={}
    )
    page = open_browser(tom, viewport={"width": 390, "height": 844})
    heard, sockets = [], []

    def node(socket):
        sockets.append(socket)

        def hello(message):
            heard.append(message)

        socket.on_message(hello)

    page.route_web_socket("wss://media.example/listen", node)
    page.goto(f"/requests/{request.pk}/")
    page.get_by_role("button", name="Listen in").click()
    box = page.locator(".listening")
    expect(page.get_by_role("button", name="Stop listening")).to_be_visible()
    for number in range(250):  # ten seconds at most
        if heard:
            sockets[0].send((number * 320).to_bytes(4, "big") + b"\x90" * 640)
        page.wait_for_timeout(40)
        if behind := box.get_attribute("data-behind"):
            break
    assert 0 < int(behind) < 500
    assert len(heard) == 1 and '"token"' in heard[0]
    expect(page.get_by_label("Floyd", exact=True)).to_be_visible()
    page.get_by_role("button", name="Stop listening").click()
    expect(page.get_by_role("button", name="Listen in")).to_be_visible()
    expect(box.locator("input").first).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert call.listenings.count() == 1
