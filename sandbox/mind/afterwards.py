"""What a call leaves to be done at a time, by rule: something to pick up or to bring, and calling again."""

from __future__ import annotations

import re
from typing import Any

_DAY = r"(?:on )?(?:today|tonight|tomorrow|(?:next )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|next week)"
_HOUR = r"(?:at|by|after|from|around|before) (?:noon|(?:\d{1,2}(?::\d\d)?|[a-z]+(?: thirty| fifteen)?) ?(?:o'clock|[ap]\.? ?m\b\.?))"
_WHEN = re.compile(rf"\b(?:{_DAY}(?:,? {_HOUR})?|{_HOUR}(?:,? {_DAY})?)(?!\w)", re.I)
_PICK_UP = re.compile(r"\b(?:pick(?:ed)? (?:it |them |that )?up|ready for pick-? ?up|ready to be (?:picked up|collected))\b", re.I)
_BRING = re.compile(r"\bbring ((?:your|the|a|an|his|her|their) [\w' ]+?)(?= with you|[,.!?]|$)", re.I)
_AGAIN = re.compile(r"\b(?:call|try|phone|ring)(?: us| here)? (?:again|back)\b", re.I)
#: "Ask Crystal Cleaners when the suit can be picked up."
_ASKED_ABOUT = re.compile(r"\b(?:if|whether|when|until when) (.+?) (?:is|are|can|could|will|has|have)\b", re.I)


def left_to_do(data: dict[str, Any], items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The next steps of the form `call_outcome`. Nothing is left without a time; what was settled needs no further call.

    Args:
        items: what came of the call: none when it came to nothing.
    """
    agreed = next((item for item in items if item["kind"] == "agreed"), {})
    steps = []
    for line in data.get("transcript", []):
        if line["speaker"] != "callee":
            continue
        text = line["text"]
        named = _WHEN.search(text)
        if named and _PICK_UP.search(text):
            steps.append(_step("remind", f"Pick up {_thing(data)}", named[0], line))
        elif (bring := _BRING.search(text)) and (named or agreed.get("when")):
            steps.append(_step("remind", f"Bring {bring[1]}", named[0] if named else agreed["when"], line))
        elif named and _AGAIN.search(text) and not items:
            steps.append(_step("call_again", str(data.get("goal") or "The call"), named[0], line))
    return list({(step["kind"], step["text"]): step for step in steps}.values())


def _step(kind: str, text: str, when: str, line: dict[str, Any]) -> dict[str, Any]:
    return {"kind": kind, "text": text, "when": when, "lines": [line["line"]]}


def _thing(data: dict[str, Any]) -> str:
    """What was ordered, or asked about."""
    slot: dict[str, Any] = next((slot for slot in data.get("slots", []) if slot.get("kind") == "agreed"), {})
    if slot.get("item"):
        return str(slot["item"])
    about = _ASKED_ABOUT.search(str(data.get("goal") or ""))
    return about[1] if about else "what they have ready"
