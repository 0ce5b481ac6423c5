"""Turn taking: from the callee's audio and the recogniser's words to "they said this" and "they spoke over us". Pure.

How to drive it:

    taker = TurnTaker()
    events += taker.frame(payload, now_ms)                       # every μ-law frame as it comes (any size; 20 ms is usual)
    events += taker.recognised(text, is_final=…, stability=…, confidence=…, end_ms=…, now_ms=now_ms)
    taker.speaking(playing=…, interruptible=…, text=…)           # whenever PlaybackAccount says that this changed
    events += taker.tick(now_ms)                                 # every 20 to 50 ms when no frames come (frame() does it too)

1.  The events are the conversation's: CalleeStarted, CalleeSaying, CalleeSaid, CalleeInterrupted. Feed them on in order.
2.  On CalleeInterrupted first clear the carrier's buffer and feed the HeardUpTo events of PlaybackAccount.clear, then the event itself.
3.  Every CalleeSaying and CalleeInterrupted is followed by one CalleeSaid; its text is empty when no words were made out.
4.  `recognised` takes the text of one recognition result, interims whole. `end_ms` is on the clock of the audio fed to `frame`, counted from its
    first byte (0: unknown); after the recogniser was opened again call `recogniser_reopened()` and add the offset of its first audio.
5.  Finals may be missing (the last interim counts after a while) or late (their surplus words become an utterance; nothing is said twice).
"""

from __future__ import annotations

from dataclasses import dataclass

from calls.conversation.events import CalleeInterrupted, CalleeSaid, CalleeSaying, CalleeStarted
from calls.speech.barge_in import BargeIn
from calls.speech.endpointing import wait_ms
from calls.speech.mulaw import BYTES_PER_MS, FRAME_BYTES
from calls.speech.segmenter import Segmenter, SpeechBegan
from calls.speech.vad import VoiceGate
from calls.speech.words import HeardWords

TurnEvent = CalleeStarted | CalleeSaying | CalleeSaid | CalleeInterrupted


@dataclass(frozen=True, slots=True)
class TurnTiming:
    """Waits of a turn taker, in ms."""

    missing_final: int = 900  # an interim counts as final when its final is so late
    missing_final_stable: int = 450  # the same for a stable interim
    recognition_lag: int = 300  # words come so long after they were spoken
    stuck_voice: int = 2_500  # noise keeps the gate open: the words decide alone
    no_words: int = 2_500  # a voice without words, after which we say that we did not understand
    no_words_owed: int = 1_500  # the same when Floyd was interrupted, or words were withdrawn
    no_audio: int = 300  # frames stopped coming
    least_voice: int = 600  # less voice than this without words was a noise


class TurnTaker:
    """Decides when the callee has finished, and when they want to speak over Floyd."""

    def __init__(self, *, gate: VoiceGate | None = None, timing: TurnTiming | None = None) -> None:
        self._gate, self._timing = gate or VoiceGate(), timing or TurnTiming()
        self._segmenter, self._barge_in, self._words = Segmenter(), BargeIn(), HeardWords()
        self._partial = b""
        self._audio_ms = self._last_frame_ms = 0
        self._start_ms: int | None = None  # of the utterance that goes on
        self._voiced_ms = 0
        self._owed = False  # CalleeSaying or CalleeInterrupted was said: CalleeSaid must follow
        self._cleared = False  # CalleeInterrupted was said for what plays now

    @property
    def last_voice_ms(self) -> int:
        """When a voice was last heard, for timing records."""
        return self._segmenter.last_voice_ms

    @property
    def callee_is_speaking(self) -> bool:
        """Whether there is a voice on the line."""
        return self._segmenter.speaking

    def speaking(self, *, playing: bool, interruptible: bool = True, text: str = "") -> None:
        """What Floyd is doing: whether it is heard now, may be cut, and the text of the clause that starts."""
        if playing and not self._barge_in.playing:
            self._cleared = False
        self._barge_in.floyd_speaks(playing=playing, interruptible=interruptible, text=text)

    def frame(self, mulaw: bytes, now_ms: int) -> list[TurnEvent]:
        """Takes the callee's audio."""
        self._last_frame_ms = now_ms
        events: list[TurnEvent] = []
        audio = self._partial + mulaw if self._partial else mulaw
        whole = len(audio) - len(audio) % FRAME_BYTES
        for at in range(0, whole, FRAME_BYTES):
            events += self._one_frame(audio[at : at + FRAME_BYTES], now_ms)
        self._partial = audio[whole:]
        return [*events, *self.tick(now_ms)]

    def recognised(
        self, text: str, *, is_final: bool, stability: float = 0.0, confidence: float = 0.0, end_ms: int = 0, now_ms: int
    ) -> list[TurnEvent]:
        """Takes a recognition result."""
        before = self._words.text
        self._words.result(text, is_final=is_final, stability=stability, confidence=confidence, end_ms=end_ms, now_ms=now_ms)
        words = self._words.text
        events: list[TurnEvent] = []
        if words and words != before:
            if self._barge_in.playing and self._barge_in.is_echo(words) and len(words.split()) >= 3:
                self._words.forget()
                return []
            if self._start_ms is None:
                self._start_ms = max(0, now_ms - self._timing.recognition_lag - 60 * len(words))
            self._owed = True
            events.append(CalleeSaying(words, self._start_ms))
            if self._barge_in.words_take_floor(words):
                events += self._interrupt()
        return [*events, *self.tick(now_ms)]

    def recogniser_reopened(self) -> None:
        """The recogniser started anew: what it had not finished counts as it stands."""
        self._words.settle()

    def tick(self, now_ms: int) -> list[TurnEvent]:
        """Time passed."""
        if self._words.text:
            return self._said(now_ms) if self._is_over(now_ms) else []
        if self._start_ms is None and not self._owed:
            return []
        if self._hears_voice(now_ms):
            return []
        timing, silent_ms = self._timing, now_ms - self._segmenter.last_voice_ms
        if silent_ms < (timing.no_words_owed if self._owed else timing.no_words):
            return []
        if self._owed or self._voiced_ms >= timing.least_voice:
            return self._said(now_ms)
        self._reset()  # a cough, a door
        return []

    def _one_frame(self, frame: bytes, now_ms: int) -> list[TurnEvent]:
        probability = self._gate.probability(frame)
        duration_ms = FRAME_BYTES // BYTES_PER_MS
        self._audio_ms += duration_ms
        change = self._segmenter.step(probability, duration_ms, now_ms)
        events: list[TurnEvent] = []
        if isinstance(change, SpeechBegan):
            self._words.voice_again()
            if self._start_ms is None:
                self._start_ms = max(0, change.at_ms)
            events.append(CalleeStarted())
        if self._barge_in.frame(voiced=probability >= 0.5, level_db=self._gate.level_db, duration_ms=duration_ms):
            self._voiced_ms += duration_ms
        if self._barge_in.takes_floor(self._words.text):
            events += self._interrupt()
        return events

    def _hears_voice(self, now_ms: int) -> bool:
        """Whether there is a voice now; when no audio comes at all there is none."""
        return self._segmenter.speaking and now_ms - self._last_frame_ms < self._timing.no_audio

    def _interrupt(self) -> list[TurnEvent]:
        if self._cleared:
            return []
        self._cleared = self._owed = True
        return [CalleeInterrupted()]

    def _is_over(self, now_ms: int) -> bool:
        """Whether the utterance with the words so far has ended."""
        timing, words = self._timing, self._words
        unchanged_ms = now_ms - words.changed_ms
        if self._hears_voice(now_ms):
            return unchanged_ms >= timing.stuck_voice + (timing.missing_final if words.has_interim else 0)
        quiet_since = max(self._segmenter.last_voice_ms, words.changed_ms - timing.recognition_lag)
        wait = wait_ms(words.text)
        if words.has_interim:
            wait += timing.missing_final_stable if words.stability >= 0.8 else timing.missing_final
        return now_ms - quiet_since >= wait

    def _said(self, now_ms: int) -> list[TurnEvent]:
        end_ms = self._segmenter.last_voice_ms if self._start_ms is not None and self._segmenter.last_voice_ms >= self._start_ms else now_ms
        start_ms = self._start_ms if self._start_ms is not None else end_ms
        said = CalleeSaid(self._words.text, start_ms, end_ms, self._words.confidence)
        self._words.take(self._audio_ms)
        self._reset()
        return [said]

    def _reset(self) -> None:
        self._start_ms = None
        self._voiced_ms = 0
        self._owed = False
