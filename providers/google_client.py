"""What Google's hearing and speaking have in common: the way to their endpoint, and what their errors mean."""

from __future__ import annotations

import asyncio
from typing import Any

import google.auth
import grpc
from google.api_core import exceptions as google_errors
from google.auth import exceptions as auth_errors

from providers.types import ProviderError

SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
CONNECT_TIMEOUT_S = 5.0
#: Asking again with the same key, project and configuration gives the same answer.
PERMANENT = (
    google_errors.InvalidArgument,
    google_errors.PermissionDenied,
    google_errors.Unauthenticated,
    google_errors.NotFound,
    google_errors.MethodNotImplemented,
    google_errors.FailedPrecondition,
)
#: All that their clients raise; `ERRORS` is what callers catch.
ERRORS = (google_errors.GoogleAPICallError, auth_errors.GoogleAuthError, grpc.RpcError, grpc.aio.UsageError)


def provider_error(what: str, error: BaseException) -> ProviderError:
    """Our error for theirs. Their text stays out of it: it may quote what was said."""
    permanent = isinstance(error, (*PERMANENT, auth_errors.DefaultCredentialsError))
    hint = ""
    if isinstance(error, auth_errors.DefaultCredentialsError):
        hint = " (set GOOGLE_APPLICATION_CREDENTIALS to the key file of a service account)"
    return ProviderError(f"{what}: {type(error).__name__}{hint}", permanent=permanent)


class GoogleConnection:
    """One warm channel per process and service.

    Args:
        endpoint: "host:port" of a stand-in, dialled without TLS; empty for Google's own with default credentials.
        client_class: the service's asynchronous client.
        transport_class: its gRPC transport.
        host: Google's own, where it is not the service's usual one.
    """

    def __init__(self, endpoint: str, client_class: Any, transport_class: Any, *, host: str = "") -> None:
        self._endpoint = endpoint
        self._host = {"host": host} if host else {}
        self._client_class = client_class
        self._transport_class = transport_class
        self._client: Any = None
        self._opening = asyncio.Lock()

    async def client(self) -> Any:
        """The service's client, made when first asked for."""
        async with self._opening:
            if self._client is None:
                try:
                    self._client = self._client_class(transport=await self._transport())
                except ERRORS as error:
                    raise provider_error("google", error) from error
        return self._client

    async def _transport(self) -> Any:
        if self._endpoint:
            return self._transport_class(channel=grpc.aio.insecure_channel(self._endpoint))
        # Reading credentials may ask a metadata server: not on the event loop.
        credentials, _ = await asyncio.to_thread(google.auth.default, scopes=SCOPES)
        return self._transport_class(credentials=credentials, **self._host)

    async def warm(self) -> None:
        """Connects now, so that the first call does not wait for the handshake."""
        client = await self.client()
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                await client.transport.grpc_channel.channel_ready()
        except TimeoutError:
            raise ProviderError("google: no connection") from None

    async def close(self) -> None:
        """Lets go of the channel."""
        async with self._opening:
            client, self._client = self._client, None
            if client is not None:
                await client.transport.close()
