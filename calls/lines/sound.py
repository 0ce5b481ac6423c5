"""The sound of one call, both ways: frames to the recogniser and the turn taker, clauses to the carrier, and account of what was heard."""

from __future__ import annotations

from collections.abc import Coroutine, Iterable
from typing import Any

from calls.conversation.effects import PressKeys, Say, Situation
from calls.conversation.events import CalleeInterrupted, Event, HeardUpTo, HearingFailed, SpeechFailed
from calls.lines.audience import Audience
from calls.lines.carrier_socket import CarrierSocket
from calls.lines.hearing import Hearing
from calls.lines.medium import Means
from calls.lines.meter import MeteredSpeaker
from calls.lines.provider_notes import NotedSpeaker
from calls.lines.repertoire import Repertoire, owner_of
from calls.lines.speaking import Speaking
from calls.lines.user_voice import UserVoice
from calls.speech import tones
from calls.speech.key_tones import KeyTones
from calls.speech.line_sounds import LineSounds
from calls.speech.playback import PlaybackAccount
from calls.speech.turns import TurnTaker
from providers.types import Recognition


class Sound:
    """The medium of a media stream.

    Args:
        means: of its call.
        socket: the way to the carrier.
    """

    def __init__(self, means: Means, socket: CarrierSocket) -> None:
        kit, brief = means.kit, means.call.brief
        self._socket = socket
        self._clock = means.clock
        self._turns = means.turns
        self._meter = means.meter
        self._happened = means.happened
        self._recorder = means.recorder
        self._hearing = Hearing(kit.recognizer, brief, self._recognised, self._hearing_failed)
        self._repertoire = Repertoire(kit.phrases, brief, owner_of(means.call.user_id))
        speaker = kit.speaker.in_voice(brief.voice) if brief.voice else kit.speaker
        self._meter.rendered_ahead(speaker.voice, brief.opening_line)
        self._notes = means.notes
        self._speaking = Speaking(NotedSpeaker(MeteredSpeaker(speaker, self._meter), means.notes), self._repertoire, self)
        self._taker = TurnTaker()
        self._account = PlaybackAccount()
        self._sounds = LineSounds()
        self._keys = KeyTones()
        self.audience = Audience()
        self._user = UserVoice(means, socket, self.audience)
        self._on_its_way: dict[str, Say] = {}  # clauses of which audio was sent and the end was not reported
        self._broken = ""  # the clause whose voice broke off, while what was sent of it plays
        self._told_taker: tuple[bool, bool, str] = (False, True, "")
        self._away = False

    def tasks(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """Hearing both them and the user, speaking, and the first words rendered while they say hello, if that was not done while it rang."""
        return (self._hearing.run(), self._user.run(), self._speaking.run(), self._repertoire.prepare())

    def count(self) -> None:
        """Tells the meter how much sound recognisers were sent, of the other side and of the user."""
        self._meter.heard(self._hearing.fed_ms + self._user.heard_ms)

    # --- the other side's sound ---

    def take_audio(self, audio: bytes) -> None:
        """μ-law of the other side; also the beat by which time passes."""
        now_ms = self._clock.now_ms()
        self._recorder.frame(audio, self.audience.frame(audio), now_ms)
        audio = self._keys.without(audio, now_ms)
        self._feed(audio)
        self._report(self._account.tick(now_ms))
        self._tell_taker(now_ms)
        self._from_taker(self._turns_in(audio, now_ms))
        self._sounds.wants_music = not self._told_taker[0]
        for event in self._sounds.frame(audio, now_ms):
            self._happened(event)

    def keyed(self) -> None:
        """The other side pressed a key: its tone is no voice."""
        self._keys.pressed(self._clock.now_ms())
        self._notes.take("carrier", "dtmf")

    def _feed(self, audio: bytes) -> None:
        self._hearing.feed(audio)

    def _turns_in(self, audio: bytes, now_ms: int) -> Iterable[Event]:
        return self._taker.frame(audio, now_ms)

    def _recognised(self, recognition: Recognition) -> None:
        now_ms = self._clock.now_ms()
        self._notes.recognised(recognition)
        if recognition.is_final:
            self._turns.words_final(now_ms)
        if recognition.text:
            for event in self._sounds.words(now_ms):
                self._happened(event)
        self._from_taker(
            self._taker.recognised(
                recognition.text,
                is_final=recognition.is_final,
                stability=recognition.stability,
                confidence=recognition.confidence,
                end_ms=recognition.end_ms,
                now_ms=now_ms,
            )
        )

    def _hearing_failed(self, permanent: bool) -> None:
        self._taker.recogniser_reopened()
        self._notes.take("recognition", "failed", permanent=permanent)
        self._happened(HearingFailed(permanent))

    def _from_taker(self, events: Iterable[Event]) -> None:
        for event in events:
            if isinstance(event, CalleeInterrupted):
                self.stop()
            self._happened(event)

    def expect(self, situation: Situation) -> None:
        """Who has the line: a beep matters only where a machine may be listening."""
        self._sounds.wants_beep = situation in (Situation.VOICEMAIL, Situation.SCREENING)

    def switch(self, language: str) -> None:
        """Hears and speaks another language from here on."""
        self._hearing.switch(language)
        self._taker.recogniser_reopened()
        self._repertoire.switch(language)

    # --- our sound ---

    def say(self, say: Say) -> None:
        """Voices a clause after those already queued."""
        self._account.queue(say.speech_id, say.text, interruptible=say.interruptible)
        self._speaking.say(say)

    def press(self, press: PressKeys) -> None:
        """Plays key tones after the clauses already queued; they are not cut."""
        self._account.queue(press.speech_id, press.keys, interruptible=False)
        self._speaking.play_ready(Say(press.speech_id, press.keys, interruptible=False), tones.keys(press.keys))

    def let_user_speak(self, microphone: str) -> None:
        """This microphone of the user's is heard on the line; empty: none is."""
        self._user.let_speak(microphone)

    def stop(self) -> None:
        """Drops what is queued or playing and may be interrupted."""
        self._speaking.drop()
        # The carrier clears everything or nothing. What may not be cut is sent alone, so it is either all that plays or none of it.
        if self._on_its_way and all(say.interruptible for say in self._on_its_way.values()):
            self._socket.clear()
            self._notes.take("carrier", "clear")
            self.audience.sides.cleared()
        self._report(self._account.clear(self._clock.now_ms()))

    def away(self) -> None:
        """The stream broke. What was on its way and not heard is said on the one that takes its place."""
        self._away = True
        self._recorder.broke()
        self._speaking.drop_begun()
        self.audience.sides.cleared()
        self._report(self._account.lost(self._clock.now_ms()))

    def back(self) -> None:
        """Another stream took its place."""
        self._away = False
        self._speaking.look_again()

    def take_mark(self, name: str) -> None:
        """The carrier played all up to a mark."""
        self._notes.take("carrier", "mark", name=name)
        self._report(self._account.mark_returned(name, self._clock.now_ms()))

    def _report(self, events: Iterable[Event]) -> None:
        for event in events:
            if isinstance(event, HeardUpTo | SpeechFailed):
                self._on_its_way.pop(event.speech_id, None)
                self._broken = "" if self._broken == event.speech_id else self._broken
                self._speaking.finished(event.speech_id)
            self._happened(event)
        self._tell_taker(self._clock.now_ms())

    def _tell_taker(self, now_ms: int) -> None:
        playing = self._account.playing(now_ms)
        text, interruptible = self._account.now_playing() or ("", True)
        told = (playing, interruptible, text)
        if told != self._told_taker:
            new_text = text if playing and text != self._told_taker[2] else ""
            self._told_taker = told
            self._taker.speaking(playing=playing, interruptible=interruptible, text=new_text)

    # --- what Speaking tells ---

    def audio_ready(self, speech_id: str) -> None:
        """The first audio of a clause is there."""
        self._turns.audio(speech_id, self._clock.now_ms())

    def may_play(self, say: Say) -> bool:
        """A clause that may not be cut shares the line with no other, and nothing follows one that broke off: the rest of it comes first."""
        if self._broken or self._away:
            return False
        return not self._on_its_way or (say.interruptible and all(other.interruptible for other in self._on_its_way.values()))

    def lead_ms(self) -> int:
        """How much sound the carrier still has to play."""
        return self._account.lead_ms(self._clock.now_ms())

    def play(self, say: Say, audio: bytes) -> None:
        """The next audio of a clause."""
        now_ms = self._clock.now_ms()
        self._on_its_way[say.speech_id] = say
        self._socket.audio(audio)
        self.audience.sides.sent(audio)
        self._account.sent(say.speech_id, len(audio), now_ms)
        self._report(self._account.tick(now_ms))

    def clause_sent(self, say: Say) -> None:
        """All of a clause is on its way; the mark behind it tells when it was heard."""
        if name := self._account.all_sent(say.speech_id, self._clock.now_ms()):
            self._socket.mark(name)

    def clause_failed(self, say: Say, *, permanent: bool) -> None:
        """A clause has no (more) sound. What was sent of it is heard out before anything is said behind it."""
        if say.speech_id not in self._on_its_way:
            self._report(self._account.failed(say.speech_id, permanent=permanent))
        elif name := self._account.broke_off(say.speech_id, permanent=permanent):
            self._broken = say.speech_id
            self._socket.mark(name)
