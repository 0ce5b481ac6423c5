"""What every view of the API is made from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request as ApiRequest
from rest_framework.views import APIView

from api.problems import Problem

Form = TypeVar("Form", bound=serializers.Serializer[Any])


class AlwaysJson(BaseContentNegotiation):
    """JSON is all there is, whatever a client says it likes."""

    def select_parser(self, request: ApiRequest, parsers: Iterable[BaseParser]) -> BaseParser | None:
        """JSON when the body is said to be JSON; None (415) else."""
        media_type = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == media_type), None)

    def select_renderer(self, request: ApiRequest, renderers: Iterable[BaseRenderer], format_suffix: str | None = None) -> tuple[BaseRenderer, str]:
        """The one there is."""
        only = next(iter(renderers))
        return only, str(only.media_type)


class StrictJson(JSONParser):
    """JSON that nests deeper than Python can follow is no JSON of ours."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """The value.

        Raises:
            ParseError: not JSON.
        """
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError from None


class Resource(APIView):
    """A view that takes and gives JSON. What may be seen and done is decided by `access` modules and services."""

    content_negotiation_class = AlwaysJson
    parser_classes = [StrictJson]
    http_method_names = ["get", "head", "post", "patch", "delete"]

    def finalize_response(self, request: ApiRequest, response: Any, *arguments: Any, **named: Any) -> Any:
        """What belongs to one person is kept in no shared cache."""
        response = super().finalize_response(request, response, *arguments, **named)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def read_body(self, request: ApiRequest, form: type[Form], *, partial: bool = False) -> dict[str, Any]:
        """The fields that were sent, checked.

        Raises:
            ValidationError: something is missing, unknown or wrong.
        """
        return _checked(form, request.data, partial=partial)

    def read_query(self, request: ApiRequest, form: type[Form]) -> dict[str, Any]:
        """The parameters of the address, checked.

        Raises:
            Problem: one of them is wrong, or there is no such parameter.
        """
        # As a plain dict: an empty parameter is a wrong one, not one that was left out.
        sent = request.query_params.dict()
        known = {*form().fields, "cursor", "limit"}
        if unknown := sorted(sent.keys() - known):
            raise Problem(400, f"There is no parameter “{unknown[0][:40]}”. There are: {', '.join(sorted(known))}.")
        read = form(data=sent)
        if not read.is_valid():
            name, why = next(iter(read.errors.items()))
            raise Problem(400, f"The parameter “{name}” is wrong: {why[0]} Mend it and try again.")
        return dict(read.validated_data)


def _checked(form: type[Form], sent: Any, *, partial: bool) -> dict[str, Any]:
    if isinstance(sent, dict):
        known = {name for name, field in form().fields.items() if not field.read_only}
        if unknown := sorted(str(name) for name in sent.keys() - known):
            raise serializers.ValidationError({name: f"There is no such field. There are: {', '.join(sorted(known))}." for name in unknown})
    if partial and sent == {}:
        raise serializers.ValidationError("Send what is to change.")
    read = form(data=sent, partial=partial)
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)
