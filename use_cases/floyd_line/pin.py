"""The PIN: set on the page, keyed or spoken on the phone, and locked after a few wrong ones."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calls.conversation.reception.digits import LEAST_DIGITS, MOST_DIGITS, runs_in, words_besides
from context.models import User
from use_cases.floyd_line.models import PhonePin, PinGiven

SHORTEST, LONGEST = LEAST_DIGITS, MOST_DIGITS
#: So many wrong ones in a row, in whatever calls, and it is locked until the user sets a new one on the page.
MOST_WRONG = 5


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
    runs = runs_in(said)
    found = "".join(run.digits for run in runs)
    return found if not words_besides(said, runs) and SHORTEST <= len(found) <= LONGEST and found.isascii() else None


def check_new(pin: str, phone: str) -> None:
    """Refuses what others would try first. Pure.

    Raises:
        BadPinError: see there.
    """
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST):
        raise BadPinError(_("A PIN has %(shortest)s to %(longest)s digits.") % {"shortest": SHORTEST, "longest": LONGEST})
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        raise BadPinError(_("That is the first that anybody would try. Take one without an order."))
    if phone.endswith(pin):
        raise BadPinError(_("That is the end of your phone number. Take another one."))


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
        row = PhonePin.objects.select_for_update(no_key=True).filter(user=user).first()
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


def has_pin(user: User | None) -> bool:
    """Whether a user has set one."""
    return user is not None and PhonePin.objects.filter(user=user).exists()


def was_given(call_id: UUID) -> bool:
    """Whether this call is unlocked."""
    return PinGiven.objects.filter(call_id=call_id).exists()
