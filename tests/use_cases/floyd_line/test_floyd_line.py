"""Users act by phone with their PIN, and only then; whoever else rings learns and moves nothing."""

from datetime import UTC, datetime

import pytest

from calls.conversation.reception.prompt import prefix_for, specs_for
from calls.lines.tool_runs import Wish
from requests_app import services
from requests_app.models import Channel, Question, Request
from requests_app.status import Status
from tests.cast import PASSWORD, make_request
from tests.use_cases.people import OUR_NUMBER, dana, taken_call
from tests.use_cases.tool_calls import a_call
from use_cases import running
from use_cases.answering import brief_for
from use_cases.floyd_line.models import PhonePin
from use_cases.floyd_line.pin import MOST_WRONG, BadPinError, Tried, check_new, read_pin, set_pin, try_pin, was_given
from use_cases.floyd_line.tools import answer_question, cancel_request, enter_pin, how_things_stand
from use_cases.floyd_line.tools import make_request as make_request_tool
from use_cases.loading import load_all
from use_cases.models import InboundNumber, ToolRun, UseCase

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
PIN = "7294"
WISH = "Call the dentist and book a cleaning next week."


@pytest.fixture
def call(tom):
    set_pin(user=tom, pin=PIN)
    return a_call(NOW, dana(number=tom.phone, user=tom))


class TestPins:
    @pytest.mark.parametrize(
        ("said", "pin"),
        {
            "7294": "7294",
            "7294#": "7294",
            "7 2 9 4": "7294",
            "seven two nine four": "7294",
            "My PIN is seven, two, nine, four.": "7294",
            "oh four two one": "0421",
            "12345678": "12345678",
            "729": None,
            "123456789": None,
            "seventy two ninety four": "7294",
            "seven thousand two hundred ninety four": "7294",
            "it was seven two nine four": None,
            "": None,
            "drop it": None,
            "٧٢٩٤": None,
        }.items(),
    )
    def test_a_pin_is_read_keyed_or_spoken(self, said, pin):
        assert read_pin(said) == pin

    @pytest.mark.parametrize("pin", ["0000", "1234", "4321", "7890", "0987", "123", "123456789", "12a4", "", "0142", "٧٢٩٤"])
    def test_what_others_would_try_first_is_no_pin(self, pin):
        with pytest.raises(BadPinError):
            check_new(pin, "+15195550142")

    def test_it_is_kept_as_a_hash(self, tom):
        set_pin(user=tom, pin=PIN)
        assert PIN not in PhonePin.objects.get().digits

    def test_it_is_not_written_down_with_the_tool(self, tom):
        set_pin(user=tom, pin=PIN)
        load_all()
        version = UseCase.objects.get(slug="floyd_line").current
        assert version is not None
        call = taken_call(dana(number=tom.phone, user=tom), version)
        running.run(Wish(call.pk, "k.t1", "t1", "enter_pin", f'{{"pin": "{PIN}"}}', 1))
        row = ToolRun.objects.get()
        assert (row.arguments, row.result) == ({"pin": running.HIDDEN}, {"ok": True, "unlocked": True, "caller": tom.name})

    def test_a_few_wrong_ones_lock_it_in_all_calls_until_a_new_one_is_set(self, call, tom):
        for _ in range(MOST_WRONG - 1):
            assert "not the PIN" in call.refusal(enter_pin, pin="9999")
        assert "locked" in call.refusal(enter_pin, pin="9999")
        other = a_call(NOW, call.context.caller)
        assert "locked" in other.refusal(enter_pin, pin=PIN)
        set_pin(user=tom, pin="8305")
        assert other(enter_pin, pin="8305")["unlocked"] is True

    def test_a_right_one_forgives_the_wrong_ones_before(self, call):
        for _ in range(2):
            for _ in range(MOST_WRONG - 1):
                call.refusal(enter_pin, pin="9999")
            assert call(enter_pin, pin=PIN)["unlocked"] is True

    def test_it_counts_for_this_call_only(self, call, tom):
        call(enter_pin, pin=PIN)
        other = a_call(NOW, call.context.caller)
        assert (was_given(call.context.call_id), was_given(other.context.call_id)) == (True, False)

    def test_who_has_none_is_told_where_to_set_it(self, call, tom):
        PhonePin.objects.all().delete()
        assert "/settings/phone-pin/" in call.refusal(enter_pin, pin=PIN)
        assert try_pin(user=tom, call_id=call.context.call_id, said=PIN) is Tried.NONE_SET


class TestActing:
    @pytest.mark.parametrize(
        ("tool", "arguments"),
        [(make_request_tool, {"wish": WISH}), (cancel_request, {"number": 1}), (answer_question, {"number": 1, "words": "yes"})],
    )
    def test_nothing_is_done_before_the_pin(self, call, tom, tool, arguments):
        services.ask_question(request=make_request(tom, status=Status.WAITING_FOR_USER), kind="yes_no", text="May I?", step="call")
        assert "PIN" in call.refusal(tool, **arguments)
        assert (Request.objects.get().status, Question.objects.get().answer) == (Status.WAITING_FOR_USER, None)

    def test_a_wish_becomes_a_request_once(self, call, tom, hints):
        call(enter_pin, pin=PIN)
        for _ in range(2):
            assert call(make_request_tool, key="k", wish=WISH)["taken"] == WISH
        request = Request.objects.get()
        assert (request.user, request.channel, request.status) == (tom, Channel.CALL, Status.PENDING)
        assert hints.ids("requests.pick_up") == [str(request.pk)]

    def test_a_request_is_stopped(self, call, tom):
        request = make_request(tom, status=Status.SCHEDULED)
        call(enter_pin, pin=PIN)
        call(cancel_request, number=1)
        request.refresh_from_db()
        assert request.status == Status.CANCELLED
        assert "already ended" in call.refusal(cancel_request, number=1)
        assert "none with that number" in call.refusal(cancel_request, number=2)

    def test_a_question_is_answered_in_the_callers_words(self, call, tom):
        asked = services.ask_question(
            request=make_request(tom, status=Status.WAITING_FOR_USER), kind="money", text="They want $60. How much may I spend?", step="call"
        )
        call(enter_pin, pin=PIN)
        assert call(how_things_stand)["questions"] == [{"number": 1, "question": "They want $60. How much may I spend?"}]
        assert call(answer_question, number=1, words="up to eighty dollars")["result"] == "answered"
        asked.refresh_from_db()
        assert (asked.answer, asked.answered_by) == ({"amount_minor": 8000, "currency": "CAD"}, "call")

    def test_more_than_the_limit_needs_a_tap_also_by_phone(self, call, tom):
        services.ask_question(request=make_request(tom, status=Status.WAITING_FOR_USER), kind="money", text="They want $900.", step="call")
        call(enter_pin, pin=PIN)
        assert call(answer_question, number=1, words="$900")["result"] == "needs_tap"
        assert Request.objects.get().limit_minor is None


class TestTelling:
    def test_before_the_pin_nothing_of_theirs_is_told(self, call, tom):
        make_request(tom, status=Status.DONE, ask="Call the florist", outcome={"summary": "Peonies for $60."})
        refusal = call.refusal(how_things_stand)
        assert "PIN" in refusal
        assert "florist" not in refusal
        call(enter_pin, pin=PIN)
        told = {"requests": [{"number": 1, "about": "Call the florist", "stands": "Done", "outcome": "Peonies for $60."}], "questions": []}
        assert call(how_things_stand) == told

    def test_who_has_set_none_hears_where_and_nothing_else(self, call, tom):
        PhonePin.objects.all().delete()
        make_request(tom, ask="Call the florist")
        for tool, arguments in ((how_things_stand, {}), (make_request_tool, {"wish": WISH})):
            refusal = call.refusal(tool, **arguments)
            assert "/settings/phone-pin/" in refusal
            assert "florist" not in refusal

    def test_the_model_knows_no_name_before_the_pin_and_cannot_pass_one_on(self, tom):
        set_pin(user=tom, pin=PIN)
        load_all()
        version = UseCase.objects.get(slug="floyd_line").current
        assert version is not None
        caller = dana(number=tom.phone, user=tom, first_name="Thomas", last_name="Redmond")
        brief = brief_for(version, caller, time_zone="UTC", menu=False)
        assert brief.use_case is not None
        prompt = str(prefix_for(brief.use_case)["content"])
        assert not any(name in prompt + brief.callee_name for name in ("Thomas", "Redmond", tom.name))
        assert (brief.use_case.expects_pin, '"pin_is_set": true' in prompt) == (True, True)
        offered = [spec["function"]["name"] for spec in specs_for(brief.use_case)]
        assert "how_things_stand" in offered
        assert "enter_pin" not in offered

    def test_others_requests_are_not_told(self, call, alice):
        make_request(alice)
        call(enter_pin, pin=PIN)
        assert call(how_things_stand)["requests"] == []

    def test_whom_floyd_does_not_know_hears_nothing(self, tom):
        make_request(tom)
        stranger = a_call(NOW)
        for tool, arguments in ((how_things_stand, {}), (make_request_tool, {"wish": WISH}), (enter_pin, {"pin": PIN})):
            assert "nobody whom Floyd works for" in stranger.refusal(tool, **arguments)
        assert Request.objects.count() == 1

    def test_who_was_shut_out_hears_nothing(self, call, tom):
        tom.is_active = False
        tom.save()
        assert "nobody whom" in call.refusal(how_things_stand)


class TestThePage:
    def test_a_pin_is_set_and_removed_with_the_password(self, client, tom):
        assert client.post("/accounts/login/", {"login": tom.email, "password": PASSWORD}).status_code == 302
        assert "Remove the PIN" not in client.get("/settings/phone-pin/").content.decode()
        assert client.post("/settings/phone-pin/", {"pin": PIN}).status_code == 303
        assert PhonePin.objects.get().user == tom
        assert "Remove the PIN" in client.get("/settings/phone-pin/").content.decode()
        client.post("/settings/phone-pin/", {"remove": "1"})
        assert not PhonePin.objects.exists()

    def test_a_pin_that_will_not_do_is_refused_with_the_reason(self, client, tom):
        client.post("/accounts/login/", {"login": tom.email, "password": PASSWORD})
        answer = client.post("/settings/phone-pin/", {"pin": "1234"})
        assert answer.status_code == 422
        assert "first that anybody would try" in answer.content.decode()
        assert 'value="1234"' not in answer.content.decode()
        assert not PhonePin.objects.exists()

    def test_it_shows_which_number_to_call_and_as_whom_floyd_knows_one(self, client, tom):
        client.post("/accounts/login/", {"login": tom.email, "password": PASSWORD})
        InboundNumber.objects.all().delete()
        assert "no number of its own" in client.get("/settings/phone-pin/").content.decode()
        InboundNumber.objects.create(number=OUR_NUMBER, menu=True)
        page = client.get("/settings/phone-pin/").content.decode()
        assert f"tel:{OUR_NUMBER}" in page
        assert f"when you call from {tom.phone}" in page

    def test_a_user_says_what_callers_of_their_own_number_may_hear_and_nobody_elses(self, client, tom, alice):
        client.post("/accounts/login/", {"login": tom.email, "password": PASSWORD})
        InboundNumber.objects.all().delete()
        InboundNumber.objects.create(number=OUR_NUMBER, user=tom)
        hers = InboundNumber.objects.create(number="+15195550101", user=alice)
        client.post("/settings/phone-pin/", {"callers": "1", "tells": [OUR_NUMBER, hers.number]})
        assert dict(InboundNumber.objects.values_list("number", "tells_free_busy")) == {OUR_NUMBER: True, hers.number: False}
        client.post("/settings/phone-pin/", {"callers": "1"})
        assert not InboundNumber.objects.filter(tells_free_busy=True).exists()
