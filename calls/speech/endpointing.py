"""How long a silence must be before an utterance counts as over: by how complete the words and the melody sound, and by the callee's own pace."""

from __future__ import annotations

from calls.speech.completeness import Completeness, completeness
from calls.speech.melody import Melody

#: Silence that ends a turn, in ms, for a callee of whom nothing is known yet.
WAITS_MS = {
    Completeness.WHOLE: 240,
    Completeness.SENTENCE: 360,
    Completeness.UNSURE: 700,
    Completeness.READING: 1_000,
    Completeness.OPEN: 1_200,
    Completeness.MENU: 1_800,
}
#: What the melody makes of a wait. After a question or after "and" it says nothing that the words have not said.
MELODIES = {
    Completeness.SENTENCE: {Melody.FALLS: 0.8, Melody.HELD: 2.0, Melody.RISES: 0.8},
    Completeness.UNSURE: {Melody.FALLS: 0.6, Melody.HELD: 1.4},
    Completeness.READING: {Melody.FALLS: 0.7},
}
#: Silence from which a pause may be the end, so that an answer is worth preparing; where words clearly go on there is none.
PAUSES_MS = {Completeness.WHOLE: 160, Completeness.SENTENCE: 200, Completeness.UNSURE: 300}
#: No pause of a person is waited for longer.
LONGEST_MS = 1_600
#: Bounds of the factors by which a callee's own pace changes the waits, and the margin above their longest pauses.
HASTY, UNHURRIED, MARGIN = 0.9, 1.6, 1.25
#: How fast a factor follows a pause that nearly ended a turn, one that did, and turns in which nothing happened.
NEAR_MISS, WRONG_CUT_IN, CALM = 0.4, 0.7, 0.1
#: Who pauses long between sentences does so elsewhere too, a little: the share that the other factors follow.
ELSEWHERE = 0.25
#: Who reads out in pieces of an even rhythm has finished when a pause is much longer than those before it.
BROKEN_RHYTHM, LEAST_READING_MS = 2.3, 600


class Endpointing:
    """Waits of one call; learns from the callee's pauses.

    Args:
        scale: multiplies all waits; 1 but for measuring.
    """

    def __init__(self, *, scale: float = 1.0) -> None:
        self._scale = scale
        self._factors = dict.fromkeys(WAITS_MS, 1.0)
        self._rhythm_ms = 0  # the longest pause in what is being read out
        self._judged = ("", Completeness.OPEN)

    def judge(self, text: str) -> Completeness:
        """How complete `text` sounds. Asked again and again for the same text, it costs nothing."""
        if text != self._judged[0]:
            self._judged = (text, completeness(text))
        return self._judged[1]

    def wait_ms(self, text: str, melody: Melody = Melody.UNKNOWN) -> int:
        """Silence after `text` that ends the turn."""
        sounds = self.judge(text)
        usual = self._usual_ms(sounds, melody)
        wait = min(usual * self._factors[sounds], max(usual, LONGEST_MS))
        if sounds is Completeness.READING and self._rhythm_ms:
            wait = min(wait, max(LEAST_READING_MS, BROKEN_RHYTHM * self._rhythm_ms))
        return round(wait * self._scale)

    def pause_ms(self, text: str, melody: Melody = Melody.UNKNOWN) -> float | None:
        """Silence after `text` from which it may be the end; None when the words clearly go on. A held pitch makes it longer."""
        sounds = self.judge(text)
        pause = PAUSES_MS.get(sounds)
        if pause is None or melody is not Melody.HELD:
            return pause
        return pause * MELODIES.get(sounds, {}).get(melody, 1.0)

    def went_on(self, text: str, pause_ms: int, melody: Melody = Melody.UNKNOWN) -> None:
        """The callee paused after `text` and went on before the turn was ended."""
        if self.judge(text) is Completeness.READING:
            self._rhythm_ms = max(self._rhythm_ms, pause_ms)
        self._follow(text, pause_ms, melody, NEAR_MISS)

    def was_cut(self, text: str, pause_ms: int, melody: Melody = Melody.UNKNOWN) -> None:
        """The turn was ended after `text`, and then the callee went on: a wrong cut-in."""
        self._follow(text, pause_ms, melody, WRONG_CUT_IN)

    def was_right(self) -> None:
        """A turn was ended and the callee was content with that: slowly back to the usual, and a little below it."""
        for sounds, factor in self._factors.items():
            usual = HASTY if sounds in PAUSES_MS else 1.0
            self._factors[sounds] += CALM * (usual - factor)

    def ended(self) -> None:
        """An utterance was ended; the next one has a rhythm of its own."""
        self._rhythm_ms = 0

    def _follow(self, text: str, pause_ms: int, melody: Melody, share: float) -> None:
        here = self.judge(text)
        if not text or here is Completeness.MENU:
            return
        wanted = min(UNHURRIED, MARGIN * pause_ms / self._usual_ms(here, melody))
        for sounds, factor in self._factors.items():
            if wanted > factor and sounds is not Completeness.MENU:
                self._factors[sounds] += share * (wanted - factor) * (1 if sounds is here else ELSEWHERE)

    @staticmethod
    def _usual_ms(sounds: Completeness, melody: Melody) -> float:
        return WAITS_MS[sounds] * MELODIES.get(sounds, {}).get(melody, 1.0)
