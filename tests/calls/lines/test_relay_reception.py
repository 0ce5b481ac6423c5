"""A call that came in, where the carrier hears and speaks: its greeting, keys, tools, what an interruption cuts, and a session that breaks."""

import json
import uuid

import pytest
from asgiref.sync import sync_to_async

from calls.conversation.fixed_lines import BACK_AGAIN, KEY_DOES_NOTHING
from calls.lines import away, drain, lasting
from calls.models import CONVERSATION_RELAY, Call, Direction
from calls.speech import relay_account
from calls.status import CallStatus
from calls.telephony.tokens import stream_token
from tests.calls.conversation.reception.greenhouse import GREETING, PLACED, brief, greenhouse
from tests.calls.lines.fakes import tool
from tests.calls.lines.relay_carrier import SESSION, RelayCarrier
from tests.calls.lines.scene import CALL_SID, NODE, until
from tests.calls.lines.test_reception import FakeUseCases, offered

ANOTHER = "VX" + "f" * 32
USE_CASES = "calls.lines.tool_runs._use_cases"


@pytest.fixture
def use_cases(monkeypatch):
    made = FakeUseCases()
    monkeypatch.setattr(USE_CASES, made)
    return made


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    # What is not told by the carrier of these tests never was heard, and it always comes back, however slow the machine.
    monkeypatch.setattr(relay_account, "GRACE_MS", 120_000)
    monkeypatch.setattr(away, "BACK_WITHIN_S", 120.0)


@pytest.fixture
def placed(transactional_db) -> Call:
    """Dana rings the greenhouse."""
    call = Call.objects.create(
        id=uuid.uuid4(),
        direction=Direction.INBOUND,
        line=CONVERSATION_RELAY,
        number="+15195550177",
        status=CallStatus.RINGING,
        carrier_sid=CALL_SID,
        brief=brief().to_json(),
    )
    call.refresh_from_db()
    return call


@pytest.fixture
def carrier(address, placed, settings):
    """Makes the carrier's end, which says the greeting by itself; arguments change what it does."""

    def make(*, resumes="", **changes):
        fields = {
            "url": address.replace("/media", "/relay"),
            "parameters": {"call_id": str(placed.pk), "token": stream_token(placed.pk, session=resumes)} | ({"resumes": resumes} if resumes else {}),
            "auth_token": "secret",
            "signed_url": f"{NODE}/relay",
            "account_sid": settings.TWILIO_ACCOUNT_SID,
            "greeting": BACK_AGAIN if resumes else GREETING,
        }
        return RelayCarrier(**(fields | changes))

    return make


@pytest.fixture
def greeted(transcript):
    """Until the greeting was heard to its end."""

    async def heard():
        return ("floyd", GREETING) in await transcript()

    return lambda: until(heard)


async def test_the_carrier_says_the_greeting_and_tools_answer_together(carrier, kit, use_cases, ended, transcript, greeted):
    kit.thinker.script = [
        [tool("list_plants", sort="all"), tool("place_order", what="rose")],
        "We have roses, but I can't order one now.",
        [tool("end_call", farewell="Goodbye.")],
    ]
    async with carrier() as phone:
        await greeted()
        assert phone.of("text") == []
        await phone.hears("Do you have roses? I'd like one.")
        await until(lambda: len(kit.thinker.asked) == 2)
        results = [json.loads(message["content"]) for message in kit.thinker.asked[1][0] if message["role"] == "tool"]
        assert [result["ok"] for result in results] == [True, False]
        await until(lambda: phone.spoken and phone.spoken[-1].endswith("order one now."))
        await phone.hears("Too bad. That was all, thanks.")
        row = await ended()
        await until(lambda: phone.closed is not None)
    assert [wish.name for wish in use_cases.wishes] == ["list_plants", "place_order"]
    assert phone.of("end") == [{"type": "end"}]
    assert (row["end_reason"], row["direction"], row["line"], row["request_id"]) == ("finished", "inbound", "conversation_relay", None)
    assert row["disclosure_played_at"]
    assert (await transcript())[0] == ("floyd", GREETING)


async def test_the_carrier_goes_over_to_another_language_and_back_when_the_caller_wants_it(carrier, kit, ended, placed, greeted):
    languages = placed.brief | {"language": "en-US", "languages": ["en-US", "fr-FR"]}
    await Call.objects.filter(pk=placed.pk).aupdate(brief=languages)
    kit.thinker.script = ["Bonjour.", "We have roses."]
    async with carrier() as phone:
        await greeted()
        await phone.hears("Parlez-vous français ?")
        await until(lambda: "Bonjour." in phone.spoken)
        await phone.hears("Do you speak English?")
        await until(lambda: "We have roses." in phone.spoken)
        await phone.hang_up()
        await ended()
    french, english = phone.of("language")
    assert french == {"type": "language", "ttsLanguage": "fr-FR", "transcriptionLanguage": "fr-FR"}
    assert english == {"type": "language", "ttsLanguage": "en-US", "transcriptionLanguage": "en-US"}
    # The carrier is told before it is sent the first words of that language, and says who speaks in it.
    order = [message.get("token") or message["ttsLanguage"] for message in phone.received if message["type"] in ("text", "language")]
    said = "".join(order)
    assert said.index("fr-FR") < said.index("Continuons en français") < said.index("Bonjour") < said.index("en-US") < said.index("go on in English")


async def test_a_greeting_that_was_not_played_to_its_end_is_said_again_before_anything_else(carrier, kit, transcript, ended, greeted):
    kit.thinker.script = ["Roses."]
    async with carrier(greeting="") as phone:
        await phone.tells("agentSpeaking", "on")
        await phone.tells("tokensPlayed", "Hello, this is")
        await phone.interrupts("Hello, this is")
        await until(lambda: GREETING in phone.spoken)
        assert phone.of("text")[0] == {"type": "text", "token": f"{GREETING} ", "last": True, "interruptible": False}
        await greeted()
        await phone.hang_up()
        row = await ended()
    assert row["disclosure_played_at"]


async def test_a_key_that_interrupts_is_no_noise_and_runs_its_tool(carrier, kit, use_cases, ended, transcript, greeted):
    kit.thinker.script = ["We sell plants of all kinds, and we are open all day long.", "We have roses."]
    async with carrier() as phone:
        await greeted()
        phone.holds = True
        await phone.hears("What do you do?")
        await until(lambda: phone.words.endswith("all day long."))
        await phone.interrupts("We sell plants")
        await phone.presses("1")
        phone.goes_on()
        await until(lambda: "We have roses." in phone.spoken)
        await phone.presses("9")
        await until(lambda: KEY_DOES_NOTHING in phone.spoken)
        await phone.hang_up()
        await ended()
    assert [wish.name for wish in use_cases.wishes] == ["list_plants"]
    lines = await transcript()
    assert ("floyd", "We sell plants") in lines
    assert "open all day" not in " ".join(phone.spoken)
    heard = [message["content"] for message in kit.thinker.asked[-1][0] if message["role"] == "assistant"]
    assert heard[-1] == "We sell plants Here is what we have."


async def test_what_a_tool_changes_holds_from_then_on_also_in_the_session_that_goes_on(carrier, kit, use_cases, ended, greeted):
    use_cases.answer = {"changes": PLACED}
    kit.thinker.script = [tool("list_plants"), "It is placed.", "Goodbye then."]
    async with carrier() as phone:
        await greeted()
        await phone.hears("One rose, please.")
        await until(lambda: "It is placed." in phone.spoken)
        await phone.presses("1")
        await until(lambda: "We open at nine." in phone.spoken)
        phone.cut()
        await until(lambda: lasting.broken)
    async with carrier(resumes=SESSION, session_id=ANOTHER) as phone:
        await until(lambda: BACK_AGAIN in phone.spoken)
        await phone.presses("1")
        await until(lambda: "We open at nine." in phone.spoken)
        await phone.hears("That was all.")
        await until(lambda: "Goodbye then." in phone.spoken)
        await phone.hang_up()
        await ended()
    before, *after = kit.thinker.asked
    assert "place_order" in offered(before) and [offered(question) for question in after] == [["opening_hours", "end_call"]] * 2
    assert all("The order is placed." in question[0][0]["content"] for question in after)
    assert GREETING not in phone.spoken and [wish.name for wish in use_cases.wishes] == ["list_plants"]


async def test_a_session_that_breaks_over_the_greeting_greets_again_and_keeps_its_key(carrier, kit, use_cases, ended, transcript, greeted):
    kit.thinker.script = ["We have roses."]
    async with carrier(holds=True) as phone:
        await phone.presses("1")
        phone.cut()
        await until(lambda: lasting.broken)
    async with carrier(resumes=SESSION, session_id=ANOTHER) as phone:
        await greeted()
        await until(lambda: "We have roses." in phone.spoken)
        assert phone.spoken[:2] == [BACK_AGAIN, GREETING]
        await phone.hang_up()
        row = await ended()
    assert (row["end_reason"], row["error"]) == ("callee_hung_up", "")
    assert BACK_AGAIN not in [text for _, text in await transcript()]


async def test_a_hand_off_is_told_to_the_carrier_and_the_call_goes_on_with_a_person(carrier, kit, use_cases, call_row, greeted, placed):
    use_cases.answer = {"say": "I'll put you through.", "hand_off": ("legal", "A contract.")}
    await sync_to_async(Call.objects.update)(brief=brief(greenhouse(live_agent="+15195550188")).to_json())
    async with carrier() as phone:
        await greeted()
        await phone.presses("1")
        await until(lambda: phone.closed is not None)
    await until(lambda: drain.active_calls() == 0)
    assert phone.of("end") == [{"type": "end", "handoffData": '{"reasonCode": "legal"}'}]
    assert use_cases.hand_offs == [(placed.pk, "legal", "A contract.")]
    row = await call_row()
    assert (row["status"], row["end_reason"], row["ended_at"]) == ("in_progress", "handed_off", None)


async def test_a_call_that_comes_back_goes_on_behind_what_was_said(carrier, kit, ended, transcript, rows, placed):
    again = "I'm still here, the AI assistant. Is there anything else?"
    await sync_to_async(placed.lines.create)(seq=7, speaker="callee", text="A person, please.", start_ms=0, end_ms=900)
    await sync_to_async(Call.objects.update)(brief=brief(introduction=again, lines_before=7).to_json())
    async with carrier(greeting=again) as phone:

        async def back():
            return ("floyd", again) in await transcript()

        await until(back)
        await phone.hang_up()
        await ended()
    assert (await transcript())[0] == ("callee", "A person, please.")
    assert [row["seq"] for row in await rows("select seq from calls_transcriptline order by seq")] == [7, 8]
