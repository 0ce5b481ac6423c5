"""What the user does with a call reaches it: keys are heard on the line, hanging up ends it."""

from asgiref.sync import sync_to_async

from calls import controlling
from calls.lines import session
from requests_app.models import Event
from tests.calls.lines.scene import until


@sync_to_async
def _press(placed, keys):
    controlling.press_keys(call_id=placed.pk, user=placed.user, keys=keys)


@sync_to_async
def _hang_up(placed):
    controlling.hang_up(call_id=placed.pk, user=placed.user)


async def test_keys_are_heard_on_the_line_and_stand_in_the_transcript(carrier, opened, kit, placed, transcript, ended):
    async with carrier() as phone:
        await opened()
        before = sum(message["event"] == "media" for message in phone.received)
        await _press(placed, "42#")
        await until(lambda: sum(message["event"] == "media" for message in phone.received) > before)

        async def written():
            return ("system", "Pressed 42#") in await transcript()

        await until(written)
        await phone.hang_up()
        await ended()


async def test_hanging_up_says_goodbye_and_ends_the_call(carrier, opened, kit, placed, transcript, ended):
    async with carrier() as phone:
        await opened()
        await _hang_up(placed)
        row = await ended()
        assert row["end_reason"] == "hung_up_by_user" and row["status"] == "completed"
        assert (await transcript())[-1] == ("floyd", "Thank you, goodbye.")
        await until(lambda: phone.closed is not None)


async def test_what_was_done_with_another_call_of_the_request_is_not_done_again(carrier, opened, kit, placed, transcript, ended, monkeypatch):
    monkeypatch.setattr(session, "HEARTBEAT_S", 0.1)
    async with carrier() as phone:
        await opened()
        other = {"call": "0199aaaa-0000-7000-8000-000000000000", "keys": "9"}
        await sync_to_async(Event.objects.create)(request_id=placed.request_id, seq=77, kind="press_keys", data=other)
        await sync_to_async(Event.objects.create)(request_id=placed.request_id, seq=78, kind="whisper", text="Ask about Sunday.")
        await until(lambda: kit.thinker.asked)
        assert not any(speaker == "system" for speaker, _ in await transcript())
        await phone.hang_up()
        await ended()
