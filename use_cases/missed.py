"""A call that could not be taken because the database was away: the caller hears so by text once it is well. See decision 64.

What is known of the call stands with the broker until then, which needs no database.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from calls.models import Call, Direction
from requests_app.hints import hint_now
from requests_app.message_templates import Template
from requests_app.sending import CannotSendError, send_text
from use_cases.models import InboundNumber

#: The text is written so long after the call; who has got through meanwhile gets none.
AFTER_S = 60
LATELY = timedelta(minutes=30)
SORRY = Template(
    "missed_call",
    "This is Floyd, an AI assistant. You called {rung} and I had technical trouble. I'm sorry. It works again: please call once more.",
)


def note(*, sid: str, from_: str, to: str) -> bool:
    """Has the text sent later. `from_` is the caller's number, in E.164. Whether it will be."""
    return hint_now("use_cases.tell_missed", sid, from_, to, in_s=AFTER_S)


def tell(*, sid: str, from_: str, to: str) -> bool:
    """Texts the caller, once a day at most, unless they got through after all. Whether it did.

    Raises:
        django.db.OperationalError: the database is away still.
    """
    if not InboundNumber.objects.filter(number=to).exists():
        return False
    now = timezone.now()
    since = Call.objects.filter(direction=Direction.INBOUND, number=from_, created_at__gt=now - LATELY)
    if since.exists() or Call.objects.filter(carrier_sid=sid).exists():
        return False
    try:
        send_text(to=from_, words=SORRY.fill(rung=to), dedupe_key=f"missed:{from_}:{now.date()}")
    except CannotSendError:
        return False
    return True
