"""Answering the phone in French by rule: what callers say, in the words that the English rules read, and what tools found, in French.

Names of dishes stay as the menu has them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.mind.findings import Result, in_words
from sandbox.mind.french import MONTHS, WEEKDAYS

AGAIN = "Excusez-moi, pouvez-vous répéter ?"
FAREWELL = "Merci de votre appel, au revoir."
SORRY = "Je suis désolé, cela ne marche pas pour le moment."
NOT_POSSIBLE = "Je suis désolé, ce n'est pas possible."
ONLY_IN_ENGLISH = "Je n'ai cela qu'en anglais :"
_DAYS = dict(zip(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), WEEKDAYS, strict=True))
_ENGLISH_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_MONTHS = dict(zip(_ENGLISH_MONTHS, MONTHS, strict=True))
#: What callers say → as the rules read it, in this order: of two that begin alike the longer stands first.
_HEARD: tuple[tuple[str, str], ...] = (
    (r",? s'il (?:vous|te) plaît", ", please"),
    (r"\bje m'appelle\b", "my name is"),
    (r"\b(?:je voudrais|j'aimerais|je (?:vais )?prend(?:s|re|rai))\b", "I'd like"),
    (r"\b(?:à livrer|en livraison|livraison)(?: au| à)? (?=\d)", "delivery to "),
    (r"\b(?:à livrer|en livraison|livraison)\b", "delivery"),
    (r"\bà emporter\b", "pickup"),
    (r"\b(?:envoyez|envoie)[- ]moi (?:ça|cela|la commande|les détails)(?: par (?:sms|texto))?\b", "text me that"),
    (r"\b(?:que pouvez-vous faire|qu'est-ce que vous proposez)\b", "what can you do"),
    (r"\bquels appartements\b", "which apartments"),
    (r"\b(?:mes rendez-vous|mon rendez-vous|ma visite|mes visites)\b", "my appointments"),
    (r"\b(?:vos horaires|quand (?:êtes-vous|est-ce que vous êtes) ouverts?)\b", "opening hours"),
    (r"\b(?:animaux|chiens?|chats?)\b", "pets"),
    (r"\b(?:frais)\b", "fees"),
    (r"\bstationnement\b", "parking"),
    (r"\bcharges\b", "utilities"),
    (r"\badresse\b", "address"),
    (r"\b(?:visite libre|libre|sans guide)\b", "self-guided"),
    (r"\b(?:accompagnée|avec (?:un agent|quelqu'un))\b", "agent-led"),
    (r"\b(?:une|1) chambre\b", "one-bedroom"),
    (r"\b(?:deux|2) chambres\b", "two-bedroom"),
    (r"\b(?:trois|3) chambres\b", "three-bedroom"),
    (r"\bà (\d{1,2}) ?(?:h|heures?) ?(\d{2})\b", r"at \1:\2"),
    (r"\bà (\d{1,2}) ?(?:h|heures?)\b", r"at \1:00"),
    (r"\bdemain\b", "tomorrow"),
    (r"\baujourd'hui\b", "today"),
    *((rf"\b{french}\b", english) for english, french in _DAYS.items()),
    (r"\b(?:non, )?(?:c'est tout|ce sera tout|au revoir)\b", "that's all"),
    (r"\b(?:oui|d'accord|volontiers|c'est (?:bien )?ça)\b", "yes"),
    (r",? (?:avec )?(?:la )?sauce à part\b", ", dressing on the side"),
    (r"\bavec (?:du |de la |de l'|des )?", "with "),
    (r"\bet (?:du |de la |de l'|des )?", "and "),
    (r"\bpizzas? ", ""),
    (r"\bhawaïennes?\b", "hawaiian"),
    (r"\bchampignons?\b", "mushroom"),
    (r"\bpetites?\b", "small"),
    (r"\bmoyennes?\b", "medium"),
    (r"\bgrandes?\b", "large"),
    (r"\bune?\b", "a"),
    (r"\bdeux\b", "two"),
    (r"\btrois\b", "three"),
)
_RULES = tuple((re.compile(pattern, re.I), english) for pattern, english in _HEARD)
#: What the tools want to have asked → the question.
_QUESTIONS = (
    (re.compile(r"pickup or delivery", re.I), "C'est à emporter ou à livrer ?"),
    (re.compile(r"\baddress\b", re.I), "À quelle adresse, avec le code postal ?"),
    (re.compile(r"\bsize\b", re.I), "En quelle taille : petite, moyenne ou grande ?"),
    (re.compile(r"\btour type\b", re.I), "Une visite libre ou accompagnée ?"),
    (re.compile(r"\blayout\b", re.I), "Pour quel appartement : le studio, ou celui d'une, deux ou trois chambres ?"),
    (re.compile(r"\bdate\b|\bday\b", re.I), "Pour quel jour ?"),
    (re.compile(r"\btime\b", re.I), "À quelle heure ?"),
    (re.compile(r"\bon the menu\b", re.I), "Ce n'est pas à la carte. Désirez-vous autre chose ?"),
)
_MOMENT = re.compile(r"\b([A-Z][a-z]+day), (\d{1,2}) ([A-Z][a-z]+) (\d{4}) at (\d{1,2}):(\d\d) ([ap])m\b")
_MONEY = re.compile(r"\$([\d,]+)\.(\d\d)\b")
#: An order as it is read back.
_ORDER = (
    (r"\bThe total is\b", "Le total est de"),
    (r"\bdelivery\b", "livraison"),
    (r"\b(\d+) (small|medium|large) ([A-Z][\w']*(?: [A-Z][\w']*)*)", r"\1 \3 \2"),
    (r"\bsmall\b", "petite"),
    (r"\bmedium\b", "moyenne"),
    (r"\blarge\b", "grande"),
    (r" with ", " avec "),
    (r" and ", " et "),
    (r"\bmushroom\b", "champignons"),
    (r"\bdressing on the side\b", "sauce à part"),
)


def understood(said: str) -> str:
    """What a caller says, in the words that the rules read; what they do not know stays."""
    text = said.replace("’", "'")
    for pattern, english in _RULES:
        text = pattern.sub(english, text)
    return text


def in_french(result: Result) -> str:
    """What to say about a result."""
    data = result.data
    if not data.get("ok", True):
        why = str(data.get("why", ""))
        return _question(why) or (NOT_POSSIBLE if why else SORRY)
    tell = _TOLD.get(result.name)
    return (tell(data) if tell is not None else "") or f"{ONLY_IN_ENGLISH} {in_words(result)}"


def _question(wanted: str) -> str:
    return next((question for asks, question in _QUESTIONS if asks.search(wanted)), "")


def _availability(data: Mapping[str, Any]) -> str:
    if missing := data.get("missing"):
        return _question(str(missing[0]))
    if data.get("available"):
        return f"{_localised(data['time']).capitalize()}, c'est libre. Je vous inscris ?"
    others = [_localised(one) for one in data.get("other_times_that_day") or data.get("other_days") or ()]
    return f"Ce n'est pas libre. Je peux vous proposer : {' ; '.join(others)}." if others else "Il n'y a pas de visite ces prochains jours."


def _appointments(data: Mapping[str, Any]) -> str:
    if "not_told" in data or "next" in data:
        return "C'est pour quel jour, et à quelle heure ?" if "not_told" in data else "Vous n'avez pas de visite à ce moment-là."
    moments = [found[0] for tour in data.get("tours", ()) if (found := _MOMENT.search(str(tour)))]
    return f"Vous avez une visite {' ; '.join(_localised(one) for one in moments)}." if moments else "Vous n'avez pas de visite."


def _placed(data: Mapping[str, Any]) -> str:
    if not data.get("placed"):
        return f"Nous sommes fermés. Je la note pour {_localised(data.get('earliest', ''))} ?"
    when = data.get("ready_at") or data.get("delivered_by") or ""
    return f"Votre commande est passée : {_localised(data.get('total', ''))}. Ce sera prêt {_localised(when)}."


def _read_back(data: Mapping[str, Any]) -> str:
    text = str(data.get("read_to_the_caller") or f"The total is {data.get('total', '')}.")
    for pattern, french in _ORDER:
        text = re.sub(pattern, french, text)
    return f"{_localised(text)} C'est bien ça ?"


def _hours(data: Mapping[str, Any]) -> str:
    return f"Nous sommes {'ouverts' if data.get('open_now') else 'fermés'} en ce moment. Notre adresse : {data.get('address', '')}."


def _localised(text: object) -> str:
    """Moments and amounts as they are said in French."""

    def moment(found: re.Match[str]) -> str:
        day, number, month, year, hour, minute, half = found.groups()
        clock = int(hour) % 12 + (12 if half == "p" else 0)
        return f"{_DAYS[day.lower()]} {number} {_MONTHS[month.lower()]} {year} à {clock} h{'' if minute == '00' else f' {minute}'}"

    return _MONEY.sub(lambda found: f"{found[1].replace(',', ' ')},{found[2]} $", _MOMENT.sub(moment, str(text)))


_TOLD: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "start_order": lambda data: "" if "address_on_file" in data else "Très bien. Que désirez-vous ?",
    "add_item": lambda data: f"Cela fait {_localised(data.get('total', ''))}. Désirez-vous autre chose ?",
    "read_back_order": _read_back,
    "place_order": _placed,
    "opening_hours": _hours,
    "check_availability": _availability,
    "schedule_tour": lambda data: "Votre visite est réservée." if data.get("scheduled") else _availability(data),
    "existing_appointments": _appointments,
    "save_name": lambda data: f"Merci, {data.get('first_name', '')}.",
    "send_details": lambda _: "Je vous l'ai envoyé sur votre téléphone.",
    "send_confirmation": lambda _: "Je vous l'ai envoyé sur votre téléphone.",
}
