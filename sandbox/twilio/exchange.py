"""All calls of the account: places them, and passes the application's wishes on to those under way."""

from __future__ import annotations

from sandbox.twilio import wire
from sandbox.twilio.calls import Call, CallLog, CallOptions
from sandbox.twilio.carrier import Carrier
from sandbox.twilio.document import Source
from sandbox.twilio.life import CallLife, EndCall, GoOn
from sandbox.twilio.phones import Phone
from sandbox.twilio.ringing_in import INBOUND, IncomingLife, NumberSettings, number_sid
from sandbox.twilio.switchboard import Switchboard


class Exchange:
    """The carrier's exchange.

    Args:
        carrier: its means.
        switchboard: who can be called.
    """

    def __init__(self, carrier: Carrier, switchboard: Switchboard) -> None:
        self.carrier = carrier
        self.switchboard = switchboard
        self.log = CallLog()
        self.number = NumberSettings(voice_url=carrier.settings.voice_url, status_callback=carrier.settings.status_url)
        self._lives: dict[str, CallLife] = {}
        self._count = 0

    def place(self, to: str, from_: str, options: CallOptions) -> Call:
        """Makes a call; it lives on its own from here."""
        self._count += 1
        settings = self.carrier.settings
        call = Call(wire.sid("CA"), settings.account_sid, to, from_, options, self._count, self.carrier.clock.today())
        call.phone_number_sid = number_sid(settings)
        self.log.add(call)
        self._begin(call, CallLife(self.carrier, call, self.switchboard))
        return call

    def ring_in(self, phone: Phone) -> Call:
        """Somebody calls the account's number; it lives on its own from here."""
        self._count += 1
        settings, number = self.carrier.settings, self.number
        options = CallOptions(
            url=number.voice_url, method=number.voice_method, status_callback=number.status_callback, status_method=number.status_callback_method
        )
        call = Call(wire.sid("CA"), settings.account_sid, settings.number, phone.number, options, self._count, self.carrier.clock.today())
        call.phone_number_sid, call.direction = number_sid(settings), INBOUND
        self.log.add(call)
        self._begin(call, IncomingLife(self.carrier, call, self.switchboard, phone))
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
