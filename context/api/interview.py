"""In the API: the questions by which Floyd gets to know you."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from api.conditions import shown_with_tag
from api.fields import Text
from api.pages import Listing
from api.resource import Resource
from context import interview
from context.access import own_one
from context.api.shapes import Shape
from context.interview_models import InterviewQuestion, InterviewStatus


class NewInterviewAnswer(Shape):
    """What Floyd asked for."""

    words = Text(max_length=interview.LENGTH, help_text="Your answer; where somebody to call is asked for, their name.")
    phone = Text(required=False, allow_blank=True, max_length=interview.PHONE_LENGTH, help_text="Their number, as you would dial it.")


@extend_schema_serializer(component_name="InterviewQuestion")
class InterviewShape(Shape):
    """One question. It is asked once, whatever became of it."""

    id = serializers.IntegerField()
    text = Text()
    asks_for_contact = serializers.BooleanField(source="is_contact", help_text="Asks for somebody to call, with their number.")
    status = serializers.ChoiceField(choices=InterviewStatus.choices)
    created_at = serializers.DateTimeField()


class Interview(Listing):
    """Floyd's questions to you."""

    ordering = ("id",)

    @extend_schema(operation_id="list_interview", responses=InterviewShape(many=True))
    def get(self, request: ApiRequest) -> Response:
        """In the order in which they are asked; the first `open` one is the one to answer now."""
        user: Any = request.user
        self.read_query(request, Shape)
        interview.next_question(user)
        return self.page_of(request, InterviewQuestion.objects.filter(user=user), InterviewShape)


class AnswerInterview(Resource):
    """Answering."""

    @extend_schema(operation_id="answer_interview", request=NewInterviewAnswer, responses=InterviewShape)
    def post(self, request: ApiRequest, interview_id: int) -> Response:
        """Makes a fact of it, or a contact. A question that is settled stays as it is."""
        sent = self.read_body(request, NewInterviewAnswer)
        question = own_one(InterviewQuestion, request.user, interview_id)
        interview.answer(question=question, **sent)
        question.refresh_from_db()
        return shown_with_tag(request, InterviewShape(question).data)


class SkipInterview(Resource):
    """Not answering."""

    @extend_schema(operation_id="skip_interview", request=None, responses=InterviewShape)
    def post(self, request: ApiRequest, interview_id: int) -> Response:
        """Floyd does not ask it again. A question that is settled stays as it is."""
        question = own_one(InterviewQuestion, request.user, interview_id)
        interview.settle(question=question, status=InterviewStatus.SKIPPED)
        question.refresh_from_db()
        return shown_with_tag(request, InterviewShape(question).data)
