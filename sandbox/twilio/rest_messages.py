"""REST: Messages."""

from __future__ import annotations

from aiohttp import web
from multidict import MultiMapping

from sandbox.twilio import form as check
from sandbox.twilio import wire
from sandbox.twilio.errors import bad_request, not_found
from sandbox.twilio.messages import Message, PostOffice
from sandbox.twilio.paging import PAGING, page_of
from sandbox.twilio.rest import after, before

_CREATE = (
    "AddressRetention ApplicationSid Attempt Body ContentRetention ContentSid ContentVariables FallbackFrom ForceDelivery From MaxPrice MediaUrl "
    "MessagingServiceSid PersistentAction ProvideFeedback RiskCheck ScheduleType SendAsMms SendAt ShortenUrls SmartEncoded StatusCallback To "
    "TrafficType ValidityPeriod"
)
CREATE = frozenset(_CREATE.split())
FILTERS = frozenset({"To", "From", "DateSent", "DateSent<", "DateSent>"}) | PAGING
BODY_CHARACTERS = 1600


class MessagesApi:
    """Handlers of `/Accounts/{sid}/Messages`.

    Args:
        post_office: carries the texts.
        number: the account's number.
    """

    def __init__(self, post_office: PostOffice, number: str) -> None:
        self._post_office = post_office
        self._number = number

    def routes(self) -> list[web.RouteDef]:
        """Paths under the account."""
        return [
            web.post("/Accounts/{account}/Messages.json", self.create),
            web.get("/Accounts/{account}/Messages.json", self.listing),
            web.get("/Accounts/{account}/Messages/{sid:[SM]M[0-9a-fA-F]{32}}.json", self.fetch),
        ]

    async def create(self, request: web.Request) -> web.Response:
        """Takes a text: 201 and `queued`."""
        fields = await check.form_of(request)
        fault = self._post_office.faults.take("messages.create")
        await before(fault)
        check.only_known(fields, CREATE)
        to, from_ = check.recipient(fields, 21604), self._sender(fields)
        body, media = fields.get("Body", ""), tuple(fields.getall("MediaUrl", []))
        if not body and not media:
            raise bad_request(21602, "Message body is required.")
        if len(body) > BODY_CHARACTERS:
            raise bad_request(21617, f"The concatenated message body exceeds the {BODY_CHARACTERS} character limit.")
        callback = check.absolute_url(fields, "StatusCallback", 21609)
        message = self._post_office.send(from_, to, body, status_callback=callback, media=media)
        shown = message.resource() | {"status": "queued"}
        await after(fault, request)
        return web.json_response(shown, status=201)

    async def listing(self, request: web.Request) -> web.Response:
        """Texts, newest first, filtered and in pages."""
        check.only_known(request.query, FILTERS)
        return page_of(request, "messages", self._post_office.log.matching(request.query), Message.resource, "SM")

    async def fetch(self, request: web.Request) -> web.Response:
        """One text."""
        message = self._post_office.log.get(request.match_info["sid"])
        if message is None:
            raise not_found(request.path)
        return web.json_response(message.resource())

    def _sender(self, fields: MultiMapping[str]) -> str:
        from_ = fields.get("From", "")
        if not from_:
            raise bad_request(21603, "A 'From' phone number is required.")
        if not wire.is_e164(from_):
            raise bad_request(21212, f"Invalid 'From' Phone Number: {from_}")
        if from_ != self._number:
            raise bad_request(21606, f"The 'From' phone number {from_} is not a valid, message-capable phone number for this account.")
        return from_
