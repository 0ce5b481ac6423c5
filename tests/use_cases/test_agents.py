"""The page of a hand-off: staff read why, the summary and what was said, with the tools that ran; that they did is written down."""

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Call
from calls.review_models import StaffReading
from context.models import User
from requests_app.errors import NeedsReason, NotFound
from tests.requests_app.test_page_escape import VECTORS, Shape
from tests.staff_reason import REASON, having_said_why
from tests.use_cases.people import dana, taken_call, version_of
from use_cases import agents
from use_cases.models import HandOff, ToolRun, UseCaseVersion

pytestmark = pytest.mark.django_db


def hand_off(words="Her lawyer will call."):
    call = taken_call(dana(first_name=words[:80]), version_of(title=words[:80]), brief={"callee_name": words})
    call.lines.create(seq=1, speaker="floyd", text="Hello.", intended="Hello.", start_ms=0, end_ms=900)
    call.lines.create(seq=2, speaker="callee", text=words, intended=words, start_ms=900, end_ms=1900)
    run = {
        "name": words[:100],
        "arguments": {"reason": words},
        "result": {"ok": True, "say": words},
        "effects": {"say": words, "changed": {"tools": ["opening_hours"]}},
        "line": 2,
        "tries": 2,
        "ms": 41,
    }
    ToolRun.objects.create(call=call, key="k1", **run)
    ToolRun.objects.create(call=call, key="k2", name="existing_appointments", line=0, tries=1)
    return HandOff.objects.create(call=call, code="legal", summary=words)


def page(client, user, found):
    client.force_login(user)
    if user.is_staff:
        having_said_why(client)
    return client.get(reverse("staff-hand-off", args=[found.pk]))


def test_staff_read_it_all_and_once_it_is_written_down_that_they_did(client, sam):
    found = hand_off()
    for _ in range(2):
        text = page(client, sam, found).content.decode()
    assert text.count("Her lawyer will call.") >= 4
    for shown in (f"Hand-off {found.pk}", "legal", "Whitfield", "41 ms", "2 tries", "existing_appointments", "opening_hours"):
        assert shown in text
    assert [(reading.staff, reading.reason) for reading in StaffReading.objects.filter(call=found.call)] == [(sam, REASON)]
    assert f"/staff/hand-offs/{found.pk}/" in client.get(reverse("staff-hand-offs")).content.decode()


def test_staff_are_asked_why_first(client, sam):
    found = hand_off()
    client.force_login(sam)
    address = reverse("staff-hand-off", args=[found.pk])
    assert client.get(address)["Location"] == f"/staff/reason/?next={address}" and not StaffReading.objects.exists()
    with pytest.raises(NeedsReason):
        agents.open_hand_off(sam, found.pk, reason="x")


class TestWhoTakesTheCall:
    """To whom it is handed this minute has the caller on the phone, and types no reason."""

    @pytest.fixture
    def found(self, sam):
        sam.phone, sam.phone_verified_at = "+15195550180", timezone.now()
        sam.save()
        found = hand_off()
        UseCaseVersion.objects.update(live_agent=sam.phone)
        Call.objects.update(status="in_progress")
        HandOff.objects.update(state="taken")
        return HandOff.objects.get(pk=found.pk)

    def opens(self, client, sam, found):
        client.force_login(sam)
        return client.get(reverse("staff-hand-off", args=[found.pk])).status_code == 200

    @pytest.mark.parametrize("state", ["ringing", "taken"])
    def test_reads_at_once_and_the_log_says_so(self, client, sam, found, state):
        HandOff.objects.update(state=state)
        assert self.opens(client, sam, found)
        assert [(row.staff, row.what, row.row, row.reason) for row in StaffReading.objects.all()] == [
            (sam, "hand-off", str(found.pk), "Took over the call")
        ]

    def test_not_when_the_call_is_over_or_nobody_took_it(self, client, sam, found):
        Call.objects.update(status="completed")
        assert not self.opens(client, sam, found)
        Call.objects.update(status="in_progress")
        HandOff.objects.update(state="nobody")
        assert not self.opens(client, sam, found)

    @pytest.mark.parametrize("change", [{"phone": "+15195550181"}, {"phone_verified_at": None}, {"phone": ""}])
    def test_not_with_another_number_or_one_that_nobody_checked(self, client, sam, found, change):
        User.objects.filter(pk=sam.pk).update(**change)
        sam.refresh_from_db()
        assert not self.opens(client, sam, found)

    def test_no_number_is_nobodys(self, client, sam, found):
        User.objects.filter(pk=sam.pk).update(phone="")
        UseCaseVersion.objects.update(live_agent="")
        sam.refresh_from_db()
        assert not self.opens(client, sam, found)


def test_for_everybody_else_there_is_no_such_page(client, tom):
    found = hand_off()
    assert page(client, tom, found).status_code == 404
    assert client.get(reverse("staff-hand-offs")).status_code == 404
    with pytest.raises(NotFound):
        agents.open_hand_off(tom, found.pk)
    with pytest.raises(NotFound):
        agents.hand_offs(tom)
    assert not StaffReading.objects.exists()


def test_the_list_of_none(client, sam):
    client.force_login(sam)
    assert "No call was handed" in client.get(reverse("staff-hand-offs")).content.decode()


def test_words_of_the_call_make_no_element(client, sam):
    first = hand_off("plain words")
    call, plain = first.call, Shape(page(client, sam, first).content.decode()).seen
    for words in VECTORS[:40]:
        HandOff.objects.all().delete()
        found = HandOff.objects.create(call=call, code="legal", summary=words)
        call.lines.update(text=words, intended=words)
        call.tool_runs.update(name=words[:100], arguments={"x": words}, result={"x": words})
        assert Shape(page(client, sam, found).content.decode()).seen == plain
