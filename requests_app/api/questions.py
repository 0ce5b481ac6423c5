"""Questions and text messages in the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from api.conditions import shown_with_tag
from api.pages import Listing
from api.problems import Problem
from api.resource import Resource
from api.schema import IDEMPOTENCY_KEY, IF_NONE_MATCH
from context.api.once import done_once
from requests_app import access, listing, services
from requests_app.answers import confirm_link
from requests_app.api.question_shapes import MessageFilter, MessageShape, NewAnswer, QuestionFilter, QuestionShape, Tapped
from requests_app.models import Question
from requests_app.services import AnswerResult, Taken

NEEDS_A_PERSON = "An amount above your limit needs your own tap: a token is not enough. Sign in and confirm it here: {link}"
#: What became of an answer that was not taken.
STATUSES = {Taken.NOT_UNDERSTOOD: 422, Taken.TOO_LATE: 409}


class Questions(Listing):
    """What Floyd asks you."""

    @extend_schema(operation_id="list_questions", parameters=[QuestionFilter], responses=QuestionShape(many=True))
    def get(self, request: ApiRequest) -> Response:
        """Newest first; `status=unanswered` are those that wait for you."""
        user: Any = request.user
        return self.page_of(request, listing.find_questions(user, **self.read_query(request, QuestionFilter)), QuestionShape)


class OneQuestion(Resource):
    """One question."""

    @extend_schema(operation_id="get_question", responses=QuestionShape, parameters=[IF_NONE_MATCH])
    def get(self, request: ApiRequest, question_id: UUID) -> Response:
        """With its answer, once it has one."""
        return shown_with_tag(request, QuestionShape(access.own_question(request.user, question_id)).data)


class AnswerQuestion(Resource):
    """Answering."""

    @extend_schema(operation_id="answer_question", request=NewAnswer, responses=QuestionShape, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: ApiRequest, question_id: UUID) -> Response:
        """The first answer that is understood wins (later ones: 409). `confirming` means that the amount needs your tap as well."""
        user: Any = request.user
        text = self.read_body(request, NewAnswer)["text"]
        question = access.own_question(user, question_id)
        taken, _ = done_once(
            request,
            lambda: _taken(services.answer_question(question_id=question.pk, text=text, by="api")),
            lambda ref: access.own_question(user, ref),
        )
        return shown_with_tag(request, QuestionShape(taken).data)


class ConfirmAnswer(Resource):
    """The tap on an amount above the limit."""

    @extend_schema(operation_id="confirm_answer", request=Tapped, responses=QuestionShape, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: ApiRequest, question_id: UUID) -> Response:
        """Grants what was answered. Takes a session: what is above your limit is granted by you, not by a program."""
        user: Any = request.user
        question = access.own_question(user, question_id)
        if not isinstance(request.successful_authenticator, SessionAuthentication):
            raise Problem(403, NEEDS_A_PERSON.format(link=confirm_link(question.request_id)))
        amount_minor = self.read_body(request, Tapped)["amount_minor"]
        taken, _ = done_once(
            request,
            lambda: _taken(services.confirm_answer(question_id=question.pk, user=user, amount_minor=amount_minor)),
            lambda ref: access.own_question(user, ref),
        )
        return shown_with_tag(request, QuestionShape(taken).data)


def _taken(result: AnswerResult) -> Question:
    if status := STATUSES.get(result.taken):
        raise Problem(status, result.text)
    return result.question


class Messages(Listing):
    """Text messages between Floyd and you."""

    @extend_schema(operation_id="list_messages", parameters=[MessageFilter], responses=MessageShape(many=True))
    def get(self, request: ApiRequest) -> Response:
        """Newest first."""
        user: Any = request.user
        return self.page_of(request, listing.find_messages(user, **self.read_query(request, MessageFilter)), MessageShape)


class OneMessage(Resource):
    """One text message."""

    @extend_schema(operation_id="get_message", responses=MessageShape, parameters=[IF_NONE_MATCH])
    def get(self, request: ApiRequest, message_id: UUID) -> Response:
        """With how far its delivery has come."""
        return shown_with_tag(request, MessageShape(access.get_message(request.user, message_id)).data)
