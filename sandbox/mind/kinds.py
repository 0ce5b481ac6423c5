"""What a plan of each kind says."""

from __future__ import annotations

import re
from typing import Any

from sandbox.mind.household import contact_for, facts_about, full_names, with_full_names, words
from sandbox.mind.times import has_to_be, not_free
from sandbox.mind.wish import bare_sentence, callee_of, dated, thing, without_place
from sandbox.words import amounts

#: Words that say nothing of what a calendar's entry is about.
SAID_OF_MANY = frozenset({"a", "an", "and", "appointment", "at", "for", "in", "my", "next", "of", "on", "our", "the", "to", "when", "with"})
_MOVE = re.compile(r"^(?:move|reschedule|postpone|push back|change|shift)\s+(?:my |our |the )?", re.I)


def answer(subject: str, data: dict[str, Any]) -> dict[str, Any]:
    """When something of the user's is: as the calendar says, or the call that would tell."""
    wanted = words(subject) - SAID_OF_MANY
    form = {"kind": "answer", "title": f"Next {subject.strip()}", "goal": f"Say when the next {subject} is."}
    for entry in data.get("calendar", []):
        if wanted & words(f"{entry['title']} {entry.get('place', '')}") and entry["starts_at"] >= data.get("now", ""):
            place = f", at {entry['place']}" if entry.get("place") else ""
            return form | {"answer": f"{entry['title']}: {entry['when']}{place}.", "sources": [entry["id"]]}
    said = f"I don't see a {subject.strip()} in your calendar."
    contact, _ = contact_for(subject, data.get("contacts", []))
    if contact is None:
        return form | {"answer": said, "sources": ["calendar"]}
    follow_up = f"Call {contact['name']} and ask when my next {subject.strip()} appointment is."
    return form | {
        "answer": f"{said} I can call {contact['name']} and ask if you like.",
        "sources": ["calendar", contact["id"]],
        "follow_up": follow_up,
    }


def inform(wish: str, message: str, data: dict[str, Any]) -> dict[str, Any]:
    """Somebody is told something."""
    said = with_full_names(bare_sentence(message), data["facts"])
    message = dated(said, data)
    callee, name = callee_of(wish, data)
    return {
        "kind": "inform",
        "title": f"Tell {name}",
        "goal": f"Let {name} know that {message}.",
        "steps": [f"Call {name}", f"Tell them that {said}", "Answer what they ask, as far as it is known"],
        "callee": callee,
        "opening_line": f"I'm calling to let you know that {message}.",
        "share": facts_about(wish, data["facts"], {"family", "school"}),
        "success": f"{name} says that they have taken the message.",
        "voicemail": f"I'm calling to let you know that {message}.",
    }


def enquire(wish: str, wanted: str, data: dict[str, Any]) -> dict[str, Any]:
    """Something is asked."""
    callee, name = callee_of(wish, data)
    whose = f"{data.get('user', {}).get('name', 'the user')}'s"
    asked = re.sub(r"\b(?:my|our)\b", whose, dated(with_full_names(bare_sentence(wanted), data["facts"]), data), flags=re.I)
    return {
        "kind": "enquire",
        "title": f"Ask {name}",
        "goal": f"Ask {name} {asked}.",
        "steps": [f"Call {name}", f"Ask {asked}", "Note the answer"],
        "callee": callee,
        "opening_line": question(asked),
        "share": facts_about(wish, data["facts"], {"car"}),
        "find_out": [asked],
        "success": f"{name} answers the question.",
    }


def question(asked: str) -> str:
    """How something is asked."""
    return f"I have a question. I would like to know {asked}."


def buy(wish: str, data: dict[str, Any]) -> dict[str, Any]:
    """Something is ordered."""
    wish = with_full_names(wish, data["facts"])
    callee, name = callee_of(wish, data)
    people = [full for first, full in full_names(data["facts"]).items() if first in words(wish)]
    wanted = thing(without_place(wish, name), people)
    whom = f" for {people[0]}" if people else ""
    named = amounts(wish)
    limit = data.get("edits", {}).get("limit_minor", named[0] if len(named) == 1 else None)
    spend = f", for at most ${limit // 100}" if limit is not None else ""
    return {
        "kind": "buy",
        "title": f"Order {wanted}{whom}",
        "goal": f"Order {wanted}{whom} from {name}{spend}.",
        "steps": [
            f"Call {name}",
            "Ask what they have and what it costs",
            "Agree only within the budget",
            "Give the delivery address",
            "Get price and delivery time",
        ],
        "callee": callee,
        "opening_line": f"I'd like to order {wanted}{whom}. What do you have today, and what does it cost?",
        "share": facts_about(wish, data["facts"], {"address", "taste"}),
        "find_out": ["total price", "delivery time"],
        "success": "An order is placed within the budget, with price and time.",
        "limit_minor": limit,
    }


def book(wish: str, data: dict[str, Any]) -> dict[str, Any]:
    """An appointment is made."""
    callee, name = callee_of(wish, data)
    what = dated(
        re.sub(
            r"^(?:.*\bask(?: them)? for|book|make|schedule|reserve|get)\s+(?:me|us|the car|my car)?\s*(?:in for)?\s*",
            "",
            bare_sentence(wish),
            flags=re.I,
        ),
        data,
    )
    what = without_place(re.sub(r"^(?:a|an) ", "", what), name)
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


def change(wish: str, data: dict[str, Any]) -> dict[str, Any]:
    """An appointment is moved, or something else about it altered."""
    callee, name = callee_of(wish, data)
    told = without_place(bare_sentence(_MOVE.sub("", wish, count=1)), name)
    what, to, new = (part.strip() for part in re.sub(r"\bfrom [\w ]+? (?=to\b)", "", told).partition(" to "))
    when = _when_it_is(what, data)
    user = data.get("user", {}).get("name", "the user")
    into = f" to {new}" if to else ""
    ask_when = "" if to else " When would you have time?"
    return {
        "kind": "change",
        "title": f"Move {what}{into}"[:60],
        "goal": f"Move the {what} of {user}{when} with {name}{into or ' to another time'}.",
        "steps": [f"Call {name}", f"Have the {what} moved{into}", "Have it confirmed"],
        "callee": callee,
        "opening_line": f"I'm calling to move the {what} of {user}{when}{into or ' to another time'}.{ask_when}",
        "find_out": ["new day and time"],
        "success": f"{name} confirms the change.{has_to_be(new)}{not_free(data)}",
    }


def _when_it_is(what: str, data: dict[str, Any]) -> str:
    """When the appointment is that somebody speaks of, as the calendar says."""
    entry = next((entry for entry in data.get("calendar", []) if words(what) & words(entry["title"])), None)
    return f" on {entry['when']}" if entry else ""


def cancel(wish: str, data: dict[str, Any]) -> dict[str, Any]:
    """An appointment is called off."""
    callee, name = callee_of(wish, data)
    what = without_place(bare_sentence(re.sub(r"^.*?\bcancel\s+(?:my |our |the )?", "", wish, flags=re.I)), name)
    when = _when_it_is(what, data)
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
