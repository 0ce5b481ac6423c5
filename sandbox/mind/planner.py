"""Planning by rule: fills the form `action_plan` from the planner's prompt."""

from __future__ import annotations

import re
from typing import Any

from sandbox.mind.household import contact_for, facts_about, full_names, guarded_facts_about, with_full_names, words
from sandbox.mind.times import not_free
from sandbox.words import amounts, number_value, spoken

_HAIL = re.compile(r"^\s*(?:hey|hi|hello|ok|okay)?[ ,]*(?:floyd)?[ ,:.!-]*(?:(?:can|could|would|will) you\b)?\s*(?:please\b)?\s*", re.I)
_NEXT = re.compile(r"\bwhen(?:'s| is| do i have)\b.*?\b(?:my|our|the) (?:next )?(.+?)(?: appointment| meeting| visit)?\s*\??$", re.I)
_TELL = re.compile(
    r"\b(?:let [\w' ]+? know|tell (?:them|him|her|the \w+|[A-Z][\w' ]+?)|say|inform (?:them|the \w+))(?: that)?[ ,:]+(.+)$",
    re.I,
)
_ASK = re.compile(r"\b(?:ask|find out|check)\b(?: (?:them|the [\w]+|him|her|[A-Z][\w'. ]+?))?\s*((?:if|whether|when|what|how|for|about)\b.+)$", re.I)
_UNWELCOME = re.compile(r"\b(?:sell|selling|advertis\w+|survey|canvass\w*|prank|threaten|harass|pretend (?:to be|you're|you are)|vote for)\b", re.I)
_PRICED = re.compile(r"\b(?:order|buy|get|send)\b", re.I)
_BOOK = re.compile(
    r"\b(?:book|make|schedule|reserve|get me)\b.*\b(?:appointment|table|oil change|visit|reservation|cleaning|check-?up|in for)\b", re.I
)
_HOLD = re.compile(r"[,.;]?\s*(?:and |but )?(?:hold|wait) (?:for )?(?:at most|no longer than|no more than) (\w+) minutes?", re.I)
_THEY_NEED = re.compile(r"[,.;]?\s*(?:and )?they(?:'ll| will)? need [^.;]*", re.I)


def plan(data: dict[str, Any]) -> dict[str, Any]:
    """The plan, as the form wants it (every field present)."""
    ask = re.sub(r"\s+", " ", data.get("ask", "")).strip()
    form = _form(_HOLD.sub("", _THEY_NEED.sub("", ask)), data)
    if hold := _HOLD.search(ask):
        form["hold_minutes"] = number_value(spoken(hold[1]).split()) or 1
    if form["callee"] is not None:
        form["share"] = [*form["share"], *guarded_facts_about(ask, data["facts"])]
    return form


def _form(ask: str, data: dict[str, Any]) -> dict[str, Any]:
    wish = _HAIL.sub("", ask, count=1).strip() or ask
    form = _empty(data)
    if _UNWELCOME.search(ask):
        return form | {
            "kind": "decline",
            "title": "Not something Floyd does",
            "decline_reason": "Floyd doesn't sell, canvass, harass or pretend to be somebody.",
        }
    if match := _NEXT.search(ask):
        return form | _answer(match[1], data)
    if re.search(r"\bcancel\b", wish, re.I):
        return form | _cancel(wish, data)
    if _BOOK.search(wish):
        return form | _book(wish, data)
    if match := _TELL.search(wish):
        return form | _inform(wish, match[1], data)
    if match := _ASK.search(wish):
        return form | _enquire(wish, match[1], data)
    if _PRICED.search(wish):
        return form | _buy(wish, data)
    return form | {"kind": "ask_user", "title": "One question first", "question": "Whom should I call, and what should I say or ask?"}


def _empty(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": "ask_user",
        "title": "",
        "goal": "",
        "steps": [],
        "relevant": [],
        "callee": None,
        "opening_line": "",
        "share": [],
        "find_out": [],
        "success": "",
        "limit_minor": None,
        "currency": data.get("user", {}).get("currency", "USD"),
        "may_promise": [],
        "voicemail": "",
        "hold_minutes": 5,
        "answer": None,
        "sources": [],
        "follow_up": None,
        "question": None,
        "decline_reason": None,
        "other_wishes": [],
    }


# --- kinds ---


def _answer(subject: str, data: dict[str, Any]) -> dict[str, Any]:
    wanted = words(subject) - {"my", "the", "next", "appointment", "with"}
    for entry in data.get("calendar", []):
        if wanted & words(f"{entry['title']} {entry.get('place', '')}") and entry["starts_at"] >= data.get("now", ""):
            place = f", at {entry['place']}" if entry.get("place") else ""
            answer = f"{entry['title']}: {entry['when']}{place}."
            return {
                "kind": "answer",
                "title": f"Next {subject.strip()}",
                "goal": f"Say when the next {subject} is.",
                "answer": answer,
                "sources": [entry["id"]],
            }
    answer = f"I don't see a {subject.strip()} in your calendar. I can call and ask if you like."
    return {
        "kind": "answer",
        "title": f"Next {subject.strip()}",
        "goal": f"Say when the next {subject} is.",
        "answer": answer,
        "sources": ["calendar"],
    }


def _inform(wish: str, message: str, data: dict[str, Any]) -> dict[str, Any]:
    said = with_full_names(_sentence(message), data["facts"])
    dated = _dated(said, data)
    callee, name = _callee(wish, data)
    return {
        "kind": "inform",
        "title": f"Tell {name}",
        "goal": f"Let {name} know that {dated}.",
        "steps": [f"Call {name}", f"Tell them that {said}", "Answer what they ask, as far as it is known"],
        "callee": callee,
        "opening_line": f"I'm calling to let you know that {dated}.",
        "share": facts_about(wish, data["facts"], {"family", "school"}),
        "success": f"{name} says that they have taken the message.",
        "voicemail": f"I'm calling to let you know that {dated}.",
    }


def _enquire(wish: str, question: str, data: dict[str, Any]) -> dict[str, Any]:
    callee, name = _callee(wish, data)
    whose = f"{data.get('user', {}).get('name', 'the user')}'s"
    asked = re.sub(r"\b(?:my|our)\b", whose, _dated(with_full_names(_sentence(question), data["facts"]), data), flags=re.I)
    return {
        "kind": "enquire",
        "title": f"Ask {name}",
        "goal": f"Ask {name} {asked}.",
        "steps": [f"Call {name}", f"Ask {asked}", "Note the answer"],
        "callee": callee,
        "opening_line": f"I have a question. I would like to know {asked}.",
        "share": facts_about(wish, data["facts"], {"car"}),
        "find_out": [asked],
        "success": f"{name} answers the question.",
    }


def _buy(wish: str, data: dict[str, Any]) -> dict[str, Any]:
    callee, name = _callee(wish, data)
    people = [full for first, full in full_names(data["facts"]).items() if first in words(wish)]
    thing = _thing(wish, people)
    whom = f" for {people[0]}" if people else ""
    limit = amounts(wish)
    spend = f", for at most ${limit[0] // 100}" if len(limit) == 1 else ""
    return {
        "kind": "buy",
        "title": f"{thing[:1].upper()}{thing[1:]}{whom}",
        "goal": f"Order {thing}{whom} from {name}{spend}.",
        "steps": [
            f"Call {name}",
            "Ask what they have and what it costs",
            "Agree only within the budget",
            "Give the delivery address",
            "Get price and delivery time",
        ],
        "callee": callee,
        "opening_line": f"I'd like to order {thing}{whom}. What do you have today, and what does it cost?",
        "share": facts_about(wish, data["facts"], {"address", "taste"}),
        "find_out": ["total price", "delivery time"],
        "success": "An order is placed within the budget, with price and time.",
        "limit_minor": limit[0] if len(limit) == 1 else None,
    }


def _book(wish: str, data: dict[str, Any]) -> dict[str, Any]:
    callee, name = _callee(wish, data)
    what = _dated(re.sub(r"^(?:book|make|schedule|reserve|get)\s+(?:me|us|the car|my car)?\s*(?:in for)?\s*", "", _sentence(wish), flags=re.I), data)
    what = re.sub(r"^(?:a|an) ", "", what)
    article = "an" if what[:1].lower() in "aeiou" else "a"
    return {
        "kind": "book",
        "title": f"Book {what}"[:60],
        "goal": f"Book {article} {what} with {name}.",
        "steps": [f"Call {name}", f"Ask for {article} {what}", "Agree on day and time"],
        "callee": callee,
        "opening_line": f"I'd like to book {article} {what}. When would you have time?",
        "share": facts_about(f"{wish} {data.get('user', {}).get('name', '')}", data["facts"], {"car"} if "garage" in callee["kind"] else set()),
        "find_out": ["day and time", "price"],
        "success": f"A day and time are agreed.{not_free(data)}",
    }


def _cancel(wish: str, data: dict[str, Any]) -> dict[str, Any]:
    callee, name = _callee(wish, data)
    what = _sentence(re.sub(r"^.*?\bcancel\s+(?:my |our |the )?", "", wish, flags=re.I))
    entry = next((entry for entry in data.get("calendar", []) if words(what) & words(entry["title"])), None)
    when = f" on {entry['when']}" if entry else ""
    user = data.get("user", {}).get("name", "the user")
    return {
        "kind": "cancel",
        "title": f"Cancel {what}"[:60],
        "goal": f"Cancel the {what} of {user}{when} with {name}.",
        "steps": [f"Call {name}", f"Cancel the {what}", "Have it confirmed"],
        "callee": callee,
        "opening_line": f"I'm calling to cancel the {what} of {user}{when}.",
        "success": f"{name} confirms the cancellation.",
    }


# --- words ---


def _callee(wish: str, data: dict[str, Any]) -> tuple[dict[str, Any], str]:
    contact, kind = contact_for(wish, data.get("contacts", []))
    if contact:
        return {"contact_id": contact["id"], "name": contact["name"], "kind": contact["kind"]}, contact["name"]
    called = re.search(r"\b(?:call|phone|ring)\s+(?:the |my |our )?([\w' ]+?)(?:\s+(?:and|to|that)\b|[,.]|$)", wish, re.I)
    name = called[1].strip() if called else (kind or "the business")
    return {"contact_id": None, "name": name, "kind": kind or name}, name


def _sentence(text: str) -> str:
    return text.strip().rstrip(".!? ")


def _dated(text: str, data: dict[str, Any]) -> str:
    """ "today" with the day spelled out, as a callee needs it."""
    return re.sub(r"\btoday\b(?!,)", f"today, {data.get('today', '')}", text, count=1, flags=re.I)


def _thing(wish: str, people: list[str]) -> str:
    bought = re.sub(r"^.*?\b(?:order|buy|get|send)\s+", "", _sentence(wish), flags=re.I)
    bought = re.sub(r"\b(?:for )?(?:up to|under|at most|no more than|max(?:imum)?)\s.*$", "", bought, flags=re.I)
    for person in people:
        bought = re.sub(rf"\b(?:for |to )?{person.split()[0]}\b(?:'s)?", "", bought, flags=re.I)
    return re.sub(r"\s+", " ", bought).strip(" ,") or "something"
