"""Addresses that the API does not have."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request as ApiRequest

from api.problems import NO_ADDRESS
from api.resource import Resource


@extend_schema(exclude=True)
class Nowhere(Resource):
    """404, whatever the method and whoever asks."""

    permission_classes = [AllowAny]
    authentication_classes = []

    def initial(self, request: ApiRequest, *arguments: object, **named: object) -> None:
        """There is nothing here to be asked.

        Raises:
            NotFound: always.
        """
        super().initial(request, *arguments, **named)
        raise NotFound(NO_ADDRESS)
