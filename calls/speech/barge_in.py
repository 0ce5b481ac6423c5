"""Does the callee mean to take the floor while Floyd speaks? Real speech does; a cough, an "mm-hm" or our own echo does not.

A clear voice takes it fast: its run has lasted a while, enough of it was strongly voiced at the callee's own level, and it did not begin with
a burst that is louder than its vowels, as a cough does. Anything else needs more voice, or words. Whoever turned out to say "okay" or to cough
in this way is given more time from then on.
"""

from __future__ import annotations

from calls.speech.phrases import is_back_channel, words_of

#: A clear voice: so long a run, with so many points of voicing, and vowels louder by so much than what is not voiced.
CLEAR_RUN_MS, CLEAR_POINTS, BURST_DB = 120, 3, 3.0
#: A voiced frame scores twice when it is above the callee's usual level by this much, and once when it is not further below.
LOUD_DB, AUDIBLE_DB = 2.0, -3.0
VOICED = 0.6
#: Voice over Floyd's that takes the floor otherwise: with words of its own, with none recognised yet, and when they are a back-channel so far.
WITH_WORDS_MS, WITHOUT_WORDS_MS, BACK_CHANNEL_MS = 200, 420, 900
#: Echo is weaker than the person: over Floyd's voice a frame counts when it is at most so much below the callee's usual level.
BELOW_USUAL_DB = 6.0
FIRST_USUAL_DB = -30.0
#: A run of voice is over after so long a gap.
GAP_MS = 60


class BargeIn:
    """Gathers evidence while Floyd speaks."""

    def __init__(self) -> None:
        self._usual_db = FIRST_USUAL_DB
        self._over_ms = 0
        self._run_ms = self._gap_ms = 0
        self._points = 0
        self._vowel_db = self._burst_db = -100.0
        self._patient = False
        self._spoken: list[str] = []
        self.playing = False
        self.interruptible = True

    def floyd_speaks(self, *, playing: bool, interruptible: bool, text: str) -> None:
        """What Floyd is doing; evidence counts from the start of its speech, but a voice that goes on then has begun before."""
        if playing and not self.playing:
            self._over_ms = self._points = 0
            self._vowel_db = self._burst_db = -100.0
        self.playing, self.interruptible = playing, interruptible
        if text:
            self._spoken = [*self._spoken, *words_of(text)][-80:] if playing else self._spoken

    def frame(self, *, voiced: bool, level_db: float, duration_ms: int, periodicity: float = 0.0) -> bool:
        """One frame of the callee's audio; True when it holds the callee's own voice. `periodicity` matters while Floyd speaks."""
        self._follow_run(voiced=voiced, duration_ms=duration_ms)
        if not self.playing:
            if voiced:
                self._usual_db += 0.02 * (level_db - self._usual_db)
            return voiced
        if voiced:
            self._score(level_db, periodicity)
        own = voiced and level_db >= self._usual_db - BELOW_USUAL_DB
        self._over_ms = self._over_ms + duration_ms if own else max(0, self._over_ms - duration_ms // 2)
        return own

    def takes_floor(self, words: str) -> bool:
        """Whether Floyd must stop, given what was recognised of the callee's utterance so far."""
        if not self.playing or not self.interruptible:
            return False
        if not words:
            return self._is_clear_voice() or self._over_ms >= WITHOUT_WORDS_MS * (1 + self._patient)
        if self.is_echo(words):
            return False
        return self._over_ms >= (BACK_CHANNEL_MS if is_back_channel(words) else WITH_WORDS_MS)

    def words_take_floor(self, words: str) -> bool:
        """Whether recognised words alone are enough: two or more that are neither a back-channel nor our own."""
        real = len(words_of(words)) >= 2 and not is_back_channel(words) and not self.is_echo(words)
        return self.playing and self.interruptible and (real or self.takes_floor(words))

    def turned_out(self, *, real: bool) -> None:
        """What Floyd was stopped by: speech, or only a noise or a back-channel, after which the next one must be clearer."""
        self._patient = not real

    def is_echo(self, words: str) -> bool:
        """Whether at least two words are just what Floyd said a moment ago, in its order."""
        heard = words_of(words)
        if len(heard) < 2:
            return False
        return any(self._spoken[at : at + len(heard)] == heard for at in range(len(self._spoken) - len(heard) + 1))

    def _follow_run(self, *, voiced: bool, duration_ms: int) -> None:
        """How long a voice has lasted, short gaps included."""
        if voiced:
            self._run_ms += self._gap_ms + duration_ms
            self._gap_ms = 0
        elif self._run_ms:
            self._gap_ms += duration_ms
            if self._gap_ms > GAP_MS:
                self._run_ms = self._gap_ms = self._points = 0
                self._vowel_db = self._burst_db = -100.0

    def _score(self, level_db: float, periodicity: float) -> None:
        if periodicity < VOICED:
            self._burst_db = max(self._burst_db, level_db)
            return
        self._vowel_db = max(self._vowel_db, level_db)
        if level_db >= self._usual_db + LOUD_DB:
            self._points += 2
        elif level_db >= self._usual_db + AUDIBLE_DB:
            self._points += 1

    def _is_clear_voice(self) -> bool:
        if self._patient or self._run_ms < CLEAR_RUN_MS or self._points < CLEAR_POINTS:
            return False
        return self._burst_db <= self._vowel_db - BURST_DB
