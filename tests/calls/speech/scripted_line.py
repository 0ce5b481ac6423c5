"""A turn taker in virtual time, fed with scripted voice and words."""

from calls.conversation.events import CalleeSaid
from calls.speech.turns import TurnTaker
from calls.speech.vad import VoiceGate


class ScriptedGate(VoiceGate):
    """A gate that hears a voice where the first byte of the frame says so."""

    def __init__(self):
        super().__init__(lambda pcm, rate: True)

    def probability(self, frame):
        self.level_db = -25.0 if frame[0] == 1 else (-50.0 if frame[0] == 2 else -80.0)
        return 0.9 if frame[0] else 0.0


class Line:
    """Feeds a turn taker in virtual time. `voice` 0: silence, 1: the callee, 2: a faint echo."""

    def __init__(self):
        self.taker, self.now, self.events = TurnTaker(gate=ScriptedGate()), 0, []

    def audio(self, ms, voice=0):
        new = []
        for _ in range(ms // 20):
            self.now += 20
            new += self.taker.frame(bytes([voice]) * 160, self.now)
        self.events += new
        return new

    def words(self, text, final=False, stability=0.5, confidence=0.9, end_ms=0):
        new = self.taker.recognised(
            text, is_final=final, stability=stability, confidence=confidence if final else 0.0, end_ms=end_ms, now_ms=self.now
        )
        self.events += new
        return new

    def said(self):
        return [event.text for event in self.events if isinstance(event, CalleeSaid)]
