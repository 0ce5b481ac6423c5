"""What this app holds of a user: what of it they take along, and what goes before their rows go."""

from __future__ import annotations

from allauth.account.models import EmailAddress

from context import export, leaving, ownership
from context.models import User
from requests_app.charge import Charge
from requests_app.errors import NotPossibleNow
from requests_app.life import stop_request
from requests_app.models import Event, Message, Question, Request, Snapshot
from requests_app.next_step import Correction, NextStep
from requests_app.status import ENDED

OURS = ("lease_until", "learn_after", "event_seq", "tries")


def register_all() -> None:
    """Called when the app starts."""
    export.register("requests", Request, without=OURS)
    export.register("snapshots", Snapshot)
    export.register("events", Event)
    export.register("questions", Question)
    export.register("messages", Message, without=("lease_until",))
    export.register("charges", Charge)
    export.register("next_steps", NextStep)
    export.register("corrections", Correction)
    leaving.register(stop_requests)
    ownership.register_claim(claim_messages)
    leaving.register_topics(lambda user: [f"request.{key}" for key in Request.objects.filter(user=user).values_list("pk", flat=True)])


def claim_messages(user: User) -> None:
    """What came from their number or address, or went there, while nobody knew that it was theirs: only where it was proven to be."""
    peers = {user.phone} if user.phone and user.phone_verified_at else set()
    peers |= set(EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True))
    Message.objects.filter(user=None, peer__in=peers).update(user=user)


def stop_requests(user: User) -> bool:
    """Nothing new begins for whoever leaves, and a call that is on is ended."""
    for request in Request.objects.filter(user=user).exclude(status__in=ENDED):
        try:
            stop_request(request_id=request.pk, user=user)
        except NotPossibleNow:
            continue  # it ended by itself meanwhile
    return True
