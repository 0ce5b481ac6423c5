"""A greenhouse that takes calls, and a line in virtual time that rings it."""

import json
from typing import Any

from calls.conversation.brief import CallBrief
from calls.conversation.effects import HandOff, RunTool
from calls.conversation.events import KeyPressed, ToolFinished
from calls.conversation.reception.reception import Reception
from calls.conversation.reception.use_case import MAIN_MENU, AnsweringUseCase, Changes, OfferedTool
from tests.calls.conversation.virtual_line import VirtualLine

GREETING = "Hello, this is the greenhouse's AI assistant. How can I help?"
ANYTHING = {"type": "object", "properties": {}, "additionalProperties": True}
LIST = OfferedTool("list_plants", "Lists plants.", ANYTHING, filler="Let me look around.")
HOURS = OfferedTool("opening_hours", "Says when we are open.", ANYTHING)
ORDER = OfferedTool("place_order", "Places the order.", ANYTHING, exclusive=True)
MENU = OfferedTool(MAIN_MENU, "Back to the menu.", ANYTHING)
KEYS = {
    "1": {"say": "Here is what we have.", "tool": "list_plants", "arguments": {"sort": "all"}},
    "2": {"say": "We are on Brock Road."},
    "3": {"collect": True, "say": "Enter your number, then hash.", "tool": "list_plants", "into": "number"},
    "4": {"model": True},
}

#: What the greenhouse is once an order was placed.
PLACED = Changes(1, "The order is placed.", (HOURS,), {"1": {"say": "We open at nine."}})


def greenhouse(**changes: Any) -> AnsweringUseCase:
    values = {"slug": "greenhouse", "title": "Greenhouse", "greeting": GREETING, "prompt": "You answer for a greenhouse.", "keys": KEYS}
    return AnsweringUseCase(**{**values, "tools": (LIST, HOURS, ORDER), **changes})


def brief(use_case: AnsweringUseCase | None = None, **changes: Any) -> CallBrief:
    use_case = use_case or greenhouse()
    values = {
        "user_name": "",
        "callee_name": "Caller",
        "kind": "reception",
        "goal": "",
        "introduction": use_case.greeting,
        "opening_line": "",
        "success": "",
        "today": "Saturday, 21 November 2026",
        "use_case": use_case,
    }
    return CallBrief(**{**values, **changes})


class Ringing(VirtualLine):
    """A call to the greenhouse. Tools wait for `result`."""

    def __init__(self, use_case=None, *, play=True, **changes):
        super().__init__(play=play)
        self.conversation = Reception(brief(use_case, **changes), call_id="call-1")
        self.runs: list[RunTool] = []
        self.hand_offs: list[HandOff] = []

    def _carry_out(self, effect):
        match effect:
            case RunTool():
                assert self.ended is None, "ran a tool after the end"
                self.runs.append(effect)
            case HandOff():
                assert self.ended is None
                self.hand_offs.append(effect)
            case _:
                super()._carry_out(effect)

    def greeted(self):
        self.open()
        self.hear_all()
        return self

    def press(self, *keys):
        for key in keys:
            self.feed(KeyPressed(key))

    def result(self, run=-1, *, ok=True, **more):
        """The tool that was asked for last, or the `run`-th, is done."""
        data = more.pop("data", {})
        return self.feed(ToolFinished(self.runs[run].run_id, data, ok, **more))

    @property
    def pending_timers(self):
        return set(self.timers)

    def prompt_is_valid(self):
        """Every tool call in the newest prompt has its result right behind it."""
        waiting: list[str] = []
        for message in self.asks[-1].messages:
            if message["role"] == "tool":
                assert waiting.pop(0) == message["tool_call_id"]
                json.loads(message["content"])
            else:
                assert not waiting
                waiting = [call["id"] for call in message.get("tool_calls", ())]
        assert not waiting
