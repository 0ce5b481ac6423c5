"""Whatever happens, in whatever order: a conversation never raises, says nothing after its end, and loses no word."""

import json
import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from calls.conversation.conversation import Conversation
from calls.conversation.effects import (
    AskModel,
    AskUser,
    CancelTimer,
    DropRecording,
    HangUp,
    NoteDisclosure,
    PressKeys,
    Record,
    SaveLine,
    SaveSituation,
    SaveSlots,
    Say,
    Situation,
    StartTimer,
    StopModel,
    StopSpeaking,
    Summarise,
)
from calls.conversation.events import (
    BeepHeard,
    CalleeInterrupted,
    CalleePaused,
    CalleeSaid,
    CalleeSaying,
    CalleeStarted,
    HeardUpTo,
    LineDropped,
    LineOpened,
    MusicHeard,
    ReplyEnded,
    ReplyPieceArrived,
    SpeechStarted,
    SummaryArrived,
    ThinkingFailed,
    TimerFired,
    ToolAsked,
    UserAnswered,
)
from calls.conversation.transcript import clean
from tests.calls.conversation.any_events import ANNOUNCED, ANSWERS, ARGUMENTS, BRIEFS, ENDINGS, EVENTS, PIECES, TOOL_NAMES, USERS_KEY, WORDS
from tests.calls.conversation.virtual_line import INTRODUCTION, flowers

OPENING = ("opening", "introducing")


class Watch:
    """Checks every effect as it comes."""

    def __init__(self, brief):
        self.brief = brief
        self.conversation = Conversation(brief, call_id="c")
        self.now = 0
        self.timers, self.questions, self.lines, self.spoken, self.interruptible = {}, [], {}, {}, {}
        self.asked, self.ended, self.disclosed = [], None, 0
        self.callee_said = []
        self.agreed_minor = 0
        self.situation, self.told = Situation.TALKING, False
        self.recording = self.begun = self.refused = False
        self.open_summaries = set()
        self.kept_back, self.stopped, self.open, self.written = set(), set(), set(), {}

    def feed(self, event, after_ms=0):
        self.now += after_ms
        if isinstance(event, CalleeSaid):
            self.callee_said.append(clean(event.text))
        if isinstance(event, CalleeSaid) or event == TimerFired("silence"):
            self.kept_back.clear()  # they are done: from here on an answer asked ahead may be used
        if isinstance(event, SummaryArrived):
            self.open_summaries.discard(event.summary_id)
        if isinstance(event, ReplyEnded | ThinkingFailed):
            self.open.discard(event.ask_id)
        before = self.conversation.state
        effects = self.conversation.handle(event, self.now)
        if before not in OPENING and self.conversation.state in OPENING:
            self.told = False  # somebody new
        for effect in effects:
            self.check(effect)
        return effects

    def check(self, effect):  # noqa: PLR0912 - one branch an effect
        assert self.ended is None or isinstance(effect, SaveLine | DropRecording), f"{effect} after the end"
        match effect:
            case Say():
                if effect.text in (INTRODUCTION, ANNOUNCED):
                    assert not effect.interruptible
                    self.told = True
                assert self.told or self.situation is Situation.MENU, "spoken to a person who does not know who calls"
                assert effect.speech_id not in self.spoken
                assert effect.text.strip() and "4417" not in effect.text
                if effect.text not in self.spoken.values():
                    self.check_source(effect.text)
                self.spoken[effect.speech_id], self.interruptible[effect.speech_id] = effect.text, effect.interruptible
            case PressKeys():
                assert set(effect.keys) == {USERS_KEY} or (self.situation is Situation.MENU and effect.keys in {"0", "1"})
                self.spoken[effect.speech_id], self.interruptible[effect.speech_id] = effect.keys, False
            case SaveSituation():
                self.situation = effect.situation
                if effect.situation in (Situation.VOICEMAIL, Situation.SCREENING):
                    self.told = False
            case SaveLine():
                assert 0 <= effect.start_ms <= effect.end_ms
                if effect.speaker == "floyd":
                    assert len(effect.text) <= len(effect.intended)
                before = self.lines.get(effect.seq)
                assert before is None or before.speaker == effect.speaker
                self.lines[effect.seq] = effect
            case StartTimer():
                self.timers[effect.name] = effect.at_ms
            case CancelTimer():
                assert effect.name in self.timers
                del self.timers[effect.name]
            case AskModel() | StopModel() | Summarise():
                self.check_question(effect)
            case AskUser():
                assert len(effect.text) <= 240 and len(effect.slots["item"]) <= 40
                self.questions.append(effect.question_id)
            case SaveSlots():
                for slot in effect.slots:
                    assert len(slot.item) <= 40
                    self.check_source(slot.value)
                agreed = sum(slot.amount_minor or 0 for slot in effect.slots if slot.kind == "agreed")
                if agreed > self.agreed_minor:
                    limit = self.conversation._session.purse.limit_minor
                    assert limit is not None and agreed <= limit
                self.agreed_minor = agreed
            case NoteDisclosure():
                self.disclosed += 1
                assert self.disclosed == 1
            case Record() | DropRecording():
                self.check_recording(effect)
            case HangUp():
                self.ended = effect.reason

    def check_recording(self, effect):
        """Nothing of somebody who was not told is kept, and nothing after an objection."""
        assert self.brief.recorded and not self.refused
        if isinstance(effect, DropRecording):
            assert self.begun
            self.refused = True
            return
        assert effect.on is not self.recording
        if effect.on:
            assert self.told and ANNOUNCED in self.spoken.values() and self.situation in (Situation.TALKING, Situation.TAKEN_OVER)
        self.recording, self.begun = effect.on, True

    def check_question(self, effect):
        if isinstance(effect, Summarise):
            self.open_summaries.add(effect.summary_id)
            return
        if isinstance(effect, StopModel) and effect.ask_id in self.open_summaries:
            self.open_summaries.discard(effect.ask_id)
            return
        if isinstance(effect, StopModel):
            assert effect.ask_id == self.asked[-1]
            self.stopped.add(effect.ask_id)
            self.open.discard(effect.ask_id)
            return
        self.check_prompt(effect)
        assert not self.open, "two questions at a time"
        self.asked.append(effect.ask_id)
        self.open.add(effect.ask_id)
        if effect.ahead:
            self.kept_back.add(effect.ask_id)

    def check_source(self, text):
        """Nothing comes of an answer that was given up, or that may not be used yet."""
        for word in re.findall(r"zz[a-j]+", text):
            ask_id = self.written.get(word)
            assert ask_id not in self.stopped | self.kept_back, f"{text!r} is of {ask_id}"

    def check_prompt(self, ask):
        assert len(ask.messages) <= 34
        waiting: list[str] = []
        for message in ask.messages:
            if message["role"] == "tool":
                assert waiting and message["tool_call_id"] == waiting.pop(0)
                assert isinstance(json.loads(message["content"])["ok"], bool)
                continue
            assert not waiting, "a tool call without its result"
            if message["role"] == "user":
                assert list(json.loads(message["content"])) in (["callee"], ["earlier_talk"])
            for call in message.get("tool_calls", ()):
                assert isinstance(json.loads(call["function"]["arguments"]), dict)
                waiting.append(call["id"])
        assert not waiting
        json.dumps(ask.messages).encode()

    def finish(self):
        """The line drops: everything is in order."""
        self.feed(LineDropped())
        assert self.ended is not None
        assert self.timers == {}
        assert self.open == self.open_summaries == set()
        stored = [line.text for line in self.lines.values() if line.speaker == "callee"]
        for text in filter(None, self.callee_said):
            assert any(text in line for line in stored)
        assert all(line.final for line in self.lines.values() if line.speaker == "callee")


@settings(max_examples=300, deadline=None)
@given(BRIEFS, st.booleans(), st.lists(st.tuples(EVENTS, st.integers(0, 5_000)), max_size=50), st.none() | ENDINGS)
def test_any_sequence_of_events_is_survived(brief, opened, events, ending):
    watch = Watch(brief)
    if opened:
        watch.feed(LineOpened())
    for event, after_ms in events:
        if isinstance(event, TimerFired):
            watch.timers.pop(event.name, None)
        if isinstance(event, UserAnswered) and watch.questions:
            watch.feed(replace(event, question_id=watch.questions[-1]), after_ms)
        else:
            watch.feed(event, after_ms)
    if ending is not None:
        watch.feed(ending)
    watch.finish()


class PlayingWatch(Watch):
    """Reports on what is stopped at once, as a line does, and knows what was really heard."""

    def __init__(self, brief):
        self.resolved, self.started, self.heard = set(), set(), {}
        super().__init__(brief)

    def feed(self, event, after_ms=0):
        before = list(self.unresolved)
        effects = super().feed(event, after_ms)
        if any(isinstance(effect, StopSpeaking) for effect in effects):
            self.cut(before)
        return effects

    @property
    def unresolved(self):
        return [speech_id for speech_id in self.spoken if speech_id not in self.resolved]

    def cut(self, speech_ids):
        """The line drops what may be interrupted: half of a clause that had begun was heard."""
        for speech_id in speech_ids:
            if self.interruptible[speech_id] and speech_id not in self.resolved:
                self.report(speech_id, len(self.spoken[speech_id]) // 2 if speech_id in self.started else 0, finished=False)

    def report(self, speech_id, heard, *, finished, after_ms=0):
        text = self.spoken[speech_id]
        self.resolved.add(speech_id)
        self.heard[speech_id] = text if finished else text[: min(heard, len(text))]
        self.feed(HeardUpTo(speech_id, heard, finished, self.now), after_ms)

    def only_what_was_heard_is_recorded(self):
        """Every stored line of Floyd's is what was played of its clauses; a word that was cut and said again stands there once."""
        played = {}
        for speech_id, text in self.heard.items():
            played.setdefault(self.conversation.line_of(speech_id), []).append(text)
        for line in self.lines.values():
            if line.speaker == "floyd":
                parts = played.get(line.seq, [])
                heard = iter(" ".join(parts).split())
                stored = line.text.split()
                assert all(word in heard for word in stored), f"{stored} of {parts}"
                assert len(stored) >= len(" ".join(parts).split()) - len(parts)


class AnyCall(RuleBasedStateMachine):
    """Plausible calls: the line reports on what it was given, the model answers what it was asked, in any order."""

    def __init__(self):
        super().__init__()
        self.watch = PlayingWatch(flowers(limit_minor=8000))
        self.watch.feed(LineOpened())

    def open_ask(self):
        return self.watch.asked[-1] if self.watch.asked else "a0"

    @rule(text=WORDS, confidence=st.sampled_from([0.1, 0.9]), after=st.integers(0, 3_000))
    def callee_says(self, text, confidence, after):
        now = self.watch.now + after
        self.watch.feed(CalleeSaid(text, now, now, confidence), after)

    @rule(text=WORDS)
    def callee_is_saying(self, text):
        self.watch.feed(CalleeSaying(text, self.watch.now))

    @rule(text=WORDS)
    def the_callee_pauses(self, text):
        self.watch.feed(CalleePaused(text, self.watch.now))

    @precondition(lambda self: self.watch.unresolved)
    @rule(finished=st.booleans(), heard=st.integers(0, 60), started=st.booleans())
    def a_clause_is_heard(self, finished, heard, started):
        speech_id = self.watch.unresolved[0]
        if started:
            self.watch.started.add(speech_id)
            self.watch.feed(SpeechStarted(speech_id))
        self.watch.report(speech_id, heard, finished=finished, after_ms=500)

    @precondition(lambda self: self.watch.unresolved)
    @rule()
    def all_is_heard(self):
        for speech_id in self.watch.unresolved:
            if speech_id not in self.watch.resolved:  # what was heard before it may have stopped it
                self.watch.report(speech_id, 0, finished=True, after_ms=500)

    @precondition(lambda self: self.watch.unresolved)
    @rule()
    def a_clause_starts(self):
        speech_id = self.watch.unresolved[0]
        self.watch.started.add(speech_id)
        self.watch.feed(SpeechStarted(speech_id))

    @rule()
    def a_voice_is_noticed(self):
        self.watch.feed(CalleeStarted())

    @rule(pieces=st.lists(PIECES, max_size=3), tools=st.lists(st.tuples(TOOL_NAMES, ARGUMENTS), max_size=3), ends=st.booleans())
    def the_model_answers(self, pieces, tools, ends):
        ask_id = self.open_ask()
        word = "zz" + ask_id[1:].translate(str.maketrans("0123456789", "abcdefghij"))
        self.watch.written[word] = ask_id
        pieces = [f"Here is {word}. ", *pieces]
        tools = [("note_learned", json.dumps({"what": word, "value": word})), *tools]
        for piece in pieces:
            self.watch.feed(ReplyPieceArrived(ask_id, piece))
        for number, (name, arguments) in enumerate(tools):
            self.watch.feed(ToolAsked(ask_id, f"{ask_id}{number}", name, arguments))
        if ends:
            self.watch.feed(ReplyEnded(ask_id, "stop"))

    @precondition(lambda self: self.watch.open_summaries)
    @rule(text=WORDS)
    def a_summary_arrives(self, text):
        self.watch.feed(SummaryArrived(min(self.watch.open_summaries), text))

    @rule()
    def the_model_fails(self):
        self.watch.feed(ThinkingFailed(self.open_ask()))

    @rule()
    def there_is_a_beep(self):
        self.watch.feed(BeepHeard(self.watch.now))

    @rule(on=st.booleans())
    def there_is_music(self, on):
        self.watch.feed(MusicHeard(on, self.watch.now))

    @rule()
    def the_callee_interrupts(self):
        self.watch.cut(self.watch.unresolved)
        self.watch.feed(CalleeInterrupted())

    @precondition(lambda self: self.watch.questions)
    @rule(answer=ANSWERS)
    def the_user_answers(self, answer):
        self.watch.feed(UserAnswered(self.watch.questions[-1], answer))

    @precondition(lambda self: self.watch.timers)
    @rule()
    def the_next_timer_fires(self):
        name, at_ms = min(self.watch.timers.items(), key=lambda item: item[1])
        del self.watch.timers[name]
        self.watch.feed(TimerFired(name), max(0, at_ms - self.watch.now))

    @invariant()
    def never_without_a_way_on(self):
        """Something always comes next: a timer runs until the end."""
        assert self.watch.ended is not None or self.watch.timers

    @invariant()
    def nothing_is_held_back_without_a_reason(self):
        session = self.watch.conversation._session
        held = session.mind.draft is not None and session.mind.draft.kept is not None
        assert not held or session.callee_speaking or "cut_in" in self.watch.timers

    def teardown(self):
        self.watch.finish()
        for speech_id in self.watch.unresolved:
            self.watch.report(speech_id, 0, finished=False)
        self.watch.only_what_was_heard_is_recorded()


TestAnyCall = AnyCall.TestCase
TestAnyCall.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=8), st.sampled_from([None, 8000]))
def test_no_money_above_the_limit_is_ever_agreed_to_aloud(pieces, limit_minor):
    watch = Watch(flowers(limit_minor=limit_minor))
    watch.feed(LineOpened())
    watch.feed(CalleeSaid("Sweet Violet's, hello.", 0, 500))
    for speech_id in list(watch.spoken):
        watch.feed(HeardUpTo(speech_id, 0, True, 600))
    watch.feed(CalleeSaid("It's $560, okay?", 700, 900))
    for piece in pieces:
        watch.feed(ReplyPieceArrived("a1", piece))
    watch.feed(ReplyEnded("a1", "stop"))
    assert not any("take it for" in text for text in watch.spoken.values())
