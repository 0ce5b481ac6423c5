"""The sandbox's ear: pocketsphinx out of its wheel, hearing telephone sound through a grammar of expected sentences.

What is not expected is not understood: it comes back with a low confidence. Sound at 8 kHz is brought to the 16 kHz of the acoustic model,
with a little noise: the model knows no perfect silence. Cuts at pauses, so one utterance may hold several sentences.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import soxr

from sandbox.grammar import Grammar
from sandbox.languages import ENGLISH, untagged
from sandbox.recogniser import RATE, Guess, Piece, Samples, decoders, expect, teach
from sandbox.voice import mulaw_decode

SURE = 0.5
BLOCK_MS = 20
BLOCK = RATE * BLOCK_MS // 1000
LOUD = 90.0  # root mean square of a 20 ms block: an f or th on the telephone is hardly louder
LOUD_OVER_FLOOR = 2.5
FLOOR_RISES = 1.01  # a block
PAUSE_MS = 220  # espeak rests 160 ms at a comma and 300 at a full stop
LEAD_IN_MS = 240
LONGEST_PIECE_MS = 20_000
#: What is only understood when heard again is less sure.
SECOND_HEARING = 0.85
#: What is heard only with great patience may be anything.
MOST_FOR_A_GUESS = 0.4
#: Sentences that were said whole are guessed with 0.05 and more, pieces of them with 0.013 and less.
LEAST_FOR_A_GUESS = 0.025
#: Even slow speech takes no longer for a letter, after some silence round it. A short sentence does not explain a long mumble.
LONGEST_LETTER_MS, SILENCE_ROUND_MS = 110, 600


@dataclass(frozen=True, slots=True)
class Heard:
    """What was understood of an utterance; with a confidence under SURE it is a guess."""

    text: str
    confidence: float
    language: str = ENGLISH

    @property
    def sure(self) -> bool:
        """Whether to rely on it."""
        return self.confidence >= SURE


def _confidence(heard: Heard) -> float:
    return heard.confidence


class Registry(Protocol):
    """Phrases that others add while the ear listens."""

    @property
    def version(self) -> int:
        """Changes with the phrases."""

    def all(self) -> tuple[str, ...]:
        """The phrases."""


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
        self._patient = False  # the decoder has the grammar with wide beams too
        self._decoder: Any = None
        self._grammar = Grammar.of(())
        self._floor = 0.0
        self._piece: Piece | None = None
        self.begin()

    def begin(self) -> None:
        """A new utterance; what was left of the last is dropped."""
        self._drop()
        self._parts: list[Heard] = []
        self._rest = np.zeros(0, np.int16)
        self._lead_in: list[Samples] = []
        self._waiting: list[Samples] = []
        self._quiet_ms = 0
        self._upsampler: Any = None

    def add(self, *sentences: str) -> None:
        """More that may be said, from the next piece of speech on."""
        self._sentences.update(dict.fromkeys(sentences))

    def prepare(self) -> None:
        """Gets ready to hear, so that the first words are not kept waiting. Not during an utterance."""
        self._refresh()

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
        self._piece = Piece(self._decoder)
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
            self._decoder = decoders.take()
        teach(self._decoder, self._grammar.vocabulary())
        expect(self._decoder, self._grammar.jsgf())
        self._patient = False
        return True

    def _understand(self, piece: Piece) -> Heard:
        heard = self._read(piece.end())
        if self._refresh():  # somebody announced phrases while this was being said
            heard = max(heard, self._read(piece.again(0)), key=_confidence)
        for seed in (1001, 2002):
            if heard.sure:
                break
            other = self._read(piece.again(seed))
            heard = max(heard, Heard(other.text, round(SECOND_HEARING * other.confidence, 3)), key=_confidence)
        return heard if heard.text else self._guess(piece)

    def _guess(self, piece: Piece) -> Heard:
        """The likeliest of what is expected, if it is at all likely and fills the time that the speech took: never sure."""
        if not self._patient:
            expect(self._decoder, self._grammar.jsgf(), "patiently")
            self._patient = True
        self._decoder.activate_search("patiently")
        guess = self._read(piece.again(3003))
        self._decoder.activate_search("expected")
        if guess.confidence < LEAST_FOR_A_GUESS or piece.ms > SILENCE_ROUND_MS + LONGEST_LETTER_MS * len(guess.text):
            return Heard("", 0.0)
        return Heard(guess.text, min(guess.confidence, MOST_FOR_A_GUESS))

    def _read(self, guess: Guess) -> Heard:
        if not guess.words:
            return Heard("", 0.0)
        return Heard(self._grammar.whole(guess.words) or " ".join(guess.words), round(guess.confidence, 3))

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
        return untagged(" ".join(part for part in (*(part.text for part in self._parts), live) if part))[1]

    def final(self) -> Heard:
        """Ends the utterance. Its confidence is that of its least sure piece."""
        if self._upsampler is not None:
            self._take(self._upsampler.resample_chunk(np.zeros(0, np.int16), last=True))
        if self._rest.size:
            self._take(np.zeros(BLOCK - self._rest.size, np.int16))
        if self._piece is not None:
            self._take(np.zeros(RATE * (PAUSE_MS + BLOCK_MS) // 1000, np.int16))
            self._close_piece()
        language, text = untagged(" ".join(part.text for part in self._parts))
        heard = Heard(text, min((part.confidence for part in self._parts), default=0.0), language)
        self.begin()
        return heard

    def close(self) -> None:
        """Gives the recogniser back for the next listener. Safe to call twice."""
        self._drop()
        decoder, self._decoder, self._known = self._decoder, None, None
        if decoder is not None:
            decoders.give_back(decoder)

    def _drop(self) -> None:
        piece, self._piece = self._piece, None
        if piece is not None:
            piece.end()


def warm(sentences: Iterable[str] = ("Hello.",)) -> None:
    """Makes a recogniser ahead of need, and teaches it the words of `sentences`."""
    ear = Ear(sentences)
    ear.prepare()
    ear.close()
