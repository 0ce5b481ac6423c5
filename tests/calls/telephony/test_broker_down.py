"""With Redis gone, calls go on: webhooks are answered, and only hints and broadcasts are lost."""

import time

import celery
import pytest
from channels.layers import channel_layers

from calls.status import CallStatus
from live.rows import watch
from tests.calls.conftest import call_at, callback, status_form

pytestmark = pytest.mark.django_db(transaction=True)

SEND_TASK = celery.Celery.send_task
SID = "CA" + "1" * 32


@pytest.fixture
def no_redis(settings, monkeypatch) -> None:
    """Nobody listens where Redis was."""
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": ["unix:///nowhere/valkey.sock"]}}}
    channel_layers.backends = {}
    dead = celery.Celery("dead", broker="redis+socket:///nowhere/valkey.sock?virtual_host=0", set_as_current=False)
    dead.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    # Undoes what records hints in other tests: here the real thing has to fail.
    monkeypatch.setattr("celery.Celery.send_task", SEND_TASK)
    monkeypatch.setattr("requests_app.hints.current_app", dead)
    monkeypatch.setattr("requests_app.hints._quiet_until", 0.0)


@pytest.mark.usefixtures("no_redis")
def test_webhooks_are_answered_and_processed_without_redis(tom):
    call = call_at(tom, CallStatus.SENDING)
    watch([f"call.{call.pk}", f"request.{call.request_id}"])
    callback("/twilio/status", {"CallSid": SID})  # the first request of a process imports things
    took_ms = []
    for seq, status in enumerate(["initiated", "ringing", "in-progress", "completed"]):
        began = time.monotonic()
        assert callback(f"/twilio/status/{call.pk}", status_form(SID, status, seq)).status_code == 204
        took_ms.append((time.monotonic() - began) * 1000)
    call.refresh_from_db()
    assert call.status == CallStatus.COMPLETED
    # Far above what it takes on a busy machine, far below what the carrier waits for: with the broker's own defaults it was six seconds.
    assert max(took_ms) < 3000, took_ms
