"""French by rule: a handful of questions in a call that goes on in another language, and answering when the user's next appointment is."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox.mind.scene import Scene
from sandbox.mind.thought import Thought, ToolUse

_QUESTIONS = (
    (re.compile(r"\bopen\b", re.I), "Vous êtes ouverts aujourd'hui ?"),
    (re.compile(r"\bready\b", re.I), "Est-ce que c'est prêt ?"),
    (re.compile(r"\b(?:cost|price)", re.I), "Combien cela coûte ?"),
)
_OTHERWISE = "Je voudrais vous poser une question, mais je ne sais pas la dire en français."
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"]
_NEXT = re.compile(r"\bquand (?:est|ai-je) (?:mon|ma) prochaine? (?:rendez-vous|visite) (?:chez|avec) (?:le |la |l'|mon |ma )?(\w+)", re.I)
#: What somebody is called in a calendar that is kept in English.
_TRADES = {"dentiste": "dentist", "médecin": "doctor", "coiffeur": "hair", "garagiste": "garage"}
_ANSWERS = re.compile(r"\b(?:oui|non|nous sommes|c'est|cela)\b", re.I)


def talk_french(scene: Scene) -> Thought:
    """The next turn."""
    goal = str(scene.brief.get("goal", ""))
    purpose = next((said for asks, said in _QUESTIONS if asks.search(goal)), _OTHERWISE)
    told = purpose.lower().rstrip(" ?.") in scene.told
    if scene.turn == "callee" and told and _ANSWERS.search(scene.last):
        end = {"result": "goal_reached", "farewell": "Merci beaucoup, au revoir."}
        return Thought("", (ToolUse("end_call", end),))
    return Thought(purpose)


def answer_french(ask: str, data: dict[str, Any]) -> dict[str, Any] | None:
    """The fields of a plan that says when the user's next appointment is; None where the ask is no such question in French."""
    match = _NEXT.search(ask.replace("’", "'"))
    if match is None:
        return None
    whose = match[1].lower()
    form = {"kind": "answer", "title": f"Prochain rendez-vous : {whose}", "goal": f"Dire quand est le prochain rendez-vous ({whose})."}
    for entry in data.get("calendar", []):
        if _TRADES.get(whose, whose) in f"{entry['title']} {entry.get('place', '')}".lower() and entry["starts_at"] >= data.get("now", ""):
            start = datetime.fromisoformat(entry["starts_at"])
            day = f"{WEEKDAYS[start.weekday()]} {start.day} {MONTHS[start.month - 1]} {start.year}"
            return form | {"answer": f"{entry['title']} : {day} à {start.hour} h {start.minute:02d}.", "sources": [entry["id"]]}
    return form | {"answer": f"Je ne vois pas de rendez-vous ({whose}) dans votre agenda.", "sources": ["calendar"]}


#: Language, as the prompt names it → who talks it.
ABROAD: dict[str, Callable[[Scene], Thought]] = {"French": talk_french}
