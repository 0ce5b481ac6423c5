"""REST: Calls. Checks what it is given as strictly as the carrier does, with its error codes."""

from __future__ import annotations

import re
from datetime import datetime

from aiohttp import web
from multidict import MultiMapping

from sandbox.twilio import form as check
from sandbox.twilio import wire
from sandbox.twilio.calls import Call, CallOptions
from sandbox.twilio.document import Source
from sandbox.twilio.errors import bad_request, not_found
from sandbox.twilio.exchange import Exchange
from sandbox.twilio.paging import PAGING, page_of
from sandbox.twilio.rest import after, before

_CREATE = (
    "ApplicationSid AsyncAmd AsyncAmdStatusCallback AsyncAmdStatusCallbackMethod Byoc CallReason CallToken CallerId ClientNotificationUrl "
    "FallbackMethod FallbackUrl From MachineDetection MachineDetectionSilenceTimeout MachineDetectionSpeechEndThreshold "
    "MachineDetectionSpeechThreshold MachineDetectionTimeout Method Record RecordingChannels RecordingStatusCallback "
    "RecordingStatusCallbackEvent RecordingStatusCallbackMethod RecordingTrack SendDigits SipAuthPassword SipAuthUsername StatusCallback "
    "StatusCallbackEvent StatusCallbackMethod TimeLimit Timeout To Trim Twiml Url"
)
CREATE = frozenset(_CREATE.split())
UPDATE = frozenset({"FallbackMethod", "FallbackUrl", "Method", "Status", "StatusCallback", "StatusCallbackMethod", "TimeLimit", "Twiml", "Url"})
FILTERS = frozenset({"To", "From", "ParentCallSid", "Status", "StartTime", "StartTime<", "StartTime>", "EndTime", "EndTime<", "EndTime>"}) | PAGING
EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
SEND_DIGITS = re.compile(r"^[0-9A-D#*wW]{1,32}$")
TWIML_CHARACTERS = 4000
CANNOT_REDIRECT = "Call is not in-progress. Cannot redirect."


class CallsApi:
    """Handlers of `/Accounts/{sid}/Calls`.

    Args:
        exchange: places and changes calls.
    """

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def routes(self) -> list[web.RouteDef]:
        """Paths under the account."""
        return [
            web.post("/Accounts/{account}/Calls.json", self.create),
            web.get("/Accounts/{account}/Calls.json", self.listing),
            web.get("/Accounts/{account}/Calls/{sid:CA[0-9a-fA-F]{32}}.json", self.fetch),
            web.post("/Accounts/{account}/Calls/{sid:CA[0-9a-fA-F]{32}}.json", self.update),
            web.delete("/Accounts/{account}/Calls/{sid:CA[0-9a-fA-F]{32}}.json", self.delete),
        ]

    async def create(self, request: web.Request) -> web.Response:
        """Places a call: 201 and `queued`, whether or not anybody can be reached."""
        fault = self._exchange.carrier.faults.take("calls.create")
        await before(fault)
        fields = await check.form_of(request)
        check.only_known(fields, CREATE)
        to, from_ = check.recipient(fields, 21201), self._caller(fields)
        call = self._exchange.place(to, from_, _options(fields))
        await after(fault, request)
        return web.json_response(call.resource(self._now(), fresh=True), status=201)

    async def listing(self, request: web.Request) -> web.Response:
        """Calls, newest first, filtered and in pages."""
        check.only_known(request.query, FILTERS)
        calls, now = self._exchange.log.matching(request.query), self._now()
        return page_of(request, "calls", calls, lambda call: call.resource(now), "CA")

    async def fetch(self, request: web.Request) -> web.Response:
        """One call."""
        return web.json_response(self._call(request).resource(self._now()))

    async def update(self, request: web.Request) -> web.Response:
        """Ends a call, or makes it go on with another document."""
        call = self._call(request)
        fields = await check.form_of(request)
        check.only_known(fields, UPDATE)
        status = check.choice(fields, "Status", {"completed", "canceled"})
        url, twiml = check.absolute_url(fields, "Url"), fields.get("Twiml", "")
        if url and twiml:
            raise bad_request(21218, "Only one of Url and Twiml may be given")
        if call.over:
            raise bad_request(
                21220, "Call is not in-progress. Cannot redirect." if url or twiml else "Invalid call state to perform the requested action."
            )
        if status:
            await self._exchange.end(call, status)
        elif url or twiml:
            if call.status != "in-progress":
                raise bad_request(21220, CANNOT_REDIRECT)
            self._exchange.redirect(call, Source(url, check.method(fields, "Method"), twiml))
        return web.json_response(call.resource(self._now()))

    async def delete(self, request: web.Request) -> web.Response:
        """Forgets a call that is over."""
        call = self._call(request)
        if not call.over:
            raise bad_request(20001, "A call in progress cannot be deleted")
        self._exchange.log.remove(call.sid)
        return web.Response(status=204)

    def _now(self) -> datetime:
        return self._exchange.carrier.clock.today()

    def _call(self, request: web.Request) -> Call:
        call = self._exchange.log.get(request.match_info["sid"])
        if call is None:
            raise not_found(request.path)
        return call

    def _caller(self, fields: MultiMapping[str]) -> str:
        from_ = fields.get("From", "")
        if not from_:
            raise bad_request(21213, "A 'From' phone number is required.")
        if not wire.is_e164(from_):
            raise bad_request(21212, f"Invalid 'From' Phone Number: {from_}")
        if from_ not in self._exchange.numbers:
            raise bad_request(21210, f"The source phone number provided, {from_}, is not yet verified for your account.")
        return from_


def _options(form: MultiMapping[str]) -> CallOptions:
    url, twiml = check.absolute_url(form, "Url"), form.get("Twiml", "")
    if not url and not twiml:
        raise bad_request(21205, "Url parameter is required.")
    if len(twiml) > TWIML_CHARACTERS:
        raise bad_request(20001, f"Twiml may have at most {TWIML_CHARACTERS} characters")
    digits = form.get("SendDigits", "")
    if digits and not SEND_DIGITS.match(digits):
        raise bad_request(21206, f"Invalid SendDigits: {digits}")
    events = form.getall("StatusCallbackEvent", ["completed"])
    if wrong := sorted(set(events) - EVENTS):
        raise bad_request(21626, f"Invalid StatusCallbackEvents: {', '.join(wrong)}")
    detection = check.choice(form, "MachineDetection", {"Enable", "DetectMessageEnd"})
    return CallOptions(
        url=url,
        method=check.method(form, "Method"),
        twiml="" if url else twiml,
        fallback_url=check.absolute_url(form, "FallbackUrl"),
        fallback_method=check.method(form, "FallbackMethod"),
        status_callback=check.absolute_url(form, "StatusCallback", 21609),
        status_method=check.method(form, "StatusCallbackMethod"),
        status_events=frozenset(events),
        timeout_s=check.whole_number(form, "Timeout", 60, (0, 600), 21208),
        time_limit_s=check.whole_number(form, "TimeLimit", 14_400, (1, 86_400)),
        send_digits=digits,
        machine_detection="" if digits else detection,  # the carrier cannot do both, and lets the digits win
        amd_callback=check.absolute_url(form, "AsyncAmdStatusCallback"),
        amd_method=check.method(form, "AsyncAmdStatusCallbackMethod"),
        async_amd=check.flag(form, "AsyncAmd"),
        amd_timeout_s=check.whole_number(form, "MachineDetectionTimeout", 30, (3, 59)),
        amd_speech_ms=check.whole_number(form, "MachineDetectionSpeechThreshold", 2400, (1000, 6000)),
    )
