"""A turn taker in virtual time, fed with scripted voice and words."""

from calls.conversation.events import CalleeSaid
from calls.speech.turns import TurnTaker
from calls.speech.vad import VoiceGate

SILENCE, MUTTER, ECHO, CLEAR, BURST, CLEAR_ECHO = range(6)
#: Level of each kind of frame: nothing, a hoarse voice, a faint echo, a clear voice, the burst of a cough, a clear echo.
LEVELS_DB = (-80.0, -25.0, -50.0, -22.0, -18.0, -46.0)


class ScriptedGate(VoiceGate):
    """A gate that hears a voice where the first byte of the frame says so."""

    def __init__(self):
        super().__init__(lambda pcm, rate: True)

    def probability(self, frame):
        self.kind = frame[0]
        self.level_db = LEVELS_DB[frame[0]]
        return 0.9 if frame[0] else 0.0

    def periodicity(self):
        return 0.9 if self.kind in (CLEAR, CLEAR_ECHO) else 0.1


class Line:
    """Feeds a turn taker in virtual time. `voice` is a kind of frame, see LEVELS_DB."""

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
