"""A call on a line where the carrier hears and speaks: words in, words out, and the same rows as on any line."""

import asyncio

import pytest
from asgiref.sync import sync_to_async

from calls.conversation.events import MicrophoneLost
from calls.conversation.fixed_lines import BACK_AGAIN
from calls.lines import away, drain, lasting
from calls.lines.medium import Means
from calls.lines.meter import Billed, Meter
from calls.lines.relay_socket import RelaySocket
from calls.lines.relay_speech import RelaySpeech
from calls.lines.timers import CallClock
from calls.lines.turn_times import TurnClock
from calls.models import CONVERSATION_RELAY, Call
from calls.speech import relay_account
from calls.telephony.tokens import stream_token
from providers.types import ProviderError
from tests.calls.lines import scene
from tests.calls.lines.fakes import tool
from tests.calls.lines.relay_carrier import SESSION, RelayCarrier
from tests.calls.lines.scene import INTRODUCTION, NODE, OPENING

ANOTHER = "VX" + "f" * 32


@pytest.fixture
def carrier(address, placed, settings):
    """Makes the carrier's end; arguments change what it does."""

    def make(*, resumes="", **changes):
        parameters = {"call_id": str(placed.pk), "token": stream_token(placed.pk, session=resumes)} | ({"resumes": resumes} if resumes else {})
        fields = {
            "url": address.replace("/media", "/relay"),
            "parameters": parameters,
            "auth_token": "secret",
            "signed_url": f"{NODE}/relay",
            "account_sid": settings.TWILIO_ACCOUNT_SID,
            "greeting": BACK_AGAIN if resumes else "",
        }
        return RelayCarrier(**(fields | changes))

    return make


async def until(condition):
    await scene.until(condition, 60)


@pytest.fixture(autouse=True)
async def relay_call(placed, monkeypatch):
    # What is not told by the carrier of these tests never was heard, and it always comes back, however slow the machine.
    monkeypatch.setattr(relay_account, "GRACE_MS", 120_000)
    monkeypatch.setattr(away, "BACK_WITHIN_S", 120.0)
    await sync_to_async(Call.objects.filter(pk=placed.pk).update)(line=CONVERSATION_RELAY)


async def test_a_whole_call_from_hello_to_goodbye(carrier, opened, kit, ended, transcript, rows, hints, placed):
    kit.thinker.script = [["I don't know when she will be back, sorry.", tool("end_call", result="goal_reached", farewell="Thank you, goodbye.")]]
    async with carrier() as phone:
        await phone.tells("clientSpeaking", "on")
        await phone.hears("Hello, Brock", last=False)
        await phone.hears("Hello, Brock Road School.")
        await opened()
        await phone.hears("Okay, I will note it. When will she be back?")
        row = await ended()
        await until(lambda: phone.closed is not None)
    assert phone.closed == 1000
    assert phone.of("end") == [{"type": "end"}]
    lines = await transcript()
    assert lines[:4] == [
        ("callee", "Hello, Brock Road School."),
        ("floyd", INTRODUCTION),
        ("floyd", OPENING),
        ("callee", "Okay, I will note it. When will she be back?"),
    ]
    assert " ".join(text for speaker, text in lines[4:]) == "I don't know when she will be back, sorry. Thank you, goodbye."
    assert phone.of("text")[0] == {"type": "text", "token": f"{INTRODUCTION} ", "last": True, "interruptible": False}
    assert (row["end_reason"], row["error"], row["stream_sid"]) == ("goal_reached", "", SESSION)
    assert row["disclosure_played_at"]
    assert hints.ids("calls.wrap_up") == [str(placed.pk)]
    turns = await rows("select * from calls_turn")
    assert len(turns) == 1
    assert turns[0]["prompt_tokens"] == 100
    assert kit.speaker.spoken == []
    assert kit.recognizer.opened == []
    assert {part["component"] for part in row["usage"]} == {"model"}


async def test_an_interruption_cuts_what_was_not_heard(carrier, opened, kit, transcript, ended):
    kit.thinker.script = ["She has a cold, as far as I know, and stays in bed.", "Yes, of course."]
    async with carrier() as phone:
        await phone.hears("Hello?")
        await opened()
        phone.holds = True
        await phone.hears("What is it that she has?")
        await until(lambda: phone.words.endswith("stays in bed."))
        await phone.interrupts("She has a cold,")
        phone.goes_on()
        await phone.hears("Can you send a note?")
        await until(lambda: phone.spoken and phone.spoken[-1] == "Yes, of course.")
        await phone.hang_up()
        row = await ended()
    assert row["end_reason"] == "callee_hung_up"
    said = [text for speaker, text in await transcript() if speaker == "floyd"]
    assert "She has a cold" in said[2]
    assert "bed" not in said[2]
    heard = [message["content"] for message in kit.thinker.asked[-1][0] if message["role"] == "assistant"]
    assert heard
    assert "bed" not in heard[-1]


async def test_a_noise_over_floyds_words_stops_it_for_a_moment(carrier, opened, kit, transcript, ended):
    kit.thinker.script = ["She has a cold, as far as I know, and stays in bed."]
    async with carrier() as phone:
        await phone.hears("Hello?")
        await opened()
        phone.holds = True
        await phone.hears("What is it that she has?")
        await until(lambda: phone.words.endswith("stays in bed."))
        await phone.interrupts("She has a cold,")
        phone.goes_on()
        await until(lambda: "stays in bed." in " ".join(phone.spoken))
        await phone.hang_up()
        await ended()
    assert phone.spoken[-1] == "as far as I know, and stays in bed."


async def test_a_carrier_that_tells_nothing_of_what_was_heard(carrier, kit, ended, opened, monkeypatch):
    monkeypatch.setattr(relay_account, "MS_PER_CHAR", 5)
    async with carrier(quiet=True) as phone:
        await phone.hears("Hello?")
        await opened()
        await phone.hang_up()
        row = await ended()
    assert row["disclosure_played_at"]


async def test_keys_go_both_ways(carrier, opened, kit, ended):
    async with carrier() as phone:
        await phone.hears("Hello, Brock Road School.")
        await opened()
        await phone.presses("5")
        await phone.hears("For our opening hours, press 1. To speak to somebody at the desk, press 2.")
        await until(lambda: phone.of("sendDigits"))
        await phone.hang_up()
        await ended()
    assert phone.of("sendDigits")[0]["digits"] == "2"


async def test_a_session_that_breaks_goes_on_in_the_next(carrier, opened, kit, transcript, ended, call_row):
    kit.thinker.script = ["She has a cold, as far as I know, and stays in bed.", "Thank you."]
    async with carrier() as phone:
        await phone.hears("Hello?")
        await opened()
        phone.holds = True
        await phone.hears("What is it that she has?")
        await until(lambda: phone.words.endswith("stays in bed."))
        phone.cut()
        await until(lambda: lasting.broken)
    async with carrier(resumes=SESSION, session_id=ANOTHER) as phone:
        await until(lambda: "stays in bed." in " ".join(phone.spoken))
        assert INTRODUCTION not in phone.words
        await phone.hears("I see. Thank you for telling us.")
        await until(lambda: "Thank you." in phone.spoken)
        assert (await call_row())["status"] == "in_progress"
        await phone.hang_up()
        row = await ended()
    assert (row["end_reason"], row["error"]) == ("callee_hung_up", "")
    assert [text for speaker, text in await transcript() if speaker == "callee"][-1] == "I see. Thank you for telling us."
    assert not lasting.broken
    assert drain.active_calls() == 0


async def test_a_session_is_gone_on_with_once_and_by_its_own_call_only(carrier, opened, kit, ended, monkeypatch):
    async with carrier() as phone:
        await phone.hears("Hello?")
        await opened()
        phone.cut()
        await until(lambda: lasting.broken)
    for wrong in ({"resumes": ANOTHER}, {"resumes": SESSION, "call_sid": "CA" + "9" * 32}):
        async with carrier(session_id=ANOTHER, **wrong) as stranger:
            await until(lambda: stranger.closed is not None)
        assert stranger.closed == 1008
    async with carrier(resumes=SESSION, session_id=ANOTHER) as phone:
        await until(lambda: not lasting.broken)
        async with carrier(resumes=SESSION, session_id=ANOTHER) as second:
            await until(lambda: second.closed is not None)
        assert second.closed == 1008
        await phone.hang_up()
        await ended()


async def test_a_session_that_nobody_goes_on_with_is_a_lost_line(carrier, opened, kit, ended, monkeypatch):
    monkeypatch.setattr(away, "BACK_WITHIN_S", 0.1)
    async with carrier() as phone:
        await phone.hears("Hello?")
        await opened()
        phone.cut()
        row = await ended()
    assert row["end_reason"] == "line_lost"
    assert row["error"].startswith("stream: socket closed")


async def test_trouble_that_the_carrier_reports_is_noted_without_its_words(carrier, opened, kit, ended, caplog):
    async with carrier() as phone:
        await phone.hears("Hello?")
        await opened()
        await phone.send({"type": "error", "description": "Invalid message received, code: 64107, secret words"})
        await phone.send({"type": "something new"})
        await phone.hears("Thank you.")
        await phone.hang_up()
        await ended()
    assert "reports trouble" in caplog.text
    assert "secret words" not in caplog.text


async def test_messages_that_are_none_end_the_line_after_a_while(carrier, kit, ended):
    async with carrier() as phone:
        for _ in range(12):
            await phone.send("no message")
        row = await ended()
    assert row["end_reason"] == "line_lost"


@pytest.mark.parametrize("first", [{"type": "prompt", "voicePrompt": "Hello", "last": True}, "nonsense", b"binary"])
async def test_who_does_not_begin_with_setup_is_turned_away(carrier, call_row, first):
    async with carrier(first=first) as phone:
        await until(lambda: phone.closed is not None)
    assert phone.closed == 1007
    assert (await call_row())["token_used_at"] is None


@pytest.mark.parametrize("wrong", [{"account_sid": "AC" + "9" * 32}, {"parameters": {}}, {"parameters": {"call_id": "x", "token": "y"}}])
async def test_only_the_call_itself_is_let_in(carrier, call_row, wrong):
    async with carrier(**wrong) as phone:
        await until(lambda: phone.closed is not None)
    assert phone.closed == 1008
    assert (await call_row())["token_used_at"] is None


async def test_a_wrong_signature_opens_nothing(carrier):
    with pytest.raises(Exception, match="403"):
        async with carrier(signature="wrong"):
            pass


async def test_a_model_that_fails_is_no_silence(carrier, opened, kit, ended):
    kit.thinker.script = [ProviderError("down"), "I'm back."]
    async with carrier() as phone:
        await phone.hears("Hello?")
        await opened()
        await phone.hears("And who are you?")
        await until(lambda: phone.spoken[-1:] == ["I'm back."])
        await phone.hang_up()
        await asyncio.wait_for(ended(), 10)


async def test_nobodys_voice_can_be_put_on_this_line():
    happened = []
    means = Means(None, None, CallClock(), TurnClock(), Meter(Billed()), happened.append, None)
    speech = RelaySpeech(means, RelaySocket(None))
    speech.let_user_speak("m1")
    speech.let_user_speak("")
    assert happened == [MicrophoneLost("m1")]
