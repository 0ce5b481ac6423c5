"""Handing a call to a person: the tool that all use cases share, and the topics on which code hands over whatever the model thinks."""

from __future__ import annotations

import re
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from use_cases.tooling import HandOffAsked, ToolContext, ToolResult, tool


class Reason(StrEnum):
    """Why a person is wanted."""

    USER_REQUESTED = "user-requested"
    LEGAL = "legal"
    LIABILITY = "liability"
    FINANCIAL = "financial"


_WHO = r"(?:person|human|agent|representative|manager|somebody|someone|people|staff|operator)"
_A = r"(?:(?:a|an|the|some|your) )?(?:real |live |actual )?"
#: What a caller says that no assistant should settle. In order: the graver reason is the one told.
_TOPICS: dict[Reason, tuple[str, ...]] = {
    Reason.LEGAL: (
        r"lawyers?",
        r"attorneys?",
        r"lawsuits?",
        r"su(?:e|ing) (?:you|them|the|your)",
        r"legal (?:action|advice|matter|question|department|team)",
        r"take (?:you|them) to court",
        r"small claims",
        r"discriminat\w+",
        r"fair housing",
        r"evict(?:ion|ed|ing)?",
        r"subpoena",
        r"break(?:ing)? (?:the|my) lease",
        r"police report",
    ),
    Reason.LIABILITY: (
        r"liab(?:le|ility)",
        r"(?:got|was|been|were) (?:hurt|injured|poisoned)",
        r"got (?:sick|ill)",
        r"made (?:me|us|him|her|them) (?:sick|ill)",
        r"injur(?:y|ies)",
        r"food poisoning",
        r"allergic reaction",
        r"damaged? my",
        r"broke my",
        r"insurance claim",
        r"ambulance",
    ),
    Reason.FINANCIAL: (
        r"refund\w*",
        r"chargeback",
        r"charged (?:me |us )?(?:twice|double|too much)",
        r"double[- ]charged",
        r"overcharged",
        r"dispute (?:a|the|my|this) (?:charge|bill|payment)",
        r"payment plan",
        r"late (?:fee|rent)",
        r"behind on (?:the |my )?rent",
        r"bankrupt\w*",
        r"money back",
    ),
    Reason.USER_REQUESTED: (
        rf"(?:speak|talk) (?:to|with) {_A}{_WHO}",
        rf"(?:connect|put|transfer) me (?:through )?(?:to|with) {_A}{_WHO}",
        r"(?:real|live|actual) (?:person|human|agent)",
        rf"(?:want|need|get me|give me) {_A}(?:human|person|agent|representative|manager|operator)",
        r"operator,? please",
    ),
}
_PATTERNS = {reason: re.compile(rf"\b(?:{'|'.join(phrases)})\b", re.I) for reason, phrases in _TOPICS.items()}


def topic_of(utterance: str) -> Reason | None:
    """The reason for which what a caller said goes to a person, if there is one. Pure; English."""
    plain = utterance.replace("’", "'")
    return next((reason for reason, pattern in _PATTERNS.items() if pattern.search(plain)), None)


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
    said = "I'll get a person for you. One moment, please."
    return ToolResult({"handed_off": True}, say=said, hand_off=HandOffAsked(arguments.reason.value, arguments.summary))
