"""When the callee takes the floor while Floyd speaks."""

import pytest

from calls.conversation.events import CalleeInterrupted, CalleeSaid
from tests.calls.speech.scripted_line import Line


class TestBargeIn:
    """The callee's voice over Floyd's."""

    def speaking(self, **how):
        line = Line()
        line.taker.speaking(playing=True, **how)
        return line

    def interrupted(self, line):
        return [event for event in line.events if isinstance(event, CalleeInterrupted)]

    def test_real_speech_takes_the_floor_once(self):
        line = self.speaking()
        line.audio(1500, 1)
        assert len(self.interrupted(line)) == 1

    def test_words_take_the_floor_sooner(self):
        line = self.speaking()
        line.audio(260, 1)
        assert not self.interrupted(line)
        line.words("wait")
        assert self.interrupted(line)

    def test_several_words_need_no_voice(self):
        line = self.speaking()
        line.words("no wait a moment")
        assert self.interrupted(line)

    @pytest.mark.parametrize("text", ["mm-hm", "okay", "yeah", "uh-huh", "right, okay"])
    def test_a_back_channel_does_not(self, text):
        line = self.speaking()
        line.audio(400, 1)
        line.words(text)
        line.words(text, final=True)
        line.audio(2000)
        assert not self.interrupted(line)
        assert line.said() == [text]

    def test_a_cough_does_not(self):
        line = self.speaking()
        line.audio(300, 1)
        line.audio(1000)
        assert not self.interrupted(line)

    def test_the_introduction_cannot_be_cut(self):
        line = self.speaking(interruptible=False)
        line.audio(2000, 1)
        line.words("hello who is this")
        assert not self.interrupted(line)

    def test_our_own_echo_does_not(self):
        line = self.speaking(text="Could you deliver them on Thursday?")
        line.audio(3000, 2)
        assert line.words("deliver them on thursday") == []
        line.audio(3000)
        assert not self.interrupted(line)
        assert line.said() == []

    def test_an_interruption_without_words_still_ends(self):
        line = self.speaking()
        line.audio(600, 1)
        line.taker.speaking(playing=False)
        line.audio(3000)
        assert [type(event) for event in line.events][-2:] == [CalleeInterrupted, CalleeSaid]
        assert line.said() == [""]

    def test_each_speech_of_floyds_can_be_cut(self):
        line = self.speaking()
        line.audio(600, 1)
        line.taker.speaking(playing=False)
        line.audio(3000)
        line.taker.speaking(playing=True)
        line.audio(600, 1)
        assert len(self.interrupted(line)) == 2
