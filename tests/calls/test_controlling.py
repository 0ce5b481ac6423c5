"""What a user does with their call: it reaches the line, by a hint or without, only from them, and only while somebody is there."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.db.models.functions import Now
from django.urls import reverse

from calls import controlling, wrap_up
from calls.conversation.controlling import MOST_PRESSES
from calls.listening_models import Listening
from calls.models import CONVERSATION_RELAY, Call, Speaker, TranscriptLine
from calls.status import CallStatus
from live.fragments import render
from requests_app import whispering
from requests_app.errors import InvalidAsk, NotFound, NotPossibleNow
from requests_app.models import Event
from requests_app.status import Status
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(tom, at_once):
    """Tom's call to the school, going on."""
    request = cast.make_request(tom, status=Status.CALLING, attempt=1)
    return Call.objects.create(
        request=request, user=tom, attempt=1, number="+15195550110", status=CallStatus.IN_PROGRESS, brief={"callee_name": "Brock Road School"}
    )


def events(kind):
    return [(event.text, event.data) for event in Event.objects.filter(kind=kind)]


def test_keys_stand_on_the_timeline(call):
    controlling.press_keys(call_id=call.pk, user=call.user, keys="44-17 #")
    assert events("press_keys") == [("You pressed 4417#.", {"call": str(call.pk), "keys": "4417#"})]


def test_hanging_up_stands_there_too_and_cancels_nothing(call):
    controlling.hang_up(call_id=call.pk, user=call.user)
    Event.objects.update(created_at=Now() - controlling.DOUBLE_CLICK)
    controlling.hang_up(call_id=call.pk, user=call.user)
    assert [text for text, _ in events("hang_up")] == ["You hung up.", "You hung up at once."]
    call.request.refresh_from_db()
    assert call.request.status == Status.CALLING


def test_a_double_click_hangs_up_once_and_the_callee_hears_a_goodbye(call):
    first, second = (controlling.hang_up(call_id=call.pk, user=call.user) for _ in range(2))
    assert first == second and [text for text, _ in events("hang_up")] == ["You hung up."]


def test_a_call_that_was_taken_over_says_in_which_browser(call):
    agent = "Mozilla/5.0 (Android 14; Mobile; rv:131.0) Firefox/131.0"
    UserSession.objects.create(user=call.user, session_key="phone", ip="192.0.2.7", user_agent=agent)
    phone = Listening.objects.create(call=call, user=call.user, session_key="phone", joined_at=Now())
    controlling.take_over(call_id=call.pk, user=call.user, listening_id=phone.pk)
    assert "data-taken" not in render(("call", str(call.pk)))
    Call.objects.filter(pk=call.pk).update(situation="taken_over", situation_since=Now())
    assert "taken over · Firefox on Android" in render(("call", str(call.pk)))
    UserSession.objects.all().delete()
    assert "Firefox" not in render(("call", str(call.pk)))


@pytest.mark.parametrize("who", ["alice", "sam"])
@pytest.mark.parametrize("action", [controlling.hang_up, lambda **how: controlling.press_keys(keys="1", **how)])
def test_nobody_else_does(call, who, action):
    with pytest.raises(NotFound):
        action(call_id=call.pk, user=getattr(cast, who)())
    assert not Event.objects.filter(kind__in=list(controlling.Control)).exists()


@pytest.mark.parametrize("status", [CallStatus.RINGING, CallStatus.COMPLETED])
def test_not_while_nobody_is_on_the_line(call, status):
    Call.objects.update(status=status)
    for action in (
        lambda: controlling.press_keys(call_id=call.pk, user=call.user, keys="1"),
        lambda: controlling.hang_up(call_id=call.pk, user=call.user),
    ):
        with pytest.raises(NotPossibleNow):
            action()


def test_something_that_is_a_key_and_not_without_end(call):
    with pytest.raises(InvalidAsk):
        controlling.press_keys(call_id=call.pk, user=call.user, keys="hello")
    for _ in range(MOST_PRESSES):
        controlling.press_keys(call_id=call.pk, user=call.user, keys="1")
    with pytest.raises(NotPossibleNow):
        controlling.press_keys(call_id=call.pk, user=call.user, keys="1")


def test_a_call_that_its_user_ended_is_summed_up(call, hints, monkeypatch):
    concluded = []
    monkeypatch.setattr("calls.concluding.conclude", concluded.append)
    TranscriptLine.objects.create(call=call, seq=1, speaker=Speaker.CALLEE, text="We have noted it.", start_ms=0, end_ms=1)
    Call.objects.update(status=CallStatus.COMPLETED, end_reason="hung_up_by_user")
    wrap_up.wrap_up(call.pk)
    assert [one.pk for one in concluded] == [call.pk]


class TestPage:
    """The controls, in place and on a page of their own."""

    @pytest.fixture
    def toms(self, client, tom):
        client.force_login(tom)
        return client

    def test_they_come_in_place_and_as_a_page(self, toms, call):
        address = reverse("call-controls", args=[call.pk])
        page = toms.get(address).content.decode()
        part = toms.get(address, headers={"HX-Request": "true"}).content.decode()
        assert "<html" in page and "<html" not in part
        for html in (page, part):
            assert 'name="text"' in html and html.count('name="keys"') == 13 and "Hang up" in html

    def test_the_page_of_the_request_brings_them_while_the_call_is_on(self, toms, call):
        address, link = f"/requests/{call.request_id}/", f'hx-get="{reverse("call-controls", args=[call.pk])}"'
        assert link in toms.get(address).content.decode()
        Call.objects.update(status=CallStatus.COMPLETED)
        assert link not in toms.get(address).content.decode()

    def test_where_nobody_can_listen_in_the_page_says_why(self, toms, call):
        address = reverse("call-controls", args=[call.pk])
        assert "Listen in" in toms.get(address).content.decode()
        Call.objects.update(line=CONVERSATION_RELAY)
        html = toms.get(address).content.decode()
        assert "Listen in" not in html and "does not pass through Floyd, so nobody can listen in or take over" in html

    def test_what_was_cut_short_is_marked_in_the_transcript(self, toms, call):
        whole = TranscriptLine(call=call, seq=1, speaker=Speaker.FLOYD, text="Hi.", intended="Hi.", start_ms=0, end_ms=1)
        cut = TranscriptLine(call=call, seq=2, speaker=Speaker.FLOYD, text="I call", intended="I call for Tom.", start_ms=2, end_ms=3)
        TranscriptLine.objects.bulk_create([whole, cut])
        html = toms.get(f"/requests/{call.request_id}/").content.decode()
        assert html.count("cut short") == 1 and html.index("cut short") > html.index("Hi.")

    @pytest.mark.parametrize(("name", "data", "kind"), [
        ("whisper", {"text": "Ask about Sunday."}, "whisper"),
        ("press-keys", {"keys": "2"}, "press_keys"),
        ("hang-up", {}, "hang_up"),
    ])  # fmt: skip
    def test_each_works_without_scripts_and_in_place(self, toms, call, name, data, kind):
        address = reverse(name, args=[call.pk])
        assert toms.post(address, data).url == f"/requests/{call.request_id}/"
        Event.objects.update(created_at=Now() - controlling.DOUBLE_CLICK)
        other = {"text": "And about Monday."} if "text" in data else data
        assert toms.post(address, other, headers={"HX-Request": "true"}).status_code == 200
        assert len(events(kind)) == 2

    def test_a_second_click_tells_floyd_nothing_again(self, toms, call, monkeypatch):
        """It would ask the callee twice. The same words are said again once some time has passed."""
        for _ in range(2):
            toms.post(reverse("whisper", args=[call.pk]), {"text": "Ask about Sunday."})
        assert len(events("whisper")) == 1
        monkeypatch.setattr(whispering, "SECOND_CLICK", timedelta(0))
        toms.post(reverse("whisper", args=[call.pk]), {"text": "Ask about Sunday."})
        assert len(events("whisper")) == 2

    def test_what_is_wrong_is_said_and_what_was_typed_stays(self, toms, call):
        response = toms.post(reverse("whisper", args=[call.pk]), {"text": "x" * 401}, headers={"HX-Request": "true"})
        assert response.status_code == 422 and "x" * 401 in response.content.decode() and 'role="alert"' in response.content.decode()
        Call.objects.update(status=CallStatus.COMPLETED)
        late = toms.post(reverse("hang-up", args=[call.pk]), headers={"HX-Request": "true"})
        assert late.status_code == 409 and "not on the line" in late.content.decode()

    def test_who_presses_keys_can_press_more_at_once(self, toms, call):
        """The keypad stays open with its field, which holds what was wrong; telling and hanging up leave it alone."""
        inplace = {"HX-Request": "true"}
        address = reverse("press-keys", args=[call.pk])
        pressed, wrong = (toms.post(address, {"keys": keys}, headers=inplace).content.decode() for keys in ("4417#", "abc"))
        for html in (pressed, wrong):
            assert 'keypad" open' in html and html.index("autofocus") > html.index("keypad") and html.count("autofocus") == 1
        assert 'value="abc"' in wrong and 'value="4417#"' not in pressed
        told = toms.post(reverse("whisper", args=[call.pk]), {"text": "Ask about Sunday."}, headers=inplace).content.decode()
        assert 'keypad" open' not in told and told.index("autofocus") < told.index("keypad")
        assert "autofocus" not in toms.post(reverse("hang-up", args=[call.pk]), headers=inplace).content.decode()

    def test_what_was_done_is_said_where_a_screen_reader_listens_already(self, toms, call):
        place = f'id="steered-{call.pk}" role="status"></p>'
        assert place in toms.get(reverse("call-controls", args=[call.pk]), headers={"HX-Request": "true"}).content.decode()
        told = toms.post(reverse("whisper", args=[call.pk]), {"text": "Ask about Sunday."}, headers={"HX-Request": "true"}).content.decode()
        assert f'<hx-partial hx-target="#steered-{call.pk}" hx-swap="innerHTML">Floyd was told.</hx-partial>' in told

    def test_staff_who_look_see_that_they_only_look(self, client, sam, call):
        from requests_app.access import open_for_staff

        open_for_staff(sam, call.request_id, reason="Tom asked for help")
        client.force_login(sam)
        html = client.get(reverse("call-controls", args=[call.pk]), headers={"HX-Request": "true"}).content.decode()
        assert "<form" not in html and "Tom Redmond" in html
        assert client.post(reverse("press-keys", args=[call.pk]), {"keys": "1"}).status_code == 404
