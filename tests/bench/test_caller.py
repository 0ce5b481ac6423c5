"""The load client against a server whose latencies are known. Times are compared with what that server did, never with a clock's promise."""

import asyncio

import aiohttp
import pytest

from bench.caller import Caller, Target
from bench.load import run, summary
from tests.bench.reference import Reference

#: How far a busy test machine may be off, in ms; the point is to tell 300 from 120, not 300 from 301.
ROOM_MS = 90


async def hold(reference, *, seconds, **changes):
    runner, url = await reference.start()
    try:
        caller = Caller(Target(url, "CA" + "1" * 32, parameters={"call_id": "7"}, headers={"X-Twilio-Signature": "s"}), seed=1, **changes)
        async with aiohttp.ClientSession() as session:
            await caller.run(session, asyncio.get_running_loop().time() + seconds)
        return caller
    finally:
        await runner.cleanup()


async def test_answer_and_barge_in_are_timed_as_the_server_made_them(monkeypatch):
    monkeypatch.setattr("bench.caller.GREETING_WITHIN_S", 0.2)
    reference = Reference(reply_s=0.4, clear_s=0.15)
    caller = await hold(reference, seconds=14)
    assert not caller.counts.trouble
    assert len(caller.turns) >= 3
    for turn in caller.turns:
        assert turn.voice_to_voice_ms == pytest.approx(400, abs=ROOM_MS)
    spoken_over = [turn for turn in caller.turns if turn.over_reply]
    assert spoken_over
    for turn in spoken_over:
        assert turn.barge_in_ms == pytest.approx(150, abs=ROOM_MS)
    assert not any(turn.premature or turn.no_reply or turn.not_cleared for turn in caller.turns)
    assert caller.counts.holes_ms == []
    assert caller.counts.clears == len(spoken_over)
    # The reply that was cut returns its mark with the `clear`, as the carrier does.
    assert reference.marks[:2] == ["reply 1", "reply 2"]
    assert reference.starts[0]["customParameters"] == {"call_id": "7"}
    assert reference.headers[0]["X-Twilio-Signature"] == "s"


async def test_a_hole_in_a_reply_is_found_and_measured(monkeypatch):
    monkeypatch.setattr("bench.caller.GREETING_WITHIN_S", 0.2)
    caller = await hold(Reference(hole_s=0.2, pieces=10), seconds=5, speak_over=False)
    assert caller.counts.holes_ms
    assert caller.counts.holes_ms[0] == pytest.approx(200, abs=ROOM_MS)
    assert len(caller.counts.holes_ms) == caller.counts.replies


async def test_a_reply_into_the_callers_words_is_premature_and_not_fast(monkeypatch):
    monkeypatch.setattr("bench.caller.GREETING_WITHIN_S", 0.2)
    caller = await hold(Reference(cuts_in=True, pieces=5), seconds=4, speak_over=False)
    assert caller.turns[0].premature
    assert caller.turns[0].voice_to_voice_ms is None


async def test_a_reply_that_never_comes_is_counted(monkeypatch):
    monkeypatch.setattr("bench.caller.GREETING_WITHIN_S", 0.1)
    monkeypatch.setattr("bench.caller.NO_REPLY_AFTER_S", 0.5)
    caller = await hold(Reference(answers=False), seconds=2, speak_over=False)
    assert caller.turns[0].no_reply
    assert summary([caller])["voice_to_voice_ms"] == {"n": 0}


async def test_a_server_that_is_not_there_is_trouble_and_no_result():
    result = await run([Target("ws://127.0.0.1:9/media", "CA" + "0" * 32)], seconds=0.1, pids={})
    assert result["turns"] == 0
    assert sum(result["trouble"].values()) == 1
