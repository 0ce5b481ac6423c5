"""The description of the API (OpenAPI): what drf-spectacular cannot see by itself. `make openapi` writes it to docs/openapi.yaml."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Any text of yours, e.g. a UUID. The same key with the same body is done once; with another body it is refused (409).",
)
IF_NONE_MATCH = OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="An ETag that you have: 304 if it is still true.")
IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description="The ETag of what you read. Needed (428); 412 if it has changed.")

_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "An error (RFC 9457). `detail` says what to do.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
                "required": ["field", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}


class Described(AutoSchema):
    """Tags by resource, and one `default` response for all errors."""

    def get_tags(self) -> list[str]:
        """The noun behind the version."""
        return [self.path.split("/")[3]]


def add_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Every operation may answer with a problem, and those that know tags with nothing new."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = _PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in result["paths"].values():
        for operation in operations.values():
            if any(parameter["name"] == IF_NONE_MATCH.name for parameter in operation.get("parameters", ())):
                operation["responses"]["304"] = {"description": "It is as you have it."}
            operation["responses"]["default"] = {"description": "An error, with a sentence that says what to do.", "content": content}
    return result
