"""The medium of a ConversationRelay line: the carrier hears and speaks; words go to it as text, and its reports tell what was heard."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any

from calls.conversation.effects import PressKeys, Say, Situation
from calls.conversation.events import CalleeInterrupted, Event, MicrophoneLost
from calls.conversation.fixed_lines import BACK_AGAIN
from calls.conversation.wordings import wording_of
from calls.lines.medium import Means
from calls.lines.relay_socket import RelaySocket
from calls.speech.relay_account import Clause, RelayAccount, letters_of
from calls.speech.relay_turns import RelayTurns
from calls.telephony.relay_messages import AgentSpeaking, ClientSpeaking, Interrupted, Prompt, TokensPlayed
from providers.types import Recognition

#: How often the clock is looked at while words are on their way, or somebody is speaking.
TICK_S = 0.1


class RelaySpeech:
    """Hears and speaks through the carrier.

    Args:
        means: of its call.
        socket: the way to the carrier.
        greeting: first words that the carrier says by itself, since they stand in the document.
    """

    def __init__(self, means: Means, socket: RelaySocket, *, greeting: str = "") -> None:
        self._socket = socket
        self._clock = means.clock
        self._turns = means.turns
        self._happened = means.happened
        self._notes = means.notes
        self._heard = RelayTurns()
        self._account = RelayAccount()
        self._busy = asyncio.Event()
        self._away = False
        self._greeting = letters_of(greeting)
        self._language = ""  # that the call has gone over to

    def tasks(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """Keeping time."""
        return (self._keep_time(),)

    def count(self) -> None:
        """Nothing: the carrier charges by the minute for the line, recognition and voice with it."""

    # --- what the carrier tells ---

    def take(self, message: Prompt | Interrupted | AgentSpeaking | ClientSpeaking | TokensPlayed) -> None:
        """One report."""
        now_ms = self._clock.now_ms()
        self._busy.set()
        self._note(message)
        match message:
            case Prompt():
                if message.last:
                    self._turns.words_final(now_ms)
                self._report(self._heard.words(message.text, now_ms, last=message.last))
            case Interrupted():
                self._interrupted(message.heard, now_ms)
            case ClientSpeaking():
                self._report(self._heard.speaking(message.on, now_ms))
            case AgentSpeaking():
                self._report(self._account.agent_speaking(now_ms) if message.on else ())
            case TokensPlayed():
                self._report(self._account.played(message.text, now_ms))
        self._send_due()

    def _note(self, message: Prompt | Interrupted | AgentSpeaking | ClientSpeaking | TokensPlayed) -> None:
        """Keeps the report, under the carrier's own name for it."""
        match message:
            case Prompt():
                self._notes.recognised(Recognition(message.text, is_final=message.last))
            case Interrupted():
                self._notes.take("carrier", "interrupt", utteranceUntilInterrupt=message.heard, durationUntilInterruptMs=message.after_ms)
            case AgentSpeaking() | ClientSpeaking():
                self._notes.take("carrier", "agentSpeaking" if isinstance(message, AgentSpeaking) else "clientSpeaking", on=message.on)
            case TokensPlayed():
                self._notes.take("carrier", "tokensPlayed", text=message.text)

    def _interrupted(self, heard: str, now_ms: int) -> None:
        self._socket.drop_text()
        self._report(self._account.interrupted(heard, now_ms))
        self._report(self._heard.interrupted(now_ms))

    def keyed(self) -> None:
        """The callee pressed a key. Where keys interrupt, the interruption was told just before."""
        self._notes.take("carrier", "dtmf")
        self._heard.keyed()

    def gone(self) -> None:
        """The callee has hung up: what was kept back, since they might have gone on, was all."""
        self._report(self._heard.flush())

    def away(self) -> None:
        """The session broke. What was being said is cut, as by an interruption."""
        self._away = True
        if not self._account.idle:
            self._interrupted("", self._clock.now_ms())

    def back(self) -> None:
        """Another session took its place: Floyd goes on where it was, unless the callee says something else."""
        self._away = False
        if self._language:  # the document that began the session may have been written before the call went over to it
            self._socket.language(self._language)
        self._account.said_by_carrier(wording_of(self._language).line(BACK_AGAIN), self._clock.now_ms())
        self._send_due()

    def _report(self, events: Iterable[Event]) -> None:
        for event in events:
            if isinstance(event, CalleeInterrupted):
                self._turns.cut()
            self._happened(event)

    # --- our words ---

    def say(self, say: Say) -> None:
        """Sends a clause when its time has come."""
        self._account.queue(say.speech_id, say.text, interruptible=say.interruptible)
        self._send_due()

    def press(self, press: PressKeys) -> None:
        """Has keys pressed when their time has come."""
        self._account.queue(press.speech_id, press.keys, interruptible=False, keyed=True)
        self._send_due()

    def stop(self) -> None:
        """Drops what was not sent. The carrier cannot be told to fall silent; only so much is sent ahead."""
        self._report(self._account.stop(self._clock.now_ms()))

    def let_user_speak(self, microphone: str) -> None:
        """The carrier takes words only: nobody's voice can be put on the line."""
        if microphone:
            self._happened(MicrophoneLost(microphone))

    def switch(self, language: str) -> None:
        """Has the carrier hear and speak another language from here on."""
        self._language = language
        self._socket.language(language)

    def expect(self, situation: Situation) -> None:
        """Nothing: the carrier does not tell of beeps and music."""

    def _send_due(self) -> None:
        if self._away:
            return
        now_ms = self._clock.now_ms()
        for clause in self._account.due(now_ms):
            self._send(clause)
            self._account.sent(clause.speech_id, now_ms)
            self._turns.audio(clause.speech_id, now_ms)
        self._busy.set()

    def _send(self, clause: Clause) -> None:
        greeting, self._greeting = self._greeting, ""
        if greeting and clause.letters == greeting:
            return
        if clause.keyed:
            self._socket.digits(clause.text)
        else:
            self._socket.text(clause.text, interruptible=clause.interruptible)

    async def _keep_time(self) -> None:
        while True:
            await self._busy.wait()
            await asyncio.sleep(TICK_S)
            now_ms = self._clock.now_ms()
            if not self._away:
                self._report(self._account.tick(now_ms))
            self._report(self._heard.tick(now_ms))
            self._send_due()
            if self._account.idle and not self._heard.waiting:
                self._busy.clear()
