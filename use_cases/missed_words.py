"""What somebody is told whose call could not be taken, in the languages of callers, and how they ask to be called. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from requests_app.message_templates import Template


@dataclass(frozen=True, slots=True)
class MissedWords:
    """One language's.

    Attributes:
        tag: BCP 47, for who says it.
        asks: words that ask for a call, in lower case; the first is the one that the text names.
        sorry: it works again, please call; `offers` the same with the word that asks for a call.
        rings_not: they asked for a call and get none.
        rang: they were called back, and did not talk; `unsure`: nobody knows whether their phone rang.
        asked: said first to whom asked; `own` to a user whom Floyd calls by itself.
        key: said behind that, of the key that begins the talk.
    """

    tag: str
    asks: tuple[str, ...]
    sorry: Template
    offers: Template
    rings_not: Template
    rang: Template
    unsure: Template
    asked: str
    own: str
    key: str


ENGLISH = MissedWords(
    tag="en-US",
    asks=("call", "call me", "call me back", "call back", "please call", "please call me", "please call me back", "yes call", "yes call me"),
    sorry=Template(
        "missed_call",
        "This is Floyd, an AI assistant. You called {rung} and I had technical trouble. I'm sorry. It works again: please call once more.",
    ),
    offers=Template(
        "missed_call_offer",
        "This is Floyd, an AI assistant. You called {rung} and I had technical trouble. I'm sorry. It works again: reply CALL and I call you now, "
        "or call once more.",
    ),
    rings_not=Template("missed_call_not_rung", "This is Floyd, an AI assistant. I'm sorry, I can't call you now. Please call {rung} yourself."),
    rang=Template(
        "missed_call_rang",
        "This is Floyd, an AI assistant. I called you back, but nobody picked up and pressed the key. Please call {rung} once more.",
    ),
    unsure=Template(
        "missed_call_unsure",
        "This is Floyd, an AI assistant. I tried to call you back and can't tell whether your phone rang. I don't try again: please call {rung}.",
    ),
    asked="Hello, this is Floyd, an AI assistant. I could not take your call, and you asked me by text message to call you back.",
    own="Hello, this is Floyd, an AI assistant. You called me a while ago and I had technical trouble, so I am calling you back.",
    key="To talk to me, press 1. If it was not you, just hang up.",
)
GERMAN = MissedWords(
    tag="de-DE",
    asks=("anrufen", "anruf", "ruf an", "ruf mich an", "rufen sie an", "rufen sie mich an", "bitte anrufen", "ja anrufen", "zurückrufen", "rückruf"),
    sorry=Template(
        "missed_call",
        "Hier ist Floyd, ein KI-Assistent. Sie haben {rung} angerufen, und ich hatte eine Störung. Es tut mir leid. Es geht wieder: "
        "Bitte rufen Sie noch einmal an.",
    ),
    offers=Template(
        "missed_call_offer",
        "Hier ist Floyd, ein KI-Assistent. Sie haben {rung} angerufen, und ich hatte eine Störung. Es tut mir leid. Es geht wieder: "
        "Antworten Sie ANRUFEN, und ich rufe Sie jetzt an, oder rufen Sie noch einmal an.",
    ),
    rings_not=Template(
        "missed_call_not_rung",
        "Hier ist Floyd, ein KI-Assistent. Es tut mir leid, ich kann Sie jetzt nicht anrufen. Bitte rufen Sie selbst {rung} an.",
    ),
    rang=Template(
        "missed_call_rang",
        "Hier ist Floyd, ein KI-Assistent. Ich habe Sie zurückgerufen, aber niemand hat abgenommen und die Taste gedrückt. "
        "Bitte rufen Sie noch einmal {rung} an.",
    ),
    unsure=Template(
        "missed_call_unsure",
        "Hier ist Floyd, ein KI-Assistent. Ich wollte Sie zurückrufen und weiß nicht, ob es bei Ihnen geklingelt hat. "
        "Ich versuche es nicht noch einmal: Bitte rufen Sie {rung} an.",
    ),
    asked="Guten Tag, hier ist Floyd, ein KI-Assistent. Ich konnte Ihren Anruf nicht annehmen, und Sie haben per SMS um einen Rückruf gebeten.",
    own="Guten Tag, hier ist Floyd, ein KI-Assistent. Sie haben mich vorhin angerufen, und ich hatte eine Störung. Deshalb rufe ich zurück.",
    key="Um mit mir zu sprechen, drücken Sie die 1. Wenn Sie das nicht waren, legen Sie einfach auf.",
)
FRENCH = MissedWords(
    tag="fr-FR",
    asks=("appeler", "appelle", "appelez", "appel", "appelle moi", "appelez moi", "rappeler", "rappelle moi", "rappelez moi", "oui appelez moi"),
    sorry=Template(
        "missed_call",
        "Ici Floyd, un assistant IA. Vous avez appelé le {rung} et j'ai eu un problème technique. Je suis désolé. Tout remarche : "
        "rappelez, s'il vous plaît.",
    ),
    offers=Template(
        "missed_call_offer",
        "Ici Floyd, un assistant IA. Vous avez appelé le {rung} et j'ai eu un problème technique. Je suis désolé. Tout remarche : "
        "répondez APPELER et je vous appelle tout de suite, ou rappelez.",
    ),
    rings_not=Template(
        "missed_call_not_rung", "Ici Floyd, un assistant IA. Désolé, je ne peux pas vous appeler maintenant. Appelez le {rung}, s'il vous plaît."
    ),
    rang=Template(
        "missed_call_rang",
        "Ici Floyd, un assistant IA. Je vous ai rappelé, mais personne n'a décroché et appuyé sur la touche. Rappelez le {rung}, s'il vous plaît.",
    ),
    unsure=Template(
        "missed_call_unsure",
        "Ici Floyd, un assistant IA. J'ai essayé de vous rappeler et je ne sais pas si votre téléphone a sonné. "
        "Je n'essaie pas à nouveau : appelez le {rung}, s'il vous plaît.",
    ),
    asked="Bonjour, ici Floyd, un assistant IA. Je n'ai pas pu prendre votre appel, et vous m'avez demandé par SMS de vous rappeler.",
    own="Bonjour, ici Floyd, un assistant IA. Vous m'avez appelé tout à l'heure et j'ai eu un problème technique, alors je vous rappelle.",
    key="Pour me parler, appuyez sur la touche 1. Si ce n'était pas vous, raccrochez simplement.",
)
SPANISH = MissedWords(
    tag="es-ES",
    asks=("llamar", "llama", "llame", "llámame", "llamame", "llámeme", "llameme", "por favor llame", "sí llámeme", "si llameme"),
    sorry=Template(
        "missed_call",
        "Soy Floyd, un asistente de IA. Usted llamó al {rung} y tuve un problema técnico. Lo siento. Ya funciona: vuelva a llamar, por favor.",
    ),
    offers=Template(
        "missed_call_offer",
        "Soy Floyd, un asistente de IA. Usted llamó al {rung} y tuve un problema técnico. Lo siento. Ya funciona: "
        "responda LLAMAR y le llamo ahora, o vuelva a llamar.",
    ),
    rings_not=Template(
        "missed_call_not_rung", "Soy Floyd, un asistente de IA. Lo siento, ahora no puedo llamarle. Llame usted al {rung}, por favor."
    ),
    rang=Template(
        "missed_call_rang",
        "Soy Floyd, un asistente de IA. Le devolví la llamada, pero nadie contestó y pulsó la tecla. Llame otra vez al {rung}, por favor.",
    ),
    unsure=Template(
        "missed_call_unsure",
        "Soy Floyd, un asistente de IA. Intenté devolverle la llamada y no sé si su teléfono sonó. No lo intento otra vez: llame al {rung}.",
    ),
    asked="Hola, soy Floyd, un asistente de IA. No pude atender su llamada, y usted me pidió por mensaje que le llamara.",
    own="Hola, soy Floyd, un asistente de IA. Usted me llamó hace un rato y tuve un problema técnico, así que le devuelvo la llamada.",
    key="Para hablar conmigo, pulse 1. Si no fue usted, simplemente cuelgue.",
)
_BY_CODE = {words.tag[:2]: words for words in (ENGLISH, GERMAN, FRENCH, SPANISH)}
_ASKS = frozenset(ask for words in _BY_CODE.values() for ask in words.asks)


def words_in(language: str) -> MissedWords:
    """Those of a language, given as a BCP 47 tag; English where there are no other."""
    return _BY_CODE.get(language[:2].lower(), ENGLISH)


def asks_for_call(text: str) -> bool:
    """Whether a text message is nothing but the wish to be called, in any of the languages."""
    return " ".join(re.findall(r"[^\W\d_]+", text.casefold())) in _ASKS
