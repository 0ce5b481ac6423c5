"""All calls of the account: places them, and passes the application's wishes on to those under way."""

from __future__ import annotations

from sandbox.twilio import wire
from sandbox.twilio.calls import Call, CallLog, CallOptions
from sandbox.twilio.carrier import Carrier
from sandbox.twilio.document import Source
from sandbox.twilio.life import CallLife, EndCall, GoOn
from sandbox.twilio.rest_numbers import number_sid
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
        self._lives: dict[str, CallLife] = {}
        self._count = 0

    def place(self, to: str, from_: str, options: CallOptions) -> Call:
        """Makes a call; it lives on its own from here."""
        self._count += 1
        settings = self.carrier.settings
        call = Call(wire.sid("CA"), settings.account_sid, to, from_, options, self._count, self.carrier.clock.today())
        call.phone_number_sid = number_sid(settings)
        self.log.add(call)
        life = self._lives[call.sid] = CallLife(self.carrier, call, self.switchboard)
        task = self.carrier.tasks.start(life.run(), f"call {call.sid}")
        task.add_done_callback(lambda _: self._lives.pop(call.sid, None))
        return call

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
