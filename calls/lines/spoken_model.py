"""The sound of a call whose model hears and speaks itself: its session takes the place of recogniser and voice once who answers was introduced to,
and gives it back when it fails."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Coroutine, Iterable
from typing import Any

from calls.conversation.effects import Say, Situation
from calls.conversation.events import CalleeInterrupted, CalleePaused, CalleeSaid, CalleeSaying, Event, HeardUpTo, HearingFailed, SpeechFailed
from calls.lines.carrier_socket import CarrierSocket
from calls.lines.hearing import BYTES_PER_MS, hints
from calls.lines.medium import Means
from calls.lines.sound import Sound
from calls.lines.talk import Talk
from calls.lines.until import done_before
from calls.speech.mulaw import SILENCE
from calls.speech.served_turns import ServedTurns
from calls.speech.takes import Part, Takes
from calls.speech.turns import TurnTaker
from providers.talker import ReplyOver, ReplySound, ReplyWords, TalkEvent, Understood, VoiceBegan, VoiceEnded, WordsHeard, WordsWhole
from providers.types import ProviderError

#: Frames since somebody last had words, which the session gets first: a voice may have begun already. A second.
MOST_FRAMES_BEFORE = 50
#: Silence that the session is fed when a stream breaks, so that its service takes what was being said for finished: twice what it waits for.
SILENCE_AT_BREAK_MS = 1_000
_MACHINES = frozenset((Situation.MENU, Situation.HOLD, Situation.VOICEMAIL, Situation.SCREENING))


class SpokenModel(Sound):
    """The medium of a realtime line.

    Until the introduction was heard, recogniser and turn taker hear as on a media stream: they notice a machine before anything is said to it.
    Then the session does, and is told in words what it missed.

    A clause that the conversation lets through is heard in the model's own sound, as far as it is that of this clause; fixed lines, and what the
    model did not say itself, are spoken by the voice of all lines.

    Args:
        means, socket: as of any sound.
        talk: the call's session.
    """

    def __init__(self, means: Means, socket: CarrierSocket, talk: Talk) -> None:
        super().__init__(means, socket)
        self._talk = talk
        self._brief = means.call.brief
        self._served = ServedTurns()
        self._gate = TurnTaker()  # hears a voice sooner than the service tells of it; its turns are nobody's
        self._takes = Takes()
        self._parts: dict[str, Part] = {}  # clauses in the model's own sound, until they are resolved
        self._voiced: dict[str, str] = {}  # clauses of the other voice
        self._more = asyncio.Event()
        self._listens = asyncio.Event()  # the session hears the other side
        self._lost = asyncio.Event()
        self._may_listen = False
        self._words_open = False  # what the other side is saying will end as an utterance of the turn taker's
        self._before: deque[bytes] = deque(maxlen=MOST_FRAMES_BEFORE)
        self._begun_ms = 0  # when the session would have been fed its first audio, had it been fed without a break
        self._fed_ms = 0
        self._heard_at_break: dict[str, int] = {}  # ms of clauses in the model's own sound

    def tasks(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """The session, and recognition until it listens and once it is gone."""
        talking = self._talk.run(self, language=self._brief.begins_in, hints=hints(self._brief), voice=self._brief.voice)
        return (talking, self._recognise(), self._user.run(), self._speaking.run(), self._repertoire.prepare())

    async def _recognise(self) -> None:
        await done_before(self._listens, self._hearing.run())
        await self._lost.wait()
        await self._hearing.run()

    def count(self) -> None:
        """Tells the meter what was written down by whom."""
        super().count()
        if self._talk.fed_bytes:
            self._meter.heard(self._talk.fed_bytes // BYTES_PER_MS, by=self._talk.transcription)

    def expect(self, situation: Situation) -> None:
        """Who has the line: machines are dealt with as on a media stream, and so is whoever comes after them."""
        super().expect(situation)
        if situation in _MACHINES:
            self._talk.leave_to_cascade()
        elif situation is Situation.TALKING:
            self._may_listen = True

    def switch(self, language: str) -> None:
        """Hears and speaks another language from here on."""
        super().switch(language)
        self._talk.switch(language)

    # --- the other side's sound ---

    @property
    def _session_hears(self) -> bool:
        return self._talk.up and self._listens.is_set()

    def _feed(self, audio: bytes) -> None:
        if self._may_listen and self._talk.up and not self._words_open and not self._listens.is_set():
            self._listen()
        if self._session_hears:
            self._feed_session(audio)
        else:
            self._before.append(audio)
            super()._feed(audio)

    def _listen(self) -> None:
        """From here on the session hears, also the voice that has begun and has no words yet."""
        before = b"".join(self._before)
        self._begun_ms = self._clock.now_ms() - len(before) // BYTES_PER_MS
        self._feed_session(before)
        self._taker.left_off()
        self._listens.set()

    def _feed_session(self, audio: bytes) -> None:
        self._fed_ms += len(audio) // BYTES_PER_MS
        self._talk.feed(audio)

    def _turns_in(self, audio: bytes, now_ms: int) -> Iterable[Event]:
        if not self._session_hears:
            return super()._turns_in(audio, now_ms)
        self._gate.frame(audio, now_ms)
        return self._served.tick(now_ms, voice=self._gate.callee_is_speaking)

    def _from_taker(self, events: Iterable[Event]) -> None:
        for event in events:
            if not self._session_hears:
                self._note_words(event)
            if not (isinstance(event, CalleePaused) and self._talk.up):  # the session has no words yet that it could answer
                super()._from_taker((event,))

    def _note_words(self, event: Event) -> None:
        match event:
            case CalleeSaying() | CalleeInterrupted():
                self._words_open = True
            case CalleeSaid():
                self._words_open = False
                self._before.clear()
                if event.text:
                    self._talk.was_heard(event.text)

    def _hearing_failed(self, permanent: bool) -> None:
        if permanent and self._talk.up:
            self._taker.recogniser_reopened()
            self._may_listen = True  # who hears as well takes over
        else:
            super()._hearing_failed(permanent)

    def _at(self, audio_ms: int) -> int:
        return min(self._clock.now_ms(), self._begun_ms + audio_ms)

    # --- what the session tells ---

    def took_place(self, event: TalkEvent) -> None:
        """Something happened in the session."""
        self._note(event)
        match event:
            case VoiceBegan():
                playing, interruptible, _ = self._told_taker
                self._from_taker(self._served.began(event.utterance, self._at(event.at_ms), over_floyd=playing and interruptible))
            case VoiceEnded():
                self._served.ended(event.utterance, self._at(event.at_ms))
            case WordsHeard():
                self._heard_words()
                self._from_taker(self._served.words(event.utterance, event.text))
            case Understood():
                self._turns.words_final(self._clock.now_ms())
                self._heard_words()
                self._from_taker(self._served.understood(event.utterance, event.text, self._clock.now_ms()))
                if self._away:  # no time passes by frames
                    self._from_taker(self._served.flush(self._clock.now_ms()))
            case ReplyWords():
                self._takes.words(event.item, event.text)
            case WordsWhole():
                self._takes.words_whole(event.item)
            case ReplySound():
                self._takes.sound(event.item, event.audio)
            case ReplyOver():
                self._takes.over()
        self._more.set()

    def _note(self, event: TalkEvent) -> None:
        """Keeps what the session reports, but for its words and sound."""
        match event:
            case VoiceBegan() | VoiceEnded():
                kind = "speech_started" if isinstance(event, VoiceBegan) else "speech_stopped"
                self._notes.take("model", kind, item=event.utterance, audio_ms=event.at_ms)
            case Understood():
                self._notes.take("recognition", "transcript", item=event.utterance, **self._notes.said(event.text))
            case ReplyOver():
                audio = {"audio_tokens_in": event.usage.audio_tokens, "audio_tokens_out": event.usage.audio_completion_tokens}
                self._notes.take("model", "reply_done", reply=event.reply, failed=event.failed, finish=event.finish_reason, **audio)

    def _heard_words(self) -> None:
        for event in self._sounds.words(self._clock.now_ms()):
            self._happened(event)

    def reply_settled(self) -> None:
        """The conversation says no more of the last reply."""
        self._takes.settled()
        self._more.set()

    def cuts(self) -> list[tuple[str, int]]:
        """What of the model's words was not heard."""
        return self._takes.cuts()

    def talk_lost(self) -> None:
        """From here on recogniser, thinker and voice do what the session did."""
        self._takes.over()
        self._lost.set()
        self._more.set()
        events, words_lost = self._served.broke(self._clock.now_ms())
        self._from_taker(events)
        if words_lost:
            self._happened(HearingFailed())

    # --- our sound ---

    def say(self, say: Say) -> None:
        """Says a clause, in the sound that the model made of it if there is any."""
        part = self._takes.claim(say.text) if self._talk.up and say.interruptible and not say.cached else None
        if part is None:
            self._voiced[say.speech_id] = say.text
            super().say(say)
            return
        self._parts[say.speech_id] = part
        self._account.queue(say.speech_id, say.text, interruptible=say.interruptible)
        self._speaking.say(say, self._own_sound(part))
        self._more.set()

    async def _own_sound(self, part: Part) -> AsyncGenerator[bytes]:
        while True:
            if audio := self._takes.due(part):
                yield audio
            if part.done:
                self._more.set()  # the next part begins where this one ended
                return
            if self._lost.is_set():
                raise ProviderError("the model that speaks is gone")
            self._more.clear()
            await self._more.wait()

    def stop(self) -> None:
        """Drops what may be interrupted, and keeps in mind how much of the model's sound was heard."""
        now_ms = self._clock.now_ms()
        cut = {speech_id: self._account.heard_ms(speech_id, now_ms) for speech_id in self._parts}
        for speech_id in reversed(cut):  # the first that is cut says where the model's words are taken up again
            self._takes.heard(self._parts[speech_id], cut[speech_id], cut=True)
        super().stop()

    def away(self) -> None:
        """The stream broke. What is left of the model's own sound is said on the next one; what was being said to us is taken for finished."""
        now_ms = self._clock.now_ms()
        self._heard_at_break = {speech_id: self._account.heard_ms(speech_id, now_ms) for speech_id in self._parts}
        super().away()
        self._heard_at_break = {}
        self._from_taker(self._served.flush(now_ms))
        if self._session_hears:
            self._feed_session(SILENCE * (SILENCE_AT_BREAK_MS * BYTES_PER_MS))

    def back(self) -> None:
        """Another stream took its place."""
        self._begun_ms = self._clock.now_ms() - self._fed_ms
        super().back()

    def _report(self, events: Iterable[Event]) -> None:
        events = tuple(events)
        for event in events:
            if isinstance(event, HeardUpTo):
                self._resolved(event.speech_id, event.heard, finished=event.finished)
        for event in reversed(events):  # as in `stop`
            if isinstance(event, SpeechFailed):
                self._resolved(event.speech_id, event.heard, finished=False)
        super()._report(events)

    def _resolved(self, speech_id: str, heard: int, *, finished: bool) -> None:
        part, text = self._parts.pop(speech_id, None), self._voiced.pop(speech_id, "")
        if part is not None and (finished or speech_id in self._heard_at_break):
            self._takes.heard(part, self._heard_at_break.get(speech_id, 0), cut=not finished)
        elif text and heard:
            self._talk.was_said(text if finished else text[:heard])
