import numpy as np

from sandbox.twilio.listening import SILENCE_ENDS_MS, Segmenter, SpeechBegan, SpeechEnded, SpeechWentOn, is_loud
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
