"""A line in virtual time: plays what Floyd says, fires timers, and lets a test be callee, model and user."""

import json
from functools import partial
from typing import Any

from calls.conversation.brief import CallBrief, SharedFact, Slot
from calls.conversation.conversation import Conversation
from calls.conversation.effects import (
    AskModel,
    AskUser,
    CancelTimer,
    HangUp,
    LetUserSpeak,
    NoteDisclosure,
    PressKeys,
    SaveGrant,
    SaveLine,
    SaveSituation,
    SaveSlots,
    Say,
    StartTimer,
    StopModel,
    StopSpeaking,
)
from calls.conversation.events import (
    CalleeInterrupted,
    CalleeSaid,
    CalleeSaying,
    CalleeStarted,
    HeardUpTo,
    LineOpened,
    ReplyEnded,
    ReplyPieceArrived,
    SpeechStarted,
    TimerFired,
    ToolAsked,
    UserAnswered,
)

INTRODUCTION = "Hi, this is Floyd, an AI assistant calling for Tom Redmond."

GOODBYE = ("end_call", {"result": "goal_reached", "farewell": "Thank you, have a nice day. Goodbye."})
QUESTION = ("ask_user", {"kind": "text", "question": "When will Mara be back?", "item": None, "amount_minor": None, "currency": None})


def flowers(**changes):
    values = {
        "user_name": "Tom Redmond",
        "callee_name": "Sweet Violet's",
        "kind": "buy",
        "goal": "Order flowers for Krista Redmond.",
        "introduction": INTRODUCTION,
        "opening_line": "I'd like to order some flowers for Krista.",
        "success": "Flowers are ordered, with price and delivery time.",
        "today": "Saturday, 21 November 2026",
        "facts": (SharedFact("fact:4", "Flowers for Krista are delivered to 14 Brock Road, Guelph"),),
        "find_out": ("price", "delivery time"),
    }
    return CallBrief(**(values | changes))


def school(**changes):
    values = {
        "callee_name": "Brock Road School",
        "kind": "inform",
        "goal": "Tell the school that Mara Redmond is sick and stays home on Monday, 23 November 2026.",
        "opening_line": "Mara Redmond from grade 3 is sick and will stay home today.",
        "success": "The school knows.",
        "facts": (SharedFact("fact:3", "Mara goes to Brock Road School, grade 3, teacher Ms. Lind"),),
        "find_out": (),
    }
    return flowers(**(values | changes))


class VirtualLine:
    """Drives a conversation. Clauses take `ms_per_char` to be heard; with `play=False` the test reports on them itself."""

    def __init__(self, brief=None, *, play=True, ms_per_char=60):
        self.conversation = Conversation(brief or flowers(), call_id="call-1")
        self.now = 0
        self.effects = []
        self.timers = {}
        self.playing = []  # [speech_id, text, interruptible, started]
        self.play, self.ms_per_char = play, ms_per_char
        self.lines = {}
        self.asks = []
        self.said = []
        self.questions = []
        self.slots: tuple[Slot, ...] = ()
        self.grants = []
        self.disclosed = 0
        self.ended = None
        self.marks = {}
        self.pressed = []
        self.situations = []

    # --- driving ---

    def feed(self, event):
        """Hands one event in and carries the effects out."""
        effects = self.conversation.handle(event, self.now)
        self.effects += effects
        for effect in effects:
            self._carry_out(effect)
        return effects

    def open(self):
        self.feed(LineOpened())
        return self

    def wait(self, ms):
        """Lets time pass: clauses are heard, timers fire."""
        until = self.now + ms
        while (due := self._next_due()) is not None and due[0] <= until:
            self.now = max(self.now, due[0])
            due[1]()
        self.now = until

    def hear_all(self):
        """Lets Floyd finish what it is saying."""
        while self.playing and self.ended is None:
            self.wait(20)

    def introduce(self, hello="Hello, Sweet Violet's."):
        """From the opened line to the end of the opening line."""
        self.open()
        self.wait(500)
        self.callee(hello)
        self.hear_all()
        return self

    def callee(self, text, confidence=0.9):
        return self.feed(CalleeSaid(text, max(0, self.now - 800), max(0, self.now - 300), confidence))

    def announce(self, *sentences, pause_ms=600):
        """A recording speaks: each sentence takes its time, then a short pause."""
        for text in sentences:
            begun = self.now
            self.feed(CalleeStarted())
            words = text.split()
            for count in range(1, len(words) + 1):
                self.wait(350)
                self.feed(CalleeSaying(" ".join(words[:count]), begun))
            self.wait(pause_ms)
            self.feed(CalleeSaid(text, begun, self.now - pause_ms, 0.9))

    def saying(self, text):
        """Words of an utterance that goes on."""
        return self.feed(CalleeSaying(text, max(0, self.now - 300)))

    def model(self, text="", *tools, ask=None):
        """Answers the newest question to the model with words and tools."""
        ask_id = (ask or self.asks[-1]).ask_id
        for at in range(0, len(text), 7):
            self.feed(ReplyPieceArrived(ask_id, text[at : at + 7]))
        for number, (name, arguments) in enumerate(tools):
            raw = arguments if isinstance(arguments, str) else json.dumps(arguments)
            self.feed(ToolAsked(ask_id, f"{ask_id}-t{number}", name, raw))
        return self.feed(ReplyEnded(ask_id, "tool_calls" if tools else "stop"))

    def user(self, question=-1, **answer):
        return self.feed(UserAnswered(self.questions[question].question_id, answer))

    def barge_in(self, heard=None):
        """The callee speaks over Floyd: what plays is cut after `heard` characters."""
        cut = [clause for clause in self.playing if clause[2]]
        for number, (speech_id, text, _, _) in enumerate(cut):
            self.feed(HeardUpTo(speech_id, min(heard if heard is not None else len(text) // 2, len(text)) if number == 0 else 0, False, self.now))
            self.playing = [clause for clause in self.playing if clause[0] != speech_id]
        return self.feed(CalleeInterrupted())

    # --- looking ---

    @property
    def state(self):
        return self.conversation.state

    @property
    def transcript(self):
        return [(line.speaker, line.text) for line in sorted(self.lines.values(), key=lambda line: line.seq)]

    def messages(self, role=None):
        """The newest prompt, decoded."""
        return [message for message in self.asks[-1].messages if role in (None, message["role"])]

    def tool_results(self):
        return [json.loads(message["content"]) for message in self.messages("tool")]

    # --- carrying out ---

    def _carry_out(self, effect):  # noqa: PLR0912 - one branch an effect
        match effect:
            case Say():
                assert self.ended is None, "said something after the end"
                self.said.append(effect.text)
                self.playing.append([effect.speech_id, effect.text, effect.interruptible, None])
            case PressKeys():
                assert self.ended is None, "pressed a key after the end"
                self.pressed.append(effect.keys)
                self.playing.append([effect.speech_id, effect.keys, False, None])
            case SaveSituation():
                self.situations.append(effect.situation)
            case StopSpeaking():
                dropped = [clause for clause in self.playing if clause[2]]
                self.playing = [clause for clause in self.playing if not clause[2]]
                for speech_id, text, _, started in dropped:
                    heard = 0 if started is None else min(len(text), (self.now - started) // self.ms_per_char)
                    self.feed(HeardUpTo(speech_id, heard, False, self.now))
            case StartTimer():
                assert self.ended is None
                self.timers[effect.name] = effect.at_ms
            case CancelTimer():
                self.timers.pop(effect.name, None)
            case SaveLine():
                self.lines[effect.seq] = effect
            case AskModel():
                self.asks.append(effect)
            case AskUser():
                self.questions.append(effect)
            case SaveSlots():
                self.slots = effect.slots
            case SaveGrant():
                self.grants.append(effect)
            case NoteDisclosure():
                self.disclosed += 1
            case HangUp():
                assert self.ended is None, "hung up twice"
                self.ended = effect.reason
            case StopModel() | LetUserSpeak():
                pass

    def _next_due(self):
        options: list[Any] = [(at, partial(self._fire, name)) for name, at in self.timers.items()]
        if self.play and self.playing:
            clause = self.playing[0]
            if clause[3] is None:
                return self.now, lambda: self._start(clause)
            options.append((clause[3] + self.ms_per_char * len(clause[1]), lambda: self._finish(clause)))
        return min(options, key=lambda option: option[0]) if options else None

    def _fire(self, name):
        self.timers.pop(name)
        self.feed(TimerFired(name))

    def _start(self, clause):
        clause[3] = self.now
        self.feed(SpeechStarted(clause[0]))

    def _finish(self, clause):
        if clause in self.playing:
            self.playing.remove(clause)
        self.feed(HeardUpTo(clause[0], len(clause[1]), True, self.now))


def in_school(**changes):
    """A line to the school on which Floyd has introduced itself."""
    return VirtualLine(school(**changes)).introduce("Hello, Brock Road School.")


def assert_ended(line, reason):
    """The call is over for that reason, and nothing is left running."""
    assert line.ended is reason
    assert line.timers == {}
    assert line.state == "ended"
