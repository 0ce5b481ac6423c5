"""Calls in which nobody was talked with: when the next one is made, and what the user hears when there is none.

Each end has its wait, and a number of tries within a request. After them it fails with a sentence, or the user is asked whether to go on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from uuid import uuid5

from django.db import transaction
from django.utils import timezone

from calls import briefing
from calls.conversation.effects import EndReason
from calls.models import Call, Speaker
from calls.status import CallStatus
from context.opening_hours import zone
from requests_app import services as requests_services
from requests_app.models import QuestionKind
from requests_app.outcome import Achieved, ItemKind, Outcome, OutcomeItem
from requests_app.status import Status


@dataclass(frozen=True, slots=True)
class Policy:
    """What follows when a call ended like this.

    Attributes:
        what: happened, as the beginning of a sentence that goes on "at {name}".
        after: when the next try is made.
        tries: how many calls may end like this.
        ask: put to the user after the last one; empty: the request fails.
    """

    what: str
    after: timedelta
    tries: int
    ask: str = ""


_SOON, _LATER = timedelta(minutes=5), timedelta(minutes=30)
SHALL_I = "Shall I try once more?"
HELD = Policy("Nobody came to the phone for as long as Floyd may wait on hold", _LATER, 2, "{name} kept me on hold too long, twice. " + SHALL_I)
LOST = Policy(
    "There was no way through the phone menu",
    _LATER,
    2,
    "I found no way through the phone menu of {name}, twice. If you know the way, note it at the contact. " + SHALL_I,
)
POLICIES: dict[CallStatus | EndReason, Policy] = {
    CallStatus.BUSY: Policy("The line was busy", _SOON, 3),
    CallStatus.NO_ANSWER: Policy("Nobody answered", _SOON, 3),
    CallStatus.CANCELED: Policy("The call was cancelled before anybody answered", _SOON, 3),
    EndReason.NO_RESPONSE: Policy("Nobody spoke", _SOON, 3),
    EndReason.VOICEMAIL: Policy("Only an answering machine was there", timedelta(hours=1), 3),
    EndReason.VOICEMAIL_LEFT: Policy("Floyd left a message on the voicemail", timedelta(hours=2), 2),
    EndReason.HOLD_TOO_LONG: HELD,
    EndReason.MENU_DEAD_END: LOST,
}
#: Ends that count together: each of them is a call that rang in vain.
RANG_IN_VAIN = frozenset({CallStatus.BUSY, CallStatus.NO_ANSWER, CallStatus.CANCELED, EndReason.NO_RESPONSE})


def policy_for(call: Call) -> Policy | None:
    """What follows when nobody was talked with; None when somebody was, or may have been."""
    if call.status in RANG_IN_VAIN:
        return POLICIES[CallStatus(call.status)]
    if not call.end_reason or EndReason(call.end_reason) not in POLICIES:
        return None
    reason = EndReason(call.end_reason)
    talked = reason in (EndReason.HOLD_TOO_LONG, EndReason.NO_RESPONSE) and call.lines.filter(speaker=Speaker.CALLEE).exists()
    if reason is EndReason.NO_RESPONSE and talked:
        return None
    if talked and call.disclosure_played_at is not None and any(slot.get("kind") == "agreed" for slot in call.slots):
        return None  # something was settled before the wait
    return POLICIES[reason]


def follow(call: Call, policy: Policy) -> None:
    """Brings the request on: another try, an outcome, a question, or the end."""
    if call.end_reason == EndReason.VOICEMAIL_LEFT and call.brief.get("kind") == "inform":
        _told_by_voicemail(call)
        return
    name = briefing.callee_name(call.request)
    if _in_vain(call) % policy.tries:
        _try_again(call, policy, name)
    elif policy.ask:
        _ask(call, policy.ask.format(name=name))
    else:
        trouble = f"{policy.what} at {name}, {policy.tries} times. You can try again later."
        requests_services.fail_request(request_id=call.request_id, before=Status.WRAPPING_UP, trouble=trouble)


def _in_vain(call: Call) -> int:
    """How many of the request's calls have ended like this one, this one included."""
    calls = Call.objects.filter(request=call.request_id)
    if call.status in RANG_IN_VAIN or call.end_reason in RANG_IN_VAIN:
        return sum(status in RANG_IN_VAIN or reason in RANG_IN_VAIN for status, reason in calls.values_list("status", "end_reason"))
    return calls.filter(end_reason=call.end_reason).count()


def _try_again(call: Call, policy: Policy, name: str) -> None:
    """The gates look again when it is time: a closed shop is called when it opens."""
    until = timezone.now() + policy.after
    local = until.astimezone(zone(call.request.user.time_zone) or UTC)
    text = f"{policy.what} at {name}. Floyd will try again at {local:%H:%M}."
    requests_services.transition(request_id=call.request_id, before=Status.WRAPPING_UP, after=Status.SCHEDULED, text=text, not_before=until)


@transaction.atomic
def _ask(call: Call, text: str) -> None:
    """Another try would be one too many without the user's word."""
    moved = requests_services.transition(request_id=call.request_id, before=Status.WRAPPING_UP, after=Status.WAITING_FOR_USER, text=text)
    if moved:
        requests_services.ask_question(
            request=call.request, kind=QuestionKind.YES_NO, text=text, step="dial", question_id=uuid5(call.pk, "shall-i-try-again")
        )


def _told_by_voicemail(call: Call) -> None:
    """A message is told, though nobody has said that they heard it."""
    name = briefing.callee_name(call.request)
    lines = list(call.lines.filter(speaker=Speaker.FLOYD).exclude(text="").order_by("seq").values_list("seq", flat=True))
    item = OutcomeItem(kind=ItemKind.TOLD, text="The message is on their voicemail.", amount_minor=None, currency=None, when=None, lines=lines)
    summary = f"Floyd left the message on {name}'s voicemail. Nobody has confirmed it."
    outcome = Outcome(achieved=Achieved.PARTLY, summary=summary, items=[item] if lines else [], missing=[])
    requests_services.conclude(request_id=call.request_id, outcome=outcome.model_dump(mode="json"), achieved=outcome.achieved)
