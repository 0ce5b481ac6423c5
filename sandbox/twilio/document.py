"""Carries out TwiML documents for one call, verb by verb, until one ends the call or there is nothing left to do."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from sandbox.twilio import tones, wire
from sandbox.twilio.calls import Call
from sandbox.twilio.carrier import Carrier
from sandbox.twilio.conference_verb import Conference, ConferenceError
from sandbox.twilio.dial_verb import NOT_CARRIED_OUT, Dial, DialError
from sandbox.twilio.dialled import SecondLeg
from sandbox.twilio.gathering import gathered
from sandbox.twilio.line import Line
from sandbox.twilio.relay import RelayError, RelaySession
from sandbox.twilio.relay_verb import Relay
from sandbox.twilio.stream import MediaStream, StreamError
from sandbox.twilio.switchboard import Switchboard
from sandbox.twilio.twiml import Gather, Hangup, Pause, Play, Redirect, Reject, Say, Stream, TwimlError, Verb, parse
from sandbox.twilio.webhooks import Params, WebhookError

APPLICATION_ERROR = "We are sorry, an application error has occurred. Goodbye."
#: What is heard while somebody waits for a conference is made of these.
WHILE_WAITING = (Say, Play, Pause, Redirect)
BETWEEN_DOCUMENTS_S = 0.1
XML_TYPES = frozenset({"text/xml", "application/xml", "text/html"})


@dataclass(frozen=True, slots=True)
class Source:
    """Where the next document comes from: an address, with fields of its own, or the document itself."""

    url: str = ""
    method: str = "POST"
    twiml: str = ""
    fields: Params = field(default_factory=dict)


class DocumentError(Exception):
    """A document could not be had or carried out."""

    def __init__(self, code: int, message: str, url: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.url = url


async def fetched(carrier: Carrier, call: Call, source: Source, extra: Params | None = None) -> bytes:
    """A document from its address. Raises DocumentError."""
    params = call.parameters(call.status) | source.fields | (extra or {})
    if call.answered_by and not call.options.async_amd:
        params["AnsweredBy"] = call.answered_by
    if carrier.faults.take("webhooks.voice") is not None:
        raise DocumentError(11200, "HTTP retrieval failure (switched on)", source.url)
    try:
        answer = await carrier.webhooks.request(source.method, source.url, params)
    except WebhookError as error:
        raise DocumentError(11200, error.message, source.url) from None
    if not 200 <= answer.status < 300:
        raise DocumentError(11200, f"HTTP retrieval failure: {answer.status}", source.url)
    if answer.content_type not in XML_TYPES:
        raise DocumentError(12300, f"Invalid Content-Type: {answer.content_type}", source.url)
    return answer.body


class DocumentRunner:
    """Runs the documents of one call.

    Args:
        carrier: its means.
        call: the call; alerts are noted on it.
        line: its audio.
        switchboard: who can be dialled; None: its documents may not dial.
        only: the verbs that its documents may have; None: all.

    Attributes:
        hung_up: a document ended the call; else there was nothing left to do.
    """

    def __init__(
        self, carrier: Carrier, call: Call, line: Line, switchboard: Switchboard | None = None, *, only: tuple[type[Verb], ...] | None = None
    ) -> None:
        self._carrier = carrier
        self._call = call
        self._line = line
        self._switchboard = switchboard
        self._only = only
        self.hung_up = False

    async def run(self, source: Source) -> None:
        """Returns when the call shall end. Cancel it to make the call go on with something else; an open stream is stopped then."""
        current: Source | None = source
        fallback = self._call.options.fallback_url
        try:
            while current is not None:
                try:
                    current = await self.carry_out(current)
                except DocumentError as error:
                    self._alert(error.code, error.message)
                    if not fallback:
                        raise
                    current = await self.carry_out(
                        Source(fallback, self._call.options.fallback_method), {"ErrorCode": str(error.code), "ErrorUrl": error.url}
                    )
                    fallback = ""
        except DocumentError:
            self.hung_up = True
            await self._line.play(await self._carrier.speak(APPLICATION_ERROR, "en-US"))

    async def carry_out(self, source: Source, extra: Params | None = None) -> Source | None:
        """One document; the source of the next, or None for the end. Raises DocumentError."""
        text, base = (source.twiml or await fetched(self._carrier, self._call, source, extra)), source.url
        try:
            verbs = parse(text, base)
        except TwimlError as error:
            raise DocumentError(error.code, error.message, base) from None
        if self._only is not None and (wrong := next((verb for verb in verbs if not isinstance(verb, self._only)), None)) is not None:
            raise DocumentError(NOT_CARRIED_OUT, f"<{type(wrong).__name__}> has no place in this document", base)
        for verb in verbs:
            following = await self._verb(verb)
            if following is not None:
                return following if following.url else None
        return None

    async def _verb(self, verb: Verb) -> Source | None:
        """Carries one verb out. None: on to the next; a source: the call goes on there; an empty source: the call ends."""
        match verb:
            case Say(text, loop, language):
                audio = await self._carrier.speak(text, language)
                for _ in range(loop or 1):
                    await self._line.play(audio)
            case Pause(length):
                await self._carrier.clock.sleep(length)
            case Play(digits):
                await self._line.play(tones.keys(digits))
            case Redirect(url, method):
                return Source(url, method)
            case Gather():
                return await self._gather(verb)
            case Hangup() | Reject():
                self.hung_up = True
                return Source()
            case Stream():
                return await self._stream(verb)
            case Relay():
                return await self._relay(verb)
            case Dial() | Conference():
                return await self._dial(verb)
        return None

    async def _dial(self, verb: Dial | Conference) -> Source | None:
        """Somebody else's phone, or a room; without an action the document goes on behind it."""
        if self._switchboard is None:
            raise DocumentError(NOT_CARRIED_OUT, "Who was dialled cannot dial", "")
        try:
            told = await (self._phone(verb, self._switchboard) if isinstance(verb, Dial) else self._room(verb, self._switchboard))
        except (DialError, ConferenceError) as error:
            self._alert(error.code, error.message)
            told = {"DialCallStatus": "failed"}
        return Source(verb.action, verb.action_method, fields=told) if verb.action else None

    async def _phone(self, verb: Dial, switchboard: Switchboard) -> Params:
        async def whisper(leg: Call, line: Line) -> bool:
            runner = DocumentRunner(self._carrier, leg, line)
            if verb.whisper:
                await runner.run(Source(verb.whisper, verb.whisper_method))
                self._call.alerts += leg.alerts
            return not runner.hung_up

        return await SecondLeg(self._carrier, self._call, self._line, switchboard).run(verb, whisper)

    async def _room(self, verb: Conference, switchboard: Switchboard) -> Params:
        """With others, until it is over for this call."""

        async def waiting() -> None:
            try:
                while True:
                    source: Source | None = Source(verb.wait_url or "", verb.wait_method)
                    while source is not None:
                        source = await DocumentRunner(self._carrier, self._call, self._line, only=WHILE_WAITING).carry_out(source)
                    await self._carrier.clock.sleep(BETWEEN_DOCUMENTS_S)
            except DocumentError as error:
                self._alert(error.code, error.message)

        await switchboard.rooms.named(self._carrier, verb.name).stay(self._call, self._line, verb, waiting if verb.wait_url else None)
        return {"DialCallStatus": "answered"}

    async def _gather(self, verb: Gather) -> Source | None:
        """Keys, told to the action; where there were none the document goes on behind it."""

        async def prompt() -> None:
            for each in verb.prompts:
                await self._verb(each)

        told = await gathered(verb, self._line, self._carrier.clock, prompt)
        return Source(verb.action, verb.method, fields=told or {"Digits": ""}) if told or verb.always else None

    async def _stream(self, verb: Stream) -> Source | None:
        stream = MediaStream(self._call, verb, self._line, self._carrier.faults)
        self._call.streams.append(stream.sid)
        try:
            socket = await stream.open(self._carrier.webhooks, self._carrier.hosts)
            self._stream_event(verb, stream.sid, "stream-started")
            await stream.talk(socket)
            self._stream_event(verb, stream.sid, "stream-stopped")
        except asyncio.CancelledError:
            self._stream_event(verb, stream.sid, "stream-stopped")
            raise
        except StreamError as error:
            self._alert(error.code, error.message)
            self._stream_event(verb, stream.sid, "stream-error", f"{error.code}: {error.message}")
        return Source(verb.action, verb.action_method) if verb.action else None

    async def _relay(self, verb: Relay) -> Source | None:
        session = RelaySession(self._carrier, self._call, verb, self._line)
        self._call.streams.append(session.sid)
        began = self._carrier.clock.now()

        def told(status: str, more: Params) -> Params:
            seconds = str(round(self._carrier.clock.now() - began))
            return {"SessionId": session.sid, "SessionDuration": seconds, "SessionStatus": status, **more}

        try:
            hand_off = await session.hold()
            fields = told("ended", {} if hand_off is None else {"HandoffData": hand_off})
        except asyncio.CancelledError:
            # The far end has hung up, or the application ended the call: nobody acts on the answer.
            params = self._call.parameters("completed") | told("completed", {})
            occasion = ("relay", self._call.ordinal, len(self._call.streams))
            self._carrier.call_back(verb.action, params, method=verb.action_method, queue=self._call.sid, occasion=occasion)
            raise
        except RelayError as error:
            self._alert(error.code, error.message)
            fields = told("failed", {"ErrorCode": str(error.code), "ErrorMessage": error.message})
        return Source(verb.action, verb.action_method, fields=fields) if verb.action else None

    def _stream_event(self, verb: Stream, stream_sid: str, event: str, error: str = "") -> None:
        params = {
            "AccountSid": self._call.account_sid,
            "CallSid": self._call.sid,
            "StreamSid": stream_sid,
            "StreamName": verb.name or stream_sid,
            "StreamEvent": event,
            "Timestamp": wire.iso8601(self._carrier.clock.today()),
        }
        if error:
            params["StreamError"] = error
        occasion = ("stream", self._call.ordinal, len(self._call.streams), event)
        self._carrier.call_back(verb.status_callback, params, method=verb.status_method, queue=stream_sid, occasion=occasion)

    def _alert(self, code: int, message: str) -> None:
        self._call.alerts.append((code, message))
