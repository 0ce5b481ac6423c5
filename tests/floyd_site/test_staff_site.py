"""The admin asks staff why before it shows anything of anybody, and logs what they open; whose it is reads that."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from calls.review import readings, reasons
from calls.review_models import StaffReading
from context.models import Fact, User
from floyd_site.staff_site import NOBODYS
from requests_app.status import Status
from tests.calls.review.scene import in_queue
from tests.cast import PASSWORD, make_request
from tests.staff_reason import REASON, having_said_why
from tests.use_cases.people import dana

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]
FACTS = "/admin/context/fact/"


@pytest.fixture
def root():
    return User.objects.create_superuser("root@floyd.example", PASSWORD, name="Root")


@pytest.fixture
def as_root(client, root):
    client.force_login(root)
    return client


def logged():
    return [(row.user, row.what, row.row, row.reason) for row in StaffReading.objects.order_by("pk")]


def run_out(client):
    """The four hours are over."""
    session = client.session
    session["review_reason"] |= {"until": session["review_reason"]["until"] - reasons.KEPT_FOR.total_seconds()}
    session.save()


@pytest.mark.parametrize("label", sorted(model._meta.label_lower for model in admin.site._registry))
def test_every_list_asks_unless_its_rows_are_nobodys(as_root, label):
    address = reverse("admin:{}_{}_changelist".format(*label.split(".")))
    answer = as_root.get(address, {"q": "x"})
    if label in NOBODYS:
        assert answer.status_code == 200
    else:
        assert answer.status_code == 302 and answer["Location"].startswith("/staff/reason/?next=/admin/")
        assert having_said_why(as_root).get(address).status_code == 200


@pytest.mark.parametrize("page", ["change/", "history/", "delete/", "password/"])
def test_every_page_of_somebody_asks_first_and_then_leads_there(as_root, tom, page):
    address = f"/admin/context/user/{tom.pk}/{page}"
    asked = as_root.get(address)
    assert asked["Location"] == f"/staff/reason/?next={address}" and not StaffReading.objects.exists()
    there = as_root.post(asked["Location"], {"reason": REASON})
    assert there["Location"] == address
    as_root.get(address)
    assert logged() == [(tom, "context.user", str(tom.pk), REASON)]
    as_root.get(address)
    assert len(logged()) == 1, "once per look"


def test_a_list_is_logged_for_all_whose_rows_stand_in_it(as_root, tom, alice):
    alice.facts.create(statement="The cat is called Tom.", status="active")
    having_said_why(as_root).get(FACTS)
    assert {(user, what, row) for user, what, row, _ in logged()} == {(tom, "context.fact", ""), (alice, "context.fact", "")}
    StaffReading.objects.all().delete()
    as_root.get(FACTS, {"user__id__exact": tom.pk})
    as_root.get(FACTS, {"q": "nothing of the kind"})
    assert [user for user, *_ in logged()] == [tom, None]


def test_a_record_of_a_request_stands_in_its_timeline_too(as_root, tom):
    call = in_queue(tom).call
    question = make_request(tom, status=Status.DONE).questions.create(kind="text", text="Which?", step="plan")
    having_said_why(as_root)
    for address in (f"/admin/calls/call/{call.pk}/change/", f"/admin/requests_app/question/{question.pk}/change/"):
        assert as_root.get(address).status_code == 200
    assert StaffReading.objects.get(call=call).user == tom
    for wish in (call.made_for, question.request):
        assert wish.events.get(kind="staff_look").data["reason"] == REASON


def test_what_was_typed_is_not_lost_when_the_hours_run_out_over_it(as_root, tom):
    fact = Fact.objects.filter(user=tom).first()
    assert fact is not None
    address = f"{FACTS}{fact.pk}/change/"
    form = {**having_said_why(as_root).get(address).context["adminform"].form.initial, "statement": "The dog is called Rex."}
    form = {name: value for name, value in form.items() if value is not None}
    run_out(as_root)
    assert as_root.post(address, form).status_code == 302
    fact.refresh_from_db()
    assert fact.statement == "The dog is called Rex."
    assert as_root.get(address)["Location"].startswith("/staff/reason/"), "to look again is to be asked again"


def test_a_form_that_was_never_opened_is_not_taken(as_root, tom):
    fact = Fact.objects.filter(user=tom).first()
    assert fact is not None
    for address, form in ((f"{FACTS}{fact.pk}/delete/", {"post": "yes"}), (FACTS, {"action": "delete_selected", "_selected_action": [fact.pk]})):
        assert as_root.post(address, form)["Location"].startswith("/staff/reason/")
    assert Fact.objects.filter(pk=fact.pk).exists() and not logged()


def test_a_deletion_is_logged_before_there_is_nothing_left_to_name(as_root, tom):
    fact = Fact.objects.filter(user=tom).first()
    assert fact is not None
    having_said_why(as_root).post(f"{FACTS}{fact.pk}/delete/", {"post": "yes"})
    assert logged() == [(tom, "context.fact", str(fact.pk), REASON)]


def test_names_are_completed_for_those_who_said_why(as_root, tom):
    asked = {"app_label": "context", "model_name": "fact", "field_name": "user", "term": "redmond"}
    assert as_root.get("/admin/autocomplete/", asked).status_code == 403
    assert "Tom Redmond" in having_said_why(as_root).get("/admin/autocomplete/", asked).content.decode()
    assert logged() == [(tom, "context.user", "", REASON)]


def test_who_may_not_open_it_is_not_logged(client, tom, sam):
    client.force_login(sam)
    assert having_said_why(client).get(f"/admin/context/user/{tom.pk}/change/").status_code == 403
    assert client.get("/admin/context/user/no-key/change/").status_code in (302, 403) and not logged()


def test_the_first_page_names_nobody_before_the_reason(as_root, root, tom):
    admin.models.LogEntry.objects.create(user=root, object_repr="The dog bites.", action_flag=2, change_message="")
    assert "The dog bites." not in as_root.get("/admin/").content.decode()
    assert "The dog bites." in having_said_why(as_root).get("/admin/").content.decode()


def test_filters_by_staff_name_no_user(as_root, tom):
    assert tom.email not in as_root.get("/admin/calls/review/").content.decode()


class TestWhatItsUserReads:
    def test_all_that_was_opened_with_the_reasons(self, as_root, client, tom):
        call = in_queue(tom).call
        having_said_why(as_root)
        for address in (f"/admin/context/user/{tom.pk}/change/", FACTS, f"/staff/calls/{call.pk}/"):
            as_root.get(address)
        client.force_login(tom)
        page = client.get("/settings/looked/").content.decode()
        for words in ("Your account", "Facts", "in a list", "A call", "A request", REASON, f"/requests/{call.request_id}/"):
            assert words in page
        assert "/settings/looked/" in client.get("/settings/").content.decode()

    def test_nothing_of_others(self, as_root, client, tom, alice):
        having_said_why(as_root).get(f"/admin/context/user/{tom.pk}/change/")
        client.force_login(alice)
        assert REASON not in client.get("/settings/looked/").content.decode()

    def test_what_they_told_on_the_phone_is_theirs_as_well(self, as_root, tom):
        caller = dana(user=tom)
        having_said_why(as_root).get(f"/admin/use_cases/caller/{caller.pk}/change/")
        assert [look.what for look in readings.of(tom)] == ["What you told on the phone"]


def test_readings_without_a_call_go_with_their_time(tom, sam, settings):
    settings.KEEP_RECORDS_DAYS, settings.KEEP_RECORDS_LEAST_DAYS = 90, 30
    call = in_queue(tom).call
    for about in ({"what": "context.fact"}, {"call": call}):
        old = StaffReading.objects.create(staff=sam, user=tom, reason=REASON, **about)
        StaffReading.objects.filter(pk=old.pk).update(opened_at=timezone.now() - timedelta(days=91))
    StaffReading.objects.create(staff=sam, user=tom, reason=REASON, what="context.fact")
    assert readings.forget_old() == 1 and StaffReading.objects.count() == 2


def test_the_log_is_filtered_and_listed_by_words(as_root, root, tom):
    note = {"staff": root, "reason": REASON, "whose": [tom.pk]}
    for what in ("context.calendarentry", "recording", "hand-off", "gone.table"):
        readings.note(**note, what=what)
    page = as_root.get("/admin/calls/staffreading/", {"what": "recording"}).content.decode()
    assert 'class="field-opened">The recording of a call<' in page and "Calendar entries</td>" not in page
    assert ">A call that was handed to a person<" in page and ">Calendar entries<" in page  # to choose from
    everything = as_root.get("/admin/calls/staffreading/").content.decode()
    assert all(f'class="field-opened">{words}<' in everything for words in ("Calendar entries", "The recording of a call", "gone.table"))
    words = [words for _what, words in readings.kinds()]
    assert len(words) == len(set(words)) and "Facts" in words


def test_a_look_without_a_reason_leaves_no_lone_separator(client, tom, root):
    StaffReading.objects.create(user=tom, staff=root, what="page", reason="")
    client.force_login(tom)
    page = client.get(reverse("looked")).content.decode()
    line = page.partition('<p class="muted small">')[2].partition("</p>")[0]
    assert line and "·" not in line
