"""Tokens for the JSON API: make one, list them, revoke one."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from context import tokens
from floyd_site.commands.ask import find_user


def add_arguments(parser: ArgumentParser) -> None:
    """What is to be done, for whom."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, does in (("create", "make a token, and print it once"), ("list", "show the tokens that work"), ("revoke", "end a token for ever")):
        action = actions.add_parser(name, help=does, description=does)
        action.add_argument("--user", metavar="EMAIL", help="whose (default: the only user there is)")
        if name == "create":
            action.add_argument("--name", default="command line", help="what it is for (default: command line)")
        if name == "revoke":
            action.add_argument("prefix", help="the eight characters after floyd_")


def run(options: Namespace) -> int:
    """The token alone goes to standard output, so that a script can take it."""
    try:
        user = find_user(options.user)
        if options.action == "create":
            row, token = tokens.create_token(user=user, name=options.name)
            print(f"Keep it: it is shown only now. It acts as {user.email}; end it with: floyd token revoke {row.prefix}", file=sys.stderr)
            print(token)
        elif options.action == "list":
            for row in tokens.tokens_of(user):
                print(f"floyd_{row.prefix}_…  {row.name}  last used: {row.last_used_at or 'never'}")
        else:
            found = [row for row in tokens.tokens_of(user) if row.prefix == options.prefix]
            if not any(tokens.revoke_token(user=user, token_id=row.pk) for row in found):
                raise LookupError(f"{user.email} has no token floyd_{options.prefix}_… that works. `floyd token list` shows them.")
    except (tokens.TokenError, LookupError) as error:
        print(error.args[0], file=sys.stderr)
        return 1
    return 0
