"""Errors of the API, as RFC 9457 problem details: every one says, in a sentence, what is wrong and what to do about it."""

from __future__ import annotations

import logging
import math
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import APIView

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
#: Sentences for what the framework finds wrong by itself.
NO_ADDRESS = "There is nothing at this address. The API is described in /api/v1/openapi.yaml."
BROKEN = (
    "Something broke on our side, and it has been noted. Try again in a moment; with the same Idempotency-Key nothing is done twice. "
    "If it stays, tell whoever runs Floyd."
)
AWAY = "Floyd cannot get at its records right now. Try again in half a minute; with the same Idempotency-Key nothing is done twice."
COME_BACK = {"Retry-After": "30"}
SIGN_IN = "Sign in, or send a token: “Authorization: Bearer floyd_…”. You make one on the page “API tokens” of your account."
SEND_TYPE = "Send the body with “Content-Type: {types}”."
TOO_LARGE = "That is more than the API takes at once. Send less than {most} KiB."
NOT_JSON = "The body is not valid JSON in UTF-8. Send one JSON object."

#: Classes of PostgreSQL's codes: no connection, no room for one, an operator stops the server.
_AWAY_STATES = ("08", "53", "57P")

#: Errors of the services → status, and what is said instead of their message. Apps register theirs.
_known: dict[type[Exception], tuple[int, str]] = {}


class Problem(exceptions.APIException):
    """An error with a status and a sentence of its own."""

    def __init__(self, status: int, detail: str, **headers: str) -> None:
        super().__init__(detail)
        self.status_code = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def register(error: type[Exception], status: int, sentence: str = "") -> None:
    """Has `error` answered with `status` and its message, or `sentence` (in which `{error}` is the message)."""
    _known[error] = status, sentence


def body(status: int, detail: str, errors: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """A problem as JSON. `errors` names the fields that are wrong."""
    found = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return {**found, "errors": errors} if errors else found


def handle(error: Exception, context: dict[str, Any]) -> Response:
    """Answers any exception of an API view; the framework's `EXCEPTION_HANDLER`."""
    if known := next((_known[kind] for kind in type(error).__mro__ if kind in _known), None):
        status, sentence = known
        text = sentence.format(error=error) if sentence else str(error)
        field = getattr(error, "field", "")
        return _answer(status, text, errors=[{"field": field, "detail": text}] if field else None)
    if isinstance(error, exceptions.ValidationError):
        return _invalid(error)
    if isinstance(error, exceptions.APIException):
        return _answer(error.status_code, _sentence(error, context), headers=_headers(error, context))
    if isinstance(error, Http404):
        return _answer(404, NO_ADDRESS)
    if isinstance(error, RequestDataTooBig):
        return _answer(413, TOO_LARGE.format(most=settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024))
    if isinstance(error, PermissionDenied):
        return _answer(403, "You may not do this.")
    if is_database_away(error):
        log.warning("the database is away: %s", error)
        return _answer(503, AWAY, headers=COME_BACK)
    log.error("an API view failed", exc_info=error)
    view = context.get("view")
    got_request_exception.send(sender=type(view), request=context.get("request"))
    return _answer(500, BROKEN)


def _answer(status: int, detail: str, *, errors: list[dict[str, str]] | None = None, headers: dict[str, str] | None = None) -> Response:
    return Response(body(status, detail, errors), status=status, headers=headers, content_type=MEDIA_TYPE)


def _headers(error: exceptions.APIException, context: dict[str, Any]) -> dict[str, str]:
    headers = dict(getattr(error, "headers", {}))
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if isinstance(error, exceptions.Throttled):
        headers["Retry-After"] = str(_wait_s(error))
    if isinstance(error, exceptions.MethodNotAllowed) and isinstance(view := context.get("view"), APIView):
        headers["Allow"] = ", ".join(view.allowed_methods)
    return headers


def _wait_s(error: exceptions.Throttled) -> int:
    return max(1, math.ceil(getattr(error, "wait", None) or 1))


def _sentence(error: exceptions.APIException, context: dict[str, Any]) -> str:
    if isinstance(error, exceptions.NotAuthenticated):
        return SIGN_IN
    if isinstance(error, exceptions.UnsupportedMediaType) and isinstance(view := context.get("view"), APIView):
        return SEND_TYPE.format(types=" or ".join(str(parser.media_type) for parser in view.parser_classes))
    if isinstance(error, exceptions.ParseError):
        return NOT_JSON
    if isinstance(error, exceptions.MethodNotAllowed) and isinstance(view := context.get("view"), APIView):
        return f"This address does not take {context['request'].method}. Use one of: {', '.join(view.allowed_methods)}."
    if isinstance(error, exceptions.Throttled):
        return f"That is more than you may do at once. Try again in {_wait_s(error)} seconds."
    return str(error.detail)


def _invalid(error: exceptions.ValidationError) -> Response:
    """What is wrong with the fields that were sent, one sentence each."""
    errors = list(_flat(error.detail))
    named = ", ".join(dict.fromkeys(found["field"] for found in errors if found["field"]))
    detail = f"Mend what is wrong with {named} and send it again." if named else errors[0]["detail"]
    return _answer(422, detail, errors=errors)


def _flat(detail: Any, field: str = "") -> list[dict[str, str]]:
    if isinstance(detail, dict):
        return [found for name, inner in detail.items() for found in _flat(inner, _join(field, name))]
    if isinstance(detail, list):
        nested = any(isinstance(inner, dict | list) for inner in detail)
        return [found for at, inner in enumerate(detail) for found in _flat(inner, _join(field, str(at)) if nested else field)]
    return [{"field": field, "detail": str(detail)}]


def _join(field: str, name: Any) -> str:
    if name == "non_field_errors":
        return field
    return f"{field}.{name}" if field else str(name)


# --- outside the views of the API ---


def plain(status: int, detail: str, headers: dict[str, str] | None = None) -> HttpResponse:
    """A problem as a response of Django's own."""
    return JsonResponse(body(status, detail), status=status, headers=headers, content_type=MEDIA_TYPE)


def is_database_away(error: BaseException | None) -> bool:
    """Whether an error says that the database takes no connection, or has just ended this one. Of its other troubles it tells by a code."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = str(getattr(error.__cause__, "sqlstate", None) or "")
    return not state or state.startswith(_AWAY_STATES)


def is_api(request: HttpRequest) -> bool:
    """Whether errors of this request are for a program."""
    return request.path.startswith("/api/")
