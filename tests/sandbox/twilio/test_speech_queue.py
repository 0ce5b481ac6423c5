"""What a person at the other end does, frame by frame."""

from sandbox.tasks import Tasks
from sandbox.twilio.frames import FRAME_BYTES
from sandbox.twilio.speech import BACK_FRAMES, SpeechQueue

WORD = b"\x10" * FRAME_BYTES


def test_who_comes_back_from_hold_takes_a_moment_to_speak():
    queue = SpeechQueue(Tasks(), lambda _: None)
    queue.hold(on=True)
    queue.sound(WORD)
    assert all(queue.frame(0, now).audio not in (None, WORD) for now in range(0, 200, 20))
    queue.hold(on=False)
    heard = [queue.frame(0, now).audio for now in range(0, (BACK_FRAMES + 2) * 20, 20)]
    assert heard == [*[None] * BACK_FRAMES, WORD, None]
