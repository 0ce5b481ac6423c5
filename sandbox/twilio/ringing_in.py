"""The life of a call that somebody makes to a number of the account: the application is asked what to do while it rings, and so it is answered.

https://www.twilio.com/docs/voice/twiml#request-parameters
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from sandbox.people import Attestation
from sandbox.twilio.calls import Call
from sandbox.twilio.carrier import Carrier
from sandbox.twilio.document import APPLICATION_ERROR, DocumentError, Source, fetched
from sandbox.twilio.life import CallLife, CallOverError
from sandbox.twilio.phones import Phone
from sandbox.twilio.switchboard import Switchboard
from sandbox.twilio.twiml import Reject, TwimlError, parse

INBOUND = "inbound"
#: What the application reads of the check of the caller's number; of a call without a signature it hears nothing.
#: https://www.twilio.com/docs/voice/trusted-calling-with-shakenstir
VERSTAT = {
    Attestation.FULL: "TN-Validation-Passed-A",
    Attestation.PARTIAL: "TN-Validation-Passed-B",
    Attestation.GATEWAY: "TN-Validation-Passed-C",
    Attestation.FORGED: "TN-Validation-Failed",
}
REJECTED = {"busy": ("busy", 486), "rejected": ("failed", 603)}


def number_sid(number: str) -> str:
    """Sid of a number of the account; the same in every run."""
    return "PN" + hashlib.md5(number.encode(), usedforsecurity=False).hexdigest()


@dataclass(slots=True)
class NumberSettings:
    """What is done with calls to a number of the account, as its resource shows it."""

    voice_url: str = ""
    voice_method: str = "POST"
    status_callback: str = ""
    status_callback_method: str = "POST"


class IncomingLife(CallLife):
    """Carries one call that came in.

    Args:
        carrier, call, switchboard: as of any life.
        phone: whose it is.
    """

    def __init__(self, carrier: Carrier, call: Call, switchboard: Switchboard, phone: Phone) -> None:
        super().__init__(carrier, call, switchboard)
        self._phone = phone

    async def _dial(self) -> Phone:
        """Rings at the application, which answers with its first document; without one nobody is there."""
        call, options = self._call, self._call.options
        call.status, call.started_at = "ringing", self._carrier.clock.today()
        self._phone.ringing = call.sid
        try:
            if not options.url:
                raise CallOverError("no-answer", 480)
            call.options = replace(options, twiml=await self._first_document())
        finally:
            self._phone.ringing = ""
        return self._phone

    async def _first_document(self) -> str:
        options = self._call.options
        try:
            verstat = VERSTAT.get(self._call.attestation)
            fields = {"StirVerstat": verstat} if verstat else {}
            text = await fetched(self._carrier, self._call, Source(options.url, options.method, fields=fields))
            verbs = parse(text, options.url)
        except (DocumentError, TwimlError) as error:
            self._call.alerts.append((error.code, error.message))
            return f"<Response><Say>{APPLICATION_ERROR}</Say></Response>"
        if verbs and isinstance(verbs[0], Reject):
            raise CallOverError(*REJECTED.get(verbs[0].reason, REJECTED["rejected"]))
        return text.decode()
