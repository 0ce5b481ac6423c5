"""Gives Floyd a request, as typed on the page."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from rich.console import Console

from context.models import User
from floyd_site.commands.watch import follow
from floyd_site.terminal.state import run as run_async
from requests_app.errors import RequestError
from requests_app.models import Channel
from requests_app.services import create_request


def add_arguments(parser: ArgumentParser) -> None:
    """What is wanted, by whom."""
    parser.add_argument("ask", help="what Floyd should do, in words")
    parser.add_argument("--user", metavar="EMAIL", help="who asks (default: the only user there is)")
    parser.add_argument("--follow", action="store_true", help="show what happens, until the end")


def run(options: Namespace) -> int:
    """Saves the request; with --follow, its end decides the exit status."""
    try:
        request = create_request(user=find_user(options.user), ask=options.ask, channel=Channel.COMMAND)
    except (RequestError, LookupError) as error:
        print(error.args[0], file=sys.stderr)
        return 1
    if options.follow:
        return run_async(follow(request.pk, Console()))
    print(f"{request.pk}\nFollow it with: python manage.py floyd watch {request.pk}")
    return 0


def find_user(email: str | None) -> User:
    """The user with this address, or the only one.

    Raises:
        LookupError: nobody, or more than one to choose from.
    """
    users = User.objects.filter(is_active=True)
    if email:
        found = users.filter(email__iexact=email).first()
        if found is None:
            raise LookupError(f"Nobody signs in as {email}.")
        return found
    everyone = list(users.order_by("pk")[:10])
    # Staff look after other people's requests; unless there is nobody else, they are not meant.
    everyone = [user for user in everyone if not user.is_staff] or everyone
    if len(everyone) != 1:
        emails = ", ".join(user.email for user in everyone) or "nobody yet (make one with: python manage.py createsuperuser)"
        raise LookupError(f"Say who asks with --user. There is: {emails}")
    return everyone[0]
