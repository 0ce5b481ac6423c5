"""REST: the account and its phone numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from aiohttp import web

from sandbox.settings import Settings
from sandbox.twilio import form as check
from sandbox.twilio import wire
from sandbox.twilio.errors import not_found
from sandbox.twilio.messages import PostOffice
from sandbox.twilio.paging import PAGING, page_of
from sandbox.twilio.rest import account_resource
from sandbox.twilio.ringing_in import NumberSettings, number_sid

FILTERS = frozenset({"PhoneNumber", "FriendlyName", "Beta", "Origin"}) | PAGING
_UPDATE = (
    "AccountSid FriendlyName ApiVersion SmsApplicationSid SmsFallbackMethod SmsFallbackUrl SmsMethod SmsUrl StatusCallback StatusCallbackMethod "
    "VoiceApplicationSid VoiceCallerIdLookup VoiceFallbackMethod VoiceFallbackUrl VoiceMethod VoiceUrl VoiceReceiveMode EmergencyStatus "
    "EmergencyAddressSid TrunkSid IdentitySid AddressSid BundleSid"
)
UPDATE = frozenset(_UPDATE.split())


class NumbersApi:
    """Handlers of the account and of `/IncomingPhoneNumbers`.

    Args:
        settings: the account.
        post_office: whose webhook the SmsUrl of the numbers is.
        numbers: what is done with calls to each.
    """

    def __init__(self, settings: Settings, post_office: PostOffice, numbers: Mapping[str, NumberSettings]) -> None:
        self._settings = settings
        self._post_office = post_office
        self._numbers = numbers
        self._of_sid = {number_sid(number): number for number in numbers}

    def routes(self) -> list[web.RouteDef]:
        """Paths of the API version."""
        return [
            web.get("/Accounts/{account:AC[0-9a-fA-F]{32}}.json", self.account),
            web.get("/Accounts/{account}/IncomingPhoneNumbers.json", self.listing),
            web.get("/Accounts/{account}/IncomingPhoneNumbers/{sid:PN[0-9a-fA-F]{32}}.json", self.fetch),
            web.post("/Accounts/{account}/IncomingPhoneNumbers/{sid:PN[0-9a-fA-F]{32}}.json", self.update),
        ]

    async def account(self, _request: web.Request) -> web.Response:
        """The account."""
        return web.json_response(account_resource(self._settings))

    async def listing(self, request: web.Request) -> web.Response:
        """The numbers that fit the filter."""
        check.only_known(request.query, FILTERS)
        rows = [number for number in self._numbers if request.query.get("PhoneNumber", number) == number]
        return page_of(request, "incoming_phone_numbers", rows, self._resource, "PN")

    async def fetch(self, request: web.Request) -> web.Response:
        """One number."""
        return web.json_response(self._resource(self._known(request)))

    async def update(self, request: web.Request) -> web.Response:
        """Sets where a number's calls go, and the texts to all of them."""
        number = self._known(request)
        fields = await check.form_of(request)
        check.only_known(fields, UPDATE)
        if "SmsUrl" in fields:
            self._post_office.sms_url = check.absolute_url(fields, "SmsUrl", 21402)
        if "SmsMethod" in fields:
            self._post_office.sms_method = check.method(fields, "SmsMethod")
        for name, key in (("VoiceUrl", "voice_url"), ("StatusCallback", "status_callback")):
            if name in fields:
                setattr(self._numbers[number], key, check.absolute_url(fields, name, 21402))
        for name, key in (("VoiceMethod", "voice_method"), ("StatusCallbackMethod", "status_callback_method")):
            if name in fields:
                setattr(self._numbers[number], key, check.method(fields, name))
        return web.json_response(self._resource(number))

    def _known(self, request: web.Request) -> str:
        number = self._of_sid.get(request.match_info["sid"])
        if number is None:
            raise not_found(request.path)
        return number

    def _resource(self, number: str) -> dict[str, object]:
        sid, account = number_sid(number), self._settings.account_sid
        return {
            "sid": sid,
            "account_sid": account,
            "friendly_name": wire.formatted(number),
            "phone_number": number,
            "api_version": wire.API_VERSION,
            "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
            "sms_url": self._post_office.sms_url,
            "sms_method": self._post_office.sms_method,
            **asdict(self._numbers[number]),
            "origin": "twilio",
            "status": "in-use",
            "type": "local",
            "date_created": "Fri, 20 Nov 2026 10:00:00 +0000",
            "date_updated": "Fri, 20 Nov 2026 10:00:00 +0000",
            "uri": f"/{wire.API_VERSION}/Accounts/{account}/IncomingPhoneNumbers/{sid}.json",
        }
