"""The French of what stands on file with those who answer the phone here: moments, amounts, apartments, orders and opening hours.

A sentence that is not known stays unsaid here: who answers says that they have it in English only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from sandbox.mind.french import MONTHS, WEEKDAYS

_ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ENGLISH_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
#: English, in lower case → French.
DAYS = dict(zip(_ENGLISH_DAYS, WEEKDAYS, strict=True))
_SHORT_DAYS = {day[:3]: french for day, french in DAYS.items()}
_MONTHS = dict(zip(_ENGLISH_MONTHS, MONTHS, strict=True))
_DATE = re.compile(r"\b([A-Z][a-z]+day), (\d{1,2}) ([A-Z][a-z]+) (\d{4})(?: at (\d{1,2}):(\d\d) ([ap])m)?\b")
MOMENT = re.compile(r"\b[A-Z][a-z]+day, \d{1,2} [A-Z][a-z]+ \d{4} at \d{1,2}:\d\d [ap]m\b")
_MONEY = re.compile(r"\$([\d,]+)(?:\.(\d\d))?\b")
#: Whose answers are told apart, as the caller asks for them.
_LAYOUTS = {"studio": "le studio", "one-bedroom": "le une chambre", "two-bedroom": "le deux chambres", "three-bedroom": "le trois chambres"}
_WHOSE = re.compile(r"\bFor (all of them|the [a-z, -]+): ")
_APARTMENT = re.compile(r"([a-z-]+), (\d+) square feet, (\$[\d,.]+) a month, from (.+)")
_TOUR = re.compile(r"(self-guided|agent-led) tour of the ([a-z-]+) on (.+?[ap]m)(, .+)?")
_HOURS = re.compile(r"(\w{3})(?:-(\w{3}))? (closed|[\d:]+-[\d:]+(?: and [\d:]+-[\d:]+)*)")
#: Whole sentences about apartments.
_SENTENCES: tuple[tuple[str, str], ...] = (
    (r"No pets are allowed", "les animaux ne sont pas permis"),
    (r"Cats only; no dogs or other animals", "les chats seulement, pas de chiens ni d'autres animaux"),
    (r"Cats and dogs are allowed, one of each at most", "les chats et les chiens sont permis, un de chaque au plus"),
    (
        r"Up to two dogs and two cats, and small pets such as hamsters, are allowed; four pets at most",
        "jusqu'à deux chiens et deux chats, et de petits animaux comme des hamsters, quatre animaux au plus",
    ),
    (r"One reserved parking spot is included", "une place de stationnement réservée est comprise"),
    (r"Two reserved parking spots are included", "deux places de stationnement réservées sont comprises"),
    (
        r"The first month's rent is free if you move in by (.+)",
        r"le premier mois de loyer est gratuit si vous emménagez au plus tard le \1",
    ),
    (r"There is no application fee if you move in by (.+)", r"il n'y a pas de frais de dossier si vous emménagez au plus tard le \1"),
    (r"There are no move-in fees if you sign for twelve months", "il n'y a pas de frais d'emménagement si vous signez pour douze mois"),
    (r"Your income must be at least three times the rent", "votre revenu doit être d'au moins trois fois le loyer"),
    (r"Your income must be at least two and a half times the rent", "votre revenu doit être d'au moins deux fois et demie le loyer"),
    (r"Water, trash and Wi-Fi are included", "l'eau, les ordures et le Wi-Fi sont compris"),
    (r"Water, trash, gas and Wi-Fi are included", "l'eau, les ordures, le gaz et le Wi-Fi sont compris"),
    (r"You pay for electricity", "l'électricité est à votre charge"),
    (r"You pay for electricity and gas", "l'électricité et le gaz sont à votre charge"),
    (r"The application fee is (\S+) and the deposit (\S+)", r"les frais de dossier sont de \1 et le dépôt de \2"),
    (r"The address is (.+)", r"l'adresse est \1"),
    (r"There is nothing on file about that", "je n'ai rien à ce sujet"),
    (r"It has (.+)", r"il y a \1"),
    (r"The ([a-z ]+) of the ([a-z-]+) is (\S+)", r"pour \2, \1 : \3"),
    (r"The ([a-z-]+) has (\d+) ([a-z ]+)", r"pour \1, \3 : \2"),
    (r"The ([a-z-]+) is available from (.+)", r"\1 est libre à partir du \2"),
)
_KNOWN = tuple((re.compile(english, re.I), french) for english, french in _SENTENCES)
#: What stands within sentences.
_WORDS = (
    (r"\bopen kitchen\b", "une cuisine ouverte"),
    (r"\bprivate balcony\b", "un balcon privé"),
    (r"\bbalcony\b", "un balcon"),
    (r"\bwalk-in closets?\b", "des penderies"),
    (r"\bextra storage\b", "un débarras"),
    (r"\bapplication fee\b", "les frais de dossier"),
    (r"\bdeposit\b", "le dépôt"),
    (r"\brent\b", "le loyer"),
    (r"\bsquare (?:feet|foot)\b", "pieds carrés"),
    (r"\bbedrooms?\b", "chambres"),
    (r"\bbathrooms?\b", "salles de bain"),
    (r"\bparking spots?\b", "places de stationnement"),
)
#: An order as it is read back; names of dishes stay as the menu has them.
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
    (r"\bextra cheese\b", "extra fromage"),
    (r"\bblack olives\b", "olives noires"),
    (r"\bgreen pepper\b", "poivron vert"),
    (r"\bfresh garlic\b", "ail frais"),
    (r"\bfresh basil\b", "basilic frais"),
    (r"\btomato\b", "tomate"),
    (r"\bonion\b", "oignons"),
    (r"\bsausage\b", "saucisse"),
    (r"\bdressing on the side\b", "sauce à part"),
    (r"^line (\d+): ", ""),
)
_DESCRIBED: Mapping[str, str] = {
    "Classic cheese with zesty red sauce": "fromage classique et sauce rouge relevée",
    "Classic cheese and pepperoni pizza": "pizza classique au fromage et au pepperoni",
    "Ham and pineapple": "jambon et ananas",
    "Sausage, meatball, pepperoni, mushroom, onion, tomatoes and peppers": (
        "saucisse, boulettes de viande, pepperoni, champignons, oignons, tomates et poivrons"
    ),
    "There is no description.": "je n'ai pas de description",
    "Looks for an apartment, answers questions about it, and schedules a tour.": (
        "cherche un appartement, répond à vos questions et réserve une visite"
    ),
    "Takes a pizza order for pickup or delivery, and tells opening hours, the address and past orders.": (
        "prend une commande de pizza, à emporter ou à livrer, et donne les horaires, l'adresse et les commandes passées"
    ),
    "For people whom Floyd works for: ask for something, hear how it stands, answer a question. For businesses that call back.": (
        "pour ceux pour qui Floyd travaille : demander quelque chose, savoir où cela en est, répondre à une question ; "
        "et pour les entreprises qui rappellent"
    ),
}
SECTIONS: Mapping[str, str] = {"Starters": "Entrées", "Salads": "Salades", "Pizzas": "Pizzas", "Calzones": "Calzones", "Toppings": "Garnitures"}


def localised(text: object) -> str:
    """The text with its days, moments and amounts as they are said in French."""

    def moment(found: re.Match[str]) -> str:
        day, number, month, year, hour, minute, half = found.groups()
        date = f"{DAYS[day.lower()]} {'1er' if number == '1' else number} {_MONTHS[month.lower()]} {year}"
        if hour is None:
            return date
        clock = int(hour) % 12 + (12 if half == "p" else 0)
        return f"{date} à {clock} h{'' if minute == '00' else f' {minute}'}"

    def amount(found: re.Match[str]) -> str:
        return f"{found[1].replace(',', ' ')}{f',{found[2]}' if found[2] else ''} $"

    return _MONEY.sub(amount, _DATE.sub(moment, str(text)))


def layout(name: str) -> str:
    """An apartment with its article, by its English name."""
    return _LAYOUTS.get(name, name)


def apartment(line: str) -> str:
    """An apartment of a list; empty where it is not told as they are here."""
    found = _APARTMENT.fullmatch(line)
    if found is None:
        return ""
    name, feet, rent, start = found.groups()
    return _capital(f"{layout(name)} : {feet} pieds carrés, {localised(rent)} par mois, libre à partir du {localised(start)}")


def tour(text: str) -> str:
    """A tour that was scheduled; empty where it is not told as they are here."""
    found = _TOUR.fullmatch(text)
    if found is None:
        return ""
    kind = "visite libre" if found[1] == "self-guided" else "visite accompagnée"
    return f"{kind}, {layout(found[2])}, {localised(found[3])}{found[4] or ''}"


def answer(text: str) -> str:
    """What is on file about apartments, one or several; empty where a sentence of it is not known."""
    parts = _WHOSE.split(text)
    told = [_sentences(parts[0])] if parts[0].strip() else []
    for whose, words in zip(parts[1::2], parts[2::2], strict=True):
        said = _sentences(words)
        told.append(f"Pour {_whose(whose)} : {said}" if said else "")
    return " ".join(_capital(one) for one in told) if all(told) else ""


def _whose(named: str) -> str:
    if named == "all of them":
        return "tous"
    names = [layout(name) for name in re.split(r", | and ", named.removeprefix("the "))]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} et {names[-1]}"


def _sentences(text: str) -> str:
    told = [_sentence(one) for one in re.split(r"(?<=[a-z0-9])\.\s+", text.strip().rstrip("."))]
    return f"{' ; '.join(told)}." if all(told) else ""


def _sentence(text: str) -> str:
    for english, french in _KNOWN:
        if found := english.fullmatch(text):
            said = re.sub(r"\b(?:studio|(?:one|two|three)-bedroom)\b", lambda name: layout(name[0]), found.expand(french))
            if "l'adresse" not in said:
                said = _put(said, _WORDS).replace(" and ", " et ")
            return localised(said)
    return ""


def order(text: str) -> str:
    """An order, or a line of one."""
    return localised(_put(text, _ORDER))


def hours(text: str) -> str:
    """Opening hours: "Tue-Thu 11:00-21:00, Sun closed"; empty where they are not told so."""
    told = []
    for part in text.split(", "):
        found = _HOURS.fullmatch(part)
        if found is None or not {found[1].lower(), (found[2] or found[1]).lower()} <= set(_SHORT_DAYS):
            return ""
        days = _SHORT_DAYS[found[1].lower()]
        if found[2]:
            days = f"du {days} au {_SHORT_DAYS[found[2].lower()]}"
        spans = "fermé" if found[3] == "closed" else " et ".join(_span(span) for span in found[3].split(" and "))
        told.append(f"{days} {spans}")
    return ", ".join(told)


def _span(span: str) -> str:
    return " ".join(f"{word} {_clock(clock)}" for word, clock in zip(("de", "à"), span.split("-"), strict=True))


def _clock(clock: str) -> str:
    hour, _, minute = clock.partition(":")
    return f"{int(hour)} h{'' if minute == '00' else f' {minute}'}"


def described(text: str) -> str:
    """What a dish or a choice is; empty where it is not known."""
    return _DESCRIBED.get(text, "")


def _put(text: str, rules: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...]) -> str:
    for pattern, french in rules:
        text = re.sub(pattern, french, text)
    return text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
