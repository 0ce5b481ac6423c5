"""Floyd's replies: asked of the model, cut into clauses, checked, voiced, and the model's tools carried out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from calls.conversation import fixed_lines as lines
from calls.conversation.ahead import Messages
from calls.conversation.brevity import MOST_CLAUSES, can_go
from calls.conversation.circles import NOTE as GOING_ROUND
from calls.conversation.closing import Closer
from calls.conversation.company import Company
from calls.conversation.effects import EndReason, Summarise
from calls.conversation.egress import Verdict
from calls.conversation.events import ReplyEnded, ReplyPieceArrived, ThinkingFailed, ToolAsked
from calls.conversation.kept import LONGEST_REPLY, Answer
from calls.conversation.mind import Draft, Turn
from calls.conversation.session import Session
from calls.conversation.states import State
from calls.conversation.toolbox import ToolsDone

#: How often the model may go on after its own tools before the call is ended, and how often it may fail in one turn.
MOST_ROUNDS, MOST_FAILURES = 5, 2
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
_NOT_SAID = {"not_said": "an agreement", "why": "agree_to has not passed", "do": "call agree_to first, or ask for what you need to know"}
#: What is said in place of a clause that may not be.
_INSTEAD = {Verdict.MONEY: lines.CHECK_FIRST, Verdict.PROMISE: lines.CANNOT_PROMISE}
_WITHHELD = {
    "not_said": "something that is not in the brief",
    "do": "say only what the brief and the user's answers say, and promise only what may_promise lists",
}


class Replier:
    """Gets a reply from the model and says it."""

    def __init__(self, session: Session, closer: Closer, company: Company) -> None:
        self._session, self._closer, self._company = session, closer, company

    def ask(self) -> None:
        """Asks for a reply to all that was said and answered since the last one: a new turn."""
        session = self._session
        if session.unanswered:
            session.circles.heard(session.unanswered)
            for text in session.unanswered:
                session.history.callee_said(text)
            session.unanswered.clear()
        session.mind.turn = Turn(after_answer=session.news)
        session.news = session.whispered = session.speaks_up = False
        if not session.other_machine.may_answer():
            self._closer.close(EndReason.WENT_ROUND)
            return
        guess = session.ahead.take(self._prompt()) if session.ahead.open else None
        if guess is None:
            self._ask()
            return
        session.mind.adopt(guess.ask_id, session.now_ms)
        self._sum_up()
        for event in guess.kept.take():
            self.answered(event)

    def ask_ahead(self, text: str) -> None:
        """Asks as if the callee had said `text` and were done; only while nothing is said, thought of or owed to them."""
        session = self._session
        idle = session.state in (State.LISTENING, State.WAITING_FOR_USER) and not session.mouth.busy and not session.mind.busy
        if idle and session.ahead.worth_asking(text):
            session.history.forget_old(session.purse.slots)
            session.ahead.ask(text, self._prompt([*session.unanswered, text]))

    def answered(self, event: Answer) -> None:
        """The model answers: what was asked ahead is kept, what was asked is said, and what nobody waits for any more is ignored."""
        session = self._session
        if session.ahead.keep(event):
            return
        draft = session.mind.current(event.ask_id)
        if draft is None:
            return
        if draft.kept is not None:
            draft.kept.add(event)
            return
        match event:
            case ReplyPieceArrived():
                self._piece_arrived(draft, event.text)
            case ToolAsked():  # carried out when the reply is whole, together with its siblings; not at all when it is broken off
                session.mind.progressed(session.now_ms)
                session.mind.request_tool(draft, event.tool_id, event.name, event.arguments, session.now_ms)
            case ReplyEnded():
                session.mind.finish()
                self._finish(draft)
            case ThinkingFailed():
                session.mind.finish()
                self._retry(draft, permanent=event.permanent)

    def _piece_arrived(self, draft: Draft, text: str) -> None:
        session = self._session
        session.mind.progressed(session.now_ms)
        draft.length += len(text)
        for clause in draft.cutter.feed(text):
            self._voice(draft, clause.strip())
        session.egress.read()  # as a rule the first clause is not whole yet: now nobody waits
        if draft.length > LONGEST_REPLY:
            session.mind.stop()
            self._finish(draft)

    def patience_ended(self) -> None:
        """Nothing came from the model for too long."""
        draft = self._session.mind.stop()
        if draft is not None:
            self._retry(draft, permanent=False)

    def bridge(self, *, failed: bool = False) -> None:
        """The model takes its time, or another try: a line so that the callee knows we are there. What comes then is a line of its own."""
        session = self._session
        if session.mouth.busy or session.callee_speaking:
            return
        if self._company.exhausted:
            self._closer.close(EndReason.PROVIDER_FAILED)
            return
        session.say_fixed(self._company.explain(failed=failed), remembered=False)
        draft = session.mind.draft
        if draft is not None:
            self._complete(draft)
            draft.line = draft.reply = None

    def hold(self) -> None:
        """Floyd falls silent at once, and may go on."""
        self._session.mouth.stop(self._session.now_ms, may_go_on=True)
        self._session.mind.hold()

    def go_on(self) -> None:
        """Floyd picks up at the word where it fell silent, and then with what the model has written meanwhile."""
        session = self._session
        draft, line = session.mind.draft, session.mouth.resume(session.now_ms)
        fresh = line is not None and not line.complete and (draft is None or line is not draft.line)
        if line is not None and fresh:
            reply = session.history.floyd_says(line)
            if draft is None or draft.line is None:
                session.mouth.complete(line, session.now_ms)
            else:
                self._complete(draft)
                draft.line, draft.reply = line, reply
        for event in session.mind.release(session.now_ms):
            self.answered(event)

    def abort(self) -> bool:
        """Gives the running reply up, keeping what was said of it; True when there was one."""
        draft = self._session.mind.stop()
        if draft is not None:
            self._complete(draft)
        return draft is not None

    def _ask(self) -> None:
        session = self._session
        session.whispered = session.speaks_up = False
        session.history.forget_old(session.purse.slots)
        session.mind.ask(self._prompt(), session.now_ms)
        self._sum_up()

    def _sum_up(self) -> None:
        """Has older talk summed up while the call goes on."""
        messages = self._session.history.to_sum_up()
        if messages is not None:
            self._session.outbox.add(Summarise(self._session.history.summary.awaited, messages))

    def _prompt(self, saying: Sequence[str] = ()) -> Messages:
        """The prompt as it stands; with `saying` as the callee's last words."""
        return (self._session.prefix, *self._session.history.messages(saying))

    def _retry(self, draft: Draft, *, permanent: bool) -> None:
        session = self._session
        self._complete(draft)
        session.mind.turn.failures += 1
        if permanent or session.mind.turn.failures >= MOST_FAILURES:
            self._closer.close(EndReason.PROVIDER_FAILED)
            return
        self.bridge(failed=True)
        if session.state is not State.CLOSING:
            self._ask()

    def _voice(self, draft: Draft, clause: str) -> None:
        """Says a clause, holds it back, or says something harmless in its place. Behind a held clause all others wait, to keep their order."""
        if not any(char.isalnum() for char in clause):
            return
        if draft.held:
            draft.held.append(clause)
            self._release(draft, whole=False)
            return
        verdict = self._session.egress.judge(clause)
        if verdict is Verdict.HOLD:
            draft.held.append(clause)
        else:
            self._speak(draft, verdict, [clause])

    def _speak(self, draft: Draft, verdict: Verdict, clauses: list[str]) -> None:
        if verdict is Verdict.SAY:
            for clause in clauses:
                if not (self._session.short and draft.line is not None and len(draft.line.clauses) >= MOST_CLAUSES and can_go(clause)):
                    self._say(draft, clause)
        elif not draft.blocked:
            draft.blocked = True
            self._say(draft, self._session.wording.line(_INSTEAD.get(verdict, lines.DO_NOT_KNOW)))

    def _say(self, draft: Draft, clause: str) -> None:
        session = self._session
        if draft.line is None:
            line = session.mouth.open_line(session.now_ms)
            draft.line, draft.reply = line, session.history.floyd_says(line)
        session.mouth.say(draft.line, clause, session.now_ms)
        session.egress.said(clause)
        draft.said = session.mind.turn.said = True

    def _complete(self, draft: Draft) -> None:
        if draft.line is not None:
            self._session.mouth.complete(draft.line, self._session.now_ms)

    def _finish(self, draft: Draft) -> None:
        """The reply's last words, its tools, then what was held back until they passed; and what comes next."""
        session = self._session
        for clause in draft.cutter.flush():
            self._voice(draft, clause.strip())
        done = session.toolbox.run(draft.tools, session.callee.last_seq)
        self._release(draft, whole=True)
        dropped = bool(draft.held)
        self._complete(draft)
        if done.calls:
            (draft.reply or session.history.floyd_says(None)).attach(done.calls)
        if dropped and not done.failed:
            session.history.note(_NOT_SAID)
        if draft.blocked:
            session.history.note(_WITHHELD)
        over = done.ending is None and self._is_over(draft)
        if done.asked_user:
            session.outbox.start_timer("user_wait", session.now_ms + session.brief.user_wait_ms)
        if done.ending is not None:
            self._closer.finish(done.ending, draft.line.intended if draft.line is not None else "")
        elif not over:
            self._go_on(draft, done, dropped=dropped)

    def _is_over(self, draft: Draft) -> bool:
        """Whether code ends the call behind this reply, because nothing new comes any more. The model is told that it goes round before that."""
        session = self._session
        if draft.line is None:
            return False
        said = draft.line.intended
        if session.circles.closed_by(said):
            session.history.note(GOING_ROUND)
        if session.other_machine.has_parted(said):
            self._closer.part()
        elif session.other_machine.goes_round:
            self._closer.close(EndReason.WENT_ROUND)
        return session.state is State.CLOSING

    def _release(self, draft: Draft, *, whole: bool) -> None:
        """Says what was held back, sentence by sentence, as far as it may be said by now.

        A clause is judged anew with the rest of its sentence ("Okay, $560," goes on "let me check that"), and once agree_to has passed.

        Args:
            whole: the reply is over, and so is its last sentence.
        """
        while draft.held:
            ends = next((index for index, clause in enumerate(draft.held, 1) if _SENTENCE_END.search(clause)), len(draft.held) if whole else 0)
            if not ends:
                return
            sentence = draft.held[:ends]
            verdict = self._session.egress.judge(" ".join(sentence))
            if verdict is Verdict.HOLD:
                return
            del draft.held[:ends]
            self._speak(draft, verdict, sentence)

    def _go_on(self, draft: Draft, done: ToolsDone, *, dropped: bool) -> None:
        """Has the model go on when the callee would otherwise hear nothing, or it must learn that something did not work."""
        session, turn = self._session, self._session.mind.turn
        if draft.said and not done.failed and not dropped:
            return
        if not done.calls and not dropped:
            if turn.said:
                return  # after its tools there was nothing to add
            turn.empty += 1
            if turn.empty > 1:
                session.say_fixed(lines.ONE_MOMENT if session.questions.open else lines.SAY_AGAIN)
                return
        turn.rounds += 1
        if turn.rounds > MOST_ROUNDS:
            self._closer.close(EndReason.PROVIDER_FAILED)
            return
        self._ask()
