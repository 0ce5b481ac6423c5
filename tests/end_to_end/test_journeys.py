"""The journeys that Floyd was first shown with, through every real process, with real sound on the line."""

import io
import json
import urllib.request
import wave

import numpy as np
import pytest

from context.household import PHONE
from floyd_site.directory_journeys import FOUND
from floyd_site.journeys import JOURNEYS

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(300), pytest.mark.xdist_group("end_to_end")]


#: This one is recorded.
RECORDED = "school"
#: Louder than a line on which nobody speaks (root mean square of 16-bit samples).
SPEECH = 300.0
#: A session of Tom's, as signing in begins it, and what the page of his last call would place in the sound.
LAST_CALL = f"""
import json
from calls.models import Call
from calls.recording.reading import layout_of
from context.models import User
from tests.browser.conftest import signed_in
tom = User.objects.get(phone={PHONE!r})
call = Call.objects.filter(user=tom).latest("created_at")
lines = [(line.speaker, line.start_ms, line.end_ms) for line in call.lines.filter(final=True).order_by("seq")]
print(json.dumps(dict(call=str(call.pk), session=signed_in(tom), lines=lines, parts=layout_of(call).parts)))
"""


@pytest.mark.parametrize("name", [*{**JOURNEYS, **FOUND}.keys() - {RECORDED}])
def test_journey(shared_processes, name):
    """A person's wish ends as it should: the callee is told, the price is right, nothing is invented, no needless call is made."""
    play(shared_processes, name)


def test_a_journey_that_is_recorded(shared_processes):
    """What was said lies where the transcript says, each side on its own; the announcement changes nothing else."""
    with shared_processes.connect() as connection:
        connection.execute("update context_user set record_calls = true where phone = %s", [PHONE])
        try:
            play(shared_processes, RECORDED)
        finally:
            connection.execute("update context_user set record_calls = false where phone = %s", [PHONE])
    told = json.loads(shared_processes.manage("shell", "-v", "0", "-c", LAST_CALL).stdout)
    address = f"{shared_processes.site_url}/calls/{told['call']}/recording.wav"
    asked = urllib.request.Request(address, headers={"Cookie": f"sessionid={told['session']}"})
    with urllib.request.urlopen(asked) as answer, wave.open(io.BytesIO(answer.read())) as sound:
        both = np.frombuffer(sound.readframes(sound.getnframes()), "<i2").reshape(-1, 2).astype(np.float64)
    sides = {"callee": both[:, 0], "floyd": both[:, 1]}
    [[_, added_ms]] = told["parts"]
    heard = [(sides[speaker], start + added_ms, end + added_ms) for speaker, start, end in told["lines"] if speaker in sides and end + added_ms > 0]
    assert len(heard) >= 3
    for side, start_ms, end_ms in heard:
        assert loudness(side[max(0, start_ms) * 8 : end_ms * 8]) > SPEECH
    quiet = np.ones(len(both), bool)
    for _, start_ms, end_ms in heard:
        quiet[max(0, start_ms - 500) * 8 : (end_ms + 500) * 8] = False
    assert loudness(both[quiet]) < SPEECH


def loudness(samples: np.ndarray) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(samples**2))) if samples.size else 0.0


def play(shared_processes, name):
    """Plays one, which has to end as it should."""
    played = shared_processes.manage("floyd", "demo", name)
    report = f"{played.stdout[-6000:]}\n{played.stderr[-2000:]}\n--- the processes ---\n{shared_processes.output[-6000:]}"
    assert played.returncode == 0, report
    assert f"journey {name}: ok" in played.stdout
    assert "invented 0, volunteered 0" in played.stdout
    assert "1 of 1 journeys ended as they should" in played.stdout
