"""Control by HTTP: see what the application did, be its users and the people it calls, and make things go wrong.

Bodies are JSON and must say so, which no foreign web page can do unasked.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.people import Attestation, Say
from sandbox.shown import call_shown, message_shown, overview, phone_shown
from sandbox.twilio.errors import TwilioError, bad_request, not_found
from sandbox.twilio.exchange import Exchange
from sandbox.twilio.messages import PostOffice
from sandbox.twilio.phones import Behaviour, Phone
from sandbox.twilio.wire import is_e164

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refusals as JSON bodies, and no bodies but JSON."""
    try:
        if request.method != "GET" and request.can_read_body and request.content_type != "application/json":
            raise TwilioError(415, 20001, "The body must be application/json")
        return await handler(request)
    except TwilioError as error:
        return web.json_response(error.body(), status=error.status)


async def body_of(request: web.Request) -> dict[str, Any]:
    """The JSON object in the body; {} without one."""
    if not request.can_read_body:
        return {}
    with contextlib.suppress(ValueError):
        given = await request.json()
        if isinstance(given, dict):
            return given
    raise bad_request(20001, "The body must be a JSON object")


class Control:
    """Handlers of `/control`.

    Args:
        exchange: the calls.
        post_office: the texts.
    """

    def __init__(self, exchange: Exchange, post_office: PostOffice) -> None:
        self._exchange = exchange
        self._post_office = post_office
        self._carrier = exchange.carrier

    def routes(self) -> list[web.RouteDef]:
        """Paths under `/control`."""
        return [
            web.get("/overview", self.overview),
            web.get("/messages", self.messages),
            web.post("/messages", self.text_floyd),
            web.get("/calls", self.calls),
            web.get("/calls/{sid}", self.call),
            web.get("/callbacks", self.callbacks),
            web.get("/faults", self.faults),
            web.post("/faults", self.set_faults),
            web.post("/reset", self.reset),
            web.get("/people", self.people),
            web.get("/people/{number}", self.person),
            web.post("/people/{number}", self.set_behaviour),
            web.post("/people/{number}/answer", self.answer),
            web.post("/people/{number}/call", self.call_floyd),
            web.post("/people/{number}/decline", self.decline),
            web.post("/people/{number}/say", self.say),
            web.post("/people/{number}/press", self.press),
            web.post("/people/{number}/hold", self.hold),
            web.post("/people/{number}/hang_up", self.hang_up),
        ]

    async def overview(self, _request: web.Request) -> web.Response:
        """All that the index page shows."""
        return web.json_response(overview(self._exchange, self._post_office))

    async def messages(self, request: web.Request) -> web.Response:
        """Texts, oldest first, filtered by `to` and `from`."""
        to, from_ = request.query.get("to"), request.query.get("from")
        rows = [text for text in self._post_office.log.oldest_first() if (not to or text.to == to) and (not from_ or text.from_ == from_)]
        return web.json_response({"messages": [message_shown(text) for text in rows]})

    async def text_floyd(self, request: web.Request) -> web.Response:
        """A user's phone sends a text: {"from", "body"}."""
        given = await body_of(request)
        from_, body = str(given.get("from", "")), str(given.get("body", ""))
        if not is_e164(from_) or not body.strip():
            raise bad_request(20001, "from must be a number in E.164 form and body must not be empty")
        return web.json_response(message_shown(self._post_office.receive(from_, body)), status=201)

    async def calls(self, request: web.Request) -> web.Response:
        """Calls, newest first, filtered by `to`."""
        to = request.query.get("to")
        return web.json_response({"calls": [call_shown(call) for call in self._exchange.log.newest_first() if not to or call.to == to]})

    async def call(self, request: web.Request) -> web.Response:
        """One call with its transcript."""
        call = self._exchange.log.get(request.match_info["sid"])
        if call is None:
            raise not_found(request.path)
        return web.json_response(call_shown(call))

    async def callbacks(self, _request: web.Request) -> web.Response:
        """Status callbacks as they were delivered; status 0 was lost or not reachable."""
        rows = [
            {"url": delivery.url, "kind": delivery.kind, "status": delivery.status, "params": delivery.params}
            for delivery in self._carrier.callbacks.deliveries
        ]
        return web.json_response({"callbacks": rows})

    async def faults(self, _request: web.Request) -> web.Response:
        """What is switched on, and what there is."""
        return web.json_response(self._carrier.faults.shown())

    async def set_faults(self, request: web.Request) -> web.Response:
        """{"calls.create": {"mode": "lost_reply", "times": 1}, "nasty": 7}: each place on or (null, "ok") off; nasty null is polite."""
        for place, given in (await body_of(request)).items():
            if place == "nasty":
                if given is not None and (not isinstance(given, int) or isinstance(given, bool)):
                    raise bad_request(20001, "nasty must be a whole number (a seed) or null")
                self._carrier.faults.nasty = given
                continue
            if given is not None and not isinstance(given, dict):
                raise bad_request(20001, f"{place} must be an object with a mode, or null")
            try:
                self._carrier.faults.set(place, given)
            except (ValueError, TypeError) as error:
                raise bad_request(20001, str(error)) from None
        return web.json_response(self._carrier.faults.shown())

    async def reset(self, _request: web.Request) -> web.Response:
        """Forgets ended calls, texts, deliveries and faults; for tests that share a sandbox."""
        self._carrier.faults.clear()
        self._carrier.faults.nasty = self._carrier.settings.nasty
        self._carrier.callbacks.deliveries.clear()
        self._exchange.log.clear()
        self._post_office.log.clear()
        for phone in self._exchange.switchboard.phones.all():
            phone.behaviour = Behaviour(phone.person.behaviour) if phone.person is not None else Behaviour.HUMAN
        return web.json_response({})

    # People who are called

    def _phone(self, request: web.Request) -> Phone:
        phone = self._exchange.switchboard.phones.find(request.match_info["number"])
        if phone is None:
            raise not_found(request.path)
        return phone

    async def people(self, _request: web.Request) -> web.Response:
        """Everybody who can be called."""
        return web.json_response({"people": [phone_shown(phone) for phone in self._exchange.switchboard.phones.all()]})

    async def person(self, request: web.Request) -> web.Response:
        """One phone and the call on it."""
        phone = self._phone(request)
        sid = phone.ringing or (phone.callee.call.sid if phone.callee else "")
        last = next((call for call in self._exchange.log.newest_first() if phone.number in (call.to, call.from_)), None)
        call = self._exchange.log.get(sid) or last
        return web.json_response(phone_shown(phone) | {"call": call_shown(call) if call else None})

    async def set_behaviour(self, request: web.Request) -> web.Response:
        """{"behaviour": "script" | "human" | "busy" | "no_answer"}."""
        number = request.match_info["number"]
        if not is_e164(number):
            raise bad_request(20001, "The number must be in E.164 form")
        given = await body_of(request)
        phone = self._exchange.switchboard.phones.set_behaviour(number, str(given.get("behaviour", "")))
        return web.json_response(phone_shown(phone))

    async def answer(self, request: web.Request) -> web.Response:
        """A human picks up the ringing phone."""
        return self._pick_up(request, up=True)

    async def decline(self, request: web.Request) -> web.Response:
        """A human refuses the call."""
        return self._pick_up(request, up=False)

    def _pick_up(self, request: web.Request, *, up: bool) -> web.Response:
        phone = self._phone(request)
        if phone.pick_up is None or phone.pick_up.done():
            raise TwilioError(409, 21220, "The phone is not ringing for a human")
        phone.pick_up.set_result(up)
        return web.json_response(phone_shown(phone))

    def _talking(self, request: web.Request) -> Phone:
        phone = self._phone(request)
        if phone.callee is None:
            raise TwilioError(409, 21220, "Nobody is on this phone")
        return phone

    async def say(self, request: web.Request) -> web.Response:
        """{"text"}: spoken into the call, after what the person is saying."""
        phone = self._talking(request)
        text = str((await body_of(request)).get("text", "")).strip()
        if not text or len(text) > 500:
            raise bad_request(20001, "text must have 1 to 500 characters")
        assert phone.callee is not None
        phone.callee.say(Say(text))
        return web.json_response({})

    async def press(self, request: web.Request) -> web.Response:
        """{"keys"}: pressed on the phone."""
        phone = self._talking(request)
        keys = str((await body_of(request)).get("keys", ""))
        if not keys or not set(keys) <= set("0123456789*#"):
            raise bad_request(20001, "keys may be 0-9, * and #")
        assert phone.callee is not None
        phone.callee.press(keys)
        return web.json_response({})

    async def hold(self, request: web.Request) -> web.Response:
        """{"on"}: the caller hears hold music, or the person again."""
        phone = self._talking(request)
        on = (await body_of(request)).get("on")
        if not isinstance(on, bool):
            raise bad_request(20001, "on must be true or false")
        assert phone.callee is not None
        phone.callee.hold(on=on)
        return web.json_response({})

    async def call_floyd(self, request: web.Request) -> web.Response:
        """{"attestation"}, else as their file says: the person calls the account's number; a human says everything. No phone can be on two calls."""
        phone = self._phone(request)
        if phone.state != "idle":
            raise TwilioError(409, 21220, "This phone is in use")
        usual = phone.person.attestation if phone.person is not None else Attestation.FULL
        try:
            attestation = Attestation((await body_of(request)).get("attestation", usual))
        except ValueError:
            raise bad_request(20001, f"attestation must be one of {', '.join(Attestation)}") from None
        return web.json_response(call_shown(self._exchange.ring_in(phone, attestation)), status=201)

    async def hang_up(self, request: web.Request) -> web.Response:
        """The person puts the phone down at once."""
        phone = self._talking(request)
        assert phone.callee is not None
        phone.callee.hang_up()
        return web.json_response({})
