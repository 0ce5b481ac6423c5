"""Talking French by rule: a handful of questions, for the rehearsal of a call that goes on in another language."""

from __future__ import annotations

import re
from collections.abc import Callable

from sandbox.mind.scene import Scene
from sandbox.mind.thought import Thought, ToolUse

_QUESTIONS = (
    (re.compile(r"\bopen\b", re.I), "Vous êtes ouverts aujourd'hui ?"),
    (re.compile(r"\bready\b", re.I), "Est-ce que c'est prêt ?"),
    (re.compile(r"\b(?:cost|price)", re.I), "Combien cela coûte ?"),
)
_OTHERWISE = "Je voudrais vous poser une question, mais je ne sais pas la dire en français."
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


#: Language, as the prompt names it → who talks it.
ABROAD: dict[str, Callable[[Scene], Thought]] = {"French": talk_french}
