"""A recording is heard by whose call it is, and by staff who have said why; part by part, and for as long as it is kept."""

import wave
from datetime import timedelta
from io import BytesIO

import numpy as np
import pytest
from django.utils import timezone

from calls import holdings
from calls.models import Call
from calls.recording.models import SoundChunk
from calls.review_models import StaffReading
from calls.status import CallStatus
from context import export
from requests_app import retention
from requests_app.access import open_for_staff
from requests_app.fragments import request_fragment
from requests_app.models import Request
from tests.calls.recording.scene import OURS_HZ, THEIRS_HZ, with_sound
from tests.calls.review.scene import REASON, ended_call, in_queue
from tests.cast import make_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


@pytest.fixture
def call(tom):
    return with_sound(in_queue(tom).call)


def body(response):
    return b"".join(response)


def loudest_hz(samples):
    return int(np.argmax(np.abs(np.fft.rfft(samples))) * 8_000 / len(samples))


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume asynchronous iterators")
class TestTheFile:
    """Of the user whose call it is."""

    @pytest.fixture(autouse=True)
    def signed_in(self, client, tom):
        client.force_login(tom)

    def test_it_holds_both_sides_and_the_pause_between(self, client, call):
        answer = client.get(f"/calls/{call.pk}/recording.wav")
        assert (answer.status_code, answer["Content-Type"], answer["Accept-Ranges"]) == (200, "audio/wav", "bytes")
        assert answer["Cache-Control"] == "private, no-store"
        file = body(answer)
        assert len(file) == int(answer["Content-Length"])
        with wave.open(BytesIO(file)) as read:
            samples = np.frombuffer(read.readframes(read.getnframes()), "<i2").reshape(-1, 2)
        assert len(samples) == 14 * 8_000
        assert loudest_hz(samples[:8_000, 1]) == OURS_HZ and not samples[:8_000, 0].any()
        assert not samples[6 * 8_000 : 8 * 8_000].any()
        assert loudest_hz(samples[-8_000:, 0]) == THEIRS_HZ and not samples[-8_000:, 1].any()

    @pytest.mark.parametrize(("first", "last"), [(0, 0), (10, 99), (44, 44), (43, 4_711), (200_001, 300_002), (447_990, 448_043)])
    def test_any_part_of_it_is_that_part_of_the_whole(self, client, call, first, last):
        whole = body(client.get(f"/calls/{call.pk}/recording.wav"))
        part = client.get(f"/calls/{call.pk}/recording.wav", headers={"Range": f"bytes={first}-{last}"})
        assert (part.status_code, part["Content-Range"]) == (206, f"bytes {first}-{last}/{len(whole)}")
        assert body(part) == whole[first : last + 1]

    def test_behind_the_end_is_nothing(self, client, call):
        answer = client.get(f"/calls/{call.pk}/recording.wav", headers={"Range": "bytes=9999999-"})
        assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{44 + 14 * 32_000}")
        head = client.head(f"/calls/{call.pk}/recording.wav")
        assert (head.status_code, head["Content-Length"], head.content) == (200, str(44 + 14 * 32_000), b"")

    def test_the_page_without_scripts_has_player_and_lines(self, client, call):
        page = client.get(f"/calls/{call.pk}/recording/").content.decode()
        assert "<audio controls" in page and "Brock Road School, good morning." in page and "[[0, -3000]]" in page
        part = client.get(f"/calls/{call.pk}/recording/", headers={"HX-Request": "true"}).content.decode()
        assert "<audio controls" in part and "<html" not in part and "Floyd on the right" not in part  # that stands on the card already

    def test_what_was_lost_is_said(self, client, tom):
        call = with_sound(ended_call(tom), lost_ms=61_000)
        assert "1:01 of it could not be kept" in client.get(f"/calls/{call.pk}/recording/").content.decode()

    def test_nothing_is_heard_of_who_objected_or_was_never_recorded(self, client, call, tom):
        Call.objects.filter(pk=call.pk).update(recording="refused")
        for one in (call, ended_call(tom)):
            assert client.get(f"/calls/{one.pk}/recording.wav").status_code == 404
            assert "<audio" not in client.get(f"/calls/{one.pk}/recording/").content.decode()

    def test_the_request_page_leads_to_it(self, client, call):
        page = client.get(f"/requests/{call.request_id}/").content.decode()
        assert f'hx-get="/calls/{call.pk}/recording/"' in page and ">Recorded<" in page and "could not be kept" not in page

    def test_the_request_page_says_what_was_lost(self, client, tom):
        call = with_sound(in_queue(tom).call, lost_ms=61_000)
        assert "1:01 of it could not be kept" in client.get(f"/requests/{call.request_id}/").content.decode()

    def test_while_it_is_on_the_card_says_so(self, client, call):
        Call.objects.filter(pk=call.pk).update(status=CallStatus.IN_PROGRESS, recording="on")
        page = client.get(f"/requests/{call.request_id}/").content.decode()
        assert ">Recording<" in page and "/recording/" not in page


class TestWhoMay:
    """Nobody else."""

    def test_strangers_sign_in_and_others_find_nothing(self, client, call, alice):
        for address in (f"/calls/{call.pk}/recording.wav", f"/calls/{call.pk}/recording/"):
            assert client.get(address).status_code == 302
        client.force_login(alice)
        for address in (f"/calls/{call.pk}/recording.wav", f"/calls/{call.pk}/recording/", f"/staff/calls/{call.pk}/recording.wav"):
            assert client.get(address).status_code == 404

    def test_staff_who_look_at_the_request_are_told_where_they_hear_it(self, client, call, sam):
        client.force_login(sam)
        asked = {"HX-Request": "true"}
        assert client.get(f"/calls/{call.pk}/recording/", headers=asked).status_code == 404
        open_for_staff(sam, call.request_id, reason=REASON)
        part = client.get(f"/calls/{call.pk}/recording/", headers=asked).content.decode()
        assert f'href="/staff/calls/{call.pk}/"' in part and "<audio" not in part
        assert client.get(f"/calls/{call.pk}/recording.wav").status_code == 404

    def test_staff_say_why_and_that_they_heard_it_is_noted(self, client, call, sam):
        client.force_login(sam)
        address = f"/staff/calls/{call.pk}/recording.wav"
        assert client.get(f"/calls/{call.pk}/recording.wav").status_code == 404
        assert client.get(address).url.startswith("/staff/reason/")
        assert not StaffReading.objects.exists()
        client.post("/staff/reason/", {"reason": REASON})
        for _ in range(3):
            assert client.get(address, headers={"Range": "bytes=0-99"}).status_code == 206
        reading = StaffReading.objects.get()
        assert (reading.what, reading.reason, reading.staff) == ("recording", REASON, sam)
        page = client.get(f"/staff/calls/{call.pk}/").content.decode()
        assert f'src="{address}"' in page and 'data-ms="3000"' in page

    def test_a_call_without_one_has_no_player(self, client, tom, sam):
        review = in_queue(tom)
        client.force_login(sam)
        client.post("/staff/reason/", {"reason": REASON})
        assert "<audio" not in client.get(f"/staff/calls/{review.pk}/").content.decode()


class TestHowLong:
    """Its own time, and no longer than what it belongs to."""

    def test_it_goes_when_its_time_is_over_and_the_transcript_stays(self, call, settings):
        settings.KEEP_RECORDINGS_DAYS = 7
        holdings.forget_old_sound()
        assert SoundChunk.objects.count() == 2
        SoundChunk.objects.update(created_at=timezone.now() - timedelta(days=7, minutes=1))
        assert holdings.forget_old_sound() == 2
        assert not SoundChunk.objects.exists() and call.lines.exists()

    def test_what_was_objected_to_goes_at_once_should_any_be_left(self, call):
        Call.objects.filter(pk=call.pk).update(recording="refused")
        assert holdings.forget_old_sound() == 2

    def test_it_goes_with_its_request(self, call, settings):
        settings.KEEP_RECORDS_DAYS, settings.KEEP_RECORDS_LEAST_DAYS = 1, 0
        Request.objects.filter(pk=call.request_id).update(ended_at=timezone.now() - timedelta(days=2))
        assert retention.forget_old() == 1
        assert not SoundChunk.objects.exists()

    def test_its_user_takes_it_along(self, call, tom):
        text = "".join(export.text_of(tom))
        assert '"sound": [{' in text and '"theirs": "//////' in text


class TestTheMark:
    """Lists say quietly which calls can be listened to."""

    MARK = 'class="recorded"'

    def shown(self, client, user, address):
        client.force_login(user)
        return client.get(address).content.decode()

    @pytest.mark.parametrize("address", ["/", "/requests/"])
    def test_a_request_with_a_recording_is_marked_until_it_is_kept_no_longer(self, client, tom, call, address):
        make_request(tom, status="done")
        assert self.shown(client, tom, address).count(self.MARK) == 1
        SoundChunk.objects.all().delete()
        assert self.MARK not in self.shown(client, tom, address)

    def test_what_is_pushed_has_it_too(self, call):
        ref = str(call.request_id)
        assert request_fragment(ref).count(self.MARK) == 2  # its row in the list, and in that of all requests
        SoundChunk.objects.all().delete()
        assert self.MARK not in request_fragment(ref)

    def test_nothing_is_marked_while_the_call_goes_on(self, client, tom, call):
        Call.objects.filter(pk=call.pk).update(ended_at=None)
        assert self.MARK not in self.shown(client, tom, "/requests/")

    def test_the_queue_of_reviews_marks_its_rows(self, client, tom, sam, call):
        in_queue(tom)
        assert self.shown(client, sam, "/staff/").count(self.MARK) == 1
