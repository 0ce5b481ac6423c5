"""Lines on the terminal (or in a file), each labelled with the process it comes from."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from typing import TextIO

COLOURS = {"web": 36, "media": 32, "worker": 33, "beat": 35, "sandbox": 34, "floyd": 1}
LABEL_WIDTH = 7


def wants_colour(stream: TextIO) -> bool:
    """Whether to colour: a terminal that did not ask to be spared (no-color.org), or FORCE_COLOR."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or stream.isatty()


@dataclass
class Output:
    """Writes labelled lines to `stream`."""

    stream: TextIO = field(default_factory=lambda: sys.stdout)
    colour: bool = False

    def line(self, label: str, text: str) -> None:
        """One line of a process; `floyd` is the supervisor itself."""
        name = f"{label:<{LABEL_WIDTH}}"
        if self.colour:
            name = f"\033[{COLOURS.get(label, 37)}m{name}\033[0m"
        self._write(f"{name} | {text}\n")

    def say(self, text: str) -> None:
        """A line of the supervisor's own."""
        self.line("floyd", text)

    def block(self, text: str) -> None:
        """Text without labels, to be found again among them."""
        self._write(text + "\n")

    def _write(self, text: str) -> None:
        try:
            self.stream.write(text)
            self.stream.flush()
        except (BrokenPipeError, OSError, ValueError):
            # The reader is gone (a closed terminal, `| head`): the processes still have to be stopped in order.
            self.stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
