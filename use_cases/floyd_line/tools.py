"""What Floyd's own number can do for its users. Whatever acts, or tells anything of theirs, wants the PIN, in code."""

from __future__ import annotations

from typing import Any, Literal

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from context.models import User
from context.money import format_amount
from requests_app.answers import answer_question as take_answer
from requests_app.errors import RequestError
from requests_app.intake import create_request
from requests_app.life import UNANSWERED, stop_request
from requests_app.models import Channel, Question, Request
from requests_app.outcome import Achieved
from requests_app.status import ENDED
from use_cases.floyd_line import calling_back
from use_cases.floyd_line.pin import Tried, has_pin, try_pin, was_given
from use_cases.tooling import ToolContext, ToolRefusedError, ToolResult, tool

MOST_TOLD = 5
ASK_FOR_PIN = (
    "Before the PIN nothing is told or done. They can say it, or press 2 and key it, with the hash key behind it; it is checked without you."
)
LONGEST_TITLE = 80
_FOR_WHOM = (
    "Say that Floyd, an AI assistant, called this number, and ask for whom it was: the message that Floyd left, or their notes, say it. "
    "Then call this tool again with the name. Until then say nothing else about it. If they do not know, say that Floyd will call them again."
)


class _Arguments(BaseModel):
    """Nothing but what is listed."""

    model_config = ConfigDict(extra="forbid")


class Nothing(_Arguments):
    """No arguments."""


class Pin(_Arguments):
    """What `enter_pin` takes."""

    pin: SecretStr = Field(max_length=100, description="as it was keyed or said")


class Wish(_Arguments):
    """What `make_request` takes."""

    wish: str = Field(min_length=1, max_length=2000, description="what Floyd shall do, in the caller's own words, with every detail that they gave")


class Which(_Arguments):
    """One of the requests or questions that were told."""

    number: int = Field(ge=1, description="as how_things_stand numbers it")


class Answer(Which):
    """What `answer_question` takes."""

    words: str = Field(min_length=1, max_length=500, description="the caller's answer, in their own words")


class CalledFor(_Arguments):
    """What `why_floyd_called` takes."""

    for_whom: str = Field(
        default="",
        max_length=60,
        description="whom the caller says Floyd called for, by name; empty as long as they named nobody. Never guess",
    )


class CallBack(_Arguments):
    """What `settle_call_back` takes."""

    achieved: Literal["yes", "partly", "no"]
    item: str = Field(default="", max_length=80, description="what it is about, in a few words, such as cleaning")
    when: str = Field(default="", max_length=80, description="day and time that were agreed, as they said it")
    price: str = Field(default="", max_length=40, description="the price, if one was named, such as $80")


@tool(exclusive=True)
def enter_pin(context: ToolContext, arguments: Pin) -> ToolResult:
    """Takes the caller's PIN, which lets them act in this call."""
    user = _user(context)
    tried = try_pin(user=user, call_id=context.call_id, said=arguments.pin.get_secret_value())
    if tried is Tried.RIGHT:
        return ToolResult({"unlocked": True, "caller": user.name})
    why = {
        Tried.WRONG: "That is not the PIN. Ask them to try again; after a few wrong ones it is locked.",
        Tried.LOCKED: f"The PIN is locked after too many wrong ones. They can set a new one on the page {_page()}.",
        Tried.NONE_SET: _none_set(),
    }
    raise ToolRefusedError(why[tried])


@tool(reads=True, filler="One moment, I'll look.")
def how_things_stand(context: ToolContext, _arguments: Nothing) -> ToolResult:
    """Says how the caller's latest requests stand, and which questions wait for them."""
    user = _unlocked(context)
    requests = [_told(number, one) for number, one in enumerate(_requests(user), 1)]
    questions = [{"number": number, "question": one.text} for number, one in enumerate(_questions(user), 1)]
    return ToolResult({"requests": requests, "questions": questions})


@tool(exclusive=True, filler="One moment, I'll put that down.")
def make_request(context: ToolContext, arguments: Wish) -> ToolResult:
    """Gives Floyd something to do, once the caller has said all of it and agreed."""
    user = _unlocked(context)
    try:
        request = create_request(user=user, ask=arguments.wish, channel=Channel.CALL, client_key=f"call:{context.call_id}:{context.key}")
    except RequestError as error:
        raise ToolRefusedError(str(error)) from error
    return ToolResult({"taken": request.ask, "next": "Say that Floyd is on it and will tell them how it went."})


@tool(exclusive=True)
def cancel_request(context: ToolContext, arguments: Which) -> ToolResult:
    """Stops a request that is not done yet, once the caller has said which, and that they mean it."""
    user = _unlocked(context)
    request = _numbered(_requests(user), arguments.number)
    try:
        stop_request(request_id=request.pk, user=user)
    except RequestError as error:
        raise ToolRefusedError(str(error)) from error
    return ToolResult({"stopped": _title(request)})


@tool(exclusive=True)
def answer_question(context: ToolContext, arguments: Answer) -> ToolResult:
    """Gives the caller's answer to a question that waits for them."""
    user = _unlocked(context)
    question = _numbered(_questions(user), arguments.number)
    result = take_answer(question_id=question.pk, text=arguments.words, by="call")
    return ToolResult({"result": result.taken, "say": result.text})


@tool(reads=True, filler="One moment, I'll look what that was about.")
def why_floyd_called(context: ToolContext, arguments: CalledFor) -> ToolResult:
    """For a business that calls back: what Floyd called it about, and all that may be told, once it has named for whom Floyd called."""
    try:
        matter = calling_back.open_up(call_id=context.call_id, number=context.caller.number, named=arguments.for_whom, now=context.now)
    except calling_back.NotNamedError:
        return ToolResult({"waits": True, "next": _FOR_WHOM})
    except calling_back.NothingOpenError:
        raise ToolRefusedError("Floyd waits for no call from this number. Say so, and that whoever needs them will call.") from None
    except calling_back.WrongNameError:
        raise ToolRefusedError("For nobody of that name. Name nobody yourself. They may look it up; else Floyd will call them again.") from None
    except calling_back.TooManyTriesError:
        raise ToolRefusedError("Those were too many wrong names. Nothing can be told today; say that Floyd will call them again.") from None
    brief = matter.brief
    return ToolResult(
        {
            "calling_for": brief.user_name,
            "goal": brief.goal,
            "may_be_told": [fact.statement for fact in (*brief.facts, *brief.answers)],
            "find_out": list(brief.find_out),
            "may_promise": list(brief.may_promise),
            "most_that_may_be_agreed": format_amount(matter.request.limit_minor, brief.currency) if matter.request.limit_minor else "nothing",
            "next": "Say for whom Floyd called and why, settle it, say it back, and call settle_call_back.",
        }
    )


@tool(exclusive=True, filler="One moment, I'll put that down.")
def settle_call_back(context: ToolContext, arguments: CallBack) -> ToolResult:
    """For a business that calls back: ends the request with what was agreed, or with that it cannot be done, once they have said which."""
    said = calling_back.Said(Achieved(arguments.achieved), arguments.item, arguments.when, arguments.price)
    try:
        calling_back.settle(call_id=context.call_id, number=context.caller.number, said=said, now=context.now)
    except calling_back.NothingOpenError:
        raise ToolRefusedError("Floyd waits for no call from this number any more.") from None
    except calling_back.NotNamedError:
        raise ToolRefusedError("They have to say first for whom Floyd called. Ask them, and call why_floyd_called with the name.") from None
    except calling_back.MoreThanGrantedError as error:
        return ToolResult({"settled": False, "granted": str(error), "next": "Say that you will pass it on and get back to them; agree to nothing."})
    return ToolResult({"settled": True, "next": "Thank them and say goodbye."})


def _user(context: ToolContext) -> User:
    """Whose number it is.

    Raises:
        ToolRefusedError: nobody's that Floyd knows.
    """
    user = context.caller.user
    if user is None or not user.is_active:
        raise ToolRefusedError(f"This number belongs to nobody whom Floyd works for. They can sign up at {settings.SITE_URL}.")
    return user


def _unlocked(context: ToolContext) -> User:
    """Who rings, once they have shown by the PIN that it is they.

    Raises:
        ToolRefusedError: they have not, or have set none.
    """
    user = _user(context)
    if not was_given(context.call_id):
        raise ToolRefusedError(ASK_FOR_PIN if has_pin(user) else _none_set())
    return user


def _page() -> str:
    return f"{settings.SITE_URL}/settings/phone-pin/"


def _none_set() -> str:
    return f"They have set no PIN yet. Without one nothing of theirs is told or done by phone. They can set it on the page {_page()}, and call again."


def _requests(user: User) -> list[Request]:
    return list(Request.objects.filter(user=user).order_by("-created_at", "-pk")[:MOST_TOLD])


def _questions(user: User) -> list[Question]:
    return list(Question.objects.filter(request__user=user, status__in=UNANSWERED).select_related("request").order_by("asked_at", "pk")[:MOST_TOLD])


def _numbered(rows: list[Any], number: int) -> Any:
    if number > len(rows):
        raise ToolRefusedError("There is none with that number. Call how_things_stand, and ask which one is meant.")
    return rows[number - 1]


def _title(request: Request) -> str:
    return str((request.plan or {}).get("title") or request.ask)[:LONGEST_TITLE]


def _told(number: int, request: Request) -> dict[str, Any]:
    told = {"number": number, "about": _title(request), "stands": request.get_status_display()}
    if request.status in ENDED and request.outcome:
        told["outcome"] = str(request.outcome.get("summary", ""))
    return told
