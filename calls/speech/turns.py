"""Turn taking: from the callee's audio and the recogniser's words to "they said this" and "they spoke over us". Pure.

How to drive it:

    taker = TurnTaker()
    events += taker.frame(payload, now_ms)                       # every μ-law frame as it comes (any size; 20 ms is usual)
    events += taker.recognised(text, is_final=…, stability=…, confidence=…, end_ms=…, now_ms=now_ms)
    taker.speaking(playing=…, interruptible=…, text=…)           # whenever PlaybackAccount says that this changed
    events += taker.tick(now_ms)                                 # every 20 to 50 ms when no frames come (frame() does it too)

1.  The events are the conversation's: CalleeStarted, CalleeSaying, CalleePaused, CalleeSaid, CalleeInterrupted. Feed them on in order.
2.  On CalleeInterrupted first clear the carrier's buffer and feed the HeardUpTo events of PlaybackAccount.clear, then the event itself.
3.  Every CalleeSaying and CalleeInterrupted is followed by one CalleeSaid; its text is empty when no words were made out (a false alarm: soon).
4.  CalleePaused is a guess, said at most three times an utterance: CalleeSaid, or CalleeStarted or CalleeSaying, tell how it turned out.
5.  When the callee goes on within `TurnTiming.wrong_cut_in` after CalleeSaid, that was a wrong cut-in: CalleeStarted comes, then CalleeSaying with
    the new words only, whose `start_ms` lies within that time; the waits of this call grow.
6.  `recognised` takes the text of one recognition result, interims whole. `end_ms` is on the clock of the audio fed to `frame`, counted from its
    first byte (0: unknown); after the recogniser was opened again call `recogniser_reopened()` and add the offset of its first audio.
7.  Finals may be missing (the last interim counts after a while) or late (their surplus words become an utterance; nothing is said twice).
"""

from __future__ import annotations

from dataclasses import dataclass

from calls.conversation.events import CalleeInterrupted, CalleePaused, CalleeSaid, CalleeSaying, CalleeStarted
from calls.speech.barge_in import BargeIn
from calls.speech.endpointing import Endpointing
from calls.speech.melody import Melody, Voice
from calls.speech.mulaw import BYTES_PER_MS, FRAME_BYTES
from calls.speech.phrases import is_back_channel, words_of
from calls.speech.segmenter import Segmenter, SpeechBegan
from calls.speech.vad import VoiceGate
from calls.speech.words import HeardWords

TurnEvent = CalleeStarted | CalleeSaying | CalleePaused | CalleeSaid | CalleeInterrupted

MOST_PAUSES, EARLIEST_PAUSE_MS = 3, 150


@dataclass(frozen=True, slots=True)
class TurnTiming:
    """Waits of a turn taker besides the endpointing's own, in ms."""

    wrong_cut_in: int = 700  # who goes on so soon after the end of a turn had not finished
    missing_final: int = 750  # silence after which an interim counts as final
    missing_final_stable: int = 450  # the same for a stable interim
    settled: int = 150  # an interim that did not change for so long is stable, if the recogniser says so too
    recognition_lag: int = 300  # words come so long after they were spoken
    missing_words: int = 650  # silence after which words for the last stretch of voice are not awaited any more
    stuck_voice: int = 1_500  # noise keeps the gate open: the words decide alone
    no_words: int = 2_500  # a voice without words, after which we say that we did not understand
    no_words_owed: int = 1_200  # the same when words were withdrawn
    false_alarm: int = 600  # the same when Floyd was interrupted
    no_audio: int = 300  # frames stopped coming
    least_voice: int = 600  # less voice than this without words was a noise


@dataclass(slots=True)
class _Utterance:
    """What is known of the utterance that goes on."""

    start_ms: int | None = None
    voiced_ms: int = 0
    owed: bool = False  # CalleeSaying or CalleeInterrupted was said: CalleeSaid must follow
    interrupted_ms: int | None = None  # when CalleeInterrupted was said
    pauses: int = 0
    paused_at: tuple[int, list[str]] = (-1, [])  # the last voice and the words of the latest CalleePaused


@dataclass(frozen=True, slots=True)
class _Turn:
    """The latest turn that was ended."""

    text: str
    said_ms: int
    last_voice_ms: int
    melody: Melody = Melody.UNKNOWN


class TurnTaker:
    """Decides when the callee has finished, and when they want to speak over Floyd."""

    def __init__(self, *, gate: VoiceGate | None = None, timing: TurnTiming | None = None, endpointing: Endpointing | None = None) -> None:
        self._gate, self._timing, self._endpointing = gate or VoiceGate(), timing or TurnTiming(), endpointing or Endpointing()
        self._segmenter, self._barge_in, self._words = Segmenter(), BargeIn(), HeardWords()
        self._utterance, self._turn = _Utterance(), _Turn("", 0, 0)
        self._voice, self._ending = Voice(), (-1, Melody.UNKNOWN)
        self._partial = b""
        self._audio_ms = self._last_frame_ms = 0
        self._stretch_ms = 0  # when the latest stretch of voice began
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
        if len(mulaw) == FRAME_BYTES and not self._partial:
            return [*self._one_frame(mulaw, now_ms), *self.tick(now_ms)]
        events: list[TurnEvent] = []
        audio = self._partial + mulaw
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
            events.append(CalleeSaying(words, self._words_began(words, now_ms)))
            if self._barge_in.words_take_floor(words):
                events += self._interrupt(now_ms)
        return [*events, *self.tick(now_ms)]

    def recogniser_reopened(self) -> None:
        """The recogniser started anew: what it had not finished counts as it stands."""
        self._words.settle()

    def left_off(self) -> None:
        """No more audio comes for a while: a voice without words is forgotten."""
        self._utterance, self._partial = _Utterance(), b""

    def tick(self, now_ms: int) -> list[TurnEvent]:
        """Time passed."""
        utterance = self._utterance
        if self._words.text:
            return self._said(now_ms) if self._is_over(now_ms) else self._paused(now_ms)
        if utterance.start_ms is None and not utterance.owed:
            return []
        if not self._wordless_is_over(now_ms):
            return []
        if utterance.owed or utterance.voiced_ms >= self._timing.least_voice:
            return self._said(now_ms)
        self._utterance = _Utterance()  # a cough, a door
        return []

    # --- audio ---

    def _one_frame(self, frame: bytes, now_ms: int) -> list[TurnEvent]:
        probability = self._gate.probability(frame)
        duration_ms = FRAME_BYTES // BYTES_PER_MS
        self._audio_ms += duration_ms
        silent_since_ms = self._segmenter.last_voice_ms
        events: list[TurnEvent] = []
        change = self._segmenter.step(probability, duration_ms, now_ms)
        if isinstance(change, SpeechBegan):
            self._voice_began(change, silent_since_ms)
            events.append(CalleeStarted())
        voiced = probability >= 0.5
        self._voice.take(frame, self._gate.level_db)
        decides = voiced and self._barge_in.playing and not self._cleared
        periodicity = self._gate.periodicity() if decides else 0.0
        if self._barge_in.frame(voiced=voiced, level_db=self._gate.level_db, duration_ms=duration_ms, periodicity=periodicity):
            self._utterance.voiced_ms += duration_ms
        if self._barge_in.playing and self._barge_in.takes_floor(self._words.text):
            events += self._interrupt(now_ms)
        return events

    def _voice_began(self, began: SpeechBegan, silent_since_ms: int) -> None:
        self._words.voice_again()
        self._stretch_ms = max(0, began.at_ms)
        if self._utterance.start_ms is None:
            self._utterance.start_ms = self._stretch_ms
        elif self._words.text:
            self._endpointing.went_on(self._words.text, began.at_ms - silent_since_ms, self._ending[1])

    def _hears_voice(self, now_ms: int) -> bool:
        """Whether there is a voice now, or may be; when no audio comes at all there is none."""
        return (self._segmenter.speaking or self._segmenter.undecided) and now_ms - self._last_frame_ms < self._timing.no_audio

    def _interrupt(self, now_ms: int) -> list[TurnEvent]:
        if self._cleared:
            return []
        self._cleared = self._utterance.owed = True
        self._utterance.interrupted_ms = now_ms
        return [CalleeInterrupted()]

    # --- words ---

    def _words_began(self, words: str, now_ms: int) -> int:
        """Notes that the utterance has words; returns when it began."""
        utterance, turn = self._utterance, self._turn
        if utterance.start_ms is None:
            utterance.start_ms = max(0, now_ms - self._timing.recognition_lag - 60 * len(words))
        elif not utterance.owed and turn.text:
            if utterance.start_ms <= turn.said_ms + self._timing.wrong_cut_in:
                self._endpointing.was_cut(turn.text, utterance.start_ms - turn.last_voice_ms, turn.melody)
            else:
                self._endpointing.was_right()
            self._turn = _Turn("", 0, 0)
        utterance.owed = True
        return utterance.start_ms

    def _silence_ms(self, now_ms: int) -> int:
        """How long the callee has been silent. A voice that the gate missed is known by its words."""
        quiet_since = self._segmenter.last_voice_ms
        if self._words.has_interim or self._utterance.voiced_ms == 0:
            quiet_since = max(quiet_since, self._words.changed_ms - self._timing.recognition_lag)
        return now_ms - quiet_since

    def _covers_voice(self) -> bool:
        """Whether the words may be about the latest stretch of voice; those that came as it began are about what was before."""
        return self._segmenter.voiced_ms < 100 or self._words.changed_ms >= self._stretch_ms + 150

    def _is_over(self, now_ms: int) -> bool:
        """Whether the utterance with the words so far has ended."""
        timing, words = self._timing, self._words
        if self._hears_voice(now_ms):
            heard_nothing_ms = now_ms - max(words.changed_ms, self._stretch_ms)
            return heard_nothing_ms >= timing.stuck_voice + (timing.missing_final if words.has_interim else 0)
        least = self._endpointing.wait_ms(words.text, self._melody())
        if words.has_interim:
            settled = words.stability >= 0.8 and now_ms - words.changed_ms >= timing.settled
            least = max(least, timing.missing_final_stable if settled else timing.missing_final)
        if not self._covers_voice():
            least = max(least, timing.missing_words)
        return self._silence_ms(now_ms) >= least

    def _melody(self) -> Melody:
        """How the voice that fell silent last ended; worked out once a pause."""
        last_voice_ms = self._segmenter.last_voice_ms
        if self._ending[0] != last_voice_ms:
            self._ending = (last_voice_ms, self._voice.ending())
        return self._ending[1]

    def _wordless_is_over(self, now_ms: int) -> bool:
        """Whether no words will come for a voice."""
        utterance, timing = self._utterance, self._timing
        if self._hears_voice(now_ms):
            return utterance.interrupted_ms is not None and now_ms - utterance.interrupted_ms >= timing.no_words
        least = timing.no_words_owed if utterance.owed else timing.no_words
        if utterance.interrupted_ms is not None:
            least = timing.false_alarm
        return now_ms - self._segmenter.last_voice_ms >= least

    def _paused(self, now_ms: int) -> list[TurnEvent]:
        """Whether this silence may be the end."""
        utterance, text = self._utterance, self._words.text
        if utterance.pauses >= MOST_PAUSES or utterance.start_ms is None or self._segmenter.undecided:
            return []
        last_voice_ms = self._segmenter.last_voice_ms
        if now_ms - last_voice_ms < EARLIEST_PAUSE_MS or not self._covers_voice():
            return []
        least = self._endpointing.pause_ms(text, self._melody())
        if least is None or now_ms - last_voice_ms < least:
            return []
        here = (last_voice_ms, words_of(text))
        if here == utterance.paused_at or (self._barge_in.playing and is_back_channel(text)):
            return []
        utterance.paused_at = here
        utterance.pauses += 1
        return [CalleePaused(text, utterance.start_ms)]

    def _said(self, now_ms: int) -> list[TurnEvent]:
        last_voice_ms, start_ms = self._segmenter.last_voice_ms, self._utterance.start_ms
        end_ms = last_voice_ms if start_ms is not None and last_voice_ms >= start_ms else now_ms
        said = CalleeSaid(self._words.text, start_ms if start_ms is not None else end_ms, end_ms, self._words.confidence)
        if self._utterance.interrupted_ms is not None:
            self._barge_in.turned_out(real=bool(said.text) and not is_back_channel(said.text))
        if said.text:
            self._turn = _Turn(said.text, now_ms, end_ms, self._ending[1])
        self._words.take(self._audio_ms)
        self._endpointing.ended()
        self._utterance = _Utterance()
        return [said]
