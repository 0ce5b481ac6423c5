"""Where a call stands, read from the in-call prompt: brief, limit, offers, open questions, what was said last."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from sandbox.words import amounts

_OFFERED = re.compile(
    r"\b(?:have|do|offer|get you|make you|is|are|got) (?:you )?(?:some |a |an |the )?([a-z][a-z' ]*?) (?:for|at) (?=\$|[a-z0-9])", re.I
)
_BY_WHEN = re.compile(
    r"\b((?:delivered |ready )?(?:(?:today|tomorrow|on \w+day|\w+day)[ ,]*)?"
    r"(?:by|at|before) (?:\d{1,2}(?::\d\d)?|[a-z]+)(?: ?o'?clock| ?[ap]\.?m\.?)?|tomorrow(?: \w+)?)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Offer:
    """Something they would do for a price."""

    item: str
    amount_minor: int
    when: str | None = None


@dataclass(slots=True)
class Scene:
    """What the mind knows when it has to say something.

    Attributes:
        waiting: the user was asked and has not answered.
        turn: what came last: "callee", "tool", "user" or "code".
        whispers: what the user said unasked.
        language: that the call goes on in, as code named it; empty: English.
        menu: what the callee said last is a phone menu, which is to be answered.
        round: code noticed that the same is said and answered over and over.
    """

    brief: dict[str, Any]
    limit_minor: int | None
    said: list[str] = field(default_factory=list)
    floyd: list[str] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    agreed: Offer | None = None
    waiting: bool = False
    asked: int = 0
    turn: str = "code"
    results: list[tuple[str, dict[str, Any], dict[str, Any]]] = field(default_factory=list)
    spoke_with_tools: bool = False
    answer: dict[str, Any] = field(default_factory=dict)
    menu: bool = False
    whispers: list[str] = field(default_factory=list)
    language: str = ""
    round: bool = False

    @property
    def last(self) -> str:
        """The callee's last words."""
        return self.said[-1] if self.said else ""

    @property
    def user(self) -> str:
        """First name of whom the call is for."""
        return str(self.brief.get("user_name", "")).split(" ")[0]

    @property
    def told(self) -> str:
        """All that Floyd said in this call."""
        return " ".join(self.floyd).lower()


def read(messages: list[dict[str, Any]]) -> Scene:
    """The scene that a prompt describes."""
    brief = _brief(messages[0]["content"])
    scene = Scene(brief, brief.get("limit_minor"))
    calls: dict[str, tuple[str, dict[str, Any]]] = {}
    for message in messages[1:]:
        role, content = message["role"], message.get("content") or ""
        if role == "assistant":
            if content:
                scene.floyd.append(content)
            calls = {call["id"]: (call["function"]["name"], object_of(call["function"]["arguments"])) for call in message.get("tool_calls") or ()}
            scene.turn, scene.results, scene.spoke_with_tools = "code", [], bool(content and calls)
        elif role == "tool":
            name, arguments = calls.get(message["tool_call_id"], ("", {}))
            _take_result(scene, name, arguments, object_of(content))
        elif role == "user" and "earlier_talk" in object_of(content):
            continue
        elif role == "user":
            _hear(scene, str(object_of(content).get("callee", "")))
        else:
            _take_note(scene, object_of(content))
    return scene


def _brief(system: str) -> dict[str, Any]:
    return object_of(system.rpartition("\nBRIEF\n")[2])


def object_of(text: str) -> dict[str, Any]:
    """The JSON object that a text is; an empty one when it is none."""
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _hear(scene: Scene, text: str) -> None:
    scene.turn = "callee"
    scene.menu = False
    scene.said.append(text)
    named = amounts(text)
    if named:
        item = _OFFERED.search(text)
        when = _BY_WHEN.search(text)
        # Several prices in one breath are alternatives; the name is only sure for the first.
        scene.offers += [
            Offer((item[1].strip() if item and not index else "the order"), cents, when[1] if when else None) for index, cents in enumerate(named)
        ]


def _take_result(scene: Scene, name: str, arguments: dict[str, Any], result: dict[str, Any]) -> None:
    scene.turn = "tool"
    scene.results.append((name, arguments, result))
    if name == "agree_to" and result.get("ok"):
        scene.agreed = Offer(str(arguments.get("what")), int(arguments.get("amount_minor") or 0), arguments.get("when"))
    if result.get("status") in {"asked", "already_asked"}:
        scene.waiting = True
        scene.asked += 1


def _take_note(scene: Scene, note: dict[str, Any]) -> None:
    earlier = note.get("earlier_in_this_call") or {}
    for slot in earlier.get("slots", []):
        if slot.get("kind") == "agreed":
            scene.agreed = Offer(slot["item"], slot.get("amount_minor") or 0, slot.get("when") or None)
    scene.menu = scene.menu or "phone_menu" in note
    scene.round = scene.round or "going_round" in note
    if "language" in note:
        scene.turn, scene.language = "code", str(note["language"])
    if "user_says" in note:
        scene.whispers.append(str(note["user_says"]))
    if "user_answered" in note:
        scene.turn = "user"
        scene.waiting = False
        scene.answer = note["user_answered"]
        scene.limit_minor = note.get("limit_minor")
