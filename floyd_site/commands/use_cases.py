"""Use cases: load their folders, and see what a person changed before it is overwritten."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from use_cases import folders
from use_cases.description import BadUseCaseError
from use_cases.loading import State, load


def add_arguments(parser: ArgumentParser) -> None:
    """Which, and whether edits may go."""
    parser.add_argument("slugs", nargs="*", metavar="NAME", help="folders to load (default: all)")
    parser.add_argument("--overwrite", action="store_true", help="take the folder's state also where a person edited it (needs NAME)")


def run(options: Namespace) -> int:
    """Loads, and says what came of it. An edit that would be lost is shown, and stays."""
    if options.overwrite and not options.slugs:
        print("Say which use case may lose its edits: floyd use-cases --overwrite NAME", file=sys.stderr)
        return 2
    status = 0
    for slug in options.slugs or folders.slugs():
        try:
            loaded = load(slug, overwrite=options.overwrite)
        except BadUseCaseError as error:
            print(error, file=sys.stderr)
            status = 1
            continue
        print(f"{slug}: {loaded.state.value}")
        if loaded.difference:
            print(loaded.difference)
        if loaded.state is State.KEPT:
            print(f"A person edited {slug}, so theirs stays. To take the folder's: floyd use-cases --overwrite {slug}")
    return status
