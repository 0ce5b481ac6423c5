"""Answering somebody's own number by rule: what the caller wants is put to that person, and their answer is passed on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from sandbox.mind.findings import Result, in_words
from sandbox.mind.scene import object_of
from sandbox.mind.thought import Thought, ToolUse

_OWNER = re.compile(r"\bAI assistant of ([^,.]+),")
_FOR = re.compile(r"\b(?:calling for|assistant of|my name is) ([A-Z][\w'-]+(?: [A-Z][\w'-]+)*)")
_WISH = re.compile(
    r"\bwhether (?:an? |the )?(?P<about>[a-z][a-z ]*?) (?:on |at |for )?(?P<when>(?:today|tomorrow|tonight|(?:next )?[a-z]+day)\b.*)", re.I
)
_REST = re.compile(r"\s*(?:\b(?:works?|suits?|would|will|is|fits?)\b.*|[?!.]+$)", re.I | re.S)
_MESSAGE = re.compile(r"\b(?:let (?:her|him|them|you) know that|tell (?:her|him|them) that|leave a message[:,]?)\s+(.+)$", re.I | re.S)
_AGAIN = re.compile(r"\b(?:say (?:that|it) again|repeat|pardon|are you still there|didn't (?:catch|hear))\b", re.I)
#: Who says so waits for an answer still.
_PATIENT = re.compile(r"\btake (?:your|all the) time\b", re.I)
_BYE = re.compile(r"\b(?:good ?bye|bye)\b", re.I)
SOMEBODY = "Somebody"


@dataclass(slots=True)
class Call:
    """Where a call stands. `fresh`: what a tool found, not told yet; `news`: an answer that was not."""

    heard: list[str] = field(default_factory=list)
    asked: dict[str, Any] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    fresh: list[Result] = field(default_factory=list)
    answers: list[dict[str, Any] | None] = field(default_factory=list)
    news: bool = False


def owner(messages: list[dict[str, Any]]) -> str:
    """First name of whose number it is, as the prompt names them; empty when it names nobody."""
    match = _OWNER.search(str(messages[0].get("content")))
    return match[1].split(" ")[0] if match else ""


def receive(messages: list[dict[str, Any]]) -> Thought:
    """What to say and which tools to use next."""
    call, whose = _read(messages), owner(messages)
    if call.fresh:
        return Thought(" ".join(_found(result, whose) for result in call.fresh))
    said, all_said = call.heard[-1] if call.heard else "", " ".join(call.heard)
    if (told := about_answer(whose, call.asked, call.answers, said, news=call.news)) is not None:
        return Thought(told)
    if not call.used and (wanted := wish(all_said)) is not None:
        return Thought("", (ToolUse("ask_them", wanted),))
    if not call.used and (word := message(all_said)) is not None:
        return Thought("", (ToolUse("take_message", word),))
    return Thought("", (ToolUse("end_call", {"farewell": "Goodbye."}),)) if _BYE.search(said) else Thought("I'm sorry, could you say that again?")


def _read(messages: list[dict[str, Any]]) -> Call:
    call, names = Call(), dict[str, str]()
    for each in messages[1:]:
        content = each.get("content") or ""
        match each["role"]:
            case "assistant":
                names |= {use["id"]: use["function"]["name"] for use in each.get("tool_calls") or ()}
                if content:
                    call.fresh, call.news = [], False
            case "tool":
                result = Result(names.get(each["tool_call_id"], ""), {}, object_of(content))
                call.fresh.append(result)
                if result.data.get("ok", True):
                    call.used.add(result.name)
                    call.asked = result.data if result.name == "ask_them" else call.asked
            case "user":
                call.heard.append(str(object_of(content).get("callee", "")))
                call.fresh = []
            case _:
                note = object_of(content)
                if "user_answered" in note:
                    call.answers.append(note["user_answered"])
                    call.news = True
    return call


def _found(result: Result, whose: str) -> str:
    if not result.data.get("ok", True):
        return "Which day is that, and at what time?" if "both" in str(result.data.get("why")) else in_words(result)
    return f"I have passed it on to {whose}." if result.name == "take_message" else f"I'm asking {whose} now. One moment, please."


def wish(said: str) -> dict[str, str] | None:
    """What is to be put to them, from all that the caller said."""
    found = _WISH.search(said)
    if found is None:
        return None
    return {"for_whom": _caller(said), "about": found["about"], "when": _REST.sub("", found["when"], count=1).strip(" ,")}


def message(said: str) -> dict[str, str] | None:
    """What is to be kept for them."""
    found = _MESSAGE.search(said)
    return {"for_whom": _caller(said), "message": found[1].strip()} if found else None


def _caller(said: str) -> str:
    found = _FOR.search(said)
    return found[1] if found else SOMEBODY


def about_answer(whose: str, asked: dict[str, Any], answers: list[dict[str, Any] | None], said: str, *, news: bool) -> str | None:
    """What is said once they were asked: their answer, again if need be; nothing while it is waited for. None: the caller wants something else.

    Args:
        asked: what `ask_them` found.
        answers: theirs, oldest first.
        said: the caller's last words.
        news: nobody was told of the last one.
    """
    if not asked.get("asked"):
        return None
    if answers:
        waits = _AGAIN.search(said) or _WISH.search(said) or _PATIENT.search(said)
        return passed_on(whose, answers[-1], asked) if news or waits else None
    return None if _BYE.search(said) else ""


def passed_on(whose: str, answer: dict[str, Any] | None, asked: dict[str, Any]) -> str:
    """Their answer, or that there is none."""
    if answer is None:
        return f"I could not reach {whose} just now. They will be told what you asked."
    about, when = str(asked.get("about", "")), str(asked.get("when", ""))
    on = f" on {when}" if when else ""
    said = (
        ""
        if answer.get("yes") is None
        else f"Yes, {about} works for {whose}{on}."
        if answer["yes"]
        else f"No, {about} does not work for {whose}{on}."
    )
    more = str(answer.get("text") or "").strip()
    return " ".join(part for part in (said, f"{whose} says: {more}." if more else "") if part)
