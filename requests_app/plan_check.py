"""What a plan must hold to before anything is done with it, in code. The model can ask; it cannot overrule.

Each breach is a problem that is put to the model once. What it does not mend is dropped where a plan without it is still
the user's wish (a fact, a limit, a source), and makes the plan unusable where it is not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_noop as noop

from context.models import Sensitivity
from context.money import find_amounts, parse_amount
from context.snapshot import Snapshot, day_of, ids_in
from context.tongues import tongue_of
from requests_app import plan_dates, releasing, unwelcome
from requests_app.plan import CALLING_KINDS, ActionPlan, PlanKind

#: The most that anybody may grant by an ask, in minor units; more than this is a slip of the tongue or of the recogniser.
MOST_BY_ASK_MINOR = 1_000_000
LENGTHS = {
    **{"title": 120, "goal": 400, "opening_line": 400, "success": 400, "voicemail": 600},
    **{"answer": 1000, "question": 300, "decline_reason": 280, "follow_up": 300},
}
#: Further wishes of one ask that become requests of their own.
MOST_WISHES = 4
MOST_ITEMS = 10
ITEM_LENGTH = 200
MOST_HOLD_MINUTES = 30
#: What an honest "I don't know" may cite: where the planner looked.
PLACES = {"calendar": noop("your calendar"), "facts": noop("what Floyd knows about you"), "contacts": noop("your contacts")}
#: In the language of the ask.
DONT_KNOW = {
    "en": noop("I don't know. I found nothing about it in your calendar, your contacts or what you told me."),
    "fr": "Je ne sais pas. Je n'ai rien trouvé dans votre agenda, vos contacts ou ce que vous m'avez dit.",
    "de": "Das weiß ich nicht. In deinem Kalender, deinen Kontakten und dem, was du mir gesagt hast, steht nichts darüber.",
    "es": "No lo sé. No encontré nada en su calendario, sus contactos ni en lo que me ha dicho.",
}
#: Texts that a callee or the user is told, and lists of such.
TOLD = ("goal", "opening_line", "success", "voicemail", "answer")
#: Of these, what a voice reads out as it stands.
ALOUD = ("opening_line", "voicemail")
LISTS = ("steps", "find_out", "may_promise")
#: What each kind cannot do without.
NEEDED = {PlanKind.ANSWER: "answer", PlanKind.ASK_USER: "question", PlanKind.DECLINE: "decline_reason"}
#: Words that two statements may share without telling anything.
_COMMON = frozenset(
    """the and for with from that this are was has have his her their home house code number address please tell call date""".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a plan is checked against.

    Attributes:
        ask: the user's words.
        snapshot: all that the planner saw.
        secrets: statements that no callee may hear.
        edited: names of fields that the signed-in user wrote: an amount there is named by the user.
    """

    ask: str
    snapshot: Snapshot
    secrets: tuple[str, ...] = ()
    edited: frozenset[str] = frozenset()

    @property
    def asked_on(self) -> date:
        """What "today" means in the ask."""
        return day_of(self.snapshot)


@dataclass(frozen=True, slots=True)
class Checked:
    """The plan as far as it holds, what was wrong with it, and whether it is of no use (`fatal`)."""

    plan: ActionPlan
    problems: tuple[str, ...]
    fatal: bool


def check(plan: ActionPlan, ground: Ground) -> Checked:
    """Checks a plan and drops from it what does not hold."""
    if plan.kind in CALLING_KINDS and (reason := unwelcome.reason("\n".join([plan.goal, plan.opening_line, *_own_steps(plan, ground)]))):
        return Checked(plan.model_copy(update={"kind": PlanKind.DECLINE, "decline_reason": reason, "callee": None, "share": []}), (), fatal=False)
    problems: list[str] = []
    fatal = _incomplete(plan) + plan_dates.wrong_dates(_told(plan), ground.asked_on)
    changes: dict[str, Any] = {
        "currency": ground.snapshot["user"]["currency"],
        "hold_minutes": min(max(plan.hold_minutes, 0), MOST_HOLD_MINUTES),
        "callee": _callee(plan, ground, problems),
        "share": _share(plan, ground, problems),
        "relevant": [one for one in dict.fromkeys(plan.relevant) if one in ids_in(ground.snapshot)],
        "limit_minor": _limit(plan, ground, problems),
        **_bounded(_dated(plan, ground, problems)),
    }
    if plan.kind is PlanKind.ANSWER:
        changes["sources"] = _sources(plan, ground, problems)
        if not changes["sources"]:
            problems.append("the answer cites no source; cite what it rests on, or say that you don't know and cite where you looked")
            changes["answer"] = DONT_KNOW[tongue_of(ground.ask).code]
    else:
        changes["follow_up"] = None
    fatal += _leaks(plan, ground) + _impersonates(plan, ground)
    return Checked(plan.model_copy(update=changes), (*fatal, *problems), bool(fatal))


def _own_steps(plan: ActionPlan, ground: Ground) -> list[str]:
    """Steps that the user wrote: they reach the call. The planner's are for the user to read."""
    return plan.steps if "steps" in ground.edited else []


def _incomplete(plan: ActionPlan) -> list[str]:
    missing: list[str] = []
    if plan.kind in CALLING_KINDS:
        missing += [] if plan.goal.strip() else ["goal is empty"]
        missing += [] if plan.opening_line.strip() else ["opening_line is empty"]
        missing += [] if plan.callee and plan.callee.name.strip() else ["callee is missing"]
    elif not (getattr(plan, NEEDED[plan.kind]) or "").strip():
        missing.append(f"kind {plan.kind.value} needs {NEEDED[plan.kind]}")
    return missing


def _bounded(plan: ActionPlan) -> dict[str, Any]:
    texts = {name: getattr(plan, name)[:length] for name, length in LENGTHS.items() if getattr(plan, name)}
    lists = {name: [item[:ITEM_LENGTH] for item in getattr(plan, name)[:MOST_ITEMS]] for name in LISTS}
    wishes = [wish.strip()[:ITEM_LENGTH] for wish in plan.other_wishes if wish.strip()][:MOST_WISHES]
    return texts | lists | {"other_wishes": wishes}


def _told(plan: ActionPlan) -> list[str]:
    """All texts of a plan that name a day to somebody."""
    return [text for text in (*(getattr(plan, name) for name in TOLD), *(item for name in LISTS for item in getattr(plan, name))) if text]


def _dated(plan: ActionPlan, ground: Ground, problems: list[str]) -> ActionPlan:
    """The plan with its relative days spelled out: whom it is told to may hear it on another day."""
    if words := plan_dates.relative_days(_told(plan)):
        problems.append(f"spell these out as dates, counted from asked_on: {', '.join(words[:MOST_ITEMS])}")
    day = ground.asked_on
    texts = {
        name: plan_dates.spelled_out(getattr(plan, name), day, weekdays=name != "answer", aloud=name in ALOUD) for name in TOLD if getattr(plan, name)
    }
    lists = {name: [plan_dates.spelled_out(item, day) for item in getattr(plan, name)] for name in LISTS}
    return plan.model_copy(update=texts | lists)


def _callee(plan: ActionPlan, ground: Ground, problems: list[str]) -> Any:
    callee = plan.callee
    if plan.kind not in CALLING_KINDS:
        return None
    if callee and callee.contact_id is not None and callee.contact_id not in {contact["id"] for contact in ground.snapshot["contacts"]}:
        problems.append(f"there is no contact {callee.contact_id[:40]}; take one of those given, or null")
        return callee.model_copy(update={"contact_id": None})
    return callee


def _share(plan: ActionPlan, ground: Ground, problems: list[str]) -> list[str]:
    """Facts that may be shared, and a few that may be when the user says yes to each (`releasing`)."""
    sensitivity = {fact["id"]: fact["sensitivity"] for fact in ground.snapshot["facts"]}
    named = list(dict.fromkeys(plan.share))
    guarded = [fact_id for fact_id in named if sensitivity.get(fact_id) == Sensitivity.ASK_FIRST][: releasing.MOST]
    allowed = {fact_id for fact_id in named if sensitivity.get(fact_id) == Sensitivity.SHARE} | set(guarded)
    if refused := [fact_id[:40] for fact_id in named if fact_id not in allowed]:
        problems.append(f"these may not be shared, do not exist, or are too many to ask about: {', '.join(refused[:MOST_ITEMS])}")
    return [fact_id for fact_id in named if fact_id in allowed] if plan.kind in CALLING_KINDS else []


def _limit(plan: ActionPlan, ground: Ground, problems: list[str]) -> int | None:
    """The limit, if the user's own words name exactly that amount."""
    if plan.limit_minor is None or plan.kind not in CALLING_KINDS:
        return None
    if "limit_minor" in ground.edited and 0 <= plan.limit_minor <= MOST_BY_ASK_MINOR:
        return plan.limit_minor
    currency = ground.snapshot["user"]["currency"]
    # Reading the whole ask as an answer to "how much?" finds the limit; several amounts leave a doubt, which means none.
    named = parse_amount(ground.ask, currency) if find_amounts(ground.ask, currency) else None
    if named is not None and (named.minor, named.currency) == (plan.limit_minor, currency) and named.minor <= MOST_BY_ASK_MINOR:
        return plan.limit_minor
    problems.append("limit_minor is not an amount that the user's own words name as the limit; it must be null")
    return None


def _sources(plan: ActionPlan, ground: Ground, problems: list[str]) -> list[str]:
    known = ids_in(ground.snapshot) | set(PLACES)
    if unknown := [source[:40] for source in plan.sources if source not in known]:
        problems.append(f"these sources do not exist: {', '.join(unknown[:MOST_ITEMS])}")
    return [source for source in dict.fromkeys(plan.sources) if source in known]


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[^\W_]+", text.casefold()) if len(word) > 2 and word not in _COMMON}


def _leaks(plan: ActionPlan, ground: Ground) -> list[str]:
    """What a callee may hear must not tell a guarded fact, unless the user's own words said it."""
    open_words = _words(ground.ask) | _words(ground.snapshot["user"]["name"])
    for fact in ground.snapshot["facts"]:
        if fact["sensitivity"] == Sensitivity.SHARE:
            open_words |= _words(fact["statement"])
    spoken = [plan.opening_line, plan.voicemail, plan.goal, plan.success, *plan.find_out, *plan.may_promise, *_own_steps(plan, ground)]
    said = _words(" ".join(spoken)) if plan.kind in CALLING_KINDS else set()
    for secret in ground.secrets:
        telling = _words(secret) - open_words
        numbers = {word for word in telling if any(character.isdigit() for character in word)}
        told = telling & said
        if told & numbers or (len(told) >= 2 and 2 * len(told) >= len(telling)):
            return ["the plan tells something that the user keeps private; leave it out"]
    return []


def _impersonates(plan: ActionPlan, ground: Ground) -> list[str]:
    """Floyd calls for the user and never as the user."""
    names = "|".join(re.escape(part) for part in ground.snapshot["user"]["name"].split()) or "$."
    as_user = re.compile(rf"\b(?:this is|i am|i'm|my name is|it's|here is)\s+(?:{names})\b(?!'s)", re.I)
    if any(as_user.search(text) for text in (plan.opening_line, plan.voicemail)):
        return ["opening_line and voicemail must not speak as if the user were calling"]
    return []
