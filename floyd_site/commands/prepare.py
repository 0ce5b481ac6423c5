"""Migrates the database and loads the use cases that answer calls.

With FLOYD_LOGIN_PASSWORD set, seeds the household and a member of staff, so that there is somebody to sign in as.
"""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace

from django.core.management import call_command


def add_arguments(parser: ArgumentParser) -> None:
    """None: the password comes by environment, where no list of processes shows it."""


def run(_: Namespace) -> int:
    """Migrates, and has the example data of use cases ready. With a password given, seeds a database that is empty or holds nobody else."""
    call_command("migrate", verbosity=0, interactive=False)
    from context.household import EMAIL, STAFF_EMAIL, seed_household, seed_staff
    from context.models import User
    from use_cases import numbers
    from use_cases.apartments.stock import refresh_now
    from use_cases.loading import load_all

    load_all()
    numbers.answer_own_number()
    refresh_now()
    password = os.environ.get("FLOYD_LOGIN_PASSWORD", "")
    if password and not User.objects.exclude(email__in=(EMAIL, STAFF_EMAIL)).exists():
        seed_household(password=password, mailbox=os.environ.get("FLOYD_LOGIN_MAILBOX", ""))
        seed_staff(password=password)
    return 0
