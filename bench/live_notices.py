"""What it costs to tell pages of a change: CPU and time of the media process per version of a transcript line, its row included.

`SECRET_KEY=x python -m floyd_site.embedded --temporary -- python -m bench.live_notices` fills a throw-away database; prints µs.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "floyd_site.settings")
CHANGES = int(os.environ.get("BENCH_CHANGES", "1000"))
ROUNDS = 5
WATCH = "update live_topic set watched_until = now() + interval '1 hour' where name = any(%s)"


def main() -> int:
    """Fills, measures, prints."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from floyd_site.commands.bench_calls import make_calls

    settings.TWILIO_AUTH_TOKEN = "the bench's"
    call_command("migrate", verbosity=0)
    [call] = make_calls(1)
    asyncio.run(_measure(call))
    return 0


async def _measure(call: dict[str, Any]) -> None:
    from bench.claimed_call import claim_call

    claimed = await claim_call(call)
    print("watched by nobody             CPU {:5.0f} µs   took {:5.0f} µs".format(*await _per_change(claimed.store)))
    async with claimed.connections.lease() as connection:
        await connection.execute(WATCH, [[f"call.{claimed.call.call_id}", f"request.{claimed.call.request_id}"]])
    print("told all the same, to nobody  CPU {:5.0f} µs   took {:5.0f} µs".format(*await _per_change(claimed.store)))
    await claimed.connections.close()


async def _per_change(store: Any) -> tuple[float, float]:
    """CPU and time per change, in the best of some rounds."""
    from calls.conversation.effects import SaveLine

    best = (float("inf"), float("inf"))
    for _ in range(ROUNDS):
        cpu, began = time.process_time(), time.perf_counter()
        for number in range(CHANGES):
            await store.line(SaveLine(1, "callee", f"word {number}", 0, number, final=False))
        best = min(best, ((time.process_time() - cpu) / CHANGES * 1e6, (time.perf_counter() - began) / CHANGES * 1e6))
    return best


if __name__ == "__main__":
    sys.exit(main())
