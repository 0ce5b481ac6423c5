"""Where the time of each reply goes, measured as it happens.

A turn begins when the line falls silent (the callee's last speech sample, or Floyd's own if it was still talking) and ends with the first sample
of the reply that is played. Its parts lie end to end, so they add up to the whole:

    recognition    silence → the final words, as far as the decision waited for them (None: it was made without)
    end of turn    → the decision that the callee is done, and that Floyd answers
    tools          → the model is asked for the words (None: the first question brought them). Tools, failed and superseded questions
    first token    → its first token
    first clause   → its first clause is let through
    voice          → the clause's first audio
    buffer         → its first sample is played: sending, and waiting behind words that were still playing (a bridging "One moment")

What happens before the stage before it is over takes no time of the turn: a model that was asked ahead, before the decision, may have a first token
of 0 ms. A reply that answers the user and not the callee has no beginning on the line: its whole is None, its parts begin with the question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from providers.types import Usage

#: A question asked later than this after the callee was done, or Floyd fell silent, answers something else.
AT_ONCE_MS = 100


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
    tools_ms: int | None
    whole_ms: int | None
    interrupted: bool
    asked_ahead: bool
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int


@dataclass(slots=True)
class _Heard:
    """What was heard of the callee, and what thinking of its answer has cost so far. `answered_from`: the first question about it."""

    silent_ms: int | None = None
    recognised_ms: int | None = None
    decided_ms: int | None = None
    answered_from_ms: int | None = None
    questions: int = 0
    usage: Usage = field(default_factory=Usage)


@dataclass(slots=True)
class _Reply:
    """Moments of one question to the model, on the call's clock."""

    heard: _Heard
    asked_ms: int
    ahead: bool
    first_token_ms: int | None = None
    first_clause_ms: int | None = None
    first_audio_ms: int | None = None
    played_ms: int | None = None
    earlier_questions: int = 0
    unvoiced: bool = False
    cut: bool = False  # while it was heard, the line being up


class TurnClock:
    """Follows the replies that are being made; `row` gives the times of one when its transcript line is whole."""

    def __init__(self) -> None:
        self._recognised_ms: int | None = None
        self._floyd_silent: tuple[int, int] = (0, 0)  # when its last words ended, and when that was known
        self._heard: _Heard | None = None
        self._replies: dict[str, _Reply] = {}
        self._spoken: dict[str, _Reply] = {}
        self._line_dropped = False

    # --- what is heard ---

    def words_final(self, now_ms: int) -> None:
        """The recogniser made words final."""
        self._recognised_ms = now_ms

    def turn_ended(self, *, speech_end_ms: int, now_ms: int) -> None:
        """It was decided that the callee is done. What they had said before and nobody answered belongs to it."""
        recognised, self._recognised_ms = self._recognised_ms, None
        self._heard = _Heard(speech_end_ms, recognised, now_ms)
        for reply in self._replies.values():
            if reply.ahead and reply.heard.decided_ms is None:
                reply.heard = self._heard

    # --- what is thought ---

    def asked(self, ask_id: str, now_ms: int, *, ahead: bool = False) -> None:
        """The model was asked; `ahead` of the decision that the callee is done."""
        if ahead:
            self._replies[ask_id] = _Reply(_Heard(), now_ms, ahead=True)
            return
        heard = self._answered_at(now_ms)
        heard.questions += 1
        self._replies = {ask_id: _Reply(heard, now_ms, ahead=False, earlier_questions=heard.questions - 1)}

    def _answered_at(self, now_ms: int) -> _Heard:
        """What a question asked now is about. Nobody's words when it comes of itself: the user has answered, or Floyd goes on."""
        heard = self._heard
        if heard is None:
            self._heard = heard = _Heard(answered_from_ms=now_ms)
        decided_ms = heard.decided_ms
        if heard.answered_from_ms is not None or decided_ms is None:
            return heard
        ended_ms, known_ms = self._floyd_silent
        if any(reply.ahead and reply.heard is heard for reply in self._replies.values()):
            heard.answered_from_ms, heard.questions = decided_ms, 1  # what was asked ahead was taken up
        elif now_ms - max(decided_ms, known_ms) > AT_ONCE_MS:
            self._heard = heard = _Heard(answered_from_ms=now_ms)
        else:
            heard.answered_from_ms = now_ms
            if known_ms > decided_ms and heard.silent_ms is not None:
                heard.silent_ms = max(heard.silent_ms, ended_ms)  # it was said over Floyd's last words
        return heard

    def gave_up(self, ask_id: str, now_ms: int) -> None:
        """The question is of no interest any more; another one may be asked for the same turn."""
        reply = self._replies.pop(ask_id, None)
        if reply is not None and reply.ahead and reply.heard.decided_ms is not None and now_ms > reply.heard.decided_ms:
            reply.heard.answered_from_ms, reply.heard.questions = reply.heard.decided_ms, 1

    def failed(self, ask_id: str) -> None:
        """The model failed. Before the decision that costs nothing: it is asked when the callee is done."""
        if (reply := self._replies.get(ask_id)) is not None and reply.heard.decided_ms is None and reply.ahead:
            del self._replies[ask_id]

    def token(self, ask_id: str, now_ms: int) -> None:
        """Something of the answer came: words, or the wish for a tool."""
        if (reply := self._replies.get(ask_id)) is not None and reply.first_token_ms is None:
            reply.first_token_ms = now_ms

    def done(self, ask_id: str, usage: Usage) -> None:
        """The answer is whole."""
        if (reply := self._replies.get(ask_id)) is None:
            return
        heard = reply.heard
        heard.usage = replace(
            usage,
            prompt_tokens=heard.usage.prompt_tokens + usage.prompt_tokens,
            cached_tokens=heard.usage.cached_tokens + usage.cached_tokens,
            completion_tokens=heard.usage.completion_tokens + usage.completion_tokens,
        )

    # --- what is said ---

    def clause(self, speech_id: str, now_ms: int, *, ask_id: str = "", fixed: bool = False) -> None:
        """A clause is to be said.

        Args:
            ask_id: the question whose answer brought it just now; "" when something else did.
            fixed: a line that code says. It is a reply only when an answer brought it (a farewell), now or when what was asked ahead is taken up.
        """
        reply = self._replies.get(ask_id) if ask_id else self._kept_back(now_ms, fixed=fixed)
        if reply is None or (reply.first_clause_ms is not None and not reply.unvoiced):
            return
        reply.unvoiced = False
        if reply.first_clause_ms is None:
            reply.first_clause_ms = now_ms
        self._spoken[speech_id] = reply
        if reply.heard is self._heard:
            self._heard = None  # one reply answers it

    def _kept_back(self, now_ms: int, *, fixed: bool) -> _Reply | None:
        """The question whose words come out now without having arrived just now: asked ahead, or said again because they could not be voiced."""
        for reply in reversed(self._replies.values()):
            if reply.ahead and reply.first_token_ms is not None and not (fixed and reply.heard.decided_ms != now_ms):
                return reply
            if reply.unvoiced and not fixed:
                return reply
        return None

    def unvoiced(self, speech_id: str) -> None:
        """A clause could not be voiced; it may be said again."""
        if (reply := self._spoken.pop(speech_id, None)) is not None:
            reply.unvoiced = True

    def dropped(self) -> None:
        """What was queued is dropped. A clause of which nothing was heard yet may be said again."""
        for speech_id in [speech_id for speech_id, reply in self._spoken.items() if reply.played_ms is None]:
            self.unvoiced(speech_id)

    def audio(self, speech_id: str, now_ms: int) -> None:
        """The voice gave the first audio of a clause."""
        if (reply := self._spoken.get(speech_id)) is not None and reply.first_audio_ms is None:
            reply.first_audio_ms = now_ms

    def played(self, speech_id: str, now_ms: int) -> None:
        """Its first audio is being played."""
        if (reply := self._spoken.get(speech_id)) is not None and reply.played_ms is None:
            reply.played_ms = now_ms

    def cut(self) -> None:
        """What was being heard broke off."""
        for reply in self._spoken.values():
            reply.cut = reply.cut or (reply.played_ms is not None and not self._line_dropped)

    def silent(self, end_ms: int, now_ms: int) -> None:
        """A clause of Floyd's is over, and was at `end_ms`."""
        self._floyd_silent = (min(end_ms, now_ms), now_ms)

    def line_dropped(self) -> None:
        """Nothing is heard any more: what is cut off now was not interrupted."""
        self._line_dropped = True

    # --- what is written ---

    def row(self, seq: int, line_of: Callable[[str], int], *, interrupted: bool) -> TurnTimes | None:
        """The times of the reply that became line `seq`, once; None when no model was asked for it, or nothing of it was heard.

        Args:
            seq: number of a line that is whole.
            line_of: tells which line a clause belongs to.
            interrupted: whether not all of the line was heard.
        """
        speech_id = next((speech_id for speech_id in self._spoken if line_of(speech_id) == seq), None)
        reply = self._spoken.pop(speech_id) if speech_id is not None else None
        if reply is None or reply.played_ms is None:
            return None
        return _times(seq, reply, interrupted=interrupted and (reply.cut or not self._line_dropped))


def _times(seq: int, reply: _Reply, *, interrupted: bool) -> TurnTimes:
    heard = reply.heard
    answered_from_ms = heard.decided_ms if reply.ahead else heard.answered_from_ms
    tools_until_ms = reply.asked_ms if reply.earlier_questions else None
    recognised_ms = heard.recognised_ms
    if recognised_ms is not None and heard.silent_ms is not None and recognised_ms < heard.silent_ms:
        recognised_ms = None  # words from before the last ones
    begin_ms = heard.silent_ms if heard.silent_ms is not None else answered_from_ms if answered_from_ms is not None else reply.asked_ms
    moments = (
        None if heard.silent_ms is None else recognised_ms,
        None if heard.silent_ms is None else answered_from_ms,
        tools_until_ms,
        reply.first_token_ms,
        reply.first_clause_ms,
        reply.first_audio_ms,
        reply.played_ms,
    )
    lengths, at_ms = [], begin_ms
    for moment in moments:
        lengths.append(None if moment is None else max(0, moment - at_ms))
        at_ms = at_ms if moment is None else max(at_ms, moment)
    recognition, end_of_turn, tools, first_token, first_clause, voice, buffer = lengths
    return TurnTimes(
        seq=seq,
        end_of_turn_ms=end_of_turn,
        recognition_ms=recognition,
        model_first_token_ms=first_token,
        first_clause_ms=first_clause,
        voice_first_byte_ms=voice,
        buffer_ms=buffer,
        tools_ms=tools,
        whole_ms=None if heard.silent_ms is None else at_ms - begin_ms,
        interrupted=interrupted,
        asked_ahead=reply.ahead,
        prompt_tokens=heard.usage.prompt_tokens,
        cached_tokens=heard.usage.cached_tokens,
        completion_tokens=heard.usage.completion_tokens,
    )
