import asyncio

import numpy as np

from sandbox.ear import Heard
from sandbox.ears import EarError
from sandbox.twilio.listening import SILENCE_ENDS_MS, Listener, Segmenter, SpeechBegan, SpeechEnded, SpeechWentOn, is_loud
from sandbox.voice import mulaw_encode

LOUD = mulaw_encode((np.sin(np.arange(160) / 5) * 6000).astype(np.int16))
FAINT = mulaw_encode((np.sin(np.arange(160) / 5) * 60).astype(np.int16))


def test_only_what_is_as_loud_as_speech_counts():
    assert is_loud(LOUD)
    assert not is_loud(FAINT)
    assert not is_loud(b"\xff" * 160)


def test_a_click_is_no_speech():
    segmenter = Segmenter()
    assert [segmenter.frame(frame) for frame in (LOUD, None, LOUD, None)] == [None] * 4


def test_an_utterance_has_its_lead_in_and_ends_after_silence():
    segmenter = Segmenter()
    for _ in range(20):
        assert segmenter.frame(None) is None
    began = [segmenter.frame(LOUD) for _ in range(3)][-1]
    assert isinstance(began, SpeechBegan)
    assert began.audio.endswith(LOUD * 3)
    assert len(began.audio) == 12 * 160
    for _ in range(10):
        assert segmenter.frame(LOUD) == SpeechWentOn(LOUD)
    quiet = [segmenter.frame(None) for _ in range(SILENCE_ENDS_MS // 20)]
    assert isinstance(quiet[-1], SpeechEnded)
    assert not any(isinstance(segment, SpeechEnded) for segment in quiet[:-1])


def test_a_pause_within_a_sentence_does_not_end_it():
    segmenter = Segmenter()
    pattern = [LOUD] * 10 + [None] * 20 + [LOUD] * 10
    assert not any(isinstance(segmenter.frame(frame), SpeechEnded) for frame in pattern)


class BrokenOnce:
    """Fails in the middle of the first utterance, and hears the second."""

    def __init__(self):
        self.failed = False

    async def begin(self):
        if not self.failed:
            self.failed = True
            raise EarError("once")

    async def feed_mulaw(self, audio):
        return "hello"

    async def final(self):
        return Heard("hello", 1.0)

    async def close(self):
        pass


async def test_what_is_said_after_an_utterance_that_was_not_heard_is_heard():
    understood = []
    listener = Listener(BrokenOnce(), understood.append, lambda _: None)
    running = asyncio.create_task(listener.run())
    for _ in range(2):
        for frame in [LOUD] * 20 + [None] * (SILENCE_ENDS_MS // 20 + 1):
            listener.frame(frame)
        await listener.finish()
    running.cancel()
    assert [(one.text, one.number) for one in understood] == [("hello", 2)]
