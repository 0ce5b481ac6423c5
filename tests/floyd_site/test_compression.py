"""What browsers are sent compressed, and that they are spared what they have."""

from __future__ import annotations

import gzip

import pytest

from floyd_site.compression import CompressText

TAKES_GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def get(client, path, **headers):
    response = client.get(path, headers={**TAKES_GZIP, **headers})
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response, body


@pytest.mark.parametrize(
    "path", ["/static/css/parts.css", "/static/vendor/htmx-4.0.1.min.js", "/static/icons/floyd.svg", "/static/floyd.webmanifest"]
)
def test_text_is_sent_compressed(client, db, path):
    response, body = get(client, path)
    plain, whole = get(client, path, **{"Accept-Encoding": "identity"})
    assert response.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
    assert gzip.decompress(body) == whole
    # Django lengthens what it compresses by a random number of bytes, so that its length tells nothing.
    assert len(body) - CompressText.max_random_bytes < len(whole)


def test_pages_are_sent_compressed(client, tom):
    client.force_login(tom)
    response, body = get(client, "/knows/")
    assert response.headers["Content-Encoding"] == "gzip"
    assert b"What Floyd knows" in gzip.decompress(body)


@pytest.mark.parametrize("path", ["/static/fonts/newsreader.woff2", "/static/icons/floyd-192.png"])
def test_what_is_small_already_is_sent_as_it_is(client, db, path):
    response, _ = get(client, path)
    assert response.status_code == 200 and "Content-Encoding" not in response.headers


def test_a_compressed_file_that_a_browser_has_is_not_sent_again(client, db):
    response, _ = get(client, "/static/css/parts.css")
    again, body = get(client, "/static/css/parts.css", **{"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, body) == (304, b"")
