"""The voices that a user may choose from: each is a name of Floyd's own, with the voice that stands for it at every service.

https://cloud.google.com/text-to-speech/docs/chirp3-hd, https://platform.openai.com/docs/guides/text-to-speech#voice-options
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice.

    Attributes:
        google: who speaks at Google, in each language of `GOOGLE_LANGUAGES`.
        openai: who speaks at OpenAI, in all languages.
    """

    google: str
    openai: str


#: Name → the voice. The names are kept in the database: one may be added, none may be renamed.
VOICES: dict[str, Voice] = {
    "aoede": Voice("Aoede", "marin"),
    "kore": Voice("Kore", "coral"),
    "leda": Voice("Leda", "shimmer"),
    "charon": Voice("Charon", "cedar"),
    "orus": Voice("Orus", "ash"),
    "puck": Voice("Puck", "verse"),
}
#: Languages in which Google has these voices; the first of a kind speaks for those of the same language elsewhere (en-US for en-CA).
GOOGLE_LANGUAGES = (
    *("en-US", "en-AU", "en-GB", "en-IN", "fr-CA", "fr-FR", "es-US", "es-ES", "de-DE", "it-IT", "pt-BR", "nl-NL", "pl-PL", "tr-TR", "ru-RU"),
    *("ar-XA", "hi-IN", "ja-JP", "ko-KR", "cmn-CN", "vi-VN", "th-TH", "id-ID"),
)


#: By tag, and by the language alone.
_GOOGLE_TAGS = {tag.partition("-")[0]: tag for tag in reversed(GOOGLE_LANGUAGES)} | {tag.lower(): tag for tag in GOOGLE_LANGUAGES}


def google_voice(name: str, language: str) -> str:
    """What Google calls a voice in a language (a BCP 47 tag); empty for no name, and where it has none of these voices."""
    asked = language.lower()
    tag = _GOOGLE_TAGS.get(asked) or _GOOGLE_TAGS.get(asked.partition("-")[0])
    return f"{tag}-Chirp3-HD-{VOICES[name].google}" if name in VOICES and tag else ""


def openai_voice(name: str) -> str:
    """What OpenAI calls a voice; empty for no name."""
    return VOICES[name].openai if name in VOICES else ""
