"""A ConversationRelay session: the carrier hears and speaks, the application gets words and sends words.

https://www.twilio.com/docs/voice/twiml/connect/conversationrelay
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re

import websockets
from websockets.asyncio.client import ClientConnection

from sandbox.ear import Heard
from sandbox.google.voices import LANGUAGES
from sandbox.twilio import relay_frames as frames
from sandbox.twilio import tones, wire
from sandbox.twilio.calls import Call
from sandbox.twilio.carrier import Carrier
from sandbox.twilio.dialled_socket import dial
from sandbox.twilio.frames import FRAME_MS
from sandbox.twilio.line import Line, Uplink
from sandbox.twilio.relay_ear import RelayEar
from sandbox.twilio.relay_frames import DigitsReceived, EndReceived, InvalidMessageError, LanguageReceived, PlayReceived, TextReceived
from sandbox.twilio.relay_sounds import SoundError, fetched
from sandbox.twilio.relay_verb import UNREACHABLE, Relay, url_error
from sandbox.twilio.relay_voice import RelayVoice
from sandbox.twilio.stream import Outbox
from sandbox.twilio.webhooks import WebhookError

log = logging.getLogger("sandbox.relay")
MOST_INVALID = 10
LOST = 64105
REASON = "Closing websocket session"
#: Words that must be understood before they interrupt.
WORDS_TO_INTERRUPT = {"high": 1, "medium": 2, "low": 3}
_BACK_CHANNEL = re.compile(r"(mm-?hm+|uh-?huh|yeah|yes|okay|ok|right|sure|i see|got it)[.,!]*", re.IGNORECASE)


class RelayError(Exception):
    """The session could not be opened, or broke; the action decides what follows."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class RelaySession:
    """One session of one call.

    Args:
        carrier: its means.
        call: whose session it is.
        verb: the document's <ConversationRelay>.
        line: the call's audio.
    """

    def __init__(self, carrier: Carrier, call: Call, verb: Relay, line: Line) -> None:
        self.sid = wire.sid("VX")
        self._carrier = carrier
        self._call = call
        self._verb = verb
        self._line = line
        self._outbox = Outbox()
        self._voice = RelayVoice(line, carrier.relays.read, self._info)
        hints = tuple(hint.strip() for hint in verb.attributes.get("hints", "").split(",") if hint.strip())
        self._ear = RelayEar(carrier.relays.ear(hints), self)
        self._spoken = self._heard = verb.spoken
        self._heard = verb.attributes.get("transcriptionLanguage") or verb.attributes.get("language", "en-US")
        self._over_speech = False  # what is being said began over words that may not be interrupted
        self._invalid = 0
        self._tone_left_ms = 0  # of the key that is being pressed

    async def hold(self) -> str | None:
        """The whole session; returns the hand-off data of the application's `end`. Cancel it when the call ends. Raises RelayError."""
        socket = await self._open()
        await socket.send(frames.setup(self._call, self.sid, self._verb.parameters))
        self._line.stream = self
        fault = self._carrier.faults.take("relay.socket")
        tasks = [asyncio.create_task(part) for part in (self._voice.run(), self._ear.run(), self._write(socket))]
        if fault is not None:
            tasks.append(asyncio.create_task(self._break(socket, fault.milliseconds("after_ms", 3000))))
        self._greet()
        try:
            return await self._read(socket)
        finally:
            self._line.end_of_stream()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await socket.close(1000, REASON)

    async def _open(self) -> ClientConnection:
        if (wrong := url_error(self._verb.url)) is not None:
            raise RelayError(wrong.code, wrong.message)
        if wrong_language := next((code for code in (self._spoken,) if code not in LANGUAGES), ""):
            raise RelayError(64101, f"Invalid values (language/voice): the sandbox does not speak {wrong_language}")
        if self._carrier.faults.take("relay.connect") is not None:
            raise RelayError(UNREACHABLE, "Unable to connect to websocket")
        try:
            return await dial(self._verb.url, self._carrier.webhooks, self._carrier.hosts)
        except (websockets.InvalidHandshake, TimeoutError, OSError, WebhookError) as error:
            raise RelayError(UNREACHABLE, f"Unable to connect to websocket: {type(error).__name__}") from None

    def _greet(self) -> None:
        greeting = self._verb.attributes.get("welcomeGreeting", "")
        if greeting:
            interruptible = self._verb.by("welcomeGreetingInterruptible", "any") != "none"
            self._voice.text(TextReceived(greeting, last=True, interruptible=interruptible, preemptible=False, language=""), self._spoken)

    # --- what the line tells ---

    def frame(self, uplink: Uplink) -> None:
        """20 ms of the far end's audio, and its key presses: their tones are not for the ear."""
        if uplink.keys:
            self._tone_left_ms = tones.TONE_MS
        self._ear.frame(None if self._tone_left_ms > 0 else uplink.audio)
        self._tone_left_ms -= FRAME_MS
        for key in uplink.keys:
            if self._may_interrupt("dtmf"):
                self._interrupt()
            if self._verb.is_on("dtmfDetection"):
                self._outbox.put(frames.dtmf(key))

    def played(self, marks: list[str]) -> None:
        """Pieces of our words were heard."""
        self._voice.played(marks)

    # --- what the ear tells ---

    def voice_began(self) -> None:
        """The caller speaks."""
        self._over_speech = self._voice.speaking and not self._may_interrupt("speech")
        self._info("clientSpeaking", "on")

    def partly(self, text: str) -> None:
        """The caller's words so far."""
        self._words(text)
        if self._verb.is_on("partialPrompts") and self._reported():
            self._outbox.put(frames.prompt(text, self._heard, last=False))

    def understood(self, heard: Heard) -> None:
        """The caller has said something; what was no words is not told."""
        self._info("clientSpeaking", "off")
        if not heard.text:
            return
        if self._voice.speaking and self._verb.is_on("ignoreBackchannel") and _BACK_CHANNEL.fullmatch(heard.text):
            return
        self._words(heard.text)
        if self._reported():
            self._outbox.put(frames.prompt(heard.text, self._heard, last=True))

    def _words(self, text: str) -> None:
        enough = len(text.split()) >= WORDS_TO_INTERRUPT[self._verb.attributes.get("interruptSensitivity", "high")]
        nod = self._verb.is_on("ignoreBackchannel") and _BACK_CHANNEL.fullmatch(text) is not None
        if enough and not nod and self._may_interrupt("speech"):
            self._interrupt()
            self._over_speech = False

    def _reported(self) -> bool:
        """Whether words are told: over our own only when that is wanted."""
        return not self._over_speech or self._verb.by("reportInputDuringAgentSpeech", "none") in ("speech", "any")

    def _may_interrupt(self, what: str) -> bool:
        return self._voice.speaking and self._voice.interruptible and self._verb.by("interruptible", "any") in (what, "any")

    def _interrupt(self) -> None:
        heard, after_ms = self._voice.stop()
        self._outbox.put(frames.interrupt(heard, after_ms))

    def _info(self, name: str, value: str) -> None:
        wanted = "tokens-played" if name == "tokensPlayed" else "speaker-events"
        if wanted in self._verb.events:
            self._outbox.put(frames.info(name, value))

    # --- what the application sends ---

    async def _read(self, socket: ClientConnection) -> str | None:
        with contextlib.suppress(websockets.ConnectionClosed):
            async for raw in socket:
                try:
                    message = frames.decode(raw)
                    if isinstance(message, EndReceived):
                        return message.hand_off
                    await self._take(message)
                    self._invalid = 0
                except InvalidMessageError as error:
                    await self._refuse(socket, str(error))
        raise RelayError(LOST, "Websocket ended")

    async def _take(self, message: TextReceived | PlayReceived | DigitsReceived | LanguageReceived) -> None:
        match message:
            case TextReceived():
                self._voice.text(message, self._spoken)
            case DigitsReceived(digits):
                self._voice.digits(digits)
            case LanguageReceived(spoken, heard):
                self._switch(spoken, heard)
            case PlayReceived():
                try:
                    audio = await fetched(message.source, self._carrier.hosts)
                except SoundError as error:
                    self._outbox.put(frames.error(f"Media could not be played: {error}"))
                else:
                    self._voice.sound(audio * (message.loop or 1000), interruptible=message.interruptible, preemptible=message.preemptible)

    def _switch(self, spoken: str, heard: str) -> None:
        for language in filter(None, (spoken, heard)):
            if language not in self._verb.languages:
                self._outbox.put(frames.error(f"Language {language} is not among the document's <Language>"))
                return
        self._spoken, self._heard = spoken or self._spoken, heard or self._heard

    async def _refuse(self, socket: ClientConnection, what: str) -> None:
        self._invalid += 1
        await socket.send(frames.error(f"Invalid message received, code: 64107, {what[:200]}"))
        if self._invalid >= MOST_INVALID:
            await socket.close(1007, "Too many consecutive malformed messages.")

    async def _write(self, socket: ClientConnection) -> None:
        with contextlib.suppress(websockets.ConnectionClosed):
            while True:
                await socket.send(await self._outbox.get())

    async def _break(self, socket: ClientConnection, after_ms: int) -> None:
        await asyncio.sleep(after_ms / 1000)
        socket.transport.abort()
