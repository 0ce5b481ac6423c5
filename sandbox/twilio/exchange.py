"""All calls of the account: places them, and passes the application's wishes on to those under way."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sandbox.people import Attestation
from sandbox.twilio import wire
from sandbox.twilio.calls import Call, CallLog, CallOptions
from sandbox.twilio.carrier import Carrier
from sandbox.twilio.document import Source
from sandbox.twilio.life import CallLife, EndCall, GoOn
from sandbox.twilio.phones import Phone
from sandbox.twilio.ringing_in import INBOUND, IncomingLife, NumberSettings, number_sid
from sandbox.twilio.switchboard import Switchboard
from sandbox.twilio.trunk import TrunkLife


class Exchange:
    """The carrier's exchange.

    Args:
        carrier: its means.
        switchboard: who can be called.

    Attributes:
        numbers: what is done with calls to each number of the account.
    """

    def __init__(self, carrier: Carrier, switchboard: Switchboard) -> None:
        self.carrier = carrier
        self.switchboard = switchboard
        self.log = CallLog()
        settings = carrier.settings
        self.numbers = {number: NumberSettings(voice_url=settings.voice_url, status_callback=settings.status_url) for number in settings.numbers}
        self._lives: dict[str, CallLife] = {}
        self._count = 0

    def place(self, to: str, from_: str, options: CallOptions) -> Call:
        """Makes a call; it lives on its own from here."""
        self._count += 1
        settings = self.carrier.settings
        call = Call(wire.sid("CA"), settings.account_sid, to, from_, options, self._count, self.carrier.clock.today())
        call.phone_number_sid = number_sid(from_)
        self.log.add(call)
        if to in self.numbers and to != from_:
            ring = partial(self._ring, from_, to)
            self._begin(call, TrunkLife(self.carrier, call, self.switchboard, ring))
        else:
            self._begin(call, CallLife(self.carrier, call, self.switchboard))
        return call

    def ring_in(self, phone: Phone, attestation: Attestation, to: str = "") -> Call:
        """Somebody calls a number of the account (empty: its first); it lives on its own from here."""

        def life(call: Call) -> CallLife:
            call.attestation = attestation
            return IncomingLife(self.carrier, call, self.switchboard, phone)

        return self._ring(phone.number, to or self.carrier.settings.number, life)

    def _ring(self, from_: str, to: str, life: Callable[[Call], CallLife]) -> Call:
        self._count += 1
        settings, number = self.carrier.settings, self.numbers[to]
        options = CallOptions(
            url=number.voice_url, method=number.voice_method, status_callback=number.status_callback, status_method=number.status_callback_method
        )
        call = Call(wire.sid("CA"), settings.account_sid, to, from_, options, self._count, self.carrier.clock.today())
        call.phone_number_sid, call.direction = number_sid(to), INBOUND
        self.log.add(call)
        self._begin(call, life(call))
        return call

    def _begin(self, call: Call, life: CallLife) -> None:
        self._lives[call.sid] = life
        task = self.carrier.tasks.start(life.run(), f"call {call.sid}")
        task.add_done_callback(lambda _: self._lives.pop(call.sid, None))

    async def end(self, call: Call, status: str) -> None:
        """Ends a call: `canceled` only one that nobody has answered, `completed` any. Returns when it has ended."""
        life = self._lives.get(call.sid)
        if life is None or (status == "canceled" and call.status == "in-progress"):
            return
        life.command(EndCall(status))
        await life.ended.wait()

    def redirect(self, call: Call, source: Source) -> None:
        """Makes a call in progress go on with another document; a stream of the old one is stopped."""
        life = self._lives.get(call.sid)
        if life is not None:
            life.command(GoOn(source))
