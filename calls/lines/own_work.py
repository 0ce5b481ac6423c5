"""What Floyd did itself in a call, for whoever reviews it: keys pressed, its own tools with their times, how long it waited for the user."""

from __future__ import annotations

from calls.conversation.effects import AskUser, Effect, NoteTool, PressKeys
from calls.conversation.events import Event, HeardUpTo, SpeechFailed, SpeechStarted, UserAnswered
from calls.lines.provider_notes import ProviderNotes

SOURCE = "floyd"


class OwnWork:
    """Follows a conversation's events and effects, and keeps what is of interest among the reports of the call's services.

    Args:
        notes: where it is kept.
    """

    def __init__(self, notes: ProviderNotes) -> None:
        self._notes = notes
        self._keys: dict[str, tuple[str, int]] = {}  # not on the line yet, and since when they wait
        self._questions: dict[str, tuple[str, int]] = {}

    def happened(self, event: Event, now_ms: int) -> None:
        """Keys are on the line, or cannot be put there; the user answered."""
        match event:
            case SpeechStarted() | HeardUpTo() | SpeechFailed() if waiting := self._keys.pop(event.speech_id, None):
                keys, since_ms = waiting
                failed = True if isinstance(event, SpeechFailed) else None
                self._notes.take(SOURCE, "keys", at_ms=now_ms, keys=keys, waited_ms=now_ms - since_ms, failed=failed)
            case UserAnswered() if asked := self._questions.pop(event.question_id, None):
                kind, since_ms = asked
                self._notes.take(SOURCE, "answer", at_ms=now_ms, to=kind, waited_ms=now_ms - since_ms)

    def does(self, effect: Effect, now_ms: int) -> None:
        """Floyd wants keys pressed, has used a tool, or asks the user."""
        match effect:
            case PressKeys():
                self._keys[effect.speech_id] = effect.keys, now_ms
            case AskUser():
                self._questions[effect.question_id] = effect.kind, now_ms
            case NoteTool():
                took_ms = now_ms - effect.asked_ms
                self._notes.take(SOURCE, "tool", at_ms=effect.asked_ms, name=effect.name, took_ms=took_ms, result=effect.result)
