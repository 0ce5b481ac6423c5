"""Staff who said why they look."""

from __future__ import annotations

from django.test import Client

REASON = "Weekly review of quality"


def having_said_why(client: Client) -> Client:
    """The same client, signed in as staff, with a reason given as on the page."""
    assert client.post("/staff/reason/", {"reason": REASON}).status_code == 303
    return client
