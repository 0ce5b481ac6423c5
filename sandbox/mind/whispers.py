"""What the user said unasked during the call, worked into the next turn of talk: asked, or passed on."""

from __future__ import annotations

import re

from sandbox.mind.thought import Thought

_PLEASE = re.compile(r"^\s*(?:please|and|also|oh|by the way)[, ]+|[, ]+please[.!?]*\s*$", re.I)
_ASK = re.compile(r"^ask (?:them |him |her )?(?:also )?((?:if|whether|what|when|where|who|how|which)\b.*)", re.I)
_TELL = re.compile(r"^(?:tell (?:them|him|her)|say|let (?:them|him|her) know|mention)(?: that)? (.*)", re.I)


def pass_on(whisper: str) -> str:
    """The user's words as Floyd says them."""
    text = whisper
    while (plain := _PLEASE.sub("", text)) != text:
        text = plain
    text = text.rstrip(" .!?")
    if match := _ASK.match(text):
        asked = re.sub(r"\bthey are\b", "you are", re.sub(r"\bthey\b(?! are)", "you", match[1]))
        return f"Could you tell me {asked}?"
    if match := _TELL.match(text):
        return f"{match[1][:1].upper()}{match[1][1:]}."
    return f"{text[:1].upper()}{text[1:]}."


def unsaid(whispers: list[str], told: str) -> list[str]:
    """What Floyd has yet to say because of them; `told` is all that it said, in lower case."""
    return [words for words in map(pass_on, whispers) if words.lower().rstrip(".?") not in told]


def weave(thought: Thought, more: list[str]) -> Thought:
    """What Floyd was about to say, and then what the user wants; the call does not end before that was said."""
    words = " ".join(more)
    tools = tuple(tool for tool in thought.tools if tool.name != "end_call")
    return Thought(f"{thought.text} {words}".strip(), tools)
