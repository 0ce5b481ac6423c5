"""Spanish."""

from __future__ import annotations

import re

from calls.conversation import fixed_lines as english
from calls.conversation.wordings.wording import Wording, words

SPANISH = Wording(
    code="es",
    name="Spanish",
    introduction="Hola, le habla Floyd, un asistente de IA que llama de parte de {user}.",
    recorded="Esta llamada se graba.",
    not_recorded="Por supuesto. La grabación se ha parado, y no se guarda nada de ella.",
    goes_on="Soy un asistente de IA. Sigamos en español.",
    joining="{user} se incorpora ahora a la llamada y hablará con usted directamente.",
    back="Le habla de nuevo Floyd, el asistente de IA que llama por parte de {user}.",
    lines={
        english.ARE_YOU_THERE: "¿Sigue usted ahí?",
        english.SAY_AGAIN: "Perdone, ¿me lo puede repetir?",
        english.MISSED_THAT: "Lo siento, no lo escuché. ¿Me lo puede repetir?",
        english.ONE_MOMENT: "Un momento, por favor.",
        english.JUST_A_SECOND: "Un segundo.",
        english.ALMOST_THERE: "Ya casi está.",
        english.SORRY_ONE_MOMENT: "Perdone, un momentito.",
        english.BEAR_WITH_ME: "Disculpe, un poco de paciencia.",
        english.THANKS_FOR_WAITING: "Gracias por esperar.",
        english.STILL_NO_ANSWER: "Lo siento, todavía espero una respuesta.",
        english.STILL_CHECKING: "Gracias por esperar, todavía lo estoy consultando.",
        english.CHECK_FIRST: "Primero lo voy a consultar.",
        english.DO_NOT_KNOW: "Lo siento, no tengo esa información.",
        english.CANNOT_PROMISE: "No puedo prometerlo, pero lo transmitiré.",
        english.CALL_BACK: "Lo siento, tendré que volver a llamar. Gracias, adiós.",
        english.TROUBLE: "Lo siento, tengo un problema técnico y tengo que terminar la llamada aquí. Gracias, adiós.",
        english.NOT_UNDERSTOOD: "Lo siento, no le oigo bien, así que llamaré en otro momento. Adiós.",
        english.CANNOT_HEAR_YOU: "Lo siento, no le oigo bien. Vuelva a llamar, por favor. Adiós.",
        english.TROUBLE_CALL_AGAIN: "Lo siento, tengo un problema técnico. Vuelva a llamar en unos minutos, por favor. Adiós.",
        english.PUTTING_THROUGH: "Un momento, le paso con alguien.",
        english.GETTING_A_PERSON: "Le busco a una persona. Un momentito, por favor.",
        english.NOBODY_FREE_GO_ON: ("Lo siento, ahora todos están ocupados. He anotado de qué se trata. Sigo aquí, el asistente de IA. ¿Algo más?"),
        english.KEY_DOES_NOTHING: "Lo siento, esa tecla no hace nada aquí. Dígame simplemente qué necesita.",
        english.WHOLE_PIN: "Necesito de cuatro a ocho cifras. Repita su clave entera, por favor, o márquela.",
        english.BACK_AGAIN: "Perdone, ya estoy de vuelta.",
        english.NO_RESPONSE: "No oigo a nadie, así que voy a colgar. Adiós.",
        english.TOO_LONG: "Lo siento, tengo que terminar esta llamada. Gracias, adiós.",
        english.STOPPED: "Lo siento, tengo que irme. Gracias, adiós.",
        english.GOODBYE: "Gracias, adiós.",
        english.TAKE_YOUR_TIME: "Claro, tómese su tiempo.",
        english.THANK_YOU: "Gracias.",
        english.SEVERAL_VOICES: "Lo siento, oigo más de una voz. ¿Me lo puede repetir, por favor?",
        english.REFUSED: "Entiendo. Gracias por su tiempo, adiós.",
        english.WRONG_NUMBER: "Lo siento, me he equivocado de número. Adiós.",
        english.ENGLISH_ONLY: "Lo siento, no hablo ese idioma. Gracias, adiós.",
        english.HELD_TOO_LONG: "Lo siento, no puedo esperar más, así que llamaré en otro momento. Adiós.",
    },
    machine=re.compile(r"\basistente (?:de (?:ia|i\.a\.|inteligencia artificial)|virtual|automátic[oa])\b", re.I),
    denial=re.compile(r"\b(?:no|nunca|ningún)\b", re.I),
    objects=re.compile(
        r"\b(?:no|sin|nunca|deje|dejen|pare|paren|niego|opongo|borre|apague)\b(?: \w+){0,4}? "
        r"(?:graben?|grabar|grabado|grabada|grabando|grabación|graba|gravado|grabarme|grabarlo|grabarla|grabe)\b",
        re.I,
    ),
    speaks_as_machine=re.compile(
        r"\b(?:soy|le habla|habla|me llamo|aquí|ha llamado a)\b[^.!?]{0,40}?"
        r"\b(?:asistente (?:de (?:ia|i\.a\.|inteligencia artificial)|virtual|automátic[oa])|una ia)\b",
        re.I,
    ),
    commits=re.compile(
        r"\b(?:(?:lo|la|los|las) (?:tomo|tomamos|llevo|llevamos|compro|compramos|quiero|queremos|reservo|reservamos|acepto|aceptamos)\b"
        r"|acepto\b|aceptamos\b|trato hecho|de acuerdo, (?:lo|la|los|las)\b|adelante\b|(?:resérv|pídal|cóbr|prepár)[ea]?(?:lo|la|los|las|melo|nos)\b"
        r"|(?:quedamos|estamos) de acuerdo|puede (?:cobrar|reservar|pedir)(?:lo|la|los|las)?\b)",
        re.I,
    ),
    assent=words("sí si claro vale de acuerdo perfecto bien muy bueno por supuesto está me parece gracias favor eso excelente"),
    farewell=words(
        "adiós adios gracias muchas hasta luego pronto mañana chao buen buenas buenos día días tarde tardes noche noches que le vaya bien a usted"
        " igualmente de nada sí ok"
    ),
)
