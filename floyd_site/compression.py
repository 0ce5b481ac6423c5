"""Sends text compressed to browsers that take it so: pages, styles, scripts. Fonts and pictures are small already, streams must not wait."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXT = frozenset({"text/html", "text/css", "text/javascript", "image/svg+xml", "application/manifest+json"})
WEAK = "W/"


class CompressText(GZipMiddleware):
    """Django's own compression, which hides the length of secrets in pages, for what is worth it."""

    def process_request(self, request: HttpRequest) -> None:
        """Compression made the tag of a file a weak one; the file itself is served by comparing strong ones."""
        tag = request.META.get("HTTP_IF_NONE_MATCH", "")
        if tag.startswith(WEAK) and request.path.startswith(settings.STATIC_URL):
            request.META["HTTP_IF_NONE_MATCH"] = tag[len(WEAK) :]

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compresses text, if the browser takes it."""
        if response.status_code != 200 or response.headers.get("Content-Type", "").partition(";")[0] not in TEXT:
            return response
        return super().process_response(request, response)
