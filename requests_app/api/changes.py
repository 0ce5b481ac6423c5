"""What a stream tells when a row of this app changes. The kinds are those of `live.publish`."""

from __future__ import annotations

from typing import Any

from requests_app.api.question_shapes import MessageShape, QuestionShape
from requests_app.api.shapes import EventShape, RequestShape
from requests_app.models import Event, Message, Question, Request


def request(ref: str) -> dict[str, Any]:
    """A request."""
    return dict(RequestShape(Request.objects.get(pk=ref)).data)


def request_gone(ref: str) -> dict[str, Any]:
    """A request that its user took back: there is nothing to show."""
    return request(ref)


def event(ref: str) -> dict[str, Any]:
    """A line of a timeline."""
    return dict(EventShape(Event.objects.get(pk=ref)).data)


def question(ref: str) -> dict[str, Any]:
    """A question."""
    return dict(QuestionShape(Question.objects.get(pk=ref)).data)


def message(ref: str) -> dict[str, Any]:
    """A text message."""
    return dict(MessageShape(Message.objects.get(pk=ref)).data)
