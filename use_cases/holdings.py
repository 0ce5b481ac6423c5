"""What this app holds of a user: what of it they take along, and what goes before their rows go."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, Model, OuterRef
from django.utils.translation import gettext_noop as noop

from calls.models import MADE, OPEN_STATUSES, Call
from calls.review import readings
from context import export, leaving
from context.models import User
from context.ownership import paths, register_claim
from requests_app import retention
from use_cases import agents
from use_cases.floyd_line.models import PhonePin
from use_cases.missed_models import MissedCall
from use_cases.models import Caller, UseCaseVersion

MOST_AT_ONCE = 500
SOMEBODY = "somebody who left"
#: What staff can open of what is kept here, in words for whose it is.
OPENED = {
    agents.WHAT: noop("A call that was handed to a person"),
    "use_cases.caller": noop("What you told on the phone"),
    "use_cases.inboundcall": noop("What is known of a call"),
    "use_cases.inboundnumber": noop("Your number at Floyd"),
    "use_cases.missedcall": noop("A call of yours that Floyd could not take"),
    "use_cases.toolrun": noop("What Floyd did during a call"),
    "use_cases.handoff": noop("A call that was handed to a person"),
    "use_cases.order": noop("Orders"),
    "use_cases.tour": noop("Tours"),
}
#: Columns that nobody takes along.
SECRET: dict[type[Model], tuple[str, ...]] = {PhonePin: ("digits",)}


def register_all() -> None:
    """Called when the app starts. What a use case keeps about callers is exported under its table's name, by itself."""
    for model in apps.get_app_config("use_cases").get_models():
        if model in paths():
            export.register(str(model._meta.model_name), model, without=SECRET.get(model, ()))
    readings.name_kinds(OPENED)
    register_claim(claim_calls)
    leaving.register(forget)


def forget_old() -> int:
    """Deletes calls that came in once their time is over, and then callers whom nothing hangs on. Returns how many calls went.

    What a business keeps, such as orders and tours, is no record of a call: it stays, with who made it.
    """
    forget_missed()
    over = retention.past(Call.objects.filter(~MADE, request=None).exclude(status__in=OPEN_STATUSES), ended="ended_at")
    gone = list(over.order_by("ended_at").values_list("pk", flat=True)[:MOST_AT_ONCE])
    Call.objects.filter(pk__in=gone).delete()
    for key in gone:
        retention.forget_topic(f"call.{key}")
    hangs_on = [Exists(row.related_model._default_manager.filter(**{row.field.name: OuterRef("pk")})) for row in Caller._meta.related_objects]
    callers = retention.past(Caller.objects.filter(user=None), ended="updated_at")
    for one in hangs_on:
        callers = callers.exclude(one)
    Caller.objects.filter(pk__in=list(callers.values_list("pk", flat=True)[:MOST_AT_ONCE])).delete()
    return len(gone)


def forget_missed() -> int:
    """Deletes what is known of calls that could not be taken, once their time is over. Returns how many."""
    over = retention.past(MissedCall.objects.all(), ended="created_at", keep_days="caller__user__keep_days")
    return int(MissedCall.objects.filter(pk__in=list(over.values_list("pk", flat=True)[:MOST_AT_ONCE])).delete()[0])


def claim_calls(user: User) -> None:
    """Calls from their number that were made before it was known as theirs."""
    if user.phone and user.phone_verified_at:
        Caller.objects.filter(number=user.phone, user=None).update(user=user)


def forget(user: User) -> bool:
    """Calls that they made, and their name on what they edited."""
    Call.objects.filter(inbound__caller__user=user).delete()
    UseCaseVersion.objects.filter(edited_by=user.email).update(edited_by=SOMEBODY)
    return True
