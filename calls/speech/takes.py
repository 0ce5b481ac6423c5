"""Sound that a model made together with its words: which part of it belongs to which clause, and how much of it was heard. Pure.

The words come with no word on when each is said. A clause that may be said lets its own sound through and no more: where it ends is worked out from
the number of letters, cautiously while more sound is to come, and moved to the nearest pause before that. When the clause behind it may be said too,
or nothing is behind it, there is nothing to keep back.

How to drive it:

    takes.words(item, text), takes.words_whole(item), takes.sound(item, audio)     # as the model tells
    part = takes.claim(text)               # a clause may be said: its part of the sound, or None when it has none
    audio = takes.due(part)                # whenever more came, until `part.done`
    takes.settled()                        # no further clause of the reply will be claimed
    takes.heard(part, ms, cut=…)           # how much of it the other side heard
    for item, heard_ms in takes.cuts(): …  # what the model must be told was not heard
"""

from __future__ import annotations

from dataclasses import dataclass, field

from calls.speech.mulaw import BYTES_PER_MS, level_db

#: No voice speaks faster: until all of an item's sound is there, so much a letter (or digit) is sure to be sound of the clause itself.
MS_PER_LETTER = 45
#: A clause's end is looked for in the last part of what it should take; the quietest stretch is a pause.
LOOK_BACK, PAUSE_MS, STEP_MS = 0.25, 60, 20
#: Less than this that was not heard is not worth telling.
LEAST_CUT_MS = 40


def letters_of(text: str) -> str:
    """What is compared: letters and digits."""
    return "".join(char for char in text.casefold() if char.isalnum())


@dataclass(slots=True)
class Part:
    """The sound of one clause."""

    take: Take
    first_letter: int
    end_letter: int
    first_byte: int | None = None  # where its sound begins, once that is known
    given: int = 0
    done: bool = False


@dataclass(slots=True)
class Take:
    """One item of the model's: words and sound."""

    item: str
    letters: str = ""
    audio: bytearray = field(default_factory=bytearray)
    words_whole: bool = False
    sound_whole: bool = False
    settled: bool = False
    parts: list[Part] = field(default_factory=list)
    cursor: int = 0  # letters that were claimed
    resumes: bool = False  # it was cut: what is claimed next may lie further on
    barred: bool = False  # a clause of it may not be said: no more of its sound is let through
    heard_bytes: int = 0
    told: bool = False

    @property
    def heard_ms(self) -> int:
        """How much of it was heard."""
        return min(self.heard_bytes, len(self.audio)) // BYTES_PER_MS


class Takes:
    """All that the model of one call said."""

    def __init__(self) -> None:
        self._takes: dict[str, Take] = {}

    # --- what the model tells ---

    def words(self, item: str, text: str) -> None:
        """More words."""
        self._take(item).letters += letters_of(text)

    def words_whole(self, item: str) -> None:
        """There are no more words of this item."""
        self._take(item).words_whole = True

    def sound(self, item: str, audio: bytes) -> None:
        """More sound."""
        self._take(item).audio += audio

    def over(self) -> None:
        """The model has finished its reply, or broke it off: what there is is all."""
        for take in self._takes.values():
            if not take.sound_whole:
                take.words_whole = take.sound_whole = True

    def settled(self) -> None:
        """No further clause of what the model said will be claimed, but for those that are taken up again."""
        for take in self._takes.values():
            take.settled = True

    def _take(self, item: str) -> Take:
        return self._takes.setdefault(item, Take(item))

    # --- what may be said ---

    def claim(self, text: str) -> Part | None:
        """The sound of a clause, if it goes on where the clause before it ended; None when another voice has to say it."""
        take, wanted = next(reversed(self._takes.values()), None), letters_of(text)
        if take is None or take.barred or take.told or not wanted:
            return None
        at = take.letters.find(wanted, take.cursor) if take.resumes else take.cursor
        if at < 0 or not take.letters.startswith(wanted, at):
            # What comes later in this item lies behind words that were refused.
            take.barred = not take.resumes
            return None
        part = Part(take, at, at + len(wanted))
        if take.resumes or not take.parts:
            part.first_byte = self._place(take, at)
        take.resumes = False
        take.cursor = part.end_letter
        take.parts.append(part)
        return part

    def due(self, part: Part) -> bytes:
        """The sound that may be played now, behind what was given of the part before."""
        if part.done:
            return b""
        take, at = part.take, part.take.parts.index(part) if part in part.take.parts else -1
        if at < 0:
            part.done = True
            return b""
        if part.first_byte is None:
            before = take.parts[at - 1]
            if not before.done:
                return b""
            part.first_byte = (before.first_byte or 0) + before.given
        limit, final = self._limit(part, followed=at + 1 < len(take.parts))
        audio = bytes(take.audio[part.first_byte + part.given : limit])
        part.given += len(audio)
        part.done = final and len(take.audio) >= limit
        return audio

    def _limit(self, part: Part, *, followed: bool) -> tuple[int, bool]:
        """Up to which byte its sound may go, and whether that is its end."""
        take, begun = part.take, (part.first_byte or 0) + part.given
        everything = part.end_letter >= len(take.letters) and take.words_whole
        if everything:
            return len(take.audio), take.sound_whole
        end = self._place(take, part.end_letter)
        if followed:
            return max(begun, end), True
        if take.settled and take.sound_whole:
            return max(begun, self._pause_before(take, part, end)), True
        return max(begun, end), False

    def _place(self, take: Take, letter: int) -> int:
        """Where a letter is said, as a byte."""
        if take.sound_whole and take.letters:
            return len(take.audio) * letter // len(take.letters)
        return letter * MS_PER_LETTER * BYTES_PER_MS

    def _pause_before(self, take: Take, part: Part, end: int) -> int:
        """The quietest moment shortly before a byte."""
        start = part.first_byte or 0
        window, step = PAUSE_MS * BYTES_PER_MS, STEP_MS * BYTES_PER_MS
        places = range(max(start, end - int((end - start) * LOOK_BACK)), max(start, min(end, len(take.audio) - window)) + 1, step)
        return min(places, key=lambda at: level_db(bytes(take.audio[at : at + window])), default=end)

    # --- what was heard ---

    def heard(self, part: Part, ms: int, *, cut: bool) -> None:
        """So much of a part was heard; `cut`: and no more of it will be, unless it is taken up again."""
        take, start = part.take, part.first_byte or 0
        length = min(ms * BYTES_PER_MS, part.given) if cut else part.given
        if length:
            take.heard_bytes = max(take.heard_bytes, start + length)
        if cut and part in take.parts:
            del take.parts[take.parts.index(part) :]
            take.cursor, take.resumes, part.done = min(take.cursor, part.first_letter), True, True

    def cuts(self) -> list[tuple[str, int]]:
        """Items of which not all was heard, and how many ms were. Each is told once; it is not taken up again then."""
        found: list[tuple[str, int]] = []
        for take in self._takes.values():
            if take.told or not take.sound_whole:
                continue
            take.told = True
            if len(take.audio) // BYTES_PER_MS - take.heard_ms >= LEAST_CUT_MS:
                found.append((take.item, take.heard_ms))
            take.audio.clear()
        return found
