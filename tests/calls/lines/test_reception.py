"""A call that came in, on the real socket: greeting, turns, a tool in a thread, keys, and the rows that are left behind."""

import dataclasses
import json
import time
import uuid

import pytest
from asgiref.sync import sync_to_async

from calls.conversation.events import ToolFinished
from calls.lines import away, lasting, tool_runs, warm
from calls.models import REALTIME, Call, Direction
from calls.status import CallStatus
from tests.calls.conversation.reception.greenhouse import GREETING, PLACED, brief
from tests.calls.lines.fakes import tool
from tests.calls.lines.scene import CALL_SID, until
from tests.calls.lines.talker import FakeTalker


class FakeUseCases:
    def __init__(self):
        self.wishes, self.hand_offs, self.answer, self.given_up = [], [], {}, []

    def run_tool(self, wish):
        self.wishes.append(wish)
        if wish.name == "place_order":
            raise ZeroDivisionError
        if wish.name == "opening_hours":
            time.sleep(0.2)
        return ToolFinished(wish.run_id, {"plants": ["rose"]}, **self.answer)

    def give_up(self, wish, result):
        self.given_up.append((wish.name, result["reason"]))
        return True

    def hand_off(self, call_id, code, summary):
        self.hand_offs.append((call_id, code, summary))


@pytest.fixture
def use_cases(monkeypatch):
    made = FakeUseCases()
    monkeypatch.setattr(tool_runs, "_use_cases", made)
    return made


@pytest.fixture
def placed(transactional_db) -> Call:
    """Dana rings the greenhouse."""
    call = Call.objects.create(
        id=uuid.uuid4(),
        direction=Direction.INBOUND,
        number="+15195550177",
        status=CallStatus.RINGING,
        carrier_sid=CALL_SID,
        brief=brief().to_json(),
    )
    call.refresh_from_db()
    return call


async def test_a_whole_call_with_a_tool_a_failing_one_and_a_goodbye(carrier, kit, use_cases, ended, transcript, placed):
    kit.thinker.script = [
        [tool("list_plants", sort="all"), tool("place_order", what="rose")],
        "We have roses, but I can't order one now.",
        [tool("end_call", farewell="Goodbye.")],
    ]
    async with carrier() as phone:
        await until(lambda: kit.speaker.spoken[:1] == [GREETING])

        async def greeted():
            return ("floyd", GREETING) in await transcript()

        await until(greeted)
        kit.recognizer.says("Do you have roses? I'd like one.")
        await until(lambda: len(kit.thinker.asked) == 2)
        results = [json.loads(message["content"]) for message in kit.thinker.asked[1][0] if message["role"] == "tool"]
        assert results[0] == {"ok": True, "plants": ["rose"]}
        assert (results[1]["ok"], results[1]["reason"]) == (False, "failed")
        await until(lambda: any("can't order" in text for text in kit.speaker.spoken))
        kit.recognizer.says("Too bad. That was all, thanks.")
        row = await ended()
        await until(lambda: phone.closed is not None)
    assert [wish.name for wish in use_cases.wishes] == ["list_plants", "place_order"]
    assert len({wish.key for wish in use_cases.wishes}) == 2
    assert (row["end_reason"], row["direction"], row["request_id"]) == ("finished", "inbound", None)
    assert row["disclosure_played_at"]
    assert (await transcript())[0] == ("floyd", GREETING)


async def test_a_key_runs_its_tool_and_a_hand_off_is_written_down_before_the_end(carrier, kit, use_cases, ended, placed, transcript):
    use_cases.answer = {"say": "I'll put you through.", "hand_off": ("legal", "A contract.")}
    async with carrier() as phone:

        async def greeted():
            return ("floyd", GREETING) in await transcript()

        await until(greeted)
        await phone.send({"event": "dtmf", "dtmf": {"track": "inbound_track", "digit": "1"}})
        row = await ended()
    assert row["end_reason"] == "handed_off"
    assert use_cases.hand_offs == [(placed.pk, "legal", "A contract.")]
    assert "I'll put you through." in kit.speaker.spoken


def offered(question):
    """Names of the tools of a question to the model."""
    return [one["function"]["name"] for one in question[1]]


async def test_what_a_tool_changes_holds_for_the_next_question_and_the_next_key(carrier, kit, use_cases, ended, greeted):
    use_cases.answer = {"changes": PLACED}
    kit.thinker.script = [tool("list_plants"), "It is placed."]
    async with carrier() as phone:
        await greeted()
        kit.recognizer.says("One rose, please.")
        await until(lambda: "It is placed." in kit.speaker.spoken)
        await phone.send({"event": "dtmf", "dtmf": {"track": "inbound_track", "digit": "1"}})
        await until(lambda: "We open at nine." in kit.speaker.spoken)
        await phone.hang_up()
        await ended()
    before, after = kit.thinker.asked
    assert "place_order" in offered(before) and offered(after) == ["opening_hours", "end_call"]
    assert "The order is placed." in after[0][0]["content"] and "The order is placed." not in before[0][0]["content"]
    assert kit.speaker.spoken.count(GREETING) == 1 and [wish.name for wish in use_cases.wishes] == ["list_plants"]


async def test_a_model_that_speaks_is_told_what_a_tool_changed(carrier, kit, use_cases, ended, placed, transcript, greeted, monkeypatch):
    await sync_to_async(Call.objects.filter(pk=placed.pk).update)(line=REALTIME)
    use_cases.answer = {"changes": PLACED}
    talker = FakeTalker([tool("list_plants")], "It is placed.")
    monkeypatch.setattr(warm, "_kit", dataclasses.replace(kit, talker=talker))

    async def placed_it():
        return ("floyd", "It is placed.") in await transcript()

    async with carrier() as phone:
        await greeted()
        talker.session.says("One rose, please.")
        await until(placed_it)
        await phone.send({"event": "dtmf", "dtmf": {"track": "inbound_track", "digit": "1"}})
        await until(lambda: "We open at nine." in kit.speaker.spoken)
        await phone.hang_up()
        await ended()
    (before, tools), (after, fewer) = talker.session.told("configure")
    assert "place_order" in tools and fewer == ["opening_hours", "end_call"]
    assert "The order is placed." in after and "The order is placed." not in before
    told = [command[0] for command in talker.session.done if command[0] in ("configure", "result", "reply")]
    assert told == ["configure", "reply", "configure", "result", "reply"], "before the reply to the tool's result"


@pytest.fixture
def greeted(transcript):
    """Until the greeting was heard to its end."""

    async def heard():
        return ("floyd", GREETING) in await transcript()

    return lambda: until(heard)


@pytest.fixture
def broken(rows):
    """Until a call whose stream broke can be gone on with."""

    async def free():
        return lasting.broken and not await rows("select 1 from calls_call where token_used_at is not null")

    return lambda: until(free)


async def test_a_stream_that_breaks_goes_on_in_the_next(carrier, kit, use_cases, ended, transcript, greeted, broken, call_row):
    kit.thinker.script = ["We have roses and tulips and ferns of all colours.", "Goodbye then."]

    async def said_whole():
        return any(text.endswith("of all colours.") for _, text in await transcript())

    async with carrier() as phone:
        await greeted()
        kit.speaker.ms_per_word = 2_000
        before_ms = phone.played_ms
        kit.recognizer.says("What do you have?")
        await until(lambda: phone.played_ms > before_ms)
        await phone.cut()
        await broken()
    kit.speaker.ms_per_word = 30
    async with carrier(stream_sid="MZ" + "2" * 32) as phone:
        await until(said_whole)
        kit.recognizer.says("That was all.")
        await until(lambda: "Goodbye then." in kit.speaker.spoken)
        assert (await call_row())["status"] == "in_progress"
        assert {message["streamSid"] for message in phone.received} == {"MZ" + "2" * 32}
        await phone.hang_up()
        row = await ended()
    assert (row["end_reason"], row["error"]) == ("callee_hung_up", "")
    lines = await transcript()
    assert [text for speaker, text in lines if speaker == "callee"] == ["What do you have?", "That was all."]
    assert GREETING not in [text for _, text in lines[1:]]
    assert not lasting.broken


async def test_a_stream_that_breaks_over_the_greeting_greets_again(carrier, kit, use_cases, ended, transcript, greeted, broken):
    kit.speaker.ms_per_word = 200
    async with carrier() as phone:
        await until(lambda: phone.played_ms > 0)
        await phone.cut()
        await broken()
    async with carrier() as phone:
        await greeted()
        await phone.hang_up()
        row = await ended()
    assert phone.played_ms >= 200 * len(GREETING.split()), "all of it was said on the second stream"
    assert row["disclosure_played_at"]


async def test_a_stream_that_nobody_goes_on_with_is_a_lost_line(carrier, kit, use_cases, ended, greeted, monkeypatch):
    monkeypatch.setattr(away, "BACK_WITHIN_S", 0.1)
    async with carrier() as phone:
        await greeted()
        await phone.cut()
        row = await ended()
    assert row["end_reason"] == "line_lost"
    assert row["error"].startswith("stream: socket closed")


async def test_a_model_that_speaks_receives_callers_too(carrier, kit, use_cases, ended, placed, transcript, monkeypatch):
    await sync_to_async(Call.objects.filter(pk=placed.pk).update)(line=REALTIME)
    talker = FakeTalker([tool("list_plants", sort="all")], "We have roses.", [tool("end_call", farewell="Goodbye.")])
    monkeypatch.setattr(warm, "_kit", dataclasses.replace(kit, talker=talker))
    async with carrier():

        async def greeted():
            return ("floyd", GREETING) in await transcript()

        async def answered():
            return ("floyd", "We have roses.") in await transcript()

        await until(greeted)
        talker.session.says("Do you have roses?")
        await until(answered)
        talker.session.says("Thank you, that was all.")
        row = await ended()
    ((tool_id, output),) = talker.session.told("result")
    assert tool_id == "call_list_plants" and json.loads(output) == {"ok": True, "plants": ["rose"]}
    assert row["end_reason"] == "finished" and row["disclosure_played_at"]
    assert kit.thinker.asked == [] and len(kit.recognizer.opened) == 1, "only while the greeting was said"
