"""Makes calls that wait to be connected, so that a load client can hold conversations with a media process without telephony.

Prints one line of JSON per call: the socket's address, the headers of the handshake, and what the stream's `start` has to bring.
"""

from __future__ import annotations

import json
import secrets
import sys
from argparse import ArgumentParser, Namespace
from typing import Any

from django.conf import settings
from django.db import transaction
from twilio.request_validator import RequestValidator

from calls.briefing import introduction
from calls.conversation.brief import CallBrief
from calls.models import Call
from calls.status import CallStatus
from calls.telephony.tokens import stream_token
from context import household
from context.models import User
from requests_app.models import Channel, Request
from requests_app.status import Status

#: Whose calls they are: this user exists for nothing else, and everything of theirs goes with --delete.
EMAIL = "bench@floyd.invalid"
NAME = "Robin Bench"
MOST = 500
PATHS = {"media_stream": "/media", "conversation_relay": "/relay"}
OPENING = "I have a few things to ask."


class UnsafeError(RuntimeError):
    """This is no place for made-up calls; the message says why."""


def add_arguments(parser: ArgumentParser) -> None:
    """How many, and the promise that nothing here is worth anything."""
    parser.add_argument("count", type=int, nargs="?", default=1, help=f"how many calls (1 to {MOST})")
    parser.add_argument("--json", action="store_true", help="one line of JSON per call (without it: their ids)")
    parser.add_argument("--line", choices=sorted(PATHS), default="media_stream", help="how the calls reach Floyd")
    parser.add_argument("--delete", action="store_true", help="remove all such calls and their user instead")
    parser.add_argument("--throwaway-database", action="store_true", help="required: says that this database may be filled with made-up calls")


def run(options: Namespace) -> int:
    """0 when the calls are there (or gone), 2 when this must not be done here."""
    try:
        require_safe(throwaway=options.throwaway_database)
    except UnsafeError as error:
        print(error, file=sys.stderr)
        return 2
    if options.delete:
        print(f"{delete_calls()} calls deleted.", file=sys.stderr)
        return 0
    for line in make_calls(max(1, min(MOST, options.count)), line=options.line):
        print(json.dumps(line) if options.json else line["parameters"]["call_id"])
    return 0


def require_safe(*, throwaway: bool) -> None:
    """Raises UnsafeError unless somebody vouched for the database, nobody real lives in it, and no real carrier is configured."""
    if not throwaway:
        raise UnsafeError("This fills the database with made-up calls. If it is a throw-away one, say so with --throwaway-database.")
    if settings.TWILIO_ACCOUNT_SID and not settings.TWILIO_API_BASE:
        raise UnsafeError("Twilio itself is configured here (TWILIO_API_BASE is empty): made-up calls do not belong beside real ones.")
    if not settings.TWILIO_AUTH_TOKEN:
        raise UnsafeError("TWILIO_AUTH_TOKEN is not set: the media process would refuse every stream. Any value will do, the same for both.")
    others = User.objects.exclude(email__in=[EMAIL, household.EMAIL, household.STAFF_EMAIL]).count()
    if others:
        raise UnsafeError(f"{others} user(s) live in this database, so it is not a throw-away one.")


@transaction.atomic
def make_calls(count: int, *, line: str = "media_stream") -> list[dict[str, Any]]:
    """Calls that ring and were answered this moment, each of a request of its own, and how a carrier would connect them."""
    user = User.objects.filter(email=EMAIL).first() or User.objects.create_user(EMAIL, None, name=NAME)
    signature = RequestValidator(settings.TWILIO_AUTH_TOKEN).compute_signature(f"{settings.MEDIA_NODE}{PATHS[line]}", {})
    before = Call.objects.filter(user=user).count()
    return [_make_call(user, before + number, line, signature) for number in range(count)]


def _make_call(user: User, number: int, line: str, signature: str) -> dict[str, Any]:
    # The 555 01xx numbers are nobody's; what follows tells the calls apart, for a user has one open call per number.
    to = f"+1555{number:07d}"
    request = Request.objects.create(user=user, ask="A call to measure.", channel=Channel.COMMAND, status=Status.CALLING, attempt=1, number=to)
    call = Call(request=request, user=user, attempt=1, number=to, dialled=to, status=CallStatus.RINGING)
    call.carrier_sid = f"CA{secrets.token_hex(16)}"
    call.brief = _brief(user.name).to_json()
    call.line = line
    call.save()
    return {
        "url": f"{settings.MEDIA_NODE}{PATHS[line]}",
        "call_sid": call.carrier_sid,
        "account_sid": settings.TWILIO_ACCOUNT_SID or f"AC{'0' * 32}",
        "parameters": {"call_id": str(call.pk), "token": stream_token(call.pk)},
        "headers": {"X-Twilio-Signature": signature},
    }


def _brief(user_name: str) -> CallBrief:
    return CallBrief(
        user_name=user_name,
        callee_name="the removal firm",
        kind="enquire",
        goal="Talk about the delivery of a few boxes and note what is wanted.",
        introduction=introduction(user_name),
        opening_line=OPENING,
        success="What was said is noted.",
        today="Saturday, 21 November 2026",
    )


@transaction.atomic
def delete_calls() -> int:
    """Removes the user with all calls and requests; how many calls there were."""
    calls = Call.objects.filter(user__email=EMAIL).count()
    User.objects.filter(email=EMAIL).delete()
    return calls
