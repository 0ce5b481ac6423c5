"""How long one more call may be, so that the day's limits hold whatever it comes to. Pure.

A call is begun only when what it may cost at most fits into what is left; with less left it may only be as long as that. What calls that are still
on may come to is taken off first.
"""

from __future__ import annotations

from dataclasses import dataclass

#: With less there is no use in calling: the introduction, the matter and a goodbye.
LEAST_MINUTES = 3


@dataclass(frozen=True, slots=True)
class Spending:
    """The day's money, in micro-units of the price table's currency.

    Attributes:
        counted_micros: spent today, and set aside for calls that are on.
        max_micros: the day's limit.
        micros_per_minute: most that a minute of a call may come to.
    """

    counted_micros: int = 0
    max_micros: int | None = None
    micros_per_minute: int = 0

    @property
    def left_micros(self) -> int | None:
        """What may still be spent; None without a limit."""
        return None if self.max_micros is None else max(0, self.max_micros - self.counted_micros)

    def minutes_left(self) -> int | None:
        """How many minutes of calls that buys at least; None: it sets no limit."""
        left = self.left_micros
        return None if left is None or not self.micros_per_minute else left // self.micros_per_minute

    @property
    def never_enough(self) -> bool:
        """Whether not even a whole day's money would pay for a call."""
        return self.max_micros is not None and self.max_micros < LEAST_MINUTES * self.micros_per_minute


def minutes_for_a_call(wanted: int, *, minutes_left: int, spending: Spending) -> int:
    """How many minutes a call that wants `wanted` may last; 0 when there is not enough left for one."""
    affordable = spending.minutes_left()
    allowed = min(wanted, minutes_left, wanted if affordable is None else affordable)
    return allowed if allowed >= min(LEAST_MINUTES, wanted) else 0
