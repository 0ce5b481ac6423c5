"""Inbox of the carrier's callbacks: stored first, each once, then processed; what could not be processed is tried again."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from calls import services
from calls.models import Call, CarrierEvent
from calls.reports import Report
from calls.status import FROM_CARRIER, CallStatus
from calls.telephony import texts
from requests_app import services as requests_services
from requests_app.hints import hint
from requests_app.opt_out import take_word

log = logging.getLogger(__name__)

STATUS, VOICE, STREAM, RELAY, MESSAGE, MESSAGE_STATUS = "status", "voice", "stream", "relay", "message", "message_status"
SID = re.compile(r"^(?:CA|SM|MM)[0-9a-fA-F]{32}$")
#: What is kept of a callback; it also tells cities, countries and names, which nobody needs.
KEPT = (
    "CallStatus",
    "SequenceNumber",
    "Timestamp",
    "CallDuration",
    "AnsweredBy",
    "SipResponseCode",
    "ErrorCode",
    "StreamSid",
    "StreamEvent",
    "StreamError",
    "SessionStatus",
    "ErrorMessage",
    "MessageStatus",
    "From",
    "Body",
    "OptOutType",
)
LONGEST_VALUE = 1600
KEY_LENGTH = 60


class BadCallbackError(ValueError):
    """A signed callback that does not look like one of the carrier's."""


def store(*, kind: str, sid: str, key: str, form: Mapping[str, str], about: object = "") -> CarrierEvent | None:
    """Stores a callback; None when it was stored and processed before.

    Args:
        key: tells repeats from news within the sid and kind.
        about: id of the call or message in the callback's address.

    Raises:
        BadCallbackError: no sid of the carrier's.
    """
    if not SID.match(sid):
        raise BadCallbackError("no sid")
    # PostgreSQL's JSON takes no NUL.
    payload = {name: form[name].replace("\x00", "")[:LONGEST_VALUE] for name in KEPT if form.get(name)}
    payload["about"] = str(about)
    event, _ = CarrierEvent.objects.get_or_create(sid=sid, kind=kind, key=key.replace("\x00", "")[:KEY_LENGTH], defaults={"payload": payload})
    return event if event.processed_at is None else None


def process(event_id: int) -> None:
    """Acts on a stored callback, once: whoever comes second finds it processed."""
    with transaction.atomic():
        event = CarrierEvent.objects.select_for_update(no_key=True).filter(pk=event_id, processed_at=None).first()
        if event is None:
            return
        _HANDLERS[event.kind](event)
        CarrierEvent.objects.filter(pk=event.pk).update(processed_at=Now())


def process_or_leave(event: CarrierEvent | None) -> bool:
    """Processes a callback now; on any trouble it stays in the inbox for the sweep, since the carrier may not send it again.

    Returns:
        Whether it is processed.
    """
    if event is None:
        return True
    try:
        process(event.pk)
    except Exception as error:
        log.exception("%s callback %s is left to the sweep: %s", event.kind, event.pk, type(error).__name__)
        return False
    return True


def _on_status(event: CarrierEvent) -> None:
    payload = event.payload
    status = FROM_CARRIER.get(payload.get("CallStatus", ""))
    if status is None:
        log.warning("callback %s: a status that is not known", event.pk)
        return
    report = Report(
        status=status,
        seq=_whole_number(payload.get("SequenceNumber"), -1),
        at=_timestamp(payload.get("Timestamp")) or event.received_at,
        seconds=max(0, _whole_number(payload.get("CallDuration"), 0)),
        answered_by=payload.get("AnsweredBy", ""),
        error=_error(status, payload),
    )
    _take(event, report)


def _on_voice(event: CarrierEvent) -> None:
    # Sequence 0: it is signed, so it decides whose the call is, yet tells less than any numbered callback.
    report = Report(status=CallStatus.IN_PROGRESS, seq=0, answered_by=event.payload.get("AnsweredBy", ""))
    _take(event, report)


def _take(event: CarrierEvent, report: Report) -> None:
    if not services.take_report(call_id=event.payload["about"], sid=event.sid, report=report):
        hint("calls.hang_up", event.sid)


def _on_stream(event: CarrierEvent) -> None:
    payload = event.payload
    log.info("call %s: %s", payload["about"], payload.get("StreamEvent"))
    if payload.get("StreamEvent") != "stream-error":
        return
    call = services.lock(payload["about"])
    if call and call.carrier_sid == event.sid and not call.error:
        services.save(call, error=f"stream:{payload.get('StreamError', '')}"[:200])


def _on_relay(event: CarrierEvent) -> None:
    payload = event.payload
    log.info("call %s: its session is %s", payload["about"], payload.get("SessionStatus"))
    if payload.get("SessionStatus") != "failed":
        return
    call = services.lock(payload["about"])
    if call and call.carrier_sid == event.sid and not call.error:
        services.save(call, error=f"session: {payload.get('ErrorCode', '')} {payload.get('ErrorMessage', '')}"[:200])


def _on_message(event: CarrierEvent) -> None:
    payload = event.payload
    if payload.get("OptOutType"):
        # The carrier has acted on the word and answered it; it is no answer to a question of ours.
        take_word(number=payload.get("From", ""), word=payload["OptOutType"])
        return
    requests_services.receive_message(peer=payload.get("From", ""), body=payload.get("Body", ""), carrier_sid=event.sid)


def _on_message_status(event: CarrierEvent) -> None:
    payload = event.payload
    texts.take_report(message_id=payload["about"], sid=event.sid, status=payload.get("MessageStatus", ""), error_code=payload.get("ErrorCode", ""))


_HANDLERS: dict[str, Callable[[CarrierEvent], None]] = {
    STATUS: _on_status,
    VOICE: _on_voice,
    STREAM: _on_stream,
    RELAY: _on_relay,
    MESSAGE: _on_message,
    MESSAGE_STATUS: _on_message_status,
}


def status_key(form: Mapping[str, str]) -> str:
    """What tells a status callback from its repeats: its number, else what it says and when."""
    return form.get("SequenceNumber") or f"{form.get('CallStatus', '')} {form.get('Timestamp', '')}"


def is_wanted(call_id: UUID, sid: str) -> bool:
    """Whether a call that was just connected may go on: it is ours under this sid, has not ended, and is still wanted."""
    call = Call.objects.select_related("request").filter(pk=call_id, carrier_sid=sid, status=CallStatus.IN_PROGRESS).first()
    return call is not None and services.is_wanted(call)


def _error(status: CallStatus, payload: dict[str, Any]) -> str:
    if status != CallStatus.FAILED:
        return ""
    return f"carrier:{payload.get('ErrorCode') or ''} sip:{payload.get('SipResponseCode') or ''}"


def _whole_number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else default


def _timestamp(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, TypeError, IndexError):
        return None
    return moment if timezone.is_aware(moment) else None
