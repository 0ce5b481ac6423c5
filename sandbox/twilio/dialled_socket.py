"""The carrier as a WebSocket client: dials the application, signed for the address exactly as the document has it."""

from __future__ import annotations

from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect

from sandbox.twilio.webhooks import HostMap, Webhooks

CONNECT_TIMEOUT_S = 5


async def dial(url: str, webhooks: Webhooks, hosts: HostMap) -> ClientConnection:
    """The open socket. Raises websockets.InvalidHandshake, TimeoutError, OSError or WebhookError."""
    address = urlsplit(hosts.local(url))
    return await connect(
        urlsplit(url)._replace(scheme="ws").geturl(),  # the public name in the Host header; where it is dialled says the host map
        host=address.hostname,
        port=address.port or 80,
        additional_headers={"X-Twilio-Signature": webhooks.signature(url, {})},
        user_agent_header="Twilio.TmeWs/1.0",
        compression=None,
        proxy=None,
        ping_interval=None,
        open_timeout=CONNECT_TIMEOUT_S,
        close_timeout=2,
    )
