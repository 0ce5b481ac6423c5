"""Errors of the REST interface, with the bodies that the official client reads."""

from __future__ import annotations

from typing import Any


class TwilioError(Exception):
    """A refusal: HTTP status, the carrier's code and its words.

    https://www.twilio.com/docs/api/errors
    """

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def body(self) -> dict[str, Any]:
        """The JSON body."""
        return {"code": self.code, "message": self.message, "more_info": f"https://www.twilio.com/docs/errors/{self.code}", "status": self.status}


def unauthorized() -> TwilioError:
    """Basic authentication is missing or wrong."""
    return TwilioError(401, 20003, "Authenticate")


def not_found(path: str) -> TwilioError:
    """No such resource (any more)."""
    return TwilioError(404, 20404, f"The requested resource {path} was not found")


def bad_request(code: int, message: str) -> TwilioError:
    """A parameter is missing or wrong."""
    return TwilioError(400, code, message)


def too_many_requests() -> TwilioError:
    """Too many requests at once; this one was not processed."""
    return TwilioError(429, 20429, "Too Many Requests")


def internal() -> TwilioError:
    """The carrier's own failure; the request may or may not have been carried out."""
    return TwilioError(500, 20500, "An internal server error has occurred")
