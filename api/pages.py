"""Lists, a page at a time. A cursor holds a place, so that nothing is shown twice or left out when rows come and go meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import DataError
from django.db.models import QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from api.problems import Problem
from api.resource import Resource

MOST = 200
BAD_CURSOR = "This cursor is not one of ours. Begin with the first page, and follow the addresses under “next” and “previous”."
BAD_LIMIT = f"“limit” is how many you want at once: a number from 1 to {MOST}."


class Pages(CursorPagination):
    """`?cursor=` and `?limit=`; the answer holds `next`, `previous` and `results`. The view says the order."""

    page_size = 50
    page_size_query_param = "limit"
    page_size_query_description = f"How many at once, 1 to {MOST}."
    cursor_query_description = "A place in the list, from `next` or `previous` of another page."
    max_page_size = MOST

    def get_ordering(self, request: Any, queryset: Any, view: Any) -> tuple[str, ...]:
        """Fields of the view's `ordering`."""
        return tuple(view.ordering)

    def get_page_size(self, request: Any) -> int:
        """How many at once.

        Raises:
            Problem: not a number, or too many.
        """
        text = request.query_params.get(self.page_size_query_param)
        if text is None:
            return int(self.page_size or MOST)
        if not (text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) <= MOST):
            raise Problem(400, BAD_LIMIT)
        return int(text)

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any] | None:
        """One page.

        Raises:
            Problem: the cursor was made up.
        """
        try:
            return super().paginate_queryset(queryset, request, view)
        except (NotFound, DjangoValidationError, DataError, ValueError, OverflowError):
            raise Problem(400, BAD_CURSOR) from None


class Listing(Resource):
    """A view with a list.

    Attributes:
        ordering: fields; where the first is not unique, the last one must be.
    """

    pagination_class = Pages
    ordering: ClassVar[tuple[str, ...]] = ("-id",)

    def page_of(
        self, request: ApiRequest, rows: QuerySet[Any], shape: type[BaseSerializer[Any]], read: Callable[[list[Any]], list[Any]] | None = None
    ) -> Response:
        """The page of `rows` that is asked for.

        Args:
            read: makes of its rows what `shape` shows; left out: the rows themselves.
        """
        pages = self.pagination_class()
        found = pages.paginate_queryset(rows, request, self) or []
        return pages.get_paginated_response(shape(read(found) if read else found, many=True).data)
