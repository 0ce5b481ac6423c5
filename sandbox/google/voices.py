"""The voices that Text-to-Speech offers here, and what speaks for each."""

from __future__ import annotations

NAMES = ("Achernar", "Aoede", "Charon", "Fenrir", "Kore", "Leda", "Orus", "Puck", "Zephyr")
#: Language → the espeak-ng voice that speaks it.
LANGUAGES = {"en-US": "en-us", "en-GB": "en-gb-x-rp", "es-US": "es-419", "fr-CA": "fr"}
VOICES = {f"{language}-Chirp3-HD-{name}": voice for language, voice in LANGUAGES.items() for name in NAMES}
NATURAL_RATE = 24_000


def problem_of_voice(name: str, language: str) -> str:
    """Why a voice is refused; empty when it is not."""
    if not language:
        return "Voice selection needs a language_code."
    if name and name not in VOICES:
        return f"Voice '{name}' does not exist. Is it misspelled?"
    if name and not name.lower().startswith(language.lower()):
        return f"Requested language code '{language}' doesn't match the voice '{name}''s language code."
    if not name and language not in LANGUAGES:
        return f"Voice selection: no voice for language '{language}'."
    return ""


def espeak_voice(name: str, language: str) -> str:
    """Who speaks for a checked choice of a voice."""
    return VOICES.get(name) or LANGUAGES[language]
