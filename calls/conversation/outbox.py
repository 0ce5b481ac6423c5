"""The effects of one event, gathered in order, and the timers that are running."""

from __future__ import annotations

from calls.conversation.effects import CancelTimer, Effect, StartTimer


class Outbox:
    """Collects effects; knows every running timer, so that none is left behind and none is cancelled twice."""

    def __init__(self) -> None:
        self._effects: list[Effect] = []
        self._timers: set[str] = set()

    def add(self, effect: Effect) -> None:
        """Puts an effect behind those already there."""
        self._effects.append(effect)

    def start_timer(self, name: str, at_ms: int) -> None:
        """Starts or replaces a timer."""
        self._timers.add(name)
        self._effects.append(StartTimer(name, at_ms))

    def cancel_timer(self, name: str) -> None:
        """Cancels a timer that may run."""
        if name in self._timers:
            self._timers.discard(name)
            self._effects.append(CancelTimer(name))

    def timer_fired(self, name: str) -> bool:
        """Notes that a timer fired; False for one that was cancelled or never started."""
        running = name in self._timers
        self._timers.discard(name)
        return running

    def is_running(self, name: str) -> bool:
        """Whether a timer runs."""
        return name in self._timers

    def cancel_all_timers(self) -> None:
        """Leaves no timer behind."""
        for name in sorted(self._timers):
            self.cancel_timer(name)

    def take(self) -> list[Effect]:
        """Everything since the last take, in order."""
        effects, self._effects = self._effects, []
        return effects
