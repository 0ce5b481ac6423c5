"""What Floyd can do for a user whose number it answers. Whatever is told or agreed to is the user's own word, asked for in code."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from calls.conversation.effects import AskUser
from calls.conversation.transcript import clean
from context.models import User
from use_cases.floyd_line.calling_back import short_name
from use_cases.models import InboundNumber
from use_cases.on_behalf import matters
from use_cases.tooling import ToolContext, ToolRefusedError, ToolResult, tool

LONGEST_MESSAGE = 300
_NOT_NOW = "They cannot be asked now. Offer to take a message."


class _Arguments(BaseModel):
    """Nothing but what is listed."""

    model_config = ConfigDict(extra="forbid")


class Wanted(_Arguments):
    """What `ask_them` takes."""

    for_whom: str = Field(min_length=1, max_length=80, description="name of the person who wants it, not of an assistant that calls for them")
    about: str = Field(min_length=1, max_length=80, description="what it is about, in a few words, such as dinner")
    when: str = Field(default="", max_length=80, description="day and time, as they said it; empty if none was named")


class Moment(_Arguments):
    """What `is_free` takes."""

    when: str = Field(min_length=1, max_length=80, description="day and time, as they said it")


class Word(_Arguments):
    """What `take_message` takes."""

    for_whom: str = Field(min_length=1, max_length=80, description="name of the person whose message it is")
    message: str = Field(min_length=1, max_length=1000, description="the message, in their own words")


@tool(exclusive=True)
def ask_them(context: ToolContext, arguments: Wanted) -> ToolResult:
    """Puts to whom you answer for what the caller wants to arrange or know. They may answer while the caller waits. Once in a call."""
    user = _number(context)[1]
    at = matters.moment(arguments.when, context.now, user)
    if arguments.when.strip() and at is None:
        raise ToolRefusedError("Day and time are not clear. Ask for both, and call it again.")
    matter = matters.Matter(short_name(arguments.for_whom), short_name(arguments.about), matters.moment_words(at, user))
    if not matter.about:
        raise ToolRefusedError("It is not clear what it is about. Ask, and call it again.")
    try:
        question = matters.put_to_user(user=user, call_id=context.call_id, key=context.key, matter=matter, at=at)
    except matters.TooManyError:
        raise ToolRefusedError(_NOT_NOW) from None
    told = {"asked": True, "about": matter.about, "when": matter.when, "next": "Say that you are asking them, and to hold on. Then wait."}
    return ToolResult(told, asked=AskUser(str(question.pk), question.kind, question.text, question.slots))


@tool(reads=True)
def is_free(context: ToolContext, arguments: Moment) -> ToolResult:
    """Says whether whom you answer for is free at a time, where they allow that to be told. It agrees to nothing."""
    number, user = _number(context)
    if not number.tells_free_busy:
        raise ToolRefusedError("They do not have that told. Offer to ask them.")
    at = matters.moment(arguments.when, context.now, user)
    if at is None:
        raise ToolRefusedError("Day and time are not clear, or over. Ask for both.")
    return ToolResult({"when": matters.moment_words(at, user), "free": matters.is_free(user, at), "next": "Free is no yes. Offer to ask them."})


@tool(exclusive=True)
def take_message(context: ToolContext, arguments: Word) -> ToolResult:
    """Keeps a message for whom you answer for, who is told at once."""
    user = _number(context)[1]
    words = clean(arguments.message)[:LONGEST_MESSAGE]
    matters.leave_message(user=user, call_id=context.call_id, key=context.key, who=short_name(arguments.for_whom), words=words)
    return ToolResult({"taken": True, "next": "Say that it is passed on."})


def _number(context: ToolContext) -> tuple[InboundNumber, User]:
    """The number that was rung, and whose it is.

    Raises:
        ToolRefusedError: nobody's; the number was given to somebody else meanwhile.
    """
    number = InboundNumber.objects.select_related("user").filter(number=context.rung).first()
    if number is None or number.user is None:
        raise ToolRefusedError("This number belongs to nobody any more. Say so, and end the call.")
    return number, number.user
