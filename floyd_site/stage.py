"""Where a journey is played: Tom's side of it. He asks, reads and sends texts on the sandbox's phone, and taps."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import UUID

from asgiref.sync import sync_to_async

from calls.models import Suppression
from context.models import User
from context.services import add_contact
from floyd_site.terminal.state import RequestState, states
from requests_app.models import Channel, Question
from requests_app.services import confirm_answer, create_request
from requests_app.status import ENDED, Status

Found = TypeVar("Found")

HTTP_TIMEOUT_S = 10
#: Texts reach the phone without a change of the request that would tell.
HEARTBEAT_S = 0.3


class JourneyFailed(Exception):  # noqa: N818  it is what it is called in the report
    """A journey did not go as it should; the message says why."""


def must(condition: object, why: str) -> None:
    """Fails the journey with `why` unless `condition` holds."""
    if not condition:
        raise JourneyFailed(why)


class SandboxPhone:
    """One person's phone in the sandbox, and a look at the phones of those who are called.

    Args:
        base: the sandbox's address.
        number: the phone's own number.
    """

    def __init__(self, base: str, number: str) -> None:
        self._calls = f"{base.rstrip('/')}/control/calls"
        self._messages = f"{base.rstrip('/')}/control/messages"
        self._number = number

    async def texts(self) -> list[str]:
        """Every text that arrived, oldest first."""
        answer = await asyncio.to_thread(self._call, f"{self._messages}?to={quote(self._number)}", None)
        return [str(message["body"]) for message in (answer["messages"] if isinstance(answer, dict) else answer)]

    async def send(self, body: str) -> None:
        """Texts Floyd."""
        await asyncio.to_thread(self._call, self._messages, {"from": self._number, "body": body})

    async def call(self, sid: str) -> dict[str, Any]:
        """A call as it was at the other end: what was said there, heard, pressed and recorded."""
        return dict(await asyncio.to_thread(self._call, f"{self._calls}/{quote(sid)}", None))

    @staticmethod
    def _call(url: str, content: dict[str, str] | None) -> Any:
        data = json.dumps(content).encode() if content else None
        request = urllib.request.Request(url, data=data, headers={"Content-Type": "application/json"})  # noqa: S310  the sandbox's address
        try:
            with urllib.request.urlopen(request, timeout=HTTP_TIMEOUT_S) as answer:  # noqa: S310
                return json.load(answer)
        except (urllib.error.URLError, TimeoutError, ValueError) as error:
            raise JourneyFailed(f"the sandbox's phone does not work: {error}") from error


class Stage:
    """One request being played.

    Args:
        user: who plays.
        phone: that user's phone in the sandbox.
        show: gets every state of the request, for the eye.
        step_s: how long anything may take.
    """

    def __init__(self, user: User, phone: SandboxPhone, show: Callable[[RequestState], None], *, step_s: float = 120.0) -> None:
        self.user = user
        self._phone = phone
        self._show = show
        self._step_s = step_s
        self._request_id: UUID | None = None
        self._texts_before = 0

    async def ask(self, words: str) -> None:
        """Types a request, once (a run of its own, even if the words were asked before)."""
        self._texts_before = len(await self._phone.texts())
        request = await sync_to_async(create_request)(user=self.user, ask=words, channel=Channel.COMMAND, client_key=f"journey:{uuid.uuid4()}")
        self._request_id = request.pk

    async def texts(self) -> list[str]:
        """Texts that came to the phone since the request was made."""
        return (await self._phone.texts())[self._texts_before :]

    async def text_back(self, body: str) -> None:
        """Texts Floyd."""
        await self._phone.send(body)

    async def tap(self, question_id: UUID) -> None:
        """Confirms an answer, as the button on the page does."""
        question = await Question.objects.aget(pk=question_id)
        await sync_to_async(confirm_answer)(question_id=question_id, user=self.user, amount_minor=(question.answer or {})["amount_minor"])

    async def knows(self, name: str, kind: str, number: str) -> None:
        """Has somebody among the user's contacts, who may be called whatever they said in earlier runs."""
        await Suppression.objects.filter(number=number).adelete()
        if not await self.user.contacts.filter(phone=number).aupdate(do_not_call=False):
            await sync_to_async(add_contact)(user=self.user, name=name, kind=kind, phone=number)

    async def forgets(self, *numbers: str) -> None:
        """Has nobody of these numbers among the user's contacts: earlier runs may have learned them."""
        await self.user.contacts.filter(phone__in=numbers).adelete()

    async def call_over(self) -> RequestState:
        """Waits for the end of the first call."""
        return await self.until("the end of the call", lambda state: state if state.calls and state.calls[0].call.end_reason else None)

    async def other_end(self, sid: str) -> dict[str, Any]:
        """A call of the carrier's as it was at the other end, once it is over there and its last words are understood."""
        async with asyncio.timeout(self._step_s):
            while not (call := await self._phone.call(sid))["settled"]:  # noqa: ASYNC110  another program's call
                await asyncio.sleep(HEARTBEAT_S)
        return call

    async def end(self) -> RequestState:
        """Waits for the request's end."""
        return await self.until("the end", lambda state: state if state.request.status in ENDED else None)

    async def text_with(self, part: str, *, on: SandboxPhone | None = None, behind: int = 0) -> str:
        """Waits for a text on the phone that holds `part`; or `on` another's phone, `behind` so many that were there before.

        Raises:
            JourneyFailed: none came in time, or before the request's end.
        """

        async def look(_: RequestState) -> str | None:
            texts = (await on.texts())[behind:] if on is not None else await self.texts()
            return next((text for text in texts if part in text), None)

        return await self._wait(f"a text with “{part}”", look)

    async def until(self, what: str, condition: Callable[[RequestState], Found | None]) -> Found:
        """Waits until `condition` returns something.

        Raises:
            JourneyFailed: it took too long, or the request ended first.
        """

        async def look(state: RequestState) -> Found | None:
            return condition(state)

        return await self._wait(what, look)

    async def _wait(self, what: str, look: Callable[[RequestState], Awaitable[Found | None]]) -> Found:
        assert self._request_id is not None
        status = ""
        try:
            async with asyncio.timeout(self._step_s):
                async for state in states(self._request_id, heartbeat_s=HEARTBEAT_S):
                    self._show(state)
                    if (found := await look(state)) is not None:
                        return found
                    status = state.request.status
                    if status in ENDED:
                        reason = f" ({state.request.trouble})" if state.request.trouble else ""
                        raise JourneyFailed(f"{what}: never came; the request ended as {Status(status).label.lower()}{reason}")
        except TimeoutError:
            pass
        raise JourneyFailed(f"{what}: did not come within {self._step_s:.0f} s; the request is {status or 'unread'}")
