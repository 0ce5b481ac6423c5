"""A process that only hears. The recogniser holds the interpreter's lock for up to a third of a second, which no frame of a call may wait for.

Requests come on standard input, each a line of JSON and `size` bytes of sound; answers go to standard output in the same order, a line each.
Ends when its input does, so it never outlives who started it.
"""

from __future__ import annotations

import json
import signal
import sys
from typing import Any

from sandbox import ear
from sandbox.ear import Ear


class Others:
    """What others may say, as the starter last told."""

    def __init__(self) -> None:
        self.version = 0
        self._phrases: tuple[str, ...] = ()

    def all(self) -> tuple[str, ...]:
        """The phrases."""
        return self._phrases

    def replace(self, phrases: list[str]) -> None:
        """Takes what is said now."""
        self._phrases = tuple(phrases)
        self.version += 1


class Ears:
    """The open ears of this process."""

    def __init__(self) -> None:
        self._ears: dict[int, tuple[Ear, Others]] = {}

    def do(self, request: dict[str, Any], sound: bytes) -> dict[str, Any]:
        """Carries out one request."""
        number, what = request["ear"], request["do"]
        if what == "open":
            others = Others()
            self._ears[number] = Ear(request["sentences"], also=others), others
            return {}
        if what == "close":
            if number in self._ears:
                self._ears.pop(number)[0].close()
            return {}
        one, others = self._ears[number]
        if "others" in request:
            others.replace(request["others"])
        if what == "begin":
            one.begin()
            return {}
        if what == "feed":
            one.feed_mulaw(sound)
            return {"text": one.partial()}
        if what == "feed_pcm":
            one.feed(sound)
            return {"text": one.partial()}
        heard = one.final()
        return {"text": heard.text, "confidence": heard.confidence, "language": heard.language}


def main() -> None:
    """Answers until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started this; the end of the input is for us
    ear.warm()
    ears = Ears()
    while line := sys.stdin.buffer.readline():
        request = json.loads(line)
        sound = sys.stdin.buffer.read(request.get("size", 0))
        try:
            answer = ears.do(request, sound)
        except (ValueError, KeyError, RuntimeError) as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
