"""What a file holds, as it was read. Pure; JSON in and out, since files are read in a process of their own."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from context.marking import noop

MOST_BYTES = 2 * 1024 * 1024
MOST_ITEMS = 2000
#: What reading a file may take.
SECONDS, MEMORY_BYTES = 10, 512 * 1024 * 1024
MOST_TROUBLES = 50


class UnreadableError(Exception):
    """Nothing of the file can be used. The message says why and what to do."""

    permanent = True


@dataclass(slots=True)
class Found:
    """Items and what was left out, with the reason.

    Attributes:
        items: `{"kind": "contact" | "entry" | "fact", …}` with the fields of the model, moments in ISO 8601.
        troubles: sentences, each with the place in the file.
        notes: what the user should know, e.g. up to when repeating appointments were taken.
    """

    items: list[dict[str, Any]] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, **item: Any) -> None:
        """Takes an item.

        Raises:
            UnreadableError: there are too many.
        """
        if len(self.items) >= MOST_ITEMS:
            raise UnreadableError(
                noop("There are more than %(most_items)s entries in this file. Nothing was taken; split it and import the parts.")
                % {"most_items": MOST_ITEMS}
            )
        self.items.append(item)

    def leave_out(self, where: str, why: str) -> None:
        """Notes what was left out; of very many the first ones."""
        if len(self.troubles) < MOST_TROUBLES:
            self.troubles.append(f"{where}: {why}")
        elif len(self.troubles) == MOST_TROUBLES:
            self.troubles.append(noop("There is more that was left out."))

    def to_json(self) -> dict[str, Any]:
        """For the other process."""
        return asdict(self)


def one_line(text: str, length: int) -> str:
    """Text without line breaks and control characters, cut to length."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:length]
