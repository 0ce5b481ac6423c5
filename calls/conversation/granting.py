"""The user's answers during a call: the only way in which anything more is allowed than the plan said."""

from __future__ import annotations

from datetime import date
from typing import Any

from calls.conversation.effects import SaveGrant, SaveLine
from calls.conversation.events import UserAnswered
from calls.conversation.session import Session
from calls.conversation.states import State
from calls.conversation.transcript import clean
from context.dates import date_in_words
from context.money import format_amount

LONGEST_ANSWER = 500


def user_answered(session: Session, event: UserAnswered) -> bool:
    """Takes an answer: stores what it grants and tells the model. False for one that comes too late, twice, or to no question of this call."""
    if session.state in (State.NEW, State.CLOSING, State.ENDED):
        return False
    asked = session.questions.answer(event.question_id, event.answer)
    if asked is None:
        return False
    told = _granted(session, event)
    words = _in_words(told)
    session.outbox.add(SaveLine(session.numbers.next(), "user", words, session.now_ms, session.now_ms))
    session.egress.user_said(f"{words} {told.get('date', '')}")
    answer = {"question_id": event.question_id, "kind": asked.kind, "question": asked.text, **told}
    session.history.note({"user_answered": answer, "limit_minor": session.purse.limit_minor})
    session.news = True
    if not session.questions.open:
        session.outbox.cancel_timer("user_wait")
    return True


def _granted(session: Session, event: UserAnswered) -> dict[str, Any]:
    """The answer's typed parts; each that allows something becomes a grant."""
    amount_minor, currency = event.answer.get("amount_minor"), str(event.answer.get("currency") or session.purse.currency)
    yes, text = event.answer.get("yes"), clean(str(event.answer.get("text") or ""))[:LONGEST_ANSWER]
    told: dict[str, Any] = {"amount_minor": None, "currency": None, "text": text}
    if isinstance(amount_minor, int) and not isinstance(amount_minor, bool):
        if session.purse.grant(amount_minor, currency):
            told |= {"amount_minor": amount_minor, "currency": currency}
            session.outbox.add(SaveGrant(event.question_id, "money", {"amount_minor": amount_minor, "currency": currency}))
        else:
            told["text"] = text or f"{format_amount(amount_minor, currency)[:20]}, which is not in {session.purse.currency}"
    if isinstance(yes, bool):
        told["yes"] = yes
        if yes:
            session.outbox.add(SaveGrant(event.question_id, "yes", {"yes": True}))
    if text:
        session.outbox.add(SaveGrant(event.question_id, "fact", {"text": text}))
    if (day := _day(event.answer)) is not None:
        told["date"] = date_in_words(day)  # the model is to say which day "Friday" is, not to work it out
        session.outbox.add(SaveGrant(event.question_id, "date", {name: event.answer[name] for name in ("date", "time") if name in event.answer}))
    return told


def _day(answer: dict[str, Any]) -> date | None:
    """The day that the answer names, read in code when it was given."""
    try:
        return date.fromisoformat(str(answer.get("date", "")))
    except ValueError:
        return None


def _in_words(told: dict[str, Any]) -> str:
    """The answer as a transcript line."""
    parts = []
    if told["amount_minor"] is not None:
        parts.append(f"Up to {format_amount(told['amount_minor'], told['currency'])}")
    if "yes" in told:
        parts.append("Yes" if told["yes"] else "No")
    if told["text"]:
        parts.append(told["text"])
    return ". ".join(parts) or "(no answer)"
