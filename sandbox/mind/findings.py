"""What tools of a call that came in found, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

#: What of a result is for the model's eyes only.
_UNSAID = frozenset({"ok", "next", "do", "reason", "said_to_caller"})
SORRY = "I'm sorry, that does not work right now."
#: Tools whose success is told in the same words whatever they found.
_DONE = {
    "enter_pin": "Thank you, that is the right one.",
    "make_request": "I'll see to it and let you know.",
    "send_confirmation": "I have sent it to your phone.",
    "send_details": "I have sent it to your phone.",
    "start_order": "All right. What would you like?",
}
#: Tools that change an order.
_CHANGED = {"add_item": "", "change_item": "I have changed it. ", "remove_item": "I have taken it off. "}
#: Tools that tell only what the caller names first: what is said when that is not there, and when nothing was named.
_ASKED_BY = {
    "existing_appointments": ("There is no tour of yours then.", "For which day and time is it? I can also text you the details."),
    "past_orders": ("There is no such order of yours.", "Which dish was in it? I can also text you the details."),
}


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool found."""

    name: str
    arguments: dict[str, Any]
    data: dict[str, Any]


def in_words(result: Result) -> str:
    """What to say about a result."""
    data = result.data
    if not data.get("ok", True):
        return str(data.get("why") or SORRY)
    if result.name in _ASKED_BY and ("not_told" in data or "next" in data):
        return _ASKED_BY[result.name]["not_told" in data]
    if result.name in _TOLD:
        return _TOLD[result.name](data) or "There is nothing."
    match result.name:
        case "check_availability" if data.get("missing"):
            return f"Which {data['missing'][0]} would you like?"
        case "check_availability" if data.get("available"):
            return f"{data['time']} is free. Shall I schedule it?"
        case "schedule_tour" if data.get("scheduled"):
            return "Your tour is scheduled."
        case "add_item" | "change_item" | "remove_item":
            return f"{_CHANGED[result.name]}That comes to {data.get('total')}. Anything else?"
        case "place_order":
            if data.get("placed"):
                return f"Your order is placed, the total is {data.get('total')}."
            return f"We are closed. Shall I place it for {data.get('earliest')}?"
        case "save_name":
            return f"Thank you, {data.get('first_name')}."
        case "why_floyd_called" if data.get("waits"):
            return "I did call. For whom was it, please?"
        case "why_floyd_called":
            return f"I called for {data.get('calling_for')}. {data.get('goal')} Which day and time do you have?"
        case "settle_call_back":
            return "Thank you, I'll pass it on." if data.get("settled") else "I'll pass it on, and get back to you."
        case "how_things_stand" if data.get("requests"):
            return " ".join(f"The request about {_named(one.get('about'))} is {_named(one.get('stands'))} now." for one in data["requests"])
    return _DONE.get(result.name) or _all_of(data)


def _menu(data: Mapping[str, Any]) -> str:
    """The dishes by section, and what to suggest; prices are told of a dish that somebody asks about."""
    sections = [f"{section}: {', '.join(str(item).partition(':')[0] for item in items)}." for section, items in (data.get("menu") or {}).items()]
    special = data.get("house_special")
    return " ".join([*sections, *([f"The house special is {special}."] if special else [])])


def _named(text: object) -> str:
    """As it stands in the middle of a sentence."""
    return str(text).rstrip(". ?").lower()


def _orders(data: Mapping[str, Any]) -> str:
    return " ".join(f"{one['placed']}: {', '.join(one['items'])}." for one in data.get("orders", ()))


def _all_of(data: Mapping[str, Any]) -> str:
    """Every text of it as a sentence, and every number with its name."""
    texts = []
    for name, value in data.items():
        if name not in _UNSAID:
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, int) and not isinstance(one, bool):
                    texts.append(f"{name.replace('_', ' ').capitalize()}: {one}")
                elif not isinstance(one, dict | bool):
                    texts.append(str(one))
    return " ".join(f"{text.rstrip('. ')}." for text in texts) or "There is nothing."


#: Tools whose results need more than their texts.
_TOLD: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "show_menu": _menu,
    "past_orders": _orders,
    "cancel_tour": lambda data: f"I have called off the {data['cancelled']}." if "cancelled" in data else "",
    "read_back_order": lambda data: f"{_all_of(data)} Is that right?",
}
