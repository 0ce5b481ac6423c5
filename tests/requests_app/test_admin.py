"""Staff find users and requests, and edit what is known; requests themselves they only read."""

from typing import Any

import pytest
from django.urls import reverse

from context.models import Contact, Fact, User
from live.models import Change
from requests_app import services
from requests_app.models import Request
from requests_app.status import Status
from tests.cast import PASSWORD, make_request
from tests.staff_reason import having_said_why

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


@pytest.fixture
def as_admin(client):
    User.objects.create_superuser("root@floyd.example", PASSWORD, name="Root")
    client.login(email="root@floyd.example", password=PASSWORD)
    return having_said_why(client)


@pytest.mark.parametrize(
    "model",
    ["context_user", "context_fact", "context_contact", "context_calendarentry"]
    + [f"requests_app_{m}" for m in ("request", "question", "message", "event")],
)
def test_every_list_can_be_searched_by_user(as_admin, tom, model):
    request = make_request(tom)
    services.ask_question(request=request, kind="text", text="Which?", step="plan")
    for search, found in (("redmond", True), ("nobody-of-that-name", False)):
        page = as_admin.get(reverse(f"admin:{model}_changelist"), {"q": search})
        assert page.status_code == 200
        assert bool(page.context["cl"].result_count) == found


def test_a_user_shows_facts_contacts_and_calendar_and_changes_reach_open_pages(as_admin, tom):
    address = reverse("admin:context_user_change", args=[tom.pk])
    page = as_admin.get(address)
    assert page.status_code == 200
    form: dict[str, Any] = {}
    for formset in page.context["inline_admin_formsets"]:
        for part in (formset.formset.management_form, *formset.formset.forms):
            form |= {part.add_prefix(name): value for name, value in part.initial.items() if value is not None}
            form |= {part.add_prefix("id"): part.instance.pk, part.add_prefix("user"): tom.pk} if hasattr(part, "instance") else {}
            for bound in part:
                value = bound.value()
                if value not in {None, False}:
                    form[bound.html_name] = value
    for bound in page.context["adminform"].form:
        if bound.name not in {"groups", "user_permissions", "password"} and bound.value() not in {None, False}:
            form[bound.html_name] = bound.value()
    form = {name: value for name, value in form.items() if "__prefix__" not in name}
    for name in ("phone_verified_at", "last_login", "date_joined", "starts_at", "ends_at"):
        for key in [key for key in form if key.endswith(name)]:
            moment = form.pop(key)
            form |= {f"{key}_0": moment.strftime("%Y-%m-%d"), f"{key}_1": moment.strftime("%H:%M:%S")}
    florist = Contact.objects.get(kind="florist")
    row = next(key for key, value in form.items() if key.startswith("contacts-") and key.endswith("-id") and str(value) == str(florist.pk))
    form[row.replace("-id", "-phone")] = "+15195550118"
    gone = Fact.objects.get(topic="taste")
    row = next(key for key, value in form.items() if key.startswith("facts-") and key.endswith("-id") and str(value) == str(gone.pk))
    form[row.replace("-id", "-DELETE")] = "on"
    seen = Change.objects.count()
    answer = as_admin.post(address, form)
    assert answer.status_code == 302, answer.context["errors"]
    florist.refresh_from_db()
    assert florist.phone == "+15195550118"
    told = list(Change.objects.order_by("pk").values_list("topic", "kind", "ref"))[seen:]
    assert (f"user.{tom.pk}", "contact", str(florist.pk)) in told
    assert not Fact.objects.filter(pk=gone.pk).exists()
    assert (f"user.{tom.pk}", "fact", str(gone.pk)) in told


def test_what_staff_delete_goes_from_open_pages(as_admin, tom):
    first, *others = Fact.objects.filter(user=tom)
    seen = Change.objects.count()
    as_admin.post(reverse("admin:context_fact_delete", args=[first.pk]), {"post": "yes"})
    chosen = {"action": "delete_selected", "_selected_action": [one.pk for one in others], "post": "yes"}
    as_admin.post(reverse("admin:context_fact_changelist"), chosen)
    assert not Fact.objects.filter(user=tom).exists()
    told = set(list(Change.objects.order_by("pk").values_list("topic", "kind", "ref"))[seen:])
    assert told == {(f"user.{tom.pk}", "fact", str(one.pk)) for one in (first, *others)}


def test_a_fact_is_corrected_by_staff(as_admin, tom):
    fact = Fact.objects.get(topic="taste")
    form = {"user": tom.pk, "statement": "Krista likes red flowers", "sensitivity": "share", "status": "confirmed", "source": "staff"}
    assert as_admin.post(reverse("admin:context_fact_change", args=[fact.pk]), form).status_code == 302
    assert Change.objects.filter(topic=f"user.{tom.pk}", kind="fact", ref=str(fact.pk)).count() == 2


def told(request):
    """Its timeline, without that staff looked."""
    return list(request.events.exclude(kind="staff_look").values_list("text", flat=True))


def request_address(request):
    return reverse("admin:requests_app_request_change", args=[request.pk])


def put(admin, request, ask, seen=None, **more):
    form = {"ask": ask, "initial-ask": request.ask if seen is None else seen, **more}
    for inline in admin.get(request_address(request)).context["inline_admin_formsets"]:
        management = inline.formset.management_form
        form |= {management.add_prefix(name): value for name, value in management.initial.items()}
    return admin.post(request_address(request), form)


def test_of_a_request_only_the_ask_is_written(as_admin, tom):
    request = make_request(tom, status=Status.SCHEDULED)
    assert as_admin.get(request_address(request)).status_code == 200
    assert put(as_admin, request, request.ask, status="done", number="+15195550199").status_code == 302
    request.refresh_from_db()
    assert (request.status, request.number) == ("scheduled", "") and not told(request)


def test_other_words_are_planned_anew_as_on_the_page(as_admin, tom, hints):
    request = make_request(tom, status=Status.SCHEDULED, limit_minor=5000, planned_ask="x")
    assert put(as_admin, request, "Call the garage, the brakes squeak.").status_code == 302
    request.refresh_from_db()
    assert (request.ask, request.status, request.limit_minor) == ("Call the garage, the brakes squeak.", "pending", None)
    assert request.events.latest("seq").text == "Staff changed what you want. Floyd plans anew."
    assert hints.ids("requests.pick_up") == [str(request.pk)]


def test_other_words_after_the_end_are_a_new_request(as_admin, tom):
    request = make_request(tom, status=Status.DONE)
    answer = put(as_admin, request, "Call the garage.")
    new = Request.objects.get(parent=request)
    assert (new.ask, new.user, new.channel) == ("Call the garage.", tom, "row")
    assert request_address(new) in as_admin.get(answer.url).content.decode()
    request.refresh_from_db()
    assert request.ask != "Call the garage."


def test_during_a_call_floyd_is_told_and_the_user_reads_by_whom(as_admin, tom):
    request = make_request(tom, status=Status.CALLING)
    assert put(as_admin, request, "Ask for the price, too.").status_code == 302
    request.refresh_from_db()
    assert [(event.kind, event.text) for event in request.events.exclude(kind="staff_look").order_by("seq")] == [
        ("whisper", "Ask for the price, too."),
        ("edited", "Staff told Floyd this during the call."),
    ]
    assert request.ask != "Ask for the price, too."


@pytest.mark.parametrize(("ask", "seen", "why"), [("🌷", None, "is empty"), ("Call the garage.", "What it was before", "changed meanwhile")])
def test_what_the_page_would_refuse_is_refused_beside_the_field(as_admin, tom, ask, seen, why):
    request = make_request(tom, status=Status.SCHEDULED)
    answer = put(as_admin, request, ask, seen)
    assert answer.status_code == 200 and why in answer.content.decode()
    request.refresh_from_db()
    assert request.status == "scheduled" and not told(request)


def test_a_new_user_signs_in_by_email(as_admin):
    form = {
        "email": "krista@redmond.example",
        "name": "Krista Redmond",
        "usable_password": "true",
        "password1": "white-pink-88",
        "password2": "white-pink-88",
    }
    answer = as_admin.post(reverse("admin:context_user_add"), form)
    assert answer.status_code == 302, answer.context["errors"]
    assert User.objects.get(email="krista@redmond.example").check_password("white-pink-88")
