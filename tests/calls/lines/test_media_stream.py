"""A call on the real socket: the carrier's messages in, ours out, and the rows that are left behind. Providers follow a script."""

import asyncio
import json

import pytest
import uvicorn
import websockets
from channels.routing import URLRouter

from calls.conversation import fixed_lines
from calls.lines import drain, media_stream, session, warm
from calls.lines.routing import websocket_urlpatterns
from calls.lines.warm import Kit
from calls.telephony.tokens import stream_token
from live.publish import poke
from providers.phrases import Phrases
from providers.types import ProviderError
from tests.calls.lines.conftest import INTRODUCTION
from tests.calls.lines.fakes import Carrier, FakeRecognizer, FakeSpeaker, FakeThinker, tool

NODE = "wss://media.test"
OPENING = "Mara Redmond in grade 3 is sick and stays home today."


@pytest.fixture(autouse=True)
def keys(settings):
    settings.TWILIO_AUTH_TOKEN, settings.TWILIO_ACCOUNT_SID, settings.MEDIA_NODE = "secret", "AC" + "a" * 32, NODE


@pytest.fixture
async def kit(connections, tmp_path, monkeypatch):
    speaker = FakeSpeaker()
    made = Kit(FakeRecognizer(), FakeThinker(), speaker, Phrases(speaker, tmp_path), connections)
    monkeypatch.setattr(warm, "_kit", made)
    monkeypatch.setattr(warm, "_connections", connections)
    return made


@pytest.fixture
async def address(kit):
    config = uvicorn.Config(
        URLRouter(websocket_urlpatterns),
        port=0,
        lifespan="off",
        log_config=None,
        ws="websockets-sansio",
        ws_ping_interval=None,
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"ws://127.0.0.1:{port}/media"
    server.should_exit = True
    await serving


@pytest.fixture
def carrier(address, placed, settings):
    """Makes the carrier's end; arguments change what it does."""

    def make(**changes):
        fields = {
            "url": address,
            "call_id": str(placed.pk),
            "token": stream_token(placed.pk),
            "auth_token": "secret",
            "signed_url": f"{NODE}/media",
            "account_sid": settings.TWILIO_ACCOUNT_SID,
        }
        return Carrier(**(fields | changes))

    return make


async def until(condition, seconds=10.0):
    async with asyncio.timeout(seconds):
        while not (await condition() if asyncio.iscoroutinefunction(condition) else condition()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.fixture
def call_row(rows):
    async def read():
        return (await rows("select * from calls_call"))[0]

    return read


@pytest.fixture
def transcript(rows):
    async def read():
        return [(row["speaker"], row["text"]) for row in await rows("select * from calls_transcriptline order by seq")]

    return read


async def ended(call_row):
    async def over():
        return (await call_row())["status"] == "completed" and (await call_row())["end_reason"] != ""

    await until(over)
    await until(lambda: drain.active_calls() == 0)
    return await call_row()


@pytest.fixture
def opened(rows):
    """Until the introduction and the opening line were heard."""

    async def heard():
        return await rows("select 1 from calls_transcriptline where text = %s and final", OPENING)

    return lambda: until(heard)


# --- the call ---


async def test_a_whole_call_from_hello_to_goodbye(carrier, opened, kit, call_row, transcript, rows, hints, placed):
    kit.thinker.script = [["I don't know when she will be back, sorry.", tool("end_call", result="goal_reached", farewell="Thank you, goodbye.")]]
    async with carrier() as phone:
        kit.recognizer.says("Hello, Brock Road School.")
        await opened()
        kit.recognizer.says("Okay, I will note it. When will she be back?")
        row = await ended(call_row)
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


async def test_silence_after_the_dial_is_answered_by_the_introduction(carrier, kit, transcript, call_row):
    async with carrier() as phone:
        await until(lambda: phone.played_ms > 0, 5)
        assert kit.speaker.spoken[0] == INTRODUCTION
        await phone.hang_up()
        row = await ended(call_row)
    assert row["end_reason"] == "callee_hung_up"


async def test_the_opening_line_waits_until_the_disclosure_was_heard(carrier, kit, call_row):
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
        await ended(call_row)


async def test_speaking_over_floyd_clears_the_line_and_the_transcript_says_what_was_heard(carrier, opened, kit, transcript, call_row, rows):
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
        await ended(call_row)
    lines = await rows("select * from calls_transcriptline where speaker = 'floyd' and intended like 'This is a very long%%' order by seq")
    assert len(lines) == 1
    assert lines[0]["text"].startswith("This is")
    assert len(lines[0]["text"]) < len(lines[0]["intended"])
    told = json.dumps([dict(message) for message in kit.thinker.asked[1][0]])
    assert "right away" not in told
    (turn,) = await rows("select * from calls_turn where interrupted")
    assert turn["seq"] == lines[0]["seq"]


async def test_a_question_goes_to_the_user_and_the_answer_comes_back_into_the_call(carrier, opened, kit, call_row, rows, connections):
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
        await ended(call_row)
    assert len(await rows("select * from requests_app_message")) == 1


async def test_the_user_can_stop_the_call(carrier, kit, call_row, layer, placed):
    async with carrier() as phone:
        kit.recognizer.says("Hello?")
        await until(lambda: phone.played_ms > 0)
        await layer.group_send(f"call.{placed.pk}", {"type": "call.poke", "what": "stop"})
        row = await ended(call_row)
    assert row["end_reason"] == "stopped_by_user"
    assert poke  # the same message that other processes send


# --- who may open a stream ---


@pytest.mark.parametrize("changes", [{"signature": "forged"}, {"signature": ""}, {"signed_url": "wss://elsewhere.test/media"}])
async def test_a_wrong_signature_is_refused_before_anything_happens(carrier, call_row, changes):
    with pytest.raises(websockets.InvalidStatus) as refusal:
        async with carrier(**changes):
            pass
    assert refusal.value.response.status_code == 403
    assert (await call_row())["token_used_at"] is None


async def test_the_carriers_habit_of_adding_a_slash_is_tolerated(carrier, call_row):
    async with carrier(signed_url=f"{NODE}/media/") as phone:
        await until(lambda: phone.played_ms > 0)
        await phone.hang_up()
        await ended(call_row)


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


async def test_a_token_opens_one_stream(carrier, call_row):
    async with carrier() as first:
        await until(lambda: first.played_ms > 0)
        async with carrier() as second:
            await until(lambda: second.closed is not None)
        assert second.closed == 1008
        assert first.closed is None
        await first.hang_up()
        await ended(call_row)


async def test_a_stream_that_never_starts_is_closed(carrier, monkeypatch):
    monkeypatch.setattr(media_stream, "START_WITHIN_S", 0.1)
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


# --- trouble ---


@pytest.mark.parametrize("nonsense", ["{", b"\x00\x01", "[]", '{"event":"media"}', '{"event":"mark","mark":{"name":"nobody"}}', '{"event":"new"}'])
async def test_a_message_or_two_of_nonsense_do_no_harm(carrier, kit, call_row, nonsense):
    async with carrier() as phone:
        await phone.send(nonsense)
        await phone.send(nonsense)
        await until(lambda: phone.played_ms > 0)
        await phone.hang_up()
        row = await ended(call_row)
    assert row["end_reason"] == "callee_hung_up"


async def test_a_stream_of_nonsense_ends_the_call_and_the_row_says_why(carrier, call_row):
    async with carrier() as phone:
        await until(lambda: phone.played_ms > 0)
        for _ in range(12):
            await phone.send("x" * 70_000)
        row = await ended(call_row)
    assert row["end_reason"] == "line_lost"
    assert row["error"].startswith("stream: messages not understood: 70000 characters")


async def test_an_oversized_first_message_is_refused(carrier):
    async with carrier(start=False) as phone:
        await phone.send("x" * 70_000)
        await until(lambda: phone.closed is not None)
    assert phone.closed == 1007


async def test_a_socket_that_dies_ends_the_call(carrier, call_row, hints):
    async with carrier() as phone:
        await until(lambda: phone.played_ms > 0)
        await phone.cut()
        row = await ended(call_row)
    assert row["end_reason"] == "line_lost"
    assert row["error"].startswith("stream: socket closed")
    assert hints.ids("calls.wrap_up")


async def test_a_stream_without_frames_is_dead_whatever_its_socket_says(carrier, call_row, monkeypatch):
    monkeypatch.setattr(session, "HEARTBEAT_S", 0.1)
    monkeypatch.setattr(session, "NO_FRAMES_S", 0.3)
    async with carrier() as phone:
        await until(lambda: phone.played_ms > 0)
        phone._tasks[1].cancel()
        row = await ended(call_row)
    assert row["error"] == "stream: no audio from the carrier"


async def test_a_recogniser_that_is_down_at_the_start_ends_the_call_before_anything_is_said(carrier, kit, call_row, transcript):
    kit.recognizer.error = ProviderError("google speech: PermissionDenied", permanent=True)
    async with carrier():
        row = await ended(call_row)
    assert row["end_reason"] == "provider_failed"
    assert await transcript() == []


async def test_a_recogniser_that_breaks_for_good_ends_the_call_politely(carrier, opened, kit, call_row, transcript):
    async with carrier():
        kit.recognizer.says("Hello?")
        await opened()
        kit.recognizer.stream.heard.put_nowait(ProviderError("google speech: PermissionDenied", permanent=True))
        row = await ended(call_row)
    assert row["end_reason"] == "provider_failed"
    said = [text for speaker, text in await transcript() if speaker == "floyd"]
    assert said[0] == INTRODUCTION
    assert said[-1] == fixed_lines.TROUBLE


async def test_hearing_that_was_lost_once_comes_back(carrier, opened, kit, call_row, transcript):
    async with carrier() as phone:
        kit.recognizer.says("Hello?")
        await opened()
        kit.recognizer.stream.heard.put_nowait(ProviderError("google speech: ServiceUnavailable"))
        await until(lambda: len(kit.recognizer.opened) == 2)
        kit.recognizer.says("Is she okay?")
        await until(lambda: kit.thinker.asked)
        await phone.hang_up()
        await ended(call_row)
    said = await transcript()
    assert ("floyd", fixed_lines.MISSED_THAT) in said
    assert ("callee", "Is she okay?") in said


async def test_a_voice_that_is_down_ends_the_call(carrier, kit, call_row):
    kit.speaker.fails = lambda text: ProviderError("voice: down", permanent=True)
    async with carrier():
        row = await ended(call_row)
    assert row["end_reason"] == "provider_failed"
    assert row["disclosure_played_at"] is None


async def test_one_hiccup_of_the_voice_is_not_noticed(carrier, opened, kit, call_row, transcript):
    failures = [ProviderError("voice: reset")]
    kit.speaker.fails = lambda text: failures.pop() if text == "Sure, that is fine." and failures else None
    kit.thinker.script = ["Sure, that is fine."]
    async with carrier() as phone:
        kit.recognizer.says("Hello?")
        await opened()
        kit.recognizer.says("Can you hold?")
        await until(lambda: kit.speaker.spoken.count("Sure, that is fine.") == 2)
        await asyncio.sleep(0.3)
        await phone.hang_up()
        await ended(call_row)
    assert ("floyd", "Sure, that is fine.") in await transcript()


async def test_a_model_that_is_down_ends_the_call_politely(carrier, opened, kit, call_row, transcript):
    kit.thinker.script = [ProviderError("openai chat: InternalServerError")] * 9
    async with carrier():
        kit.recognizer.says("Hello?")
        await opened()
        kit.recognizer.says("When will she be back?")
        row = await ended(call_row)
    assert row["end_reason"] == "provider_failed"
    assert (await transcript())[-1] == ("floyd", fixed_lines.TROUBLE)


async def test_a_provider_without_its_key_is_said_on_the_row(carrier, call_row, monkeypatch):
    def no_kit():
        raise ProviderError("OPENAI_API_KEY is not set", permanent=True)

    monkeypatch.setattr(warm, "kit", no_kit)
    async with carrier() as phone:
        await until(lambda: phone.closed is not None)
        row = await ended(call_row)
    assert phone.closed == 1011
    assert (row["end_reason"], row["error"]) == ("provider_failed", "OPENAI_API_KEY is not set")


async def test_a_defect_ends_that_call_and_is_on_its_row(carrier, kit, call_row, monkeypatch):
    def broken(self, event, now_ms):
        raise KeyError("x")

    async with carrier() as phone:
        await until(lambda: phone.played_ms > 0)
        monkeypatch.setattr("calls.conversation.conversation.Conversation.handle", broken)
        row = await ended(call_row)
    assert (row["end_reason"], row["error"]) == ("provider_failed", "defect: KeyError")
