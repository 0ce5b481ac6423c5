"""A call that could not be taken because the database was away: the caller is told so once it is well, or rung back. See decision 64.

What is known of the call stands with the broker until then, which needs no database.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from calls import ring_backs
from calls.models import RUNG_BACK, Call, Direction
from context.models import User
from requests_app.hints import hint, hint_now
from requests_app.life import UNANSWERED
from requests_app.message_templates import Template
from requests_app.models import Message, Question
from requests_app.sending import CannotSendError, send_text
from use_cases import answering
from use_cases.missed_models import MissedCall, MissedReason, MissedState
from use_cases.missed_words import MissedWords, asks_for_call, words_in
from use_cases.models import Caller, InboundNumber

#: The text is written so long after the call; who has got through meanwhile gets none.
AFTER_S = 60
LATELY = timedelta(minutes=30)
#: How long the answer CALL gets a call, and how long it gets a kind word.
OFFERED_FOR, REMEMBERED_FOR = timedelta(hours=24), timedelta(days=7)
#: Who asked to be called now is called within so long. A user whom Floyd calls by itself: within so long after they rang.
ASKED_WITHIN, UNASKED_WITHIN = timedelta(minutes=10), timedelta(hours=1)
#: A number is rung back once in so long.
ONCE_IN = timedelta(hours=24)


def note(*, sid: str, from_: str, to: str) -> bool:
    """Has the caller told later. `from_` is their number, in E.164. Whether they will be."""
    return hint_now("use_cases.tell_missed", sid, from_, to, timezone.now().isoformat(), in_s=AFTER_S)


@transaction.atomic
def tell(*, sid: str, from_: str, to: str, at: datetime | None = None) -> bool:
    """Texts the caller, once a day at most, or has a user rung back, unless they got through after all. Whether it did either.

    Args:
        at: when they rang; None: lately.

    Raises:
        django.db.OperationalError: the database is away still.
    """
    now = timezone.now()
    number = InboundNumber.objects.filter(number=to).first()
    if number is None or got_through(from_, since=at or now - LATELY):
        return False
    if Call.objects.filter(carrier_sid=sid).exists() or InboundNumber.objects.filter(number=from_).exists():
        return False  # it was taken after all, or it was another Floyd's, which reads no texts
    caller = answering.caller_of(from_)
    missed, is_new = MissedCall.objects.get_or_create(sid=sid, defaults={"caller": caller, "rung": to})
    if not is_new:
        return False
    until = (at or now) + UNASKED_WITHIN
    if now < until and is_users_own(number, caller) and not rung_lately(from_) and want(missed, MissedReason.OWN, until=until):
        return True
    return offer(missed)


def got_through(number: str, *, since: datetime) -> bool:
    """Whether they have had Floyd on the phone, or rung it, since."""
    since_then = Call.objects.filter(direction=Direction.INBOUND, number=number, created_at__gt=since)
    return since_then.exclude(RUNG_BACK, started_at=None).exists()


def rung_lately(number: str) -> bool:
    """Whether the number was rung back within a day."""
    return Call.objects.filter(RUNG_BACK, number=number, created_at__gt=timezone.now() - ONCE_IN).exists()


def is_users_own(number: InboundNumber, caller: Caller) -> bool:
    """Whether Floyd would have talked with a user, as such, on that user's own verified phone."""
    version = answering.version_for(number, caller) if caller.user is not None else None
    return version is not None and version.use_case.slug == answering.OWN_LINE


def want(missed: MissedCall, reason: MissedReason, *, until: datetime) -> bool:
    """Has them rung back, once. Whether it was this that did."""
    now = timezone.now()
    waiting = MissedCall.objects.filter(pk=missed.pk, state=MissedState.TOLD)
    if waiting.update(state=MissedState.WANTED, reason=reason, wanted_at=now, until=until, due_at=now, updated_at=now) != 1:
        return False
    hint("use_cases.ring_back", missed.pk)
    return True


def offer(missed: MissedCall) -> bool:
    """Tells them that it works again and, where that would get them a call, how to ask for one. Whether it could."""
    number, words = missed.caller.number, words_for(missed.caller, missed.rung)
    rings = ring_backs.are_switched_on() and not rung_lately(number)
    return _text(missed, words.offers if rings else words.sorry, key=f"missed:{number}:{timezone.now().date()}")


def decline(missed: MissedCall) -> bool:
    """Tells somebody who asked for a call that none comes. Once for each call that was missed. Whether it could."""
    return _text(missed, words_for(missed.caller, missed.rung).rings_not, key=f"missed-not-rung:{missed.pk}")


def _text(missed: MissedCall, template: Template, *, key: str) -> bool:
    try:
        send_text(to=missed.caller.number, words=template.fill(rung=missed.rung), dedupe_key=key)
    except CannotSendError:
        return False
    return True


def words_for(caller: Caller, rung: str) -> MissedWords:
    """The words in their language: a user's own, else the one that they last spoke here, else that of whatever answers the number."""
    if caller.user is not None:
        return words_in(caller.user.page_language)
    last = Call.objects.filter(inbound__caller=caller).order_by("-pk").values_list("brief", flat=True).first() or {}
    if last.get("spoken"):
        return words_in(str(last["spoken"]))
    number = InboundNumber.objects.select_related("user").filter(number=rung).first()
    version = answering.version_for(number, caller) if number is not None else None
    return words_in(str(version.relay.get("language") or "") if version is not None else "")


def take_text(message: Message) -> bool:
    """Takes a text that asks for the call that was offered. Whether it was meant so: else it is for somebody else to read."""
    if not asks_for_call(message.body):
        return False
    now = timezone.now()
    theirs = MissedCall.objects.select_related("caller__user").filter(caller__number=message.peer, created_at__gt=now - REMEMBERED_FOR)
    missed = theirs.order_by("-pk").first()
    if missed is None or (message.user is not None and _was_asked_since(message.user, missed)):
        return False
    if missed.created_at > now - OFFERED_FOR and want(missed, MissedReason.ASKED, until=now + ASKED_WITHIN):
        return True
    missed.refresh_from_db()
    if missed.state != MissedState.WANTED and not Call.objects.filter(number=message.peer, ended_at=None).exists():
        decline(missed)
    return True


def _was_asked_since(user: User, missed: MissedCall) -> bool:
    """Whether Floyd asked the user something after they had rung, to which "call" may be the answer."""
    return Question.objects.filter(request__user=user, status__in=UNANSWERED, asked_at__gt=missed.created_at).exists()
