"""Questions to OpenAI on the shortest way: somebody on the phone waits while one is sent.

The official client and the HTTP library below it take a millisecond to make a request, and a tenth for each word that is read. So a question goes
out by aiohttp itself (which the client sends with, too), with the client's address, key and headers, and its events are read here. Whatever goes
wrong before the answer begins is the client's: it asks once more, and its errors are what is reported.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx2
import openai
from aiohttp.http import HttpProcessingError
from yarl import URL

from providers.openai_client import CONNECT_S, KEEP_ALIVE_S, MOST_CONNECTIONS, READ_S

#: A JSON object.
Fields = dict[str, Any]

#: Answers after which the same question may be answered a moment later.
PASSES = frozenset({408, 409, 429})
BACK_OFF_S = 0.4
#: How long the end of a body may take behind its last event. Without it the connection is not used again.
END_WITHIN_S = 0.1


class Events:
    """The events of one answer, as the JSON that they are (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[Any]:
        rest, data = b"", b""
        async for chunk in self._response.content.iter_any():
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                if line.startswith(b"data:"):
                    data += line[5:] + b"\n"
                elif data and line in (b"", b"\r"):
                    text, data = data.decode(errors="replace").strip(), b""
                    if text.startswith("[DONE]"):
                        await self._end()
                        return
                    yield json.loads(text)

    async def _end(self) -> None:
        with suppress(TimeoutError, aiohttp.ClientError, HttpProcessingError):
            async with asyncio.timeout(END_WITHIN_S):
                await self._response.content.read()

    async def close(self) -> None:
        """Breaks the answer off, if it is not whole."""
        self._response.close()


class Questions:
    """Asks what is answered in events.

    Args:
        client: the official one. Where a proxy is set in the environment it asks everything.
    """

    def __init__(self, client: openai.AsyncOpenAI) -> None:
        self._client = client
        self._base = URL(str(client.base_url))
        self._session: aiohttp.ClientSession | None = None
        proxies = getproxies()
        self._proxied = bool({"all", self._base.scheme} & proxies.keys()) and not proxy_bypass(self._base.host or "")

    async def warm(self) -> None:
        """Opens a connection. Whether the key is good the client finds out."""
        if not self._proxied:
            with suppress(aiohttp.ClientError, HttpProcessingError):
                async with self._opened().get(self._base / "models") as response:
                    await response.read()

    async def close(self) -> None:
        """Closes the connections."""
        if self._session is not None:
            await self._session.close()

    async def ask(self, path: str, body: Fields) -> Events | openai.AsyncStream[object]:
        """Sends a request as the API has it; gives the events of the answer as the API writes them. Raises what the client raises."""
        response = None if self._proxied else await self._sent(path, body)
        if response is not None and response.status == 200:
            return Events(response)
        if response is not None:
            response.close()
            if response.status in PASSES or response.status >= 500:
                await asyncio.sleep(BACK_OFF_S)
        client = self._client if self._proxied else self._client.with_options(max_retries=0)
        # Its named methods first walk through every message and tool to find types that need no change here.
        return await client.post(path, body=body, cast_to=object, stream=True, stream_cls=openai.AsyncStream[object])

    async def _sent(self, path: str, body: Fields) -> aiohttp.ClientResponse | None:
        """The head of the answer; None where none came."""
        data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        try:
            return await self._opened().post(self._base / path, data=data)
        except (aiohttp.ClientError, HttpProcessingError):
            return None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            named = {**self._client.default_headers, **self._client.auth_headers, "Accept-Encoding": "identity"}
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=MOST_CONNECTIONS, keepalive_timeout=KEEP_ALIVE_S, ssl=httpx2.create_ssl_context()),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={name: value for name, value in named.items() if isinstance(value, str)},
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S, sock_read=READ_S),
            )
        return self._session
