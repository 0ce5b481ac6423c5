"""What must be true of a call to somebody awkward: checks that look at its rows, and at what was heard at the other end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from calls.models import TranscriptLine
from floyd_site.stage import must
from floyd_site.terminal.state import CallState

DISCLOSURE = "AI assistant"
#: Key tones must last so long for every menu to take them (ITU-T Q.24); longer is dawdling.
KEY_MS = range(40, 301)
Check = Callable[["Aftermath"], None]


@dataclass(frozen=True, slots=True)
class Aftermath:
    """A call that is over.

    Attributes:
        call: its rows.
        other_end: what was heard, pressed and recorded at the other end, as the sandbox tells it.
    """

    call: CallState
    other_end: dict[str, Any]

    def lines(self, speaker: str) -> list[TranscriptLine]:
        """What one side said, in order."""
        return [line for line in self.call.lines if line.speaker == speaker]

    def heard_there(self) -> list[tuple[str, str]]:
        """Speaker and words at the other end, in order."""
        return [(line["speaker"], line["text"]) for line in self.other_end["transcript"] if line["text"]]

    def report(self) -> str:
        """The call as it was at the other end, to see what went wrong."""
        lines = [
            f"{line['at_ms'] / 1000:6.1f} {line['speaker']:7}{line['text']}{'' if line['sure'] else ' (unsure)'}"
            for line in self.other_end["transcript"]
        ]
        keys = [f"{tone['at_ms'] / 1000:6.1f} key {tone['digit']} {tone['ms']} ms {tone['wrong']}" for tone in self.other_end["pressed"]]
        return "\n".join(["At the other end:", *lines, *keys])


def pressed(keys: str) -> Check:
    """Exactly these keys were heard in Floyd's audio, as long as they must be."""

    def check(after: Aftermath) -> None:
        # A vowel may look like a key for a moment; it does not count there either.
        tones = [tone for tone in after.other_end["pressed"] if not tone["wrong"]]
        heard = "".join(tone["digit"] for tone in tones)
        must(heard == keys, f"the keys heard were {heard or 'none'}, not {keys}")
        _right_length(tones)

    return check


def pressed_some(key: str) -> Check:
    """This key was among those pressed."""

    def check(after: Aftermath) -> None:
        tones = [tone for tone in after.other_end["pressed"] if not tone["wrong"]]
        must(key in [tone["digit"] for tone in tones], f"{key} was never pressed")
        _right_length(tones)

    return check


def _right_length(tones: list[dict[str, Any]]) -> None:
    lengths = [tone["ms"] for tone in tones]
    must(all(ms in KEY_MS for ms in lengths), f"key tones of {lengths} ms")


def introduced(times: int) -> Check:
    """The disclosure was heard so often (or more): once by everybody who is a person."""

    def check(after: Aftermath) -> None:
        count = sum(line.text.count(DISCLOSURE) for line in after.lines("floyd"))
        must(count >= times, f"the introduction was heard {count} times, not {times}")

    return check


def silent_until(words: str) -> Check:
    """Not a word of Floyd's was heard at the other end before these were said there."""

    def check(after: Aftermath) -> None:
        said = after.heard_there()
        place = next((at for at, (who, text) in enumerate(said) if who == "callee" and words in text), None)
        must(place is not None, f"“{words}” was never said")
        before = [text for who, text in said[:place] if who == "floyd"]
        must(not before, f"Floyd talked to a machine: {before}")

    return check


def silent_between(first: str, second: str, *, but: int = 0) -> Check:
    """Floyd said nothing (or so few things) between these words of the other end."""

    def check(after: Aftermath) -> None:
        said = after.heard_there()
        places = [next((at for at, (who, text) in enumerate(said) if who == "callee" and words in text), None) for words in (first, second)]
        must(None not in places, f"“{first}” and “{second}” were not both said")
        start, end = places[0] or 0, places[1] or 0
        between = [text for who, text in said[start:end] if who == "floyd"]
        must(len(between) <= but, f"Floyd said in between: {between}")

    return check


def recorded(*parts: str) -> Check:
    """The mailbox kept these words; without any: it kept none."""

    def check(after: Aftermath) -> None:
        kept = " ".join(line["text"] for line in after.other_end["recording"] or [])
        must(bool(kept) == bool(parts), f"the mailbox kept: {kept or 'nothing'}")
        for part in parts:
            must(part.lower() in kept.lower(), f"the mailbox did not keep “{part}” but: {kept}")

    return check


def heard_there(words: str) -> Check:
    """Floyd was heard to say this at the other end."""

    def check(after: Aftermath) -> None:
        must(any(who == "floyd" and words.lower() in text.lower() for who, text in after.heard_there()), f"Floyd was not heard to say “{words}”")

    return check


def in_one_line(*parts: str) -> Check:
    """The callee's words, pauses and all, are one line of the transcript."""

    def check(after: Aftermath) -> None:
        lines = [line.text for line in after.lines("callee")]
        must(any(all(part.lower() in line.lower() for part in parts) for line in lines), f"{parts} are not one line of: {lines}")

    return check


def uncut(words: str) -> Check:
    """The sentence of Floyd's with these words was heard to its end."""

    def check(after: Aftermath) -> None:
        lines = [line for line in after.lines("floyd") if words in (line.intended or line.text)]
        must(lines, f"Floyd never meant to say “{words}”")
        must(any(words in line.text for line in lines), f"“{words}” was cut: {[line.text for line in lines]}")

    return check
