"""A request whose plan waits for the user's yes."""

from __future__ import annotations

from django.utils import timezone

from context.models import PlanApproval, User
from context.snapshot import take_snapshot
from requests_app import approving
from requests_app.models import Request, Snapshot
from requests_app.plan import ActionPlan
from requests_app.status import Status
from tests.fakes import plan


def wait_for_a_yes(wish: Request) -> None:
    """Gives it a plan to order flowers, as the planner would, and puts it to Tom, who wants to see every plan."""
    User.objects.filter(pk=wish.user_id).update(plan_approval=PlanApproval.ASK)
    florist, address = wish.user.contacts.get(kind="florist"), wish.user.facts.get(topic="address")
    wanted = plan(
        kind="buy",
        goal="Order flowers for Krista Redmond.",
        steps=["Call the florist", "Order a bouquet"],
        callee={"contact_id": f"contact:{florist.pk}", "name": florist.name, "kind": "florist"},
        opening_line="I would like to order flowers.",
        find_out=["the price"],
        share=[f"fact:{address.pk}"],
    )
    taken = {**take_snapshot(user=wish.user, now=timezone.now(), ask=wish.ask), "dealings": {}}
    wish.current_snapshot = Snapshot.objects.create(request=wish, version=1, ask=wish.ask, data=taken)
    wish.status, wish.plan, wish.plan_version, wish.planned_ask = Status.WAITING_FOR_USER, wanted, 1, wish.ask
    wish.save()
    approving.ask(wish, ActionPlan.model_validate(wanted))
