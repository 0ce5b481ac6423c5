"""Trouble on the line: each has a clear result, and the row says what it was."""

import pytest

from calls.conversation import fixed_lines
from calls.lines import away, lasting, session, stream_session, warm
from providers.types import ProviderError
from tests.calls.lines.scene import INTRODUCTION, until


@pytest.mark.parametrize("nonsense", ["{", b"\x00\x01", "[]", '{"event":"media"}', '{"event":"mark","mark":{"name":"nobody"}}', '{"event":"new"}'])
async def test_a_message_or_two_of_nonsense_do_no_harm(carrier, kit, ended, nonsense):
    async with carrier() as phone:
        await phone.send(nonsense)
        await phone.send(nonsense)
        await until(lambda: phone.played_ms > 0)
        await phone.hang_up()
        row = await ended()
    assert row["end_reason"] == "callee_hung_up"


async def test_a_stream_of_nonsense_ends_the_call_and_the_row_says_why(carrier, ended):
    async with carrier() as phone:
        await until(lambda: phone.played_ms > 0)
        for _ in range(12):
            await phone.send("x" * 70_000)
        row = await ended()
    assert row["end_reason"] == "line_lost"
    assert row["error"].startswith("stream: messages not understood: 70000 characters")


async def test_an_oversized_first_message_is_refused(carrier):
    async with carrier(start=False) as phone:
        await phone.send("x" * 70_000)
        await until(lambda: phone.closed is not None)
    assert phone.closed == 1007


async def test_a_socket_that_dies_goes_on_in_the_next(carrier, kit, opened, ended, transcript, rows):
    kit.thinker.script = ["She has a fever and stays at home until she is well."]

    async def free():
        return lasting.broken and not await rows("select 1 from calls_call where token_used_at is not null")

    async def said_whole():
        return any(text.endswith("until she is well.") for _, text in await transcript())

    async with carrier() as phone:
        kit.recognizer.says("Hello?")
        await opened()
        kit.speaker.ms_per_word = 2_000
        before_ms = phone.played_ms
        kit.recognizer.says("What does she have?")
        await until(lambda: phone.played_ms > before_ms)
        await phone.cut()
        await until(free)
    kit.speaker.ms_per_word = 30
    async with carrier(stream_sid="MZ" + "2" * 32) as phone:
        await until(said_whole)
        assert {message["streamSid"] for message in phone.received} == {"MZ" + "2" * 32}
        await phone.hang_up()
        row = await ended()
    assert (row["end_reason"], row["error"]) == ("callee_hung_up", "")
    texts = [text for _, text in await transcript()]
    assert texts.count(INTRODUCTION) == 1, "who calls was said before"


async def test_a_socket_that_dies_for_good_ends_the_call(carrier, ended, hints, monkeypatch):
    monkeypatch.setattr(away, "BACK_WITHIN_S", 0.1)
    async with carrier() as phone:
        await until(lambda: phone.played_ms > 0)
        await phone.cut()
        row = await ended()
    assert row["end_reason"] == "line_lost"
    assert row["error"].startswith("stream: socket closed")
    assert hints.ids("calls.wrap_up")


async def test_a_stream_without_frames_is_dead_whatever_its_socket_says(carrier, ended, monkeypatch):
    monkeypatch.setattr(session, "HEARTBEAT_S", 0.1)
    monkeypatch.setattr(stream_session, "NO_FRAMES_S", 0.3)
    async with carrier() as phone:
        await until(lambda: phone.played_ms > 0)
        phone._tasks[1].cancel()
        row = await ended()
    assert row["error"] == "stream: no audio from the carrier"


async def test_a_recogniser_that_is_down_at_the_start_ends_the_call_with_a_word_of_who_called(carrier, kit, ended, transcript):
    kit.recognizer.error = ProviderError("google speech: PermissionDenied", permanent=True)
    async with carrier():
        row = await ended()
    assert row["end_reason"] == "provider_failed"
    assert await transcript() == [("floyd", INTRODUCTION), ("floyd", fixed_lines.TROUBLE)]


async def test_a_recogniser_that_breaks_for_good_ends_the_call_politely(carrier, opened, kit, ended, transcript):
    async with carrier():
        kit.recognizer.says("Hello?")
        await opened()
        kit.recognizer.stream.heard.put_nowait(ProviderError("google speech: PermissionDenied", permanent=True))
        row = await ended()
    assert row["end_reason"] == "provider_failed"
    said = [text for speaker, text in await transcript() if speaker == "floyd"]
    assert said[0] == INTRODUCTION
    assert said[-1] == fixed_lines.TROUBLE


async def test_hearing_that_was_lost_once_comes_back(carrier, opened, kit, ended, rows, transcript):
    async def asked_to_repeat():
        return await rows("select 1 from calls_transcriptline where text = %s and final", fixed_lines.MISSED_THAT)

    async with carrier() as phone:
        kit.recognizer.says("Hello?")
        await opened()
        kit.recognizer.stream.heard.put_nowait(ProviderError("google speech: ServiceUnavailable"))
        await until(asked_to_repeat)
        await until(lambda: len(kit.recognizer.opened) == 2)
        kit.recognizer.says("Is she okay?")
        await until(lambda: kit.thinker.asked)
        await phone.hang_up()
        await ended()
    assert ("callee", "Is she okay?") in await transcript()


async def test_a_voice_that_is_down_ends_the_call(carrier, kit, ended):
    kit.speaker.fails = lambda text: ProviderError("voice: down", permanent=True)
    async with carrier():
        row = await ended()
    assert row["end_reason"] == "provider_failed"
    assert row["disclosure_played_at"] is None


async def test_one_hiccup_of_the_voice_is_not_noticed(carrier, opened, kit, ended, rows):
    failures = [ProviderError("voice: reset")]
    kit.speaker.fails = lambda text: failures.pop() if text == "That is fine with us." and failures else None
    kit.thinker.script = ["That is fine with us."]

    async def heard():
        return await rows("select 1 from calls_transcriptline where text = 'That is fine with us.' and final")

    async with carrier() as phone:
        kit.recognizer.says("Hello?")
        await opened()
        kit.recognizer.says("Can you say that again?")
        await until(heard)
        await phone.hang_up()
        await ended()
    assert kit.speaker.spoken.count("That is fine with us.") == 2


async def test_a_voice_that_breaks_off_is_heard_out_and_the_rest_is_said(carrier, opened, kit, ended, rows, transcript):
    reply = "Mara Redmond is sick today and stays at home."
    kit.speaker.breaks = {reply: 4}
    kit.thinker.script = [reply]

    async def heard():
        return await rows("select 1 from calls_transcriptline where text = %s and final", reply)

    async with carrier() as phone:
        kit.recognizer.says("Hello?")
        await opened()
        before_ms = phone.played_ms
        kit.recognizer.says("Can you say that again?")
        await until(heard)
        played_ms = phone.played_ms - before_ms
        await phone.hang_up()
        await ended()
    assert [text for speaker, text in await transcript() if speaker == "floyd"].count(reply) == 1
    assert phone.clears == 0
    assert played_ms >= 30 * len(reply.split()), "no word was left out"


async def test_a_model_that_is_down_ends_the_call_politely(carrier, opened, kit, ended, transcript):
    kit.thinker.script = [ProviderError("openai chat: InternalServerError")] * 9
    async with carrier():
        kit.recognizer.says("Hello?")
        await opened()
        kit.recognizer.says("When will she be back?")
        row = await ended()
    assert row["end_reason"] == "provider_failed"
    assert (await transcript())[-1] == ("floyd", fixed_lines.TROUBLE)


async def test_a_provider_without_its_key_is_said_on_the_row(carrier, ended, monkeypatch):
    def no_kit():
        raise ProviderError("OPENAI_API_KEY is not set", permanent=True)

    monkeypatch.setattr(warm, "kit", no_kit)
    async with carrier() as phone:
        await until(lambda: phone.closed is not None)
        row = await ended()
    assert phone.closed == 1011
    assert (row["end_reason"], row["error"]) == ("provider_failed", "OPENAI_API_KEY is not set")


async def test_a_defect_ends_that_call_and_is_on_its_row(carrier, kit, ended, monkeypatch, caplog):
    def broken(self, event, now_ms):
        raise KeyError("the callee's words")

    async with carrier() as phone:
        await until(lambda: phone.played_ms > 0)
        monkeypatch.setattr("calls.conversation.conversation.Conversation.handle", broken)
        row = await ended()
    assert (row["end_reason"], row["error"]) == ("provider_failed", "defect: KeyError")
    assert "KeyError at test_stream_trouble.py" in caplog.text
    assert "the callee's words" not in caplog.text
