"""The sandbox's mind: a rule-based stand-in for a language model.

It reads the real prompts and calls the real tools, so that journeys can be rehearsed without an account. It understands the
handful of wishes and turns of talk that its rules name; it is no measure of how well a real model would do.
"""

from __future__ import annotations

import json
from typing import Any

from sandbox.mind.learner import learn
from sandbox.mind.planner import plan
from sandbox.mind.reader import read
from sandbox.mind.receptionist import is_reception, receive
from sandbox.mind.talker import talk
from sandbox.mind.teller import tell
from sandbox.mind.thought import Thought, ToolUse

__all__ = ["Thought", "ToolUse", "think"]

#: Schema name of a form → who fills it.
FORMS = {"action_plan": plan, "call_outcome": tell, "learned_facts": learn, "mail_learned": read}


def think(body: dict[str, Any]) -> Thought:
    """Answers a chat completion request.

    Args:
        body: the request as it came over the wire (already checked).
    """
    messages: list[dict[str, Any]] = body["messages"]
    wanted = (body.get("response_format") or {}).get("json_schema", {}).get("name", "")
    if wanted in FORMS:
        return Thought(json.dumps(FORMS[wanted](_data(messages)), ensure_ascii=False))
    if body.get("tools"):
        tools = frozenset(tool["function"]["name"] for tool in body["tools"])
        return receive(messages, tools) if is_reception(messages) else talk(messages, tools)
    data = _data(messages)
    if "summary_so_far" in data:
        said = [line["callee"] for line in data.get("talk", []) if "callee" in line]
        return Thought(f"{data['summary_so_far']} They said: {' '.join(said)}".strip()[-400:])
    return Thought("I am a stand-in and only know how to plan, to talk on the phone and to sum up a call.")


def _data(messages: list[dict[str, Any]]) -> dict[str, Any]:
    """The JSON of the first message that carries some: what the form is to be filled from."""
    for message in messages:
        if message["role"] == "user":
            try:
                data = json.loads(message["content"])
            except (TypeError, ValueError):
                continue
            if isinstance(data, dict):
                return data
    return {}
