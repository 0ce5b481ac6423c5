"""Who may open a media stream."""

import pytest
import websockets

from calls.lines import carrier_line, drain
from tests.calls.lines.scene import NODE, until


@pytest.mark.parametrize("changes", [{"signature": "forged"}, {"signature": ""}, {"signed_url": "wss://elsewhere.test/media"}])
async def test_a_wrong_signature_is_refused_before_anything_happens(carrier, call_row, changes):
    with pytest.raises(websockets.InvalidStatus) as refusal:
        async with carrier(**changes):
            pass
    assert refusal.value.response.status_code == 403
    assert (await call_row())["token_used_at"] is None


async def test_the_carriers_habit_of_adding_a_slash_is_tolerated(carrier, ended):
    async with carrier(signed_url=f"{NODE}/media/") as phone:
        await until(lambda: phone.played_ms > 0)
        await phone.hang_up()
        await ended()


@pytest.mark.parametrize(
    "changes",
    [
        {"token": "wrong"},
        {"token": ""},
        {"call_id": "7"},
        {"call_id": "0199aaaa-0000-7000-8000-00000000000a"},
        {"account_sid": "AC" + "b" * 32},
        {"call_sid": "CA" + "e" * 32},
    ],
)
async def test_a_stream_that_cannot_say_whose_it_is_is_closed(carrier, kit, call_row, changes):
    async with carrier(**changes) as phone:
        await until(lambda: phone.closed is not None)
    assert phone.closed == 1008
    assert (await call_row())["token_used_at"] is None
    assert kit.speaker.spoken == []
    assert drain.active_calls() == 0


async def test_a_token_opens_one_stream(carrier, ended):
    async with carrier() as first:
        await until(lambda: first.played_ms > 0)
        async with carrier() as second:
            await until(lambda: second.closed is not None)
        assert second.closed == 1008
        assert first.closed is None
        await first.hang_up()
        await ended()


async def test_a_stream_that_never_starts_is_closed(carrier, monkeypatch):
    monkeypatch.setattr(carrier_line, "START_WITHIN_S", 0.1)
    async with carrier(start=False) as phone:
        await until(lambda: phone.closed is not None)
    assert phone.closed == 1008


async def test_a_full_node_refuses_the_handshake_and_counts_it(carrier, settings):
    settings.MAX_CALLS_PER_NODE = 0
    before = drain.refused
    with pytest.raises(websockets.InvalidStatus):
        async with carrier():
            pass
    assert drain.refused == before + 1
