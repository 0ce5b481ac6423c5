from datetime import UTC, datetime

import pytest

from sandbox.twilio import wire
from sandbox.twilio.webhooks import HostMap, Overrides, WebhookError


def test_dates_as_the_official_client_reads_them():
    assert wire.rfc2822(datetime(2010, 8, 31, 20, 36, 28, tzinfo=UTC)) == "Tue, 31 Aug 2010 20:36:28 +0000"


@pytest.mark.parametrize(("body", "parts"), [("", 1), ("a" * 160, 1), ("a" * 161, 2), ("€" * 80, 1), ("€" * 81, 2), ("ж" * 70, 1), ("ж" * 71, 2)])
def test_segments_of_a_text(body, parts):
    assert wire.segments(body) == parts


def test_public_names_are_dialled_where_they_lie_and_nothing_else_is():
    hosts = HostMap({"floyd.sandbox": "127.0.0.1:8000"})
    assert hosts.local("https://floyd.sandbox/a?b=c#rc=3") == "http://127.0.0.1:8000/a?b=c"
    assert hosts.local("wss://floyd.sandbox/media") == "ws://127.0.0.1:8000/media"
    assert hosts.local("http://localhost:9/x") == "http://localhost:9/x"
    with pytest.raises(WebhookError):
        hosts.local("https://example.com/")


def test_connection_overrides_of_an_address():
    assert Overrides.of("") == Overrides(1, False, False)
    assert Overrides.of("rc=3&rp=all") == Overrides(3, True, True)
    assert Overrides.of("rc=99&rt=500").retries == 5
    assert Overrides.of("nonsense").retries == 1
