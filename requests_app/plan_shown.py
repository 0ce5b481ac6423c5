"""The action plan as the page shows it: whole, or as far as it has been written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from context.models import Sensitivity
from requests_app import dealings
from requests_app.models import Request
from requests_app.plan import PlanKind
from requests_app.status import Status
from requests_app.versions import KeptBack, kept_back


@dataclass(frozen=True, slots=True)
class PlanShown:
    """What a person reads of a plan. Of one that is still being written, the last field is cut where the text ends.

    Attributes:
        kept: what was looked at for it and no callee hears, each with the reason.
    """

    goal: str
    steps: tuple[str, ...]
    opening_line: str
    callee: str
    past: tuple[str, ...]
    shared: tuple[str, ...]
    shared_after_asking: tuple[str, ...]
    find_out: tuple[str, ...]
    limit_minor: int | None
    currency: str
    needs_call: bool
    being_written: bool
    kept: tuple[KeptBack, ...] = ()


def plan_shown(wish: Request) -> PlanShown | None:
    """The plan of a request, or None as long as there is no word of it."""
    being_written = wish.plan is None
    if being_written and wish.status != Status.PLANNING:
        return None
    data = _partial(wish.plan_text) if being_written else wish.plan
    if not isinstance(data, dict) or not data:
        return None
    callee = data.get("callee")
    limit = data.get("limit_minor")
    kind = str(data.get("kind", ""))
    return PlanShown(
        goal=_text(data.get("goal")),
        steps=_texts(data.get("steps")),
        opening_line=_text(data.get("opening_line")),
        callee=_text(callee.get("name")) if isinstance(callee, dict) else "",
        past=_past(wish, callee.get("contact_id")) if isinstance(callee, dict) else (),
        shared=_shared(wish, _texts(data.get("share")), Sensitivity.SHARE),
        shared_after_asking=_shared(wish, _texts(data.get("share")), Sensitivity.ASK_FIRST),
        find_out=_texts(data.get("find_out")),
        limit_minor=limit if isinstance(limit, int) else None,
        currency=_text(data.get("currency")),
        needs_call=kind not in {PlanKind.ANSWER, PlanKind.ASK_USER, PlanKind.DECLINE},
        being_written=being_written,
        kept=() if being_written else kept_back(wish.snapshot or {}, set(_texts(data.get("share")))),
    )


def _partial(text: str) -> Any:
    """JSON as far as it has come, with the string at its end cut short."""
    try:
        return from_json(text or "{}", allow_partial="trailing-strings")
    except ValueError:
        return None  # the model wrote something that is no JSON; the planner deals with it


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _past(wish: Request, contact_id: object) -> tuple[str, ...]:
    """Earlier dealings with whom the plan calls, as they were known when it was made."""
    known = (wish.snapshot or {}).get("dealings", {}).get(contact_id, ())
    return tuple(dealings.from_json(one).words for one in known)


def _shared(wish: Request, ids: tuple[str, ...], sensitivity: Sensitivity) -> tuple[str, ...]:
    """Statements of the facts of that sensitivity that the plan shares, from the snapshot: as they were then."""
    facts = (wish.snapshot or {}).get("facts", ())
    alike = [fact for fact in facts if isinstance(fact, dict) and fact.get("sensitivity") == sensitivity]
    statements = {str(fact.get("id")): _text(fact.get("statement")) for fact in alike}
    return tuple(statements[one] for one in ids if statements.get(one))
