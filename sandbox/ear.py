"""The sandbox's ear: pocketsphinx out of its wheel, hearing telephone sound through a grammar of expected sentences.

What is not expected is not understood: it comes back with a low confidence. Sound at 8 kHz is brought to the 16 kHz of the acoustic model,
with a little noise: the model knows no perfect silence. Cuts at pauses, so one utterance may hold several sentences.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pocketsphinx
import soxr
from numpy.typing import NDArray

from sandbox.grammar import Grammar
from sandbox.pronunciation import pronounce
from sandbox.voice import mulaw_decode

SURE = 0.5
RATE = 16_000
BLOCK_MS = 20
BLOCK = RATE * BLOCK_MS // 1000
LOUD = 90.0  # root mean square of a 20 ms block: an f or th on the telephone is hardly louder
LOUD_OVER_FLOOR = 2.5
FLOOR_RISES = 1.01  # a block
PAUSE_MS = 220  # espeak rests 160 ms at a comma and 300 at a full stop
LEAD_IN_MS = 240
LONGEST_PIECE_MS = 20_000
NOISE = 70.0
#: Where silence may lie between words. The recogniser's own 0.005 makes it hear words in silence.
SILENCE_LIKELY = 0.1
#: Cepstral means of telephone sound prepared as above; the recogniser's own guess is for a studio microphone.
MEANS = "47.8,3.4,-9.2,11.3,-5.6,-11.7,5.8,-10.3,-9.2,1.7,-5.1,-2.0,-1.3"
#: Score per frame at which a guess is as likely wrong as right, and how fast that changes.
EVEN_SCORE = -4.75
SCORE_SLOPE = 3.5
MISSING_WORDS = 2
#: What is only understood when heard again is less sure.
SECOND_HEARING = 0.85
MOST_IDLE = 6

Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Heard:
    """What was understood of an utterance; with a confidence under SURE it is a guess."""

    text: str
    confidence: float

    @property
    def sure(self) -> bool:
        """Whether to rely on it."""
        return self.confidence >= SURE


class Registry(Protocol):
    """Phrases that others add while the ear listens."""

    @property
    def version(self) -> int:
        """Changes with the phrases."""

    def all(self) -> tuple[str, ...]:
        """The phrases."""


class _Decoders:
    """Recognisers that nobody uses: making one takes a sixth of a second and 29 MB."""

    def __init__(self) -> None:
        self._idle: list[Any] = []
        self._lock = threading.Lock()

    def take(self) -> Any:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return pocketsphinx.Decoder(lm=None, loglevel="FATAL", samprate=RATE, silprob=SILENCE_LIKELY)

    def give_back(self, decoder: Any) -> None:
        with self._lock:
            if len(self._idle) < MOST_IDLE:
                self._idle.append(decoder)


_decoders = _Decoders()


def warm() -> None:
    """Makes one recogniser ahead of need."""
    _decoders.give_back(_decoders.take())


def _teach(decoder: Any, words: set[str]) -> None:
    """Has a recogniser know words, and know them as the sandbox's voice pronounces them too. An unknown word would be an error later."""
    fresh: list[tuple[str, str]] = []
    for word in sorted(words):
        phones, spelling, known = pronounce(word), word, 1
        while (pronunciation := decoder.lookup_word(spelling)) not in {None, phones}:
            known += 1
            spelling = f"{word}({known})"
        if pronunciation is None:
            fresh.append((spelling, phones))
    for spelling, phones in fresh:
        # The sounds round a word are worked out with the last one: doing so for each takes long.
        decoder.add_word(spelling, phones, spelling == fresh[-1][0])


@dataclass(frozen=True, slots=True)
class _Guess:
    words: list[str]
    score: float  # mean log likelihood per frame; the higher the better, -inf for nothing

    @property
    def confidence(self) -> float:
        if not self.words:
            return 0.0
        return 1.0 / (1.0 + math.exp(-SCORE_SLOPE * max(-50.0, self.score - EVEN_SCORE)))


def _noise(count: int, seed: int) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(0.0, NOISE, count).astype(np.float32)


class _Piece:
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

    def end(self) -> _Guess:
        """The words, for good."""
        self._decoder.end_utt()
        return self._guess()

    def again(self, seed: int) -> _Guess:
        """A second hearing of the same sound, with other noise (and by a grammar that may have grown)."""
        self._decoder.set_cmn(MEANS)
        self._decoder.start_utt()
        self._decode(np.concatenate(self._sound), seed)
        return self.end()

    def _guess(self) -> _Guess:
        words = self.words()
        said = [part for part in (self._decoder.seg() or ()) if words and part.word[0] not in "<[("]
        frames = sum(part.end_frame - part.start_frame + 1 for part in said)
        if not frames:
            return _Guess([], -math.inf)
        return _Guess(words, sum(math.log(max(part.ascore, 1e-320)) for part in said) / frames)


class Ear:
    """Hears one speaker, utterance by utterance. Not thread-safe: one call at a time, in a thread; about a fortieth of real time.

    Args:
        sentences: what may be said: sentences, and templates with slots such as {money}.
        also: phrases of others that may grow meanwhile; looked at whenever somebody begins to speak, and when something was not understood.
    """

    def __init__(self, sentences: Iterable[str] = (), *, also: Registry | None = None) -> None:
        self._sentences = dict.fromkeys(sentences)
        self._also = also
        self._known: tuple[int, int] | None = None
        self._decoder: Any = None
        self._grammar = Grammar.of(())
        self._floor = 0.0
        self.begin()

    def begin(self) -> None:
        """A new utterance."""
        self._piece: _Piece | None = None
        self._parts: list[Heard] = []
        self._rest = np.zeros(0, np.int16)
        self._lead_in: list[Samples] = []
        self._waiting: list[Samples] = []
        self._quiet_ms = 0
        self._upsampler: Any = None

    def add(self, *sentences: str) -> None:
        """More that may be said, from the next piece of speech on."""
        self._sentences.update(dict.fromkeys(sentences))

    # --- sound ---

    def feed_mulaw(self, audio: bytes) -> None:
        """More of the utterance: μ-law at 8 kHz."""
        if self._upsampler is None:
            self._upsampler = soxr.ResampleStream(8000, RATE, 1, dtype="int16", quality="LQ")
        self._take(self._upsampler.resample_chunk(mulaw_decode(audio)))

    def feed(self, pcm: bytes) -> None:
        """More of the utterance: 16-bit little-endian samples at 16 kHz."""
        self._take(np.frombuffer(pcm, "<i2").astype(np.int16))

    def _take(self, sound: Samples) -> None:
        sound = np.concatenate([self._rest, sound])
        whole = sound.size // BLOCK * BLOCK
        self._rest = sound[whole:]
        for start in range(0, whole, BLOCK):
            self._block(sound[start : start + BLOCK])
        self._flush()

    def _block(self, block: Samples) -> None:
        level = float(np.sqrt(np.mean(block.astype(np.float32) ** 2)))
        self._floor = min(level, self._floor * FLOOR_RISES + 0.1)
        loud = level >= max(LOUD, LOUD_OVER_FLOOR * self._floor)
        self._quiet_ms = 0 if loud else self._quiet_ms + BLOCK_MS
        if self._piece is None:
            self._lead_in = [*self._lead_in, block][-(LEAD_IN_MS // BLOCK_MS) :]
            if loud:
                self._open_piece()
            return
        self._waiting.append(block)
        if self._quiet_ms >= PAUSE_MS or self._piece.ms >= LONGEST_PIECE_MS:
            self._close_piece()

    def _flush(self) -> None:
        if self._piece is not None and self._waiting:
            self._piece.feed(np.concatenate(self._waiting))
            self._waiting = []

    def _open_piece(self) -> None:
        self._refresh()
        self._piece = _Piece(self._decoder)
        self._waiting, self._lead_in = self._lead_in, []

    def _close_piece(self) -> None:
        self._flush()
        piece, self._piece = self._piece, None
        if piece is not None:
            heard = self._understand(piece)
            if heard.text:
                self._parts.append(heard)

    # --- words ---

    def _refresh(self) -> bool:
        """Takes up phrases that are new. Only between pieces."""
        version = (len(self._sentences), -1 if self._also is None else self._also.version)
        if version == self._known:
            return False
        self._known = version
        more = () if self._also is None else self._also.all()
        self._grammar = Grammar.of((*self._sentences, *more))
        if self._decoder is None:
            self._decoder = _decoders.take()
        _teach(self._decoder, self._grammar.vocabulary())
        self._decoder.add_jsgf_string("expected", self._grammar.jsgf())
        self._decoder.activate_search("expected")
        return True

    def _understand(self, piece: _Piece) -> Heard:
        heard = self._read(piece.end())
        if not heard.sure:
            self._refresh()
            for seed in (1001, 2002):
                other = self._read(piece.again(seed))
                heard = max(heard, Heard(other.text, round(SECOND_HEARING * other.confidence, 3)), key=lambda one: one.confidence)
                if heard.sure:
                    break
        return heard

    def _read(self, guess: _Guess) -> Heard:
        text = self._grammar.whole(guess.words) if guess.words else ""
        if text is not None:
            return Heard(text, round(guess.confidence, 3))
        completed = self._grammar.completion(guess.words, MISSING_WORDS)
        if completed is not None:
            return Heard(completed, round(0.9 * guess.confidence, 3))
        shorter = self._grammar.whole(guess.words[:-1]) if len(guess.words) > 2 else None
        if shorter is not None:
            return Heard(shorter, round(0.9 * guess.confidence, 3))  # the last word was only breath
        return Heard(self._grammar.beginning(guess.words), round(0.4 * guess.confidence, 3))

    @property
    def pieces(self) -> tuple[Heard, ...]:
        """The pieces of the utterance that are understood for good."""
        return tuple(self._parts)

    @property
    def speaking(self) -> bool:
        """Whether a piece of speech is under way."""
        return self._piece is not None

    def partial(self) -> str:
        """The words so far; the last ones may change."""
        words = self._piece.words() if self._piece is not None else []
        live = self._grammar.beginning(words) if words else ""
        return " ".join(part for part in (*(part.text for part in self._parts), live) if part)

    def final(self) -> Heard:
        """Ends the utterance. Its confidence is that of its least sure piece."""
        if self._upsampler is not None:
            self._take(self._upsampler.resample_chunk(np.zeros(0, np.int16), last=True))
        if self._rest.size:
            self._take(np.zeros(BLOCK - self._rest.size, np.int16))
        if self._piece is not None:
            self._take(np.zeros(RATE * (PAUSE_MS + BLOCK_MS) // 1000, np.int16))
            self._close_piece()
        heard = Heard(" ".join(part.text for part in self._parts), min((part.confidence for part in self._parts), default=0.0))
        self.begin()
        return heard

    def close(self) -> None:
        """Gives the recogniser back for the next listener. Safe to call twice."""
        if self._piece is not None:
            self._piece.end()
            self._piece = None
        decoder, self._decoder, self._known = self._decoder, None, None
        if decoder is not None:
            _decoders.give_back(decoder)
