"""What callers change and take back of what they have: lines of an order, and tours. It reads their words, in the English of the rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.mind.caller_words import DAY, HOUR, YES
from sandbox.mind.findings import Result
from sandbox.mind.thought import Thought, ToolUse
from sandbox.mind.tongues import Tongue

#: As a tool names a line: "line 2: 1 large Hawaiian with mushroom and ham (well done), $21.94".
_LINE = re.compile(r"line (?P<number>\d+): \d+ (?:(?:small|medium|large) )?(?P<name>.+?)(?: with (?P<toppings>[^(]+?))?(?: \(.+\))?, [^,]+")
_ORDERED_BY = frozenset({"add_item", "change_item", "remove_item"})
_OFF = re.compile(
    r"\b(?:remove|delete|drop|cancel|forget|leave (?:out|off)|take (?:off|out|away|back)|(?:do not|don't) want|without)\b"
    r"|\b(?:take|leave)\b.+\b(?:off|out|away)\b",
    re.I,
)
_OTHERWISE = re.compile(r"\b(?:make|change|switch|instead|rather)\b|\b(?:put|add)\b.+\b(?:on|to)\b", re.I)
_IT = re.compile(r"\b(?:it|that|that one|the last one)\b", re.I)
_SIZE = re.compile(r"(?<!instead of the )(?<!instead of a )\b(small|medium|large)\b", re.I)
_COUNT = re.compile(r"\b(?:make|change|switch)\b.*?\b(?:(?:it|that|them|to) (two|three|four|five|one)|(two|three|four|five) of)\b", re.I)
_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_ON_IT = re.compile(r"\b(?:put|add) (?!an? |one |two |three |me )(?:extra |some )?([a-z][a-z ]*?) (?:on|to) (?!(?:my|the|our) order\b)", re.I)
_NOTE = re.compile(r"\b(?:the )?([a-z]+ on the side)\b", re.I)
_CALL_OFF = re.compile(
    r"\b(?:cancel|call off)\b.*\b(?:tour|appointments?|visit|it|that)\b|\bcall\b.+\boff\b|\b(?:can't|cannot) (?:make|come)\b", re.I
)
_NO = re.compile(r"^\s*(?:no|nope)\b", re.I)
_CLOCK = re.compile(rf"\bat ({HOUR})|\b(\d{{1,2}}(?::\d\d| ?[ap]\.? ?m\b\.?))", re.I)
#: A wish to call a tour off is followed up so many utterances long.
_FOLLOWED = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an order, as a tool told it."""

    number: int
    name: str
    toppings: tuple[str, ...] = ()


def amended(said: str, results: Sequence[Result]) -> tuple[ToolUse, ...]:
    """The use of a tool that changes an order, or takes a line out of it; none when the words ask for neither."""
    lines = _lines(results)
    if not lines:
        return ()
    if _OFF.search(said):
        for line in lines:
            if gone := [topping for topping in line.toppings if _names(said, topping)]:
                return (ToolUse("change_item", {"line": line.number, "toppings": [one for one in line.toppings if one not in gone]}),)
        meant = _meant(lines, said)
        return (ToolUse("remove_item", {"line": meant.number}),) if meant else ()
    meant = _meant(lines, said) if _OTHERWISE.search(said) else None
    changes = _changes(meant, said) if meant else {}
    return (ToolUse("change_item", {"line": meant.number, **changes}),) if meant and changes else ()


def _lines(results: Sequence[Result]) -> list[Line]:
    """What stands in the order; nothing once it is placed."""
    if any(result.name == "place_order" and result.data.get("placed") for result in results):
        return []
    told: list[object] = next((result.data["order"] for result in reversed(results) if result.name in _ORDERED_BY and "order" in result.data), [])
    found = [match for text in told if (match := _LINE.fullmatch(str(text)))]
    return [Line(int(one["number"]), one["name"], tuple(one["toppings"].split(" and ")) if one["toppings"] else ()) for one in found]


def _meant(lines: list[Line], said: str) -> Line | None:
    """The line whose name they say, or the last one where they say "it"."""
    named = sorted((_names(said, line.name), line.number, line) for line in lines)
    if named[-1][0]:
        return named[-1][2]
    return lines[-1] if _IT.search(said) else None


def _names(said: str, name: str) -> int:
    """How many words of a name are said, one or many of it."""
    spoken, named = ({word.rstrip("s") for word in re.findall(r"[a-z]{3,}", text.lower())} - {"the", "and", "with"} for text in (said, name))
    return len(spoken & named)


def _changes(line: Line, said: str) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if note := _NOTE.search(said):
        changes["note"] = note[1].lower()
    elif topping := _ON_IT.search(said):
        changes["toppings"] = [*line.toppings, topping[1].lower()]
    if size := _SIZE.search(said):
        changes["size"] = size[1].lower()
    if count := _COUNT.search(said):
        changes["quantity"] = _COUNTS[(count[1] or count[2]).lower()]
    return changes


def calling_off(heard: Sequence[str], results: Sequence[Result], tongue: Tongue) -> Thought | None:
    """What comes of the wish to call a tour off: which one, and whether they mean it, is asked before. None: they wish nothing of the kind.

    Args:
        heard: all that the caller said, oldest first.
        results: what tools found in this call, oldest first.
    """
    begun = next((place for place in reversed(range(len(heard))) if _CALL_OFF.search(heard[place])), None)
    is_done = bool(results) and results[-1].name == "cancel_tour" and results[-1].data.get("ok", True)
    if begun is None or begun < len(heard) - _FOLLOWED or is_done:
        return None
    tour, said = _tour(heard[begun:], results), heard[-1]
    if not (tour["date"] and tour["time"]):
        return Thought(tongue.which_tour)
    if _CALL_OFF.search(said) or any(moment(said).values()):
        return Thought(tongue.call_off)
    if _NO.search(said):
        return Thought(tongue.stays)
    return Thought("", (ToolUse("cancel_tour", dict(tour)),)) if YES.search(said) else None


def _tour(said: Sequence[str], results: Sequence[Result]) -> dict[str, str]:
    """The day and time that they named since; without any, those of the tour that was spoken of last. Each is empty if it is not known."""
    known = {"date": "", "time": ""}
    for text in said:
        known |= {name: value for name, value in moment(text).items() if value}
    last = next((one.arguments for one in reversed(results) if one.name != "cancel_tour" and one.arguments.get("time")), {})
    return known if any(known.values()) else {name: str(last.get(name, "")) for name in known}


def moment(said: str) -> dict[str, str]:
    """The day and the time of day that are named, as they are said."""
    day, clock = DAY.search(said), _CLOCK.search(said)
    return {"date": day[1] if day else "", "time": (clock[1] or clock[2]) if clock else ""}
