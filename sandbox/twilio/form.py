"""Checks of request parameters: what the carrier would refuse is refused here."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from aiohttp import web
from multidict import MultiDict, MultiMapping

from sandbox.twilio import wire
from sandbox.twilio.errors import bad_request


async def form_of(request: web.Request) -> MultiMapping[str]:
    """The request's form fields; repeated ones are kept."""
    return MultiDict((name, value) for name, value in (await request.post()).items() if isinstance(value, str))


def only_known(form: MultiMapping[str], known: Iterable[str]) -> None:
    """Refuses parameters that the resource does not have: a misspelt one would silently do nothing."""
    unknown = sorted(set(form) - set(known))
    if unknown:
        raise bad_request(20001, f"Unknown parameters: {', '.join(unknown)}")


def absolute_url(form: MultiMapping[str], name: str, code: int = 21205) -> str:
    """A callback or document address: absolute, http or https, and no underscore in the host. Empty when not given."""
    value = form.get(name, "")
    if not value:
        return ""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "_" in parts.hostname:
        raise bad_request(code, f"{name} is not a valid URL: {value}")
    return value


def method(form: MultiMapping[str], name: str, default: str = "POST") -> str:
    """GET or POST."""
    value = form.get(name, default).upper()
    if value not in {"GET", "POST"}:
        raise bad_request(21403, f"{name} '{value}' is not a valid method")
    return value


def whole_number(form: MultiMapping[str], name: str, default: int, bounds: tuple[int, int], code: int = 20001) -> int:
    """A whole number within bounds."""
    raw = form.get(name, "")
    if not raw:
        return default
    least, most = bounds
    if not raw.isascii() or not raw.isdigit() or not least <= int(raw) <= most:
        raise bad_request(code, f"Invalid {name}: {raw}")
    return int(raw)


def flag(form: MultiMapping[str], name: str) -> bool:
    """`true` or `false`, as clients write booleans."""
    raw = form.get(name, "false").lower()
    if raw not in {"true", "false"}:
        raise bad_request(20001, f"{name} must be true or false")
    return raw == "true"


def choice(form: MultiMapping[str], name: str, choices: Iterable[str], default: str = "") -> str:
    """One of a few words."""
    value = form.get(name, default)
    if value and value not in choices:
        raise bad_request(20001, f"{name} '{value}' is not valid")
    return value


def recipient(form: MultiMapping[str], missing: int) -> str:
    """The `To` number."""
    value = form.get("To", "")
    if not value:
        raise bad_request(missing, "A 'To' phone number is required.")
    if not wire.is_e164(value):
        raise bad_request(21211, f"Invalid 'To' Phone Number: {_masked(value)}")
    return value


def _masked(number: str) -> str:
    """The carrier shows the last digits as X in this message."""
    return number[:-4] + "XXXX" if len(number) > 4 else number
