"""What the user says during a call reaches it: by a hint, and without one by the next look."""

import asyncio
import json

import pytest
from asgiref.sync import sync_to_async

from calls import services
from calls.lines import session
from calls.models import Call
from calls.status import CallStatus
from requests_app import services as requests_services
from requests_app.errors import InvalidAsk, NotFound, NotPossibleNow
from requests_app.models import Event
from requests_app.status import Status
from tests import cast
from tests.calls.lines.scene import until

ASK = "Ask whether there is homework."


def told(kit):
    return [json.loads(message["content"])["user_says"] for message in kit.thinker.asked[-1][0] if "user_says" in str(message["content"])[:14]]


@sync_to_async
def _whisper(placed):
    services.whisper(call_id=placed.pk, user=placed.user, text=ASK)


async def test_it_gets_into_the_next_reply_and_the_transcript(carrier, opened, kit, placed, transcript, ended):
    async with carrier() as phone:
        await opened()
        await _whisper(placed)
        await until(lambda: kit.thinker.asked)
        assert told(kit) == [ASK]
        assert ("user", ASK) in await transcript()
        await phone.hang_up()
        await ended()


async def test_without_a_hint_it_is_found_with_the_next_heartbeat(carrier, opened, kit, placed, ended, monkeypatch):
    monkeypatch.setattr(session, "HEARTBEAT_S", 0.2)
    async with carrier() as phone:
        await opened()
        await sync_to_async(Event.objects.create)(request_id=placed.request_id, seq=77, kind="whisper", text=ASK)
        await until(lambda: kit.thinker.asked)
        assert told(kit) == [ASK]
        await asyncio.sleep(0.5)
        assert len(kit.thinker.asked) == 1
        await phone.hang_up()
        await ended()


async def test_what_was_said_while_it_rang_is_known(carrier, opened, kit, placed, ended):
    await _whisper(placed)
    async with carrier() as phone:
        await opened()
        kit.recognizer.says("Okay, I will note it.")
        await until(lambda: kit.thinker.asked)
        assert told(kit) == [ASK]
        await phone.hang_up()
        await ended()


@pytest.mark.django_db
class TestRights:
    """Whose words count, and when."""

    @pytest.fixture
    def call(self, tom, at_once):
        request = cast.make_request(tom, status=Status.CALLING, attempt=1)
        return Call.objects.create(request=request, user=tom, attempt=1, number="+15195550110", status=CallStatus.IN_PROGRESS, brief={})

    def test_the_users_own_words_stand_on_the_timeline(self, call):
        requests_services.whisper(request_id=call.request_id, user=call.user, text=f"  {ASK}\n")
        assert Event.objects.get(kind="whisper").text == ASK

    @pytest.mark.parametrize("who", ["alice", "sam"])
    def test_nobody_elses(self, call, who):
        other = getattr(cast, who)()
        with pytest.raises(NotFound):
            services.whisper(call_id=call.pk, user=other, text=ASK)
        with pytest.raises(NotFound):
            requests_services.whisper(request_id=call.request_id, user=other, text=ASK)
        assert not Event.objects.filter(kind="whisper").exists()

    @pytest.mark.parametrize("text", ["", "  \n", "x" * 401])
    def test_something_and_not_too_much(self, call, text):
        with pytest.raises(InvalidAsk):
            services.whisper(call_id=call.pk, user=call.user, text=text)

    def test_not_to_a_call_that_is_over(self, call):
        Call.objects.update(status=CallStatus.COMPLETED)
        with pytest.raises(NotPossibleNow):
            services.whisper(call_id=call.pk, user=call.user, text=ASK)

    def test_not_when_floyd_is_not_on_the_phone(self, tom):
        request = cast.make_request(tom, status=Status.SCHEDULED)
        with pytest.raises(NotPossibleNow):
            requests_services.whisper(request_id=request.pk, user=tom, text=ASK)

    def test_not_without_end(self, call):
        for number in range(20):
            services.whisper(call_id=call.pk, user=call.user, text=f"{number}")
        with pytest.raises(NotPossibleNow):
            services.whisper(call_id=call.pk, user=call.user, text=ASK)
