"""The PIN: set on the page, keyed or spoken on the phone, and locked after a few wrong ones."""

from __future__ import annotations

import re
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone

from context.models import User
from use_cases.floyd_line.models import PhonePin, PinGiven

SHORTEST, LONGEST = 4, 8
#: So many wrong ones in a row, in whatever calls, and it is locked until the user sets a new one on the page.
MOST_WRONG = 5
_DIGITS = {word: str(digit) for digit, word in enumerate(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"))} | {
    "oh": "0",
    "o": "0",
}


class BadPinError(ValueError):
    """A PIN that will not do; the message says why."""


class Tried(StrEnum):
    """What came of a PIN that was given."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"
    NONE_SET = "none_set"


def read_pin(said: str) -> str | None:
    """The digits of a PIN that was keyed or spoken ("1 2 3 4", "one two three four", "1234#"); None: that is no PIN. Pure."""
    found = ""
    for word in re.findall(r"[a-z]+|\d", said.lower()):
        if word in ("pin", "my", "is", "the", "it", "it's", "s", "please", "and"):
            continue
        if word not in _DIGITS and not word.isdigit():
            return None
        found += _DIGITS.get(word, word)
    return found if SHORTEST <= len(found) <= LONGEST and found.isascii() else None


def check_new(pin: str, phone: str) -> None:
    """Refuses what others would try first. Pure.

    Raises:
        BadPinError: see there.
    """
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST):
        raise BadPinError(f"A PIN has {SHORTEST} to {LONGEST} digits.")
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        raise BadPinError("That is the first that anybody would try. Take one without an order.")
    if phone.endswith(pin):
        raise BadPinError("That is the end of your phone number. Take another one.")


@transaction.atomic
def set_pin(*, user: User, pin: str) -> None:
    """Sets the user's PIN, and unlocks it.

    Raises:
        BadPinError: it will not do.
    """
    check_new(pin, user.phone)
    PhonePin.objects.update_or_create(user=user, defaults={"digits": make_password(pin), "wrong": 0, "changed_at": timezone.now()})


def remove_pin(user: User) -> None:
    """Nothing can be done by phone any more."""
    PhonePin.objects.filter(user=user).delete()


def try_pin(*, user: User, call_id: UUID, said: str) -> Tried:
    """Tries what was keyed or spoken. The right one unlocks this call; a wrong one is counted whatever happens to the call."""
    with transaction.atomic():
        row = PhonePin.objects.select_for_update().filter(user=user).first()
        if row is None:
            return Tried.NONE_SET
        if row.wrong >= MOST_WRONG:
            return Tried.LOCKED
        pin = read_pin(said)
        right = pin is not None and check_password(pin, row.digits)
        row.wrong = 0 if right else row.wrong + 1
        row.save(update_fields=["wrong"])
        if right:
            PinGiven.objects.get_or_create(call_id=call_id)
            return Tried.RIGHT
        return Tried.LOCKED if row.wrong >= MOST_WRONG else Tried.WRONG


def was_given(call_id: UUID) -> bool:
    """Whether this call is unlocked."""
    return PinGiven.objects.filter(call_id=call_id).exists()
