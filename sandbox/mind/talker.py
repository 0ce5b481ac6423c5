"""Talking by rule: the next turn of a phone call, from the in-call prompt."""

from __future__ import annotations

import re

from sandbox.mind import dealing
from sandbox.mind.before import about_before
from sandbox.mind.courtesies import ABOUT, ASIDE, GO_ON, WAIT, substance
from sandbox.mind.french import ABROAD
from sandbox.mind.household import words
from sandbox.mind.menu import choose, options_of
from sandbox.mind.scene import Offer, Scene, read
from sandbox.mind.thought import Thought, ToolUse
from sandbox.mind.times import clashes, time_in
from sandbox.mind.whispers import unsaid, weave
from sandbox.words import sentences

_BYE = re.compile(r"\b(?:good ?bye|bye|have a (?:good|nice|great|lovely)|take care|talk to you|see you)\b", re.I)
_ALL = re.compile(r"\bthat(?: is|'s) all (?:we have|I have|there is)\b", re.I)
_SUITS = re.compile(r"\b(?:work|okay|ok|good|fine|suit)\b", re.I)
_WRONG = re.compile(r"\bwrong number\b|\bno one (?:here )?by that name\b", re.I)
_NO_MACHINES = re.compile(
    r"\b(?:don't|do not|won't|not going to) (?:talk|speak|deal)\b.*\b(?:machines?|robots?|computers?|bots?|ai|a i)\b|\bstop calling\b", re.I
)
_WHO = re.compile(
    r"\bwho(?:'s| is| am i)\b.*\b(?:this|calling|speaking|there)\b|\bare you (?:a |an )?(?:robot|human|machine|real|computer|ai)\b", re.I
)
_PATIENT = re.compile(r"\b(?:take your time|no problem|no rush|i'll wait|of course|sure)\b", re.I)
_DELIVERED = re.compile(r"\b(?:address|deliver\w*|where (?:should|do|shall|to)|send (?:it|them))\b", re.I)
_SETTLED = re.compile(
    r"\b(?:will be there|confirmed|booked|all set|it's done|see you|on (?:its|their) way|cancell?ed|put you down|you're down|order is in)\b", re.I
)
_TAKEN = re.compile(
    r"\b(?:thank you|thanks|letting us know|got it|noted|i'll (?:tell|pass|let)|we'll (?:tell|let|make)|feel better|all right|alright|okay|ok)\b",
    re.I,
)
_HELP = re.compile(r"\b(?:how (?:can|may) i help|what can i do|how can we help|help you)\b", re.I)
_AGAIN = re.compile(r"\b(?:say (?:that|it) again|repeat|pardon|didn't (?:catch|hear)|come again|what was that)\b", re.I)
_NOTHING = re.compile(
    r"\b(?:nothing|don't have anything|do not have anything|can't|cannot)\b.*\b(?:for that|like that|within|less|cheaper|at that|do that)\b", re.I
)
_WANTED = re.compile(r"\b(?:would you like|do you want|shall (?:i|we)|should (?:i|we)|will you take|is that (?:all right|okay|ok|fine))\b", re.I)
_RETURN = re.compile(r"\b(?:back|return|be away|be out|how long)\b", re.I)
_WELL = re.compile(r"\b(?:okay|ok|all right|alright|serious|what does (?:she|he) have|what's wrong|be fine|feeling)\b", re.I)
_ASKS = re.compile(r"\?|^\s*(?:what|when|where|who|how|which|will|is|does|can|could)\b", re.I)
_PLAIN_QUESTION = frozenset(
    [
        "what",
        "which",
        "who",
        "whom",
        "where",
        "when",
        "how",
        "is",
        "are",
        "does",
        "do",
        "did",
        "can",
        "could",
        "will",
        "would",
        "the",
        "a",
        "an",
        "of",
        "for",
        "in",
        "on",
        "and",
        "or",
        "to",
        "you",
        "your",
        "she",
        "he",
        "her",
        "his",
        "it",
        "be",
        "have",
        "has",
        "name",
        "tell",
        "me",
    ]
)


#: Sentences of Floyd's that nobody needs to hear again.
_EMPTY = re.compile(r"(?:are you still|sorry|i'm sorry|one moment|hi, this is|of course, take)", re.I)
#: How often the budget is named before Floyd gives up.
MOST_TIMES = 2
#: Over a bad line a sentence may be needed so often.
MOST_REPEATS = 5


def talk(messages: list[dict[str, object]], tools: frozenset[str]) -> Thought:
    """What to say and which tools to use next.

    Args:
        messages: the prompt, static prefix first.
        tools: names of the tools the call offers.
    """
    scene = read(messages)
    if scene.language in ABROAD:
        return ABROAD[scene.language](scene)
    told = unsaid(scene.whispers, scene.told)
    if not told or scene.menu:
        return _next(scene, tools)
    return weave(Thought() if scene.turn == "code" else _next(scene, tools), told)


def _next(scene: Scene, tools: frozenset[str]) -> Thought:
    if scene.turn == "tool":
        return _after_tools(scene)
    if scene.turn == "user":
        return _after_answer(scene, tools)
    return _reply(scene, tools)


# --- the callee spoke ---


def _reply(scene: Scene, tools: frozenset[str]) -> Thought:
    said = scene.last
    if scene.menu or ("press_keys" in tools and options_of(said)):
        return choose(said, f"{scene.brief.get('goal')} {scene.brief.get('opening_line')}")
    if _WRONG.search(said):
        return _end("wrong_number", "I'm sorry to have troubled you. Goodbye.")
    if _NO_MACHINES.search(said):
        return _end("refused_machine", "I understand. Sorry to have troubled you. Goodbye.")
    if _WHO.search(said):
        # Who was cut off goes on with what the call is about.
        return Thought(f"I'm Floyd, an AI assistant. I'm calling for {scene.brief.get('user_name')}. {_unsaid(scene)}".strip())
    if (kept := _keep_company(scene, said)) is not None:
        return kept
    if _AGAIN.search(said) and not (scene.round and _often(scene, _said_before(scene))):
        return Thought(_said_before(scene))
    if scene.round:
        return _end("goal_not_reached", "I don't think we get any further today. Thank you for your help. Goodbye.")
    if "budget of" in scene.told and (_NOTHING.search(said) or scene.told.count("budget of") > MOST_TIMES):
        return _end("goal_not_reached", "I understand. Thank you for your help. Goodbye.")
    offer = dealing.latest_offer(scene)
    if (
        offer is not None
        and "agree_to" in tools
        and (scene.agreed is None or (_WANTED.search(said) and offer.amount_minor != scene.agreed.amount_minor))
    ):
        return dealing.on_price(scene, offer)
    if scene.agreed is not None and _WANTED.search(said):
        return Thought(f"Yes, please.{dealing.address(scene)}")
    if scene.waiting:
        return Thought("" if _PATIENT.search(said) and "thank you" in scene.told else f"Thank you. I'm still checking with {scene.user}.")
    if _ASKS.search(sentences(said)[-1] if said.strip() else ""):
        return (_on_time(scene, said) if _SUITS.search(said) else None) or _answer(scene, said)
    return _remark(scene, said)


def _on_time(scene: Scene, said: str) -> Thought | None:
    """They offer a time for what is to be booked: it is taken, or another one asked for."""
    if scene.brief.get("kind") not in {"book", "change"} or scene.agreed is not None or not (time := time_in(said)):
        return None
    if clashes(said, str(scene.brief.get("success", ""))):
        return Thought(f"I'm sorry, {time} doesn't work. Do you have another time?")
    what = str(scene.brief.get("goal", "the appointment"))[:60]
    return Thought("", (ToolUse("agree_to", {"what": what, "amount_minor": None, "currency": None, "when": time}),))


def _keep_company(scene: Scene, said: str) -> Thought | None:
    """They talk to somebody else, ask Floyd to wait, or to begin again; None when they do something else."""
    if ASIDE.match(said) and not substance(said):
        return Thought("No problem, take your time.")  # somebody else was asked
    if len(scene.said) > 1 and ASIDE.match(scene.said[-2]) and not ASIDE.match(said) and "?" in said:
        return Thought("Thank you.")  # and answered
    if ABOUT.search(said):
        return Thought(str(scene.brief.get("opening_line")))
    if GO_ON.search(said) and _unsaid(scene):
        return Thought(_unsaid(scene))
    if WAIT.search(said) and not substance(said):
        return Thought("" if scene.waiting else "Of course, take your time.")
    return None


def _remark(scene: Scene, said: str) -> Thought:
    """They said something that is no question."""
    kind = scene.brief.get("kind")
    binding = kind in {"buy", "book"} or (kind == "change" and time_in(said))  # what has to be agreed to first
    done = scene.agreed is not None if binding else _SETTLED.search(said) or kind == "inform"
    if done and (_BYE.search(said) or _SETTLED.search(said) or (kind == "inform" and _TAKEN.search(said))):
        return _end("goal_reached", "Thank you very much. Goodbye.")
    if (offered := _on_time(scene, said)) is not None:
        return offered
    if kind in {"book", "change"} and scene.agreed is None and _ALL.search(said):
        return _end("goal_not_reached", "I understand. Thank you for your help. Goodbye.")
    if kind == "enquire" and len(substance(said).split()) > 3 and not _unsaid(scene):
        return _end("goal_reached", "Thank you, that is all I needed. Goodbye.")
    if _BYE.search(said):
        return _end("goal_not_reached", "Thank you. Goodbye.")
    if kind == "buy" and scene.agreed is None and scene.offers and scene.limit_minor is not None:
        return dealing.within_the_limit(scene)
    if scene.answer.get("amount_minor") is not None and scene.agreed is None and "budget of" not in scene.told:
        return Thought(dealing.budget(scene))  # they talked over it
    if WAIT.search(said):
        return Thought("Of course, take your time.")
    if kind == "buy" and scene.agreed is not None and _DELIVERED.search(said):
        return _answer(scene, said)
    if _HELP.search(said) or _unsaid(scene) or not substance(said):
        return Thought(str(scene.brief.get("opening_line")))
    return Thought("I'm sorry, could you say that again?")


def _unsaid(scene: Scene) -> str:
    """The opening line as long as it was not heard to its end."""
    line = str(scene.brief.get("opening_line", ""))
    return "" if line.lower().rstrip(".?! ") in scene.told else line


def _answer(scene: Scene, said: str) -> Thought:
    """They asked something: the answer is in the facts, or Floyd doesn't have it."""
    if _HELP.search(said):
        return Thought(str(scene.brief.get("opening_line")))
    if before := about_before(scene, said):
        return Thought(before)
    if _DELIVERED.search(said):
        for fact in dealing.facts(scene):
            if match := re.search(r"\bdelivered to (.+)$", fact):
                return Thought(f"Please deliver them to {match[1].rstrip('.')}.")
    if _RETURN.search(said):
        return Thought("I'm sorry, I don't know yet when that will be.")
    if _WELL.search(said):
        return Thought("I'm sorry, I don't know more than that.")
    asked = words(said) - _PLAIN_QUESTION
    ranked = sorted(((len(asked & words(fact)), fact) for fact in dealing.facts(scene)), reverse=True)
    if ranked and ranked[0][0]:
        return Thought(f"{ranked[0][1].rstrip('.')}.")
    return Thought("I'm sorry, I don't have that information.")


def _said_before(scene: Scene) -> str:
    """Floyd's last words that said something; at first what the call is about."""
    lines = [" ".join(one for one in sentences(line) if not _EMPTY.match(one)) for line in scene.floyd[1:]]
    told = [line for line in lines if line]
    return told[-1] if told else str(scene.brief.get("opening_line"))


def _often(scene: Scene, line: str) -> bool:
    """Whether Floyd has said it so often that once more will not make it clearer."""
    return sum(line in one for one in scene.floyd) > MOST_REPEATS


# --- after tools, after the user ---


def _after_tools(scene: Scene) -> Thought:
    for name, arguments, result in scene.results:
        if name == "agree_to" and result.get("ok"):
            if scene.brief.get("kind") != "buy":
                return Thought(f"That works, thank you. {arguments.get('when') or ''}".strip())
            what, price = dealing.bare(str(arguments["what"])), dealing.dollars(int(arguments["amount_minor"]))
            return Thought(f"Great, we'll take the {what} for {price}, please.{dealing.address(scene)}")
        if name == "agree_to" and result.get("reason") == "above_limit":
            return Thought(dealing.budget(scene))
        if name == "ask_user" and result.get("status") == "within_limit":
            return dealing.agree(scene, Offer(str(arguments.get("item") or "the order"), int(arguments["amount_minor"])))
        if result.get("reason") in {"nothing_agreed", "amount_missing"}:
            return Thought("Could you tell me the total price, please?")
    return Thought("" if scene.spoke_with_tools else f"Let me check that with {scene.user}. One moment, please.")


def _after_answer(scene: Scene, tools: frozenset[str]) -> Thought:
    if scene.answer.get("amount_minor") is not None and "agree_to" in tools:
        thought = dealing.within_the_limit(scene) if scene.agreed is None else Thought("We are all set.")
        return thought if thought.tools else Thought(f"Thank you for waiting. {thought.text}")
    if "yes" in scene.answer:
        return Thought(f"Thank you for waiting. {scene.user} says {'yes' if scene.answer['yes'] else 'no'}.")
    return Thought(f"Thank you for waiting. {scene.user} says: {scene.answer.get('text', '')}")


# --- ends ---


def _end(result: str, farewell: str) -> Thought:
    return Thought("", (ToolUse("end_call", {"result": result, "farewell": farewell}),))
