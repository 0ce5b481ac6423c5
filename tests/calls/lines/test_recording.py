"""A call that may be recorded, on the real socket: both sides as they were heard, from the announcement on; and nothing after an objection."""

import asyncio
import dataclasses

import pytest
from asgiref.sync import sync_to_async

from calls.conversation.disclosure import announced
from calls.lines import lasting, warm
from calls.models import REALTIME, Call
from tests.calls.lines.fakes import MS_PER_WORD, tool
from tests.calls.lines.scene import INTRODUCTION, OPENING, brief, until
from tests.calls.lines.talker import FakeTalker

ANNOUNCED = announced(INTRODUCTION, "en-US")
REPLY = "She will be back on Monday, I think."
#: What the fake voice and the fake carrier's voice are made of.
FLOYD, THEM = 0x7F, 0x90
SLACK_MS = 60


@pytest.fixture
def recorded(placed):
    """The call may be recorded."""
    Call.objects.filter(pk=placed.pk).update(brief=brief(introduction=ANNOUNCED, recorded=True).to_json())
    return placed


@pytest.fixture
def kept(rows):
    """Both sides, as far as they are kept."""

    async def read():
        chunks = await rows("select * from calls_soundchunk order by id")
        return b"".join(bytes(chunk["theirs"]) for chunk in chunks), b"".join(bytes(chunk["ours"]) for chunk in chunks)

    return read


def spoken_ms(text):
    return MS_PER_WORD * len(text.split())


async def test_what_both_said_is_kept_from_the_announcement_on(carrier, recorded, opened, kit, ended, kept, call_row, transcript):
    kit.thinker.script = [[REPLY, tool("end_call", result="goal_reached", farewell="Goodbye.")]]
    async with carrier() as phone:
        phone.voice = True
        kit.recognizer.says("Hello, Brock Road School.")
        await opened()
        assert (await call_row())["recording"] == "on"
        kit.recognizer.says("When will she be back?")
        phone.voice = False
        row = await ended()
    theirs, ours = await kept()
    assert row["recording"] == "on" and len(theirs) == len(ours)
    said = [text for speaker, text in await transcript() if speaker == "floyd"]
    assert said[0] == ANNOUNCED and OPENING in said
    assert abs(ours.count(FLOYD) / 8 - sum(spoken_ms(text) for text in said[1:])) <= SLACK_MS  # and nothing of the introduction
    assert THEM in theirs
    assert ("system", "Recording began.") in await transcript()


async def test_words_that_were_never_heard_are_not_in_it(carrier, recorded, opened, kit, ended, kept):
    kit.thinker.script = ["This is a very long reply that nobody will ever hear to its end because somebody speaks over it right away.", "Sure."]
    async with carrier() as phone:
        kit.recognizer.says("Hello?")
        await opened()
        kit.speaker.ms_per_word = 250
        kit.recognizer.says("What is it about?")
        await until(lambda: any("very long reply" in text for text in kit.speaker.spoken))
        await asyncio.sleep(0.8)
        phone.voice = True
        kit.recognizer.says("Sorry, hold on, what did you say?", final=False)
        await until(lambda: phone.clears == 1)
        heard_ms = phone.played_ms
        await phone.hang_up()
        await ended()
    _, ours = await kept()
    assert abs(ours.count(FLOYD) / 8 - (heard_ms - spoken_ms(ANNOUNCED))) <= 3 * SLACK_MS


async def test_who_objects_is_not_recorded_and_nothing_is_left(carrier, recorded, opened, kit, ended, rows, kept, call_row):
    async with carrier() as phone:
        kit.recognizer.says("Hello, Brock Road School.")
        await opened()
        kit.recognizer.says("Please don't record this call.")

        async def refused():
            return (await call_row())["recording"] == "refused"

        await until(refused)
        await until(lambda: any("nothing of it is kept" in text for text in kit.speaker.spoken))
        await asyncio.sleep(0.3)
        await phone.hang_up()
        row = await ended()
    assert await kept() == (b"", b"")
    assert row["brief"]["recorded"] is False  # nor by another process that goes on with the call


async def test_a_call_that_may_not_be_recorded_is_not(carrier, opened, kit, ended, kept):
    async with carrier() as phone:
        kit.recognizer.says("Hello?")
        await opened()
        await phone.hang_up()
        row = await ended()
    assert await kept() == (b"", b"") and row["recording"] == ""


async def test_what_comes_before_a_break_and_after_it_lie_apart(carrier, recorded, opened, kit, ended, rows):
    async def free():
        return lasting.broken and not await rows("select 1 from calls_call where token_used_at is not null")

    async with carrier() as phone:
        kit.recognizer.says("Hello?")
        await opened()
        await phone.cut()
        await until(free)
    await asyncio.sleep(1.2)
    async with carrier(stream_sid="MZ" + "2" * 32) as phone:
        await asyncio.sleep(0.5)
        await phone.hang_up()
        await ended()
    chunks = await rows("select * from calls_soundchunk order by id")
    assert len(chunks) == 2 and chunks[1]["lost_ms"] >= 1_000
    assert chunks[1]["start_ms"] >= chunks[0]["start_ms"] + len(chunks[0]["theirs"]) // 8 + 1_000


async def test_on_a_realtime_line_too(carrier, recorded, opened, kit, ended, kept, transcript, monkeypatch):
    talker = FakeTalker()
    monkeypatch.setattr(warm, "_kit", dataclasses.replace(kit, talker=talker))
    await sync_to_async(Call.objects.filter(pk=recorded.pk).update)(line=REALTIME)
    talker.session.script = [[REPLY, tool("end_call", result="goal_reached", farewell="Goodbye.")]]
    async with carrier() as phone:
        phone.voice = True
        kit.recognizer.says("Hello?")
        await opened()
        phone.voice = False
        talker.session.says("When will she be back?")
        await ended()
    theirs, ours = await kept()
    assert (REPLY in [text for speaker, text in await transcript() if speaker == "floyd"]) or "Goodbye." in str(await transcript())
    assert len(theirs) == len(ours) and THEM in theirs
    assert sum(byte != 0xFF for byte in ours) / 8 >= spoken_ms(OPENING) + spoken_ms(REPLY) - SLACK_MS
