"""What a request asked the database with is closed behind it: its thread is gone, and nobody else could."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.db import connection
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

from floyd_site.request_connections import RequestConnections

pytestmark = pytest.mark.django_db(transaction=True)
opened: list[Any] = []


def asks(_request: Any) -> HttpResponse:
    """A page that reads something."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    opened.append(connection.connection)
    return HttpResponse("1")


urlpatterns = [path("asks/", asks)]
SCOPE: dict[str, Any] = {"type": "http", "method": "GET", "path": "/asks/", "query_string": b"", "headers": [(b"host", b"testserver")]}


async def request(application: Any) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []
    messages = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Any:
        return messages.pop() if messages else await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    await application(SCOPE, receive, send)
    return sent


@override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[])
async def test_the_connection_of_a_request_is_closed_behind_it():
    opened.clear()
    handler = ASGIHandler()
    for _ in range(3):
        assert (await request(RequestConnections(handler)))[0]["status"] == 200
    assert len(opened) == 3 and all(one.closed for one in opened)


@pytest.mark.parametrize("error", [RuntimeError, asyncio.CancelledError])
async def test_so_is_that_of_one_that_broke_off(error):
    opened.clear()

    async def breaks(_scope: Any, _receive: Any, _send: Any) -> None:
        await sync_to_async(asks)(None)
        raise error

    with suppress(error):
        await request(RequestConnections(breaks))
    assert len(opened) == 1 and opened[0].closed
