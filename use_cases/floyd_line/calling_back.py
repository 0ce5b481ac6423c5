"""A business that calls back: which open request it is about, and what came of it.

Its number finds the request; a number can be forged. So who rings hears nothing of it, and settles nothing, before they have named
whom Floyd called for, or their carrier vouches for the number in full. Then they hear no more than was to be said in the call that
Floyd made to this very number, and what they say reaches the user as read by code: a day and time, an amount, a short name of the
thing (decision 60).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop as noop

from calls import appointments
from calls.conversation.brief import CallBrief
from calls.models import Call, Direction
from context.dates import moment_in_words
from context.money import format_amount, parse_amount
from requests_app.life import conclude, record_event, transition
from requests_app.messages import queue_message
from requests_app.models import Request
from requests_app.outcome import Achieved, ItemKind, Outcome, OutcomeItem
from requests_app.status import Status
from use_cases.floyd_line.models import CallBackTry
from use_cases.models import InboundCall

#: Who calls back later than this after a call of Floyd's rings about something else.
STILL = timedelta(days=14)
#: Requests for which a call from the other side is what they wait for.
WAITING = (Status.SCHEDULED, Status.WAITING_FOR_USER)
LONGEST_ITEM = 60


#: So many wrong names from one number within a day, and nothing is told there: names can be guessed.
MOST_WRONG, WRONG_WITHIN = 3, timedelta(days=1)
#: More words than these are no name, but several guesses.
MOST_WORDS = 4
#: From this length on a name may be heard with a wrong letter.
LONG_NAME, ALIKE = 5, 0.8


class NothingOpenError(LookupError):
    """No request waits for a call from this number."""


class NotNamedError(Exception):
    """They have not said for whom Floyd called."""


class WrongNameError(Exception):
    """Nobody of that name: for them Floyd did not call this number."""


class TooManyTriesError(Exception):
    """Enough wrong names for a day."""


class MoreThanGrantedError(Exception):
    """The price is above what the user granted; the message says what they granted."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What a call from that number is about: Floyd's own call there, its request, and all that may be said there."""

    call: Call
    request: Request
    brief: CallBrief


@dataclass(frozen=True, slots=True)
class Said:
    """What came of it, as the caller said it; empty: not named."""

    achieved: Achieved
    item: str = ""
    when: str = ""
    price: str = ""


def matter_of(number: str, now: datetime) -> Matter | None:
    """The latest open request for which Floyd called this number; None when nothing waits for it."""
    return next(iter(_matters(number, now)), None)


def _matters(number: str, now: datetime) -> list[Matter]:
    """Every open request for which Floyd called this number, each once, the latest first."""
    if not number:
        return []
    made = Call.objects.filter(direction=Direction.OUTBOUND, number=number, request__status__in=WAITING, created_at__gte=now - STILL)
    calls = {call.request_id: call for call in made.select_related("request__user").order_by("created_at")}
    latest = sorted(calls.values(), key=lambda call: call.created_at, reverse=True)
    return [Matter(call, call.request, CallBrief.from_json(call.brief)) for call in latest if call.request is not None]


def open_up(*, call_id: UUID, number: str, named: str, now: datetime) -> Matter:
    """What this caller may hear of, once they have shown that it is theirs to hear. What was opened in a call stays open in it.

    Args:
        named: for whom Floyd called, as the caller says; empty: they did not say.

    Raises:
        NothingOpenError: no request waits for this number.
        NotNamedError, WrongNameError, TooManyTriesError: nothing may be told.
    """
    matters = _matters(number, now)
    if not matters:
        raise NothingOpenError
    if not named.strip():
        return _opened(call_id, matters) or _vouched_for(call_id, matters)
    meant = next((matter for matter in matters if is_name_of(named, matter.brief.user_name)), None)
    with transaction.atomic():
        Request.objects.select_for_update(no_key=True).only("pk").get(pk=matters[0].request.pk)  # calls side by side are counted, too
        tries = CallBackTry.objects.filter(call__number=number, right=False, created_at__gte=now - WRONG_WITHIN)
        if tries.count() >= MOST_WRONG:
            raise TooManyTriesError
        CallBackTry.objects.create(call_id=call_id, request=(meant or matters[0]).request, right=meant is not None, created_at=now)
        if meant is None:
            _note_wrong_name(call_id, matters[0])
    if meant is None:
        raise WrongNameError
    return meant


def _opened(call_id: UUID, matters: list[Matter]) -> Matter | None:
    """What was named in this call before."""
    latest = CallBackTry.objects.filter(call_id=call_id, right=True).order_by("-pk").values_list("request_id", flat=True).first()
    return next((matter for matter in matters if matter.request.pk == latest), None)


def _vouched_for(call_id: UUID, matters: list[Matter]) -> Matter:
    """The latest matter of a number that its carrier vouches for: Floyd tells it to whoever picks up there. Of two users one has to be named."""
    one_user = len({matter.request.user_id for matter in matters}) == 1
    if not one_user or not InboundCall.objects.filter(call_id=call_id, attested=True).exists():
        raise NotNamedError
    CallBackTry.objects.create(call_id=call_id, request=matters[0].request, right=True)
    return matters[0]


def _note_wrong_name(call_id: UUID, matter: Matter) -> None:
    """The user sees it, once a call."""
    if CallBackTry.objects.filter(call_id=call_id, right=False).count() == 1:
        text = noop("Somebody rang from the number of %(name)s and did not know for whom Floyd had called, so nothing was told.")
        record_event(request_id=matter.request.pk, kind="note", text=text % {"name": matter.brief.callee_name})


def is_name_of(named: str, user_name: str) -> bool:
    """Whether somebody names a person, by first or last name; a long name may be heard with a wrong letter. Pure."""
    words = _name_words(named)
    if not 0 < len(words) <= MOST_WORDS:
        return False
    return any(_alike(word, name) for word in words for name in _name_words(user_name) if len(name) > 1)


def _name_words(text: str) -> list[str]:
    plain = "".join(char for char in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(char))
    return re.findall(r"[^\W\d_]+", plain)


def _alike(word: str, name: str) -> bool:
    return word == name or (len(name) >= LONG_NAME and SequenceMatcher(None, word, name).ratio() >= ALIKE)


def settle(*, call_id: UUID, number: str, said: Said, now: datetime) -> None:
    """Ends the request with what they said, once; the user is told as after a call of Floyd's own.

    Raises:
        NothingOpenError: no request waits for this number, or it was settled meanwhile.
        NotNamedError: nothing was opened to this caller (`open_up`).
        MoreThanGrantedError: nothing is agreed; the user is told what they ask.
    """
    with transaction.atomic():
        granted = _settle(call_id, number, said, now)
    # Told outside: what was written for the user stays.
    if granted:
        raise MoreThanGrantedError(granted)


def _settle(call_id: UUID, number: str, said: Said, now: datetime) -> str:
    """Settles it; else what was granted, which is less than they ask."""
    matters = _matters(number, now)
    if not matters:
        raise NothingOpenError
    matter = _opened(call_id, matters)
    if matter is None:
        raise NotNamedError
    request = Request.objects.select_for_update(no_key=True, of=("self",)).select_related("user").get(pk=matter.request.pk)
    price = parse_amount(said.price, matter.brief.currency)
    item = short_name(said.item)
    when = appointments.moment(request, said.when, now) if said.when.strip() else None
    told = _told(item, moment_in_words(when.start, request.user.time_zone) if when and when.timed else "", str(price) if price else "")
    name = matter.brief.callee_name
    if said.achieved is not Achieved.NO and price is not None and (request.limit_minor is None or price.minor > request.limit_minor):
        _tell_the_price(request, name, told, call_id)
        return _granted(request, matter.brief.currency)
    begun = transition(request_id=request.pk, before=WAITING, after=Status.CALLING, text=noop("%(name)s called back.") % {"name": name})
    if not begun or not transition(request_id=request.pk, before=Status.CALLING, after=Status.WRAPPING_UP):
        raise NothingOpenError
    outcome = Outcome(achieved=said.achieved, summary=_summary(said.achieved, name, told), items=[], missing=[])
    conclude(request_id=request.pk, outcome=outcome.model_dump(mode="json"), achieved=said.achieved)
    agreed = OutcomeItem(kind=ItemKind.AGREED, text=item, amount_minor=None, currency=None, when=said.when, lines=[])
    if item:  # what the appointment is called; nothing was agreed in that call itself, so this is not kept
        matter.call.slots = [{"kind": "agreed", "item": item}]
    appointments.keep(matter.call, outcome.model_copy(update={"items": [agreed]}))
    return ""


def _granted(request: Request, currency: str) -> str:
    return "nothing" if request.limit_minor is None else f"up to {format_amount(request.limit_minor, currency)}"


def _summary(achieved: Achieved, name: str, what: str) -> str:
    if achieved is Achieved.NO:
        ended = noop("%(name)s says that it cannot be done: %(what)s.") if what else noop("%(name)s says that it cannot be done.")
    else:
        ended = noop("%(name)s called back and settled it: %(what)s.") if what else noop("%(name)s called back and settled it.")
    return ended % {"name": name, "what": what}


def _tell_the_price(request: Request, name: str, told: str, call_id: UUID) -> None:
    """They ask for more than was granted: that is the user's to decide."""
    called_back = noop("%(name)s called back: %(what)s. That is more than you granted, so nothing was agreed.")
    text = called_back % {"name": name, "what": told}
    record_event(request_id=request.pk, kind="note", text=text)
    queue_message(user=request.user, body=text, request=request, dedupe_key=f"called-back:{call_id}:{request.pk}")


def _told(item: str, when: str, price: str) -> str:
    """E.g. "“cleaning”, Thursday, 26 November 2026 at 9:30 am, $80"."""
    return ", ".join(part for part in (f"“{item}”" if item else "", when, price) if part)


def short_name(item: str) -> str:
    """A name of a thing: a few words without figures, addresses or marks."""
    words = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", item)
    return " ".join(words)[:LONGEST_ITEM].strip()
