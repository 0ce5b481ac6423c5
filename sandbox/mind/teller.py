"""Summing up by rule: fills the form `call_outcome` from a numbered transcript."""

from __future__ import annotations

import re
from typing import Any

from sandbox.mind.afterwards import left_to_do
from sandbox.mind.courtesies import substance
from sandbox.mind.german import came_in_german
from sandbox.words import amounts, sentences, spoken

_TIME = re.compile(
    r"\b((?:today |tomorrow |(?:mon|tues|wednes|thurs|fri|satur|sun)day )?(?:by |at |before |around )?"
    r"(?:[a-z]+|\d{1,2}(?::\d\d)?) ?(?:o'?clock|a\.?m\.?|p\.?m\.?))",
    re.I,
)
_TAKEN = re.compile(r"\b(?:thank|thanks|let(?:ting)? .* know|noted|got it|all right|alright|okay|sorry to hear|will she|feel better)\b", re.I)
_SETTLED = re.compile(r"\b(?:great|perfect|confirmed|booked|cancell?ed|will be there|see you|done|all set|you are set|put you down)\b", re.I)
#: "Ask Dana whether dinner on Thursday at 7 p.m. works", and the yes to it.
_WORKS = re.compile(r"\bwhether (.+?) works?\b", re.I)
_ANSWERS = re.compile(r"^(?:yes|yeah|no)\b", re.I)
_YES_ON = re.compile(r"^yes\b.*?\bon (\w+day\b.*?)[.!]?$", re.I | re.S)
#: It is no yes, or one that depends on something, or more was said with it.
_ONLY_IF = re.compile(r"\b(?:if|unless|provided|as long as|but|only|not|says:)(?!\w)|n't\b", re.I)


def tell(data: dict[str, Any]) -> dict[str, Any]:
    """The outcome, as the form wants it, in the language that the user reads."""
    form = _form(data)
    return came_in_german(form) if data.get("user_reads") == "de" else form


def _form(data: dict[str, Any]) -> dict[str, Any]:
    lines = data.get("transcript", [])
    kind = data.get("kind", "")
    items = _agreed(data, lines) if kind in {"buy", "book", "change", "cancel"} else _told(data, lines) if kind == "inform" else _learned(lines)
    if kind == "enquire" and items:
        items += _settled_at(_goal(data), lines)
    steps = left_to_do(data, items)
    if not items:
        offers = _offers(lines, data.get("currency"))
        return {"achieved": "no", "summary": f"It did not work out: {_goal(data)}", "items": offers, "missing": [], "next_steps": steps}
    return {"achieved": "yes", "summary": " ".join(item["text"] for item in items[:2]), "items": items, "missing": [], "next_steps": steps}


def _goal(data: dict[str, Any]) -> str:
    return str(data.get("goal") or "the call had no goal")


def _item(
    kind: str, text: str, lines: list[int], *, amount: int | None = None, currency: str | None = None, when: str | None = None
) -> dict[str, Any]:
    return {"kind": kind, "text": text, "amount_minor": amount, "currency": currency, "when": when, "lines": lines}


def _told(data: dict[str, Any], lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What Floyd said of the goal, if they took it."""
    heart = set(re.findall(r"[a-z]{4,}", _goal(data).lower())) - {"know", "that", "today"}
    for index, line in enumerate(lines):
        if line["speaker"] == "floyd" and len(heart & set(re.findall(r"[a-z]{4,}", line["text"].lower()))) >= min(3, len(heart)):
            after = [later for later in lines[index + 1 :] if later["speaker"] == "callee"]
            taken = next((later for later in after if _TAKEN.search(later["text"])), after[0] if after else None)
            if taken:
                message = re.sub(r"^let (.+?) know that ", r"Told \1 that ", _goal(data), flags=re.I)
                return [_item("told", message, [line["line"], taken["line"]])]
    return []


def _agreed(data: dict[str, Any], lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    agreed = [slot for slot in data.get("slots", []) if slot.get("kind") == "agreed"]
    settled = [line for line in lines if line["speaker"] == "callee" and _SETTLED.search(line["text"])]
    if settled and not agreed and data["kind"] in {"cancel", "change"}:
        return [_item("agreed", f"They confirmed: “{settled[-1]['text']}”", [settled[-1]["line"]])]
    if not agreed or not settled:
        return []
    slot = agreed[-1]
    amount, currency = slot.get("amount_minor"), slot.get("currency") or None
    priced = [line["line"] for line in lines if amount is not None and amount in amounts(line["text"])]
    timed = next((line for line in reversed(lines) if line["speaker"] == "callee" and _TIME.search(line["text"])), None)
    when = slot.get("when") or (_TIME.search(timed["text"])[1] if timed else None)  # type: ignore[index]
    price = f" for ${amount // 100}{f'.{amount % 100:02d}' if amount % 100 else ''}" if amount is not None else ""
    done = {"buy": "Ordered", "book": "Booked", "cancel": "Cancelled", "change": "Changed"}[data["kind"]]
    at = f", {when}" if when else ""
    cited = sorted({*priced[-2:], settled[-1]["line"], *([timed["line"]] if timed else [])})
    return [_item("agreed", f"{done}: {slot['item']}{price}{at}.", cited, amount=amount, currency=currency, when=when)]


def _learned(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last thing they said after they were asked that is more than a courtesy."""
    told = [(line, text) for line, text in _answered(lines) if len(text.split()) > 3 and not text.endswith("?")]
    return [_item("learned", f"They said: “{told[-1][1]}”", [told[-1][0]["line"]])] if told else []


def _answered(lines: list[dict[str, Any]]) -> list[tuple[dict[str, Any], str]]:
    """What they said after they were asked, line by line, without courtesies."""
    asked = next((index for index, line in enumerate(lines) if line["speaker"] == "floyd" and "would like to know" in spoken(line["text"])), None)
    if asked is None:
        return []
    return [(line, substance(line["text"])) for line in lines[asked + 1 :] if line["speaker"] == "callee"]


def _settled_at(goal: str, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A yes to whether something works at a time settles it, wherever in their lines it stands. What they said last counts."""
    about, said = _WORKS.search(goal), [(line, sentence) for line, text in _answered(lines) for sentence in sentences(text)]
    answer = next((place for place in reversed(range(len(said))) if _ANSWERS.match(said[place][1])), None)
    if about is None or answer is None:
        return []
    line, sentence = said[answer]
    when = _YES_ON.match(sentence)
    if when is None or any(_ONLY_IF.search(later) for _, later in said[answer:]):
        return []
    return [_item("agreed", f"{about[1][:1].upper()}{about[1][1:]} works.", [line["line"]], when=when[1])]


def _offers(lines: list[dict[str, Any]], currency: str | None) -> list[dict[str, Any]]:
    return [
        _item("offered", f"They offered something for ${cents // 100}.", [line["line"]], amount=cents, currency=currency)
        for line in lines
        if line["speaker"] == "callee"
        for cents in amounts(line["text"])[:1]
    ][:3]
