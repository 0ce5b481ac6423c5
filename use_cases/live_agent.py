"""Handing a call to a person: the tool that all use cases share. On some topics code uses it, whatever the model thinks (`reception/topics.py`)."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from calls.conversation.fixed_lines import GETTING_A_PERSON
from calls.conversation.reception.topics import Reason
from use_cases.tooling import HandOffAsked, ToolContext, ToolResult, tool


class LiveAgent(BaseModel):
    """What `live_agent` takes."""

    model_config = ConfigDict(extra="forbid")
    reason: Reason = Field(description="user-requested, or what the matter is about")
    summary: str = Field(
        min_length=1, max_length=1000, description="what the caller wants and what was done so far, for the person who takes the call"
    )


@tool(exclusive=True)
def live_agent(_context: ToolContext, arguments: LiveAgent) -> ToolResult:
    """Hands the call to a person: when the caller asks for one, or it is a legal matter, or about liability or disputed money, or not yours."""
    return ToolResult({"handed_off": True}, say=GETTING_A_PERSON, hand_off=HandOffAsked(arguments.reason.value, arguments.summary))
