"""A sample of the profiler counts for the part of the work that was going on, not for how the process was started."""

import pytest

from bench.shares import part_of, shares

STARTED = "<module> (floyd_site/serve.py:122);Server.run (uvicorn/server.py:86);Runner.run (asyncio/runners.py:118)"


@pytest.mark.parametrize(
    ("above", "part"),
    [
        ("", "event loop"),
        (";read (calls/lines/media_stream.py:160);decode (calls/telephony/media_messages.py:81)", "carrier's messages"),
        (";read (calls/lines/media_stream.py:169);take_audio (calls/lines/sound.py:70);frame (calls/speech/turns.py:111)", "turn taking"),
        (";_requests (providers/google_speech.py:158);_write (grpc/aio/_call.py:500)", "recognition and voice (gRPC)"),
        (";line (calls/lines/store.py:112);execute (psycopg/connection_async.py:530)", "database"),
        (";broadcast (calls/lines/store.py:106);execute_command (redis/asyncio/client.py:871)", "live updates"),
    ],
)
def test_a_stack_belongs_to_what_stands_on_top_of_it(above, part):
    assert part_of(STARTED + above) == part


def test_shares_leave_out_threads_that_wait_and_add_up():
    lines = [f"{STARTED} 3", f"{STARTED};decode (calls/telephony/media_messages.py:81) 1", "_worker (concurrent/futures/thread.py:81) 50"]
    assert shares(lines) == {"event loop": 0.75, "carrier's messages": 0.25}
