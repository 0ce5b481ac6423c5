"""Somebody rings a number of ours: who it is, which use case answers, and the call's brief."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from calls.conversation.brief import CallBrief
from calls.conversation.disclosure import announced_first
from calls.conversation.reception.use_case import AnsweringUseCase
from calls.conversation.wordings import is_known
from calls.models import Call, Direction
from calls.nodes import with_room
from calls.recording.allowed import may_record
from calls.status import CallStatus
from context.dates import zone
from context.models import User
from use_cases.caller_number import is_forged, is_telephone, is_vouched_for
from use_cases.description import ANSWERING_FOR, fill
from use_cases.floyd_line.calling_back import matter_of
from use_cases.floyd_line.pin import has_pin
from use_cases.front_desk.menu import FRONT_DESK, ON_BEHALF, experiences
from use_cases.models import Caller, InboundCall, InboundNumber, UseCase, UseCaseVersion
from use_cases.offering import NOBODY_TAKES_OVER, misses_person, now_offered, tools_for

#: Answers whom Floyd knows.
OWN_LINE = "floyd_line"
#: The carrier waits 15 s for an answer. No statement begins after these seconds, and none takes longer: a database that is slower is asked again
#: while the caller hears something.
MOST_S_IN_DATABASE, MOST_MS_A_STATEMENT = 4.0, 2_000
#: Of a call whose use case stands as it began.
NOTHING_CHANGED: Mapping[str, Any] = MappingProxyType({})


class NotAnsweredError(Exception):
    """The number has no use case to answer it, or no line is free."""


class AllBusyError(NotAnsweredError):
    """No media process has room."""


@contextmanager
def _in_time(seconds: float) -> Iterator[None]:
    """Refuses statements after so many seconds, as if the database had."""
    until = time.monotonic() + seconds

    def checked(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if time.monotonic() > until:
            raise OperationalError("out of time")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(checked):
        yield


def take_call(*, sid: str, from_: str, to: str, attested: str = "") -> Call:
    """Makes the row of a call that comes in. The same sid again is the same call.

    Args:
        attested: what the carrier found about the caller's number (its `StirVerstat`); empty: it says nothing.

    Raises:
        NotAnsweredError: nothing answers this number.
        AllBusyError: nobody could talk now.
        django.db.OperationalError: the database is away, or too slow.
    """
    with _in_time(MOST_S_IN_DATABASE), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set local statement_timeout = %s", [MOST_MS_A_STATEMENT])
            # Keys that are checked at the commit would wait there for whoever holds the caller's row, without this limit.
            cursor.execute("set constraints all immediate")
        return _taken(sid=sid, from_=from_, to=to, attested=attested)


def _taken(*, sid: str, from_: str, to: str, attested: str) -> Call:
    known = Call.objects.filter(carrier_sid=sid, direction=Direction.INBOUND).first()
    if known is not None:
        return known
    number = InboundNumber.objects.select_related("user").filter(number=to).first()
    if number is None or (number.user is not None and not number.user.is_active):
        raise NotAnsweredError("no such number")
    # A number whose signature does not hold is nobody's.
    caller = caller_of("" if is_forged(attested) else from_)
    return make_call(number, caller, attested=is_vouched_for(attested), carrier_sid=sid, status=CallStatus.RINGING)


def make_call(
    number: InboundNumber, caller: Caller, *, attested: bool, limit: Callable[[CallBrief], CallBrief | None] | None = None, **fields: Any
) -> Call:
    """The rows of a call between a caller and a number of ours.

    Args:
        attested: the number is known to be the caller's.
        limit: makes the brief shorter; None: there is nothing left for a call.
        fields: of the `Call`.

    Raises:
        NotAnsweredError: no use case answers that number, or `limit` leaves nothing.
        AllBusyError: nobody could talk now.
    """
    version = version_for(number, caller)
    if version is None:
        raise NotAnsweredError("no use case")
    node = with_room()
    if node is None:
        raise AllBusyError("no room")
    time_zone = number.user.time_zone if number.user is not None else number.time_zone
    recorded = _recorded(version, caller, answers_for=number.user)
    brief = brief_for(version, caller, time_zone=time_zone, menu=number.menu, answers_for=number.user, recorded=recorded)
    limited = limit(brief) if limit is not None else brief
    if limited is None:
        raise NotAnsweredError("nothing left for a call")
    call = Call.objects.create(
        direction=Direction.INBOUND,
        user=number.user or caller.user,
        number=caller.number,
        node=node,
        line=version.line or settings.CALL_LINE,
        brief=limited.to_json(),
        **fields,
    )
    InboundCall.objects.create(call=call, caller=caller, version=version, rung=number.number, time_zone=time_zone, attested=attested)
    return call


def caller_of(number: str) -> Caller:
    """Who rings, by number. Somebody new gets a profile; who withholds the number is somebody new each time."""
    if not is_telephone(number):
        return Caller.objects.create()
    caller, _ = Caller.objects.get_or_create(number=number)
    user = User.objects.filter(phone=number, phone_verified_at__isnull=False, is_active=True).first()
    if caller.user != user:
        caller.user = user
        caller.save(update_fields=["user", "updated_at"])
    return caller


def version_for(number: InboundNumber, caller: Caller) -> UseCaseVersion | None:
    """The number's own use case; on a menu number the caller's choice, then the front desk. Who rings their own number is helped as a user."""
    if number.user_id is not None:
        wanted = [OWN_LINE if caller.user_id == number.user_id else ON_BEHALF]
    elif number.menu:
        # Whom Floyd works for, and a business that it called and that calls back, need no introduction.
        known = OWN_LINE if caller.user_id or matter_of(caller.number, timezone.now()) else ""
        wanted = [caller.use_case, number.use_case, known, FRONT_DESK]
    else:
        wanted = [number.use_case]
    wanted = [slug for slug in wanted if slug != ON_BEHALF or number.user_id is not None]
    return next((version for slug in wanted if slug and (version := current(slug)) is not None), None)


def current(slug: str) -> UseCaseVersion | None:
    """The version for new calls."""
    use_case = UseCase.objects.select_related("current").filter(slug=slug).first()
    return use_case.current if use_case is not None else None


def answered_for(rung: str) -> User | None:
    """Whose number was rung; None: nobody's in particular."""
    number = InboundNumber.objects.select_related("user").filter(number=rung).first()
    return None if number is None else number.user


def menu_slug(call_id: UUID) -> str:
    """What "main menu" leads to in this call; empty: it was made to a number without a menu."""
    rung = InboundCall.objects.values_list("rung", flat=True).get(pk=call_id)
    number = InboundNumber.objects.filter(number=rung, menu=True).first()
    return "" if number is None else number.use_case or FRONT_DESK


def _recorded(version: UseCaseVersion, caller: Caller, *, answers_for: User | None) -> bool:
    """Whether a call may be recorded, as things are now. Whose own number it is that was rung must have allowed it, too."""
    return may_record(
        switched_on=settings.RECORD_CALLS,
        allowed=version.record and (answers_for is None or answers_for.record_calls),
        regions=settings.RECORD_REGIONS,
        numbers=(caller.number,),
        line=version.line or settings.CALL_LINE,
        secrets=any(tool.secrets for tool in tools_for(version).values()),  # a PIN
    )


def brief_for(
    version: UseCaseVersion,
    caller: Caller,
    *,
    time_zone: str,
    menu: bool,
    answers_for: User | None = None,
    recorded: bool = False,
    changed: Mapping[str, Any] = NOTHING_CHANGED,
) -> CallBrief:
    """All that the model may know in this call. `changed`: what tools have made of the use case (`InboundCall.changes`)."""
    now = timezone.now().astimezone(zone(time_zone))
    use_case = use_case_for(version, caller, now=now, menu=menu, answers_for=answers_for, changed=changed)
    language = str(version.relay.get("language") or "en-US")
    return CallBrief(
        user_name="",
        callee_name=_name_of(caller, use_case),
        kind="reception",
        goal="",
        introduction=announced_first(use_case.greeting, language) if recorded else use_case.greeting,
        opening_line="",
        success="",
        today=_day(now),
        language=language,
        languages=tuple(tag for tag in settings.CALL_LANGUAGES if is_known(tag)),
        user_wait_ms=settings.USER_ANSWER_WAIT_S * 1_000,
        max_call_ms=settings.MAX_CALL_MINUTES * 60_000,
        use_case=use_case,
        voice=answers_for.voice if answers_for is not None else "",
        recorded=recorded,
    )


def _name_of(caller: Caller, use_case: AnsweringUseCase) -> str:
    name = "" if any(tool.secret for tool in use_case.tools) else caller.name
    return name or "Caller"


def use_case_for(
    version: UseCaseVersion,
    caller: Caller,
    *,
    now: datetime,
    menu: bool,
    answers_for: User | None = None,
    changed: Mapping[str, Any] = NOTHING_CHANGED,
) -> AnsweringUseCase:
    """A version with its placeholders filled and its tools as the model sees them.

    Args:
        answers_for: whose number was rung; None: nobody's in particular.
        changed: what tools have made of it in this call.
    """
    offered = now_offered(version, changed, menu=menu)
    secret = any(tool.secret for tool in offered.tools)
    name = answers_for.name if answers_for is not None else ""
    # Whoever has a PIN to give is told nothing about themselves before they did.
    profile = _profile(caller) if not secret else _behind_pin(caller)
    values = {"USER_CONTEXT": profile, "AVAILABLE_DEMOS": _demos(caller), "CURRENT_DATE": f"{_day(now)}, {now:%H:%M}", ANSWERING_FOR: name}
    return AnsweringUseCase(
        slug=version.use_case.slug,
        title=version.title,
        greeting=fill(version.greeting, {ANSWERING_FOR: name}),
        prompt=fill(version.prompt, values) + (f"\n\n{NOBODY_TAKES_OVER}" if misses_person(version) else ""),
        tools=offered.tools,
        keys=offered.keys,
        menu=menu,
        relay=version.relay,
        live_agent=version.live_agent,
        translations=_translations(version, name),
        expects_pin=secret and has_pin(caller.user),
        recorded=version.record and not secret,
        addition=offered.addition,
    )


def _translations(version: UseCaseVersion, answers_for: str) -> dict[str, dict[str, str]]:
    """What is said word for word, with its placeholder filled as in the original."""
    values = {ANSWERING_FOR: answers_for}
    return {code: {fill(text, values): fill(said, values) for text, said in texts.items()} for code, texts in version.translations.items()}


def _profile(caller: Caller) -> str:
    """What is known of the caller, as data: they told it themselves."""
    known: dict[str, Any] = {"first_name": caller.first_name or None, "last_name": caller.last_name or None}
    # The address itself is for code alone: what the model does not know, nobody is told.
    return json.dumps({"caller": {**known, "email_on_file": caller.takes_mail}}, ensure_ascii=False)


def _behind_pin(caller: Caller) -> str:
    """What may be known of the caller before they gave their PIN: a number can be forged, so no name."""
    known = {"floyd_works_for_this_number": caller.user_id is not None, "pin_is_set": has_pin(caller.user)}
    return json.dumps({"caller": known})


def _demos(caller: Caller) -> str:
    """What this caller can choose from, in lines."""
    return "\n".join(f"- {one.title}: {one.description}" for one in experiences(caller))


def _day(now: datetime) -> str:
    return f"{now:%A}, {now.day} {now:%B %Y}"
