"""The carrier's voice in a ConversationRelay session: tokens become sentences, sentences sound, and it is known what of them was heard."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from sandbox.twilio import tones
from sandbox.twilio.line import Line
from sandbox.twilio.relay_frames import TextReceived
from sandbox.words import sentences

#: text, language → μ-law in pieces, faster than real time.
Read = Callable[[str, str], AsyncIterator[bytes]]


@dataclass(slots=True)
class Piece:
    """What is made into sound at once: a sentence, keys, or a recording."""

    text: str
    interruptible: bool
    preemptible: bool
    language: str = ""
    audio: bytes = b""  # sound that is there already
    begins: float = 0.0
    ends: float = 0.0
    made: bool = False

    def heard(self, now: float) -> str:
        """The words of it that were heard by now: in proportion, whole ones."""
        words = self.text.split()
        whole = self.ends - self.begins
        if now >= self.ends and self.made:
            return self.text
        share = 0.0 if whole <= 0 else max(0.0, min(1.0, (now - self.begins) / whole))
        return " ".join(words[: int(share * len(words))])


class RelayVoice:
    """Speaks on one line, in order.

    Args:
        line: the call's audio.
        read: makes sound.
        tell: is told the name and value of what happens (`agentSpeaking`, `tokensPlayed`).
    """

    def __init__(self, line: Line, read: Read, tell: Callable[[str, str], None]) -> None:
        self._line = line
        self._read = read
        self._tell = tell
        self._queue: deque[Piece] = deque()
        self._playing: deque[Piece] = deque()  # sound of it was given to the line
        self._marks: dict[str, Piece] = {}
        self._count = 0
        self._open = ""  # tokens of a sentence that is not whole yet
        self._arrived = asyncio.Event()
        self._making: asyncio.Task[None] | None = None
        self._speaking = False

    @property
    def speaking(self) -> bool:
        """Whether something is being said or waits to be."""
        return bool(self._queue or self._playing)

    @property
    def interruptible(self) -> bool:
        """Whether what is being said may be interrupted."""
        return all(piece.interruptible for piece in (*self._playing, *list(self._queue)[:1]))

    def text(self, token: TextReceived, language: str) -> None:
        """More words; what is whole is said, at the end of what belongs together all of it."""
        if not self._open and token.token.strip():
            self._preempt()
        whole = sentences(self._open + token.token)
        self._open = "" if token.last or not whole else whole.pop()
        if self._open and token.token.endswith(" "):
            self._open += " "
        for sentence in whole:
            if sentence.strip():
                self._put(Piece(sentence.strip(), token.interruptible, token.preemptible, token.language or language))

    def digits(self, digits: str) -> None:
        """Keys, behind what is being said."""
        self._put(Piece(digits, interruptible=False, preemptible=False, audio=tones.keys(digits)))

    def sound(self, audio: bytes, *, interruptible: bool, preemptible: bool) -> None:
        """A recording, behind what is being said."""
        self._preempt()
        self._put(Piece("", interruptible, preemptible, audio=audio))

    def _put(self, piece: Piece) -> None:
        self._queue.append(piece)
        self._arrived.set()

    def _preempt(self) -> None:
        """What may be cut by what follows is."""
        said = (*self._playing, *self._queue)
        if said and all(piece.preemptible for piece in said):
            self.stop()

    def stop(self) -> tuple[str, int]:
        """Falls silent and forgets the rest. Returns what was heard of the sentence being said, and for how many ms it was."""
        now = self._line.now()
        current = next((piece for piece in self._playing if not piece.made or piece.ends > now), None)
        heard = ("", 0) if current is None else (current.heard(now), max(0, round((now - current.begins) * 1000)))
        self._queue.clear()
        self._playing.clear()
        self._marks.clear()
        self._open = ""
        if self._making is not None:
            self._making.cancel()
        self._line.playout.clear(now)
        self._line.playout.due(now)
        self._silent()
        return heard

    def played(self, marks: list[str]) -> None:
        """Pieces that were heard to their end."""
        for name in marks:
            piece = self._marks.pop(name, None)
            if piece is not None and piece in self._playing:
                self._playing.remove(piece)
                if piece.text:
                    self._tell("tokensPlayed", piece.text)
        if marks and not self.speaking:
            self._silent()

    def _silent(self) -> None:
        if self._speaking:
            self._speaking = False
            self._tell("agentSpeaking", "off")

    async def run(self) -> None:
        """Makes sound of what is to be said, until cancelled."""
        try:
            while True:
                while not self._queue:
                    self._arrived.clear()
                    await self._arrived.wait()
                piece = self._queue.popleft()
                self._playing.append(piece)
                self._making = asyncio.create_task(self._make(piece), name="relay voice")
                await asyncio.wait([self._making])
                if not self._making.cancelled():
                    self._making.result()
                self._making = None
        finally:
            if self._making is not None:
                self._making.cancel()

    async def _make(self, piece: Piece) -> None:
        if piece.audio:
            self._play(piece, piece.audio)
        else:
            async for audio in self._read(piece.text, piece.language):
                self._play(piece, audio)
        piece.made = True
        self._count += 1
        name = f"p{self._count}"
        self._marks[name] = piece
        self._line.playout.mark(name, self._line.now())

    def _play(self, piece: Piece, audio: bytes) -> None:
        now = self._line.now()
        if not piece.ends:
            piece.begins = max(now, self._line.playout.end)
        self._line.playout.media(audio, now)
        piece.ends = self._line.playout.end
        if not self._speaking:
            self._speaking = True
            self._tell("agentSpeaking", "on")
