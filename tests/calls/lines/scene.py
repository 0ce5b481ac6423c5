"""Who calls whom in the tests of the media line, and how long to wait for it."""

from __future__ import annotations

import asyncio

from calls.conversation.brief import CallBrief, SharedFact

NODE = "wss://media.test"
OPENING = "Mara Redmond in grade 3 is sick and stays home today."
CALL_SID = "CA" + "c" * 32
STREAM_SID = "MZ" + "d" * 32
INTRODUCTION = "Hi, this is Floyd, an AI assistant calling for Tom Redmond."


def brief(**changes) -> CallBrief:
    fields = {
        "user_name": "Tom Redmond",
        "callee_name": "Brock Road School",
        "kind": "inform",
        "goal": "Tell Brock Road School that Mara Redmond is sick today.",
        "introduction": INTRODUCTION,
        "opening_line": OPENING,
        "success": "The school has noted it.",
        "today": "Saturday, 21 November 2026",
        "facts": (SharedFact("fact:3", "Mara goes to Brock Road School, grade 3, teacher Ms. Lind"),),
    }
    return CallBrief(**(fields | changes))


async def until(condition, seconds=60.0):
    async with asyncio.timeout(seconds):
        while not (await condition() if asyncio.iscoroutinefunction(condition) else condition()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
