"""Answering the phone in French by rule: what callers say, in the words that the English rules read, and what tools found, in French.

Names of dishes stay as the menu has them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.mind import french_phrases as french
from sandbox.mind.findings import Result, in_words
from sandbox.mind.french_phrases import localised

AGAIN = "Excusez-moi, pouvez-vous répéter ?"
#: To whoever asks for the language.
ASKED_FOR = re.compile(r"\b(?:parlez-vous|en) français\b", re.I)
WELCOME = "Oui, bien sûr. Que puis-je faire pour vous ?"
FAREWELL = "Merci de votre appel, au revoir."
SORRY = "Je suis désolé, cela ne marche pas pour le moment."
NOT_POSSIBLE = "Je suis désolé, ce n'est pas possible."
ONLY_IN_ENGLISH = "Je n'ai cela qu'en anglais :"
#: From eight o'clock on.
_HOURS = ("huit", "neuf", "dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf", "vingt")
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
    (r"\b(?:annulez|annuler)\b", "cancel"),
    (r"\b(?:enlevez|retirez|supprimez|enlever|retirer)\b", "remove"),
    (r"\b(?:changez|mettez|changer|mettre)\b", "change"),
    (r"\bsalades?\b", "salad"),
    (r"\bnon\b(?!,)", "no"),
    (r"\b(?:vos horaires|quand (?:êtes-vous|est-ce que vous êtes) ouverts?)\b", "opening hours"),
    (r"\b(?:animaux|chiens?|chats?)\b", "pets"),
    (r"\bfrais\b", "fees"),
    (r"\brevenus?\b", "income"),
    (r"\b(?:promotions?|offres?)\b", "specials"),
    (r"\b(?:équipements?|équipé)\b", "features"),
    (r"\bstationnement\b", "parking"),
    (r"\bcharges\b", "utilities"),
    (r"\b(?:adresse|où (?:êtes-vous|est-ce))\b", "address"),
    (r"\b(?:la carte|le menu)\b", "show menu"),
    (r"\b(?:conseillez|recommandez|spécialité)\b", "house special"),
    (r"\bmes (?:dernières |anciennes )?commandes\b", "past orders"),
    (r"\b(?:qu'y a-t-il (?:sur|dans)|qu'est-ce qu'il y a (?:sur|dans)) (?:la |le |une? )?", "what is on the "),
    (r"\b(?:parlez-moi (?:de|du)|dites-m'en plus sur) (?:la |le |l')?", "tell me more about the "),
    (r"\b(?:visite libre|libre|sans guide)\b", "self-guided"),
    (r"\b(?:accompagnée|avec (?:un agent|quelqu'un))\b", "agent-led"),
    (r"\b(?:une|1) chambre\b", "one-bedroom"),
    (r"\b(?:deux|2) chambres\b", "two-bedroom"),
    (r"\b(?:trois|3) chambres\b", "three-bedroom"),
    (r"\bà midi\b", "at 12:00"),
    *((rf"\bà {word} heures\b", f"at {hour}:00") for hour, word in enumerate(_HOURS, 8)),
    (r"\bà (\d{1,2}) ?(?:h|heures?) ?(\d{2})\b", r"at \1:\2"),
    (r"\bà (\d{1,2}) ?(?:h|heures?)\b", r"at \1:00"),
    (r"\bdemain\b", "tomorrow"),
    (r"\baujourd'hui\b", "today"),
    *((rf"\b{day}\b", english) for english, day in french.DAYS.items()),
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
#: How a request stands.
_STANDS = {
    "waiting to start": "en attente",
    "planning": "en préparation",
    "finding the number": "en recherche du numéro",
    "needs you": "en attente de votre réponse",
    "scheduled": "prévue",
    "on the phone": "en cours d'appel",
    "wrapping up": "presque terminée",
    "done": "terminée",
    "didn't work": "sans succès",
    "cancelled": "annulée",
}


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
        return f"{localised(data['time']).capitalize()}, c'est libre. Je vous inscris ?"
    others = [localised(one) for one in data.get("other_times_that_day") or data.get("other_days") or ()]
    return f"Ce n'est pas libre. Je peux vous proposer : {' ; '.join(others)}." if others else "Il n'y a pas de visite ces prochains jours."


def _appointments(data: Mapping[str, Any]) -> str:
    if "not_told" in data or "next" in data:
        return "C'est pour quel jour, et à quelle heure ?" if "not_told" in data else "Vous n'avez pas de visite à ce moment-là."
    moments = [found[0] for tour in data.get("tours", ()) if (found := french.MOMENT.search(str(tour)))]
    return f"Vous avez une visite {' ; '.join(localised(one) for one in moments)}." if moments else "Vous n'avez pas de visite."


def _apartments(data: Mapping[str, Any]) -> str:
    listed = data.get("apartments") or data.get("all_apartments") or ()
    told = [french.apartment(str(one)) for one in listed]
    if not all(told):
        return ""
    if not told:
        return "Rien n'est libre en ce moment."
    return " ".join([*(["Rien ne répond à tout cela. Voici ce que nous avons."] if "none_fits" in data else []), *(f"{one}." for one in told)])


def _corrected(data: Mapping[str, Any]) -> str:
    truth, right = french.answer(str(data.get("on_file", ""))), data.get("caller_is_right")
    begin = {True: "C'est exact.", False: "Je dois vous corriger."}.get(right, "") if isinstance(right, bool) else ""
    return f"{begin} {truth}".strip() if truth else ""


def _menu(data: Mapping[str, Any]) -> str:
    sections = [
        f"{french.SECTIONS.get(section, section)} : {', '.join(str(item).partition(':')[0] for item in items)}."
        for section, items in (data.get("menu") or {}).items()
        if section != "Toppings"
    ]
    special = data.get("house_special")
    return " ".join([*sections, *([f"La spécialité de la maison : {special}."] if special else [])])


def _dish(data: Mapping[str, Any]) -> str:
    sizes = {"small": "petite", "medium": "moyenne", "large": "grande", "price": "le prix"}
    prices = [f"{french_size} {localised(data[size])}" for size, french_size in sizes.items() if size in data]
    described = french.described(str(data.get("description", "")))
    return f"{data.get('item', '')} : {described}. {', '.join(prices).capitalize()}." if described and prices else ""


def _placed(data: Mapping[str, Any]) -> str:
    if not data.get("placed"):
        return f"Nous sommes fermés. Je la note pour {localised(data.get('earliest', ''))} ?"
    when = data.get("ready_at") or data.get("delivered_by") or ""
    return f"Votre commande est passée : {localised(data.get('total', ''))}. Ce sera prêt {localised(when)}."


def _read_back(data: Mapping[str, Any]) -> str:
    total = f"The total is {data.get('total', '')}."
    return f"{french.order(str(data.get('read_to_the_caller') or total))} C'est bien ça ?"


def _past_orders(data: Mapping[str, Any]) -> str:
    if "not_told" in data:
        return "Quel plat y avait-il dans la commande ? Je peux aussi vous envoyer les détails."
    told = [f"{localised(one['placed'])} : {', '.join(french.order(line) for line in one['items'])}" for one in data.get("orders", ())]
    return f"Vos commandes : {' ; '.join(told)}." if told else "Je ne trouve pas de commande de vous."


def _hours(data: Mapping[str, Any]) -> str:
    now = f"Nous sommes {'ouverts' if data.get('open_now') else 'fermés'} en ce moment."
    hours = french.hours(str(data.get("hours", "")))
    return " ".join([now, *([f"Nos horaires : {hours}."] if hours else []), f"Notre adresse : {data.get('address', '')}."])


def _experiences(data: Mapping[str, Any]) -> str:
    return (
        f"Vous pouvez choisir : {' ; '.join(str(title) for title in data['titles'])}."
        if data.get("titles")
        else "Il n'y a rien à choisir en ce moment."
    )


def _experience(data: Mapping[str, Any]) -> str:
    described = french.described(str(data.get("description", "")))
    return f"{data.get('title', '')} : {described}." if described else ""


def _standing(data: Mapping[str, Any]) -> str:
    told = [
        f"{str(one.get('about', '')).rstrip('. ?')} : {_STANDS.get(str(one.get('stands')).lower(), one.get('stands'))}"
        for one in data.get("requests", ())
    ]
    asked = [str(one.get("question", "")) for one in data.get("questions", ())]
    requests = f"Vos demandes : {' ; '.join(told)}." if told else "Vous n'avez pas de demande."
    return " ".join([requests, *([f"Une question vous attend : {' '.join(asked)}"] if asked else [])])


def _called(data: Mapping[str, Any]) -> str:
    if data.get("waits"):
        return "J'ai bien appelé. Pour qui était-ce, s'il vous plaît ?"
    return f"J'ai appelé pour {data.get('calling_for', '')}. {ONLY_IN_ENGLISH} {data.get('goal', '')} Quel jour et quelle heure avez-vous ?"


_SENT = "Je vous l'ai envoyé sur votre téléphone."
_TOLD: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "add_item": lambda data: f"Cela fait {localised(data.get('total', ''))}. Désirez-vous autre chose ?",
    "change_item": lambda data: f"C'est changé. Cela fait {localised(data.get('total', ''))}. Désirez-vous autre chose ?",
    "remove_item": lambda data: f"C'est retiré. Cela fait {localised(data.get('total', ''))}. Désirez-vous autre chose ?",
    "start_order": lambda data: f"À l'adresse {data['address_on_file']} ?" if "address_on_file" in data else "Très bien. Que désirez-vous ?",
    "show_menu": _menu,
    "describe_item": _dish,
    "read_back_order": _read_back,
    "place_order": _placed,
    "past_orders": _past_orders,
    "opening_hours": _hours,
    "list_available_apartments": _apartments,
    "common_questions": lambda data: french.answer(str(data.get("answer", ""))),
    "check_claim": _corrected,
    "check_availability": _availability,
    "schedule_tour": lambda data: "Votre visite est réservée." if data.get("scheduled") else _availability(data),
    "existing_appointments": _appointments,
    "cancel_tour": lambda data: f"C'est annulé : {french.tour(str(data.get('cancelled', '')))}.",
    "save_name": lambda data: f"Merci, {data.get('first_name', '')}.",
    "list_experiences": _experiences,
    "describe_experience": _experience,
    "choose_experience": lambda data: f"Très bien : {data.get('chosen', '')}.",
    "enter_pin": lambda _: "Merci, c'est le bon code.",
    "make_request": lambda _: "Je m'en occupe et je vous tiens au courant.",
    "how_things_stand": _standing,
    "why_floyd_called": _called,
    "settle_call_back": lambda data: "Merci, je transmets." if data.get("settled") else "Je transmets, et je reviens vers vous.",
    "send_details": lambda _: _SENT,
    "send_confirmation": lambda _: _SENT,
}
