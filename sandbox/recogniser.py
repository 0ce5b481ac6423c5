"""pocketsphinx out of its wheel, prepared for telephone sound: one stretch of speech between pauses in, words and their likelihood out."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
import pocketsphinx
from numpy.typing import NDArray

from sandbox.grammar import Spelling
from sandbox.pronunciation import pronounce

RATE = 16_000
#: The acoustic model knows no perfect silence, so a little noise is mixed in (root mean square).
NOISE = 85.0
#: Where silence may lie between words. The recogniser's own 0.005 makes it hear words in silence.
SILENCE_LIKELY = 0.1
#: Cepstral means of telephone sound prepared as above; the recogniser's own guess is for a studio microphone.
MEANS = "50.6,3.4,-8.6,10.6,-5.1,-11.7,4.0,-10.8,-8.6,2.2,-5.3,-1.4,-0.9"
#: How likely a guess is right, by its mean score per frame and that of its worst word: a logistic fit over expected and unexpected sentences.
MEAN_WEIGHT, WORST_WEIGHT, BIAS = 2.1, 0.5, 10.85
#: The recogniser tells the scores of words in such units.
SCORE_UNIT = 1024
MOST_IDLE = 6
#: How much less likely than the best path another may be before it is given up. A path that is given up cannot end the sentence: with the
#: usual beams what is not expected is not heard, and neither, now and then, is a sentence among many that begin like it.
BEAMS = {"expected": {"beam": 1e-48, "pbeam": 1e-48, "wbeam": 7e-29}, "patiently": {"beam": 1e-120, "pbeam": 1e-120, "wbeam": 1e-80}}

Samples = NDArray[np.int16]


class Decoders:
    """Recognisers that nobody uses: making one takes a sixth of a second and 29 MB."""

    def __init__(self) -> None:
        self._idle: list[Any] = []
        self._lock = threading.Lock()

    def take(self) -> Any:
        """One for somebody's own use."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
        # Its search for a better path forgets where sentences end, and then prefers half of one with a long last word.
        return pocketsphinx.Decoder(lm=None, loglevel="FATAL", samprate=RATE, silprob=SILENCE_LIKELY, bestpath=False)

    def give_back(self, decoder: Any) -> None:
        """It is needed no more."""
        with self._lock:
            if len(self._idle) < MOST_IDLE:
                self._idle.append(decoder)


decoders = Decoders()


def warm() -> None:
    """Makes one recogniser ahead of need."""
    decoders.give_back(decoders.take())


def teach(decoder: Any, words: set[Spelling]) -> None:
    """Has a recogniser know words, and know them as the sandbox's voice pronounces them too. An unknown word would be an error later."""
    fresh: dict[str, str] = {}
    for one in sorted(words):
        word, phones = one.word, pronounce(one.written, one.language)
        spelling, known = word, 1
        while (pronunciation := fresh.get(spelling) or decoder.lookup_word(spelling)) not in {None, phones}:
            known += 1
            spelling = f"{word}({known})"
        if pronunciation is None:
            fresh[spelling] = phones
    for place, (spelling, phones) in enumerate(fresh.items(), 1):
        # The sounds round a word are worked out with the last one: doing so for each takes long.
        decoder.add_word(spelling, phones, place == len(fresh))


def expect(decoder: Any, jsgf: str, how: str = "expected") -> None:
    """Has a recogniser hear by a grammar, with the beams of `how`."""
    for name, value in BEAMS[how].items():
        decoder.config[name] = value  # a search takes them up when it is made
    decoder.add_jsgf_string(how, jsgf)
    decoder.activate_search(how)


@dataclass(frozen=True, slots=True)
class Guess:
    """Words, and their log likelihood per frame (against the best sound for each frame): of all, and of the worst word."""

    words: list[str]
    mean: float = -math.inf
    worst: float = -math.inf

    @property
    def confidence(self) -> float:
        """How likely it is right, 0 to 1."""
        if not self.words:
            return 0.0
        return 1.0 / (1.0 + math.exp(-max(-50.0, MEAN_WEIGHT * self.mean + WORST_WEIGHT * self.worst + BIAS)))


def _noise(count: int, seed: int) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(0.0, NOISE, count).astype(np.float32)


class Piece:
    """Decodes one stretch of speech between pauses."""

    def __init__(self, decoder: Any) -> None:
        self._decoder = decoder
        self._sound: list[Samples] = []
        decoder.set_cmn(MEANS)
        decoder.start_utt()

    @property
    def ms(self) -> int:
        """How long it is."""
        return sum(part.size for part in self._sound) * 1000 // RATE

    def feed(self, sound: Samples) -> None:
        """More of it."""
        self._sound.append(sound)
        self._decode(sound, len(self._sound))

    def _decode(self, sound: Samples, seed: int) -> None:
        noisy = np.clip(sound.astype(np.float32) + _noise(sound.size, seed), -32_768, 32_767).astype(np.int16)
        self._decoder.process_raw(noisy.tobytes())

    def words(self) -> list[str]:
        """The words so far."""
        hypothesis = self._decoder.hyp()
        return hypothesis.hypstr.split() if hypothesis else []

    def end(self) -> Guess:
        """The words, for good: a whole sentence or run of clauses, or none."""
        self._decoder.end_utt()
        return self._guess()

    def again(self, seed: int) -> Guess:
        """A second hearing of the same sound, with other noise (and by a grammar that may have grown)."""
        self._decoder.set_cmn(MEANS)
        self._decoder.start_utt()
        self._decode(np.concatenate(self._sound), seed)
        return self.end()

    def _guess(self) -> Guess:
        words = self.words()
        said = [part for part in (self._decoder.seg() or ()) if words and part.word[0] not in "<[("]
        if not said:
            return Guess([])
        frames = [part.end_frame - part.start_frame + 1 for part in said]
        scores = [SCORE_UNIT * math.log(max(part.ascore, 1e-320)) for part in said]
        return Guess(words, sum(scores) / sum(frames), min(score / count for score, count in zip(scores, frames, strict=True)))
