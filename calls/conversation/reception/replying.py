"""Replies in a call that came in: said as the model writes them, tools run outside, and what they want done is done here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from calls.conversation import fixed_lines as lines
from calls.conversation.effects import AskUser, EndReason
from calls.conversation.events import ToolFinished
from calls.conversation.history import Reply
from calls.conversation.mind import Draft
from calls.conversation.reception.closing import ReceptionCloser
from calls.conversation.reception.company import ReceptionCompany
from calls.conversation.reception.errands import Errand, Errands
from calls.conversation.reception.keys import DIGITS, KeyHandler, Keypad, Pressed, read_keys
from calls.conversation.reception.pin import PinEar
from calls.conversation.reception.prompt import END_CALL, prefix_for, specs_for
from calls.conversation.reception.topics import LIVE_AGENT, topic_of, wants_menu
from calls.conversation.reception.use_case import MAIN_MENU, AnsweringUseCase, Changes, OfferedTool
from calls.conversation.replying import MOST_ROUNDS, Replier
from calls.conversation.session import Session
from calls.conversation.states import State
from calls.conversation.toolbox import Ending
from calls.conversation.tools import safe_call

LONGEST_SUMMARY = 1_000
_NO_ANSWER = {"user_answered": None, "do": "say that they could not be reached just now and will be told, and end the call"}
#: To what a caller said while their PIN was asked for, with the numbers that were kept back until it was known.
_GO_ON = {"do": "these are their words of before, now with their numbers: go on with what they asked for, unless it is done"}


class Receptionist(Replier):
    """Gets replies from the model and says them, under the use case that has the call."""

    def __init__(self, session: Session, closer: ReceptionCloser, company: ReceptionCompany, errands: Errands) -> None:
        super().__init__(session, closer, company)
        self._ends, self._errands = closer, errands
        self._reply: Reply | None = None
        self._farewell: tuple[Errand, str] | None = None
        self.keypad = Keypad({}, menu=False)
        self.pin = PinEar()

    def answer_as(self, use_case: AnsweringUseCase) -> None:
        """From here on this use case has the call; the talk so far stays."""
        session = self._session
        session.recorded = session.recorded and use_case.recorded
        self._changes, self.keypad = 0, Keypad({}, menu=use_case.menu)
        self.pin.serve(use_case)
        self._offer(use_case)

    def change(self, changes: Changes) -> None:
        """From the next question and the next key on, the use case that has the call is as a tool made it. One change is not made twice."""
        if changes.number > self._changes:
            self._changes = changes.number
            self._offer(self._use_case.changed(changes))

    def _offer(self, use_case: AnsweringUseCase) -> None:
        """Its prompt, tools and keys."""
        self._use_case, self._tools = use_case, {tool.name: tool for tool in use_case.tools}
        self.keypad.change({key: _placed(handler, self._tools) for key, handler in read_keys(use_case.keys).items()})
        self._session.mind.tools = specs_for(use_case)
        self.take_language()

    def take_language(self) -> None:
        """Prompt and fixed words are for the language in which the call goes on."""
        session = self._session
        session.own_words = self._use_case.translations.get(session.wording.code, {})
        session.prefix = prefix_for(self._use_case, session.wording.name if session.abroad else "")

    # --- the model's words ---

    def ask(self) -> None:
        """Asks for a reply to all that was said, unless code knows what is to be done: back to the menu, or to a person."""
        session = self._session
        errand = self._settled_by_code(session.unanswered)
        if errand is not None:
            self.pin.forget()
            session.outbox.cancel_timer("pin")
        if errand is None and not self.pin.collecting:
            super().ask()
            return
        for text in session.unanswered:
            session.history.callee_said(text)
        session.unanswered.clear()
        session.ahead.drop()
        if errand is not None:
            self.run([errand])

    def _settled_by_code(self, said: list[str]) -> Errand | None:
        """What is done without asking the model."""
        session = self._session
        if self._use_case.menu and any(wants_menu(text) for text in said):
            return Errand("", MAIN_MENU, "{}")
        if not self._hands_over or self.pin.collecting:
            return None
        after = session.history.said_last
        reason = next((reason for text in said if (reason := topic_of(text, after=after)) is not None), None)
        if reason is None:
            return None
        summary = f"The caller said: {' '.join(said)}"[:LONGEST_SUMMARY]
        return Errand("", LIVE_AGENT, json.dumps({"reason": reason.value, "summary": summary}))

    @property
    def _hands_over(self) -> bool:
        """Whether there is a person who takes calls over; what a caller says is nobody else's matter then."""
        return bool(self._use_case.live_agent) and LIVE_AGENT in self._tools

    def _voice(self, draft: Draft, clause: str) -> None:
        if any(char.isalnum() for char in clause):
            self._say(draft, clause)

    def _finish(self, draft: Draft) -> None:
        """The reply's last words, and its tools."""
        session = self._session
        for clause in draft.cutter.flush():
            self._voice(draft, clause.strip())
        self._complete(draft)
        said = draft.line.intended if draft.line is not None else ""
        errands = [Errand(request.tool_id, request.name, request.arguments) for request in draft.tools]
        if not errands:
            self._said_only(draft)
            return
        self._reply = draft.reply or session.history.floyd_says(None)
        self._farewell = next(((errand, said) for errand in errands if errand.name == END_CALL), None)
        self.run([errand for errand in errands if errand.name != END_CALL])

    def _said_only(self, draft: Draft) -> None:
        """A reply without tools; an empty one is asked for once more, unless it is for somebody else to speak."""
        session, turn = self._session, self._session.mind.turn
        if self._is_over(draft) or draft.said or turn.said or (session.questions.open and session.other_machine.known):
            return
        turn.empty += 1
        if turn.empty > 1:
            session.say_fixed(lines.ONE_MOMENT if session.questions.open else lines.SAY_AGAIN)
        else:
            self._ask()

    def try_pin(self) -> None:
        """The caller has said the digits of a PIN, and no more come."""
        errand = self.pin.errand()
        self._session.mouth.stop(self._session.now_ms)
        self.abort()
        if errand is None:
            self._session.say_fixed(lines.WHOLE_PIN)
        else:
            self.run([errand])

    # --- tools ---

    def run(self, errands: list[Errand]) -> None:
        """Has tools run."""
        session = self._session
        self._errands.begin(errands, self._tools, line=session.callee.last_seq, now_ms=session.now_ms)
        if not self._errands.busy:
            self._all_done()

    def tool_finished(self, event: ToolFinished) -> None:
        """One tool is done."""
        if self._errands.finished(event):
            self._all_done()

    def floor_taken(self) -> None:
        """The caller said something else while tools run: it is answered as soon as nothing is under way that must be finished."""
        if self._errands.busy and self._errands.drop():
            self._all_done()

    def tools_gave_out(self) -> None:
        """Nobody told what became of the tools."""
        self._errands.give_up()
        self._all_done()

    def _all_done(self) -> None:
        """All results are there: they are told to the model together, and what they ask for is done."""
        session, done = self._session, self._errands.take()
        reply, self._reply = self._reply, None
        farewell, self._farewell = self._farewell, None
        failed = any(not finished.ok for _, finished in done)
        calls = [(safe_call(errand.tool_id, errand.name, errand.arguments), self._told(finished)) for errand, finished in done if errand.tool_id]
        if farewell is not None:
            result = {"ok": False, "reason": "another_tool_failed", "do": "deal with its result first"} if failed else {"ok": True}
            calls.append((safe_call(farewell[0].tool_id, END_CALL, farewell[0].arguments), result))
        if reply is not None and calls:
            reply.attach(calls)
        for errand, finished in done:
            before = self.pin.finished(errand, ok=finished.ok)
            if not errand.tool_id:
                session.history.note({"keys_pressed": errand.keys, "tool": errand.name, "result": self._told(finished)})
            if before:
                session.history.note({"said_before_the_pin": before, **_GO_ON})
            if finished.changes is not None:
                self.change(finished.changes)
        if session.state in (State.CLOSING, State.ENDED):
            return
        for _, finished in done:
            if finished.say and not self._left_to_model(finished):
                session.say_fixed(finished.say)
            if finished.asked is not None:
                self._await_answer(finished.asked)
        self._follow([finished for _, finished in done], None if failed else farewell)

    def _await_answer(self, asked: AskUser) -> None:
        """A tool has put something to the user whose number it is: the caller waits for it, not for ever."""
        session = self._session
        session.questions.expect(asked)
        session.outbox.add(asked)
        session.outbox.start_timer("user_wait", session.now_ms + session.brief.user_wait_ms)

    def user_did_not_answer(self) -> None:
        """The caller has waited long enough."""
        session = self._session
        if session.questions.open:
            session.questions.give_up()
            session.history.note(_NO_ANSWER)
            session.speaks_up = True

    def _follow(self, done: list[ToolFinished], farewell: tuple[Errand, str] | None) -> None:
        """What comes next: a person, the end, another use case, or the model's next words."""
        session = self._session
        hand_off = next((finished.hand_off for finished in done if finished.hand_off), None)
        start = next((finished.start for finished in done if finished.start), None)
        spoken = " ".join(finished.say for finished in done)
        if hand_off is not None:
            self._ends.hand_off(*hand_off)
        elif any(finished.end for finished in done):
            self._ends.finish(Ending(EndReason.FINISHED, ""), spoken)
        elif start is not None:
            self.answer_as(start)
            if session.in_language(start.greeting) is None:
                self._ask()
            else:
                session.say_fixed(start.greeting, interruptible=False)
        elif farewell is not None:
            self._ends.finish(Ending(EndReason.FINISHED, _farewell_in(farewell[0].arguments)), farewell[1])
        elif not (done and all(finished.ok and finished.say and not self._left_to_model(finished) for finished in done)):
            self._tell_results()

    def _left_to_model(self, finished: ToolFinished) -> bool:
        """Whether the model says what a tool would have said, as nobody wrote it in the caller's language; last words are not left to it."""
        return self._session.in_language(finished.say) is None and not finished.end and finished.hand_off is None

    def _told(self, finished: ToolFinished) -> dict[str, Any]:
        """A result as the model gets it, with what the caller has heard of it already."""
        heard = "say_to_caller" if self._left_to_model(finished) else "said_to_caller"
        # Where another use case begins, its greeting is what comes next.
        told = finished.say and not (self._left_to_model(finished) and finished.start is not None)
        return {"ok": finished.ok, **finished.data, **({heard: finished.say} if told else {})}

    def _tell_results(self) -> None:
        """The model goes on with what its tools found."""
        session, turn = self._session, self._session.mind.turn
        if session.unanswered or session.callee_speaking:
            session.speaks_up = True  # asked as soon as they are done, about both
            return
        turn.rounds += 1
        if turn.rounds > MOST_ROUNDS:
            self._closer.close(EndReason.PROVIDER_FAILED)
        else:
            self._ask()

    # --- keys ---

    def pressed(self, pressed: Pressed) -> None:
        """Does what a key is for. Who presses a key has heard enough."""
        session = self._session
        session.mouth.stop(session.now_ms)
        self.abort()
        if pressed.say:
            session.say_fixed(pressed.say)
        if pressed.tool:
            self.run([Errand("", pressed.tool, json.dumps(pressed.arguments), pressed.keys)])
        elif pressed.model:
            session.history.note({"keys_pressed": pressed.keys})
            session.speaks_up = True


def _placed(handler: KeyHandler, tools: Mapping[str, OfferedTool]) -> KeyHandler:
    """The handler, knowing under which name its tool takes what is collected."""
    tool = tools.get(handler.tool)
    if handler.into or tool is None or not handler.collect:
        return handler
    required = tool.parameters.get("required") or [DIGITS]
    return replace(handler, into=str(required[0]))


def _farewell_in(arguments: str) -> str:
    """The model's farewell; empty when it wrote none, or no JSON."""
    try:
        value = json.loads(arguments)
    except (ValueError, RecursionError):
        return ""
    farewell = value.get("farewell") if isinstance(value, dict) else None
    return farewell[:300] if isinstance(farewell, str) else ""
