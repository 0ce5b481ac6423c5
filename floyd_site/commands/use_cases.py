"""Use cases: load their folders, and see what a person changed before it is overwritten."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from use_cases import folders
from use_cases.description import BadUseCaseError
from use_cases.loading import SeenOtherwiseError, State, load, look, take_folder
from use_cases.models import UseCase


def add_arguments(parser: ArgumentParser) -> None:
    """Which, and whether edits may go."""
    parser.add_argument("slugs", nargs="*", metavar="NAME", help="folders to load (default: all)")
    parser.add_argument("--overwrite", action="store_true", help="take the folder's state also where a person edited it, after a yes (needs NAME)")
    parser.add_argument("--yes", action="store_true", help="with --overwrite: do not ask")


def run(options: Namespace) -> int:
    """Loads, and says what came of it. An edit that would be lost is shown, and stays unless somebody says yes to that."""
    if options.overwrite and not options.slugs:
        print("Say which use case may lose its edits: floyd use-cases --overwrite NAME", file=sys.stderr)
        return 2
    status = 0
    for slug in options.slugs or folders.slugs():
        try:
            status |= _overwrite(slug, yes=options.yes) if options.overwrite and _was_loaded(slug) else _load(slug)
        except BadUseCaseError as error:
            print(error, file=sys.stderr)
            status = 1
    return status


def _was_loaded(slug: str) -> bool:
    return UseCase.objects.filter(slug=slug, current__isnull=False).exists()


def _load(slug: str) -> int:
    loaded = load(slug)
    print(f"{slug}: {loaded.state.value}")
    if loaded.difference:
        print(loaded.difference)
    if loaded.state is State.KEPT:
        print(f"A person edited {slug}, so theirs stays. To take the folder's: floyd use-cases --overwrite {slug}")
    return 0


def _overwrite(slug: str, *, yes: bool) -> int:
    """Shows the difference, and takes the folder's state after a yes to it."""
    difference = look(slug)
    if not difference.lines:
        print(f"{slug}: {State.UNCHANGED.value}")
        return 0
    print(difference.lines)
    if not yes and not sys.stdin.isatty():
        print(f"{slug}: not changed. Nobody is here to say yes: floyd use-cases --overwrite --yes {slug}", file=sys.stderr)
        return 1
    if not yes and input(f"Take the folder's state of {slug}? [y/N] ").strip().lower() not in ("y", "yes"):
        print(f"{slug}: {State.KEPT.value}")
        return 0
    try:
        print(f"{slug}: {take_folder(slug, seen=difference.seen).state.value}")
    except SeenOtherwiseError:
        print(f"{slug}: not changed. It changed while you read: look again.", file=sys.stderr)
        return 1
    return 0
