"""The Calls resource: what a call is, as the REST interface and the webhooks show it.

https://www.twilio.com/docs/voice/api/call-resource
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sandbox.people import Attestation
from sandbox.twilio import wire
from sandbox.twilio.errors import bad_request

ENDS = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
STATUSES = frozenset({"queued", "ringing", "in-progress"}) | ENDS
SUBRESOURCES = ("notifications", "recordings", "payments", "events", "siprec", "streams", "transcriptions", "user_defined_messages")
#: What a begun minute of talk costs, in US dollars.
PER_MINUTE = Decimal("0.0140")
#: The carrier names its price a while after the end, not with it.
PRICED_AFTER = timedelta(seconds=5)
GEOGRAPHY = ("City", "State", "Zip", "Country")


@dataclass(frozen=True, slots=True)
class CallOptions:
    """What the application asked for when it made the call."""

    url: str = ""
    method: str = "POST"
    twiml: str = ""
    fallback_url: str = ""
    fallback_method: str = "POST"
    status_callback: str = ""
    status_method: str = "POST"
    status_events: frozenset[str] = frozenset({"completed"})
    timeout_s: int = 60
    time_limit_s: int = 14_400
    send_digits: str = ""
    machine_detection: str = ""
    amd_callback: str = ""
    amd_method: str = "POST"
    async_amd: bool = False
    amd_timeout_s: int = 30
    amd_speech_ms: int = 2400


@dataclass(slots=True)
class Heard:
    """One line of a call's transcript: what the person said, or what was heard of the application's voice."""

    at_ms: int
    speaker: str
    text: str
    confident: bool = True


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key tone that was heard in the application's audio; `wrong` says why it did not count."""

    digit: str
    at_ms: int
    ms: int
    gap_ms: int
    level_dbm: float
    wrong: str = ""


@dataclass(slots=True)
class Call:
    """One call and all that is known of it.

    `recording` is what a mailbox kept; None without one. Once `settled`, the last words of the application are understood too.
    `attestation` is what is found about the number of who rings the account.
    `legs` are those that its documents dialled; each has this call's sid as its `parent_sid`.
    """

    sid: str
    account_sid: str
    to: str
    from_: str
    options: CallOptions
    ordinal: int
    created_at: datetime
    phone_number_sid: str = ""
    direction: str = "outbound-api"
    attestation: Attestation = Attestation.FULL
    status: str = "queued"
    updated_at: datetime | None = None
    started_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    answered_by: str | None = None
    sip_code: int = 200
    queue_ms: int = 0
    callbacks_sent: int = 0
    transcript: list[Heard] = field(default_factory=list)
    pressed: list[Pressed] = field(default_factory=list)
    recording: list[Heard] | None = None
    settled: bool = False
    alerts: list[tuple[int, str]] = field(default_factory=list)
    streams: list[str] = field(default_factory=list)
    parent_sid: str = ""
    legs: list[Call] = field(default_factory=list)

    @property
    def over(self) -> bool:
        """Whether it has ended, in whatever way."""
        return self.status in ENDS

    @property
    def seconds(self) -> int:
        """Whole seconds of talk, begun ones counted."""
        if self.answered_at is None or self.ended_at is None:
            return 0
        return max(1, round((self.ended_at - self.answered_at).total_seconds()))

    def price(self, now: datetime) -> str | None:
        """What it cost, as the carrier writes it; None until that is known, and where nobody answered."""
        if not self.seconds or self.ended_at is None or now < self.ended_at + PRICED_AFTER:
            return None
        return f"{-PER_MINUTE * math.ceil(self.seconds / 60):.5f}"

    def resource(self, now: datetime, *, fresh: bool = False) -> dict[str, Any]:
        """The JSON resource as it is at `now`. A fresh one, as `create` answers, has no dates yet."""
        uri = f"/{wire.API_VERSION}/Accounts/{self.account_sid}/Calls/{self.sid}"
        status = "queued" if fresh or self.status == "initiated" else self.status
        return {
            "sid": self.sid,
            "account_sid": self.account_sid,
            "status": status,
            "to": self.to,
            "to_formatted": wire.formatted(self.to),
            "from": self.from_,
            "from_formatted": wire.formatted(self.from_),
            "direction": self.direction,
            "api_version": wire.API_VERSION,
            "answered_by": self.answered_by,
            "caller_name": None,
            "forwarded_from": None,
            "parent_call_sid": self.parent_sid or None,
            "group_sid": None,
            "trunk_sid": None,
            "phone_number_sid": self.phone_number_sid,
            "date_created": None if fresh else wire.rfc2822(self.created_at),
            "date_updated": None if fresh else wire.rfc2822(self.updated_at or self.created_at),
            "start_time": None if fresh else wire.rfc2822(self.started_at),
            "end_time": wire.rfc2822(self.ended_at),
            "duration": str(self.seconds) if self.over else None,
            "price": self.price(now),
            "price_unit": "USD",
            "queue_time": str(self.queue_ms),
            "uri": f"{uri}.json",
            "subresource_uris": {name: f"{uri}/{name.title().replace('_', '')}.json" for name in SUBRESOURCES},
        }

    def parameters(self, status: str) -> dict[str, str]:
        """The form fields that every webhook of this call carries; empty places belong to it, and to its signature."""
        fields = {
            "CallSid": self.sid,
            "AccountSid": self.account_sid,
            "From": self.from_,
            "To": self.to,
            "Caller": self.from_,
            "Called": self.to,
            "Direction": self.direction,
            "ApiVersion": wire.API_VERSION,
            "CallStatus": status,
            **({"ParentCallSid": self.parent_sid} if self.parent_sid else {}),
        }
        for role, number in (("To", self.to), ("Called", self.to), ("From", self.from_), ("Caller", self.from_)):
            fields |= {role + part: "" for part in GEOGRAPHY}
            fields[role + "Country"] = wire.country(number)
        return fields


class CallLog:
    """All calls since the sandbox was started."""

    def __init__(self) -> None:
        self._calls: dict[str, Call] = {}

    def __len__(self) -> int:
        return len(self._calls)

    def add(self, call: Call) -> None:
        """Remembers a call."""
        self._calls[call.sid] = call

    def get(self, sid: str) -> Call | None:
        """The call with this sid."""
        return self._calls.get(sid)

    def remove(self, sid: str) -> None:
        """Forgets one call."""
        self._calls.pop(sid, None)

    def newest_first(self) -> list[Call]:
        """All calls, the latest first."""
        return list(reversed(self._calls.values()))

    def clear(self) -> None:
        """Forgets the calls that have ended."""
        self._calls = {sid: call for sid, call in self._calls.items() if not call.over}

    def matching(self, query: Mapping[str, str]) -> list[Call]:
        """Calls that fit the list filters of the REST interface, newest first."""
        wanted = query.get("Status", "")
        if wanted and wanted not in STATUSES:
            raise bad_request(20001, f"Status '{wanted}' is not valid")
        return [
            call
            for call in self.newest_first()
            if query.get("To", call.to) == call.to
            and query.get("From", call.from_) == call.from_
            and wanted in {"", "queued" if call.status == "initiated" else call.status}
            and "ParentCallSid" not in query
            and in_window(query, "StartTime", call.started_at or call.created_at)
            and in_window(query, "EndTime", call.ended_at)
        ]


def in_window(query: Mapping[str, str], name: str, moment: datetime | None) -> bool:
    """Whether a time fits the filters `name`, `name<` and `name>`: a day, or a moment in ISO 8601."""
    for suffix in ("", "<", ">"):
        raw = query.get(name + suffix)
        if raw is None:
            continue
        if moment is None:
            return False
        bound, whole_day = _moment(raw, name + suffix)
        shown = moment.replace(microsecond=0)
        if suffix == "" and (shown.date() != bound.date() if whole_day else shown != bound):
            return False
        if suffix == "<" and (shown.date() > bound.date() if whole_day else shown > bound):
            return False
        if suffix == ">" and (shown.date() < bound.date() if whole_day else shown < bound):
            return False
    return True


def _moment(raw: str, name: str) -> tuple[datetime, bool]:
    try:
        parsed = datetime.fromisoformat(raw)
    except ValueError:
        raise bad_request(20001, f"{name} must be a date or a time in ISO 8601, not {raw}") from None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC), len(raw) == 10
