"""<Conference> of a <Dial>: a room, and how the call comes into it.

https://www.twilio.com/docs/voice/twiml/conference
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

from sandbox.twilio import wire

NOT_CARRIED_OUT = 12200
BAD_MUTED, BAD_END, BAD_START, BAD_WAIT_URL, BAD_WAIT_METHOD, BAD_BEEP = 13230, 13231, 13232, 13233, 13234, 13235
BEEPS = frozenset({"true", "false", "onEnter", "onExit"})
#: What `statusCallbackEvent` may name, of what the sandbox tells.
EVENTS = frozenset({"start", "end", "join", "leave", "mute", "hold", "modify"})
LABEL_CHARACTERS = 128
_ON_ENTRY = frozenset({"startConferenceOnEnter", "endConferenceOnExit", "waitUrl", "waitMethod", "beep", "muted", "coach", "record"})
_ATTRIBUTES = _ON_ENTRY | {"participantLabel", "statusCallback", "statusCallbackMethod", "statusCallbackEvent"}


class ConferenceError(Exception):
    """A <Conference> that the carrier does not carry out, with its warning code."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Conference:
    """The call goes into a room, with whoever else is there.

    Attributes:
        name: of the room, unique in the account.
        muted: nobody there hears this call.
        starts: the conference begins with it, as soon as there are two.
        ends: it ends when this call leaves.
        wait_url: what is heard before it begins; empty: nothing, None: the carrier's music.
        coach: sid of the call that alone hears this one; empty: all do.
        events: of which `status_callback` is told.
    """

    name: str
    muted: bool = False
    beep: str = "true"
    starts: bool = True
    ends: bool = False
    wait_url: str | None = None
    wait_method: str = "POST"
    coach: str = ""
    label: str = ""
    status_callback: str = ""
    status_method: str = "POST"
    events: frozenset[str] = frozenset()
    action: str = ""
    action_method: str = "POST"


def read(element: ElementTree.Element, base: str, *, action: str, action_method: str) -> Conference:
    """Reads <Conference>. Raises ConferenceError for what the carrier refuses, or the sandbox does not do."""
    name = (element.text or "").strip()
    if not name or len(element):
        raise ConferenceError(NOT_CARRIED_OUT, "<Conference> holds the name of a room, and nothing else")
    if unknown := sorted(set(element.attrib) - _ATTRIBUTES):
        raise ConferenceError(NOT_CARRIED_OUT, f"The sandbox does not carry out {', '.join(unknown)} of <Conference>")
    if element.get("record", "do-not-record") != "do-not-record":
        raise ConferenceError(NOT_CARRIED_OUT, "The sandbox does not record conferences")
    label, coach = element.get("participantLabel", ""), element.get("coach", "")
    if len(label) > LABEL_CHARACTERS or wire.CALL_SID.fullmatch(label):
        raise ConferenceError(NOT_CARRIED_OUT, f"participantLabel must be a name of at most {LABEL_CHARACTERS} characters")
    if coach and not wire.CALL_SID.fullmatch(coach):
        raise ConferenceError(NOT_CARRIED_OUT, f"coach must be the sid of a call, not {coach}")
    status = element.get("statusCallback", "")
    return Conference(
        name,
        muted=_flag(element, "muted", BAD_MUTED, default=False),
        beep=_beep(element),
        starts=_flag(element, "startConferenceOnEnter", BAD_START, default=True),
        ends=_flag(element, "endConferenceOnExit", BAD_END, default=False),
        wait_url=_wait_url(element, base),
        wait_method=_method(element, "waitMethod", BAD_WAIT_METHOD),
        coach=coach,
        label=label,
        status_callback=urljoin(base, status) if status else "",
        status_method=_method(element, "statusCallbackMethod", NOT_CARRIED_OUT),
        events=_events(element),
        action=action,
        action_method=action_method,
    )


def _flag(element: ElementTree.Element, name: str, code: int, *, default: bool) -> bool:
    value = element.get(name, "true" if default else "false")
    if value not in ("true", "false"):
        raise ConferenceError(code, f"Dial->Conference: Invalid {name} value {value}")
    return value == "true"


def _beep(element: ElementTree.Element) -> str:
    value = element.get("beep", "true")
    if value not in BEEPS:
        raise ConferenceError(BAD_BEEP, f"Dial->Conference: Invalid beep value {value}")
    return value


def _method(element: ElementTree.Element, name: str, code: int) -> str:
    value = element.get(name, "POST").upper()
    if value not in ("GET", "POST"):
        raise ConferenceError(code, f"Dial->Conference: Invalid {name} value {value}")
    return value


def _wait_url(element: ElementTree.Element, base: str) -> str | None:
    given = element.get("waitUrl")
    if not given:
        return given
    url = urljoin(base, given)
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise ConferenceError(BAD_WAIT_URL, f"Dial->Conference: Invalid waitUrl value {given}")
    return url


def _events(element: ElementTree.Element) -> frozenset[str]:
    events = frozenset(element.get("statusCallbackEvent", "").split())
    if unknown := sorted(events - EVENTS):
        raise ConferenceError(NOT_CARRIED_OUT, f"The sandbox does not tell of {', '.join(unknown)} in a conference")
    return events
