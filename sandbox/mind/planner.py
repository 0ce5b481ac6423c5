"""Planning by rule: fills the form `action_plan` from the planner's prompt."""

from __future__ import annotations

import re
from typing import Any

from sandbox.mind import german, kinds
from sandbox.mind.french import answer_french
from sandbox.mind.household import facts_on, guarded_facts_about, words
from sandbox.mind.wish import apart, indirect, said_aloud
from sandbox.words import number_value, spoken

_HAIL = re.compile(r"^\s*(?:hey|hi|hello|ok|okay)?[ ,]*(?:floyd)?[ ,:.!-]*(?:(?:can|could|would|will) you\b)?\s*(?:please\b)?\s*", re.I)
_NEXT = re.compile(r"\bwhen(?:'s| is| do i have)\b.*?\b(?:my|our|the) (?:next )?(.+?)(?: appointment| meeting| visit)?\s*\??$", re.I)
_TELL = re.compile(
    r"\b(?:let [\w'., ]+? know|tell (?:them|him|her|the \w+|[A-Z][\w' ]+?)|say|inform (?:them|the \w+))(?: that)?[ ,:]+(.+)$",
    re.I,
)
# "Call the school, Mara is sick today."
_SAYS = re.compile(
    r"^(?:call|phone|ring) [\w' ]+?(?:[,.:;]| -)\s+((?:[\w']+ ){1,4}?(?:is|are|was|will|won't|can't|has|have)\b.+|\w+'(?:s|re|ll|ve|m) .+[^?])$",
    re.I,
)
_ASK = re.compile(r"\b(?:ask|find out|check)\b(?: (?:them|the [\w]+|him|her|[A-Z][\w'., ]+?))?\s*((?:if|whether|when|what|how|for|about)\b.+)$", re.I)
# "Call the dry cleaner, when can I pick up my coat?"
_WONDERS = re.compile(
    r"^(?:call|phone|ring) [\w' ]+?(?:[,.:;]| -)\s+"
    r"((?:when|what|how|where|which|whether|if|do|does|can|could|is|are|have|has|will|would)\b.+)$",
    re.I,
)
_UNWELCOME = re.compile(r"\b(?:sell|selling|advertis\w+|survey|canvass\w*|prank|threaten|harass|pretend (?:to be|you're|you are)|vote for)\b", re.I)
_PRICED = re.compile(r"\b(?:order|buy|get|send)\b", re.I)
_BOOK = re.compile(
    r"\b(?:book|make|schedule|reserve|get me|ask(?: them)? for (?:a|an))\b"
    r".*\b(?:appointment|table|oil change|visit|reservation|cleaning|check-?up|in for)\b",
    re.I,
)
_CHANGE = re.compile(
    r"^(?:(?:i|we) (?:need|want|would like) to |i'd like to )?(?:move|reschedule|postpone|push back|change|shift)\b"
    r".*\b(?:appointment|table|oil change|visit|reservation|booking|cleaning|check-?up)\b",
    re.I,
)
_HOLD = re.compile(r"[,.;]?\s*(?:and |but )?(?:hold|wait) (?:for )?(?:at most|no longer than|no more than) (\w+) minutes?", re.I)
_THEY_NEED = re.compile(r"[,.;]?\s*(?:and )?they(?:'ll| will)? need [^.;]*", re.I)


def plan(data: dict[str, Any]) -> dict[str, Any]:
    """The plan, as the form wants it (every field present)."""
    ask, others = apart(re.sub(r"\s+", " ", data.get("ask", "")).strip(), data.get("contacts", []))
    form = _edited(_wanted(ask, data), data)
    form |= {name: said_aloud(form[name]) for name in ("opening_line", "voicemail")}
    if hold := _HOLD.search(ask):
        form["hold_minutes"] = number_value(spoken(hold[1]).split()) or 1
    if form["callee"] is not None and "share" not in data.get("edits", {}):
        form["share"] = [*form["share"], *guarded_facts_about(ask, data["facts"])]
    if form["kind"] not in {"ask_user", "decline"}:
        form |= {"other_wishes": others, "relevant": _relevant(ask, form, data)}
    return form


def _wanted(ask: str, data: dict[str, Any]) -> dict[str, Any]:
    """The plan for the ask; one that is unclear is read again with what the user answered."""
    answered = " ".join(str(given["answer"]) for given in data.get("answers", []))
    readings = [ask, *([answered, f"{ask.rstrip('.!? ')} {answered}"] if answered else [])]
    forms = (_form(_HOLD.sub("", _THEY_NEED.sub("", reading)), data) for reading in readings)
    made = next(forms)
    return made if made["kind"] != "ask_user" else next((form for form in forms if form["kind"] != "ask_user"), made)


def _form(ask: str, data: dict[str, Any]) -> dict[str, Any]:
    wish = _HAIL.sub("", ask, count=1).strip() or ask
    form = _empty(data)
    if _UNWELCOME.search(ask):
        return form | {
            "kind": "decline",
            "title": "Not something Floyd does",
            "decline_reason": "Floyd doesn't sell, canvass, harass or pretend to be somebody.",
        }
    if (answered := answer_french(ask, data)) is not None:
        return form | answered
    if (english := german.wish_in_english(wish)) is not None:
        made = _form(english, data)
        return made | german.told_in_german(made, wish, data)
    if match := _NEXT.search(ask):
        return form | kinds.answer(match[1], data)
    if re.search(r"\bcancel\b", wish, re.I):
        return form | kinds.cancel(wish, data)
    if _CHANGE.search(wish):
        return form | kinds.change(re.sub(r"^(?:(?:i|we) (?:need|want|would like) to |i'd like to )", "", wish, flags=re.I), data)
    if _BOOK.search(wish):
        return form | kinds.book(wish, data)
    if match := _TELL.search(wish):
        return form | kinds.inform(wish, match[1], data)
    if match := _ASK.search(wish):
        return form | kinds.enquire(wish, match[1], data)
    if match := _WONDERS.search(wish):
        return form | kinds.enquire(wish, indirect(match[1]), data)
    if _PRICED.search(wish):
        return form | kinds.buy(wish, data)
    if match := _SAYS.search(wish):
        return form | kinds.inform(wish, match[1], data)
    if german.is_german(ask):
        return form | {"kind": "ask_user", "title": "Erst eine Frage", "question": "Wen soll ich anrufen, und was soll ich sagen oder fragen?"}
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


def _edited(form: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """The plan with what the user wrote into it: that stands, and the rest is written to fit it."""
    edits: dict[str, Any] = data.get("edits", {})
    if goal := edits.get("goal"):
        meant = _wanted(goal, data)
        if meant["callee"] is not None:
            form = meant | {"share": list(dict.fromkeys([*form["share"], *meant["share"]]))}
        else:  # a goal that these rules cannot read is said as it was written
            form = form | {"opening_line": f"I'm calling about this: {goal.rstrip('. ')}."}
    if form["kind"] == "enquire" and (find_out := edits.get("find_out")):
        form = form | {"opening_line": kinds.question(" and ".join(item.rstrip(".? ") for item in find_out))}
    return form | edits


def _relevant(ask: str, form: dict[str, Any], data: dict[str, Any]) -> list[str]:
    """Ids of what the plan rests on, and of what is known about whom and what the ask names."""
    contact = (form["callee"] or {}).get("contact_id")
    said = words(ask) - kinds.SAID_OF_MANY
    entries = [entry["id"] for entry in data.get("calendar", []) if words(entry["title"]) & said]
    sources = [source for source in form["sources"] if ":" in source]
    return list(dict.fromkeys([*([contact] if contact else []), *form["share"], *facts_on(ask, data["facts"]), *entries, *sources]))
