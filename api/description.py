"""Where programs find the description of the API."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request as ApiRequest

from api.resource import Resource


@cache
def _text() -> bytes:
    return bytes((settings.BASE_DIR / "docs" / "openapi.yaml").read_bytes())


@extend_schema(exclude=True)
class Description(Resource):
    """The file that `make check` compares with the code."""

    permission_classes = [AllowAny]
    authentication_classes = []

    def get(self, request: ApiRequest) -> HttpResponse:
        """OpenAPI, as YAML."""
        return HttpResponse(_text(), content_type="application/yaml")
