"""German by rule: the wishes that German pages suggest and their like, and what a plan or an outcome says to the user who reads it.

The callee is spoken to in the language of calls, so opening line, goal and what is asked stay English.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

_WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
_MONTHS = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember")
#: Who and what is meant, as the English rules call it.
_NAMES = {
    "Schule": "school",
    "Zahnarzt": "dentist",
    "Arzt": "doctor",
    "Friseur": "hairdresser",
    "Werkstatt": "garage",
    "Reinigung": "dry cleaner",
    "Blumenladen": "florist",
    "Klempner": "plumber",
    "meine Tochter": "my daughter",
    "mein Sohn": "my son",
    "meine Frau": "my wife",
    "mein Mann": "my husband",
    "meinen Mann": "my husband",
}
#: What is told or asked, whole.
_SAYINGS = (
    (r"(?P<who>.+?) ist heute krank", "{who} is sick today"),
    (r"(?P<who>.+?) kommt heute nicht", "{who} is not coming today"),
    (r"(?P<who>.+?) kommt heute später", "{who} is coming later today"),
    (r"ob sie weiße Pfingstrosen haben", "whether they have white peonies"),
    (r"wann sie (?:heute )?(?:schließen|zumachen)", "when they close today"),
    (r"wann sie (?:heute )?(?:öffnen|aufmachen)", "when they open today"),
    (r"wann (?:einer|jemand) kommen könnte", "when one could come"),
    (r"was ein Ölwechsel kostet", "what an oil change costs"),
)
_WHOM = r"(?:(?:bei )?(?:der|die|das|dem|den|beim|einen?|meinen?|unsere[nr]?) )?(?P<whom>.+?)"
_NUMBER = r"(?: unter (?P<number>\+?[\d ()-]{7,}\d))?"
_CALL = re.compile(rf"ruf(?:e)? (?:bitte )?{_WHOM}{_NUMBER} an", re.I)
_SEARCH = rf"such(?:e)? (?:bitte )?{_WHOM.replace('whom', 'near')} in meiner Nähe"
_ASK = re.compile(rf"(?:{_CALL.pattern}|{_SEARCH}) und frag(?:e)?,? (?P<what>.+)", re.I)
_TELL = re.compile(rf"{_CALL.pattern}(?:,| und sag(?:e)?(?: ihnen| dort)?,?(?: dass)?) (?P<what>.+)", re.I)
_NEXT = re.compile(r"wann (?:ist mein|habe ich (?:den|meinen)) nächste[rn] (?:(?P<whose>\w+?)termin|termin (?:beim|bei der|bei) (?P<whom>\w+))", re.I)
_BUY = re.compile(r"bestell(?:e)? (?:bitte )?(?:ein paar )?Blumen für (?P<who>.+?)(?: für höchstens (?P<most>\d+) (?:Dollar|\$))?", re.I)
_IS_GERMAN = re.compile(r"[äöüß]|\b(?:ich|und|mein\w*|bitte|ruf\w*|frag\w*|bestell\w*|wann|eine\w*|nicht|ist)\b", re.I)


def wish_in_english(ask: str) -> str | None:
    """The wish as the English rules read it; None where it is none of these in German."""
    wish = ask.strip().rstrip(".!? ").replace("\u2019", "'")
    if found := _NEXT.fullmatch(wish):
        return f"When's my next {_named(found['whose'] or found['whom'])} appointment?"
    if found := _BUY.fullmatch(wish):
        most = f" for up to ${found['most']}" if found["most"] else ""
        return f"Order some flowers for {_named(found['who'])}{most}."
    found = _ASK.fullmatch(wish)
    if found and (asked := _said(found["what"])):
        whom = f"{_named(found['near'])} near me" if found["near"] else _called(found)
        return f"{'Find a' if found['near'] else 'Call'} {whom} and ask {asked}."
    found = _TELL.fullmatch(wish)
    if found and (told := _said(found["what"])):
        return f"Call {_called(found)}, {told}."
    return None


def _called(found: re.Match[str]) -> str:
    name = _named(found["whom"])
    return f"{'the ' if name[:1].islower() else ''}{name}{' at ' + found['number'] if found['number'] else ''}"


def _named(german: str) -> str:
    return next((english for name, english in _NAMES.items() if name.lower() == german.strip().lower()), german.strip())


def _said(german: str) -> str | None:
    for words, english in _SAYINGS:
        if found := re.fullmatch(words, german.strip(), re.I):
            return english.format(**{name: _named(who) for name, who in found.groupdict().items()})
    return None


def is_german(ask: str) -> bool:
    """Whether its writer will want to be asked back in German."""
    return bool(_IS_GERMAN.search(ask))


def told_in_german(form: dict[str, Any], ask: str, data: dict[str, Any]) -> dict[str, Any]:
    """What the user reads of a plan, in German: title, steps, answer."""
    return _TELLERS[form["kind"]](form, ask.strip().rstrip(".!? "), data) if form["kind"] in _TELLERS else {}


def came_in_german(form: dict[str, Any]) -> dict[str, Any]:
    """An outcome as who reads German reads it. What somebody said stays in the call's language, and so do days and hours."""
    items = [{**item, "text": _came(item["text"])} for item in form["items"]]
    steps = [{**step, "text": _came(step["text"])} for step in form["next_steps"]]
    worked = form["achieved"] != "no"
    return {
        **form,
        "items": items,
        "next_steps": steps,
        "summary": " ".join(item["text"] for item in items[:2]) if worked else _came(form["summary"]),
    }


def _came(english: str) -> str:
    """A sentence of `sandbox.mind.teller` or `sandbox.mind.afterwards`."""
    if told := _TOLD.fullmatch(english):
        what = next(
            (german.format(found[1]) for words, german in _TOLD_WORDS if (found := re.match(words, told["what"]))), f"„{told['what'].rstrip('.')}“"
        )
        return f"{told['whom']} weiß Bescheid: {what}."
    if settled := _SETTLED.fullmatch(english):
        price = f" für {settled['price'].replace('.', ',')} $" if settled["price"] else ""
        when = f", {settled['when']}" if settled["when"] else ""
        return f"{_DONE[settled['done']]}: {settled['item']}{price}{when}."
    return next((german.format(*found.groups()) for words, german in _CAME if (found := re.fullmatch(words, english))), english)


def _answer(form: dict[str, Any], ask: str, data: dict[str, Any]) -> dict[str, Any]:
    entry = next((entry for entry in data.get("calendar", []) if entry["id"] in form["sources"]), None)
    told = {"title": "Nächster Termin", "goal": "Sagen, wann der nächste Termin ist."}
    if entry is None:
        follow_up = {"follow_up": form["follow_up"]} if form["follow_up"] else {}
        return told | follow_up | {"answer": "Davon steht nichts in deinem Kalender." + (" Ich kann dort anrufen und fragen." if follow_up else "")}
    start = datetime.fromisoformat(entry["starts_at"])
    day = f"{_WEEKDAYS[start.weekday()]}, {start.day}. {_MONTHS[start.month - 1]} {start.year}"
    place = f", {entry['place']}" if entry.get("place") else ""
    return told | {"answer": f"{entry['title']}: {day} um {start.hour}:{start.minute:02d} Uhr{place}."}


def _inform(form: dict[str, Any], ask: str, data: dict[str, Any]) -> dict[str, Any]:
    name = form["callee"]["name"]
    return {"title": f"{name} Bescheid geben", "steps": [f"{name} anrufen", f"Ausrichten: {_what(ask)}", "Beantworten, was bekannt ist"]}


def _enquire(form: dict[str, Any], ask: str, data: dict[str, Any]) -> dict[str, Any]:
    name = form["callee"]["name"]
    return {"title": f"{name} fragen", "steps": [f"{name} anrufen", f"Fragen, {_what(ask)}", "Die Antwort notieren"]}


def _buy(form: dict[str, Any], ask: str, data: dict[str, Any]) -> dict[str, Any]:
    steps = [
        f"{form['callee']['name']} anrufen",
        "Fragen, was es gibt und was es kostet",
        "Nur innerhalb des Budgets zusagen",
        "Die Lieferadresse nennen",
        "Preis und Lieferzeit geben lassen",
    ]
    return {"title": "Blumen bestellen", "steps": steps}


def _what(ask: str) -> str:
    found = _ASK.fullmatch(ask) or _TELL.fullmatch(ask)
    return found["what"] if found else ask


_TOLD = re.compile(r"Told (?P<whom>.+?) that (?P<what>.+)")
_TOLD_WORDS = (
    (r"(.+?) is sick today\b", "{0} ist heute krank"),
    (r"(.+?) is not coming today\b", "{0} kommt heute nicht"),
    (r"(.+?) is coming later today\b", "{0} kommt heute später"),
)
_DONE = {"Ordered": "Bestellt", "Booked": "Gebucht", "Cancelled": "Abgesagt", "Changed": "Geändert"}
_SETTLED = re.compile(rf"(?P<done>{'|'.join(_DONE)}): (?P<item>.+?)(?: for \$(?P<price>\d+(?:\.\d\d)?))?(?:, (?P<when>[^,]+))?\.")
_CAME = (
    (r"They said: “(.+)”", "Sie haben gesagt: „{0}“"),
    (r"They confirmed: “(.+)”", "Sie haben bestätigt: „{0}“"),
    (r"They offered something for \$(\d+)\.", "Sie haben etwas für {0} $ angeboten."),
    (r"It did not work out: (.+)", "Es hat nicht geklappt: {0}"),
    (r"(.+) works\.", "{0} passt."),
    (r"Pick up what they have ready", "Abholen, was bereitliegt"),
    (r"Pick up (.+)", "Abholen: {0}"),
    (r"Bring (?:your|the|an?|his|her|their) (.+)", "Mitbringen: {0}"),
)

_TELLERS: dict[str, Callable[[dict[str, Any], str, dict[str, Any]], dict[str, Any]]] = {
    "answer": _answer,
    "inform": _inform,
    "enquire": _enquire,
    "buy": _buy,
}
