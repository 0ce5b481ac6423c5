#!/usr/bin/env python
"""Django's command line. `python manage.py floyd` lists Floyd's own commands."""

import os
import sys


def main() -> None:
    """Runs a management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "floyd_site.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
