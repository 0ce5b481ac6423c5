"""Refusals as the API words them: `{"error": {"message", "type", "param", "code"}}`."""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.faults import Fault

REQUEST_ID = web.RequestKey("id", str)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ApiError(Exception):
    """A request is refused.

    Args:
        status: of HTTP.
        message: for a person.
        code: for a program.
        param: which part of the request is to blame.
        kind: the error's `type`.
        headers: more headers of the answer.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        kind: str = "invalid_request_error",
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"message": message, "type": kind, "param": param, "code": code}
        self.headers = headers or {}

    def response(self) -> web.Response:
        """As it goes over the wire."""
        return web.json_response({"error": self.body}, status=self.status, headers=self.headers)


def bad_request(message: str, *, param: str | None = None, code: str | None = None) -> ApiError:
    """400."""
    return ApiError(400, message, param=param, code=code)


def switched_on(fault: Fault | None) -> ApiError | None:
    """The refusal that a fault asks for, if it asks for one."""
    match fault.mode if fault is not None else "":
        case "429":
            headers = {"retry-after-ms": str(fault.milliseconds("retry_after_ms", 200) if fault else 200)}
            return ApiError(429, "Rate limit reached for requests.", code="rate_limit_exceeded", kind="requests", headers=headers)
        case "quota":
            message = "You exceeded your current quota, please check your plan and billing details."
            return ApiError(429, message, code="insufficient_quota", kind="insufficient_quota")
        case "500":
            return ApiError(500, "The server had an error while processing your request. Sorry about that!", kind="server_error")
    return None


def guarded(handler: Handler) -> Handler:
    """A handler behind the check of the key; ApiError becomes its answer, and every answer has a request id."""

    async def answer(request: web.Request) -> web.StreamResponse:
        request_id = f"req_{secrets.token_hex(16)}"
        request[REQUEST_ID] = request_id
        try:
            _check_key(request)
            return await handler(request)
        except ApiError as error:
            refusal = error.response()
            refusal.headers["x-request-id"] = request_id
            return refusal

    return answer


def _check_key(request: web.Request) -> None:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not key.strip():
        message = "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth."
        raise ApiError(401, message)
    if not key.startswith("sk-"):
        raise ApiError(401, "Incorrect API key provided.", code="invalid_api_key")


async def body_of(request: web.Request) -> dict[str, Any]:
    """The JSON object that a request carries."""
    if request.content_type != "application/json":
        raise bad_request(f"Unsupported content type: '{request.content_type}'. This API method only accepts 'application/json' requests.")
    try:
        body = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise bad_request("We could not parse the JSON body of your request.") from None
    if not isinstance(body, dict):
        raise bad_request("The JSON body of your request must be an object.")
    return body
