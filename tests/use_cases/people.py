"""Who rings in the tests, and calls that came in."""

from __future__ import annotations

from typing import Any

from calls.models import Call, Direction
from calls.status import CallStatus
from use_cases.models import Caller, InboundCall, UseCase, UseCaseVersion

DANAS_PHONE = "+15195550177"
OUR_NUMBER = "+15195550100"


def dana(**fields: Any) -> Caller:
    """Dana Whitfield, who has rung before and told her name."""
    return Caller.objects.create(**{"number": DANAS_PHONE, "first_name": "Dana", "last_name": "Whitfield"} | fields)


def version_of(slug: str = "greenhouse", **fields: Any) -> UseCaseVersion:
    """The current version of a use case that is in no folder."""
    use_case, _ = UseCase.objects.get_or_create(slug=slug)
    values = {
        "number": use_case.versions.count() + 1,
        "title": "Greenhouse",
        "description": "Plants by phone.",
        "prompt": "You answer for a greenhouse.",
        "greeting": "Hello, this is the greenhouse's AI assistant.",
    }
    version = UseCaseVersion.objects.create(use_case=use_case, **values | fields)
    UseCase.objects.filter(pk=use_case.pk).update(current=version)
    return version


def taken_call(caller: Caller, version: UseCaseVersion, *, attested: bool = False, **fields: Any) -> Call:
    """A call that came in; the caller's carrier vouches for the number or not."""
    values = {"direction": Direction.INBOUND, "number": caller.number, "user": caller.user, "brief": {}, "status": CallStatus.IN_PROGRESS}
    call = Call.objects.create(**values | fields)
    InboundCall.objects.create(call=call, caller=caller, version=version, rung=OUR_NUMBER, attested=attested)
    return call
