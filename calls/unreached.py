"""Calls in which nobody was talked with: when the next one is made, and what the user hears when there is none.

Each end has its row in `POLICIES`: the waits before further tries, in turn. After them the request fails with a sentence, or the user is asked
whether to go on. A business from the directory is not waited for while another may do it (`next_candidate`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from calls import briefing
from calls.conversation.effects import EndReason
from calls.conversation.situations.announcements import says_closed
from calls.gate_queries import dial_facts
from calls.models import Call, Speaker
from calls.next_try import When, next_try
from calls.status import CallStatus
from context.dates import soon_in_words
from requests_app import next_candidate
from requests_app import services as requests_services
from requests_app.life import put_off
from requests_app.models import QuestionKind
from requests_app.outcome import Achieved, ItemKind, Outcome, OutcomeItem
from requests_app.status import Status


@dataclass(frozen=True, slots=True)
class Policy:
    """What follows when a call ended like this.

    Attributes:
        what: happened, as the beginning of a sentence that goes on "at {name}".
        waits: before the second call, the third and so on.
        ask: put to the user after the last one; empty: the request fails.
    """

    what: str
    waits: tuple[timedelta | When, ...]
    ask: str = ""

    @property
    def tries(self) -> int:
        """How many calls may end like this."""
        return len(self.waits) + 1


def _minutes(*waits: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=wait) for wait in waits)


SHALL_I = noop("Shall I try once more?")
HELD = Policy(
    noop("Nobody came to the phone for as long as Floyd may wait on hold"), _minutes(60), noop("{name} kept me on hold too long, twice. ") + SHALL_I
)
LOST = Policy(
    noop("There was no way through the phone menu"),
    _minutes(30),
    noop("I found no way through the phone menu of {name}, twice. If you know the way, note it at the contact. ") + SHALL_I,
)
CLOSED = Policy(noop("They said that they are closed"), (When.OPENING, When.OPENING))
POLICIES: dict[CallStatus | EndReason, Policy] = {
    CallStatus.BUSY: Policy(noop("The line was busy"), _minutes(3, 10, 30)),
    CallStatus.NO_ANSWER: Policy(noop("Nobody answered"), (*_minutes(30), When.ANOTHER_TIME_OF_DAY)),
    CallStatus.CANCELED: Policy(noop("The call was cancelled before anybody answered"), _minutes(5, 30)),
    EndReason.NO_RESPONSE: Policy(noop("Nobody spoke"), (*_minutes(10), When.ANOTHER_TIME_OF_DAY)),
    EndReason.VOICEMAIL: Policy(noop("Only an answering machine was there"), (When.ANOTHER_TIME_OF_DAY,)),
    EndReason.VOICEMAIL_LEFT: Policy(noop("Floyd left a message on the voicemail"), (When.ANOTHER_TIME_OF_DAY,)),
    EndReason.HOLD_TOO_LONG: HELD,
    EndReason.MENU_DEAD_END: LOST,
}
RANG_IN_VAIN = frozenset({CallStatus.BUSY, CallStatus.NO_ANSWER, CallStatus.CANCELED})
#: However each of them ended: after so many calls to a number that reached nobody it is enough.
MOST_IN_VAIN = 6
#: Ends in which "we are closed" may have been all that was said.
PERHAPS_CLOSED = frozenset({EndReason.VOICEMAIL, EndReason.VOICEMAIL_LEFT, EndReason.NO_RESPONSE, EndReason.MENU_DEAD_END, EndReason.CALLEE_HUNG_UP})


def policy_for(call: Call) -> Policy | None:
    """What follows when nobody was talked with; None when somebody was, or may have been."""
    if call.status in RANG_IN_VAIN:
        return POLICIES[CallStatus(call.status)]
    if not call.end_reason:
        return None
    reason = EndReason(call.end_reason)
    settled = any(slot.get("kind") == "agreed" for slot in call.slots)
    if reason in PERHAPS_CLOSED and not settled and _said_closed(call):
        return CLOSED
    if reason not in POLICIES:
        return None
    talked = reason in (EndReason.HOLD_TOO_LONG, EndReason.NO_RESPONSE) and call.lines.filter(speaker=Speaker.CALLEE).exists()
    if reason is EndReason.NO_RESPONSE and talked:
        return None
    if talked and call.disclosure_played_at is not None and settled:
        return None  # something was settled before the wait
    return POLICIES[reason]


def _said_closed(call: Call) -> bool:
    """Whether the last thing they said was that they are closed."""
    last = call.lines.filter(speaker=Speaker.CALLEE).exclude(text="").order_by("-seq").values_list("text", flat=True).first()
    return last is not None and says_closed(last)


def follow(call: Call, policy: Policy) -> None:
    """Brings the request on: another try, another business, an outcome, a question, or the end."""
    if call.end_reason == EndReason.VOICEMAIL_LEFT and call.brief.get("kind") == "inform":
        _told_by_voicemail(call)
        return
    why = policy.what[0].lower() + policy.what[1:]
    if next_candidate.others_left(call.made_for) and requests_services.give_up_on(request_id=call.made_for.pk, number=call.number, why=why):
        return
    name = briefing.callee_name(call.made_for)
    calls = list(Call.objects.filter(request=call.made_for.pk, number=call.number).order_by("attempt"))
    policies = [policy_for(one) for one in calls]
    alike, in_vain = policies.count(policy), sum(one is not None for one in policies)
    if alike % policy.tries and in_vain % MOST_IN_VAIN:
        _try_again(call, policy, policy.waits[alike % policy.tries - 1], calls)
    elif policy.ask:
        _ask(call, policy.ask.format(name=name))
    elif not requests_services.give_up_on(request_id=call.made_for.pk, number=call.number, why=why):
        trouble = noop("%(what)s at %(name)s, %(in_vain)s times. You can try again later.") % {"what": policy.what, "name": name, "in_vain": in_vain}
        requests_services.fail_request(request_id=call.made_for.pk, before=Status.WRAPPING_UP, trouble=trouble)


def _try_again(call: Call, policy: Policy, wait: timedelta | When, calls: list[Call]) -> None:
    """The gates look again when it is time: a closed shop is called when it opens."""
    request, now = call.made_for, timezone.now()
    until = next_try(dial_facts(request), wait, [one.created_at for one in calls])
    text = noop("%(what)s at %(request)s. Next try %(until)s.") % {
        "what": policy.what,
        "request": briefing.callee_name(request),
        "until": soon_in_words(until, request.user.time_zone, now),
    }
    columns = {"not_before": until, **put_off(until, call.number)}
    requests_services.transition(request_id=request.pk, before=Status.WRAPPING_UP, after=Status.SCHEDULED, text=text, **columns)


@transaction.atomic
def _ask(call: Call, text: str) -> None:
    """Another try would be one too many without the user's word."""
    moved = requests_services.transition(request_id=call.made_for.pk, before=Status.WRAPPING_UP, after=Status.WAITING_FOR_USER, text=text)
    if moved:
        requests_services.ask_question(
            request=call.made_for, kind=QuestionKind.YES_NO, text=text, step="dial", question_id=uuid5(call.pk, "shall-i-try-again")
        )


def _told_by_voicemail(call: Call) -> None:
    """A message is told, though nobody has said that they heard it."""
    name = briefing.callee_name(call.made_for)
    lines = list(call.lines.filter(speaker=Speaker.FLOYD).exclude(text="").order_by("seq").values_list("seq", flat=True))
    item = OutcomeItem(kind=ItemKind.TOLD, text=noop("The message is on their voicemail."), amount_minor=None, currency=None, when=None, lines=lines)
    summary = noop("Floyd left the message on %(name)s's voicemail. Nobody has confirmed it.") % {"name": name}
    outcome = Outcome(achieved=Achieved.PARTLY, summary=summary, items=[item] if lines else [], missing=[])
    requests_services.conclude(request_id=call.made_for.pk, outcome=outcome.model_dump(mode="json"), achieved=outcome.achieved)
