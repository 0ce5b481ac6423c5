"""Where the time of each reply goes, measured as it happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from providers.types import Usage


@dataclass(frozen=True, slots=True)
class TurnTimes:
    """One reply's row (`calls.models.Turn`), in ms; None where a stage did not take place."""

    seq: int
    end_of_turn_ms: int | None
    recognition_ms: int | None
    model_first_token_ms: int | None
    first_clause_ms: int | None
    voice_first_byte_ms: int | None
    buffer_ms: int | None
    whole_ms: int | None
    interrupted: bool
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int


def _between(start: int | None, end: int | None) -> int | None:
    return None if start is None or end is None else max(0, end - start)


@dataclass(slots=True)
class _Reply:
    """Moments of one reply, on the call's clock."""

    asked: int
    speech_ended: int | None = None
    decided: int | None = None
    recognised: int | None = None
    first_token: int | None = None
    first_clause: int | None = None
    first_audio: int | None = None
    sent: int | None = None
    heard: int | None = None
    interrupted: bool = False
    usage: Usage = field(default_factory=Usage)


class TurnClock:
    """Follows the replies that are being made; `row` gives the times of one when its transcript line is whole.

    A model may be asked several times for one turn (speculation, a tool's answer): the moments of hearing belong to the turn, the others to
    the question that was answered with words.
    """

    def __init__(self) -> None:
        self._speech_ended: int | None = None
        self._decided: int | None = None
        self._recognised: int | None = None
        self._replies: dict[str, _Reply] = {}
        self._answering: _Reply | None = None
        self._spoken: dict[str, _Reply] = {}

    def words_final(self, now_ms: int) -> None:
        """The recogniser made words final."""
        self._recognised = now_ms

    def turn_ended(self, *, speech_end_ms: int, now_ms: int) -> None:
        """It was decided that the callee is done."""
        ahead = list(self._replies.values())
        for reply in ahead:
            reply.speech_ended, reply.decided, reply.recognised = speech_end_ms, now_ms, self._recognised
        self._keep(*((None, None, None) if ahead else (speech_end_ms, now_ms, self._recognised)))

    def _keep(self, speech_ended: int | None, decided: int | None, recognised: int | None) -> None:
        """The moments of hearing that the next question to the model belongs to."""
        self._speech_ended, self._decided, self._recognised = speech_ended, decided, recognised

    def asked(self, ask_id: str, now_ms: int) -> None:
        """The model was asked."""
        self._replies[ask_id] = _Reply(now_ms, self._speech_ended, self._decided, self._recognised)
        self._keep(None, None, None)

    def gave_up(self, ask_id: str) -> None:
        """The question is of no interest any more; another one may be asked for the same turn."""
        if (reply := self._replies.pop(ask_id, None)) is not None:
            self._hand_on(reply)

    def token(self, ask_id: str, now_ms: int) -> None:
        """A piece of the answer came."""
        if (reply := self._replies.get(ask_id)) is not None and reply.first_token is None:
            reply.first_token = now_ms
            self._answering = reply

    def done(self, ask_id: str, usage: Usage) -> None:
        """The answer is whole."""
        if (reply := self._replies.pop(ask_id, None)) is not None:
            reply.usage = usage
            if reply.first_token is None:  # it asked for tools only: the words come with the next answer
                self._hand_on(reply)

    def _hand_on(self, reply: _Reply) -> None:
        if self._decided is None:
            self._keep(reply.speech_ended, reply.decided, reply.recognised)

    def clause(self, speech_id: str, now_ms: int) -> None:
        """A clause is to be said. The first one after the model began to answer is the reply's; fixed lines are nobody's."""
        reply = self._answering
        if reply is not None and reply.first_clause is None:
            reply.first_clause = now_ms
            self._spoken[speech_id] = reply

    def audio(self, speech_id: str, now_ms: int) -> None:
        """The voice gave the first audio of a clause."""
        if (reply := self._spoken.get(speech_id)) is not None and reply.first_audio is None:
            reply.first_audio = now_ms

    def sent(self, speech_id: str, now_ms: int) -> None:
        """Its first audio went to the carrier."""
        if (reply := self._spoken.get(speech_id)) is not None and reply.sent is None:
            reply.sent = now_ms

    def heard(self, speech_id: str, now_ms: int) -> None:
        """Its first audio is being played."""
        if (reply := self._spoken.get(speech_id)) is not None and reply.heard is None:
            reply.heard = now_ms

    def interrupted(self) -> None:
        """The callee spoke over the reply."""
        for reply in self._spoken.values():
            reply.interrupted = True

    def row(self, seq: int, line_of: Callable[[str], int]) -> TurnTimes | None:
        """The times of the reply that became line `seq`, once; None when no model was asked for it, or nothing of it was heard.

        Args:
            seq: number of a line that is whole.
            line_of: tells which line a clause belongs to.
        """
        speech_id = next((speech_id for speech_id in self._spoken if line_of(speech_id) == seq), None)
        reply = self._spoken.pop(speech_id) if speech_id is not None else None
        if reply is None or reply.heard is None:
            return None
        return TurnTimes(
            seq=seq,
            end_of_turn_ms=_between(reply.speech_ended, reply.decided),
            recognition_ms=_between(reply.speech_ended, reply.recognised),
            model_first_token_ms=_between(reply.asked, reply.first_token),
            first_clause_ms=_between(reply.first_token, reply.first_clause),
            voice_first_byte_ms=_between(reply.first_clause, reply.first_audio),
            buffer_ms=_between(reply.first_audio, reply.sent),
            whole_ms=_between(reply.speech_ended, reply.heard),
            interrupted=reply.interrupted,
            prompt_tokens=reply.usage.prompt_tokens,
            cached_tokens=reply.usage.cached_tokens,
            completion_tokens=reply.usage.completion_tokens,
        )
