"""The Messages resource, and the way of a text: out with status callbacks, in as a signed webhook.

https://www.twilio.com/docs/messaging/api/message-resource
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

from sandbox.twilio import wire
from sandbox.twilio.calls import GEOGRAPHY, in_window
from sandbox.twilio.carrier import Carrier
from sandbox.twilio.errors import bad_request
from sandbox.twilio.webhooks import Params, WebhookError

log = logging.getLogger("sandbox.messages")
OPT_OUT = {"STOP": "STOP", "STOPALL": "STOP", "UNSUBSCRIBE": "STOP", "QUIT": "STOP", "START": "START", "UNSTOP": "START", "HELP": "HELP"}


@dataclass(slots=True)
class Message:
    """One text, in either direction."""

    sid: str
    account_sid: str
    from_: str
    to: str
    body: str
    direction: str
    created_at: datetime
    ordinal: int
    status: str = "queued"
    status_callback: str = ""
    sent_at: datetime | None = None
    updated_at: datetime | None = None
    error_code: int | None = None
    media_urls: tuple[str, ...] = ()

    def resource(self) -> dict[str, Any]:
        """The JSON resource."""
        uri = f"/{wire.API_VERSION}/Accounts/{self.account_sid}/Messages/{self.sid}"
        return {
            "sid": self.sid,
            "account_sid": self.account_sid,
            "api_version": wire.API_VERSION,
            "from": self.from_,
            "to": self.to,
            "body": self.body,
            "direction": self.direction,
            "status": self.status,
            "num_segments": str(wire.segments(self.body)),
            "num_media": str(len(self.media_urls)),
            "messaging_service_sid": None,
            "error_code": self.error_code,
            "error_message": None if self.error_code is None else "Message delivery - undelivered",
            "price": None,
            "price_unit": "USD",
            "date_created": wire.rfc2822(self.created_at),
            "date_updated": wire.rfc2822(self.updated_at or self.created_at),
            "date_sent": wire.rfc2822(self.sent_at),
            "uri": f"{uri}.json",
            "subresource_uris": {"media": f"{uri}/Media.json"},
        }


class MessageLog:
    """All texts since the sandbox was started, and who wants none any more."""

    def __init__(self) -> None:
        self._messages: dict[str, Message] = {}
        self.opted_out: set[tuple[str, str]] = set()

    def __len__(self) -> int:
        return len(self._messages)

    def add(self, message: Message) -> None:
        """Remembers a text."""
        self._messages[message.sid] = message

    def get(self, sid: str) -> Message | None:
        """The text with this sid."""
        return self._messages.get(sid)

    def oldest_first(self) -> list[Message]:
        """All texts."""
        return list(self._messages.values())

    def clear(self) -> None:
        """Forgets everything."""
        self._messages.clear()
        self.opted_out.clear()

    def matching(self, query: Mapping[str, str]) -> list[Message]:
        """Texts that fit the list filters of the REST interface, newest first."""
        return [
            message
            for message in reversed(self.oldest_first())
            if query.get("To", message.to) == message.to
            and query.get("From", message.from_) == message.from_
            and in_window(query, "DateSent", message.sent_at or message.created_at)
        ]


class PostOffice:
    """Carries texts.

    Args:
        carrier: its means.
        log: where they are kept.
    """

    def __init__(self, carrier: Carrier, log: MessageLog) -> None:
        self._carrier = carrier
        self.log = log
        self.faults = carrier.faults
        self.sms_url = carrier.settings.sms_url
        self.sms_method = "POST"
        self._count = 0

    def _new(self, from_: str, to: str, body: str, direction: str) -> Message:
        self._count += 1
        account, now = self._carrier.settings.account_sid, self._carrier.clock.today()
        message = Message(wire.sid("SM"), account, from_, to, body, direction, now, self._count)
        self.log.add(message)
        return message

    def send(
        self, from_: str, to: str, body: str, *, status_callback: str = "", media: tuple[str, ...] = (), direction: str = "outbound-api"
    ) -> Message:
        """Takes a text of the application; it is delivered a moment later. Raises TwilioError 21610 when the recipient wants none."""
        if (to, from_) in self.log.opted_out:
            raise bad_request(21610, "Attempt to send to unsubscribed recipient")
        message = self._new(from_, to, body, direction)
        message.status_callback, message.media_urls = status_callback, media
        fault = self._carrier.faults.take("messages.delivery")
        self._carrier.tasks.start(self._deliver(message, undelivered=fault is not None), "text delivery")
        return message

    async def _deliver(self, message: Message, *, undelivered: bool) -> None:
        for status in ("queued", "sent", "undelivered" if undelivered else "delivered"):
            if status != "queued":
                await self._carrier.clock.sleep(0.05)
                message.status = status
                message.updated_at = self._carrier.clock.today()
            if status == "sent":
                message.sent_at = message.updated_at
            if status == "undelivered":
                message.error_code = 30003
            self._report(message, status)

    def _report(self, message: Message, status: str) -> None:
        params = {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "AccountSid": message.account_sid,
            "MessageStatus": status,
            "SmsStatus": status,
            "From": message.from_,
            "To": message.to,
            "ApiVersion": wire.API_VERSION,
        }
        if message.error_code is not None:
            params["ErrorCode"] = str(message.error_code)
        if status in {"delivered", "undelivered"}:
            params["RawDlrDoneDate"] = self._carrier.clock.today().strftime("%y%m%d%H%M")
        occasion = ("message", message.ordinal, status)
        self._carrier.call_back(message.status_callback, params, method="POST", queue=message.sid, occasion=occasion)

    def receive(self, from_: str, body: str) -> Message:
        """Somebody texts the account's number: the application's webhook is called, and its TwiML answered."""
        message = self._new(from_, self._carrier.settings.number, body, "inbound")
        message.status = "received"
        if self.sms_url:
            self._carrier.tasks.start(self._hand_over(message), "text webhook")
        return message

    async def _hand_over(self, message: Message) -> None:
        params = self._inbound(message)
        fault = self._carrier.faults.take("webhooks.message")
        mode = fault.mode if fault else ""
        if mode == "lost":
            return
        for _ in range(2 if mode == "doubled" else 1):
            try:
                answer = await self._carrier.webhooks.request(self.sms_method, self.sms_url, params, forged=mode == "bad_signature")
            except WebhookError as error:
                log.warning("a text was not delivered to the application: %s", error.message)
                return
            if 200 <= answer.status < 300 and answer.body and answer.content_type.endswith("xml"):
                self._reply(message, answer.body)

    def _inbound(self, message: Message) -> Params:
        params = {
            "MessageSid": message.sid,
            "SmsMessageSid": message.sid,
            "SmsSid": message.sid,
            "AccountSid": message.account_sid,
            "From": message.from_,
            "To": message.to,
            "Body": message.body,
            "NumMedia": "0",
            "NumSegments": str(wire.segments(message.body)),
            "SmsStatus": "received",
            "ApiVersion": wire.API_VERSION,
        }
        for role, number in (("From", message.from_), ("To", message.to)):
            params |= {role + part: "" for part in GEOGRAPHY}
            params[role + "Country"] = wire.country(number)
        keyword = OPT_OUT.get(message.body.strip().upper())
        if keyword:
            params["OptOutType"] = keyword
            pair = (message.from_, message.to)
            self.log.opted_out.add(pair) if keyword == "STOP" else self.log.opted_out.discard(pair)
        return params

    def _reply(self, message: Message, twiml: bytes) -> None:
        try:
            root = ElementTree.fromstring(twiml)  # noqa: S314  the application under test, on this machine
        except ElementTree.ParseError:
            log.warning("the application answered a text with something that is no TwiML (12100)")
            return
        for reply in root.iter("Message"):
            body = "".join(reply.itertext()).strip()
            if body:
                self.send(message.to, message.from_, body, direction="outbound-reply")
