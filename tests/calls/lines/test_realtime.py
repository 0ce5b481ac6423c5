"""A call whose model hears and speaks itself, on the real socket: what reaches the phone, what the model is told, and the rows left behind."""

from __future__ import annotations

import dataclasses
import json
from contextlib import asynccontextmanager

import pytest
from asgiref.sync import sync_to_async

from calls.lines import lasting, warm
from calls.lines.talk import FAILED, MACHINE
from calls.models import REALTIME, Call
from providers.types import ProviderError
from tests.calls.lines.fakes import tool
from tests.calls.lines.scene import INTRODUCTION, OPENING, brief, until
from tests.calls.lines.talker import FakeTalker

FAREWELL = tool("end_call", result="goal_reached", farewell="Thank you, goodbye.")
LONG = "This is a very long reply that nobody will ever hear to its end because somebody speaks over it right away."


@pytest.fixture
async def talker(kit, placed, monkeypatch) -> FakeTalker:
    made = FakeTalker()
    monkeypatch.setattr(warm, "_kit", dataclasses.replace(kit, talker=made))
    await sync_to_async(Call.objects.filter(pk=placed.pk).update)(line=REALTIME)
    return made


@pytest.fixture
def long_reply(carrier, opened, kit, talker, rows):
    """A call in which the model says LONG, slowly, up to where it begins to be heard. `then`: its next replies."""

    @asynccontextmanager
    async def call(*then):
        talker.session.script = [LONG, *then]
        async with carrier() as phone:
            kit.recognizer.says("Hello?")
            await opened()
            talker.session.ms_per_word = 250
            talker.session.says("What is it about?")
            before = phone.played_ms

            async def begun():
                return await rows("select 1 from calls_transcriptline where intended like 'This is a very long%%'")

            await until(begun)
            await until(lambda: phone.played_ms > before + 1_000)
            yield phone

    return call


@pytest.fixture
def free(rows):
    """Whether the call's stream broke, and another one may take its place."""

    async def free():
        return lasting.broken and not await rows("select 1 from calls_call where token_used_at is not null")

    return free


async def test_a_whole_call_is_heard_and_answered_by_the_model_itself(carrier, opened, kit, talker, ended, transcript, rows):
    session = talker.session
    session.script = [["I don't know when she will be back, sorry.", FAREWELL]]
    async with carrier() as phone:
        kit.recognizer.says("Hello, Brock Road School.")
        await opened()
        session.says("Okay, I will note it. When will she be back?")
        row = await ended()
        await until(lambda: phone.closed is not None)
    said = [text for _, text in await transcript()]
    assert said[:4] == ["Hello, Brock Road School.", INTRODUCTION, OPENING, "Okay, I will note it. When will she be back?"]
    assert " ".join(said[4:]).endswith("I don't know when she will be back, sorry. Thank you, goodbye.")
    assert row["end_reason"] == "goal_reached" and row["disclosure_played_at"] and not row["error"]
    assert len(kit.recognizer.opened) == 1 and kit.thinker.asked == [], "behind the hello nobody else heard or thought"
    assert json.loads(session.told("was_heard")[0][0]) == {"callee": "Hello, Brock Road School."} and len(session.told("was_heard")) == 1
    assert "I don't know when" not in " ".join(kit.speaker.spoken), "its own sound was played"
    assert talker.opened[0]["voice"] == ""
    assert session.fed > 0 and "Brock Road School" in talker.opened[0]["hints"]
    (instructions, tools), *more = session.told("configure")
    assert "BRIEF" in instructions and "end_call" in tools and not more
    assert [text for (text,) in session.told("was_said")][:2] == [INTRODUCTION, OPENING]
    assert session.closed
    used = {(one["component"], one["what"]): one["quantities"] for one in row["usage"]}
    assert used["model", "talking-model"] == {
        "input_tokens": 20,
        "cached_tokens": 80,
        "output_tokens": 5,
        "audio_tokens": 40,
        "audio_output_tokens": 60,
    }
    assert used["recognition", "openai:writing-model"]["ms"] > 0


async def test_speaking_over_it_clears_the_line_and_the_model_is_told_what_was_heard(long_reply, talker, ended, rows):
    session = talker.session
    async with long_reply("Sure.") as phone:
        utterance = session.speaks()
        await until(lambda: phone.clears == 1)
        session.says("Sorry, hold on, what did you say?", utterance)
        await until(lambda: len(session.told("reply")) == 2)
        await phone.hang_up()
        await ended()
    ((item, heard_ms),) = session.told("truncate")
    assert 0 <= heard_ms < session.sound_ms[item] and item == "item-r1"
    assert [command[0] for command in session.done if command[0] in ("truncate", "reply")] == ["reply", "truncate", "reply"]
    (line,) = await rows("select * from calls_transcriptline where speaker = 'floyd' and intended like 'This is a very long%%'")
    assert len(line["text"]) < len(line["intended"])


async def test_a_noise_over_it_makes_it_go_on_in_its_own_voice(long_reply, kit, talker, ended, rows):
    session = talker.session
    async with long_reply() as phone:
        utterance = session.speaks()
        await until(lambda: phone.clears == 1)
        session.says("", utterance)

        async def heard_out():
            return await rows("select 1 from calls_transcriptline where final and text like '%%right away.'")

        await until(heard_out)
        await phone.hang_up()
        await ended()
    assert session.told("truncate") == [] and len(session.told("reply")) == 1
    assert "right away" not in " ".join(kit.speaker.spoken)


async def test_a_socket_that_dies_goes_on_in_the_next_with_the_same_session_and_the_same_voice(
    long_reply, carrier, free, kit, talker, ended, transcript, rows
):
    session = talker.session

    async def said_whole():
        return await rows("select 1 from calls_transcriptline where final and text = %s", LONG)

    async with long_reply(["Alright.", FAREWELL]) as phone:
        await phone.cut()
        await until(free)
        fed = session.fed
    assert fed and not session.closed
    async with carrier(stream_sid="MZ" + "2" * 32) as phone:
        await until(said_whole)
        session.ms_per_word = 30
        session.says("Thank you, bye.")
        row = await ended()
    assert (row["end_reason"], row["error"]) == ("goal_reached", "")
    texts = [text for _, text in await transcript()]
    assert texts.count(INTRODUCTION) == texts.count(LONG) == 1, "nothing is said twice that was heard"
    assert session.told("truncate") == [] and "right away" not in " ".join(kit.speaker.spoken), "the rest is its own sound"
    assert phone.played_ms < session.sound_ms["item-r1"] + 5_000 and len(talker.opened) == 1


@pytest.mark.parametrize("on_the_next", [False, True], ids=["while it is gone", "on the next"])
async def test_what_is_said_as_the_socket_dies_is_answered_on_the_next(carrier, opened, free, kit, talker, ended, transcript, on_the_next):
    """A service that goes by silence ends the utterance by what it is fed at the break; one that goes by what was said may want to hear more."""
    session = talker.session
    session.script = [["I don't know, sorry.", FAREWELL]]
    async with carrier() as phone:
        kit.recognizer.says("Hello?")
        await opened()
        utterance = session.speaks()
        await phone.cut()
        await until(free)
        if not on_the_next:
            session.says("When will she be back?", utterance)
            await until(lambda: session.told("reply"))
    fed = session.fed
    async with carrier(stream_sid="MZ" + "2" * 32):
        if on_the_next:
            await until(lambda: session.fed > fed)
            session.says("When will she be back?", utterance)
        row = await ended()
    assert row["end_reason"] == "goal_reached" and len(session.told("reply")) == 1
    said = [text for _, text in await transcript()]
    assert said.count("When will she be back?") == 1 and any("I don't know, sorry." in text for text in said)


@pytest.mark.parametrize("while_away", [True, False], ids=["opens meanwhile", "opens behind it"])
async def test_a_socket_that_dies_before_the_session_is_open_takes_nothing_from_it(
    carrier, opened, free, kit, talker, ended, transcript, rows, while_away
):
    session = talker.session
    session.script = [["I don't know, sorry.", FAREWELL]]
    talker.there.clear()
    async with carrier() as phone:
        kit.recognizer.says("Hello?")
        await opened()
        await phone.cut()
        await until(free)
        if while_away:
            talker.there.set()
            await until(lambda: session.fed)
    assert bool(session.fed) is while_away and not session.closed
    async with carrier(stream_sid="MZ" + "2" * 32):
        talker.there.set()
        await until(lambda: session.fed)
        session.says("When will she be back?")
        row = await ended()
    assert (row["end_reason"], row["error"]) == ("goal_reached", "")
    assert len(talker.opened) == len(session.told("reply")) == 1 and kit.thinker.asked == []
    assert [json.loads(words)["callee"] for (words,) in session.told("was_heard")] == ["Hello?"]
    assert [text for _, text in await transcript()].count(INTRODUCTION) == 1
    assert not await rows("select 1 from requests_app_event where text = %s", FAILED)


@pytest.mark.parametrize("break_off", [lambda talker: talker.session.breaks(), None])
async def test_a_session_that_breaks_or_never_opens_leaves_the_call_to_the_other_providers(
    carrier, opened, kit, talker, ended, transcript, rows, break_off
):
    kit.thinker.script = [["I don't know when she will be back, sorry.", FAREWELL]]
    if break_off is None:
        talker.error = ProviderError("no connection")
    async with carrier():
        kit.recognizer.says("Hello, Brock Road School.")
        await opened()
        if break_off is not None:
            await until(lambda: talker.session.fed)
            break_off(talker)
            await until(lambda: len(kit.recognizer.opened) == 2)
        kit.recognizer.says("Okay, I will note it. When will she be back?")
        row = await ended()
    lines = [text for _, text in await transcript()]
    assert lines.count(INTRODUCTION) == 1, "nothing is introduced twice"
    assert [event["text"] for event in await rows("select text from requests_app_event")].count(FAILED) == 1
    assert " ".join(lines[-2:]).endswith("Thank you, goodbye.")
    assert row["end_reason"] == "goal_reached" and not row["error"]
    assert "Mara Redmond" in json.dumps([dict(message) for message in kit.thinker.asked[0][0]])


async def test_a_recogniser_that_is_down_leaves_hearing_to_the_session(carrier, opened, kit, talker, ended, transcript):
    kit.recognizer.error = ProviderError("google speech: PermissionDenied", permanent=True)
    talker.session.script = [["I don't know when she will be back, sorry.", FAREWELL]]
    async with carrier():
        await until(lambda: talker.session.fed)
        talker.session.says("Hello, Brock Road School.")
        await opened()
        talker.session.says("When will she be back?")
        row = await ended()
    assert row["end_reason"] == "goal_reached" and not row["error"]
    assert ("callee", "Hello, Brock Road School.") in await transcript() and talker.session.told("was_heard") == []


async def test_what_is_said_over_the_introduction_is_heard_before_the_session_takes_over(carrier, opened, kit, talker, ended, transcript):
    talker.session.script = [["She will be back soon.", FAREWELL]]
    async with carrier() as phone:
        kit.recognizer.says("Hello?")
        await until(lambda: phone.played_ms > 0)
        kit.recognizer.says("Who is this?")
        await opened()
        await until(lambda: talker.session.fed)
        assert [json.loads(words)["callee"] for (words,) in talker.session.told("was_heard")] == ["Hello?", "Who is this?"]
        await phone.hang_up()
        await ended()
    assert len(kit.recognizer.opened) == 1 and ("callee", "Who is this?") in await transcript()


@pytest.mark.parametrize("trouble", [ProviderError("gone"), [ProviderError("gone")], ["I don't know", ProviderError("gone")]])
async def test_a_reply_that_fails_is_asked_of_the_model_that_writes(carrier, opened, kit, talker, ended, transcript, trouble):
    talker.session.script = [trouble]
    kit.thinker.script = [["I don't have that information.", FAREWELL]]
    async with carrier():
        kit.recognizer.says("Hello?")
        await opened()
        talker.session.says("When will she be back?")
        row = await ended()
    lines = [text for speaker, text in await transcript() if speaker == "floyd"]
    assert lines.count(INTRODUCTION) == 1 and "I don't have that information." in " ".join(lines)
    assert row["end_reason"] == "goal_reached"
    used = {one["what"] for one in row["usage"] if one["component"] == "model"}
    assert kit.billed.model in used or used == {"talking-model", kit.billed.model} or kit.billed.model == ""


async def test_words_that_may_not_be_said_are_not_heard_and_the_model_is_told(carrier, opened, kit, talker, ended, rows, transcript):
    talker.session.ms_per_word = 300
    talker.session.script = ["Of course. Your code is 4 7 1 1 5 5 9 2.", ["I understand.", FAREWELL]]
    async with carrier():
        kit.recognizer.says("Hello?")
        await opened()
        talker.session.says("What is the code of the door?")

        async def refused():
            return await rows("select 1 from calls_transcriptline where speaker = 'floyd' and text like '%%information%%' and final")

        await until(refused)
        talker.session.says("Alright then.")
        await ended()
    said = " ".join(text for speaker, text in await transcript() if speaker == "floyd")
    assert "4 7 1 1" not in said
    ((item, heard_ms),) = talker.session.told("truncate")
    assert heard_ms < talker.session.sound_ms[item]
    assert any("not in the brief" in note for (note,) in talker.session.told("note"))


async def test_results_of_tools_reach_the_session_once(carrier, opened, kit, talker, ended, rows):
    asks = tool("ask_user", kind="yes_no", question="Shall I?", item=None, amount_minor=None, currency=None)
    talker.session.script = [["One moment, please.", asks], "Thank you for waiting.", ["Alright.", FAREWELL]]
    async with carrier() as phone:
        kit.recognizer.says("Hello?")
        await opened()
        talker.session.says("Would she like to come tomorrow?")

        async def asked():
            return await rows("select * from requests_app_question")

        await until(asked)
        talker.session.says("Are you still there?")
        await until(lambda: talker.session.told("result"))
        await phone.hang_up()
        await ended()
    ((tool_id, output),) = talker.session.told("result")
    assert tool_id == "call_ask_user" and json.loads(output)["status"] == "asked"


async def test_a_call_that_goes_on_in_another_language_is_written_down_in_it(carrier, opened, kit, placed, talker, ended):
    await Call.objects.filter(pk=placed.pk).aupdate(brief=brief(languages=("fr-CA",)).to_json())
    talker.session.script = ["Mara est malade aujourd'hui."]
    async with carrier() as phone:
        kit.recognizer.says("Hello?")
        await opened()
        talker.session.says("Désolé, je ne parle pas anglais.")
        await until(lambda: talker.session.told("reply"))
        await phone.hang_up()
        await ended()
    assert talker.session.told("switch") == [("fr-CA",)]


async def test_a_phone_menu_is_left_to_the_parts_of_the_media_stream(carrier, kit, talker, ended, transcript, rows):
    kit.thinker.script = [tool("press_keys", keys="2", why="attendance")]
    async with carrier() as phone:
        kit.recognizer.says("For attendance, press 2. For the office, press 0.")
        await until(lambda: talker.session.closed)

        async def pressed():
            return ("system", "Pressed 2") in await transcript()

        await until(pressed)
        await phone.hang_up()
        row = await ended()
    assert row["end_reason"] == "menu_dead_end" and kit.thinker.asked and talker.session.told("reply") == []
    assert talker.session.fed == 0 and len(kit.recognizer.opened) == 1
    assert INTRODUCTION not in [text for _, text in await transcript()]
    assert [event["text"] for event in await rows("select text from requests_app_event")].count(MACHINE) == 1
