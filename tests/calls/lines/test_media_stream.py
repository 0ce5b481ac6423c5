"""A call on the real socket: the carrier's messages in, ours out, and the rows that are left behind. Providers follow a script."""

import asyncio
import json

from tests.calls.lines.fakes import tool
from tests.calls.lines.scene import INTRODUCTION, OPENING, until


async def test_a_whole_call_from_hello_to_goodbye(carrier, opened, kit, ended, transcript, rows, hints, placed):
    kit.thinker.script = [["I don't know when she will be back, sorry.", tool("end_call", result="goal_reached", farewell="Thank you, goodbye.")]]
    async with carrier() as phone:
        kit.recognizer.says("Hello, Brock Road School.")
        await opened()
        kit.recognizer.says("Okay, I will note it. When will she be back?")
        row = await ended()
        await until(lambda: phone.closed is not None)
    assert phone.closed == 1000
    lines = await transcript()
    assert lines[:4] == [
        ("callee", "Hello, Brock Road School."),
        ("floyd", INTRODUCTION),
        ("floyd", OPENING),
        ("callee", "Okay, I will note it. When will she be back?"),
    ]
    assert " ".join(text for speaker, text in lines[4:]) == "I don't know when she will be back, sorry. Thank you, goodbye."
    assert kit.speaker.spoken[:2] == [INTRODUCTION, OPENING]
    assert row["end_reason"] == "goal_reached"
    assert row["disclosure_played_at"]
    assert row["error"] == ""
    assert hints.ids("calls.wrap_up") == [str(placed.pk)]
    assert all(line["final"] for line in await rows("select * from calls_transcriptline"))
    turns = await rows("select * from calls_turn")
    assert len(turns) == 1
    assert turns[0]["whole_ms"] >= turns[0]["end_of_turn_ms"]
    assert turns[0]["prompt_tokens"] == 100
    marks = [message for message in phone.received if message["event"] == "mark"]
    assert len(marks) >= 3
    assert kit.recognizer.stream.fed > 0
    options = kit.recognizer.opened[0]
    assert "Brock Road School" in options["hints"]
    assert kit.thinker.asked[0][2] == f"call-{placed.pk}"


async def test_silence_after_the_dial_is_answered_by_the_introduction(carrier, kit, transcript, ended):
    async with carrier() as phone:
        await until(lambda: phone.played_ms > 0, 5)
        assert kit.speaker.spoken[0] == INTRODUCTION
        await phone.hang_up()
        row = await ended()
    assert row["end_reason"] == "callee_hung_up"


async def test_the_opening_line_waits_until_the_disclosure_was_heard(carrier, kit, ended):
    kit.speaker.ms_per_word = 60
    async with carrier() as phone:
        await until(lambda: phone.received)
        events = [message["event"] for message in phone.received]
        assert events.count("mark") <= 1
        await until(lambda: [message["event"] for message in phone.received].count("mark") == 2)
        order = [message["event"] for message in phone.received]
        first = order.index("mark")
        assert "media" in order[first:]
        introduction_ms = 60 * len(INTRODUCTION.split())
        sent_before = sum(len(message["media"]["payload"]) * 3 // 4 // 8 for message in phone.received[:first])
        assert abs(sent_before - introduction_ms) < 20
        await phone.hang_up()
        await ended()


async def test_speaking_over_floyd_clears_the_line_and_the_transcript_says_what_was_heard(carrier, opened, kit, transcript, ended, rows):
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
        phone.voice = False
        kit.recognizer.says("Sorry, hold on, what did you say?")
        await until(lambda: len(kit.thinker.asked) == 2)
        await phone.hang_up()
        await ended()
    lines = await rows("select * from calls_transcriptline where speaker = 'floyd' and intended like 'This is a very long%%' order by seq")
    assert len(lines) == 1
    assert lines[0]["text"].startswith("This is")
    assert len(lines[0]["text"]) < len(lines[0]["intended"])
    told = json.dumps([dict(message) for message in kit.thinker.asked[1][0]])
    assert "right away" not in told
    (turn,) = await rows("select * from calls_turn where interrupted")
    assert turn["seq"] == lines[0]["seq"]


async def test_a_question_goes_to_the_user_and_the_answer_comes_back_into_the_call(carrier, opened, kit, ended, rows, connections):
    question = tool("ask_user", kind="money", question="How much?", item="peonies", amount_minor=56_000, currency="CAD")
    kit.thinker.script = [["One moment.", question], "Let me check.", "I may spend up to eighty dollars."]
    async with carrier() as phone:
        kit.recognizer.says("Hello?")
        await opened()
        kit.recognizer.says("That is five hundred and sixty dollars.")

        async def asked():
            return await rows("select * from requests_app_question")

        await until(asked)
        async with connections.lease() as connection:
            answer = 'update requests_app_question set status = \'answered\', answer = \'{"amount_minor": 8000, "currency": "CAD"}\''
            await connection.execute(answer)

        async def granted():
            return await rows("select * from calls_grant")

        await until(granted)
        await until(lambda: any("8000" in json.dumps(messages) for messages, _, _ in kit.thinker.asked))
        await phone.hang_up()
        await ended()
    assert len(await rows("select * from requests_app_message")) == 1


async def test_the_user_can_stop_the_call(carrier, kit, ended, layer, placed):
    async with carrier() as phone:
        kit.recognizer.says("Hello?")
        await until(lambda: phone.played_ms > 0)
        await layer.group_send(f"call.{placed.pk}", {"type": "call.poke", "what": "stop"})
        row = await ended()
    assert row["end_reason"] == "stopped_by_user"
