"""Does the callee mean to take the floor while Floyd speaks? Real speech does; a cough, an "mm-hm" or our own echo does not."""

from __future__ import annotations

from calls.speech.phrases import is_back_channel, words_of

#: Voice over Floyd's that takes the floor: with words of its own, with none recognised yet, and when they are a back-channel so far.
WITH_WORDS_MS, WITHOUT_WORDS_MS, BACK_CHANNEL_MS = 250, 420, 900
#: Echo is weaker than the person: over Floyd's voice a frame counts when it is at most so much below the callee's usual level.
BELOW_USUAL_DB = 12.0
FIRST_USUAL_DB = -30.0


class BargeIn:
    """Gathers evidence while Floyd speaks."""

    def __init__(self) -> None:
        self._usual_db = FIRST_USUAL_DB
        self._over_ms = 0
        self._spoken: list[str] = []
        self.playing = False
        self.interruptible = True

    def floyd_speaks(self, *, playing: bool, interruptible: bool, text: str) -> None:
        """What Floyd is doing; evidence counts from the start of its speech."""
        if playing and not self.playing:
            self._over_ms = 0
        self.playing, self.interruptible = playing, interruptible
        if text:
            self._spoken = [*self._spoken, *words_of(text)][-80:] if playing else self._spoken

    def frame(self, *, voiced: bool, level_db: float, duration_ms: int) -> bool:
        """One frame of the callee's audio; True when it holds the callee's own voice."""
        if not self.playing:
            if voiced:
                self._usual_db += 0.02 * (level_db - self._usual_db)
            return voiced
        own = voiced and level_db >= self._usual_db - BELOW_USUAL_DB
        self._over_ms = self._over_ms + duration_ms if own else max(0, self._over_ms - duration_ms // 2)
        return own

    def takes_floor(self, words: str) -> bool:
        """Whether Floyd must stop, given what was recognised of the callee's utterance so far."""
        if not self.playing or not self.interruptible:
            return False
        if not words:
            return self._over_ms >= WITHOUT_WORDS_MS
        if self.is_echo(words):
            return False
        return self._over_ms >= (BACK_CHANNEL_MS if is_back_channel(words) else WITH_WORDS_MS)

    def words_take_floor(self, words: str) -> bool:
        """Whether recognised words alone are enough: two or more that are neither a back-channel nor our own."""
        real = len(words_of(words)) >= 2 and not is_back_channel(words) and not self.is_echo(words)
        return self.playing and self.interruptible and (real or self.takes_floor(words))

    def was_false_alarm(self) -> None:
        """Floyd was stopped by a voice of which no words were made out: the next one must be clearer."""

    def is_echo(self, words: str) -> bool:
        """Whether at least two words are just what Floyd said a moment ago, in its order."""
        heard = words_of(words)
        if len(heard) < 2:
            return False
        return any(self._spoken[at : at + len(heard)] == heard for at in range(len(self._spoken) - len(heard) + 1))
