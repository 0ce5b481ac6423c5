"""Answering the phone by rule: the next turn of a call that came in, from its prompt and the tools that it offers.

What the tools do is the application's business; here is only when a receptionist would use which, and how what they found is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.mind import amending, dealing, secretary
from sandbox.mind.caller_words import DAY, HOUR, YES
from sandbox.mind.findings import Result
from sandbox.mind.scene import object_of
from sandbox.mind.thought import Thought, ToolUse
from sandbox.mind.times import time_in
from sandbox.mind.tongues import tongue_of
from sandbox.words import amounts

_BYE = re.compile(r"\b(?:good ?bye|bye|that was all|that is all|that's all)\b", re.I)
_LAYOUT = re.compile(r"\b(studio|(?:one|two|three)[- ]bedroom)\b", re.I)
_CLOCK = re.compile(rf"\b({HOUR})", re.I)
_KIND = re.compile(r"\b(self[- ]guided|agent[- ]led|in person)\b", re.I)
_TOPIC = re.compile(r"\b(pets|fees|parking|specials|income|utilities|address|features)\b", re.I)
_AVAILABLE = re.compile(r"\bwh(?:at|ich) (?:apartments|flats)\b|\bis available\b|\bare available\b", re.I)
_APPOINTMENTS = re.compile(r"\bmy (?:appointment|tour)s?\b", re.I)
_FETCHED = re.compile(r"\b(pickup|pick up|delivery)\b", re.I)
_DELIVERED_TO = re.compile(r"\bdelivery to (.+?)[.?!]*$", re.I)
_ITEM = re.compile(
    r"\b(a|an|one|two|three) (?:(small|medium|large) )?([a-z][a-z ]*?)(?: with (?:extra )?([a-z][a-z ]*?))?"
    r"(?:, (?:with )?(?:the )?([a-z ]+ on the side))?(?:,? please)?[.?!]*$",
    re.I,
)
_NAME = re.compile(r"\bmy name is ([a-z'-]+) ([a-z'-]+)", re.I)
_DESCRIBED = re.compile(r"\bwhat(?:'s| is) (?:on|in) (?:the |a )?(?!stock\b)(.+?)[.?!]*$", re.I)
_SUGGESTED = re.compile(r"\b(?:suggest|recommend|house special)\b", re.I)
_MORE = re.compile(r"\btell me more about (?:the )?(.+?)[.?!]*$", re.I)
_EXPERIENCES = re.compile(r"\bwhat (?:can|do) you\b|\bwhat (?:is|are) there\b|\bchoose from\b", re.I)
_CHOICE = re.compile(r"\b(?:i'd like|i would like|i want|start|take) (?:to try )?(?:the )?(.+?)(?:,? please)?[.?!]*$", re.I)
_PERSON = re.compile(r"\b(?:real person|human|live agent)\b", re.I)
_WRITTEN = re.compile(r"\b(?:text|send) me (?:that|the (?:details|order))\b", re.I)
_STANDS = re.compile(r"\bhow (?:do )?(?:things|my requests) stand\b", re.I)
_TASK = re.compile(r"\b(?:please )?((?:when(?:'s| is)|call|book|order|cancel|find out|ask|tell)\b.+)$", re.I)
_CALLED_US = re.compile(r"\byou (?:called|rang|phoned)\b", re.I)
_CALLED_FOR = re.compile(r"\b(?:for|about) ([A-Z]\w+(?: [A-Z]\w+)?)")
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3}
_SIZE = re.compile(r"\b(small|medium|large)\b", re.I)


@dataclass(slots=True)
class Desk:
    """Where a call stands. `heard`: all that they said; `fresh`: results that nobody was told of yet; `tools`: what the call offers."""

    said: str = ""
    heard: list[str] = field(default_factory=list)
    tools: frozenset[str] = frozenset()
    results: list[Result] = field(default_factory=list)
    fresh: list[Result] = field(default_factory=list)

    def latest(self, name: str) -> Result | None:
        """What a tool found last."""
        return next((result for result in reversed(self.results) if result.name == name), None)


def is_reception(messages: list[dict[str, Any]]) -> bool:
    """Whether a prompt is that of somebody who answers the phone: it tells a role, where one who calls has a brief."""
    system = str(messages[0].get("content"))
    return "\nROLE: " in system and "\nBRIEF\n" not in system


def receive(messages: list[dict[str, Any]], tools: frozenset[str]) -> Thought:
    """What to say and which tools to use next.

    Args:
        messages: the prompt, system message first.
        tools: names of the tools the call offers.
    """
    if secretary.owner(messages):
        return secretary.receive(messages)
    tongue = tongue_of(str(messages[0].get("content")))
    desk = _read(messages)
    asked_for = tongue.asked_for is not None and tongue.asked_for.search(desk.said)
    desk.tools, desk.said, desk.heard = tools, tongue.understood(desk.said), [tongue.understood(text) for text in desk.heard]
    if desk.fresh:
        return Thought(" ".join(tongue.told(result) for result in desk.fresh))
    if "cancel_tour" in tools and (thought := amending.calling_off(desk.heard, desk.results, tongue)) is not None:
        return thought
    for wish in _WISHES:
        uses = wish(desk)
        if uses and all(use.name in tools for use in uses):
            return Thought("", uses)
    if _BYE.search(desk.said):
        return Thought("", (ToolUse("end_call", {"farewell": tongue.farewell}),))
    return Thought(tongue.welcome if asked_for else tongue.again)


def _read(messages: list[dict[str, Any]]) -> Desk:
    desk, calls = Desk(), dict[str, tuple[str, dict[str, Any]]]()
    for message in messages[1:]:
        content = message.get("content") or ""
        match message["role"]:
            case "assistant":
                if content:
                    desk.fresh = []
                calls |= {
                    call["id"]: (call["function"]["name"], object_of(call["function"]["arguments"])) for call in message.get("tool_calls") or ()
                }
            case "tool":
                desk.fresh.append(Result(*calls.get(message["tool_call_id"], ("", {})), object_of(content)))
                desk.results.append(desk.fresh[-1])
            case "user":
                desk.said, desk.fresh = str(object_of(content).get("callee", "")), []
                desk.heard.append(desk.said)
            case _:
                note = object_of(content)
                if "tool" in note:
                    desk.fresh = [Result(str(note["tool"]), {}, note.get("result") or {})]
                    desk.results += desk.fresh
    return desk


# --- wishes: what the caller said, as uses of tools; none when it is not this ---


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[1] if match else ""


def _amended(desk: Desk) -> tuple[ToolUse, ...]:
    """They want something of their order otherwise, or not at all; what they say of a dish that is not ordered yet is of that dish."""
    return () if _completed(desk) else amending.amended(desk.said, desk.results)


def _agreed(desk: Desk) -> tuple[ToolUse, ...]:
    """They say yes to what was offered last."""
    last = desk.results[-1] if desk.results else None
    if last is None or not YES.search(desk.said):
        return ()
    if last.name == "check_availability" and last.data.get("available"):
        return (ToolUse("schedule_tour", last.arguments),)
    if last.name == "read_back_order":
        return (ToolUse("place_order", {}),)
    if last.name == "place_order" and last.data.get("earliest"):
        day, _, clock = str(last.data["earliest"]).partition(" at ")
        return (ToolUse("place_order", {"date": day, "time": clock}),)
    return ()


def _completed(desk: Desk) -> tuple[ToolUse, ...]:
    """They say what was asked for, without which the last wish could not be carried out."""
    last = desk.results[-1] if desk.results else None
    why = str(last.data.get("why", "")) if last is not None and not last.data.get("ok", True) else ""
    if last is None:
        return ()
    if last.name == "add_item" and "size" in why and (size := _found(_SIZE, desk.said)):
        return (ToolUse("add_item", last.arguments | {"size": size.lower()}),)
    if last.name == "start_order" and "address" in why and any(char.isdigit() for char in desk.said):
        return (ToolUse("start_order", last.arguments | {"address": desk.said.strip(" .")}),)
    if last.name == "check_availability" and last.data.get("missing"):
        said = {"date": _found(DAY, desk.said), "tour_type": _found(_KIND, desk.said), "layout": _found(_LAYOUT, desk.said)}
        if new := {name: value for name, value in said.items() if value}:
            return (ToolUse("check_availability", last.arguments | new),)
    return ()


def _tour(desk: Desk) -> tuple[ToolUse, ...]:
    layout, day = _found(_LAYOUT, desk.said), _found(DAY, desk.said)
    if not layout or not day:
        return ()
    rest = desk.said[desk.said.lower().index(day.lower()) + len(day) :]
    wanted = {"date": day, "time": _found(_CLOCK, rest), "tour_type": _found(_KIND, desk.said), "layout": layout}
    return (ToolUse("check_availability", wanted),)


def _questions(desk: Desk) -> tuple[ToolUse, ...]:
    layout = _found(_LAYOUT, desk.said)
    uses = [ToolUse("list_available_apartments", {"layout": layout})] if _AVAILABLE.search(desk.said) else []
    uses += [ToolUse("common_questions", {"topic": topic.lower(), "layout": layout}) for topic in [_found(_TOPIC, desk.said)] if topic]
    return tuple(uses)


def _appointments(desk: Desk) -> tuple[ToolUse, ...]:
    """They want to know their appointments, or say when theirs is."""
    if not _APPOINTMENTS.search(desk.said):
        return ()
    day, clock = _found(DAY, desk.said), _found(_CLOCK, desk.said)
    return (ToolUse("existing_appointments", {"date": day, "time": clock} if day and clock else {}),)


def _order(desk: Desk) -> tuple[ToolUse, ...]:
    if not (how := _found(_FETCHED, desk.said)):
        return ()
    kind = "delivery" if how.lower() == "delivery" else "pickup"
    return (ToolUse("start_order", {"kind": kind, "address": _found(_DELIVERED_TO, desk.said)}),)


def _item(desk: Desk) -> tuple[ToolUse, ...]:
    match = _ITEM.search(desk.said) if desk.latest("start_order") else None
    if match is None:
        return ()
    count, size, item, toppings, note = match.groups()
    wanted = {"item": item, "size": size or "", "quantity": _COUNTS[count.lower()], "note": note or ""}
    return (ToolUse("add_item", wanted | {"toppings": toppings.split(" and ") if toppings else []}),)


def _all_ordered(desk: Desk) -> tuple[ToolUse, ...]:
    ordered, placed = desk.latest("add_item"), desk.latest("place_order")
    return (ToolUse("read_back_order", {}),) if ordered and not placed and _BYE.search(desk.said) else ()


def _name(desk: Desk) -> tuple[ToolUse, ...]:
    match = _NAME.search(desk.said)
    return (ToolUse("save_name", {"first_name": match[1], "last_name": match[2]}),) if match else ()


def _menu(desk: Desk) -> tuple[ToolUse, ...]:
    """They want to know what a dish is, or to hear what there is to suggest."""
    if dish := _found(_DESCRIBED, desk.said):
        return (ToolUse("describe_item", {"item": dish[:80]}),)
    return (ToolUse("show_menu", {}),) if _SUGGESTED.search(desk.said) else ()


def _more(desk: Desk) -> tuple[ToolUse, ...]:
    title = _found(_MORE, desk.said)
    return (ToolUse("describe_experience", {"title": title[:80]}),) if title else ()


def _experiences(desk: Desk) -> tuple[ToolUse, ...]:
    return (ToolUse("list_experiences", {}),) if _EXPERIENCES.search(desk.said) else ()


def _choice(desk: Desk) -> tuple[ToolUse, ...]:
    title = _found(_CHOICE, desk.said)
    return (ToolUse("choose_experience", {"title": title[:80]}),) if title else ()


def _written(desk: Desk) -> tuple[ToolUse, ...]:
    """They want in writing what was settled."""
    scheduled, asked = desk.latest("schedule_tour"), desk.latest("existing_appointments")
    if not _WRITTEN.search(desk.said):
        return ()
    if scheduled is None and asked is not None and "not_told" in asked.data:
        return (ToolUse("send_confirmation", {}),)
    if scheduled is not None:
        return (ToolUse("send_confirmation", {name: scheduled.arguments.get(name, "") for name in ("date", "time")}),)
    return (ToolUse("send_details", {"what": "order"}),)


def _standing(desk: Desk) -> tuple[ToolUse, ...]:
    return (ToolUse("how_things_stand", {}),) if _STANDS.search(desk.said) else ()


def _task(desk: Desk) -> tuple[ToolUse, ...]:
    wish = _found(_TASK, desk.said)
    return (ToolUse("make_request", {"wish": f"{wish[:1].upper()}{wish[1:]}"}),) if wish else ()


def _called_back(desk: Desk) -> tuple[ToolUse, ...]:
    """They call back and say for whom they were called; once they know what it is about, they name a time."""
    if _CALLED_US.search(desk.said):
        return (ToolUse("why_floyd_called", {"for_whom": name} if (name := _found(_CALLED_FOR, desk.said)) else {}),)
    why, when = desk.latest("why_floyd_called"), time_in(desk.said)
    if why is not None and why.data.get("waits") and (name := _found(_CALLED_FOR, desk.said)):
        return (ToolUse("why_floyd_called", {"for_whom": name}),)
    if why is None or not why.data.get("ok", True) or desk.latest("settle_call_back") or not when:
        return ()
    price = next((dealing.dollars(minor) for minor in amounts(desk.said)), "")
    return (ToolUse("settle_call_back", {"achieved": "yes", "item": "", "when": when, "price": price}),)


def _by_name(desk: Desk) -> tuple[ToolUse, ...]:
    """A tool that no rule here knows is used when somebody says the words of its name: "which plants are in stock?"."""
    words = set(re.findall(r"[a-z]+", desk.said.lower()))
    named = sorted(name for name in desk.tools if set(name.split("_")) <= words)
    return (ToolUse(named[0], {}),) if named else ()


def _person(desk: Desk) -> tuple[ToolUse, ...]:
    asked = {"reason": "user-requested", "summary": f"The caller said: {desk.said}"[:1000]}
    return (ToolUse("live_agent", asked),) if _PERSON.search(desk.said) else ()


_WISHES: tuple[Callable[[Desk], tuple[ToolUse, ...]], ...] = (
    _amended,
    _agreed,
    _completed,
    _called_back,
    _tour,
    _questions,
    _appointments,
    _order,
    _menu,
    _item,
    _all_ordered,
    _name,
    _more,
    _experiences,
    _choice,
    _written,
    _standing,
    _task,
    _person,
    _by_name,
)
