"""Asking the carrier for a call, and what its answer means. A call may be running after anything but a clear refusal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests
from django.utils.translation import gettext_noop as noop
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

STATUS_EVENTS = ["initiated", "ringing", "answered", "completed"]
#: More tries for a callback that we could not take, on any trouble (Twilio's connection overrides).
RETRY_OVERRIDES = "#rc=3&rp=all"
TOO_MANY_CALLS = 10004
REQUEST_TIMEOUT, TOO_MANY_REQUESTS = 408, 429

NOT_SET_UP = noop("The telephone account refused the call; whoever runs Floyd has to look at its settings (`floyd doctor`). You can try again then.")
#: The carrier's error code → a sentence for the user.
REFUSALS: dict[int, str] = {
    20003: NOT_SET_UP,
    21201: noop("That number was not accepted by the telephone network."),
    21210: NOT_SET_UP,
    21211: noop("That number was not accepted by the telephone network. Check it and try again."),
    21212: NOT_SET_UP,
    21213: NOT_SET_UP,
    21214: noop("That number cannot be reached."),
    21215: noop("Floyd's telephone account may not call that country."),
    21216: noop("The telephone company blocks calls to that number."),
    21217: noop("That number was not accepted by the telephone network. Check it and try again."),
    21219: noop("Floyd's telephone account is a trial and may only call verified numbers."),
    13223: noop("That number was not accepted by the telephone network. Check it and try again."),
    13225: noop("The telephone company blocks calls to that number."),
    13226: noop("That number's country code is not known."),
    13227: noop("Floyd's telephone account may not call that country."),
}
REFUSED = noop("The telephone company refused the call (code {code}).")


@dataclass(frozen=True, slots=True)
class Placed:
    """The carrier took the call."""

    sid: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The carrier refused; nothing was placed. `sentence` is for the user."""

    code: int
    sentence: str


@dataclass(frozen=True, slots=True)
class NotNow:
    """Nothing was placed, and another try later may succeed."""

    code: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """The call may or may not have been placed."""

    why: str


Answer = Placed | Refused | NotNow | Unknown


def ask_for_call(create: Callable[..., Any], **order: Any) -> Answer:
    """Sends one order for a call (`client.calls.create` and its arguments) and reads the answer. Never sends it twice."""
    try:
        sid = create(**order).sid
    except Exception as error:  # noqa: BLE001  whatever happened after the order left, the call may exist
        return read_error(error)
    return Placed(sid) if isinstance(sid, str) and sid.startswith("CA") else Unknown("an answer without a sid")


def read_error(error: Exception) -> Answer:
    """What an error says about the order: refused, not now, or nothing certain."""
    if isinstance(error, (TwilioRestException, TwilioServiceException)):
        code = int(error.code or 0)
        if error.status == TOO_MANY_REQUESTS or code == TOO_MANY_CALLS:
            return NotNow(code)
        if 400 <= error.status < 500 and error.status != REQUEST_TIMEOUT:
            return Refused(code, REFUSALS.get(code) or (NOT_SET_UP if error.status == 401 else REFUSED.format(code=code)))
        return Unknown(f"status {error.status}")
    if isinstance(error, requests.ConnectionError) and never_connected(error):
        return NotNow(0)
    return Unknown(type(error).__name__)


def never_connected(error: requests.ConnectionError) -> bool:
    """Whether no connection was made, so that no order can have left."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, requests.ConnectTimeout) or isinstance(reason, (NewConnectionError, NameResolutionError, ConnectTimeoutError))


def already_over(error: TwilioException) -> bool:
    """Whether an error on hanging up says that there is nothing left to hang up."""
    return getattr(error, "code", None) in {20404, 21220} or getattr(error, "status", None) == 404
